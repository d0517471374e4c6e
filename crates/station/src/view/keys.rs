//! What an admin sees of the trusted keys.

use credential::{IssuerKey, PublicKey};
use serde::Serialize;
use ts_rs::TS;

use trust::Change;
use trust::change::{Edition, KeyLine, TargetLine};

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
    /// From when on it is revoked, RFC 3339; null where it is not.
    pub revoked_from: Option<String>,
    /// Of `vaccination`, `test`, `recovery` and `other` what it may sign; empty: all.
    pub usages: Vec<String>,
    /// What the formats are called that it may sign; empty: the EU's DCC alone.
    pub formats: Vec<String>,
    /// The issuer that its passes must name, escaped; null where any will do.
    pub iss: Option<String>,
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

/// What a refresh of the trusted keys changes, or would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RefreshView {
    /// The set in use; null before the first.
    pub from: Option<EditionView>,
    /// The set that is offered.
    pub to: EditionView,
    /// What is offered is in use already.
    pub unchanged: bool,
    /// Keys that are trusted from then on.
    pub added: Vec<KeyLineView>,
    /// Keys that are trusted no longer.
    pub removed: Vec<KeyLineView>,
    /// Keys with another owner, validity or usages.
    pub changed: Vec<KeyLineView>,
    /// Keys that are revoked from then on.
    pub revoked: Vec<KeyLineView>,
    /// Names of other files that come, go or change.
    pub files: Vec<String>,
}

/// One published state of an authority's keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EditionView {
    /// The key set's version.
    #[ts(type = "number")]
    pub version: u64,
    /// When the authority signed it, RFC 3339.
    pub signed_at: String,
    /// From when on it counts as too old, RFC 3339.
    pub expires_at: String,
    /// How many keys it has.
    pub keys: usize,
    /// A demo authority's.
    pub demo: bool,
}

/// A key that a refresh is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct KeyLineView {
    /// Its id, in hexadecimal.
    pub kid: String,
    /// Its owner's name, escaped.
    pub owner: String,
    /// ISO 3166-1 alpha-2 country, where one is given.
    pub country: Option<String>,
    /// From when on it is revoked, RFC 3339; null where it is not.
    pub revoked_from: Option<String>,
}

impl RefreshView {
    /// The plain form of a change.
    pub fn new(change: &Change) -> Self {
        let lines = |keys: &[KeyLine]| keys.iter().map(KeyLineView::new).collect();
        let files = [&change.targets.added, &change.targets.changed, &change.targets.removed];
        let name = |file: &TargetLine| credential::display::escape(&file.name);
        Self {
            from: change.from.as_ref().map(EditionView::new),
            to: EditionView::new(&change.to),
            unchanged: change.is_empty(),
            added: lines(&change.keys.added),
            removed: lines(&change.keys.removed),
            changed: lines(&change.keys.changed),
            revoked: lines(&change.keys.revoked),
            files: files.into_iter().flatten().map(name).collect(),
        }
    }
}

impl EditionView {
    fn new(edition: &Edition) -> Self {
        Self {
            version: edition.version,
            signed_at: rfc3339(edition.signed_at),
            expires_at: rfc3339(edition.expires_at),
            keys: edition.keys,
            demo: edition.demo,
        }
    }
}

impl KeyLineView {
    fn new(key: &KeyLine) -> Self {
        Self {
            kid: key.kid.clone(),
            owner: credential::display::escape(&key.issuer),
            country: key.country.clone(),
            revoked_from: key.revoked_from.map(rfc3339),
        }
    }
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
            revoked_from: key.revoked_from.map(rfc3339),
            usages: key.usages.names().map(str::to_owned).collect(),
            formats: key.scope.formats.iter().map(|format| format.title().to_owned()).collect(),
            iss: key.scope.issuer.as_deref().map(credential::display::escape),
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
