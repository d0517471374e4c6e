//! What happens to a station and is no scan. Each is an entry of the log:
//! its reason is the event's name, its stage the role that it is about.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who works with a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Scans. Needs no PIN and sees no history.
    Staff,
    /// Reads the log, proves it, exports it, resets the counters.
    Inspector,
    /// Changes settings and PINs, sees the trusted keys.
    Admin,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A role got its first PIN.
    PinSet,
    /// A role got another PIN.
    PinChanged,
    /// A wrong PIN was given.
    PinRefused,
    /// A right PIN was given.
    Unlocked,
    /// Settings were changed.
    SettingsChanged,
    /// The counters were begun anew.
    CountersReset,
    /// Another operator's shift began, or none's.
    ShiftBegan,
    /// Entries of the log were written to a file.
    Exported,
    /// Newer trusted keys were verified and are being taken into use.
    KeysRefreshed,
    /// A key that opens encrypted passes was added.
    ContentKeyAdded,
    /// A key that opens encrypted passes was removed.
    ContentKeyRemoved,
    /// The clock was set while the program ran.
    ClockJumped,
    /// Another mode of the policy was chosen; the entry's kind is the mode's identifier.
    ModeChanged,
    /// An inspector's device has cosigned the log's head.
    Cosigned,
    /// Scans were erased that are older than they are kept; the entry's kind says which.
    Purged,
}

/// The names of all events, as they stand in the log.
pub const EVENTS: [&str; 15] = [
    "pin_set",
    "pin_changed",
    "pin_refused",
    "unlocked",
    "settings_changed",
    "counters_reset",
    "shift_began",
    "exported",
    "keys_refreshed",
    "content_key_added",
    "content_key_removed",
    "clock_jumped",
    "mode_changed",
    "cosigned",
    scanlog::entry::PURGED,
];

impl Role {
    /// `staff`, `inspector` or `admin`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Inspector => "inspector",
            Self::Admin => "admin",
        }
    }
}

impl Event {
    /// Its name in the log.
    pub(crate) fn name(self) -> &'static str {
        // safe: one name for each variant, in their order
        EVENTS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_its_own_name() {
        assert_eq!(Event::PinSet.name(), "pin_set");
        assert_eq!(Event::PinRefused.name(), "pin_refused");
        assert_eq!(Event::ShiftBegan.name(), "shift_began");
        assert_eq!(Event::ContentKeyRemoved.name(), "content_key_removed");
        assert_eq!(Event::Purged.name(), EVENTS[EVENTS.len() - 1]);
    }
}
