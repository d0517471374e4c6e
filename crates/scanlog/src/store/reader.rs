//! Reading a log.

use ed25519_dalek::VerifyingKey;
use rusqlite::{
    Connection, OpenFlags, OptionalExtension, Params, Row as SqlRow, named_params, types::ValueRef,
};
use std::path::{Path, PathBuf};

use super::{mark, schema, tally, whole};
use crate::audit::{Audit, Head, NodeRow, Report, Row};
use crate::entry::{Entry, NewEntry, Outcome, Salt, is_word};
use crate::error::{At, Error, one_line};
use crate::sqlite;
use crate::tree::{self, Hash, Nodes, Place};

/// The most entries that one page of [`Reader::newest`] holds.
pub const MAX_PAGE: u32 = 10_000;

const COLUMNS: &str = "entry.position, at, outcome, reason, stage, kind, identity, person, key_set_version, demo, salt, operator";
const COLUMNS_WITHOUT_OPERATOR: &str =
    "entry.position, at, outcome, reason, stage, kind, identity, person, key_set_version, demo, salt, NULL";

/// A log that is only read. Needs no secret, and takes no lock that a writer waits for.
pub struct Reader {
    pub(super) connection: Connection,
    pub(super) path: PathBuf,
}

impl Reader {
    /// Opens an existing log, which another process may be appending to. Needs no
    /// permission to write to it or its folder.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let metadata = std::fs::metadata(path).map_err(|source| unreadable(path, source))?;
        if !metadata.is_file() {
            // Opening a pipe could wait for ever.
            return Err(Error::NotALog(path.to_owned()));
        }
        let reader =
            Self::connect(path, path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(|error| match error {
                // SQLite gives the same code to all that keeps it from opening a file.
                Error::Sql { path, source } if metadata.is_file() => {
                    Error::Unreadable { path, why: source.to_string() }
                }
                other => other,
            })?;
        match schema::check_readable(&reader.connection, path) {
            // Where the folder cannot be written, SQLite says either, depending on what lies in it.
            Err(error @ (Error::Sql { .. } | Error::ReadOnly(_))) => reader.without_side_files(error),
            checked => checked.map(|()| reader),
        }
    }

    /// Connects to the log at `path` by an `address`: its path or a `file:` one.
    fn connect(path: &Path, address: &Path, flags: OpenFlags) -> Result<Self, Error> {
        let connection =
            Connection::open_with_flags(address, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).at(path)?;
        sqlite::harden(&connection).at(path)?;
        Ok(Self { connection, path: path.to_owned() })
    }

    /// Where SQLite cannot make its side files (a medium or folder that is not to
    /// be written), a log that was closed properly can still be read as it stands.
    fn without_side_files(self, error: Error) -> Result<Self, Error> {
        let path = self.path;
        let mut wal = path.clone().into_os_string();
        wal.push("-wal");
        match std::fs::metadata(wal) {
            Ok(wal) if wal.len() == 0 => {}
            Err(none) if none.kind() == std::io::ErrorKind::NotFound => {}
            Ok(_) | Err(_) => return Err(Error::Pending(path)),
        }
        let Some(address) = immutable_address(&path) else { return Err(error) };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let opened = Self::connect(&path, Path::new(&address), flags)?;
        schema::check_readable(&opened.connection, &path)?;
        Ok(opened)
    }

    /// The signed head as stored. Not verified: [`Reader::verify`] does that.
    pub fn checkpoint(&self) -> Result<String, Error> {
        let note = self.connection.query_row("SELECT checkpoint FROM log", [], |row| row.get(0)).optional();
        note.at(&self.path)?.ok_or_else(|| self.corrupt("its head is missing"))
    }

    /// The number of entries: one more than the highest index.
    pub fn len(&self) -> Result<u64, Error> {
        let last = self.connection.query_row("SELECT max(position) FROM entry", [], |row| row.get(0));
        let last: Option<i64> = last.at(&self.path)?;
        Ok(last.and_then(|last| u64::try_from(last).ok()).map_or(0, |last| last + 1))
    }

    /// Whether there is no entry yet.
    pub fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.len()? == 0)
    }

    /// The entries with `from <= index < to`, oldest first.
    pub fn entries(&self, from: u64, to: u64) -> Result<Vec<Entry>, Error> {
        let columns = self.columns()?;
        let sql = format!(
            "SELECT {columns} FROM entry WHERE position >= :from AND position < :to ORDER BY position"
        );
        self.list(&sql, named_params! { ":from": clamp(from), ":to": clamp(to) })
    }

    /// At most `limit` entries (and [`MAX_PAGE`]), newest first, all with an
    /// index below `before`; the newest of all when that is `None`.
    pub fn newest(&self, before: Option<u64>, limit: u32) -> Result<Vec<Entry>, Error> {
        let columns = self.columns()?;
        let sql = format!(
            "SELECT {columns} FROM entry WHERE position < :before ORDER BY position DESC LIMIT :limit"
        );
        let before = before.map_or(i64::MAX, clamp);
        self.list(&sql, named_params! { ":before": before, ":limit": limit.min(MAX_PAGE) })
    }

    /// Recomputes every commitment, every hash of the tree and the head's
    /// signature, on one snapshot: the one that is held, if there is one. With `expected`, only that key's signature
    /// counts; without, the file's own word for its signer is taken, and the
    /// report says so.
    pub fn verify(&self, expected: Option<&VerifyingKey>) -> Result<Report, Error> {
        // Before the snapshot, which can only have more.
        let noted = mark::noted(&self.path);
        let _snapshot = self.held()?;
        let differences = schema::differences(&self.connection).at(&self.path)?;
        let purges = self.purges()?;
        let begin =
            || -> Result<Audit, Error> { Ok(Audit::new(self.head()?, expected, self.len()?, &purges)) };
        let mut audit = begin()?;
        if differences.is_empty()
            && let Some(signed) = audit.signed().filter(|signed| signed.size >= noted)
            // What it cannot even read, the slower way names or tells.
            && let Ok(Some(whole)) = whole::check(self, &signed, &purges, whole::PIECE_BITS)
        {
            self.audit_cosignatures(&mut audit)?;
            return Ok(audit.finish_whole(whole));
        }
        // Something does not fit: all of it once more, one by one, so that it can be named.
        let mut audit = begin()?;
        self.audit_entries(self.columns()?, &mut audit).at(&self.path)?;
        self.audit_nodes(&mut audit).at(&self.path)?;
        audit.noted(noted);
        self.audit_cosignatures(&mut audit)?;
        let tallies = schema::has_tallies(&self.connection).at(&self.path)?;
        let tallied = !tallies || tally::holds(&self.connection).at(&self.path)?;
        let storage = [differences, self.integrity().at(&self.path)?].concat();
        Ok(audit.finish(tallied, storage))
    }

    /// The stored head.
    pub(crate) fn head(&self) -> Result<Option<Head>, Error> {
        let sql = "SELECT origin, signer, checkpoint FROM log";
        let head = self.connection.prepare_cached(sql).and_then(|mut statement| {
            let head =
                |row: &SqlRow<'_>| Ok(Head { origin: row.get(0)?, signer: bytes(row, 1), note: row.get(2)? });
            statement.query_row([], head).optional()
        });
        head.at(&self.path)
    }

    pub(super) fn list(
        &self,
        sql: &str,
        params: &[(&str, &dyn rusqlite::ToSql)],
    ) -> Result<Vec<Entry>, Error> {
        let mut entries = vec![];
        self.stream(sql, params, &mut |entry| {
            entries.push(entry);
            true
        })?;
        Ok(entries)
    }

    /// Calls `each` with the entries that the SQL finds, one by one, until it says that it is enough.
    pub(super) fn stream(
        &self,
        sql: &str,
        params: impl Params,
        each: &mut dyn FnMut(Entry) -> bool,
    ) -> Result<(), Error> {
        let mut statement = self.connection.prepare_cached(sql).at(&self.path)?;
        let mut rows = statement.query(params).at(&self.path)?;
        while let Some(row) = rows.next().at(&self.path)? {
            let (entry, _) = content(row).map_err(|field| self.corrupt(&format!("an entry's {field}")))?;
            if !each(entry) {
                break;
            }
        }
        Ok(())
    }

    /// The columns of an entry, in the order in which [`content`] reads them. A log of the first format
    /// has no operators; reading it does not change its format.
    pub(super) fn columns(&self) -> Result<&'static str, Error> {
        let has = schema::has_operators(&self.connection).at(&self.path)?;
        Ok(if has { COLUMNS } else { COLUMNS_WITHOUT_OPERATOR })
    }

    fn audit_entries(&self, columns: &str, audit: &mut Audit) -> rusqlite::Result<()> {
        let sql = format!(
            "SELECT {columns}, hash FROM entry
             LEFT JOIN node ON node.level = 0 AND node.position = entry.position ORDER BY entry.position"
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let leaves = "SELECT position, hash FROM node WHERE level = 0 AND position >= ?1 AND position < ?2
             ORDER BY position";
        let mut leaves = self.connection.prepare(leaves)?;
        while let Some(row) = rows.next()? {
            let index: i64 = row.get(0)?;
            if let Some(first) = audit.erased_before(index) {
                // No further than there are leaves: what the file says was erased may be any number.
                let mut leaves = leaves.query((clamp(first), index))?;
                while let (Some(erased), Some(leaf)) = (audit.erased_before(index), leaves.next()?) {
                    if leaf.get(0) != Ok(clamp(erased)) {
                        break;
                    }
                    audit.erased(bytes(leaf, 1));
                }
            }
            audit.entry(Row { index, content: content(row), leaf: bytes(row, 12) });
        }
        Ok(())
    }

    fn audit_cosignatures(&self, audit: &mut Audit) -> Result<(), Error> {
        for row in self.cosigned_rows()? {
            audit.cosignature(row, |size| tree::root(self, size).ok());
        }
        Ok(())
    }

    fn audit_nodes(&self, audit: &mut Audit) -> rusqlite::Result<()> {
        let sql =
            "SELECT parent.level, parent.position, parent.hash, left_.hash, right_.hash FROM node AS parent
             LEFT JOIN node AS left_
                ON left_.level = parent.level - 1 AND left_.position = parent.position * 2
             LEFT JOIN node AS right_
                ON right_.level = parent.level - 1 AND right_.position = parent.position * 2 + 1
             ORDER BY parent.level, parent.position";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let children = bytes(row, 3).zip(bytes(row, 4));
            audit.node(&NodeRow { level: row.get(0)?, position: row.get(1)?, hash: bytes(row, 2), children });
        }
        Ok(())
    }

    /// What SQLite itself finds wrong with the file.
    pub(super) fn integrity(&self) -> rusqlite::Result<Vec<String>> {
        self.complaints("integrity_check")
    }

    /// The same by one of its checks.
    pub(super) fn complaints(&self, check: &str) -> rusqlite::Result<Vec<String>> {
        let mut statement = self.connection.prepare(&format!("PRAGMA {check}(10)"))?;
        let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        // One answer may have several lines, and a heading.
        let lines = lines.iter().flat_map(|answer| answer.lines());
        Ok(lines.filter(|line| *line != "ok" && !line.starts_with("***")).map(one_line).collect())
    }

    pub(super) fn corrupt(&self, detail: &str) -> Error {
        Error::Corrupt { path: self.path.clone(), detail: detail.to_owned() }
    }
}

/// The tree's hashes, as the tree reads them.
impl Nodes for Reader {
    type Error = Error;

    fn node(&self, (level, position): Place) -> Result<Hash, Error> {
        let sql = "SELECT hash FROM node WHERE level = ?1 AND position = ?2";
        let hash = self.connection.prepare_cached(sql).and_then(|mut statement| {
            statement.query_row([i64::from(level), clamp(position)], |row| row.get(0)).optional()
        });
        hash.at(&self.path)?.ok_or_else(|| Error::HeadMismatch {
            path: self.path.clone(),
            detail: format!("tree hash {position} on level {level} is missing"),
        })
    }
}

/// The entry and salt of a row that begins with [`Reader::columns`], or the field that is wrong. Whatever
/// is shown of an entry comes through here, so nothing but a word gets onto a terminal or into a file.
pub(super) fn content(row: &SqlRow<'_>) -> Result<(Entry, Salt), &'static str> {
    let word = |column, name| row.get(column).ok().filter(|text: &String| is_word(text)).ok_or(name);
    let kind =
        |column| row.get(column).ok().filter(|kind: &Option<String>| kind.as_deref().is_none_or(is_word));
    let hash = |column, name| row.get::<_, Option<[u8; 32]>>(column).map_err(|_| name);
    let new = NewEntry {
        at: row.get(1).map_err(|_| "time")?,
        outcome: row.get(2).ok().and_then(Outcome::from_code).ok_or("outcome")?,
        reason: word(3, "reason")?,
        stage: word(4, "stage")?,
        kind: kind(5).ok_or("kind")?,
        identity: hash(6, "identity")?,
        person: hash(7, "person")?,
        key_set_version: unsigned(row, 8).map_err(|_| "key set version")?,
        demo: match row.get(9) {
            Ok(0) => false,
            Ok(1) => true,
            _ => return Err("demo flag"),
        },
        operator: row.get(11).map_err(|_| "operator")?,
    };
    let index = unsigned(row, 0).map_err(|_| "index")?;
    Ok((Entry { index, content: new }, bytes(row, 10).ok_or("salt")?))
}

/// A 32-byte column; `None` whatever else it holds.
pub(super) fn bytes(row: &SqlRow<'_>, column: usize) -> Option<[u8; 32]> {
    match row.get_ref(column) {
        Ok(ValueRef::Blob(blob)) => blob.try_into().ok(),
        _ => None,
    }
}

pub(super) fn unsigned(row: &SqlRow<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

/// As SQLite counts: above its largest number there is no entry.
pub(super) fn clamp(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unreadable(path: &Path, source: std::io::Error) -> Error {
    match source.kind() {
        std::io::ErrorKind::PermissionDenied => {
            Error::Unreadable { path: path.to_owned(), why: source.to_string() }
        }
        _ => Error::io(path, source),
    }
}

/// The `file:` address that tells SQLite that nobody writes to this file.
fn immutable_address(path: &Path) -> Option<String> {
    let path = std::path::absolute(path).ok()?;
    let path = path.to_str()?.replace('\\', "/").replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let root = if path.starts_with('/') { "" } else { "/" };
    Some(format!("file://{root}{path}?immutable=1"))
}
