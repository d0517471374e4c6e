//! The station's own store, `desk.db`: what an admin set, the PINs' hashes and
//! their failures, the counters, the uses of passes. The only SQL of this crate.
//!
//! Each change is on disk when it returns (`scanlog::sqlite`). The file is
//! readable by its owner alone: a PIN's few digits are no secret to whoever has
//! its hash and time.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};
use scanlog::sqlite;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::files::{self, Access};
use crate::{Error, Role};

/// Marks the file as ours (`PRAGMA application_id`): "PPSD".
const APPLICATION_ID: i64 = 0x5050_5344;
/// The format that this version writes.
const FORMAT: i64 = 2;

const SCHEMA: &str = "
    CREATE TABLE item (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE role (
        name TEXT PRIMARY KEY,
        pin TEXT,
        failures INTEGER NOT NULL CHECK (failures >= 0),
        failed_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
";

/// What format 2 has besides: each use of a pass that can be used so often and no more.
const USES: &str = "
    CREATE TABLE use (
        id INTEGER PRIMARY KEY,
        pass BLOB NOT NULL,
        at INTEGER NOT NULL,
        until INTEGER NOT NULL
    ) STRICT;

    CREATE INDEX use_by_pass ON use (pass, at);
";

/// What came of using a pass; when it was used, seconds UTC, the earliest first.
pub(crate) enum Used {
    /// It was used, and that is on disk.
    Now {
        /// Its row.
        row: i64,
        /// This use among them.
        times: Vec<i64>,
    },
    /// It was used a moment ago: that counts for this time too.
    JustBefore { times: Vec<i64> },
    /// It was used as often as it may be.
    Up { times: Vec<i64> },
}

/// The open store.
pub(crate) struct Store {
    connection: Connection,
    path: PathBuf,
}

/// What is kept as JSON under a name of its own.
#[derive(Clone, Copy)]
pub(crate) enum Item {
    /// [`crate::Settings`].
    Settings,
    /// The number of who is on shift, or null.
    Operator,
    /// How many people are inside.
    Inside,
    /// The index of the first entry that the counters count.
    CountedFrom,
    /// [`crate::keys::Seen`].
    Keys,
    /// The identifier of the policy's mode that was chosen last.
    Mode,
}

/// What is kept of a role's PIN.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Secret {
    /// The PIN's hash as a PHC string.
    pub(crate) hash: Option<String>,
    /// How many tries in a row have failed.
    pub(crate) failures: u32,
    /// When the last of them was, seconds UTC.
    pub(crate) failed_at: i64,
}

impl Store {
    /// Whether [`Store::open`] would make an empty store here: there is no file, or nothing in it.
    pub(crate) fn is_new(path: &Path) -> Result<bool, Error> {
        match fs::metadata(path) {
            Ok(file) => Ok(file.len() == 0),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            Err(error) => Err(Error::file(path)(error)),
        }
    }

    /// Opens the store, or makes an empty one where there is none.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        if !files::exists(path)? {
            // SQLite would make it readable by everybody; its side files take its permissions.
            files::write(path, b"", Access::Private)?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|source| fault(path, source))?;
        let store = Self { connection, path: path.to_owned() };
        let prepared = sqlite::harden(&store.connection).and_then(|()| sqlite::durable(&store.connection));
        prepared.map_err(|source| fault(path, source))?;
        store.check()?;
        Ok(store)
    }

    /// The value of an item, where it has been set.
    pub(crate) fn get<T: DeserializeOwned>(&self, item: Item) -> Result<Option<T>, Error> {
        let sql = "SELECT value FROM item WHERE name = ?1";
        let value = self.connection.prepare_cached(sql).and_then(|mut statement| {
            statement.query_row([item.name()], |row| row.get::<_, String>(0)).optional()
        });
        let value = value.map_err(|source| fault(&self.path, source))?;
        let parse = |json: String| {
            serde_json::from_str(&json).map_err(|why| self.damaged(format!("{}: {why}", item.name())))
        };
        value.map(parse).transpose()
    }

    /// Sets an item. Returns when it is on disk.
    pub(crate) fn set(&self, item: Item, value: &impl Serialize) -> Result<(), Error> {
        self.set_all(&[(item, json(value))])
    }

    /// Sets these items, written as [`json`], all or none. Returns when they are on disk.
    pub(crate) fn set_all(&self, items: &[(Item, String)]) -> Result<(), Error> {
        let sql = "INSERT INTO item (name, value) VALUES (?1, ?2)
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        let transaction = self.connection.unchecked_transaction();
        let transaction = transaction.map_err(|source| fault(&self.path, source))?;
        items.iter().try_for_each(|(item, json)| self.execute(sql, (item.name(), json)))?;
        transaction.commit().map_err(|source| fault(&self.path, source))
    }

    /// What is kept of a role's PIN.
    pub(crate) fn secret(&self, role: Role) -> Result<Secret, Error> {
        let sql = "SELECT pin, failures, failed_at FROM role WHERE name = ?1";
        let secret = self.connection.prepare_cached(sql).and_then(|mut statement| {
            let secret = |row: &rusqlite::Row<'_>| {
                Ok(Secret { hash: row.get(0)?, failures: row.get(1)?, failed_at: row.get(2)? })
            };
            statement.query_row([role.name()], secret).optional()
        });
        Ok(secret.map_err(|source| fault(&self.path, source))?.unwrap_or_default())
    }

    /// Keeps this of a role's PIN. Returns when it is on disk.
    pub(crate) fn set_secret(&self, role: Role, secret: &Secret) -> Result<(), Error> {
        let sql = "INSERT INTO role (name, pin, failures, failed_at) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (name) DO UPDATE
                   SET pin = excluded.pin, failures = excluded.failures, failed_at = excluded.failed_at";
        self.execute(sql, (role.name(), &secret.hash, secret.failures, secret.failed_at))
    }

    /// Uses a pass at `at` (seconds UTC), unless it was used `allowed` times before, or less than `moment` seconds ago.
    /// Returns when the use is on disk.
    pub(crate) fn use_once(
        &self,
        pass: &[u8; 32],
        allowed: u32,
        moment: i64,
        at: i64,
        until: i64,
    ) -> Result<Used, Error> {
        let used = || {
            let behavior = TransactionBehavior::Immediate;
            let transaction = Transaction::new_unchecked(&self.connection, behavior)?;
            let sql = "SELECT at FROM use WHERE pass = ?1 ORDER BY at";
            let mut times: Vec<i64> = transaction
                .prepare_cached(sql)?
                .query_map([&pass[..]], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            if times.iter().any(|time| (0..=moment).contains(&at.saturating_sub(*time))) {
                return Ok(Used::JustBefore { times });
            }
            if times.len() >= allowed as usize {
                return Ok(Used::Up { times });
            }
            let sql = "INSERT INTO use (pass, at, until) VALUES (?1, ?2, ?3)";
            transaction.prepare_cached(sql)?.execute((&pass[..], at, until))?;
            let row = transaction.last_insert_rowid();
            transaction.commit()?;
            times.push(at);
            times.sort_unstable();
            Ok(Used::Now { row, times })
        };
        used().map_err(|source| fault(&self.path, source))
    }

    /// Takes a use back.
    pub(crate) fn take_back_use(&self, row: i64) -> Result<(), Error> {
        self.execute("DELETE FROM use WHERE id = ?1", [row])
    }

    /// Forgets the uses of passes that ended before this, seconds UTC.
    pub(crate) fn forget_uses(&self, before: i64) -> Result<(), Error> {
        self.execute("DELETE FROM use WHERE until < ?1", [before])
    }

    /// An error that says that the store holds something else than it should.
    pub(crate) fn damaged(&self, what: String) -> Error {
        Error::Damaged { path: self.path.clone(), what }
    }

    /// Makes the tables of a new store; otherwise checks that it is one of ours, and whole.
    fn check(&self) -> Result<(), Error> {
        let fault = |source| fault(&self.path, source);
        let number = |pragma| self.connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        let tables = "SELECT count(*) FROM sqlite_schema";
        let tables: i64 = self.connection.query_row(tables, [], |row| row.get(0)).map_err(fault)?;
        if tables == 0 {
            return self.make().map_err(fault);
        }
        if number("application_id").map_err(fault)? != APPLICATION_ID {
            return Err(self.damaged("it is no store of a station".to_owned()));
        }
        let format = number("user_version").map_err(fault)?;
        if format == 1 {
            self.upgrade().map_err(fault)?;
        } else if format != FORMAT {
            return Err(Error::TooNew { path: self.path.clone(), format, known: FORMAT });
        }
        let whole = "PRAGMA quick_check(1)";
        let whole: String = self.connection.query_row(whole, [], |row| row.get(0)).map_err(fault)?;
        if whole == "ok" { Ok(()) } else { Err(self.damaged(whole)) }
    }

    fn make(&self) -> rusqlite::Result<()> {
        let transaction = self.connection.unchecked_transaction()?;
        transaction.execute_batch(SCHEMA)?;
        transaction.execute_batch(USES)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", FORMAT)?;
        transaction.commit()
    }

    fn upgrade(&self) -> rusqlite::Result<()> {
        let transaction = self.connection.unchecked_transaction()?;
        transaction.execute_batch(USES)?;
        transaction.pragma_update(None, "user_version", FORMAT)?;
        transaction.commit()
    }

    fn execute(&self, sql: &str, params: impl rusqlite::Params) -> Result<(), Error> {
        let done = self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute(params));
        done.map(|_| ()).map_err(|source| fault(&self.path, source))
    }
}

/// A value as the store keeps it.
pub(crate) fn json(value: &impl Serialize) -> String {
    // safe: settings, numbers and lists of strings always serialise
    serde_json::to_string(value).expect("an item serialises")
}

impl Item {
    fn name(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Operator => "operator",
            Self::Inside => "inside",
            Self::CountedFrom => "counted_from",
            Self::Keys => "keys",
            Self::Mode => "mode",
        }
    }
}

fn fault(path: &Path, source: rusqlite::Error) -> Error {
    use rusqlite::ErrorCode as Code;
    let path = path.to_owned();
    match source.sqlite_error_code() {
        // Our SQL is fixed: where it does not run or brings other types, the file is not as we made it.
        Some(Code::NotADatabase | Code::DatabaseCorrupt | Code::ConstraintViolation | Code::Unknown)
        | None => Error::Damaged { path, what: source.to_string() },
        Some(_) => Error::Store { path, source },
    }
}
