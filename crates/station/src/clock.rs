//! Whether the device's clock can be believed.

use std::time::Duration;

/// When this version was released, seconds UTC: no right clock shows an earlier time. Raised with each release.
pub const RELEASED_AT: i64 = 1_795_651_200;

/// By how many seconds the clock may part from the time that has passed: more than a crystal drifts in a fortnight,
/// and than time from a network corrects at once where it was right before. Our own limit.
const JUMP_SECONDS: i64 = 60;

/// What the clock shows, and how long the machine has run; read together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Seconds UTC, by the device's clock.
    pub now: i64,
    /// Since any moment that stays the same while the program runs.
    pub running: Duration,
    /// `running` counts sleep. Where it does not, a clock that goes ahead of it may have gone on while all slept.
    pub counts_sleep: bool,
}

/// Compares the clock with the time that has passed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch {
    /// No right clock shows an earlier time, seconds UTC.
    pub(crate) earliest: i64,
    since: Option<Reading>,
    /// The clock was set while the program ran, and nobody who may has looked after it.
    pub(crate) jumped: bool,
}

impl Default for Watch {
    fn default() -> Self {
        Self { earliest: i64::MIN, since: None, jumped: false }
    }
}

impl Watch {
    /// Looks at the clock; whether it has jumped since the last look that said so.
    pub(crate) fn look(&mut self, reading: Reading) -> bool {
        let since = *self.since.get_or_insert(reading);
        let passed = reading.running.saturating_sub(since.running).as_secs();
        let shown = reading.now.saturating_sub(since.now);
        let ahead = shown.saturating_sub_unsigned(passed);
        let jumps = ahead < -JUMP_SECONDS || ahead > JUMP_SECONDS && reading.counts_sleep;
        if ahead > JUMP_SECONDS {
            self.since = Some(reading);
        }
        if jumps {
            self.since = Some(reading);
            self.jumped = true;
        }
        jumps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(now: i64, running: u64) -> Reading {
        Reading { now, running: Duration::from_secs(running), counts_sleep: true }
    }

    #[test]
    fn a_clock_that_went_on_while_all_slept_has_not_jumped() {
        let mut watch = Watch::default();
        let awake = |now, running| Reading { counts_sleep: false, ..reading(now, running) };
        assert!([awake(0, 0), awake(30_000, 10), awake(30_010, 20)].iter().all(|now| !watch.look(*now)));
        assert!(watch.look(awake(30_010 - 71, 30)), "back");
    }

    #[test]
    fn a_clock_that_goes_with_the_time_does_not_jump_however_long() {
        let mut watch = Watch::default();
        for day in 0..14 {
            assert!(!watch.look(reading(1000 + day * 86_404, 50 + 86_400 * day as u64)), "day {day}");
        }
        assert!(!watch.jumped);
    }

    #[test]
    fn a_jump_either_way_is_told_once_and_remembered() {
        for (jump, jumps) in
            [(60, false), (61, true), (-60, false), (-61, true), (i64::MAX, true), (i64::MIN, true)]
        {
            let mut watch = Watch::default();
            assert!(!watch.look(reading(0, 0)));
            let told = watch.look(reading(100_i64.saturating_add(jump), 100));
            assert_eq!((told, watch.jumped), (jumps, jumps), "{jump}");
            assert!(!watch.look(reading(101_i64.saturating_add(jump), 101)), "{jump}: told again");
        }
    }

    #[test]
    fn small_steps_add_up() {
        let mut watch = Watch::default();
        let told: Vec<bool> = (0..8).map(|step| watch.look(reading(step * 20, step as u64 * 10))).collect();
        assert_eq!(told.iter().filter(|told| **told).count(), 1, "{told:?}");
    }
}
