//! Scans counted by outcome and by time.

use crate::entry::Outcome;

/// The most buckets of [`Reader::statistics`](super::Reader::statistics): our own limit, a year's hours and more than a
/// screen is wide.
pub const MAX_BUCKETS: u32 = 10_000;

/// The scans of one bucket of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its first second, UTC.
    pub from: i64,
    /// How many scans had which outcome.
    pub counts: Counts,
}

/// How many scans had which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Accepted.
    pub accepted: u64,
    /// Refused.
    pub refused: u64,
    /// The device could not decide.
    pub cannot_tell: u64,
}

impl Counts {
    /// An outcome that is no scan is not counted.
    pub(super) fn add(&mut self, code: u8, count: u64) {
        let sum = match Outcome::from_code(code) {
            Some(Outcome::Accepted) => &mut self.accepted,
            Some(Outcome::Refused) => &mut self.refused,
            Some(Outcome::CannotTell) => &mut self.cannot_tell,
            Some(Outcome::Event) | None => return,
        };
        *sum = sum.saturating_add(count);
    }
}

/// The sum of numbers that nobody has proven yet.
pub(super) fn saturating_sum(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, u64::saturating_add)
}

/// The empty buckets of a span.
pub(super) fn buckets(from: i64, until: i64, bucket: u32) -> Option<Vec<Bucket>> {
    let span = until.checked_sub(from).filter(|&span| span >= 0)?;
    let width = i64::from(bucket);
    let count = span.checked_add(width.checked_sub(1)?)?.checked_div(width)?;
    let at = |place: i64| Bucket { from: from + place * width, counts: Counts::default() };
    (count <= i64::from(MAX_BUCKETS)).then(|| (0..count).map(at).collect())
}
