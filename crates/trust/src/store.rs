//! A device's trusted keys, in SQLite: the only SQL of this crate.
//!
//! One small database of its own (`application_id` "PrTr"). Three tables hold what
//! the authority signed, byte for byte: the root that was anchored, the roots
//! since, and the files of the key set in use. Nothing derived is stored, so that
//! what is loaded is always what verifies.
//!
//! A refresh is one `BEGIN IMMEDIATE` transaction around reading what is trusted,
//! verifying what is offered, and writing it: two refreshes at once come one after
//! the other, and one that dies halfway leaves the old set. WAL with
//! `synchronous=FULL`: what was acknowledged survives a power cut. Loading is one
//! read transaction and never waits for a refresh.
//!
//! The layout's version is `user_version`; migrations are only ever appended.

mod read_only;

use std::path::{Path, PathBuf};

use credential::KeySet;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use crate::document::DOCUMENT_MAX;
use crate::error::{Error, Refusal};
use crate::hex;
use crate::source::{Folder, Source};
use crate::tuf::{self, Current, Files, METADATA_MAX};

/// The steps from each layout to the next.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE anchor (id INTEGER PRIMARY KEY CHECK (id = 1), root BLOB NOT NULL) STRICT;
    CREATE TABLE root (place INTEGER PRIMARY KEY, root BLOB NOT NULL) STRICT;
    CREATE TABLE current (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        timestamp BLOB NOT NULL, snapshot BLOB NOT NULL, targets BLOB NOT NULL, keys BLOB NOT NULL
    ) STRICT;
"];

/// The layout that this version writes.
pub const LAYOUT: i64 = MIGRATIONS.len() as i64;
/// Marks the file as a key store ("PrTr").
const APPLICATION_ID: i64 = 0x5072_5472;
/// How long one process waits for another's refresh, in milliseconds.
const BUSY_MS: u64 = 10_000;

/// The trusted keys of one device.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

/// A key set whose whole chain of signatures held when it was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trusted {
    /// The keys.
    pub keys: KeySet,
    /// The version of the key set; it only grows.
    pub version: u64,
    /// When the authority last signed for it, seconds UTC; 0 when nothing signed says when.
    pub signed_at: i64,
    /// From when on it counts as too old, seconds UTC.
    pub expires_at: i64,
    /// Whether a demo authority's key is among the keys: every screen says so.
    pub demo: bool,
}

/// What a refresh came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The source has what is in use.
    Unchanged {
        /// The key set's version.
        version: u64,
    },
    /// A newer signature, root or key set is in use now.
    Updated {
        /// The key set's version before; `None` when there was no key set.
        from: Option<u64>,
        /// The key set's version now; the same when only signatures were renewed.
        to: u64,
    },
}

impl Store {
    /// Opens the store in this file, and makes it when there is none. It trusts nothing at first.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::new(Connection::open(path), path)
    }

    /// Opens an existing store for [`Self::load`] and [`Self::anchored`] only, by a user who
    /// need not be allowed to write to it or its folder.
    pub fn open_read_only(path: &Path) -> Result<Self, Error> {
        read_only::open(path)
    }

    /// A store of nothing yet that is gone with this value: for looking at a published
    /// folder without keeping anything. Nothing is written to disk.
    pub fn in_memory() -> Result<Self, Error> {
        Self::new(Connection::open_in_memory(), Path::new("in memory"))
    }

    fn new(connection: rusqlite::Result<Connection>, path: &Path) -> Result<Self, Error> {
        let store = Self { connection: connection.map_err(store_error(path))?, path: path.to_owned() };
        store.configure().map_err(store_error(path))?;
        store.migrate()?;
        Ok(store)
    }

    /// Trusts an authority by its first root (`1.root.json`, TUF 1.0 §5.2): the one
    /// decision that no signature can make. The caller has made sure whose it is. The
    /// same root again changes nothing; another is refused.
    pub fn anchor(&self, root_json: &[u8]) -> Result<(), Error> {
        tuf::check_anchor(root_json)?;
        let transaction = self.begin(TransactionBehavior::Immediate)?;
        match self.stored(&transaction, "SELECT root FROM anchor", METADATA_MAX)? {
            Some(anchored) if anchored == root_json => return Ok(()),
            Some(_) => return Err(Error::AnotherAnchor),
            None => {}
        }
        transaction
            .execute("INSERT INTO anchor (id, root) VALUES (1, ?1)", [root_json])
            .and_then(|_| transaction.commit())
            .map_err(store_error(&self.path))
    }

    /// The SHA-256 of the anchored root in lower-case hexadecimal, to compare by
    /// eye with the one that the authority has made public.
    pub fn anchored(&self) -> Result<Option<String>, Error> {
        use sha2::{Digest, Sha256};
        let transaction = self.begin(TransactionBehavior::Deferred)?;
        let root = self.stored(&transaction, "SELECT root FROM anchor", METADATA_MAX)?;
        Ok(root.map(|root| hex::encode(&Sha256::digest(root))))
    }

    /// Takes the key set in a folder into use when it is newer than the one in use,
    /// signed and unexpired at `now` (seconds UTC). Everything is verified before
    /// anything changes; on any error the old set stays in use.
    pub fn refresh(&self, source: &Path, now: i64) -> Result<Refreshed, Error> {
        self.refresh_from(&Folder::new(source), now)
    }

    /// [`Self::refresh`] from any source.
    pub fn refresh_from(&self, source: &dyn Source, now: i64) -> Result<Refreshed, Error> {
        let transaction = self.begin(TransactionBehavior::Immediate)?;
        let files = self.files(&transaction)?.ok_or(Error::NotAnchored)?;
        let from = tuf::verify(&files).map_err(Error::Tampered)?.map(|verified| verified.versions[2]);
        let Some(next) = tuf::refresh(&files, source, now)? else {
            return Ok(Refreshed::Unchanged { version: from.unwrap_or(0) });
        };
        let verified = tuf::verify(&next)?.ok_or(Refusal::Missing(tuf::KEYS.into()))?;
        write(&transaction, files.roots.len(), &next)
            .and_then(|()| transaction.commit())
            .map_err(store_error(&self.path))?;
        Ok(Refreshed::Updated { from, to: verified.versions[2] })
    }

    /// The key set in use, verified again from the anchor on; `None` before the first
    /// refresh. It may have expired: compare `expires_at` with the time.
    pub fn load(&self) -> Result<Option<Trusted>, Error> {
        let transaction = self.begin(TransactionBehavior::Deferred)?;
        let Some(files) = self.files(&transaction)? else { return Ok(None) };
        let Some(verified) = tuf::verify(&files).map_err(Error::Tampered)? else { return Ok(None) };
        Ok(Some(Trusted {
            version: verified.versions[2],
            signed_at: verified.signed_at,
            expires_at: verified.expires_at,
            demo: verified.document.keys.iter().any(|key| key.demo),
            keys: KeySet::new(verified.document.keys),
        }))
    }

    fn configure(&self) -> rusqlite::Result<()> {
        self.connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS))?;
        self.connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        for (pragma, value) in [("synchronous", "FULL"), ("fullfsync", "1"), ("trusted_schema", "0")] {
            self.connection.pragma_update(None, pragma, value)?;
        }
        Ok(())
    }

    fn migrate(&self) -> Result<(), Error> {
        let transaction = self.begin(TransactionBehavior::Immediate)?;
        let (found, application) = layout(&transaction).map_err(store_error(&self.path))?;
        let tables: i64 = transaction
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .map_err(store_error(&self.path))?;
        let ours = application == APPLICATION_ID || (found, tables) == (0, 0);
        let Some(steps) =
            usize::try_from(found).ok().and_then(|done| MIGRATIONS.get(done..)).filter(|_| ours)
        else {
            return Err(Error::Layout { path: self.path.clone(), found });
        };
        if steps.is_empty() {
            return Ok(());
        }
        for step in steps {
            transaction.execute_batch(step).map_err(store_error(&self.path))?;
        }
        transaction
            .pragma_update(None, "user_version", LAYOUT)
            .and_then(|()| transaction.pragma_update(None, "application_id", APPLICATION_ID))
            .and_then(|()| transaction.commit())
            .map_err(store_error(&self.path))
    }

    fn begin(&self, behavior: TransactionBehavior) -> Result<Transaction<'_>, Error> {
        Transaction::new_unchecked(&self.connection, behavior).map_err(store_error(&self.path))
    }

    /// Everything that is stored; `None` before an anchor.
    fn files(&self, transaction: &Transaction<'_>) -> Result<Option<Files>, Error> {
        let one = |sql, limit| self.stored(transaction, sql, limit);
        let Some(anchor) = one("SELECT root FROM anchor", METADATA_MAX)? else { return Ok(None) };
        let current = match one("SELECT timestamp FROM current", METADATA_MAX)? {
            None => None,
            Some(timestamp) => Some(Current {
                timestamp,
                snapshot: one("SELECT snapshot FROM current", METADATA_MAX)?.unwrap_or_default(),
                targets: one("SELECT targets FROM current", METADATA_MAX)?.unwrap_or_default(),
                keys: one("SELECT keys FROM current", DOCUMENT_MAX)?.unwrap_or_default(),
            }),
        };
        let roots = roots(transaction).map_err(store_error(&self.path))?;
        Ok(Some(Files { anchor, roots, current }))
    }

    fn stored(
        &self,
        transaction: &Transaction<'_>,
        sql: &str,
        limit: usize,
    ) -> Result<Option<Vec<u8>>, Error> {
        let bytes: Option<Vec<u8>> =
            transaction.query_row(sql, [], |row| row.get(0)).optional().map_err(store_error(&self.path))?;
        match bytes {
            Some(bytes) if bytes.len() > limit => {
                Err(Error::Tampered(Refusal::TooLarge { name: "a stored file".into(), limit }))
            }
            bytes => Ok(bytes),
        }
    }
}

/// The layout's version, and whose file it is.
fn layout(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((pragma("user_version")?, pragma("application_id")?))
}

fn roots(transaction: &Transaction<'_>) -> rusqlite::Result<Vec<Vec<u8>>> {
    let mut statement = transaction.prepare("SELECT root FROM root ORDER BY place")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// Writes what changed: the roots after the first `known`, and the key set.
fn write(transaction: &Transaction<'_>, known: usize, files: &Files) -> rusqlite::Result<()> {
    for (place, root) in files.roots.iter().enumerate().skip(known) {
        transaction.execute("INSERT INTO root (place, root) VALUES (?1, ?2)", (place as i64, root))?;
    }
    if let Some(current) = &files.current {
        transaction.execute(
            "INSERT OR REPLACE INTO current (id, timestamp, snapshot, targets, keys) VALUES (1, ?1, ?2, ?3, ?4)",
            (&current.timestamp, &current.snapshot, &current.targets, &current.keys),
        )?;
    }
    Ok(())
}

fn store_error(path: &Path) -> impl Fn(rusqlite::Error) -> Error {
    move |source| Error::store(path, source)
}

#[cfg(test)]
mod tests;
