//! Keys that open encrypted passes. They are symmetric, so they are secrets of the device: whoever has one can read
//! every pass that is encrypted with it. They prove nothing about who issued a pass.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use ciborium::Value;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::cbor;
use crate::hex;
use crate::key::Kid;

/// The most content keys at one place: our own limit. Each that fits may have to be tried on a pass.
pub const MAX_CONTENT_KEYS: usize = 32;
/// The longest key id, in bytes: our own limit.
pub const MAX_CONTENT_KID: usize = 64;
/// The longest file that [`ContentKey::read`] looks at, in bytes: a key of 32 bytes and an id, in any of the forms.
pub const MAX_CONTENT_KEY_FILE: usize = 1024;

/// COSE_Key (RFC 9052 §7.1): parameters, and the symmetric type with its key (RFC 9053 §7.3).
const KTY: i64 = 1;
const KEY_ID: i64 = 2;
const ALG: i64 = 3;
const KEY_OPS: i64 = 4;
const K: i64 = -1;
const SYMMETRIC: i64 = 4;
const DECRYPT: i64 = 4;

/// How the content of a pass is encrypted (RFC 9053 §4.1); the length of a key says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ContentAlgorithm {
    A128,
    A192,
    A256,
}

/// A key of 128, 192 or 256 bits for AES-GCM, and the id that passes may name it by. Its bytes are wiped when it is
/// dropped, and shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct ContentKey {
    kid: Option<Kid>,
    pub(crate) alg: ContentAlgorithm,
    bytes: Zeroizing<Vec<u8>>,
}

/// The keys that open passes here; at most [`MAX_CONTENT_KEYS`]. Copies share their bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentKeys(Arc<Vec<ContentKey>>);

/// Why something is no content key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoContentKey(&'static str);

impl ContentKey {
    /// A key of 16, 24 or 32 bytes. Without an id it is tried on every pass that its length fits.
    pub fn new(kid: Option<Kid>, bytes: Zeroizing<Vec<u8>>) -> Result<Self, NoContentKey> {
        let alg = ContentAlgorithm::of_length(bytes.len());
        let alg = alg.ok_or(NoContentKey("not 16, 24 or 32 bytes long"))?;
        match kid.as_ref().map(|kid| kid.0.len()) {
            Some(0) => Err(NoContentKey("its key id is empty")),
            Some(length) if length > MAX_CONTENT_KID => Err(NoContentKey("its key id is too long")),
            _ => Ok(Self { kid, alg, bytes }),
        }
    }

    /// Reads a key file: a COSE_Key (RFC 9052 §7; CBOR, symmetric), or the key alone in hexadecimal or base64.
    pub fn read(file: &[u8]) -> Result<Self, NoContentKey> {
        if file.len() > MAX_CONTENT_KEY_FILE {
            return Err(NoContentKey("longer than any such key"));
        }
        match std::str::from_utf8(file).map(str::trim_ascii) {
            Ok(text) if !text.is_empty() => text_key(text),
            _ => cose_key(file),
        }
    }

    /// The same key under another id.
    pub fn with_kid(self, kid: Kid) -> Result<Self, NoContentKey> {
        Self::new(Some(kid), self.bytes)
    }

    /// The id that passes may name it by.
    pub fn kid(&self) -> Option<&Kid> {
        self.kid.as_ref()
    }

    /// `A128GCM`, `A192GCM` or `A256GCM`.
    pub fn algorithm(&self) -> &'static str {
        self.alg.name()
    }

    /// What tells it from others without telling the key: eight bytes of a hash, in hexadecimal.
    pub fn fingerprint(&self) -> String {
        let hash = Sha256::new().chain_update(b"propusk content key\0").chain_update(&*self.bytes).finalize();
        Kid(hash[..8].to_vec()).to_string()
    }

    /// The key itself. To be kept where its owner alone can read it.
    pub fn secret(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether a pass that names this id, or none, may be encrypted with it.
    pub(crate) fn fits(&self, alg: ContentAlgorithm, kid: &Kid) -> bool {
        self.alg == alg && (kid.0.is_empty() || self.kid.as_ref().is_none_or(|own| own == kid))
    }
}

impl fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContentKey").field("kid", &self.kid).field("alg", &self.alg).finish_non_exhaustive()
    }
}

impl ContentKeys {
    /// A set of these keys: each once, and no more than [`MAX_CONTENT_KEYS`].
    pub fn new(keys: Vec<ContentKey>) -> Result<Self, NoContentKey> {
        if keys.len() > MAX_CONTENT_KEYS {
            return Err(NoContentKey("too many keys: remove those that are not used any more"));
        }
        let twice = keys.iter().enumerate().any(|(place, key)| keys[..place].contains(key));
        if twice { Err(NoContentKey("it is there already")) } else { Ok(Self(Arc::new(keys))) }
    }

    /// All of them.
    pub fn keys(&self) -> &[ContentKey] {
        &self.0
    }
}

impl ContentAlgorithm {
    /// By its number (RFC 9053 table 5).
    pub(crate) fn from_number(number: i128) -> Option<Self> {
        [Self::A128, Self::A192, Self::A256].into_iter().find(|alg| i128::from(alg.number()) == number)
    }

    fn number(self) -> i64 {
        match self {
            Self::A128 => 1,
            Self::A192 => 2,
            Self::A256 => 3,
        }
    }

    fn of_length(bytes: usize) -> Option<Self> {
        match bytes {
            16 => Some(Self::A128),
            24 => Some(Self::A192),
            32 => Some(Self::A256),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::A128 => "A128GCM",
            Self::A192 => "A192GCM",
            Self::A256 => "A256GCM",
        }
    }
}

impl fmt::Display for NoContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NoContentKey {}

/// Hexadecimal first: that a key's base64 has no other digits does not happen by chance.
fn text_key(text: &str) -> Result<ContentKey, NoContentKey> {
    let bytes = hex::decode(text).or_else(|| {
        let text = text.trim_end_matches('=');
        BASE64_STANDARD_NO_PAD.decode(text).or_else(|_| BASE64_URL_SAFE_NO_PAD.decode(text)).ok()
    });
    match bytes.map(Zeroizing::new) {
        Some(bytes) => ContentKey::new(None, bytes),
        None => Err(NoContentKey("neither a COSE_Key nor hexadecimal nor base64")),
    }
}

fn cose_key(file: &[u8]) -> Result<ContentKey, NoContentKey> {
    let map = cbor::parse(file).ok().and_then(|key| key.into_map().ok());
    let map = map.ok_or(NoContentKey("neither a COSE_Key nor hexadecimal nor base64"))?;
    let number = |label| cbor::by_number(&map, label).and_then(Value::as_integer).map(i128::from);
    if number(KTY) != Some(SYMMETRIC.into()) {
        return Err(NoContentKey("a COSE_Key that is not symmetric"));
    }
    let may_decrypt = |ops: &Value| ops.as_array().is_some_and(|ops| ops.contains(&DECRYPT.into()));
    if !cbor::by_number(&map, KEY_OPS).is_none_or(may_decrypt) {
        return Err(NoContentKey("a COSE_Key that is not for decrypting"));
    }
    let kid = match cbor::by_number(&map, KEY_ID) {
        None => None,
        Some(Value::Bytes(kid)) => Some(Kid(kid.clone())),
        Some(_) => return Err(NoContentKey("its key id is no byte string")),
    };
    let bytes = cbor::by_number(&map, K).and_then(Value::as_bytes);
    let bytes = bytes.ok_or(NoContentKey("a COSE_Key without its key"))?;
    let key = ContentKey::new(kid, Zeroizing::new(bytes.clone()))?;
    if cbor::by_number(&map, ALG).is_some() && number(ALG) != Some(key.alg.number().into()) {
        return Err(NoContentKey("a COSE_Key for something else than AES-GCM with this length of key"));
    }
    Ok(key)
}

#[cfg(test)]
mod tests;
