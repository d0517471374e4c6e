//! What the station trusts now, and for how long.

use std::path::Path;

use trust::{Store, Trusted};

use crate::{Error, Settings};

const DAY: i64 = 86_400;

/// The trust store and the set of it that is in use.
pub(crate) struct Trusting {
    pub(crate) store: Store,
    /// [`Store::edition`] when the set was loaded.
    edition: i64,
    pub(crate) set: Option<Trusted>,
}

impl Trusting {
    /// Loads what the store in this file holds.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let store = Store::open(path)?;
        let (edition, set) = (store.edition()?, store.load()?);
        Ok(Self { store, edition, set })
    }

    /// Loads it again.
    pub(crate) fn load(&mut self) -> Result<(), Error> {
        self.edition = self.store.edition()?;
        self.set = self.store.load()?;
        Ok(())
    }

    /// Whether another program has refreshed the keys since they were loaded.
    pub(crate) fn is_overtaken(&self) -> bool {
        self.store.edition().is_ok_and(|edition| edition != self.edition)
    }

    /// The last second at which what the keys signed is accepted, UTC: until the signatures for them run out, and no
    /// longer after the last of these than an admin allows. Age is known from signed time alone.
    pub(crate) fn usable_until(&self, settings: &Settings) -> Option<i64> {
        let set = self.set.as_ref()?;
        let allowed = i64::from(settings.keys_block_days) * DAY;
        let limit = (set.signed_at > 0).then(|| set.signed_at.saturating_add(allowed));
        Some(limit.map_or(set.expires_at, |limit| limit.min(set.expires_at)))
    }

    /// Whether the keys are older at `now` (seconds UTC) than an admin wants to be told of.
    pub(crate) fn is_old(&self, settings: &Settings, now: i64) -> bool {
        let days = i64::from(settings.keys_warn_days);
        self.set.as_ref().is_some_and(|set| set.signed_at > 0 && now - set.signed_at > days * DAY)
    }
}
