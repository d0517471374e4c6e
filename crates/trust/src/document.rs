//! The published form of a key set: the target `keys.json` inside a TUF repository.
//!
//! ```json
//! {
//!   "format": "propusk-key-set/1",
//!   "keys": [
//!     {"kid": "d919375fc1e7b6b2", "type": "ed25519", "key": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
//!      "not_before": 1767225600, "not_after": 1798761599, "usages": ["vaccination", "recovery"],
//!      "issuer": "Минздрав", "country": "RU", "demo": false},
//!     {"kid": "31", "type": "p256", "key": "…"},
//!     {"kid": "32", "type": "p384", "key": "…"},
//!     {"kid": "33", "type": "rsa", "n": "…", "e": "AQAB"},
//!     {"type": "x509", "certificate": "MIIC…"}
//!   ]
//! }
//! ```
//!
//! | member | meaning |
//! |---|---|
//! | `kid` | key id, lower-case hexadecimal, 0 to 256 bytes |
//! | `type` | `ed25519`, `p256`, `p384`, `rsa` (2048 to 4096 bits), or `x509` |
//! | `key` | Ed25519: 32 bytes (RFC 8032); P-256 and P-384: SEC1 point, compressed or not; base64url without padding |
//! | `n`, `e` | RSA modulus and exponent, unsigned big-endian, base64url without padding |
//! | `certificate` | X.509 DER in base64; gives id, key, validity, usages and owner, and none of those members may stand beside it; `demo` and `revoked_from` may |
//! | `not_before`, `not_after` | both or neither; seconds UTC since 1970, inclusive |
//! | `revoked_from` | seconds UTC since 1970: passes issued then or later, or without a time of issue, are refused |
//! | `usages` | of `test`, `vaccination`, `recovery`, and `other` for keys of another kind of document; absent or empty: all |
//! | `formats` | in which formats it may sign ([`credential::Format::name`]); absent or empty: `dcc` alone; may stand beside `certificate` |
//! | `iss` | the issuer that its passes must name, to the letter: a URL or DID of up to 500 bytes; absent: any; may stand beside `certificate` |
//! | `issuer` | owner's name, up to 200 characters |
//! | `country` | ISO 3166-1 alpha-2, upper case |
//! | `demo` | `true` for a demo authority's key |
//!
//! A member that this version does not know makes the document unreadable: an
//! older program must not pass over a limit that a newer one has put on a key.

mod entry;

use credential::IssuerKey;
use serde::Deserialize;

use entry::{Document, Entry};

/// The format that this version reads and writes.
pub const FORMAT: &str = "propusk-key-set/1";
/// Largest document, in bytes: 25 000 keys with their owners.
pub const DOCUMENT_MAX: usize = 8 * 1024 * 1024;
/// Most keys in a document: the European list of 2021 had some 400 to 2 000, over all its years.
pub const KEYS_MAX: usize = 25_000;
/// Longest key id, in bytes; RFC 7638 thumbprints have 43 characters.
pub const KID_MAX: usize = 256;
/// Longest `iss`, in bytes: our own limit; those in use have some 60.
pub const ISS_MAX: usize = 500;
/// Longest issuer's name, in characters; RFC 5280 appendix A.1 allows 64.
pub const ISSUER_MAX: usize = 200;

/// Why a key set document cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// More bytes or keys than a key set may have.
    #[error("the key set is too large; at most {KEYS_MAX} keys in {DOCUMENT_MAX} bytes")]
    TooLarge,
    /// Not JSON of this schema.
    #[error("not a key set ({0}); see keys/README.md for the format")]
    Schema(String),
    /// Written for another version.
    #[error("key set of the format {0:?}, this version reads {FORMAT:?}; update the program")]
    Format(String),
    /// One key is wrong.
    #[error("key {index} of the key set: {reason}; correct that entry")]
    Key {
        /// Its place, from 0.
        index: usize,
        /// What is wrong.
        reason: String,
    },
}

/// The issuers' keys that an authority publishes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySetDocument {
    /// The keys, in the order of the document.
    pub keys: Vec<IssuerKey>,
}

impl KeySetDocument {
    /// A document of these keys.
    pub fn new(keys: Vec<IssuerKey>) -> Self {
        Self { keys }
    }

    /// Reads a document. Nothing is trusted by this: [`crate::Store`] verifies first.
    pub fn parse(json: &[u8]) -> Result<Self, DocumentError> {
        let document = Self::parse_unread(json)?;
        document.keys.iter().enumerate().try_for_each(|(index, key)| at(index, sound(key)))?;
        Ok(document)
    }

    /// Reads a document whose keys have been looked at before: each is worked out when a pass names it.
    pub(crate) fn parse_unread(json: &[u8]) -> Result<Self, DocumentError> {
        if json.len() > DOCUMENT_MAX {
            return Err(DocumentError::TooLarge);
        }
        let schema = |error: serde_json::Error| DocumentError::Schema(error.to_string());
        // Looked at once as a whole: string by string takes longer.
        let json = std::str::from_utf8(json).map_err(|error| DocumentError::Schema(error.to_string()))?;
        let document: Document<'_> = match serde_json::from_str(json) {
            Ok(document) => document,
            // Of another format the members are not known either: that is the news.
            Err(error) => match serde_json::from_str::<Format>(json) {
                Ok(Format { format }) if format != FORMAT => return Err(other_format(&format)),
                _ => return Err(schema(error)),
            },
        };
        if document.format != FORMAT {
            return Err(other_format(&document.format));
        }
        if document.keys.len() > KEYS_MAX {
            return Err(DocumentError::TooLarge);
        }
        let keys = document.keys.into_iter().enumerate().map(|(index, entry)| at(index, entry.issuer_key()));
        Ok(Self { keys: keys.collect::<Result<_, _>>()? })
    }

    /// Writes the document; [`Self::parse`] reads the same keys from it. Refuses what
    /// that would refuse.
    pub fn to_json(&self) -> Result<Vec<u8>, DocumentError> {
        let entries = self.keys.iter().enumerate().map(|(index, key)| {
            at(index, entry::checked(key))?;
            at(index, sound(key))?;
            Ok(Entry::of(key))
        });
        let document = Document { format: FORMAT.into(), keys: entries.collect::<Result<_, _>>()? };
        let json = serde_json::to_vec(&document).map_err(|error| DocumentError::Schema(error.to_string()))?;
        let fits = json.len() <= DOCUMENT_MAX && self.keys.len() <= KEYS_MAX;
        if fits { Ok(json) } else { Err(DocumentError::TooLarge) }
    }
}

#[derive(Deserialize)]
struct Format {
    format: String,
}

fn other_format(format: &str) -> DocumentError {
    DocumentError::Format(format.chars().take(40).collect())
}

/// Whether its bytes are a key at all.
fn sound(key: &IssuerKey) -> Result<(), String> {
    if key.key.is_sound() { Ok(()) } else { Err("broken key; export it again".into()) }
}

fn at<T>(index: usize, result: Result<T, String>) -> Result<T, DocumentError> {
    result.map_err(|reason| DocumentError::Key { index, reason })
}

pub(crate) use entry::is_country;

#[cfg(test)]
mod tests;
