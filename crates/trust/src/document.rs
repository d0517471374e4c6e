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
//! | `certificate` | X.509 DER in base64; gives id, key, validity, usages and owner, and none of those members may stand beside it |
//! | `not_before`, `not_after` | both or neither; seconds UTC since 1970, inclusive |
//! | `usages` | of `test`, `vaccination`, `recovery`, and `other` for keys of another kind of document; absent or empty: all |
//! | `issuer` | owner's name, up to 200 characters |
//! | `country` | ISO 3166-1 alpha-2, upper case |
//! | `demo` | `true` for a demo authority's key |
//!
//! A member that this version does not know makes the document unreadable: an
//! older program must not pass over a limit that a newer one has put on a key.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use credential::{IssuerKey, Kid, PublicKey, Usages, Validity};
use serde::{Deserialize, Serialize};

use crate::hex;
use crate::import;
use crate::key::{self, KeyError};

/// The format that this version reads and writes.
pub const FORMAT: &str = "propusk-key-set/1";
/// Largest document, in bytes: 10 000 keys with their owners.
pub const DOCUMENT_MAX: usize = 8 * 1024 * 1024;
/// Most keys in a document.
pub const KEYS_MAX: usize = 10_000;
/// Longest key id, in bytes; RFC 7638 thumbprints have 43 characters.
pub const KID_MAX: usize = 256;
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
        if json.len() > DOCUMENT_MAX {
            return Err(DocumentError::TooLarge);
        }
        let schema = |error: serde_json::Error| DocumentError::Schema(error.to_string());
        let Format { format } = serde_json::from_slice(json).map_err(schema)?;
        if format != FORMAT {
            return Err(DocumentError::Format(format.chars().take(40).collect()));
        }
        let document: Document = serde_json::from_slice(json).map_err(schema)?;
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
            at(index, checked(key.clone()))?;
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

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: String,
    keys: Vec<Entry>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Entry {
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_after: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    usages: Vec<Usage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    demo: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Usage {
    Test,
    Vaccination,
    Recovery,
    /// Another kind of document only.
    Other,
}

impl Entry {
    fn of(key: &IssuerKey) -> Self {
        let mut entry = Self {
            kid: Some(key.kid.to_string()),
            not_before: key.validity.map(|validity| validity.not_before),
            not_after: key.validity.map(|validity| validity.not_after),
            usages: usages_of(key.usages),
            issuer: (!key.issuer.is_empty()).then(|| key.issuer.clone()),
            country: key.country.clone(),
            demo: key.demo,
            ..Self::default()
        };
        entry.put(&key.key);
        entry
    }

    fn put(&mut self, key: &PublicKey) {
        let text = |bytes: &[u8]| Some(URL_SAFE_NO_PAD.encode(bytes));
        match key {
            PublicKey::Ed25519(key) => (self.kind, self.key) = ("ed25519".into(), text(key.as_bytes())),
            PublicKey::P256(key) => (self.kind, self.key) = ("p256".into(), text(&key.to_sec1_bytes())),
            PublicKey::P384(key) => (self.kind, self.key) = ("p384".into(), text(&key.to_sec1_bytes())),
            PublicKey::Rsa(key) => {
                let (n, e) = key::rsa_parts(key);
                (self.kind, self.n, self.e) = ("rsa".into(), text(&n), text(&e));
            }
        }
    }

    fn issuer_key(self) -> Result<IssuerKey, String> {
        if self.kind == "x509" {
            return self.certified();
        }
        let key = self.public_key()?;
        checked(IssuerKey {
            kid: kid(self.kid.as_deref().ok_or("`kid` is missing")?)?,
            key,
            usages: usages(&self.usages),
            validity: self.validity()?,
            issuer: self.issuer.unwrap_or_default(),
            country: self.country,
            demo: self.demo,
        })
    }

    fn certified(self) -> Result<IssuerKey, String> {
        let Self { kid, key, n, e, not_before, not_after, usages, issuer, country, .. } = &self;
        let strings = [kid, key, n, e, issuer, country];
        if strings.iter().any(|member| member.is_some())
            || not_before.is_some()
            || not_after.is_some()
            || !usages.is_empty()
        {
            return Err("only `demo` may stand beside `certificate`".into());
        }
        let base64 = self.certificate.ok_or("`certificate` is missing")?;
        let der = STANDARD.decode(base64).map_err(|_| "`certificate` is not base64")?;
        let key = import::certificate(&der).map_err(|error| error.to_string())?;
        Ok(IssuerKey { demo: self.demo, ..key })
    }

    fn public_key(&self) -> Result<PublicKey, String> {
        if self.certificate.is_some() || (self.kind == "rsa") == self.key.is_some() {
            return Err(format!("its members do not fit the type {:.20}", self.kind));
        }
        let key = match self.kind.as_str() {
            "ed25519" => key::ed25519(&bytes("key", &self.key)?),
            "p256" => key::p256(&bytes("key", &self.key)?),
            "p384" => key::p384(&bytes("key", &self.key)?),
            "rsa" => key::rsa(&bytes("n", &self.n)?, &bytes("e", &self.e)?),
            other => Err(KeyError::Unsupported(format!("type {other:.20}"))),
        };
        key.map_err(|error| error.to_string())
    }

    fn validity(&self) -> Result<Option<Validity>, String> {
        match (self.not_before, self.not_after) {
            (None, None) => Ok(None),
            (Some(not_before), Some(not_after)) => Ok(Some(Validity { not_before, not_after })),
            _ => Err("`not_before` and `not_after` go together".into()),
        }
    }
}

/// The limits that every entry keeps, written or read.
fn checked(key: IssuerKey) -> Result<IssuerKey, String> {
    if key.kid.0.len() > KID_MAX {
        Err(format!("`kid` has over {KID_MAX} bytes"))
    } else if key.issuer.chars().count() > ISSUER_MAX || key.issuer.chars().any(char::is_control) {
        Err(format!("`issuer` has over {ISSUER_MAX} characters, or control characters"))
    } else if key.country.as_deref().is_some_and(|code| !is_country(code)) {
        Err("`country` is not two capital letters".into())
    } else if key.validity.is_some_and(|validity| validity.not_after < validity.not_before) {
        Err("it ends before it begins".into())
    } else {
        Ok(key)
    }
}

/// Two capital letters (ISO 3166-1 alpha-2).
pub(crate) fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn at<T>(index: usize, result: Result<T, String>) -> Result<T, DocumentError> {
    result.map_err(|reason| DocumentError::Key { index, reason })
}

fn kid(text: &str) -> Result<Kid, String> {
    hex::decode(text).map(Kid).ok_or_else(|| "`kid` is not lower-case hexadecimal".into())
}

fn bytes(name: &str, value: &Option<String>) -> Result<Vec<u8>, String> {
    let value = value.as_deref().ok_or_else(|| format!("`{name}` is missing"))?;
    URL_SAFE_NO_PAD.decode(value).map_err(|_| format!("`{name}` is not base64url without padding"))
}

fn usages(listed: &[Usage]) -> Usages {
    let has = |usage| listed.contains(&usage);
    Usages {
        test: has(Usage::Test),
        vaccination: has(Usage::Vaccination),
        recovery: has(Usage::Recovery),
        other: has(Usage::Other),
    }
}

fn usages_of(usages: Usages) -> Vec<Usage> {
    let all = [
        (usages.test, Usage::Test),
        (usages.vaccination, Usage::Vaccination),
        (usages.recovery, Usage::Recovery),
        (usages.other, Usage::Other),
    ];
    all.into_iter().filter_map(|(allowed, usage)| allowed.then_some(usage)).collect()
}

#[cfg(test)]
mod tests;
