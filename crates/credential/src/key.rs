//! Issuers' public keys and the set that is searched by key id.

mod certifications;
mod lazy;

use std::fmt;

use crate::content::ContentKeys;
use crate::format::Format;
use crate::hex;
use crate::pass::Kind;

pub(crate) use certifications::Certifications;
pub use lazy::{Encoded, Lazy};

/// A COSE key id as it stands in a header (RFC 9052 §3.1); hostile until matched.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Kid(pub Vec<u8>);

impl Kid {
    /// From hexadecimal in either case; `None` where it is none.
    pub fn from_hex(text: &str) -> Option<Self> {
        hex::decode(text).map(Self)
    }
}

impl fmt::Display for Kid {
    /// Lower-case hexadecimal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kid({self})")
    }
}

/// How large an RSA modulus may be, in bits. Below, it is too weak (NIST SP 800-131A rev. 2, table 2);
/// above, checking a signature takes too long, as it costs the square.
pub const RSA_BITS: std::ops::RangeInclusive<u32> = 2048..=4096;

/// A public key of a kind that we verify with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// EdDSA (COSE -8), checked with `verify_strict`.
    Ed25519(Lazy<ed25519_dalek::VerifyingKey>),
    /// ES256 (COSE -7), which RFC 9053 §2.1 does not bind to one curve.
    P256(Lazy<p256::ecdsa::VerifyingKey>),
    /// ES256 (COSE -7) as well: with SHA-256, not with this curve's usual SHA-384.
    P384(Lazy<p384::ecdsa::VerifyingKey>),
    /// PS256 (COSE -37).
    Rsa(Lazy<rsa::RsaPublicKey>),
}

impl PublicKey {
    /// An RSA key of this modulus and exponent (unsigned, big-endian, without leading zeros), which
    /// nobody has looked at yet.
    pub fn rsa(n: &[u8], e: &[u8]) -> Self {
        Self::Rsa(Lazy::unread(&lazy::rsa_bytes(n, e)))
    }

    /// The modulus and the exponent of an RSA key; `None` for other kinds.
    pub fn rsa_parts(&self) -> Option<(&[u8], &[u8])> {
        match self {
            Self::Rsa(key) => lazy::rsa_parts(key.bytes()),
            Self::Ed25519(_) | Self::P256(_) | Self::P384(_) => None,
        }
    }

    /// Whether its bytes are a key at all. Under one that is none no signature holds.
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Ed25519(key) => key.get().is_some(),
            Self::P256(key) => key.get().is_some(),
            Self::P384(key) => key.get().is_some(),
            Self::Rsa(key) => key.get().is_some(),
        }
    }

    /// Whether it is the same key, however it is written: a point with or without its second half.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::P256(one), Self::P256(two)) => one.is_same(two),
            (Self::P384(one), Self::P384(two)) => one.is_same(two),
            (one, two) => one == two,
        }
    }

    /// Its kind, and its bytes as [`Encoded`] writes them.
    fn named_bytes(&self) -> (&'static str, &[u8]) {
        match self {
            Self::Ed25519(key) => ("Ed25519", key.bytes()),
            Self::P256(key) => ("P-256", key.bytes()),
            Self::P384(key) => ("P-384", key.bytes()),
            Self::Rsa(key) => ("RSA", key.bytes()),
        }
    }
}

/// From when until when a key may sign, both inclusive, seconds UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// First second at which it is valid.
    pub not_before: i64,
    /// Last second at which it is valid.
    pub not_after: i64,
}

/// What kinds of health certificate a key may sign (extended key usage
/// 1.3.6.1.4.1.1847.2021.1.{1 test, 2 vaccination, 3 recovery}).
/// None named means that all are allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usages {
    /// May sign test results.
    pub test: bool,
    /// May sign vaccinations.
    pub vaccination: bool,
    /// May sign recoveries.
    pub recovery: bool,
    /// Is for another kind of document (e.g. ICAO VDS-NC, 2.23.136.1.1.14): by itself
    /// it allows none of the three.
    pub other: bool,
}

impl Usages {
    /// The names of those that are listed; none where all are allowed.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let named = [
            (self.vaccination, "vaccination"),
            (self.test, "test"),
            (self.recovery, "recovery"),
            (self.other, "other"),
        ];
        named.into_iter().filter_map(|(listed, name)| listed.then_some(name))
    }

    /// Whether this kind may be signed. A key that names no usage may sign all of them.
    pub fn allow(self, kind: Kind) -> bool {
        let none = self == Self::default();
        none || match kind {
            Kind::Test => self.test,
            Kind::Vaccination => self.vaccination,
            Kind::Recovery => self.recovery,
            // It says that one of the three is there, not which.
            Kind::HealthPass => self.test && self.vaccination && self.recovery,
            Kind::Identity | Kind::Card | Kind::Badge | Kind::Appointment | Kind::Ticket => self.other,
        }
    }
}

/// Whose passes a key verifies, and in which formats: a key of one system proves nothing in another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The formats that it may sign; where none is named, [that of the DCC](Format::is_default).
    pub formats: Vec<Format>,
    /// The issuer that its passes must name, to the letter: a URL (SMART Health Cards), a DID (NZ COVID Pass).
    /// `None` where the key's id alone says whose it is.
    pub issuer: Option<String>,
}

impl Scope {
    /// Whether it reaches a pass of this format that names this issuer.
    pub fn covers(&self, format: Format, issuer: Option<&str>) -> bool {
        let named =
            if self.formats.is_empty() { format.is_default() } else { self.formats.contains(&format) };
        named && self.issuer.as_deref().is_none_or(|own| issuer == Some(own))
    }
}

/// A key that is trusted to sign passes, and what is known of its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerKey {
    /// The id that passes name it by.
    pub kid: Kid,
    /// The key itself.
    pub key: PublicKey,
    /// What it may sign.
    pub usages: Usages,
    /// In which formats, and in whose name.
    pub scope: Scope,
    /// When it may sign; `None` when its set does not limit it.
    pub validity: Option<Validity>,
    /// From when on it is revoked, seconds UTC: passes that were issued at that moment or later, and
    /// those that do not say when, are refused. `None`: it is not.
    pub revoked_from: Option<i64>,
    /// Its owner's name, for people.
    pub issuer: String,
    /// ISO 3166-1 alpha-2 country, where one is given.
    pub country: Option<String>,
    /// A demo authority's key: every screen that trusts it says so.
    pub demo: bool,
}

/// The issuers' keys that are trusted here, and the device's own keys that open encrypted passes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<IssuerKey>,
    expires_at: Option<i64>,
    content: ContentKeys,
    certifications: Certifications,
}

impl KeySet {
    /// A set of these keys. Several may share a key id.
    pub fn new(mut keys: Vec<IssuerKey>) -> Self {
        keys.sort_by(|a, b| a.kid.cmp(&b.kid));
        Self { keys, ..Self::default() }
    }

    /// The same set, trusted until `at` (seconds UTC, inclusive) and no longer: after that
    /// nothing that its keys signed is accepted.
    pub fn until(self, at: i64) -> Self {
        Self { expires_at: Some(at), ..self }
    }

    /// The same set on a device that opens passes with these keys.
    pub fn with_content_keys(self, content: ContentKeys) -> Self {
        Self { content, ..self }
    }

    /// What opens encrypted passes here; never part of what is published.
    pub fn content_keys(&self) -> &ContentKeys {
        &self.content
    }

    /// What its keys were seen to have certified, by this set and its clones.
    pub(crate) fn certifications(&self) -> &Certifications {
        &self.certifications
    }

    /// The same set, with what another one has seen.
    #[cfg(test)]
    pub(crate) fn with_certifications_of(self, other: &Self) -> Self {
        Self { certifications: other.certifications.clone(), ..self }
    }

    /// The last second at which the set is trusted, UTC; `None` where nothing limits it.
    pub fn expires_at(&self) -> Option<i64> {
        self.expires_at
    }

    /// Every key with this id: ids are short hashes, and two issuers may share one.
    pub fn candidates(&self, kid: &[u8]) -> &[IssuerKey] {
        let start = self.keys.partition_point(|key| key.kid.0.as_slice() < kid);
        let len = self.keys[start..].partition_point(|key| key.kid.0 == kid);
        &self.keys[start..start + len]
    }

    /// All keys, in the order of their ids.
    pub fn keys(&self) -> &[IssuerKey] {
        &self.keys
    }
}

#[cfg(test)]
mod tests;
