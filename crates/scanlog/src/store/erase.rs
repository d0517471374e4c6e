//! Deleting scans so that nothing of them stays behind in a page.
//!
//! SQLite zeroes the cells that it deletes (`secure_delete`). But where it evens out pages (`rebuildPage` in its
//! `btree.c`), it leaves what was there in the gap of a page: a copy that was made while a scan was kept would
//! outlive it. So no copy may come about that is not zeroed:
//!
//! - The table of entries grows at its end alone, where SQLite moves nothing (`balance_quick`). It is evened out
//!   when entries are deleted. Before that, the scans are overwritten where they stand, and so are those behind
//!   them, which get their content back, where they stand then, afterwards.
//! - In an index and in the tallies, any entry moves others. They are made anew, all their pages zeroed first.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::reader::clamp;
use super::tally;
use crate::entry::Purge;

/// Entries behind a range on whose pages SQLite may even out. That reaches to the second page behind (`NN` in its
/// `btree.c`), and goes on from there no further than the space that is freed; a page has 4096 bytes, and an entry at
/// least 50. Many more than that comes to, as they cost little.
const NEIGHBOURS: i64 = 512;

/// What an entry holds besides its position.
const CONTENT: [&str; 11] = [
    "at",
    "outcome",
    "reason",
    "stage",
    "kind",
    "identity",
    "person",
    "key_set_version",
    "demo",
    "operator",
    "salt",
];

/// Erases the scans of a range. What follows from them is out of sight, and gone when it is made anew. Within a
/// transaction of the caller's.
pub(super) fn erase(connection: &Connection, purge: &Purge) -> rusqlite::Result<()> {
    let range = (clamp(purge.from), clamp(purge.end));
    let neighbours = neighbours(connection, purge.end)?;
    let blank = |(position, content): &Row| (*position, content.iter().map(blank).collect());
    overwrite(connection, &neighbours.iter().map(blank).collect::<Vec<Row>>())?;
    // Shorter than it was, so that all of it stays on its page.
    let blank = "UPDATE entry SET at = 0, outcome = 0, reason = '', stage = '', kind = NULL, identity = NULL,
             person = NULL, key_set_version = 0, demo = 0, operator = NULL, salt = zeroblob(32)
         WHERE position >= ?1 AND position < ?2 AND outcome <> 3";
    connection.execute(blank, range)?;
    connection.execute("DELETE FROM entry WHERE position >= ?1 AND position < ?2 AND outcome <> 3", range)?;
    overwrite(connection, &neighbours)?;
    tally::recount(connection, purge.from, purge.end)
}

/// Puts what follows from the entries on pages that never held anything else.
pub(super) fn make_anew(connection: &Connection) -> rusqlite::Result<()> {
    tally::make_anew(connection)?;
    connection.execute_batch("REINDEX entry_by_person")
}

/// An entry's position and its content.
type Row = (i64, Vec<Value>);

/// The scans behind a range.
fn neighbours(connection: &Connection, end: u64) -> rusqlite::Result<Vec<Row>> {
    let sql = format!(
        "SELECT position, {} FROM entry WHERE position >= ?1 AND position < ?2 AND outcome <> 3",
        CONTENT.join(", ")
    );
    let first = clamp(end);
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map((first, first.saturating_add(NEIGHBOURS)), |row| {
        let content = (1..=CONTENT.len()).map(|column| row.get(column)).collect::<Result<_, _>>()?;
        Ok((row.get(0)?, content))
    });
    rows?.collect()
}

/// Gives entries other content of the same length, which SQLite writes in their place.
fn overwrite(connection: &Connection, rows: &[Row]) -> rusqlite::Result<()> {
    let sql = format!("UPDATE entry SET {} = ? WHERE position = ?", CONTENT.join(" = ?, "));
    let mut statement = connection.prepare(&sql)?;
    for (position, content) in rows {
        statement.execute(params_from_iter(content.iter().chain([&Value::Integer(*position)])))?;
    }
    Ok(())
}

/// A value that takes as many bytes in a row (<https://sqlite.org/fileformat2.html#record_format>) and tells nothing.
fn blank(value: &Value) -> Value {
    match value {
        Value::Text(text) => Value::Text("0".repeat(text.len())),
        Value::Blob(bytes) => Value::Blob(vec![0; bytes.len()]),
        Value::Integer(number) => Value::Integer(match number {
            0 | 1 => 0,
            -0x80..=0x7f => 2,
            -0x8000..=0x7fff => 0x80,
            -0x80_0000..=0x7f_ffff => 0x8000,
            -0x8000_0000..=0x7fff_ffff => 0x80_0000,
            -0x8000_0000_0000..=0x7fff_ffff_ffff => 0x8000_0000,
            _ => 0x8000_0000_0000,
        }),
        Value::Null | Value::Real(_) => value.clone(),
    }
}
