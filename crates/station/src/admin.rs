//! What an admin may do.

use crate::keys::Seen;
use crate::store::Item;
use crate::view::{KeyChangeView, KeyView};
use crate::{Denied, Role, Settings, Station};

/// Shows that the admin is unlocked ([`Station::admin`]).
pub struct Admin<'a> {
    pub(crate) station: &'a mut Station,
    pub(crate) now: i64,
}

impl Admin<'_> {
    /// Gives a role its PIN, or another one, and ends its waiting. Nothing changes that cannot be logged.
    pub fn set_pin(&mut self, role: Role, pin: &str) -> Result<(), Denied> {
        if role == Role::Staff {
            return Err(Denied::Invalid("staff needs no PIN: choose another role".to_owned()));
        }
        self.station.keep_pin(role, pin, self.now)
    }

    /// Changes the settings, all of them or none. Ends the shift of an operator who is no longer among them,
    /// and begins with nobody inside where people were not counted before.
    pub fn change_settings(&mut self, settings: Settings) -> Result<(), Denied> {
        settings.check()?;
        let settings = settings.after(self.station.settings())?;
        Ok(self.station.settle(settings, self.now)?)
    }

    /// The trusted keys.
    pub fn keys(&self) -> Vec<KeyView> {
        let trusted = self.station.trusted();
        trusted.map(|trusted| trusted.keys.keys().iter().map(KeyView::new).collect()).unwrap_or_default()
    }

    /// Which keys came and went when the key set last changed, where this station saw it change.
    pub fn last_key_change(&self) -> Result<Option<KeyChangeView>, Denied> {
        let seen: Option<Seen> = self.station.store.get(Item::Keys)?;
        Ok(seen.and_then(|seen| seen.change).map(KeyChangeView::from))
    }
}
