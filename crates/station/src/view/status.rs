//! The station at a glance.

use std::ops::Range;

use std::collections::BTreeMap;

use credential::InMode;
use serde::Serialize;
use ts_rs::TS;

use super::rfc3339;
use crate::event::Role;
use crate::settings::Settings;
use crate::{KeyPlace, Station};

/// Below this many free bytes an admin should make room: some 850 000 entries of 309 bytes
/// (`cargo run --release -p scanlog --example append_speed`).
const LOW_STORAGE_BYTES: u64 = 256 * 1024 * 1024;
/// The longest local day: the one on which clocks are set back by an hour.
const DAY_SECONDS: i64 = 25 * 60 * 60;
const HOUR_SECONDS: i64 = 60 * 60;

/// What a station has to be told to say how it is. Staff see no history: of the spans, which the page
/// chooses, only one that holds `now` is counted, and only one no longer than a day or an hour is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Now, seconds UTC.
    pub now: i64,
    /// The local day that is to be counted, half-open, seconds UTC.
    pub day: Range<i64>,
    /// The hour that is to be counted, likewise.
    pub hour: Range<i64>,
    /// Free bytes of the file system that the log lies on, where that is known.
    pub free_bytes: Option<u64>,
}

/// People inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PeopleView {
    /// How many came in and did not leave.
    pub inside: u32,
    /// How many may be inside; null where there is no limit.
    pub capacity: Option<u32>,
}

/// Who is on shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct OperatorView {
    /// Their number, as in the log.
    pub number: u32,
    /// Their name.
    pub name: String,
}

/// The role that is unlocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SessionView {
    /// Which.
    pub role: Role,
    /// When it locks if nothing more is asked of it, RFC 3339.
    pub until: String,
}

/// Which roles have a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PinsView {
    /// The inspector has one.
    pub inspector: bool,
    /// The admin has one; without, the first who comes may set it.
    pub admin: bool,
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct DeniedView {
    /// A name to translate by.
    pub problem: Problem,
    /// In how many seconds another PIN may be tried; null where that is not it.
    #[ts(type = "number | null")]
    pub wait: Option<u64>,
    /// The reason, for a technician.
    pub detail: String,
}

/// What kept a station from doing something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The role is not unlocked, or not any more.
    Locked,
    /// The role has no PIN yet.
    NoPin,
    /// The PIN is wrong.
    WrongPin,
    /// Too many PINs were wrong: none is looked at before the wait is over.
    Blocked,
    /// No PIN can be like this: too short or too long.
    PinLength,
    /// No PIN can be like this: something else than digits.
    PinNotDigits,
    /// Too easy: one digit only.
    PinSameDigit,
    /// Too easy: digits in their order.
    PinRun,
    /// The first PIN has been set already.
    AlreadySet,
    /// What was asked for is out of its limits.
    Invalid,
    /// The station's files could not be read or written.
    Failed,
}

/// Verdicts counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct Counts {
    /// Accepted.
    #[ts(type = "number")]
    pub accepted: u64,
    /// Refused.
    #[ts(type = "number")]
    pub refused: u64,
    /// Could not be decided.
    #[ts(type = "number")]
    pub cannot_tell: u64,
}

/// The trusted key set at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct KeysView {
    /// Version of the signed set.
    #[ts(type = "number")]
    pub version: u64,
    /// How many issuer keys it holds.
    #[ts(type = "number")]
    pub count: usize,
    /// When it was signed, RFC 3339.
    pub signed_at: String,
    /// When it stops being trusted, RFC 3339.
    pub expires_at: String,
}

/// The policy that passes are judged by, at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PolicyView {
    /// What it is called, by language (`de`, `de-AT`).
    pub name: BTreeMap<String, String>,
    /// The identifier of the present mode.
    pub mode: String,
    /// What can be switched between, at least the present one.
    pub modes: Vec<ModeView>,
}

/// A mode of the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ModeView {
    /// Its identifier.
    pub id: String,
    /// What it is called, by language.
    pub title: BTreeMap<String, String>,
}

/// The scan log at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LogView {
    /// Entries in it.
    #[ts(type = "number")]
    pub entries: u64,
    /// Whether another can be written.
    pub writable: bool,
}

/// What staff should know of the station besides the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// No key set has been installed.
    NoKeys,
    /// The key set's signature has run out, or is older than an admin allows.
    KeysExpired,
    /// The key set was last signed for longer ago than an admin wants to be told of.
    KeysOld,
    /// The mode that was chosen is not in the policy any more: its default one is in force.
    ModeLost,
    /// The clock was set while the program ran.
    ClockJumped,
    /// Other users of this machine may read the device's secret key.
    KeyExposed,
    /// The clock is earlier than signed data that this device already holds.
    ClockBehind,
    /// The last entry could not be written: nothing is green until one can.
    LogNotWritable,
    /// The disk of the log is nearly full ([`LOW_STORAGE_BYTES`]).
    StorageLow,
    /// As many people are inside as may be.
    Full,
    /// What is accepted here cannot be read: nothing is green.
    PolicyUnreadable,
}

/// The station at a glance.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Status {
    /// The station's name.
    pub station: String,
    /// A demo authority is trusted here.
    pub demo: bool,
    /// The trusted keys; null when there are none.
    pub keys: Option<KeysView>,
    /// What is accepted here; null where no policy is installed, or none that can be read.
    pub policy: Option<PolicyView>,
    /// The scan log.
    pub log: LogView,
    /// Today's verdicts since the counters were begun.
    pub counts: Counts,
    /// This hour's verdicts since the counters were begun.
    pub hour: Counts,
    /// People inside; null where they are not counted.
    pub people: Option<PeopleView>,
    /// Who is on shift; null where nobody said so.
    pub operator: Option<OperatorView>,
    /// The role that is unlocked; null where only staff's work can be done.
    pub session: Option<SessionView>,
    /// Which roles have a PIN.
    pub pins: PinsView,
    /// Where the device's secret keys lie.
    pub device_key: KeyPlace,
    /// What an admin has set.
    pub settings: Settings,
    /// What staff should know.
    pub warnings: Vec<Warning>,
}

impl Moment {
    /// Whether a span of this moment may be counted.
    fn allows(&self, span: &Range<i64>, longest: i64) -> bool {
        span.contains(&self.now) && span.end.saturating_sub(span.start) <= longest
    }
}

impl PolicyView {
    /// A policy in its present mode.
    pub(crate) fn new(present: InMode<'_>) -> Self {
        let policy = present.policy();
        let mode = |mode: &credential::policy::Mode| ModeView {
            id: mode.id().to_owned(),
            title: mode.title().by_language().clone(),
        };
        Self {
            name: policy.name().by_language().clone(),
            mode: present.mode().id().to_owned(),
            modes: policy.modes().iter().map(mode).collect(),
        }
    }
}

impl From<scanlog::Counts> for Counts {
    fn from(counts: scanlog::Counts) -> Self {
        Self { accepted: counts.accepted, refused: counts.refused, cannot_tell: counts.cannot_tell }
    }
}

impl Status {
    /// The station at this moment.
    pub fn new(station: &Station, moment: &Moment) -> Self {
        let trusted = station.trusted();
        // A log that cannot even be read is one that nothing can be written to.
        let entries = station.entries().ok();
        let day = counts(station, moment, &moment.day, DAY_SECONDS);
        let hour = counts(station, moment, &moment.hour, HOUR_SECONDS);
        let writable = station.is_writable() && entries.is_some() && day.is_some() && hour.is_some();
        let people = station.people();
        Self {
            station: station.name().to_owned(),
            demo: trusted.is_some_and(|trusted| trusted.demo),
            keys: trusted.map(|trusted| KeysView {
                version: trusted.version,
                count: trusted.keys.keys().len(),
                signed_at: rfc3339(trusted.signed_at),
                expires_at: rfc3339(station.keys_usable_until().unwrap_or(trusted.expires_at)),
            }),
            policy: station.policy(),
            log: LogView { entries: entries.unwrap_or_default(), writable },
            counts: day.unwrap_or_default(),
            hour: hour.unwrap_or_default(),
            operator: station.operator(),
            session: station.session(moment.now),
            pins: station.pins(),
            device_key: station.key_place,
            settings: station.settings().clone(),
            warnings: warnings(station, moment, writable, people),
            people,
        }
    }
}

/// The verdicts of a span; none of one that is not to be counted, `None` where the log cannot be read.
fn counts(station: &Station, moment: &Moment, span: &Range<i64>, longest: i64) -> Option<Counts> {
    if moment.allows(span, longest) { station.counts(span.clone()).ok() } else { Some(Counts::default()) }
}

/// What staff should know besides the verdict.
fn warnings(station: &Station, moment: &Moment, writable: bool, people: Option<PeopleView>) -> Vec<Warning> {
    let full = people.is_some_and(|people| people.capacity.is_some_and(|most| people.inside >= most));
    let low = moment.free_bytes.is_some_and(|free| free < LOW_STORAGE_BYTES);
    let others = [(!writable, Warning::LogNotWritable), (low, Warning::StorageLow), (full, Warning::Full)];
    let others = others.into_iter().filter_map(|(is, warning)| is.then_some(warning));
    station.warnings(moment.now).into_iter().chain(others).collect()
}
