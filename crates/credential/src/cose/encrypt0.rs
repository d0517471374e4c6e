//! COSE_Encrypt0 (RFC 9052 §5.2) with AES-GCM (RFC 9053 §4.1): opened by a key of the device, or not at all.

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::aes::Aes192;
use aes_gcm::{Aes128Gcm, Aes256Gcm, AesGcm, Nonce};
use ciborium::Value;

use super::{
    ALG, CRIT, IV, KID, Map, TAG_CWT, TAG_ENCRYPT0, broken, key_id, protected_header, push_byte_string,
    refusal, refuse_unknown_critical, shown, signed_header, untag,
};
use crate::cbor;
use crate::content::{ContentAlgorithm, ContentKey, ContentKeys};
use crate::format::Format;
use crate::key::Kid;
use crate::refusal::{Doubt, Refusal, Stop};

/// What may stand in its `crit`.
const UNDERSTOOD: &[i64] = &[ALG, CRIT, KID, IV];
/// The nonce of AES-GCM, in bytes (RFC 9053 §4.1).
const IV_BYTES: usize = 12;

/// A message that has not been opened.
#[derive(Debug)]
pub(crate) struct Encrypt0 {
    alg: ContentAlgorithm,
    /// Proves nothing, also where it is protected: only what opens is authentic.
    kid: Kid,
    iv: [u8; IV_BYTES],
    /// The protected header's bytes, verbatim.
    protected: Vec<u8>,
    ciphertext: Vec<u8>,
}

impl Encrypt0 {
    /// Whether it is one: tagged 16, with 61 (CWT) around that or not.
    pub(crate) fn is_one(bytes: &[u8]) -> bool {
        let message = cbor::parse(bytes).map(|message| untag(message, TAG_CWT));
        matches!(message, Ok(Value::Tag(TAG_ENCRYPT0, _)))
    }

    /// Reads a message that [is one](Self::is_one).
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let message = cbor::parse(bytes).map_err(refusal)?;
        let message = untag(untag(message, TAG_CWT), TAG_ENCRYPT0);
        let fields: Option<[Value; 3]> = message.into_array().ok().and_then(|fields| fields.try_into().ok());
        let [protected, unprotected, ciphertext] = fields.ok_or_else(|| broken("not an array of three"))?;
        let protected =
            protected.into_bytes().map_err(|_| broken("the protected header is no byte string"))?;
        let unprotected = unprotected.into_map().map_err(|_| broken("the unprotected header is no map"))?;
        let ciphertext = ciphertext.into_bytes().map_err(|_| broken("the ciphertext is no byte string"))?;
        let header = protected_header(&protected)?;
        refuse_unknown_critical(&header, &unprotected, UNDERSTOOD)?;
        let alg = algorithm(&header, &unprotected)?;
        let kid = key_id(&header, &unprotected)?;
        let iv = iv(&header, &unprotected)?;
        Ok(Self { alg, kid, iv, protected, ciphertext })
    }

    /// What is in it, by the first key that opens it. What does not open was changed, or encrypted with another key:
    /// the two cannot be told apart, and nobody gains by the difference, as whoever can change it can leave its key
    /// id out.
    pub(crate) fn open(&self, keys: &ContentKeys, format: Format) -> Result<Vec<u8>, Stop> {
        let aad = enc_structure(&self.protected);
        let mut fitting = keys.keys().iter().filter(|key| key.fits(self.alg, &self.kid));
        if let Some(plaintext) = fitting.find_map(|key| self.decrypt(key, &aad)) {
            return Ok(plaintext);
        }
        let named = !self.kid.0.is_empty() && keys.keys().iter().any(|key| key.kid() == Some(&self.kid));
        Err(match named {
            true => Doubt::NotDecrypted { format: format.title(), kid: self.kid.clone() },
            false => Doubt::Encrypted { format: format.title() },
        }
        .into())
    }

    fn decrypt(&self, key: &ContentKey, aad: &[u8]) -> Option<Vec<u8>> {
        let payload = Payload { msg: &self.ciphertext, aad };
        let nonce = Nonce::from(self.iv);
        let key = key.secret();
        match self.alg {
            ContentAlgorithm::A128 => Aes128Gcm::new_from_slice(key).ok()?.decrypt(&nonce, payload).ok(),
            ContentAlgorithm::A192 => {
                AesGcm::<Aes192, U12>::new_from_slice(key).ok()?.decrypt(&nonce, payload).ok()
            }
            ContentAlgorithm::A256 => Aes256Gcm::new_from_slice(key).ok()?.decrypt(&nonce, payload).ok(),
        }
    }
}

/// `Enc_structure = ["Encrypt0", protected, external_aad = h'']` (RFC 9052 §5.3).
fn enc_structure(protected: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(protected.len() + 16);
    bytes.extend(b"\x83\x68Encrypt0");
    push_byte_string(&mut bytes, signed_header(protected));
    push_byte_string(&mut bytes, &[]);
    bytes
}

fn algorithm(protected: &Map, unprotected: &Map) -> Result<ContentAlgorithm, Refusal> {
    let alg = super::either(protected, unprotected, ALG)?.ok_or(Refusal::AlgorithmMissing)?;
    let known = alg.as_integer().and_then(|number| ContentAlgorithm::from_number(number.into()));
    known.ok_or_else(|| Refusal::AlgorithmNotSupported { alg: shown(alg) })
}

fn iv(protected: &Map, unprotected: &Map) -> Result<[u8; IV_BYTES], Refusal> {
    let iv = super::either(protected, unprotected, IV)?.ok_or_else(|| broken("no initialisation vector"))?;
    let bytes = iv.as_bytes().and_then(|iv| iv.as_slice().try_into().ok());
    bytes.ok_or_else(|| broken("the initialisation vector is not 12 bytes"))
}

#[cfg(test)]
mod tests;
