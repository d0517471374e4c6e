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
    by_person: u64,
    purged: u64,
}

impl Indexed {
    /// Counts an entry.
    pub fn add(&mut self, hasher: &RandomState, entry: &Entry) {
        let (content, position) = (&entry.content, clamp(entry.index));
        if let Some(person) = content.person {
            self.person(hasher, &person, content.at, position);
        }
        if content.outcome == Outcome::Event && content.reason == PURGED {
            self.purged = self.purged.wrapping_add(hasher.hash_one(position));
        }
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
            by_person: sum.by_person.wrapping_add(piece.by_person),
            purged: sum.purged.wrapping_add(piece.purged),
        })
    }

    /// What the indices themselves hold, without a look at the entries.
    pub fn stored(connection: &Connection, hasher: &RandomState) -> rusqlite::Result<Self> {
        let mut indexed = Self::default();
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

/// Whether the index of tallies holds what their table does.
pub fn tallies_are_indexed(connection: &Connection, hasher: &RandomState) -> rusqlite::Result<bool> {
    let sum = |columns: &str, from: &str| -> rusqlite::Result<u64> {
        let sql = format!("SELECT last_at, block, outcome, operator, reason {columns} FROM tally {from}");
        let mut statement = connection.prepare(&sql)?;
        let (mut rows, mut sum) = (statement.query([])?, 0_u64);
        while let Some(row) = rows.next()? {
            let mut fixed = [0; 32];
            for (column, place) in fixed.chunks_exact_mut(8).enumerate() {
                place.copy_from_slice(&row.get::<_, i64>(column)?.to_be_bytes());
            }
            sum = sum.wrapping_add(keyed(hasher, &fixed, row.get_ref(4)?.as_bytes()?));
        }
        Ok(sum)
    };
    // Without a column that the index does not have, SQLite would read the index in the table's stead.
    Ok(sum(", count", "NOT INDEXED")? == sum("", "INDEXED BY tally_by_time")?)
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
