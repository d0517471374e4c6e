//! What the station trusts now, and for how long.

use std::path::Path;

use credential::KeySet;
use trust::{Store, Trusted};

use crate::policy::{self, Installed};
use crate::{Error, Settings, Station, keys};

const DAY: i64 = 86_400;

/// The trust store and the set of it that is in use.
pub(crate) struct Trusting {
    pub(crate) store: Store,
    /// [`Store::edition`] of the set that is in force with all that came along; none where loading it did not come to
    /// its end.
    edition: Option<i64>,
    pub(crate) set: Option<Trusted>,
}

impl Trusting {
    /// Opens the store in this file; nothing of it is in force yet.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        Ok(Self { store: Store::open(path)?, edition: None, set: None })
    }

    /// Whether the store holds something else than what is in force: another program has refreshed the keys, or
    /// they could not be loaded the last time.
    fn is_overtaken(&self) -> bool {
        self.store.edition().is_ok_and(|edition| Some(edition) != self.edition)
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
        self.set
            .as_ref()
            .is_some_and(|set| set.signed_at > 0 && now.saturating_sub(set.signed_at) > days * DAY)
    }
}

impl Station {
    /// The active key set, where one has been installed.
    pub fn trusted(&self) -> Option<&Trusted> {
        self.trusting.set.as_ref()
    }

    /// The last second at which what the trusted keys signed is accepted here, UTC.
    pub fn keys_usable_until(&self) -> Option<i64> {
        self.keys.expires_at()
    }

    /// Puts in force what the trust store holds now: keys, revocation lists and policy together, or nothing of it.
    pub(crate) fn load_keys(&mut self) -> Result<(), Error> {
        self.trusting.edition = None;
        let (edition, set) = (self.trusting.store.edition()?, self.trusting.store.load()?);
        let policy = Installed::read(policy::document(set.as_ref()), &self.store)?;
        // What an admin is shown of it is no reason to go without keys.
        let _ = set.as_ref().map(|set| keys::notice(&self.store, set));
        self.install(policy);
        self.trusting.set = set;
        self.limit_keys();
        self.trusting.edition = Some(edition);
        Ok(())
    }

    /// Judges by the loaded keys for as long as the settings allow and no longer. A key set that is too old is shown as
    /// it is, but nothing that its keys signed is accepted.
    pub(crate) fn limit_keys(&mut self) {
        let until = self.trusting.usable_until(self.settings());
        let keys = self.trusted().map(|trusted| trusted.keys.clone()).unwrap_or_default();
        let keys = keys.with_content_keys(self.content_keys().clone());
        self.keys = match until {
            Some(until) => keys.until(until),
            None => keys,
        };
    }

    /// Another program may have refreshed the keys. Where they cannot be read, none is trusted any more, staff are told
    /// so, and it is tried again the next time.
    pub fn follow_refresh(&mut self) {
        if self.trusting.is_overtaken() && self.load_keys().is_err() {
            let none = KeySet::default().with_content_keys(self.content_keys().clone());
            (self.trusting.set, self.keys) = (None, none);
        }
    }
}
