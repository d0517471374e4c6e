//! Which keys came and went.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use trust::Trusted;

use crate::Error;
use crate::store::{Item, Store};
use crate::view::{KeyChangeView, rfc3339};

/// The key set that the station saw last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    version: u64,
    /// Ids in hexadecimal.
    kids: BTreeSet<String>,
    /// How it differed from the one before.
    pub(crate) change: Option<Change>,
}

/// How a key set differed from the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Change {
    version: u64,
    from_version: u64,
    signed_at: i64,
    added: Vec<String>,
    removed: Vec<String>,
}

/// Notices a key set of another version than the one that was seen before.
pub(crate) fn notice(store: &Store, trusted: &Trusted) -> Result<(), Error> {
    let before: Option<Seen> = store.get(Item::Keys)?;
    let seen = see(before.as_ref(), trusted);
    if before.as_ref() == Some(&seen) { Ok(()) } else { store.set(Item::Keys, &seen) }
}

fn see(before: Option<&Seen>, trusted: &Trusted) -> Seen {
    let kids: BTreeSet<String> = trusted.keys.keys().iter().map(|key| key.kid.to_string()).collect();
    let change = match before {
        Some(before) if before.version == trusted.version => before.change.clone(),
        Some(before) => Some(Change {
            version: trusted.version,
            from_version: before.version,
            signed_at: trusted.signed_at,
            added: kids.difference(&before.kids).cloned().collect(),
            removed: before.kids.difference(&kids).cloned().collect(),
        }),
        None => None,
    };
    Seen { version: trusted.version, kids, change }
}

impl From<Change> for KeyChangeView {
    fn from(change: Change) -> Self {
        Self {
            version: change.version,
            from_version: change.from_version,
            signed_at: rfc3339(change.signed_at),
            added: change.added,
            removed: change.removed,
        }
    }
}
