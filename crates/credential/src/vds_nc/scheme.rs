//! How a certificate is signed: the algorithms of ICAO Doc 9303-12 §4.1.6 that authorities of passports use.

use rsa::pkcs1::RsaPssParamsOwned;
use rsa::traits::{PublicKeyParts, SignatureScheme};
use rsa::{Pkcs1v15Sign, Pss};
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::key::{PublicKey, RSA_BITS};
use crate::signature;

const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const ECDSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");

const ID_MGF1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.8");
const ID_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const ID_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const ID_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

/// The algorithm, and the hash that it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scheme {
    kind: Kind,
    hash: Hash,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Ecdsa,
    /// RSASSA-PKCS1-v1_5.
    Rsa,
    /// RSASSA-PSS, with so many bytes of salt.
    Pss(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Scheme {
    /// `None` for one that is not known here.
    pub(super) fn of(algorithm: &AlgorithmIdentifierOwned) -> Option<Self> {
        let (kind, hash) = match algorithm.oid {
            ECDSA_SHA256 => (Kind::Ecdsa, Hash::Sha256),
            ECDSA_SHA384 => (Kind::Ecdsa, Hash::Sha384),
            ECDSA_SHA512 => (Kind::Ecdsa, Hash::Sha512),
            RSA_SHA256 => (Kind::Rsa, Hash::Sha256),
            RSA_SHA384 => (Kind::Rsa, Hash::Sha384),
            RSA_SHA512 => (Kind::Rsa, Hash::Sha512),
            RSA_PSS => return pss(algorithm),
            _ => return None,
        };
        Some(Self { kind, hash })
    }

    /// Whether `signature` is this key's over `message`.
    pub(super) fn holds(self, key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
        let hash = self.hash.digest(message);
        match (self.kind, self.hash) {
            (Kind::Ecdsa, _) => signature::certifies(key, &hash, signature),
            (Kind::Rsa, Hash::Sha256) => by_rsa(key, Pkcs1v15Sign::new::<Sha256>(), &hash, signature),
            (Kind::Rsa, Hash::Sha384) => by_rsa(key, Pkcs1v15Sign::new::<Sha384>(), &hash, signature),
            (Kind::Rsa, Hash::Sha512) => by_rsa(key, Pkcs1v15Sign::new::<Sha512>(), &hash, signature),
            (Kind::Pss(salt), Hash::Sha256) => {
                by_rsa(key, Pss::<Sha256>::new_with_salt(salt), &hash, signature)
            }
            (Kind::Pss(salt), Hash::Sha384) => {
                by_rsa(key, Pss::<Sha384>::new_with_salt(salt), &hash, signature)
            }
            (Kind::Pss(salt), Hash::Sha512) => {
                by_rsa(key, Pss::<Sha512>::new_with_salt(salt), &hash, signature)
            }
        }
    }
}

impl Hash {
    fn of(id: ObjectIdentifier) -> Option<Self> {
        match id {
            ID_SHA256 => Some(Self::Sha256),
            ID_SHA384 => Some(Self::Sha384),
            ID_SHA512 => Some(Self::Sha512),
            _ => None,
        }
    }

    fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }
}

/// `RSASSA-PSS-params` (RFC 4055 §3.1), of which both hashes are one, as it recommends.
fn pss(algorithm: &AlgorithmIdentifierOwned) -> Option<Scheme> {
    let parameters: RsaPssParamsOwned = algorithm.parameters.as_ref()?.decode_as().ok()?;
    let hash = parameters.hash.oid;
    let mask = parameters.mask_gen;
    let same = mask.oid == ID_MGF1 && mask.parameters.is_some_and(|inner| inner.oid == hash);
    let kind = Kind::Pss(parameters.salt_len.into());
    same.then_some(Scheme { kind, hash: Hash::of(hash)? })
}

fn by_rsa(key: &PublicKey, scheme: impl SignatureScheme, hash: &[u8], signature: &[u8]) -> bool {
    let PublicKey::Rsa(key) = key else { return false };
    key.get()
        .is_some_and(|key| RSA_BITS.contains(&key.n().bits()) && key.verify(scheme, hash, signature).is_ok())
}
