//! What an admin sets for a station, within limits.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use credential::display::Suspicion;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// For how long an accepted pass may stay on the screen, in seconds.
pub(crate) const ACCEPTED_SECONDS: RangeInclusive<u32> = 1..=60;
/// For how long another verdict may stay on the screen, in seconds.
pub(crate) const REFUSED_SECONDS: RangeInclusive<u32> = 1..=120;
/// Within how many minutes the same person is told; 0 is off, and a day the most.
pub(crate) const REPEAT_MINUTES: RangeInclusive<u32> = 0..=24 * 60;
/// When staff are told that the keys are old, and when nothing is accepted by them any more: days after they were
/// last signed for. Our own limits, a year at the most.
pub(crate) const KEYS_DAYS: RangeInclusive<u32> = 1..=365;
/// For how many days scans are kept: our own limits, ten years at the most.
pub(crate) const KEEP_DAYS: RangeInclusive<u32> = 1..=3650;
/// Minutes of a day.
const MINUTES: RangeInclusive<u32> = 0..=24 * 60 - 1;
/// How many people may be inside at the most: our own limit, more than any hall takes.
pub(crate) const CAPACITY: RangeInclusive<u32> = 1..=1_000_000;
/// The most operators a station has: our own limit, so that a list of them fits a screen.
pub(crate) const MAX_OPERATORS: usize = 100;
/// The longest name of an operator, in characters: our own limit, one line of a screen.
pub(crate) const MAX_OPERATOR_NAME: usize = 60;
/// The longest name of a zone, in characters: as passes have it.
pub(crate) const MAX_ZONE: usize = credential::general::MAX_TEXT;

/// What an admin sets. Fields that this version does not know are passed over, missing ones have their default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// For how long an accepted pass stays on the screen, in seconds: 1 to 60.
    pub accepted_seconds: u32,
    /// For how long another verdict stays on the screen, in seconds: 1 to 120.
    pub refused_seconds: u32,
    /// Within how many minutes the same person is told: 0 (off) to 1440.
    pub repeat_minutes: u32,
    /// People inside are counted.
    pub count_people: bool,
    /// How many people may be inside: 1 to 1,000,000; null where there is no limit.
    pub capacity: Option<u32>,
    /// Staff are told that the keys are old so many days after they were last signed for: 1 to 365.
    pub keys_warn_days: u32,
    /// Nothing is accepted by keys that were last signed for more days ago: 1 to 365, no fewer than `keys_warn_days`.
    pub keys_block_days: u32,
    /// Scans are erased from the log so many days after: 1 to 3650.
    pub keep_days: u32,
    /// When the place opens, in minutes after midnight there: 0 to 1439; null where that is not said. An inspector is
    /// shown scans at other hours.
    pub open_from: Option<u32>,
    /// When it closes, likewise; before `open_from` where that is after midnight.
    pub open_until: Option<u32>,
    /// The window fills the screen and is not left by staff.
    pub kiosk: bool,
    /// Staff do not switch the policy's mode; an unlocked inspector or admin still does.
    pub mode_locked: bool,
    /// The zone that this station stands in, 1 to 80 characters: passes for other zones are refused. Null where it
    /// stands in none in particular.
    pub zone: Option<String>,
    /// Who works here, at most 100.
    pub operators: Vec<Operator>,
    /// The least number that no operator had yet. The station itself keeps it.
    pub next_operator: u32,
}

/// Somebody who works at the station. The log has the number, never the name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Operator {
    /// Their number in the log, given once.
    pub number: u32,
    /// Their name, 1 to 60 characters, for the station's own screens.
    pub name: String,
}

/// Why settings cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSettings {
    /// A number outside its limits.
    #[error("{field} is {value}: choose {min} to {max}", min = allowed.start(), max = allowed.end())]
    OutOfRange {
        /// Which setting.
        field: &'static str,
        /// What it was to be.
        value: u32,
        /// What it may be.
        allowed: RangeInclusive<u32>,
    },
    /// More operators than a station has.
    #[error("{0} operators: a station has at most {MAX_OPERATORS}")]
    TooManyOperators(usize),
    /// Two operators with one number.
    #[error("two operators have the number {0}: give each their own")]
    SameNumber(u32),
    /// A number that somebody had who is gone: the log still knows them by it.
    #[error("operator {number}: that number was somebody else's; choose {next} or more")]
    GivenBefore {
        /// The number.
        number: u32,
        /// The least that is free.
        next: u32,
    },
    /// A name that cannot be shown.
    #[error("operator {0} has no name of 1 to {MAX_OPERATOR_NAME} characters without line breaks")]
    BadName(u32),
    /// A zone that no pass can name.
    #[error(
        "the zone has to be 1 to {MAX_ZONE} visible characters without spaces around them: type it as the passes have it"
    )]
    BadZone,
    /// A name that makes what stands around it read otherwise.
    #[error(
        "the name of operator {0} holds hidden characters that turn the direction of reading: type it anew"
    )]
    TurnedName(u32),
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            accepted_seconds: 8,
            refused_seconds: 12,
            repeat_minutes: 15,
            count_people: false,
            capacity: None,
            keys_warn_days: 7,
            keys_block_days: 28,
            keep_days: 30,
            open_from: None,
            open_until: None,
            kiosk: false,
            mode_locked: false,
            zone: None,
            operators: vec![],
            next_operator: 1,
        }
    }
}

impl Settings {
    /// Whether these can be chosen: every setting within its limits, every name as it looks.
    pub fn check(&self) -> Result<(), BadSettings> {
        self.check_limits()?;
        let turned = self.operators.iter().find(|operator| operator.is_turned());
        turned.map_or(Ok(()), |operator| Err(BadSettings::TurnedName(operator.number)))
    }

    /// Whether these can be worked with: every setting within its limits.
    pub(crate) fn check_limits(&self) -> Result<(), BadSettings> {
        within("accepted_seconds", self.accepted_seconds, ACCEPTED_SECONDS)?;
        within("refused_seconds", self.refused_seconds, REFUSED_SECONDS)?;
        within("repeat_minutes", self.repeat_minutes, REPEAT_MINUTES)?;
        within("keys_warn_days", self.keys_warn_days, KEYS_DAYS)?;
        within("keys_block_days", self.keys_block_days, self.keys_warn_days..=*KEYS_DAYS.end())?;
        within("keep_days", self.keep_days, KEEP_DAYS)?;
        for (field, minute) in [("open_from", self.open_from), ("open_until", self.open_until)] {
            minute.map_or(Ok(()), |minute| within(field, minute, MINUTES))?;
        }
        self.capacity.map_or(Ok(()), |capacity| within("capacity", capacity, CAPACITY))?;
        if self.zone.as_deref().is_some_and(|zone| !is_zone(zone)) {
            return Err(BadSettings::BadZone);
        }
        if self.operators.len() > MAX_OPERATORS {
            return Err(BadSettings::TooManyOperators(self.operators.len()));
        }
        let mut numbers = HashSet::new();
        self.operators.iter().try_for_each(|operator| {
            operator.check()?;
            let new = numbers.insert(operator.number);
            if new { Ok(()) } else { Err(BadSettings::SameNumber(operator.number)) }
        })
    }

    /// These settings in the place of those `before`: a number that was given once goes to nobody else.
    pub(crate) fn after(mut self, before: &Self) -> Result<Self, BadSettings> {
        let next = before.next_operator;
        let numbers = || self.operators.iter().map(|operator| operator.number);
        if let Some(number) = numbers().find(|&number| number < next && before.operator(number).is_none()) {
            return Err(BadSettings::GivenBefore { number, next });
        }
        self.next_operator = numbers().map(|number| number.saturating_add(1)).fold(next, u32::max);
        Ok(self)
    }

    /// The operator with this number.
    pub fn operator(&self, number: u32) -> Option<&Operator> {
        self.operators.iter().find(|operator| operator.number == number)
    }
}

impl Operator {
    fn check(&self) -> Result<(), BadSettings> {
        let fits = self.name.chars().count() <= MAX_OPERATOR_NAME && !self.name.trim().is_empty();
        let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        let plain = !self.name.chars().any(breaks);
        if fits && plain { Ok(()) } else { Err(BadSettings::BadName(self.number)) }
    }

    /// Letters of Arabic and Hebrew turn by themselves, and only so far as they reach.
    fn is_turned(&self) -> bool {
        credential::display::suspicious(&self.name).contains(&Suspicion::Bidi)
    }
}

/// Whether a pass can name it, and it can be seen in full.
fn is_zone(zone: &str) -> bool {
    let hidden = |found: &Suspicion| *found != Suspicion::MixedScripts;
    (1..=MAX_ZONE).contains(&zone.chars().count())
        && zone == zone.trim()
        && !credential::display::suspicious(zone).iter().any(hidden)
}

fn within(field: &'static str, value: u32, allowed: RangeInclusive<u32>) -> Result<(), BadSettings> {
    if allowed.contains(&value) { Ok(()) } else { Err(BadSettings::OutOfRange { field, value, allowed }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl FnOnce(&mut Settings)) -> Result<(), BadSettings> {
        let mut settings = Settings::default();
        change(&mut settings);
        settings.check()
    }

    fn operators(names: impl IntoIterator<Item = String>) -> Vec<Operator> {
        (1..).zip(names).map(|(number, name)| Operator { number, name }).collect()
    }

    #[test]
    fn limits_are_taken_and_what_is_outside_is_named() {
        let out = |field, value, allowed| Err(BadSettings::OutOfRange { field, value, allowed });
        for seconds in [1, 4, 60] {
            assert_eq!(with(|settings| settings.accepted_seconds = seconds), Ok(()));
        }
        for seconds in [0, 61, u32::MAX] {
            let refused = with(|settings| settings.accepted_seconds = seconds);
            assert_eq!(refused, out("accepted_seconds", seconds, 1..=60));
        }
        assert_eq!(with(|settings| settings.refused_seconds = 120), Ok(()));
        assert_eq!(with(|settings| settings.refused_seconds = 121), out("refused_seconds", 121, 1..=120));
        assert_eq!(with(|settings| settings.repeat_minutes = 0), Ok(()));
        assert_eq!(with(|settings| settings.repeat_minutes = 1441), out("repeat_minutes", 1441, 0..=1440));
        assert_eq!(with(|settings| settings.capacity = Some(0)), out("capacity", 0, 1..=1_000_000));
        let over = with(|settings| settings.capacity = Some(1_000_001));
        assert_eq!(over, out("capacity", 1_000_001, 1..=1_000_000));
        assert_eq!(with(|settings| settings.capacity = Some(1)), Ok(()));
        assert_eq!(with(|settings| settings.keep_days = 0), out("keep_days", 0, 1..=3650));
        assert_eq!(with(|settings| settings.keep_days = 3650), Ok(()));
        assert_eq!(with(|settings| settings.open_from = Some(1440)), out("open_from", 1440, 0..=1439));
        assert_eq!(with(|settings| settings.open_until = Some(1439)), Ok(()));
        assert_eq!(with(|settings| settings.keys_warn_days = 0), out("keys_warn_days", 0, 1..=365));
        assert_eq!(with(|settings| settings.keys_block_days = 6), out("keys_block_days", 6, 7..=365));
        assert_eq!(with(|settings| settings.keys_block_days = 7), Ok(()));
        assert_eq!(with(|settings| settings.keys_block_days = 366), out("keys_block_days", 366, 7..=365));
    }

    #[test]
    fn a_zone_is_one_that_can_be_seen() {
        let zone = |zone: &str| with(|settings| settings.zone = Some(zone.to_owned()));
        for good in ["A", "Сектор Б", "VIP 2", &"x".repeat(80)] {
            assert_eq!(zone(good), Ok(()), "{good}");
        }
        for bad in ["", " ", "A ", "A\nB", "A\u{200b}", "\u{202e}A", &"x".repeat(81)] {
            assert_eq!(zone(bad), Err(BadSettings::BadZone), "{bad:?}");
        }
    }

    #[test]
    fn operators_have_a_number_of_their_own_and_a_name_that_can_be_shown() {
        let names = |names: Vec<String>| with(|settings| settings.operators = operators(names));
        assert_eq!(names(vec!["Ольга".into(), "я".repeat(60)]), Ok(()));
        for bad in ["", "  ", "a\nb", "a\u{2028}b", &"a".repeat(61)] {
            assert_eq!(names(vec![bad.into()]), Err(BadSettings::BadName(1)), "{bad:?}");
        }
        assert_eq!(names(vec!["a".into(); 100]), Ok(()));
        assert_eq!(names(vec!["a".into(); 101]), Err(BadSettings::TooManyOperators(101)));
        let twice = vec![Operator { number: 7, name: "a".into() }, Operator { number: 7, name: "b".into() }];
        assert_eq!(with(|settings| settings.operators = twice), Err(BadSettings::SameNumber(7)));
    }

    #[test]
    fn a_name_that_turns_the_direction_of_reading_is_not_taken() {
        let with_name = |name: String| with(|settings| settings.operators = operators([name]));
        let controls = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
        for turning in controls.chain(['\u{200e}', '\u{200f}', '\u{61c}']) {
            let refused = with_name(format!("Ann{turning}a"));
            assert_eq!(refused, Err(BadSettings::TurnedName(1)), "{turning:?}");
        }
        for name in ["عمر", "דוד", "Ольга"] {
            assert_eq!(with_name(name.to_owned()), Ok(()), "{name}");
        }
    }

    #[test]
    fn a_number_is_given_once_and_its_operator_may_keep_it() {
        let with = |numbers: &[u32]| Settings {
            operators: numbers.iter().map(|&number| Operator { number, name: "a".into() }).collect(),
            ..Settings::default()
        };
        let two = with(&[1, 2]).after(&Settings::default()).unwrap();
        assert_eq!(two.next_operator, 3);
        let one = with(&[1]).after(&two).unwrap();
        assert_eq!(one.next_operator, 3);
        let again = with(&[1, 2]).after(&one);
        assert_eq!(again, Err(BadSettings::GivenBefore { number: 2, next: 3 }));
        assert_eq!(with(&[1, 3]).after(&one).unwrap().next_operator, 4);
        assert_eq!(with(&[u32::MAX]).after(&one).unwrap().next_operator, u32::MAX);
    }

    #[test]
    fn unknown_fields_are_passed_over_and_missing_ones_have_their_default() {
        let settings: Settings = serde_json::from_str(r#"{"kiosk": true, "from_the_future": [1]}"#).unwrap();
        assert_eq!(settings, Settings { kiosk: true, ..Settings::default() });
    }
}
