//! What a store hands out.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use credential::KeySet;

use crate::revocations::Revocations;
use crate::tuf::Verified;

/// A key set and its other files, whose whole chain of signatures held when they were loaded.
#[derive(Clone, PartialEq, Eq)]
pub struct Trusted {
    /// The keys.
    pub keys: KeySet,
    /// The version of the key set; it only grows.
    pub version: u64,
    /// When the authority last signed for it, seconds UTC; 0 when nothing signed says when.
    pub signed_at: i64,
    /// From when on it counts as too old, seconds UTC.
    pub expires_at: i64,
    /// Whether a demo authority's key is among the keys: every screen says so.
    pub demo: bool,
    /// Who has been revoked; [`crate::Store::lookup`] makes of it what passes are judged against.
    pub revocations: Arc<Revocations>,
    contents: Arc<BTreeMap<String, Vec<u8>>>,
}

impl Trusted {
    pub(super) fn new(
        verified: Verified,
        contents: BTreeMap<String, Vec<u8>>,
        revocations: Revocations,
    ) -> Self {
        Self {
            version: verified.versions[2],
            signed_at: verified.signed_at,
            expires_at: verified.expires_at,
            demo: verified.document.keys.iter().any(|key| key.demo),
            keys: KeySet::new(verified.document.keys),
            revocations: Arc::new(revocations),
            contents: Arc::new(contents),
        }
    }

    /// The bytes of the target of this name, e.g. `policy.json`; `None` when the authority publishes none.
    pub fn target(&self, name: &str) -> Option<&[u8]> {
        self.contents.get(name).map(Vec::as_slice)
    }

    /// The names of all targets but lists of hashes, in their order, `keys.json` among them.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.contents.keys().map(String::as_str)
    }
}

impl fmt::Debug for Trusted {
    /// The files by their names only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trusted")
            .field("version", &self.version)
            .field("signed_at", &self.signed_at)
            .field("expires_at", &self.expires_at)
            .field("demo", &self.demo)
            .field("keys", &self.keys)
            .field("targets", &self.contents.keys())
            .finish()
    }
}
