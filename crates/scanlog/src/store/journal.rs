//! Questions about many entries: a journal by page, counts by time and reason.
//!
//! What is counted or looked for by time is answered from the index
//! `entry_by_time` alone, and a person from `entry_by_person`. The entries
//! themselves are read only to be handed out: those of one page, or, oldest
//! first, all that match.

use rusqlite::types::Value;
use rusqlite::{Params, Row as SqlRow, params_from_iter};

use super::reader::{clamp, unsigned};
use super::{MAX_PAGE, Reader, schema};
use crate::entry::{Entry, Outcome, is_word};
use crate::error::{At, Error};

/// The most buckets of [`Reader::statistics`]: our own limit, a year's hours and more than a screen is wide.
pub const MAX_BUCKETS: u32 = 10_000;

pub(super) const COUNT_SINCE: &str = "SELECT outcome, count(*) FROM entry
     WHERE at >= ?1 AND at < ?2 AND +position >= ?3 GROUP BY outcome";
pub(super) const LAST_ACCEPTED: &str = "SELECT at FROM entry
     WHERE person = ?1 AND at >= ?2 AND at <= ?3 AND outcome = 0 ORDER BY at DESC LIMIT 1";
pub(super) const BY_TIME: &str = "SELECT (at - ?1) / ?3, outcome, count(*) FROM entry
     WHERE at >= ?1 AND at < ?2 AND outcome < 3 GROUP BY 1, 2";
pub(super) const BY_REASON: &str = "SELECT outcome, reason, count(*) AS often FROM entry
     WHERE at >= ?1 AND at < ?2 GROUP BY outcome, reason ORDER BY often DESC, outcome, reason";

/// Which entries are asked for. The default asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// With `at` not before this, seconds UTC.
    pub from: Option<i64>,
    /// With `at` before this, seconds UTC.
    pub until: Option<i64>,
    /// Of one of these outcomes; of any where there is none.
    pub outcomes: Vec<Outcome>,
    /// Of this reason.
    pub reason: Option<String>,
    /// Of this operator's shifts.
    pub operator: Option<u32>,
}

/// A page of a journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its entries, newest first.
    pub entries: Vec<Entry>,
    /// How many entries match on all pages together.
    pub matching: u64,
    /// What `before` is for the page after it, where there is one.
    pub next: Option<u64>,
}

/// What happened in a span of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Scans by bucket of time, in order, empty ones too. Events are no scans.
    pub buckets: Vec<Bucket>,
    /// How often each reason was logged with which outcome, events too; the most frequent first.
    pub reasons: Vec<(Outcome, String, u64)>,
}

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

impl Reader {
    /// How many scans with `from <= at < until` (seconds UTC) had which outcome, of the entries from index
    /// `first` on.
    pub fn count_since(&self, first: u64, from: i64, until: i64) -> Result<Counts, Error> {
        let outcome = |row: &SqlRow<'_>| Ok((row.get(0)?, unsigned(row, 1)?));
        let mut counts = Counts::default();
        for (outcome, count) in self.rows(COUNT_SINCE, (from, until, clamp(first)), outcome)? {
            counts.add(outcome, count);
        }
        Ok(counts)
    }

    /// When this person was last accepted with `from <= at <= until` (seconds UTC).
    pub fn last_accepted(&self, person: &[u8; 32], from: i64, until: i64) -> Result<Option<i64>, Error> {
        let found = self.rows(LAST_ACCEPTED, (person.as_slice(), from, until), |row| row.get(0))?;
        Ok(found.into_iter().next())
    }

    /// The newest entries that match and have an index below `before`: at most
    /// `limit` of them, and [`MAX_PAGE`].
    pub fn journal(&self, filter: &Filter, before: Option<u64>, limit: u32) -> Result<Page, Error> {
        // One snapshot, so that the number and the page are of the same log.
        let _snapshot = self.connection.unchecked_transaction().at(&self.path)?;
        let limit = limit.clamp(1, MAX_PAGE);
        if *filter == Filter::default() {
            return self.newest_page(before, limit);
        }
        let (condition, mut values) =
            filter.condition(schema::has_operators(&self.connection).at(&self.path)?);
        let matching = self.rows(&count(&condition), params_from_iter(&values), |row| unsigned(row, 0))?;
        values.push(before.map_or(i64::MAX, clamp).into());
        let one_more = page(&condition, limit + 1);
        let indices = self.rows(&one_more, params_from_iter(&values), |row| unsigned(row, 0))?;
        let more = indices.len() > limit as usize;
        let entries = indices.iter().take(limit as usize).map(|index| self.one(*index));
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let next = entries.last().filter(|_| more).map(|entry| entry.index);
        Ok(Page { entries, matching: matching.into_iter().next().unwrap_or(0), next })
    }

    /// Calls `each` with every entry that matches, oldest first, for as long as it says so.
    pub fn for_each(&self, filter: &Filter, mut each: impl FnMut(Entry) -> bool) -> Result<(), Error> {
        let (condition, values) = filter.condition(schema::has_operators(&self.connection).at(&self.path)?);
        let sql = format!("SELECT {} FROM entry WHERE {condition} ORDER BY position", self.columns()?);
        self.stream(&sql, params_from_iter(&values), &mut each)
    }

    /// The scans of each `bucket` seconds in `from <= at < until` (seconds UTC), and how often each reason
    /// was logged. Refuses more than [`MAX_BUCKETS`] buckets.
    pub fn statistics(&self, from: i64, until: i64, bucket: u32) -> Result<Statistics, Error> {
        let mut buckets = buckets(from, until, bucket).ok_or(Error::Buckets)?;
        let _snapshot = self.connection.unchecked_transaction().at(&self.path)?;
        let number = |row: &SqlRow<'_>| Ok((row.get(0)?, row.get(1)?, unsigned(row, 2)?));
        for (place, outcome, count) in self.rows(BY_TIME, (from, until, bucket), number)? {
            let place: i64 = place;
            if let Some(bucket) = usize::try_from(place).ok().and_then(|place| buckets.get_mut(place)) {
                bucket.counts.add(outcome, count);
            }
        }
        let reason = |row: &SqlRow<'_>| Ok((row.get::<_, u8>(0)?, row.get(1)?, unsigned(row, 2)?));
        let mut reasons = vec![];
        for (code, reason, count) in self.rows(BY_REASON, (from, until), reason)? {
            let outcome = Outcome::from_code(code).ok_or_else(|| self.corrupt("an entry's outcome"))?;
            let reason = Some(reason).filter(|reason: &String| is_word(reason));
            reasons.push((outcome, reason.ok_or_else(|| self.corrupt("an entry's reason"))?, count));
        }
        Ok(Statistics { buckets, reasons })
    }

    /// The first page of all entries, or one after it: nothing is looked for.
    fn newest_page(&self, before: Option<u64>, limit: u32) -> Result<Page, Error> {
        let entries = self.newest(before, limit)?;
        let next = entries.last().map(|entry| entry.index).filter(|&last| last > 0);
        let next = next.filter(|_| entries.len() == limit as usize);
        Ok(Page { entries, matching: self.len()?, next })
    }

    fn one(&self, index: u64) -> Result<Entry, Error> {
        let found = self.entries(index, index.saturating_add(1))?;
        found.into_iter().next().ok_or_else(|| self.corrupt("an index names an entry that is not there"))
    }

    fn rows<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&SqlRow<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let mut statement = self.connection.prepare_cached(sql).at(&self.path)?;
        let rows = statement.query_map(params, read).at(&self.path)?;
        rows.collect::<rusqlite::Result<_>>().at(&self.path)
    }
}

/// How many entries match a condition.
pub(super) fn count(condition: &str) -> String {
    format!("SELECT count(*) FROM entry WHERE {condition}")
}

/// The highest indices of the entries that match a condition, below the value of a last place holder.
pub(super) fn page(condition: &str, limit: u32) -> String {
    format!(
        "SELECT position FROM entry WHERE {condition} AND +position < ?
         ORDER BY +position DESC LIMIT {limit}"
    )
}

impl Filter {
    /// The condition in SQL, with the values of its place holders. No text of the filter gets into the SQL.
    pub(super) fn condition(&self, has_operators: bool) -> (String, Vec<Value>) {
        let mut condition = "at >= ? AND at < ?".to_owned();
        let mut values: Vec<Value> = vec![self.from.unwrap_or(i64::MIN).into()];
        match self.until {
            Some(until) => values.push(until.into()),
            None => {
                // The end of time itself is included.
                condition = "at >= ? AND at <= ?".to_owned();
                values.push(i64::MAX.into());
            }
        }
        if !self.outcomes.is_empty() {
            let codes: Vec<String> = self.outcomes.iter().map(|outcome| outcome.code().to_string()).collect();
            condition += &format!(" AND outcome IN ({})", codes.join(", "));
        }
        if let Some(reason) = &self.reason {
            condition += " AND reason = ?";
            values.push(reason.clone().into());
        }
        if let Some(operator) = self.operator {
            condition += if has_operators { " AND operator = ?" } else { " AND NULL = ?" };
            values.push(i64::from(operator).into());
        }
        (condition, values)
    }
}

impl Counts {
    /// An outcome that is no scan is not counted.
    fn add(&mut self, code: u8, count: u64) {
        match Outcome::from_code(code) {
            Some(Outcome::Accepted) => self.accepted += count,
            Some(Outcome::Refused) => self.refused += count,
            Some(Outcome::CannotTell) => self.cannot_tell += count,
            Some(Outcome::Event) | None => {}
        }
    }
}

/// The empty buckets of a span.
fn buckets(from: i64, until: i64, bucket: u32) -> Option<Vec<Bucket>> {
    let span = until.checked_sub(from).filter(|&span| span >= 0)?;
    let width = i64::from(bucket);
    let count = span.checked_add(width.checked_sub(1)?)?.checked_div(width)?;
    let at = |place: i64| Bucket { from: from + place * width, counts: Counts::default() };
    (count <= i64::from(MAX_BUCKETS)).then(|| (0..count).map(at).collect())
}
