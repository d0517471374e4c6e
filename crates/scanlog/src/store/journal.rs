//! Questions about many entries: a journal by page, counts by time and reason.
//!
//! Which blocks of entries hold what is asked for, their tallies tell (`tally`);
//! entries are read to be handed out, and where a block lies across the end of a
//! span. A day's tallies are found by the index `tally_by_time`, and a person by
//! `entry_by_person`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value;
use rusqlite::{Params, Row as SqlRow, params_from_iter};

use super::count::{Bucket, Counts, buckets, saturating_sum};
use super::reader::{clamp, unsigned};
use super::tally::{self, Kind, Tally};
use super::{MAX_PAGE, Reader, schema};
use crate::entry::{Entry, Outcome, is_word};
use crate::error::{At, Error};

/// How many of each outcome a block has that reaches into a span, and whether it lies across one of its ends.
pub(super) const COUNT_SINCE: &str = "SELECT block, outcome, count, first_at < ?1 OR last_at >= ?2
     FROM tally INDEXED BY tally_by_time WHERE last_at >= ?1 AND first_at < ?2 AND block >= ?3";
pub(super) const LAST_ACCEPTED: &str = "SELECT at FROM entry
     WHERE person = ?1 AND at >= ?2 AND at <= ?3 AND outcome = 0 ORDER BY at DESC LIMIT 1";

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

impl Reader {
    /// How many scans with `from <= at < until` (seconds UTC) had which outcome, of the entries from index
    /// `first` on.
    pub fn count_since(&self, first: u64, from: i64, until: i64) -> Result<Counts, Error> {
        let _snapshot = self.held()?;
        let mut counts = Counts::default();
        if !schema::has_tallies_by_time(&self.connection).at(&self.path)? {
            self.count_entries(&mut counts, (clamp(first), i64::MAX), (from, until))?;
            return Ok(counts);
        }
        let tally = |row: &SqlRow<'_>| {
            Ok((unsigned(row, 0)?, row.get(1)?, unsigned(row, 2)?, row.get::<_, bool>(3)?))
        };
        let block_of_first = clamp(tally::block(first));
        let tallies = self.rows(COUNT_SINCE, (from, until, block_of_first), tally)?;
        let mut across: BTreeSet<u64> =
            tallies.iter().filter(|(.., across)| *across).map(|(block, ..)| *block).collect();
        // What begins amid a block is not what its tallies count.
        across.extend(tallies.iter().map(|(block, ..)| *block).find(|block| *block == tally::block(first)));
        for (block, outcome, count, _) in tallies {
            if !across.contains(&block) {
                counts.add(outcome, count);
            }
        }
        for block in across {
            let (begin, end) = tally::bounds(block);
            self.count_entries(&mut counts, (begin.max(clamp(first)), end), (from, until))?;
        }
        Ok(counts)
    }

    /// Adds the entries of `begin <= position < end` with `from <= at < until`, one by one.
    fn count_entries(
        &self,
        counts: &mut Counts,
        (begin, end): (i64, i64),
        (from, until): (i64, i64),
    ) -> Result<(), Error> {
        let sql = "SELECT outcome, count(*) FROM entry NOT INDEXED
             WHERE position >= ?1 AND position < ?2 AND at >= ?3 AND at < ?4 GROUP BY outcome";
        let outcome = |row: &SqlRow<'_>| Ok((row.get(0)?, unsigned(row, 1)?));
        for (outcome, count) in self.rows(sql, (begin, end, from, until), outcome)? {
            counts.add(outcome, count);
        }
        Ok(())
    }

    /// From the first to behind the last index of the entries with `from <= at < until` (seconds UTC); `None`
    /// where there is none. Where the clock went backwards there may be others between them. Without `from` it
    /// begins where the log does, so that erased ones at its beginning are within.
    pub fn span(&self, from: Option<i64>, until: Option<i64>) -> Result<Option<(u64, u64)>, Error> {
        let _snapshot = self.held()?;
        let filter = Filter { from, until, ..Filter::default() };
        let mut blocks = self.blocks(&filter)?;
        blocks.retain(|block| block.matching > 0);
        let Some((newest, oldest)) = blocks.first().zip(blocks.last()) else { return Ok(None) };
        let last = self.edge(newest, &filter, "max")?;
        let first = if from.is_some() { self.edge(oldest, &filter, "min")? } else { 0 };
        Ok(Some((first, last + 1)))
    }

    /// The least (`min`) or greatest (`max`) index that matches in a block that holds one.
    fn edge(&self, block: &Block, filter: &Filter, edge: &str) -> Result<u64, Error> {
        let (condition, mut values) = self.condition(filter)?;
        let (first, end) = tally::bounds(block.number);
        values.extend([first.into(), end.into()]);
        let sql = format!(
            "SELECT {edge}(position) FROM entry NOT INDEXED
             WHERE {condition} AND position >= ? AND position < ?"
        );
        let found = self.rows(&sql, params_from_iter(values), |row| unsigned(row, 0))?;
        found.into_iter().next().ok_or_else(|| self.corrupt("a tally"))
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
        let _snapshot = self.held()?;
        let limit = limit.clamp(1, MAX_PAGE);
        if *filter == Filter::default() {
            return self.newest_page(before, limit);
        }
        let blocks = self.blocks(filter)?;
        let matching = saturating_sum(blocks.iter().map(|block| block.matching));
        let indices = self.newest_in(&blocks, filter, before, limit + 1)?;
        let more = indices.len() > limit as usize;
        let entries = indices.iter().take(limit as usize).map(|index| self.one(*index));
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let next = entries.last().filter(|_| more).map(|entry| entry.index);
        Ok(Page { entries, matching, next })
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
        let _snapshot = self.held()?;
        let mut reasons: BTreeMap<(u8, String), u64> = BTreeMap::new();
        let place = |at: i64| at.abs_diff(from) / u64::from(bucket.max(1));
        let mut count = |place: u64, outcome: u8, reason: String, count: u64| {
            let sum = reasons.entry((outcome, reason)).or_default();
            *sum = sum.saturating_add(count);
            if let Some(bucket) = usize::try_from(place).ok().and_then(|place| buckets.get_mut(place)) {
                bucket.counts.add(outcome, count);
            }
        };
        let mut across = vec![];
        for (kind, tally) in self.tallies(from, until)? {
            let within = tally.first_at >= from && tally.last_at < until;
            if within && place(tally.first_at) == place(tally.last_at) {
                count(place(tally.first_at), kind.outcome, kind.reason, tally.count);
            } else {
                across.push((kind, tally));
            }
        }
        for (kind, _) in across {
            for at in self.times(&kind, from, until)? {
                count(place(at), kind.outcome, kind.reason.clone(), 1);
            }
        }
        let mut counted = vec![];
        for ((code, reason), count) in reasons {
            let outcome = Outcome::from_code(code).ok_or_else(|| self.corrupt("an entry's outcome"))?;
            let reason = Some(reason).filter(|reason| is_word(reason));
            counted.push((outcome, reason.ok_or_else(|| self.corrupt("an entry's reason"))?, count));
        }
        counted.sort_by_key(|(outcome, _, count)| (Reverse(*count), outcome.code()));
        Ok(Statistics { buckets, reasons: counted })
    }

    /// The tallies that hold anything of `from <= at < until`.
    fn tallies(&self, from: i64, until: i64) -> Result<Vec<(Kind, Tally)>, Error> {
        let tallies = tally::source(&self.connection).at(&self.path)?;
        let sql = format!(
            "SELECT block, outcome, reason, operator, count, first_at, last_at FROM {tallies}
             WHERE +last_at >= ?1 AND first_at < ?2"
        );
        self.rows(&sql, (from, until), tally::read)
    }

    /// The times of the entries of one kind.
    fn times(&self, kind: &Kind, from: i64, until: i64) -> Result<Vec<i64>, Error> {
        let operator =
            if schema::has_operators(&self.connection).at(&self.path)? { "operator" } else { "NULL" };
        let sql = format!(
            "SELECT at FROM entry NOT INDEXED WHERE position >= ?1 AND position < ?2 AND at >= ?3 AND at < ?4
             AND outcome = ?5 AND reason = ?6 AND ifnull({operator}, -1) = ?7"
        );
        let (first, end) = tally::bounds(kind.block);
        let params = (first, end, from, until, kind.outcome, &kind.reason, kind.operator);
        self.rows(&sql, params, |row| row.get(0))
    }

    /// The blocks that hold what a filter wants, newest first, and how many of it.
    fn blocks(&self, filter: &Filter) -> Result<Vec<Block>, Error> {
        let tallies = tally::source(&self.connection).at(&self.path)?;
        let (from, until) = (filter.from.unwrap_or(i64::MIN), filter.until.unwrap_or(i64::MAX));
        // The end of time itself is included where there is no end.
        let open = filter.until.is_none();
        let mut sql = format!(
            "SELECT block, sum(count), max(first_at < ?1 OR (last_at >= ?2 AND NOT ?3)) FROM {tallies}
             WHERE +last_at >= ?1 AND (first_at < ?2 OR ?3)"
        );
        let mut values: Vec<Value> = vec![from.into(), until.into(), open.into()];
        filter.narrow(&mut sql, &mut values, "operator");
        sql += " GROUP BY block ORDER BY block DESC";
        let block = |row: &SqlRow<'_>| Ok((unsigned(row, 0)?, unsigned(row, 1)?, row.get::<_, bool>(2)?));
        let mut blocks = vec![];
        for (number, counted, across) in self.rows(&sql, params_from_iter(values), block)? {
            let matching = if across { self.count_in(number, filter)? } else { counted };
            blocks.push(Block { number, matching });
        }
        Ok(blocks)
    }

    fn count_in(&self, block: u64, filter: &Filter) -> Result<u64, Error> {
        let (condition, mut values) = self.condition(filter)?;
        let (first, end) = tally::bounds(block);
        values.extend([first.into(), end.into()]);
        let sql = format!(
            "SELECT count(*) FROM entry NOT INDEXED WHERE {condition} AND position >= ? AND position < ?"
        );
        let counted = self.rows(&sql, params_from_iter(values), |row| unsigned(row, 0))?;
        Ok(counted.into_iter().next().unwrap_or(0))
    }

    /// The highest indices below `before` that match, from as few blocks as hold them.
    fn newest_in(
        &self,
        blocks: &[Block],
        filter: &Filter,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<u64>, Error> {
        let (condition, values) = self.condition(filter)?;
        let sql = format!(
            "SELECT position FROM entry NOT INDEXED WHERE {condition} AND position >= ? AND position < ?
             ORDER BY position DESC LIMIT ?"
        );
        let before = before.map_or(i64::MAX, clamp);
        let mut found = vec![];
        for block in blocks.iter().filter(|block| block.matching > 0) {
            let (first, end) = tally::bounds(block.number);
            let left = i64::from(limit) - found.len() as i64;
            if left <= 0 {
                break;
            }
            if first < before {
                let mut values = values.clone();
                values.extend([first.into(), end.min(before).into(), left.into()]);
                found.extend(self.rows(&sql, params_from_iter(values), |row| unsigned(row, 0))?);
            }
        }
        Ok(found)
    }

    fn condition(&self, filter: &Filter) -> Result<(String, Vec<Value>), Error> {
        Ok(filter.condition(schema::has_operators(&self.connection).at(&self.path)?))
    }

    /// The first page of all entries, or one after it: nothing is looked for.
    fn newest_page(&self, before: Option<u64>, limit: u32) -> Result<Page, Error> {
        let entries = self.newest(before, limit)?;
        let next = entries.last().map(|entry| entry.index).filter(|&last| last > 0);
        let next = next.filter(|_| entries.len() == limit as usize);
        let erased = saturating_sum(self.purges()?.iter().map(|(_, purge)| purge.erased));
        Ok(Page { entries, matching: self.len()?.saturating_sub(erased), next })
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

/// A block that holds what a filter wants, and how many of it.
struct Block {
    number: u64,
    matching: u64,
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
        self.narrow(&mut condition, &mut values, if has_operators { "operator" } else { "NULL" });
        (condition, values)
    }

    /// What it wants besides times.
    fn narrow(&self, condition: &mut String, values: &mut Vec<Value>, operator_column: &str) {
        if !self.outcomes.is_empty() {
            let codes: Vec<String> = self.outcomes.iter().map(|outcome| outcome.code().to_string()).collect();
            *condition += &format!(" AND outcome IN ({})", codes.join(", "));
        }
        if let Some(reason) = &self.reason {
            *condition += " AND reason = ?";
            values.push(reason.clone().into());
        }
        if let Some(operator) = self.operator {
            *condition += &format!(" AND {operator_column} = ?");
            values.push(i64::from(operator).into());
        }
    }
}
