//! A device's trusted keys, in SQLite: the only SQL of this crate.
//!
//! One small database of its own (`application_id` "PrTr"). Four tables hold what
//! the authority signed, byte for byte: the root that was anchored, the roots
//! since, the metadata in use, and each of its targets by name. Nothing derived is
//! stored, no hashes either, so that what is loaded is always what verifies.
//!
//! A refresh is one `BEGIN IMMEDIATE` transaction around reading what is trusted,
//! verifying what is offered, and writing it: two refreshes at once come one after
//! the other, and one that dies halfway leaves the old set. WAL with
//! `synchronous=FULL`: what was acknowledged survives a power cut. Loading is one
//! read transaction and never waits for a refresh.
//!
//! The layout's version is `user_version`; migrations are only ever appended.

pub mod hash_rows;
mod read_only;
pub(crate) mod revocations;
mod rows;
mod trusted;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::change::Change;
use crate::error::{Error, Refusal};
use crate::hex;
use crate::package;
use crate::revocations::{Lookup, Revocations};
use crate::source::{Folder, Source};
use crate::target;
use crate::tuf::{self, Files, Verified};

pub use trusted::Trusted;

/// The steps from each layout to the next.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE anchor (id INTEGER PRIMARY KEY CHECK (id = 1), root BLOB NOT NULL) STRICT;
    CREATE TABLE root (place INTEGER PRIMARY KEY, root BLOB NOT NULL) STRICT;
    CREATE TABLE current (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        timestamp BLOB NOT NULL, snapshot BLOB NOT NULL, targets BLOB NOT NULL, keys BLOB NOT NULL
    ) STRICT;
    ",
    // Any number of targets, not the key set alone.
    "
    CREATE TABLE target (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT;
    INSERT INTO target (name, content) SELECT 'keys.json', keys FROM current;
    ALTER TABLE current DROP COLUMN keys;
    ",
    hash_rows::TABLES,
];

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

/// What a refresh came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The source has what is in use.
    Unchanged {
        /// The key set's version.
        version: u64,
    },
    /// A newer signature, root or key set is in use now.
    Updated(Box<Change>),
}

impl Refreshed {
    /// The key set's version before (`None` when there was no key set) and now; the same
    /// when only signatures were renewed.
    pub fn versions(&self) -> (Option<u64>, u64) {
        match self {
            Self::Unchanged { version } => (Some(*version), *version),
            Self::Updated(change) => (change.from.as_ref().map(|from| from.version), change.to.version),
        }
    }
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
        match rows::anchor(&transaction, &self.path)? {
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
        let root = rows::anchor(&transaction, &self.path)?;
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
        let (files, before) = self.in_use(&transaction)?;
        let now = at_least_signed(now, before.as_ref());
        let Some((next, verified)) = tuf::refresh(&files, source, now)? else {
            return Ok(Refreshed::Unchanged { version: before.map_or(0, |verified| verified.versions[2]) });
        };
        revocations::read(&next)?;
        rows::write(&transaction, &files, &next, &self.path)?;
        transaction.commit().map_err(store_error(&self.path))?;
        let before = before.as_ref().map(|verified| (&files, verified));
        Ok(Refreshed::Updated(Box::new(Change::between(before, (&next, &verified)))))
    }

    /// What [`Self::refresh_from`] would change: everything is verified, nothing written.
    pub fn preview(&self, source: &dyn Source, now: i64) -> Result<Change, Error> {
        let transaction = self.begin(TransactionBehavior::Deferred)?;
        let (files, before) = self.in_use(&transaction)?;
        let now = at_least_signed(now, before.as_ref());
        let before = before.as_ref().map(|verified| (&files, verified));
        match (tuf::refresh(&files, source, now)?, before) {
            (Some((next, verified)), before) => {
                revocations::read(&next)?;
                Ok(Change::between(before, (&next, &verified)))
            }
            (None, Some(before)) => Ok(Change::between(Some(before), before)),
            (None, None) => Err(Refusal::Missing(target::KEYS.into()).into()),
        }
    }

    /// The key set in use, verified again from the anchor on; `None` before the first
    /// refresh. It may have expired: compare `expires_at` with the time.
    pub fn load(&self) -> Result<Option<Trusted>, Error> {
        let transaction = self.begin(TransactionBehavior::Deferred)?;
        let Some(files) = rows::files(&transaction, &self.path)? else { return Ok(None) };
        let Some(verified) = tuf::verify(&files).map_err(Error::Tampered)? else { return Ok(None) };
        let status = revocations::read(&files).map_err(Error::Tampered)?;
        let cards = revocations::cards(&files).map_err(Error::Tampered)?;
        let hashes = revocations::stored(&transaction, &verified.hash_lists, &self.path)?;
        let contents = files.current.map(|current| current.contents).unwrap_or_default();
        Ok(Some(Trusted::new(verified, contents, Revocations::new(status, hashes).with_cards(cards))))
    }

    /// What passes are judged against: the revocation lists of a set that [`Self::load`] gave.
    pub fn lookup<'a>(&'a self, trusted: &'a Trusted) -> Lookup<'a> {
        trusted.revocations.over(&self.connection)
    }

    /// All of the set in use as a zip file, for another device ([`crate::source::Archive`]).
    pub fn package(&self) -> Result<Vec<u8>, Error> {
        let transaction = self.begin(TransactionBehavior::Deferred)?;
        let (files, verified) = self.in_use(&transaction)?;
        let verified = verified.ok_or_else(|| Refusal::Missing(target::KEYS.into()))?;
        let lists = revocations::files(&transaction, &verified.hash_lists, &self.path)?;
        package::of_device(&files, &verified, &lists)
    }

    /// A number that is another once anybody else has changed the store: what [`Self::load`] gave
    /// before is then not what is in use.
    pub fn edition(&self) -> Result<i64, Error> {
        let edition = self.connection.pragma_query_value(None, "data_version", |row| row.get(0));
        edition.map_err(store_error(&self.path))
    }

    /// What is trusted now, verified.
    fn in_use(&self, transaction: &Transaction<'_>) -> Result<(Files, Option<Verified>), Error> {
        let files = rows::files(transaction, &self.path)?.ok_or(Error::NotAnchored)?;
        let verified = tuf::verify(&files).map_err(Error::Tampered)?;
        Ok((files, verified))
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
}

/// A clock behind what was signed already is wrong: no set comes back to life by setting it back.
fn at_least_signed(now: i64, before: Option<&Verified>) -> i64 {
    before.map_or(now, |verified| verified.signed_at.max(now))
}

/// The layout's version, and whose file it is.
fn layout(connection: &Connection) -> rusqlite::Result<(i64, i64)> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get(0));
    Ok((pragma("user_version")?, pragma("application_id")?))
}

fn store_error(path: &Path) -> impl Fn(rusqlite::Error) -> Error {
    move |source| Error::store(path, source)
}

#[cfg(test)]
mod tests;
