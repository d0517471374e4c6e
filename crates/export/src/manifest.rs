//! What an export is, signed by the device: a C2SP signed note under the log's origin.
//!
//! ```text
//! propusk export 1
//! key origin+key id+base64(key)
//! format csv
//! exported 2026-11-26T21:00:00Z
//! size 1000                        of the log when it was exported
//! root base64(root)
//! range 200 1000                   the first index, and the one behind the last
//! from 2026-11-01T00:00:00Z        what was asked for, where it was not everything
//! until 2026-12-01T00:00:00Z
//! before base64(hash)              of each subtree before the range, from left to right
//! behind base64(hash)              likewise behind it
//! file entries.csv 91234 hex(SHA-256)
//! file checkpoint.txt 312 hex(SHA-256)
//!
//! — origin base64(key id ‖ signature)
//! ```
//!
//! The same key signs checkpoints. Neither can pass for the other: a checkpoint begins with its origin, which has no
//! space in it.

use base64::{Engine, engine::general_purpose::STANDARD};
use scanlog::note::{self, Note, NoteError, Verifier};
use scanlog::{Hash, SigningKey};

use crate::edge::cover;
use crate::format::Format;
use crate::{CHECKPOINT, from_hex, hex, rfc3339, seconds};

/// The first line: what this is, and in which version.
const TITLE: &str = "propusk export 1";

/// What was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The log's name and the key that signs it, as the manifest itself names them.
    pub log: Verifier,
    /// How the entries are written.
    pub format: Format,
    /// When, seconds UTC by the device's clock.
    pub exported_at: i64,
    /// How many entries the log had.
    pub size: u64,
    /// The root of the tree over all of them.
    pub root: Hash,
    /// The first index.
    pub first: u64,
    /// The index behind the last; no less than `first` and no more than `size`.
    pub end: u64,
    /// What was asked for: entries from this second UTC on.
    pub from: Option<i64>,
    /// What was asked for: entries before this second UTC.
    pub until: Option<i64>,
    /// The hashes of the subtrees that cover the leaves before the range.
    pub before: Vec<Hash>,
    /// The hashes of the subtrees that cover the leaves behind the range.
    pub behind: Vec<Hash>,
    /// The file with the entries.
    pub entries: FileMark,
    /// The file with the log's signed head.
    pub checkpoint: FileMark,
}

/// By what a file is known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileMark {
    /// Bytes.
    pub length: u64,
    /// SHA-256.
    pub hash: Hash,
}

/// Why a manifest cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not a note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A note of something else, or of a later version.
    #[error("it is no manifest of an export, or that of a later version of Propusk: update this program")]
    Title,
    /// This line of its text is missing or malformed.
    #[error("its line \"{0}\" is missing or malformed")]
    Line(&'static str),
}

impl Manifest {
    /// Whether the whole log was exported.
    pub fn is_whole(&self) -> bool {
        self.first == 0 && self.end == self.size
    }

    /// The text that is signed.
    pub fn text(&self) -> String {
        let mut lines = vec![
            TITLE.to_owned(),
            format!("key {}", self.log),
            format!("format {}", self.format.name()),
            format!("exported {}", rfc3339(self.exported_at)),
            format!("size {}", self.size),
            format!("root {}", STANDARD.encode(self.root)),
            format!("range {} {}", self.first, self.end),
        ];
        lines.extend(self.from.map(|at| format!("from {}", rfc3339(at))));
        lines.extend(self.until.map(|at| format!("until {}", rfc3339(at))));
        lines.extend(self.before.iter().map(|hash| format!("before {}", STANDARD.encode(hash))));
        lines.extend(self.behind.iter().map(|hash| format!("behind {}", STANDARD.encode(hash))));
        for (name, mark) in [(self.format.file(), self.entries), (CHECKPOINT, self.checkpoint)] {
            lines.push(format!("file {name} {} {}", mark.length, hex(&mark.hash)));
        }
        lines.join("\n") + "\n"
    }

    /// The signed note.
    pub fn sign(&self, key: &SigningKey) -> Result<String, NoteError> {
        note::sign(&self.text(), &self.log.name, key)
    }

    /// What a note claims; it may come from anyone, and nothing of it is proven before [`Manifest::is_signed_in`]
    /// says so.
    pub fn unverified(note: &str) -> Result<Self, ManifestError> {
        parse(Note::parse(note)?.unverified_text())
    }

    /// Whether this key signed the note under this manifest's log.
    pub fn is_signed_in(&self, note: &str, key: &scanlog::VerifyingKey) -> Result<(), NoteError> {
        Note::parse(note)?.verify(&self.log.name, key).map(|_| ())
    }
}

fn parse(text: &str) -> Result<Manifest, ManifestError> {
    let mut lines = Lines { rest: text.strip_suffix('\n').unwrap_or(text).split('\n').peekable() };
    if lines.rest.next() != Some(TITLE) {
        return Err(ManifestError::Title);
    }
    let log = lines.one("key", |text| Verifier::parse(text).ok())?;
    let format = lines.one("format", Format::named)?;
    let exported_at = lines.one("exported", seconds)?;
    let size = lines.one("size", decimal)?;
    let root = lines.one("root", base64_hash)?;
    let (first, end) = lines.one("range", |text| {
        let (first, end) = text.split_once(' ')?;
        Some((decimal(first)?, decimal(end)?)).filter(|(first, end)| first <= end && *end <= size)
    })?;
    let (from, until) = (lines.optional("from", seconds)?, lines.optional("until", seconds)?);
    let before = lines.hashes("before", cover(0, first).len())?;
    let behind = lines.hashes("behind", cover(end, size).len())?;
    let entries = lines.one("file", |text| mark(text, format.file()))?;
    let checkpoint = lines.one("file", |text| mark(text, CHECKPOINT))?;
    match lines.rest.next() {
        None => Ok(Manifest {
            log,
            format,
            exported_at,
            size,
            root,
            first,
            end,
            from,
            until,
            before,
            behind,
            entries,
            checkpoint,
        }),
        Some(_) => Err(ManifestError::Line("end")),
    }
}

/// The lines that are left, each a word and a value.
struct Lines<'a> {
    rest: std::iter::Peekable<std::str::Split<'a, char>>,
}

impl<'a> Lines<'a> {
    fn value(&mut self, word: &str) -> Option<&'a str> {
        let value = self.rest.peek()?.strip_prefix(word)?.strip_prefix(' ')?;
        self.rest.next();
        Some(value)
    }

    fn optional<T>(
        &mut self,
        word: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ManifestError> {
        self.value(word).map(|value| read(value).ok_or(ManifestError::Line(word))).transpose()
    }

    fn one<T>(&mut self, word: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, ManifestError> {
        self.optional(word, read)?.ok_or(ManifestError::Line(word))
    }

    fn hashes(&mut self, word: &'static str, count: usize) -> Result<Vec<Hash>, ManifestError> {
        (0..count).map(|_| self.one(word, base64_hash)).collect()
    }
}

/// Digits without leading zeroes, signs or spaces.
fn decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

fn base64_hash(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

fn mark(text: &str, name: &str) -> Option<FileMark> {
    let (length, hash) = text.strip_prefix(name)?.strip_prefix(' ')?.split_once(' ')?;
    Some(FileMark { length: decimal(length)?, hash: from_hex(hash)? })
}

#[cfg(test)]
mod tests;
