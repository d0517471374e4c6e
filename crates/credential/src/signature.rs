//! The signature algorithms that we verify.

use p256::ecdsa::signature::Verifier;
use p384::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::pss;
use rsa::traits::PublicKeyParts;
use sha2::{Digest, Sha256};

use crate::key::{PublicKey, RSA_BITS};

/// A signature algorithm, by its COSE number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// ECDSA with SHA-256, on the key's own curve.
    Es256,
    /// EdDSA, on Ed25519 here.
    EdDsa,
    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes.
    Ps256,
}

impl Algorithm {
    /// From the number in IANA's registry of COSE algorithms.
    pub(crate) fn from_number(number: i128) -> Option<Self> {
        match number {
            -7 => Some(Self::Es256),
            -8 => Some(Self::EdDsa),
            -37 => Some(Self::Ps256),
            _ => None,
        }
    }

    /// From the name in IANA's registry of JSON Web Signature algorithms.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Es256, Self::EdDsa, Self::Ps256].into_iter().find(|alg| alg.name() == name)
    }

    /// Its name in the same registry.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Ps256 => "PS256",
        }
    }

    /// The bytes of a signature that nobody can change without the key: of R and S the first,
    /// as S can be negated.
    pub(crate) fn unforgeable(self, signature: &[u8]) -> &[u8] {
        match self {
            Self::Es256 => signature.split_at(signature.len() / 2).0,
            Self::EdDsa | Self::Ps256 => signature,
        }
    }

    /// Whether this kind of key is for it.
    pub(crate) fn fits(self, key: &PublicKey) -> bool {
        self == Self::of(key)
    }

    fn of(key: &PublicKey) -> Self {
        match key {
            PublicKey::Ed25519(_) => Self::EdDsa,
            PublicKey::P256(_) | PublicKey::P384(_) => Self::Es256,
            PublicKey::Rsa(_) => Self::Ps256,
        }
    }
}

/// Whether `signature` is this key's over `message`, by the one algorithm that the key is for.
pub(crate) fn holds(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    match key {
        PublicKey::Ed25519(key) => key.get().is_some_and(|key| eddsa(key, message, signature)),
        PublicKey::P256(key) => key.get().is_some_and(|key| on_p256(key, message, signature)),
        PublicKey::P384(key) => key.get().is_some_and(|key| on_p384(key, message, signature)),
        PublicKey::Rsa(key) => key.get().is_some_and(|key| ps256(key, message, signature)),
    }
}

/// Whether `signature` (DER, RFC 3279 §2.2.3) is this key's over a certificate of this hash.
pub(crate) fn certifies(key: &PublicKey, hash: &[u8], signature: &[u8]) -> bool {
    match key {
        PublicKey::P256(key) => key.get().is_some_and(|key| {
            p256::ecdsa::Signature::from_der(signature).is_ok_and(|it| key.verify_prehash(hash, &it).is_ok())
        }),
        PublicKey::P384(key) => key.get().is_some_and(|key| {
            p384::ecdsa::Signature::from_der(signature).is_ok_and(|it| key.verify_prehash(hash, &it).is_ok())
        }),
        PublicKey::Ed25519(_) | PublicKey::Rsa(_) => false,
    }
}

fn eddsa(key: &ed25519_dalek::VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    ed25519_dalek::Signature::from_slice(signature)
        // Strict: plain `verify` takes keys of small order, under which one signature fits many messages.
        .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
}

/// r ‖ s, 64 bytes (RFC 9053 §2.1), neither of them zero.
fn on_p256(key: &p256::ecdsa::VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    p256::ecdsa::Signature::from_slice(signature)
        .is_ok_and(|signature| key.verify(message, &signature).is_ok())
}

/// r ‖ s again, of 48 bytes each. `verify` would hash with SHA-384.
fn on_p384(key: &p384::ecdsa::VerifyingKey, message: &[u8], signature: &[u8]) -> bool {
    p384::ecdsa::Signature::from_slice(signature)
        .is_ok_and(|signature| key.verify_prehash(&Sha256::digest(message), &signature).is_ok())
}

fn ps256(key: &rsa::RsaPublicKey, message: &[u8], signature: &[u8]) -> bool {
    RSA_BITS.contains(&key.n().bits())
        && pss::Signature::try_from(signature).is_ok_and(|signature| {
            pss::VerifyingKey::<Sha256>::new(key.clone()).verify(message, &signature).is_ok()
        })
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod wycheproof;
