//! C2SP signed notes (c2sp.org/signed-note): a text and signatures of it.
//!
//! ```text
//! text, one or more lines
//!
//! — key name base64(key id ‖ signature)
//! ```
//!
//! Nothing in a note may be believed before [`Note::verify`] says so.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use std::fmt;

/// Signature type identifier byte of Ed25519 (signed-note, "Signature types").
const ED25519: u8 = 0x01;

/// The longest note that is read, in bytes: a checkpoint with 100 signatures of
/// the largest kind would not fit, 16 (the least that must be taken) do.
pub const MAX_NOTE: usize = 128 * 1024;

/// The most signatures that are read; the specification asks for at least 16.
pub const MAX_SIGNATURES: usize = 64;

/// The longest key name that we sign with or take as a verifier's, in bytes; our own limit.
pub const MAX_NAME: usize = 255;

/// A note that has been taken apart but not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note<'a> {
    text: &'a str,
    signatures: Vec<NoteSignature<'a>>,
}

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature<'a> {
    /// Who claims to have signed.
    pub name: &'a str,
    /// Which key and algorithm they claim to have used.
    pub key_id: [u8; 4],
    /// The signature itself.
    pub signature: Vec<u8>,
}

/// A name and the Ed25519 key that it signs with. Its text form is that of
/// Go's `sumdb/note`: `name+key id in hexadecimal+base64(0x01 ‖ key)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    /// The key name.
    pub name: String,
    /// The public key.
    pub key: VerifyingKey,
}

/// Why a note cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Longer than [`MAX_NOTE`].
    #[error("it is longer than {MAX_NOTE} bytes")]
    TooLong,
    /// A control character other than newline.
    #[error("it holds a control character")]
    ControlCharacter,
    /// No text, no blank line, or no signature after it.
    #[error("it is not a text, a blank line and signatures")]
    Structure,
    /// A line after the blank line is not a signature.
    #[error("line {0} of its signatures is not a signature")]
    SignatureLine(usize),
    /// More than [`MAX_SIGNATURES`].
    #[error("it has more than {MAX_SIGNATURES} signatures")]
    TooManySignatures,
    /// Empty, too long, or with a space, plus or control character.
    #[error("a key name must be 1 to {MAX_NAME} bytes without spaces, plus and control characters")]
    Name,
    /// The key that was asked for did not sign.
    #[error("it is not signed by the expected key")]
    NotSigned,
    /// The key that was asked for signed something else.
    #[error("its signature is wrong")]
    BadSignature,
    /// A time before 1970.
    #[error("a cosignature's time is before 1970: set the clock")]
    Time,
    /// A verifier's text form is wrong.
    #[error("a verifier reads name+key id+base64 of an Ed25519 key")]
    Verifier,
}

impl<'a> Note<'a> {
    /// Takes a note apart. Does not verify.
    pub fn parse(note: &'a str) -> Result<Self, NoteError> {
        if note.len() > MAX_NOTE {
            return Err(NoteError::TooLong);
        }
        if note.chars().any(|c| c < ' ' && c != '\n') {
            return Err(NoteError::ControlCharacter);
        }
        // The text keeps its own final newline; the next one is the blank line.
        let blank = note.rfind("\n\n").ok_or(NoteError::Structure)?;
        let (text, lines) = (&note[..=blank], &note[blank + 2..]);
        let lines = lines.strip_suffix('\n').ok_or(NoteError::Structure)?;
        if lines.split('\n').count() > MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        let numbered = lines.split('\n').zip(1..);
        let signatures = numbered
            .map(|(line, number)| NoteSignature::parse(line).ok_or(NoteError::SignatureLine(number)))
            .collect::<Result<_, _>>()?;
        Ok(Self { text, signatures })
    }

    /// The text, if the key signed it. Other keys' signatures are not looked at.
    pub fn verify(&self, name: &str, key: &VerifyingKey) -> Result<&'a str, NoteError> {
        let id = key_id(name, key);
        let mut ours =
            self.signatures.iter().filter(|line| line.name == name && line.key_id == id).peekable();
        ours.peek().ok_or(NoteError::NotSigned)?;
        let holds = |line: &NoteSignature<'_>| {
            Signature::from_slice(&line.signature)
                .is_ok_and(|signature| key.verify_strict(self.text.as_bytes(), &signature).is_ok())
        };
        if ours.all(holds) { Ok(self.text) } else { Err(NoteError::BadSignature) }
    }

    /// The text, which nobody vouches for yet.
    pub fn unverified_text(&self) -> &'a str {
        self.text
    }

    /// The signatures, none of them verified.
    pub fn signatures(&self) -> &[NoteSignature<'a>] {
        &self.signatures
    }
}

impl<'a> NoteSignature<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
        let bytes = STANDARD.decode(encoded).ok()?;
        let (key_id, signature) = bytes.split_first_chunk()?;
        let whole = is_name(name) && !signature.is_empty();
        whole.then(|| Self { name, key_id: *key_id, signature: signature.to_vec() })
    }
}

impl Verifier {
    /// Reads the text form; it may come from anyone.
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        parse_key(text, ED25519).map(|(name, key)| Self { name, key })
    }

    /// The eight hexadecimal digits by which people tell keys apart.
    pub fn hex_id(&self) -> String {
        hex_id(key_id(&self.name, &self.key))
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&key_text(ED25519, &self.name, &self.key))
    }
}

/// The note of this text (which ends in a newline), signed.
pub fn sign(text: &str, name: &str, key: &SigningKey) -> Result<String, NoteError> {
    checked_name(name)?;
    if !text.ends_with('\n') {
        return Err(NoteError::Structure);
    }
    if text.chars().any(|c| c < ' ' && c != '\n') {
        return Err(NoteError::ControlCharacter);
    }
    let id = key_id(name, &key.verifying_key());
    let signature = key.sign(text.as_bytes()).to_bytes();
    let encoded = STANDARD.encode([id.as_slice(), &signature].concat());
    Ok(format!("{text}\n— {name} {encoded}\n"))
}

/// SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key)\[:4\]
pub fn key_id(name: &str, key: &VerifyingKey) -> [u8; 4] {
    key_id_of(ED25519, name, key)
}

/// The same of a key that signs in the way of this signature type.
pub(crate) fn key_id_of(kind: u8, name: &str, key: &VerifyingKey) -> [u8; 4] {
    let hash = Sha256::new().chain_update(name).chain_update([b'\n', kind]).chain_update(key.as_bytes());
    let [a, b, c, d, ..]: Hash = hash.finalize().into();
    [a, b, c, d]
}

/// A key id as people read it.
pub(crate) fn hex_id(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

/// `name+key id+base64(type ‖ key)`
pub(crate) fn key_text(kind: u8, name: &str, key: &VerifyingKey) -> String {
    let encoded = STANDARD.encode([&[kind], key.as_bytes().as_slice()].concat());
    format!("{name}+{}+{encoded}", hex_id(key_id_of(kind, name, key)))
}

/// The name and key of such a text, which may come from anyone.
pub(crate) fn parse_key(text: &str, kind: u8) -> Result<(String, VerifyingKey), NoteError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(NoteError::Verifier);
    };
    let bytes = STANDARD.decode(encoded).map_err(|_| NoteError::Verifier)?;
    let key = bytes.strip_prefix(&[kind]).and_then(|key| <&[u8; 32]>::try_from(key).ok());
    let key = key.and_then(|key| VerifyingKey::from_bytes(key).ok()).ok_or(NoteError::Verifier)?;
    let name = checked_name(name)?;
    let same = hex_id(key_id_of(kind, name, &key)) == id;
    if same { Ok((name.to_owned(), key)) } else { Err(NoteError::Verifier) }
}

/// The name, if a key may bear it.
pub fn checked_name(name: &str) -> Result<&str, NoteError> {
    if is_name(name) && name.len() <= MAX_NAME { Ok(name) } else { Err(NoteError::Name) }
}

type Hash = crate::tree::Hash;

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

#[cfg(test)]
#[path = "note_tests.rs"]
mod tests;
