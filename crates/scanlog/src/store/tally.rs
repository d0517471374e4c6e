//! How many entries of each block are alike: what a journal of millions is counted and paged by.
//!
//! A block's tally follows from its entries, and verifying counts it again. A filter asks the tallies which
//! blocks hold anything it wants; only those blocks' entries are read that lie across one of its ends, or on
//! the page itself.

use rusqlite::{Connection, Row, named_params};
use std::collections::BTreeMap;

use super::reader::{clamp, unsigned};
use super::schema;
use crate::entry::Entry;

/// Entries of a block as a power of two: so many that a log of ten million has few enough tallies to be read
/// at once, so few that a page of 500 scattered entries reads no more than 256 000.
pub(super) const BLOCK_BITS: u8 = 9;

/// What entries of a block have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    pub block: u64,
    pub outcome: u8,
    pub reason: String,
    /// -1 where there is none.
    pub operator: i64,
}

/// How many are alike, and the least and greatest of their times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    pub count: u64,
    pub first_at: i64,
    pub last_at: i64,
}

/// Counts one entry more.
pub(super) fn add(connection: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    let content = &entry.content;
    let sql = "INSERT INTO tally VALUES (:block, :outcome, :reason, :operator, 1, :at, :at)
        ON CONFLICT DO UPDATE SET count = count + 1, first_at = min(first_at, excluded.first_at),
            last_at = max(last_at, excluded.last_at)";
    let params = named_params! {
        ":block": clamp(entry.index >> BLOCK_BITS),
        ":outcome": content.outcome.code(),
        ":reason": content.reason,
        ":operator": content.operator.map_or(-1, i64::from),
        ":at": content.at,
    };
    connection.prepare_cached(sql)?.execute(params).map(|_| ())
}

/// Counts the blocks of these entries anew.
pub(super) fn recount(connection: &Connection, from: u64, end: u64) -> rusqlite::Result<()> {
    let (first, last) = (clamp(from >> BLOCK_BITS), clamp(end.saturating_sub(1) >> BLOCK_BITS));
    connection.execute("DELETE FROM tally WHERE block >= ?1 AND block <= ?2", (first, last))?;
    let sql = format!(
        "INSERT INTO tally
         SELECT position >> {BLOCK_BITS}, outcome, reason, ifnull(operator, -1), count(*), min(at), max(at)
         FROM entry NOT INDEXED
         WHERE position >= ?1 << {BLOCK_BITS} AND position < (?2 + 1) << {BLOCK_BITS} GROUP BY 1, 2, 3, 4"
    );
    connection.execute(&sql, (first, last)).map(|_| ())
}

/// Zeroes the pages of all tallies, and puts the tallies on new ones.
pub(super) fn make_anew(connection: &Connection) -> rusqlite::Result<()> {
    let all = stored(connection, 0, u64::MAX)?;
    // Without a condition, whole pages are freed and zeroed.
    connection.execute("DELETE FROM tally", [])?;
    let mut statement = connection.prepare("INSERT INTO tally VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for (Kind { block, outcome, reason, operator }, Tally { count, first_at, last_at }) in &all {
        statement.execute((clamp(*block), outcome, reason, operator, clamp(*count), first_at, last_at))?;
    }
    Ok(())
}

/// The stored tallies of some blocks.
pub(super) fn stored(
    connection: &Connection,
    first: u64,
    end: u64,
) -> rusqlite::Result<BTreeMap<Kind, Tally>> {
    let sql = "SELECT block, outcome, reason, operator, count, first_at, last_at FROM tally
        WHERE block >= ?1 AND block < ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map((clamp(first), clamp(end)), read)?;
    rows.collect()
}

/// A tally's row.
pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<(Kind, Tally)> {
    let (block, outcome) = (unsigned(row, 0)?, row.get(1)?);
    let kind = Kind { block, outcome, reason: row.get(2)?, operator: row.get(3)? };
    Ok((kind, Tally { count: unsigned(row, 4)?, first_at: row.get(5)?, last_at: row.get(6)? }))
}

/// The block of the entry with this index.
pub(super) fn block(index: u64) -> u64 {
    index >> BLOCK_BITS
}

/// The positions of a block, the second exclusive.
pub(super) fn bounds(block: u64) -> (i64, i64) {
    let first = |block: u64| block.checked_mul(1 << BLOCK_BITS).map_or(i64::MAX, clamp);
    (first(block), first(block.saturating_add(1)))
}

/// Where tallies are read from: their table, or in a log of an older format its entries.
pub(super) fn source(connection: &Connection) -> rusqlite::Result<String> {
    if schema::has_tallies(connection)? {
        return Ok("tally".to_owned());
    }
    let operator = if schema::has_operators(connection)? { "ifnull(operator, -1)" } else { "-1" };
    Ok(format!(
        "(SELECT position >> {BLOCK_BITS} AS block, outcome, reason, {operator} AS operator, count(*) AS count,
             min(at) AS first_at, max(at) AS last_at FROM entry GROUP BY 1, 2, 3, 4)"
    ))
}

/// Whether every tally is that of its entries, by SQL alone.
pub(super) fn holds(connection: &Connection) -> rusqlite::Result<bool> {
    let counted = format!(
        "SELECT position >> {BLOCK_BITS}, outcome, reason, ifnull(operator, -1), count(*), min(at), max(at)
         FROM entry GROUP BY 1, 2, 3, 4"
    );
    let differ = format!(
        "SELECT EXISTS ({counted} EXCEPT SELECT * FROM tally)
             OR EXISTS (SELECT * FROM tally EXCEPT {counted})"
    );
    connection.query_row(&differ, [], |row| row.get::<_, bool>(0)).map(|differ| !differ)
}
