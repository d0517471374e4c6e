//! Public keys from their raw numbers, with the bounds that a hostile key must not cross.

use credential::{PublicKey, RSA_BITS};

/// Why a public key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// An algorithm, curve or size that nothing here verifies with.
    #[error(
        "unsupported key ({0}); use Ed25519, EC P-256 or P-384, or RSA of {min} to {max} bits",
        min = RSA_BITS.start(),
        max = RSA_BITS.end()
    )]
    Unsupported(String),
    /// Not a key of the algorithm that it claims.
    #[error("broken {0} key; export it again")]
    Broken(&'static str),
}

/// An Ed25519 key from its 32 bytes (RFC 8032 §5.1.5). A key of small order is
/// refused: signatures by it prove nothing.
pub(crate) fn ed25519(raw: &[u8]) -> Result<PublicKey, KeyError> {
    let key = ed25519_dalek::VerifyingKey::try_from(raw).map_err(|_| KeyError::Broken("Ed25519"))?;
    if key.is_weak() {
        return Err(KeyError::Broken("Ed25519"));
    }
    Ok(PublicKey::Ed25519(key.into()))
}

/// A P-256 key from its SEC1 point, compressed or not.
pub(crate) fn p256(sec1: &[u8]) -> Result<PublicKey, KeyError> {
    p256::ecdsa::VerifyingKey::from_sec1_bytes(sec1)
        .map(|key| PublicKey::P256(key.into()))
        .map_err(|_| KeyError::Broken("EC P-256"))
}

/// A P-256 key from its affine coordinates, 32 bytes each (RFC 7518 §6.2.1).
pub(crate) fn p256_affine(x: &[u8], y: &[u8]) -> Result<PublicKey, KeyError> {
    p256(&uncompressed(x, y, 32).ok_or(KeyError::Broken("EC P-256"))?)
}

/// A P-384 key from its SEC1 point, compressed or not.
pub(crate) fn p384(sec1: &[u8]) -> Result<PublicKey, KeyError> {
    p384::ecdsa::VerifyingKey::from_sec1_bytes(sec1)
        .map(|key| PublicKey::P384(key.into()))
        .map_err(|_| KeyError::Broken("EC P-384"))
}

/// A P-384 key from its affine coordinates, 48 bytes each (RFC 7518 §6.2.1).
pub(crate) fn p384_affine(x: &[u8], y: &[u8]) -> Result<PublicKey, KeyError> {
    p384(&uncompressed(x, y, 48).ok_or(KeyError::Broken("EC P-384"))?)
}

/// A SEC1 point (SEC 1 §2.3.3) whose coordinates have this many bytes each.
fn uncompressed(x: &[u8], y: &[u8], bytes: usize) -> Option<Vec<u8>> {
    (x.len() == bytes && y.len() == bytes).then(|| [&[4], x, y].concat())
}

/// An RSA key from its modulus and exponent, both unsigned and big-endian.
pub(crate) fn rsa(modulus: &[u8], exponent: &[u8]) -> Result<PublicKey, KeyError> {
    let key = rsa_unread(modulus, exponent)?;
    if key.is_sound() { Ok(key) } else { Err(KeyError::Broken("RSA")) }
}

/// The same, of bearable size, but not looked at any closer.
pub(crate) fn rsa_unread(modulus: &[u8], exponent: &[u8]) -> Result<PublicKey, KeyError> {
    let modulus = significant(modulus);
    let exponent = significant(exponent);
    // Before any arithmetic: a modulus can fill a whole file.
    if modulus.len() > *RSA_BITS.end() as usize / 8 {
        return Err(KeyError::Unsupported(format!("RSA of over {} bits", RSA_BITS.end())));
    }
    if exponent.len() > 8 {
        return Err(KeyError::Unsupported("RSA with a huge exponent".into()));
    }
    let bits = modulus.first().map_or(0, |first| modulus.len() as u32 * 8 - first.leading_zeros());
    if !RSA_BITS.contains(&bits) {
        return Err(KeyError::Unsupported(format!("RSA of {bits} bits")));
    }
    Ok(PublicKey::rsa(modulus, exponent))
}

/// The bytes of a number without its leading zeros.
fn significant(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..] // safe: zeros <= bytes.len()
}
