//! C2SP cosignatures (c2sp.org/tlog-cosignature): who else saw a tree head, and when.
//!
//! A cosignature is one more signature line under a checkpoint. What it signs is
//!
//! ```text
//! cosignature/v1
//! time seconds since 1970 in decimal
//! the checkpoint's text
//! ```
//!
//! and its bytes are the time (8, big-endian) and the Ed25519 signature (64).

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use std::fmt;

use crate::note::{self, Note, NoteError};

/// Signature type identifier byte of timestamped Ed25519 (signed-note, "Signature types").
const COSIGNATURE: u8 = 0x04;

/// Who cosigns: a name and a key. Its text form is `name+key id+base64(0x04 ‖ key)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigner {
    /// The key name.
    pub name: String,
    /// The public key.
    pub key: VerifyingKey,
}

impl Cosigner {
    /// The cosigner with this name and secret key.
    pub fn of(name: &str, key: &SigningKey) -> Result<Self, NoteError> {
        Ok(Self { name: note::checked_name(name)?.to_owned(), key: key.verifying_key() })
    }

    /// Reads the text form; it may come from anyone.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        note::parse_key(text, COSIGNATURE).map(|(name, key)| Self { name, key })
    }

    /// The eight hexadecimal digits by which people tell keys apart.
    pub fn hex_id(&self) -> String {
        note::hex_id(self.id())
    }

    /// When this cosigner signed the note, seconds UTC: the earliest time, where it signed more than once.
    /// The note may come from anyone.
    pub fn verify(&self, note: &Note<'_>) -> Result<i64, NoteError> {
        let id = self.id();
        let ours = note.signatures().iter().filter(|line| line.name == self.name && line.key_id == id);
        let times = ours.map(|line| self.time(note.unverified_text(), &line.signature));
        let times = times.collect::<Option<Vec<_>>>().ok_or(NoteError::BadSignature)?;
        times.into_iter().min().ok_or(NoteError::NotSigned)
    }

    /// The time in a signature that holds; no signature is of a time that seconds cannot count.
    fn time(&self, text: &str, bytes: &[u8]) -> Option<i64> {
        let (time, signature) = bytes.split_first_chunk()?;
        let at = i64::try_from(u64::from_be_bytes(*time)).ok()?;
        let signature = Signature::from_slice(signature).ok()?;
        self.key.verify_strict(message(text, at).as_bytes(), &signature).is_ok().then_some(at)
    }

    fn id(&self) -> [u8; 4] {
        note::key_id_of(COSIGNATURE, &self.name, &self.key)
    }
}

impl fmt::Display for Cosigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&note::key_text(COSIGNATURE, &self.name, &self.key))
    }
}

/// The signature line that cosigns a note's text at `at` (seconds UTC, not negative), with its newline.
pub fn line(text: &str, name: &str, key: &SigningKey, at: i64) -> Result<String, NoteError> {
    let id = Cosigner::of(name, key)?.id();
    let time = u64::try_from(at).map_err(|_| NoteError::Time)?;
    let signature = key.sign(message(text, at).as_bytes()).to_bytes();
    let encoded = STANDARD.encode([id.as_slice(), &time.to_be_bytes(), &signature].concat());
    Ok(format!("— {name} {encoded}\n"))
}

fn message(text: &str, at: i64) -> String {
    format!("cosignature/v1\ntime {at}\n{text}")
}

#[cfg(test)]
mod tests;
