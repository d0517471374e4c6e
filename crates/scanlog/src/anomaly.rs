//! What in a log an inspector should look at: none of it makes the log unproven.
//!
//! Pure, over entries in their order; bounded in memory by [`MAX_PEOPLE`] and [`MAX_ANOMALIES`].

use std::collections::{HashMap, VecDeque};

use crate::entry::{Entry, Outcome};

/// The most anomalies that are listed; the others are passed over. Our own limit, more than anybody reads.
pub const MAX_ANOMALIES: usize = 1_000;
/// The most people who are watched at a time: our own limit, some 30 MB.
const MAX_PEOPLE: usize = 200_000;

const DAY: i64 = 86_400;
const MINUTE: i64 = 60;

/// From when on something is worth a look. All of the defaults are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// So many minutes the place's clocks are ahead of UTC.
    pub offset_minutes: i32,
    /// When the place opens and closes, minutes after midnight there; over midnight where the first is greater.
    pub opening: Option<(u32, u32)>,
    /// One person is accepted so often,
    pub person_times: u32,
    /// within so many seconds.
    pub person_seconds: i64,
    /// So many scans are refused one after another.
    pub refusals: u32,
    /// For so many seconds there is no entry, where no opening hours are known.
    pub gap_seconds: i64,
    /// The same within opening hours.
    pub open_gap_seconds: i64,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// One person was accepted again and again.
    SamePerson,
    /// Many scans were refused one after another.
    Refusals,
    /// Nothing was scanned for long.
    Gap,
    /// An entry's time is before that of the one before.
    ClockBack,
    /// The clock was set while the program ran.
    ClockJumped,
    /// Scans outside opening hours.
    OutsideHours,
}

/// One thing to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anomaly {
    /// What it is.
    pub what: What,
    /// The first entry of it, and its time in seconds UTC.
    pub from: (u64, i64),
    /// The last.
    pub to: (u64, i64),
    /// How many scans; of a gap and a step of the clock, how many minutes.
    pub count: u64,
}

/// A search under way: entries go in, in their order.
#[derive(Debug)]
pub struct Search {
    rules: Rules,
    found: Vec<Anomaly>,
    last: Option<(u64, i64)>,
    people: HashMap<[u8; 32], Visits>,
    refused: Run,
    outside: Run,
}

/// One person's last visits.
#[derive(Debug, Default)]
struct Visits {
    times: VecDeque<(u64, i64)>,
    /// Where they stand among what was found, while they go on.
    found: Option<usize>,
}

/// Entries of a kind one after another.
#[derive(Debug, Default)]
struct Run {
    from: (u64, i64),
    to: (u64, i64),
    count: u64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            offset_minutes: 0,
            opening: None,
            person_times: 4,
            person_seconds: 60 * MINUTE,
            refusals: 5,
            gap_seconds: DAY / 2,
            open_gap_seconds: DAY / 12,
        }
    }
}

impl What {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::SamePerson, Self::Refusals, Self::Gap, Self::ClockBack, Self::ClockJumped, Self::OutsideHours];

    /// Its name in `snake_case`.
    pub fn name(self) -> &'static str {
        match self {
            Self::SamePerson => "same_person",
            Self::Refusals => "refusals",
            Self::Gap => "gap",
            Self::ClockBack => "clock_back",
            Self::ClockJumped => "clock_jumped",
            Self::OutsideHours => "outside_hours",
        }
    }
}

impl Rules {
    /// Seconds of opening hours before this moment, counted from some moment long ago; all seconds count where no
    /// hours are known.
    fn open_before(&self, at: i64) -> i128 {
        let (local, day) = (i128::from(at) + i128::from(self.offset_minutes) * 60, i128::from(DAY));
        let Some((from, until)) = self.opening else { return local };
        let (from, until) = (i128::from(from) * 60, i128::from(until) * 60);
        let (days, second) = (local.div_euclid(day), local.rem_euclid(day));
        let between =
            |from: i128, until: i128| days * (until - from) + (second - from).clamp(0, until - from);
        if from <= until { between(from, until) } else { local - between(until, from) }
    }

    fn is_open(&self, at: i64) -> bool {
        self.open_before(at.saturating_add(1)) > self.open_before(at)
    }
}

impl Search {
    /// Begins.
    pub fn new(rules: Rules) -> Self {
        let (found, people) = (vec![], HashMap::new());
        Self { rules, found, last: None, people, refused: Run::default(), outside: Run::default() }
    }

    /// The next entry.
    pub fn push(&mut self, entry: &Entry) {
        let (content, here) = (&entry.content, (entry.index, entry.content.at));
        if let Some(last) = self.last {
            self.time(last, here);
        }
        self.last = Some(here);
        if content.outcome == Outcome::Event {
            if content.reason == "clock_jumped" {
                self.find(What::ClockJumped, here, here, 1);
            }
            return;
        }
        if content.outcome == Outcome::Refused {
            self.refused.push(here)
        } else {
            self.end_refusals()
        }
        if self.rules.is_open(here.1) {
            self.end_outside()
        } else {
            self.outside.push(here)
        }
        if let (Outcome::Accepted, Some(person)) = (content.outcome, content.person) {
            self.person(person, here);
        }
    }

    /// What was found, in the order of first entries.
    pub fn finish(mut self) -> Vec<Anomaly> {
        self.end_refusals();
        self.end_outside();
        self.found.sort_by_key(|anomaly| (anomaly.from, anomaly.to));
        self.found
    }

    fn time(&mut self, last: (u64, i64), here: (u64, i64)) {
        if here.1 < last.1 {
            let minutes = last.1.abs_diff(here.1) / MINUTE as u64;
            return self.find(What::ClockBack, last, here, minutes);
        }
        let open = self.rules.open_before(here.1) - self.rules.open_before(last.1);
        let rules = &self.rules;
        let most = if rules.opening.is_some() { rules.open_gap_seconds } else { rules.gap_seconds };
        if open > i128::from(most) {
            self.find(What::Gap, last, here, last.1.abs_diff(here.1) / MINUTE as u64);
        }
    }

    fn person(&mut self, person: [u8; 32], here: (u64, i64)) {
        let since = here.1.saturating_sub(self.rules.person_seconds);
        if self.people.len() >= MAX_PEOPLE {
            self.people.retain(|_, visits| visits.times.back().is_some_and(|last| last.1 >= since));
        }
        if self.people.len() >= MAX_PEOPLE {
            return;
        }
        let visits = self.people.entry(person).or_default();
        visits.times.retain(|time| time.1 >= since);
        visits.times.push_back(here);
        let often = visits.times.len() >= self.rules.person_times as usize;
        match visits.found.filter(|_| often) {
            Some(found) => {
                self.found[found].to = here;
                self.found[found].count += 1;
            }
            None if often && self.found.len() < MAX_ANOMALIES => {
                let (from, count) = (visits.times[0], visits.times.len() as u64);
                visits.found = Some(self.found.len());
                self.found.push(Anomaly { what: What::SamePerson, from, to: here, count });
            }
            None => visits.found = None,
        }
    }

    fn end_refusals(&mut self) {
        let run = std::mem::take(&mut self.refused);
        if run.count >= u64::from(self.rules.refusals) {
            self.find(What::Refusals, run.from, run.to, run.count);
        }
    }

    fn end_outside(&mut self) {
        let run = std::mem::take(&mut self.outside);
        if run.count > 0 {
            self.find(What::OutsideHours, run.from, run.to, run.count);
        }
    }

    fn find(&mut self, what: What, from: (u64, i64), to: (u64, i64), count: u64) {
        if self.found.len() < MAX_ANOMALIES {
            self.found.push(Anomaly { what, from, to, count });
        }
    }
}

impl Run {
    fn push(&mut self, here: (u64, i64)) {
        if self.count == 0 {
            self.from = here;
        }
        self.to = here;
        self.count += 1;
    }
}

#[cfg(test)]
mod tests;
