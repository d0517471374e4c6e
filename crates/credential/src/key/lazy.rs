//! Public keys whose numbers are worked out when they are first needed.

use std::sync::OnceLock;

/// The bytes of a public key, and the key itself once it was needed. Finding the point that
/// belongs to twenty thousand keys takes seconds; a door needs one of them at a time.
#[derive(Clone, Debug)]
pub struct Lazy<K> {
    bytes: Box<[u8]>,
    /// Apart, so that a set of many keys that nobody has needed yet stays small.
    key: OnceLock<Option<Box<K>>>,
}

/// A kind of public key that can be written as bytes and read back.
pub trait Encoded: Sized {
    /// The key of these bytes, if there is one.
    fn read(bytes: &[u8]) -> Option<Self>;
    /// Bytes that [`Encoded::read`] takes.
    fn write(&self) -> Vec<u8>;
}

impl<K: Encoded> Lazy<K> {
    /// The key of these bytes, which nobody has looked at yet.
    pub fn unread(bytes: &[u8]) -> Self {
        Self { bytes: bytes.into(), key: OnceLock::new() }
    }

    /// The key itself; `None` when its bytes are none, and then no signature holds under it.
    pub fn get(&self) -> Option<&K> {
        self.key.get_or_init(|| K::read(&self.bytes).map(Box::new)).as_deref()
    }

    /// Whether both are the same key, however they are written.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        // Of one form (SEC1's first byte), the bytes decide.
        if self.bytes == other.bytes || self.bytes.first() == other.bytes.first() {
            return self.bytes == other.bytes;
        }
        let written = |key: &Self| key.get().map(Encoded::write);
        written(self).is_some_and(|one| Some(one) == written(other))
    }

    /// Its bytes, as [`Encoded`] writes them for its kind.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl<K: Encoded> From<K> for Lazy<K> {
    fn from(key: K) -> Self {
        Self { bytes: key.write().into(), key: OnceLock::from(Some(Box::new(key))) }
    }
}

/// Equal bytes: the same key written in two ways (a point with and without its second half) counts as two.
impl<K> PartialEq for Lazy<K> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl<K> Eq for Lazy<K> {}

/// 32 bytes (RFC 8032 §5.1.5). A key of small order is none: signatures by it prove nothing.
impl Encoded for ed25519_dalek::VerifyingKey {
    fn read(bytes: &[u8]) -> Option<Self> {
        Self::try_from(bytes).ok().filter(|key| !key.is_weak())
    }

    fn write(&self) -> Vec<u8> {
        self.as_bytes().to_vec()
    }
}

/// A SEC1 point (SEC 1 §2.3.3), compressed or not; written uncompressed, which reads faster.
impl Encoded for p256::ecdsa::VerifyingKey {
    fn read(bytes: &[u8]) -> Option<Self> {
        Self::from_sec1_bytes(bytes).ok()
    }

    fn write(&self) -> Vec<u8> {
        self.to_sec1_point(false).as_bytes().to_vec()
    }
}

/// A SEC1 point (SEC 1 §2.3.3), compressed or not; written uncompressed, which reads faster.
impl Encoded for p384::ecdsa::VerifyingKey {
    fn read(bytes: &[u8]) -> Option<Self> {
        Self::from_sec1_bytes(bytes).ok()
    }

    fn write(&self) -> Vec<u8> {
        self.to_sec1_point(false).as_bytes().to_vec()
    }
}

/// The modulus's length in bytes (2 bytes, big-endian), the modulus and the exponent, both unsigned,
/// big-endian and without leading zeros.
impl Encoded for rsa::RsaPublicKey {
    fn read(bytes: &[u8]) -> Option<Self> {
        let (n, e) = rsa_parts(bytes)?;
        let number = rsa::BoxedUint::from_be_slice_vartime;
        Self::new(number(n), number(e)).ok()
    }

    fn write(&self) -> Vec<u8> {
        use rsa::traits::PublicKeyParts;
        rsa_bytes(&self.n_bytes(), &self.e_bytes())
    }
}

/// The bytes of an RSA key with this modulus and exponent, as its [`Encoded`] has them. The modulus
/// must be shorter than 64 KiB: one that is longer is cut off, and its key is none.
pub(super) fn rsa_bytes(n: &[u8], e: &[u8]) -> Vec<u8> {
    let length = u16::try_from(n.len()).unwrap_or(u16::MAX).to_be_bytes();
    [&length[..], n, e].concat()
}

/// Modulus and exponent.
pub(super) fn rsa_parts(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

#[cfg(test)]
mod tests {
    use crate::key::PublicKey;
    use crate::testing::{ed25519, p256};

    #[test]
    fn a_key_reads_back_from_its_bytes_when_it_is_needed() {
        let written = super::Lazy::from(ed25519().verifying_key());
        let read = super::Lazy::<ed25519_dalek::VerifyingKey>::unread(written.bytes());
        assert_eq!((read.get(), &read), (written.get(), &written));
        assert!(super::Lazy::<ed25519_dalek::VerifyingKey>::unread(&[1; 31]).get().is_none());
        let written = super::Lazy::from(*p256().verifying_key());
        assert_eq!(super::Lazy::<p256::ecdsa::VerifyingKey>::unread(written.bytes()).get(), written.get());
        assert!(super::Lazy::<p256::ecdsa::VerifyingKey>::unread(&[4; 65]).get().is_none());
    }

    #[test]
    fn an_rsa_key_keeps_its_two_numbers() {
        let n = [&[0xff; 255][..], &[0xfd]].concat();
        let PublicKey::Rsa(key) = PublicKey::rsa(&n, &[1, 0, 1]) else { panic!("an RSA key") };
        assert_eq!(super::rsa_parts(key.bytes()), Some((&n[..], &[1, 0, 1][..])));
        assert_eq!(super::Lazy::from(key.get().unwrap().clone()), key);
        for cut in [0, 1, 100] {
            assert!(super::Lazy::<rsa::RsaPublicKey>::unread(&key.bytes()[..cut]).get().is_none());
        }
    }
}
