//! What stands in the tables.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{OptionalExtension, Transaction};

use super::hash_rows::{self, Digest, RowsError};
use super::store_error;
use crate::error::{Error, Refusal};
use crate::target::{self, COUNT_MAX};
use crate::tuf::{Current, Files, METADATA_MAX};

/// Everything that is stored; `None` before an anchor. `path` is for messages.
pub(super) fn files(transaction: &Transaction<'_>, path: &Path) -> Result<Option<Files>, Error> {
    let Some(anchor) = anchor(transaction, path)? else { return Ok(None) };
    let one = |sql| stored(transaction, path, sql);
    let current = match one("SELECT timestamp FROM current")? {
        None => None,
        Some(timestamp) => Some(Current {
            timestamp,
            snapshot: one("SELECT snapshot FROM current")?.unwrap_or_default(),
            targets: one("SELECT targets FROM current")?.unwrap_or_default(),
            contents: contents(transaction, path)?,
            lists: hash_rows::stored(transaction).map_err(store_error(path))?,
        }),
    };
    let roots = roots(transaction).map_err(store_error(path))?;
    Ok(Some(Files { anchor, roots, current }))
}

/// The root that was trusted first.
pub(super) fn anchor(transaction: &Transaction<'_>, path: &Path) -> Result<Option<Vec<u8>>, Error> {
    stored(transaction, path, "SELECT root FROM anchor")
}

/// Writes what differs between `old`, which is stored, and `new`: later roots, the
/// metadata, and the targets that came, changed or went. Lists of hashes go into rows of their own.
pub(super) fn write(
    transaction: &Transaction<'_>,
    old: &Files,
    new: &Files,
    path: &Path,
) -> Result<(), Error> {
    let failed = store_error(path);
    for (place, root) in new.roots.iter().enumerate().skip(old.roots.len()) {
        transaction
            .execute("INSERT INTO root (place, root) VALUES (?1, ?2)", (place as i64, root))
            .map_err(&failed)?;
    }
    let Some(current) = &new.current else { return Ok(()) };
    transaction
        .execute(
            "INSERT OR REPLACE INTO current (id, timestamp, snapshot, targets) VALUES (1, ?1, ?2, ?3)",
            (&current.timestamp, &current.snapshot, &current.targets),
        )
        .map_err(&failed)?;
    let none = BTreeMap::new();
    let before = old.current.as_ref().map_or(&none, |current| &current.contents);
    for name in before.keys().filter(|name| !current.contents.contains_key(*name)) {
        transaction.execute("DELETE FROM target WHERE name = ?1", [name]).map_err(&failed)?;
    }
    let mut lists: Vec<Digest> = current.lists.iter().copied().collect();
    for (name, content) in
        current.contents.iter().filter(|(name, content)| before.get(*name) != Some(content))
    {
        if target::hashes_id(name).is_some() {
            lists.push(hash_rows::put(transaction, content).map_err(|error| list_error(name, path, error))?);
        } else {
            transaction
                .execute("INSERT OR REPLACE INTO target (name, content) VALUES (?1, ?2)", (name, content))
                .map_err(&failed)?;
        }
    }
    hash_rows::keep_only(transaction, &lists).map_err(failed)
}

/// What a list of hashes that cannot be used means for the store.
pub(super) fn list_error(name: &str, path: &Path, error: RowsError) -> Error {
    let refused = |reason: String| Refusal::Malformed { name: name.into(), reason };
    match error {
        RowsError::Database(error) => store_error(path)(error),
        RowsError::Refused(error) => refused(error.to_string()).into(),
        RowsError::Missing | RowsError::Edited => Error::Tampered(refused(error.to_string())),
    }
}

fn roots(transaction: &Transaction<'_>) -> rusqlite::Result<Vec<Vec<u8>>> {
    let mut statement = transaction.prepare("SELECT root FROM root ORDER BY place")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

fn contents(transaction: &Transaction<'_>, path: &Path) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let count: i64 = transaction
        .query_row("SELECT count(*) FROM target", [], |row| row.get(0))
        .map_err(store_error(path))?;
    if count > COUNT_MAX as i64 {
        return Err(too_large("the list of stored files", COUNT_MAX));
    }
    let read = || -> rusqlite::Result<Vec<(String, Vec<u8>)>> {
        let mut statement = transaction.prepare("SELECT name, content FROM target")?;
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    };
    let rows = read().map_err(store_error(path))?;
    match rows.iter().find(|(name, content)| content.len() > target::limit(name)) {
        Some((name, _)) => Err(too_large(name, target::limit(name))),
        None => Ok(rows.into_iter().collect()),
    }
}

fn stored(transaction: &Transaction<'_>, path: &Path, sql: &str) -> Result<Option<Vec<u8>>, Error> {
    let bytes: Option<Vec<u8>> =
        transaction.query_row(sql, [], |row| row.get(0)).optional().map_err(store_error(path))?;
    match bytes {
        Some(bytes) if bytes.len() > METADATA_MAX => Err(too_large("a stored file", METADATA_MAX)),
        bytes => Ok(bytes),
    }
}

fn too_large(name: &str, limit: usize) -> Error {
    Error::Tampered(Refusal::TooLarge { name: name.into(), limit })
}
