//! What an admin sees of the trusted keys.

use credential::{IssuerKey, PublicKey};
use serde::Serialize;
use ts_rs::TS;

use super::rfc3339;

/// A trusted issuer's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct KeyView {
    /// The id that passes name it by, in hexadecimal.
    pub kid: String,
    /// Its owner's name, escaped.
    pub owner: String,
    /// ISO 3166-1 alpha-2 country, where one is given.
    pub country: Option<String>,
    /// `Ed25519`, `P-256`, `P-384` or `RSA`.
    pub algorithm: String,
    /// From when it may sign, RFC 3339; null where its set does not limit it.
    pub valid_from: Option<String>,
    /// Until when it may sign, RFC 3339; null where its set does not limit it.
    pub valid_until: Option<String>,
    /// Of `vaccination`, `test`, `recovery` and `other` what it may sign; empty: all.
    pub usages: Vec<String>,
    /// A demo authority's key.
    pub demo: bool,
}

/// Which keys came and went when the key set last changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct KeyChangeView {
    /// The version that the change came with.
    #[ts(type = "number")]
    pub version: u64,
    /// The version before.
    #[ts(type = "number")]
    pub from_version: u64,
    /// When the authority signed the newer one, RFC 3339.
    pub signed_at: String,
    /// Ids of the keys that came, in hexadecimal.
    pub added: Vec<String>,
    /// Ids of the keys that went, in hexadecimal.
    pub removed: Vec<String>,
}

impl KeyView {
    /// The plain form of a trusted key.
    pub fn new(key: &IssuerKey) -> Self {
        Self {
            kid: key.kid.to_string(),
            owner: credential::display::escape(&key.issuer),
            country: key.country.clone(),
            algorithm: algorithm(&key.key).to_owned(),
            valid_from: key.validity.map(|validity| rfc3339(validity.not_before)),
            valid_until: key.validity.map(|validity| rfc3339(validity.not_after)),
            usages: usages(key).map(str::to_owned).collect(),
            demo: key.demo,
        }
    }
}

fn algorithm(key: &PublicKey) -> &'static str {
    match key {
        PublicKey::Ed25519(_) => "Ed25519",
        PublicKey::P256(_) => "P-256",
        PublicKey::P384(_) => "P-384",
        PublicKey::Rsa(_) => "RSA",
    }
}

fn usages(key: &IssuerKey) -> impl Iterator<Item = &'static str> {
    let usages = key.usages;
    let named = [
        (usages.vaccination, "vaccination"),
        (usages.test, "test"),
        (usages.recovery, "recovery"),
        (usages.other, "other"),
    ];
    named.into_iter().filter_map(|(may, name)| may.then_some(name))
}
