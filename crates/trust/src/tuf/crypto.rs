//! The primitives that TUF's signatures and hashes are checked with.

use std::sync::Once;

use sha2::{Digest, Sha256, Sha384, Sha512};
use sigstore_crypto::provider::{CryptoProvider, HashContext, install_default_provider};
use sigstore_crypto::{Error, Result, SigningScheme};
use sigstore_types::HashAlgorithm;

/// Makes these primitives the ones of the process. The library has one slot for
/// all; nothing else in the process fills it.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that the slot is filled, which only this call does.
        let _ = install_default_provider(&Primitives);
    });
}

#[derive(Debug)]
struct Primitives;

impl CryptoProvider for Primitives {
    fn hash(&self, algorithm: HashAlgorithm) -> Result<Box<dyn HashContext>> {
        Ok(match algorithm {
            HashAlgorithm::Sha2256 => Box::new(Hash(Sha256::new())),
            HashAlgorithm::Sha2384 => Box::new(Hash(Sha384::new())),
            HashAlgorithm::Sha2512 => Box::new(Hash(Sha512::new())),
            other => return Err(Error::UnsupportedAlgorithm(format!("{other:?}"))),
        })
    }

    /// Ed25519 by the strict rules, and ECDSA over P-256 for authorities whose keys
    /// live in hardware. A signature by any other scheme does not count.
    fn verify_raw(&self, scheme: SigningScheme, key: &[u8], data: &[u8], signature: &[u8]) -> Result<()> {
        let invalid = || Error::Verification(format!("{} signature invalid", scheme.name()));
        match scheme {
            SigningScheme::Ed25519 => {
                let key = ed25519_dalek::VerifyingKey::try_from(key).map_err(|_| invalid())?;
                let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| invalid())?;
                key.verify_strict(data, &signature).map_err(|_| invalid())
            }
            SigningScheme::EcdsaP256Sha256 => {
                use p256::ecdsa::signature::Verifier;
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key).map_err(|_| invalid())?;
                let signature = p256::ecdsa::Signature::from_der(signature).map_err(|_| invalid())?;
                key.verify(data, &signature).map_err(|_| invalid())
            }
            _ => Err(Error::UnsupportedAlgorithm(scheme.name().to_string())),
        }
    }

    fn verify_prehashed(&self, scheme: SigningScheme, _: &[u8], _: &[u8], _: &[u8]) -> Result<()> {
        // TUF signs messages, never digests.
        Err(Error::UnsupportedAlgorithm(scheme.name().to_string()))
    }
}

struct Hash<D>(D);

impl<D: Digest + Send> HashContext for Hash<D> {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn finalize(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().to_vec()
    }
}
