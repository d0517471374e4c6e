//! C2SP checkpoints (c2sp.org/tlog-checkpoint): a tree head as a signed note.
//!
//! ```text
//! origin
//! size in decimal
//! base64(root)
//!
//! — origin base64(key id ‖ signature)
//! ```

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{SigningKey, VerifyingKey};

use crate::note::{self, Note, NoteError};
use crate::tree::Hash;

/// A tree head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: the name that its key signs under.
    pub origin: String,
    /// The number of entries.
    pub size: u64,
    /// The root of their tree.
    pub root: Hash,
}

/// Why a checkpoint cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not a note, or not signed as expected.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// This part of its text is missing or malformed.
    #[error("its {0} is malformed")]
    Text(&'static str),
    /// A genuine checkpoint, but of another log.
    #[error("it belongs to another log")]
    Origin,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// The signed note, under the origin as the key's name.
    pub fn sign(&self, key: &SigningKey) -> Result<String, NoteError> {
        note::sign(&self.text(), &self.origin, key)
    }

    /// The checkpoint in a note that the key signed under this origin. The note may come from anyone.
    pub fn open(note: &str, origin: &str, key: &VerifyingKey) -> Result<Self, CheckpointError> {
        let note = Note::parse(note)?;
        let checkpoint = Self::parse_text(note.verify(origin, key)?)?;
        if checkpoint.origin == origin { Ok(checkpoint) } else { Err(CheckpointError::Origin) }
    }

    /// What a note claims, verified by nobody: only for telling what is wrong with it.
    pub fn unverified(note: &str) -> Result<Self, CheckpointError> {
        Self::parse_text(Note::parse(note)?.unverified_text())
    }

    /// Reads a note's text. Extension lines are allowed and not kept.
    pub fn parse_text(text: &str) -> Result<Self, CheckpointError> {
        let lines = text.strip_suffix('\n').ok_or(CheckpointError::Text("last line"))?;
        if lines.split('\n').any(str::is_empty) {
            return Err(CheckpointError::Text("empty line"));
        }
        let mut lines = lines.split('\n');
        let origin = lines.next().ok_or(CheckpointError::Text("origin"))?.to_owned();
        let size = lines.next().and_then(decimal).ok_or(CheckpointError::Text("size"))?;
        let root = lines.next().and_then(hash).ok_or(CheckpointError::Text("root hash"))?;
        Ok(Self { origin, size, root })
    }
}

/// Digits without leading zeroes, signs or spaces.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = text == "0" || !text.starts_with('0');
    if digits && canonical { text.parse().ok() } else { None }
}

pub(crate) fn hash(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
#[path = "checkpoint_tests.rs"]
mod tests;
