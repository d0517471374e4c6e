//! One line of the log: what it holds, its bytes, and the commitment to them.
//!
//! # Encoding
//!
//! Integers are big-endian. There is exactly one encoding of an entry, and
//! [`Entry::decode`] takes no other: that of version 2 where the entry is an
//! event or names an operator, else that of version 1, which knows neither. So
//! what was logged before there were any keeps its bytes.
//!
//! | bytes | field |
//! |---|---|
//! | 1 | version, `1` or `2` |
//! | 8 | index, unsigned |
//! | 8 | at, seconds UTC, two's complement |
//! | 1 | outcome: 0 accepted, 1 refused, 2 cannot tell, 3 event |
//! | 8 | key set version, unsigned |
//! | 1 | flags: 1 demo, 2 identity follows, 4 person follows, 8 kind follows, 16 operator follows |
//! | 32 | identity, if flagged |
//! | 32 | person, if flagged |
//! | 1 + n | reason: length, then that many bytes of `[a-z0-9_]` |
//! | 1 + n | stage, likewise |
//! | 1 + n | kind, likewise, if flagged |
//! | 4 | operator, unsigned, if flagged |
//!
//! # Commitment
//!
//! `SHA-256(salt ‖ encoding)` with 32 random bytes of salt is the tree's leaf
//! data. Without its salt a commitment tells nothing of its entry, so that an
//! entry and its salt can be erased and the root still verifies.

use sha2::{Digest, Sha256};
use std::fmt;

use crate::tree::Hash;

/// The encoding of an entry that is no event and names no operator.
const VERSION_1: u8 = 1;
/// The encoding of any other.
const VERSION_2: u8 = 2;

/// The longest `reason`, `stage` or `kind`, in bytes: our own limit, twice the longest in use.
pub const MAX_WORD: usize = 64;

/// The reason of the event that tells of a [`Purge`].
pub const PURGED: &str = "purged";

/// Room for an encoding that seldom has to grow: both hashes and three words of 16 letters.
const USUAL_BYTES: usize = 160;

/// Random bytes that blind one entry's commitment; never used twice.
pub type Salt = [u8; 32];

const DEMO: u8 = 1;
const IDENTITY: u8 = 2;
const PERSON: u8 = 4;
const KIND: u8 = 8;
const OPERATOR: u8 = 16;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Genuine, valid, accepted there.
    Accepted,
    /// Not to be accepted.
    Refused,
    /// The device could not decide.
    CannotTell,
    /// Something that happened to the device, and no scan: `reason` says what, `stage` whose doing it was.
    Event,
}

/// An entry that is to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// When it was decided, seconds UTC.
    pub at: i64,
    /// What was decided.
    pub outcome: Outcome,
    /// Why, as `snake_case`.
    pub reason: String,
    /// The step that decided, as `snake_case`.
    pub stage: String,
    /// What kind of certificate it was, as `snake_case`, where that is known.
    pub kind: Option<String>,
    /// [`identity::certificate`](crate::identity::certificate) of the certificate, where it has an id.
    pub identity: Option<[u8; 32]>,
    /// [`identity::person`](crate::identity::person) of its holder, where known.
    pub person: Option<[u8; 32]>,
    /// The version of the key set that it was judged by.
    pub key_set_version: u64,
    /// Whether a demo authority's key verified it.
    pub demo: bool,
    /// The number of who was on shift, where somebody was. Whose it is, only the station knows.
    pub operator: Option<u32>,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place, from 0, without gaps.
    pub index: u64,
    /// What was appended there.
    pub content: NewEntry,
}

/// Scans that were erased: their content and salt are gone, their leaves stay in the tree. The event that tells
/// of it has the reason [`PURGED`], and for its kind the word `first_last_erased` of three decimal numbers.
/// Events are never erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purge {
    /// The first entry of the range.
    pub from: u64,
    /// The one after the last.
    pub end: u64,
    /// How many scans there were in it.
    pub erased: u64,
}

/// A field that no entry may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadEntry {
    /// Not 1 to [`MAX_WORD`] bytes of `[a-z0-9_]`.
    #[error("its {0} is not a word of 1 to {MAX_WORD} of a-z, 0-9 and _")]
    Word(&'static str),
    /// An event that only a purge appends.
    #[error("it tells of erased entries: only a purge does")]
    Purge,
    /// Above what the store can hold.
    #[error("its {0} is above {max}", max = i64::MAX)]
    TooBig(&'static str),
}

/// Bytes that are not an entry's encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Ended within this field.
    #[error("ended within {0}")]
    Short(&'static str),
    /// This field has a value that is not allowed.
    #[error("{0} has a value that is not allowed")]
    Value(&'static str),
    /// Bytes were left over.
    #[error("{0} bytes too many")]
    Trailing(usize),
}

impl Outcome {
    /// `accepted`, `refused`, `cannot_tell` or `event`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::CannotTell => "cannot_tell",
            Self::Event => "event",
        }
    }

    /// All of them, by their numbers.
    pub const ALL: [Self; 4] = [Self::Accepted, Self::Refused, Self::CannotTell, Self::Event];

    /// The number that stands for it in the encoding and in the store.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The outcome with this number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

impl Purge {
    /// As it stands in the log.
    pub fn word(&self) -> String {
        format!("{}_{}_{}", self.from, self.end.saturating_sub(1), self.erased)
    }

    /// What an entry tells was erased, if it is such an event.
    pub fn of(entry: &Entry) -> Option<Self> {
        let content = &entry.content;
        let tells = content.outcome == Outcome::Event && content.reason == PURGED;
        tells.then(|| Self::parse(content.kind.as_deref()?, entry.index)).flatten()
    }

    /// The word of the entry at this index: it tells of entries before itself alone.
    fn parse(word: &str, index: u64) -> Option<Self> {
        let numbers = word.split('_').map(crate::checkpoint::decimal).collect::<Option<Vec<_>>>()?;
        let &[from, last, erased] = numbers.as_slice() else { return None };
        let range = from <= last && last < index && (1..=last - from + 1).contains(&erased);
        range.then_some(Self { from, end: last + 1, erased })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl NewEntry {
    /// This entry at its place in the log.
    pub fn at_index(&self, index: u64) -> Entry {
        Entry { index, content: self.clone() }
    }

    /// Whether every field may stand in the log.
    pub fn check(&self) -> Result<(), BadEntry> {
        word("reason", &self.reason)?;
        word("stage", &self.stage)?;
        self.kind.as_deref().map_or(Ok(()), |kind| word("kind", kind))?;
        i64::try_from(self.key_set_version).map(|_| ()).map_err(|_| BadEntry::TooBig("key set version"))
    }

    /// The version of the encoding that can hold it: the first that can.
    fn version(&self) -> u8 {
        let old = self.outcome != Outcome::Event && self.operator.is_none();
        if old { VERSION_1 } else { VERSION_2 }
    }

    fn flags(&self) -> u8 {
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        flag(self.demo, DEMO)
            | flag(self.identity.is_some(), IDENTITY)
            | flag(self.person.is_some(), PERSON)
            | flag(self.kind.is_some(), KIND)
            | flag(self.operator.is_some(), OPERATOR)
    }
}

impl Entry {
    /// Its canonical bytes (see the module's table).
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(USUAL_BYTES);
        self.encode_onto(&mut out);
        out
    }

    /// Puts its canonical bytes behind what is there.
    fn encode_onto(&self, out: &mut Vec<u8>) {
        let content = &self.content;
        out.push(content.version());
        out.extend(self.index.to_be_bytes());
        out.extend(content.at.to_be_bytes());
        out.push(content.outcome.code());
        out.extend(content.key_set_version.to_be_bytes());
        out.push(content.flags());
        for hash in [&content.identity, &content.person].into_iter().flatten() {
            out.extend_from_slice(hash);
        }
        let words = [Some(&content.reason), Some(&content.stage), content.kind.as_ref()];
        for text in words.into_iter().flatten() {
            // Longer words are cut here, so that they can never match what was signed.
            let bytes = &text.as_bytes()[..text.len().min(usize::from(u8::MAX))];
            out.push(bytes.len() as u8);
            out.extend_from_slice(bytes);
        }
        if let Some(operator) = content.operator {
            out.extend(operator.to_be_bytes());
        }
    }

    /// The entry of these bytes; they may come from anyone.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut input = Input(bytes);
        let version = input.byte("version")?;
        if !(VERSION_1..=VERSION_2).contains(&version) {
            return Err(DecodeError::Value("version"));
        }
        let index = u64::from_be_bytes(input.array("index")?);
        let at = i64::from_be_bytes(input.array("at")?);
        let outcome = Outcome::from_code(input.byte("outcome")?).ok_or(DecodeError::Value("outcome"))?;
        let key_set_version = u64::from_be_bytes(input.array("key set version")?);
        let flags = input.byte("flags")?;
        if flags & !(DEMO | IDENTITY | PERSON | KIND | OPERATOR) != 0 {
            return Err(DecodeError::Value("flags"));
        }
        let has = |flag| flags & flag != 0;
        let identity = has(IDENTITY).then(|| input.array("identity")).transpose()?;
        let person = has(PERSON).then(|| input.array("person")).transpose()?;
        let reason = input.word("reason")?;
        let stage = input.word("stage")?;
        let kind = has(KIND).then(|| input.word("kind")).transpose()?;
        let operator = has(OPERATOR).then(|| input.array("operator")).transpose()?.map(u32::from_be_bytes);
        let demo = has(DEMO);
        let content =
            NewEntry { at, outcome, reason, stage, kind, identity, person, key_set_version, demo, operator };
        match input.0.len() {
            0 if content.version() == version => Ok(Self { index, content }),
            0 => Err(DecodeError::Value("version")),
            left => Err(DecodeError::Trailing(left)),
        }
    }

    /// The leaf data that commits to this entry.
    pub fn commitment(&self, salt: &Salt) -> Hash {
        let mut data = Vec::with_capacity(salt.len() + USUAL_BYTES);
        data.extend_from_slice(salt);
        self.encode_onto(&mut data);
        Sha256::digest(data).into()
    }
}

/// Whether this may stand in the log as a reason, stage or kind: 1 to [`MAX_WORD`] bytes of `[a-z0-9_]`.
pub fn is_word(text: &str) -> bool {
    let allowed = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    (1..=MAX_WORD).contains(&text.len()) && text.bytes().all(allowed)
}

fn word(field: &'static str, text: &str) -> Result<(), BadEntry> {
    if is_word(text) { Ok(()) } else { Err(BadEntry::Word(field)) }
}

/// What is left to decode.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, len: usize, field: &'static str) -> Result<&'a [u8], DecodeError> {
        let (head, tail) = self.0.split_at_checked(len).ok_or(DecodeError::Short(field))?;
        self.0 = tail;
        Ok(head)
    }

    fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], DecodeError> {
        self.take(N, field)?.try_into().map_err(|_| DecodeError::Short(field))
    }

    fn byte(&mut self, field: &'static str) -> Result<u8, DecodeError> {
        Ok(self.array::<1>(field)?[0])
    }

    fn word(&mut self, field: &'static str) -> Result<String, DecodeError> {
        let len = usize::from(self.byte(field)?);
        let bytes = self.take(len, field)?;
        let text = std::str::from_utf8(bytes).ok().filter(|text| is_word(text));
        text.map(str::to_owned).ok_or(DecodeError::Value(field))
    }
}

#[cfg(test)]
#[path = "entry_tests.rs"]
mod tests;
