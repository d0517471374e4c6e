//! The two texts that go between a station and a witness.

use base64::{Engine, engine::general_purpose::STANDARD};
use std::fmt;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::cosignature::Cosigner;
use crate::note::{Note, NoteError, Verifier};
use crate::tree::Hash;

/// The longest text that is read, in bytes: one QR code holds 2953 (version 40, level L).
pub const MAX_LETTER: usize = 16 * 1024;

/// The most hashes of a consistency proof (tlog-witness).
pub const MAX_PROOF: usize = 63;

/// A station asks for a cosignature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The log's name and key.
    pub verifier: Verifier,
    /// The number of entries that the witness saw last.
    pub old: u64,
    /// That the log goes on from there (RFC 6962 §2.1.2).
    pub proof: Vec<Hash>,
    /// The signed checkpoint.
    pub note: String,
}

/// A witness has cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Who.
    pub cosigner: Cosigner,
    /// The checkpoint with the log's signature and the witness's.
    pub note: String,
}

/// Why a text is no request, or no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadLetter {
    /// Longer than [`MAX_LETTER`].
    #[error("it is longer than {MAX_LETTER} bytes")]
    TooLong,
    /// It does not begin with a key.
    #[error("it does not begin with a key: {0}")]
    Key(NoteError),
    /// A part is missing or malformed.
    #[error("its {0} is missing or malformed")]
    Part(&'static str),
    /// More than [`MAX_PROOF`] hashes.
    #[error("its proof has more than {MAX_PROOF} hashes")]
    Proof,
    /// No signed note.
    #[error("its checkpoint is no signed note: {0}")]
    Note(#[from] NoteError),
    /// No checkpoint.
    #[error("its checkpoint cannot be read: {0}")]
    Checkpoint(#[from] CheckpointError),
}

impl Request {
    /// Reads a request. Nothing in it is verified yet.
    pub fn parse(text: &str) -> Result<Self, BadLetter> {
        let (first, rest) = first_line(text)?;
        let verifier = Verifier::parse(&first).map_err(BadLetter::Key)?;
        let (old, mut rest) = rest.split_once('\n').ok_or(BadLetter::Part("old size"))?;
        let old = old.strip_prefix("old ").and_then(crate::checkpoint::decimal);
        let old = old.ok_or(BadLetter::Part("old size"))?;
        let mut proof = vec![];
        let note = loop {
            let (line, after) = rest.split_once('\n').ok_or(BadLetter::Part("blank line"))?;
            if line.is_empty() {
                break after;
            }
            if proof.len() >= MAX_PROOF {
                return Err(BadLetter::Proof);
            }
            proof.push(crate::checkpoint::hash(line).ok_or(BadLetter::Part("proof"))?);
            rest = after;
        };
        Checkpoint::unverified(note)?;
        Ok(Self { verifier, old, proof, note: note.to_owned() })
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\nold {}", self.verifier, self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{}", STANDARD.encode(hash)))?;
        write!(f, "\n{}", self.note)
    }
}

impl Answer {
    /// Reads an answer. Nothing in it is verified yet.
    pub fn parse(text: &str) -> Result<Self, BadLetter> {
        let (first, note) = first_line(text)?;
        let cosigner = Cosigner::parse(&first).map_err(BadLetter::Key)?;
        Note::parse(&note)?;
        Ok(Self { cosigner, note })
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.cosigner, self.note)
    }
}

/// The first line, and the rest with exactly one newline at its end: what is pasted or scanned loses or
/// gains some.
fn first_line(text: &str) -> Result<(String, String), BadLetter> {
    if text.len() > MAX_LETTER {
        return Err(BadLetter::TooLong);
    }
    let text = text.trim().replace("\r\n", "\n");
    let (first, rest) = text.split_once('\n').ok_or(BadLetter::Part("second line"))?;
    Ok((first.to_owned(), format!("{rest}\n")))
}
