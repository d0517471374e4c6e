//! The public part of a signer's key: what others have to know of it.

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::{hex, key, tuf};

/// The format that this version reads and writes.
const FORMAT: &str = "propusk-signer/1";
/// Longest name of a signer, in characters.
pub const NAME_MAX: usize = 100;

/// A signer's name and public key (Ed25519). As a file it is JSON with the members `format`,
/// `name` and `public_key` (32 bytes, lower-case hexadecimal).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    format: String,
    name: String,
    public_key: String,
}

impl Card {
    /// The card of this key. Refuses names that are empty, longer than [`NAME_MAX`] characters or have
    /// control characters, and keys that are none.
    pub fn new(name: &str, public_key: &[u8; 32]) -> Result<Self, Error> {
        let card =
            Self { format: FORMAT.into(), name: name.trim().into(), public_key: hex::encode(public_key) };
        card.check()?;
        Ok(card)
    }

    /// Reads what [`Self::to_json`] wrote.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let card: Self = serde_json::from_slice(json).map_err(|error| not_a_card(&error.to_string()))?;
        card.check()?;
        Ok(card)
    }

    /// The file.
    pub fn to_json(&self) -> Vec<u8> {
        // safe: a struct of strings always serialises
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// Who signs with this key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key's id in a root: the SHA-256 of its canonical JSON (TUF 1.0 §4.2), lower-case
    /// hexadecimal. People compare it to know that they have the right card.
    pub fn id(&self) -> Result<String, Error> {
        Ok(tuf::key_id(&self.key()?)?.0)
    }

    pub(super) fn key(&self) -> Result<VerifyingKey, Error> {
        let bytes = hex::decode(&self.public_key).ok_or_else(|| not_a_card("its key is not hexadecimal"))?;
        key::ed25519(&bytes).map_err(|error| not_a_card(&error.to_string()))?;
        VerifyingKey::try_from(bytes.as_slice()).map_err(|_| not_a_card("its key is none"))
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let length = self.name.chars().count();
        if self.format != FORMAT {
            Err(not_a_card(&format!("its format is {:.40}", self.format)))
        } else if !(1..=NAME_MAX).contains(&length) || self.name.chars().any(char::is_control) {
            Err(not_a_card(&format!("a name has 1 to {NAME_MAX} characters, without control characters")))
        } else {
            self.key().map(|_| ())
        }
    }
}

fn not_a_card(reason: &str) -> Error {
    Error::Ceremony(format!(
        "this is no signer's public file ({reason}); ask the signer for the .pub file again"
    ))
}
