//! Which of an authority's passes are revoked, kept in a file beside its key: every change is one
//! more line in it, and none is ever taken out.
//!
//! `FILE.revoked`, JSON Lines. The first line says whose it is, `{"format", "kid"}`; every other
//! one is a [`Mark`], of which the last for a place counts. Lines are on disk before they are
//! acknowledged, and no part of a line of JSON is one: what a cut run left of a line shows, was
//! never acknowledged, and is taken away.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::authority::Authority;
use crate::places::{Places, PlacesError};

/// The form of the file that this version writes and reads.
const FORMAT: &str = "propusk-revoked-1";
/// Longest line with its end, in bytes: a full one has a fifth of that.
const MAX_LINE: u64 = 4096;
/// Longest reason, in characters: a sentence, not a file.
pub const MAX_REASON: usize = 200;

/// Why passes could not be revoked or restored.
#[derive(Debug, Error)]
pub enum RevokedError {
    /// The file beside the authority's key cannot be read or written.
    #[error("{path}: {source}; this folder has to be one that this user can write to")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A line that is none of ours.
    #[error("{path}: line {line} is damaged; restore the file from a backup, for it says who is revoked")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which line, from 1.
        line: u64,
    },
    /// The file belongs to another authority.
    #[error(
        "{path}: these are the revoked passes of the authority with the key {found}, not {wanted}; keep each beside its own key file"
    )]
    OtherAuthority {
        /// The file.
        path: PathBuf,
        /// The key id of the authority that was named.
        wanted: String,
        /// The one in the file.
        found: String,
    },
    /// Another process has it.
    #[error("{0}: another program is revoking passes of this authority; wait for that to end")]
    Busy(PathBuf),
    /// No pass has this place yet.
    #[error(
        "place {place} was never issued: this authority has given out {given_out} places, from 0 on; look whether it is the right authority"
    )]
    NeverIssued {
        /// The place.
        place: u64,
        /// How many places were given out.
        given_out: u64,
    },
    /// A reason that does not fit on a line of text.
    #[error("the reason has over {MAX_REASON} characters, or control characters; shorten it")]
    Reason,
    /// What would be written of a pass could not be read again.
    #[error(
        "place {place}: the certificate's identifier is too long to be kept; revoke the pass by its place alone"
    )]
    TooLong {
        /// The place.
        place: u64,
    },
    /// How many places there are is not known.
    #[error(transparent)]
    Places(#[from] PlacesError),
}

/// One pass's revocation, or the end of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Its place in the status list.
    pub place: u64,
    /// Whether it is revoked from now on, or restored.
    pub revoked: bool,
    /// When that was decided, seconds UTC.
    pub at: i64,
    /// Its certificate's identifier, where that was known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Why, in the words of whoever decided it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// The revoked passes of an authority, held by one process at a time.
#[derive(Debug)]
pub struct RevokedPasses {
    path: PathBuf,
    /// Locked; the system releases it however we end.
    file: File,
    /// The bytes of its lines.
    end: u64,
    given_out: u64,
    /// The last mark of each place.
    marks: BTreeMap<u64, Mark>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: String,
    kid: String,
}

impl RevokedPasses {
    /// Opens the file beside the authority's key file, and makes it where none is.
    pub fn open(authority_file: &Path, authority: &Authority) -> Result<Self, RevokedError> {
        let given_out = Places::given_out(authority_file)?;
        let path = authority_file.with_extension("revoked");
        let file = open(&path)?;
        let mut passes = Self { path, file, end: 0, given_out, marks: BTreeMap::new() };
        if passes.read(authority)? == 0 {
            let head = Head { format: FORMAT.into(), kid: authority.kid().to_string() };
            passes.write(&[head])?;
            sync_folder(&passes.path).map_err(file_error(&passes.path))?;
        }
        Ok(passes)
    }

    /// Revokes passes, or restores them, and returns how many that changed. The marks' places must
    /// have been given out; those that say nothing new are passed over. When this returns they
    /// are on disk; after an error none is, or the first ones: marking them once more is harmless.
    pub fn mark(&mut self, marks: Vec<Mark>) -> Result<usize, RevokedError> {
        for mark in &marks {
            self.check(mark)?;
        }
        let mut places = BTreeSet::new();
        let says_something = |mark: &Mark| mark.revoked != self.is_revoked(mark.place);
        let new = marks.into_iter().filter(|mark| says_something(mark) && places.insert(mark.place));
        let new: Vec<Mark> = new.collect();
        self.write(&new)?;
        let changed = new.len();
        self.marks.extend(new.into_iter().map(|mark| (mark.place, mark)));
        Ok(changed)
    }

    /// Whether the pass at this place is revoked.
    pub fn is_revoked(&self, place: u64) -> bool {
        self.marks.get(&place).is_some_and(|mark| mark.revoked)
    }

    /// The last mark of each place that has any, revoked or restored, in their order.
    pub fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.marks.values()
    }

    /// How many places the authority has given out.
    pub fn given_out(&self) -> u64 {
        self.given_out
    }

    fn check(&self, mark: &Mark) -> Result<(), RevokedError> {
        if mark.place >= self.given_out {
            return Err(RevokedError::NeverIssued { place: mark.place, given_out: self.given_out });
        }
        let reason = &mark.reason;
        if reason.chars().count() > MAX_REASON || reason.chars().any(char::is_control) {
            return Err(RevokedError::Reason);
        }
        if line(mark).len() as u64 > MAX_LINE {
            return Err(RevokedError::TooLong { place: mark.place });
        }
        Ok(())
    }

    /// Reads the file and takes away the rest of a cut line; returns how many lines there are.
    fn read(&mut self, authority: &Authority) -> Result<u64, RevokedError> {
        let mut line = 0;
        let mut bytes = vec![];
        let mut reader = BufReader::new(&self.file);
        let failed = file_error(&self.path);
        loop {
            bytes.clear();
            reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes).map_err(&failed)?;
            match bytes.split_last() {
                None => break,
                Some((b'\n', text)) => {
                    line += 1;
                    self.end += bytes.len() as u64;
                    let damaged = || RevokedError::Damaged { path: self.path.clone(), line };
                    if line == 1 {
                        check_head(text, authority, &self.path)?;
                    } else {
                        let mark: Mark = serde_json::from_slice(text).map_err(|_| damaged())?;
                        self.marks.insert(mark.place, mark);
                    }
                }
                Some(_) if bytes.len() as u64 == MAX_LINE => {
                    return Err(RevokedError::Damaged { path: self.path.clone(), line: line + 1 });
                }
                Some(_) => {
                    self.file.set_len(self.end).map_err(&failed)?;
                    break;
                }
            }
        }
        Ok(line)
    }

    /// On the disk when this returns. What a full disk took of it is taken away again.
    fn write(&mut self, lines: &[impl Serialize]) -> Result<(), RevokedError> {
        let text: Vec<u8> = lines.iter().flat_map(line).collect();
        let written = self
            .file
            .seek(SeekFrom::Start(self.end))
            .and_then(|_| self.file.write_all(&text))
            .and_then(|()| self.file.sync_all());
        match written {
            Ok(()) => self.end += text.len() as u64,
            // The first error is the one to tell; the next run takes a cut line away too.
            Err(_) => drop(self.file.set_len(self.end)),
        }
        written.map_err(file_error(&self.path))
    }
}

fn line(what: &impl Serialize) -> Vec<u8> {
    // safe: strings and numbers always serialise
    let mut line = serde_json::to_vec(what).unwrap_or_default();
    line.push(b'\n');
    line
}

fn check_head(line: &[u8], authority: &Authority, path: &Path) -> Result<(), RevokedError> {
    let wanted = authority.kid().to_string();
    match serde_json::from_slice::<Head>(line) {
        Ok(head) if head.format != FORMAT => Err(RevokedError::Damaged { path: path.into(), line: 1 }),
        Ok(head) if head.kid != wanted => {
            Err(RevokedError::OtherAuthority { path: path.into(), wanted, found: head.kid })
        }
        Ok(_) => Ok(()),
        Err(_) => Err(RevokedError::Damaged { path: path.into(), line: 1 }),
    }
}

/// Opened for reading and writing, for its owner's eyes (reasons concern people), and locked.
fn open(path: &Path) -> Result<File, RevokedError> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(file_error(path))?;
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => RevokedError::Busy(path.to_owned()),
        TryLockError::Error(error) => file_error(path)(error),
    })?;
    Ok(file)
}

/// A file that was made is there after a power cut once its folder is synced.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

fn file_error(path: &Path) -> impl Fn(io::Error) -> RevokedError {
    let path = path.to_owned();
    move |source| RevokedError::File { path: path.clone(), source }
}

#[cfg(test)]
mod tests;
