//! Counting what a report tells, with memory that does not grow with the log.

use std::collections::BTreeMap;

use scanlog::{NewEntry, Outcome};

/// The most days, reasons and operators that are told apart: more than a sheet can show. What comes beyond is counted
/// in the totals alone.
const MAX_KEYS: usize = 4000;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// How many scans came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Accepted.
    pub accepted: u64,
    /// Refused.
    pub refused: u64,
    /// The device could not decide.
    pub cannot_tell: u64,
}

/// What was counted.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    utc_offset: i64,
    /// All scans.
    pub scans: Counts,
    /// Scans by passes of a demo authority.
    pub demo: u64,
    /// Entries that are no scans, by name.
    pub events: BTreeMap<String, u64>,
    /// Scans by hour of the day.
    pub hours: [Counts; 24],
    /// Scans by day, counted from 1970.
    pub days: BTreeMap<i64, Counts>,
    /// Scans by hour, counted from 1970; empty where there are too many hours.
    pub by_hour: BTreeMap<i64, Counts>,
    /// Scans that were not accepted, by reason.
    pub reasons: BTreeMap<(&'static str, String), u64>,
    /// Scans by operator; without one: `None`.
    pub operators: BTreeMap<Option<u32>, Counts>,
    /// The first and the last time, seconds UTC.
    pub span: Option<(i64, i64)>,
}

impl Counts {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.accepted + self.refused + self.cannot_tell
    }

    /// The part that was refused, 0 to 1.
    pub fn refused_share(&self) -> f64 {
        if self.total() == 0 { 0.0 } else { self.refused as f64 / self.total() as f64 }
    }

    fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Accepted => self.accepted += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::CannotTell => self.cannot_tell += 1,
            Outcome::Event => {}
        }
    }
}

impl Summary {
    /// Nothing counted yet; local time is so many seconds ahead of UTC.
    pub fn new(utc_offset: i32) -> Self {
        Self { utc_offset: utc_offset.into(), ..Self::default() }
    }

    /// Counts an entry.
    pub fn add(&mut self, entry: &NewEntry) {
        let (first, last) = self.span.unwrap_or((entry.at, entry.at));
        self.span = Some((first.min(entry.at), last.max(entry.at)));
        if entry.outcome == Outcome::Event {
            return bump(&mut self.events, entry.reason.clone());
        }
        let local = entry.at.saturating_add(self.utc_offset);
        self.scans.add(entry.outcome);
        self.demo += u64::from(entry.demo);
        self.hours[(local.rem_euclid(DAY) / HOUR) as usize].add(entry.outcome);
        count(&mut self.days, local.div_euclid(DAY), entry.outcome);
        count(&mut self.by_hour, local.div_euclid(HOUR), entry.outcome);
        count(&mut self.operators, entry.operator, entry.outcome);
        if entry.outcome != Outcome::Accepted {
            bump(&mut self.reasons, (entry.outcome.name(), entry.reason.clone()));
        }
    }
}

fn count<K: Ord>(counts: &mut BTreeMap<K, Counts>, key: K, outcome: Outcome) {
    if counts.len() < MAX_KEYS || counts.contains_key(&key) {
        counts.entry(key).or_default().add(outcome);
    }
}

fn bump<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K) {
    if counts.len() < MAX_KEYS || counts.contains_key(&key) {
        *counts.entry(key).or_default() += 1;
    }
}
