//! What follows from entries, counted again: tallies, and what indices hold.

use std::hash::{BuildHasher, Hasher, RandomState};

use rusqlite::Connection;

use super::super::reader::clamp;
use super::super::tally::{self, BLOCK_BITS, Kind, Tally};
use crate::entry::{Entry, Outcome, PURGED};

/// What indices hold, as sums of keyed hashes: the same rows give the same sums in any order, and nobody who
/// does not know the key of this run can make other rows that do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Indexed {
    by_time: u64,
    by_person: u64,
    purged: u64,
}

impl Indexed {
    /// Counts an entry.
    pub fn add(&mut self, hasher: &RandomState, entry: &Entry) {
        let (content, position) = (&entry.content, clamp(entry.index));
        let (outcome, operator) = (content.outcome.code(), content.operator.map(i64::from));
        self.time(hasher, content.at, outcome, content.reason.as_bytes(), operator, position);
        if let Some(person) = content.person {
            self.person(hasher, &person, content.at, position);
        }
        if content.outcome == Outcome::Event && content.reason == PURGED {
            self.purged = self.purged.wrapping_add(hasher.hash_one(position));
        }
    }

    /// Counts a row of the index by time.
    fn time(
        &mut self,
        hasher: &RandomState,
        at: i64,
        outcome: u8,
        reason: &[u8],
        operator: Option<i64>,
        position: i64,
    ) {
        let mut fixed = [0; 26];
        fixed[..8].copy_from_slice(&at.to_be_bytes());
        fixed[8..16].copy_from_slice(&position.to_be_bytes());
        fixed[16..24].copy_from_slice(&operator.unwrap_or(0).to_be_bytes());
        fixed[24..].copy_from_slice(&[operator.is_some().into(), outcome]);
        self.by_time = self.by_time.wrapping_add(keyed(hasher, &fixed, reason));
    }

    /// Counts a row of the index by person.
    fn person(&mut self, hasher: &RandomState, person: &[u8], at: i64, position: i64) {
        let mut fixed = [0; 16];
        fixed[..8].copy_from_slice(&at.to_be_bytes());
        fixed[8..].copy_from_slice(&position.to_be_bytes());
        self.by_person = self.by_person.wrapping_add(keyed(hasher, &fixed, person));
    }

    /// The sum of several.
    pub fn sum(all: impl Iterator<Item = Self>) -> Self {
        all.fold(Self::default(), |sum, piece| Self {
            by_time: sum.by_time.wrapping_add(piece.by_time),
            by_person: sum.by_person.wrapping_add(piece.by_person),
            purged: sum.purged.wrapping_add(piece.purged),
        })
    }

    /// What the indices themselves hold, without a look at the entries.
    pub fn stored(connection: &Connection, hasher: &RandomState) -> rusqlite::Result<Self> {
        let mut indexed = Self::default();
        let sql = "SELECT at, outcome, reason, operator, position FROM entry INDEXED BY entry_by_time";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (at, outcome, operator) =
                (row.get::<_, i64>(0)?, row.get::<_, u8>(1)?, row.get::<_, Option<i64>>(3)?);
            indexed.time(hasher, at, outcome, row.get_ref(2)?.as_bytes()?, operator, row.get(4)?);
        }
        let sql =
            "SELECT person, at, position FROM entry INDEXED BY entry_by_person WHERE person IS NOT NULL";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            indexed.person(hasher, row.get_ref(0)?.as_bytes()?, row.get(1)?, row.get(2)?);
        }
        let sql =
            "SELECT position FROM entry INDEXED BY entry_purged WHERE outcome = 3 AND reason = 'purged'";
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            indexed.purged = indexed.purged.wrapping_add(hasher.hash_one(row.get::<_, i64>(0)?));
        }
        Ok(indexed)
    }
}

/// What stands for a row: parts of one length each, and one of any length behind them. In two pieces, because
/// every small piece more costs the hash as much as a row.
fn keyed(hasher: &RandomState, fixed: &[u8], rest: &[u8]) -> u64 {
    let mut state = hasher.build_hasher();
    state.write(fixed);
    state.write(rest);
    state.finish()
}

/// Tallies that are counted again, block by block.
#[derive(Default)]
pub(super) struct Counted {
    tallies: Vec<(Kind, Tally)>,
    /// Where those of the present block begin.
    block: usize,
}

impl Counted {
    /// Counts an entry; they come in their order.
    pub fn add(&mut self, entry: &Entry) {
        let (block, content) = (entry.index >> BLOCK_BITS, &entry.content);
        if self.tallies.last().is_some_and(|(kind, _)| kind.block != block) {
            self.block = self.tallies.len();
        }
        let (outcome, operator) = (content.outcome.code(), content.operator.map_or(-1, i64::from));
        let alike = |(kind, _): &&mut (Kind, Tally)| {
            kind.outcome == outcome && kind.operator == operator && kind.reason == content.reason
        };
        if let Some((_, tally)) = self.tallies[self.block..].iter_mut().find(alike) {
            tally.count += 1;
            tally.first_at = tally.first_at.min(content.at);
            tally.last_at = tally.last_at.max(content.at);
        } else {
            let kind = Kind { block, outcome, reason: content.reason.clone(), operator };
            self.tallies.push((kind, Tally { count: 1, first_at: content.at, last_at: content.at }));
        }
    }

    /// Whether the store has the same for these blocks, the second exclusive.
    pub fn is(self, connection: &Connection, (first, end): (u64, u64)) -> rusqlite::Result<bool> {
        let counted = self.tallies.into_iter().filter(|(kind, _)| kind.block < end).collect();
        Ok(tally::stored(connection, first, end)? == counted)
    }
}
