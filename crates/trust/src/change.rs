//! What a refresh changes, for whoever decides about it and for whoever looks afterwards.

use std::collections::BTreeMap;

use credential::{IssuerKey, Kid, PublicKey};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::hex;
use crate::target::KEYS;
use crate::tuf::{self, Files, Signed, Verified};

/// What differs between the set in use and the one that is offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The set in use; `None` before the first.
    pub from: Option<Edition>,
    /// The set that is offered; equal to `from` when there is nothing newer.
    pub to: Edition,
    /// Which issuers' keys come, go, or differ.
    pub keys: KeyChanges,
    /// Which other files come, go, or differ.
    pub targets: TargetChanges,
}

/// One published state of an authority's repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edition {
    /// The key set's version (that of the targets role); it only grows.
    pub version: u64,
    /// The root's version: it grows when those who sign change.
    pub root: u64,
    /// The timestamp's version: it grows when signatures are renewed.
    pub timestamp: u64,
    /// When the authority last signed for it, seconds UTC; 0 when nothing signed says when.
    pub signed_at: i64,
    /// From when on it counts as too old, seconds UTC.
    pub expires_at: i64,
    /// How many keys it has.
    pub keys: usize,
    /// Whether a demo authority's key is among them.
    pub demo: bool,
}

/// Keys that differ. One that has another id is another key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct KeyChanges {
    /// Trusted from now on.
    pub added: Vec<KeyLine>,
    /// Trusted no longer.
    pub removed: Vec<KeyLine>,
    /// With another owner, validity or usages, or revoked no longer.
    pub changed: Vec<KeyLine>,
    /// Revoked now, or from another moment on.
    pub revoked: Vec<KeyLine>,
}

/// A key by what people know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyLine {
    /// Its id, lower-case hexadecimal.
    pub kid: String,
    /// Its owner's name, as the set has it: escape it before it is shown.
    pub issuer: String,
    /// ISO 3166-1 alpha-2 country, where one is given.
    pub country: Option<String>,
    /// From when on it is revoked, seconds UTC; of one that is revoked no longer, as it was.
    pub revoked_from: Option<i64>,
    /// It was revoked, and is no longer.
    pub restored: bool,
    /// From when until when it may sign, seconds UTC, both inclusive; `None` where nothing limits it.
    pub validity: Option<(i64, i64)>,
    /// Of `vaccination`, `test`, `recovery` and `other` what it may sign; empty: all.
    pub usages: Vec<&'static str>,
    /// The formats that it may sign; empty: the one that every key may.
    pub formats: Vec<&'static str>,
    /// The issuer that its passes must name, as the set has it; `None`: any.
    pub iss: Option<String>,
    /// A demo authority's key.
    pub demo: bool,
    /// The public key's own [`fingerprint`].
    pub sha256: String,
}

/// Files besides the key set that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TargetChanges {
    /// New ones.
    pub added: Vec<TargetLine>,
    /// Those with other contents.
    pub changed: Vec<TargetLine>,
    /// Those that are there no longer.
    pub removed: Vec<TargetLine>,
}

/// A file that is published with the key set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TargetLine {
    /// Its name.
    pub name: String,
    /// Its length in bytes; of a removed one, as it was.
    pub length: usize,
    /// Its SHA-256, lower-case hexadecimal; of a removed one, as it was.
    pub sha256: String,
}

/// The SHA-256 of a public key, lower-case hexadecimal: of the 32 bytes of an Ed25519 key (RFC 8032), of the
/// SEC1 point as the set has it; of an RSA key the modulus's length in bytes (2 bytes, big-endian), modulus and exponent.
pub fn fingerprint(key: &PublicKey) -> String {
    hex::encode(&Sha256::digest(bytes(key)))
}

impl Change {
    /// From what is in use, if anything is, to what is offered. Each comes with its verified state.
    pub(crate) fn between(from: Option<(&Files, &Verified)>, to: (&Files, &Verified)) -> Self {
        let before = from.map_or(&[][..], |(_, verified)| &verified.document.keys);
        Self {
            from: from.map(|(_, verified)| Edition::of(verified)),
            to: Edition::of(to.1),
            keys: KeyChanges::between(before, &to.1.document.keys),
            targets: TargetChanges::between(from.map(|(files, _)| files), to.0),
        }
    }

    /// Whether what is offered is in use already.
    pub fn is_empty(&self) -> bool {
        self.from.as_ref() == Some(&self.to)
    }
}

impl Edition {
    fn of(verified: &Verified) -> Self {
        let [timestamp, _, version] = verified.versions;
        Self {
            version,
            root: verified.root.version,
            timestamp,
            signed_at: verified.signed_at,
            expires_at: verified.expires_at,
            keys: verified.document.keys.len(),
            demo: verified.document.keys.iter().any(|key| key.demo),
        }
    }
}

/// A key and its id; the entries of both sets that have them.
type Entries<'a> = BTreeMap<(&'a Kid, &'a [u8]), (Vec<&'a IssuerKey>, Vec<&'a IssuerKey>)>;

impl KeyChanges {
    pub(crate) fn between(before: &[IssuerKey], after: &[IssuerKey]) -> Self {
        let mut entries = Entries::new();
        for key in before {
            entries.entry((&key.kid, bytes(&key.key))).or_default().0.push(key);
        }
        for key in after {
            entries.entry((&key.kid, bytes(&key.key))).or_default().1.push(key);
        }
        let mut changes = Self::default();
        for (old, new) in entries.values().filter(|(old, new)| old != new) {
            changes.put(old, new);
        }
        changes
    }

    fn put(&mut self, old: &[&IssuerKey], new: &[&IssuerKey]) {
        let revoked = |keys: &[&IssuerKey]| keys.iter().filter_map(|key| key.revoked_from).min();
        let (list, keys) = match (old, new) {
            (_, []) => (&mut self.removed, old),
            _ if revoked(new).is_some() && revoked(new) != revoked(old) => (&mut self.revoked, new),
            ([], _) => (&mut self.added, new),
            _ => (&mut self.changed, new),
        };
        let revoked_from = revoked(new).or(revoked(old));
        let restored = !new.is_empty() && revoked(new).is_none() && revoked(old).is_some();
        // One key may stand in a set more than once, for one usage each.
        list.extend(keys.iter().map(|key| KeyLine { revoked_from, restored, ..KeyLine::of(key) }));
    }
}

impl KeyLine {
    fn of(key: &IssuerKey) -> Self {
        Self {
            kid: key.kid.to_string(),
            issuer: key.issuer.clone(),
            country: key.country.clone(),
            revoked_from: key.revoked_from,
            restored: false,
            validity: key.validity.map(|validity| (validity.not_before, validity.not_after)),
            usages: key.usages.names().collect(),
            formats: key.scope.formats.iter().map(|format| format.name()).collect(),
            iss: key.scope.issuer.clone(),
            demo: key.demo,
            sha256: fingerprint(&key.key),
        }
    }
}

impl TargetChanges {
    pub(crate) fn between(before: Option<&Files>, after: &Files) -> Self {
        let (old, new) = (before.map(listed).unwrap_or_default(), listed(after));
        let line = |(name, signed): (&String, &Signed)| TargetLine {
            name: name.clone(),
            length: signed.length,
            sha256: signed.hash.clone(),
        };
        let others = |(name, _): &(&String, &Signed)| *name != KEYS;
        Self {
            added: new.iter().filter(others).filter(|(name, _)| !old.contains_key(*name)).map(line).collect(),
            changed: new
                .iter()
                .filter(others)
                .filter(|(name, signed)| old.get(*name).is_some_and(|was| was != *signed))
                .map(line)
                .collect(),
            removed: old
                .iter()
                .filter(others)
                .filter(|(name, _)| !new.contains_key(*name))
                .map(line)
                .collect(),
        }
    }
}

/// What is signed of each target; what would be, where nothing is signed yet.
fn listed(files: &Files) -> BTreeMap<String, Signed> {
    let Some(current) = &files.current else { return BTreeMap::new() };
    let signed = |(name, bytes): (&String, &Vec<u8>)| {
        (name.clone(), Signed { length: bytes.len(), hash: hex::encode(&Sha256::digest(bytes)) })
    };
    tuf::listed(&current.targets).unwrap_or_else(|_| current.contents.iter().map(signed).collect())
}

fn bytes(key: &PublicKey) -> &[u8] {
    match key {
        PublicKey::Ed25519(key) => key.bytes(),
        PublicKey::P256(key) => key.bytes(),
        PublicKey::P384(key) => key.bytes(),
        PublicKey::Rsa(key) => key.bytes(),
    }
}

#[cfg(test)]
mod tests;
