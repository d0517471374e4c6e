//! The log on disk: one SQLite file, and the only SQL of this crate.
//!
//! # Durability
//!
//! [`Log::append`] writes the entry, its tree hashes and a newly signed head in
//! one transaction, and returns when SQLite has synced it to disk: write-ahead
//! log with `synchronous=FULL`, on Apple with `fullfsync`. A process that is
//! killed, or a power cut, loses at most an entry that nobody was told of. The
//! entry can never be there without the head that covers it, nor the head
//! without the entry. When the disk is full the transaction is undone and the
//! error says so; appending works again once there is space. When the file is
//! deleted or moved away while it is open, the entry is not acknowledged, and
//! what the log holds is written to its place again (`again`). Other programs may not be
//! kept from taking a side file (`-wal`) away while no process has it open: then
//! the log is refused until it is back (`mark`).
//!
//! # Locking
//!
//! One [`Log`] at a time may append: it holds an advisory lock on `NAME.lock`
//! beside the log (in which it notes the number of entries), which the system releases when the process ends, however it
//! ends. (Not on the log itself: on Unix, closing a second descriptor of a
//! SQLite file drops the locks that SQLite holds on it.) Any number of
//! [`Reader`]s may read meanwhile, each on a snapshot; in WAL mode they do not
//! block the writer, nor it them. The lock only keeps two windows from getting
//! into each other's way. What keeps the history single is that every append
//! reads the head inside its own transaction and refuses when it is not the
//! one that was signed over the tree as it stands.
//!
//! # Forks
//!
//! A log must never sign two histories. So a log whose head, entries and tree
//! do not fit together is readable and verifiable, but not appended to. What
//! cannot be seen from within is a file that was put back to an earlier state
//! as a whole: whoever restores a backup has to begin a new origin. `mark` sees
//! it as long as the file beside the log is left.
//!
//! # Compatibility
//!
//! `application_id` marks the file, `user_version` counts the migrations that
//! it has had. Reading takes each of them as it is; opening for appending brings
//! an older log to the latest format in one exclusive transaction, once its head
//! is found to be this device's; a later format is refused. An entry's columns
//! are the entry; what is signed are their canonical bytes (`entry`), so that
//! the tables may change without touching what was signed. Columns hold no
//! second copy of anything, except that the tree's hashes follow from the
//! entries and its inner ones from its leaves; verifying recomputes them.
//!
//! # Reading a hostile file
//!
//! The file may come from anyone. Triggers, views and functions inside it are
//! never run, a value of the wrong type is a fault and not a panic, and nothing
//! in it is believed before the head's signature.

mod again;
mod cosigned;
mod count;
mod erase;
mod journal;
mod leaves;
mod mark;
mod place;
mod purge;
mod reader;
mod rows;
mod schema;
mod tally;
mod whole;

use ed25519_dalek::VerifyingKey;
use rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE as KEEP_SIDE_FILE;
use rusqlite::{Connection, OpenFlags, Row as SqlRow, Transaction, TransactionBehavior};
use std::ops::Deref;
use std::path::Path;

use crate::anomaly::{Anomaly, Rules, Search};
use crate::audit::Report;
use crate::checkpoint::Checkpoint;
use crate::entry::{BadEntry, NewEntry, Outcome, PURGED, Salt};
use crate::error::{At, Error};
use crate::identity::{self, DeviceKey};
use crate::note;
use crate::sqlite;
use crate::tree;

use mark::Mark;
use place::{Found, Place};

pub use again::exists;
pub use cosigned::BadAnswer;
pub use count::{Bucket, Counts, MAX_BUCKETS};
pub use journal::{Filter, Page, Statistics};
pub use leaves::{Leaf, Snapshot};
pub use purge::Purged;
pub use reader::{MAX_PAGE, Reader};

/// A log that is open for appending. Reads like a [`Reader`].
pub struct Log {
    /// Closed before the lock is released.
    reader: Reader,
    device: DeviceKey,
    origin: String,
    /// The head that was last found genuine, so that its signature is not checked again and again.
    head: Option<(String, Checkpoint)>,
    /// The files that SQLite has open; `None` once they were found to be gone.
    place: Option<Place>,
    /// The lock that one writer holds.
    mark: Mark,
}

/// Where an entry was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Its index.
    pub index: u64,
    /// The number of entries now.
    pub size: u64,
}

/// Verifies a log read-only, without any secret. See [`Reader::verify`].
pub fn verify(path: &Path, expected: Option<&VerifyingKey>) -> Result<Report, Error> {
    Reader::open(path)?.verify(expected)
}

/// What among the entries that match an inspector should look at, see [`anomaly`](crate::anomaly).
pub fn anomalies(reader: &Reader, filter: &Filter, rules: Rules) -> Result<Vec<Anomaly>, Error> {
    let mut search = Search::new(rules);
    reader.for_each(filter, |entry| {
        search.push(&entry);
        true
    })?;
    Ok(search.finish())
}

impl Log {
    /// Opens the log at `path` for appending, or makes a new one there.
    ///
    /// `origin` names the log in its checkpoints: a URL without scheme, spaces
    /// or plus, unique to this log, such as `propusk.example/door-3/7f2a`.
    pub fn open(path: &Path, device: DeviceKey, origin: &str) -> Result<Self, Error> {
        note::checked_name(origin).map_err(|why| Error::Origin(origin.to_owned(), why))?;
        let mut mark = Mark::lock(path)?;
        let noted = mark.noted();
        if !path.try_exists().at(path)? && (noted > 0 || again::exists(path).at(path)?) {
            // A second log under the same name would be a second history.
            again::finish(path, &device.verifying_key(), noted)?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).at(path)?;
        sqlite::harden(&connection).at(path)?;
        // A log that is refused keeps its side file as it is.
        connection.set_db_config(KEEP_SIDE_FILE, true).at(path)?;
        let reader = Reader { connection, path: path.to_owned() };
        let mut log = Self { reader, device, origin: origin.to_owned(), head: None, place: None, mark };
        // A log that is not to be appended to keeps its format too.
        if !schema::is_new(&log.connection, path)? && !log.is_unsigned()? {
            log.head = Some(log.genuine_head()?);
            log.counted()?;
        }
        let entries = log.head.as_ref().map_or(0, |(_, head)| head.size);
        if entries < noted {
            return Err(Error::Forgotten { path: path.to_owned(), entries, noted });
        }
        schema::prepare(&mut log.reader.connection, path)?;
        log.begin()?;
        log.connection.set_db_config(KEEP_SIDE_FILE, false).at(path)?;
        log.mark.note(entries);
        log.place = Some(Place::of(path));
        // Where it cannot be deleted, the next purge says so.
        let _ = again::forget(path);
        Ok(log)
    }

    /// Appends an entry. Returns when it is on disk, in the tree and under a
    /// signed head; on an error it must not be taken for logged. `salt` is
    /// fresh random bytes, used once. What tells of erased entries, only [`Log::purge`] appends.
    pub fn append(&mut self, new: &NewEntry, salt: Salt) -> Result<Appended, Error> {
        if new.outcome == Outcome::Event && new.reason == PURGED {
            return Err(BadEntry::Purge.into());
        }
        new.check()?;
        self.in_place()?;
        let transaction = self.transaction()?;
        let (_, head) = self.genuine_head()?;
        let head = self.put(&transaction, &head, new, salt)?;
        transaction.commit().at(&self.path)?;
        let size = head.1.size;
        self.head = Some(head);
        // Whoever is told of the entry must be able to find it.
        self.in_place()?;
        self.mark.note(size);
        Ok(Appended { index: size - 1, size })
    }

    /// Recomputes everything and checks it against this device's own key.
    pub fn verify(&self) -> Result<Report, Error> {
        self.reader.verify(Some(&self.verifying_key()))
    }

    /// The key that verifies this log.
    pub fn verifying_key(&self) -> VerifyingKey {
        self.device.verifying_key()
    }

    /// The log's name and public key in one line, for an inspector to keep.
    pub fn verifier(&self) -> note::Verifier {
        note::Verifier { name: self.origin.clone(), key: self.verifying_key() }
    }

    /// The device's signing key, for what the device signs besides its log.
    pub fn signing_key(&self) -> &ed25519_dalek::SigningKey {
        &self.device.signing
    }

    /// A text that ends in a newline and is no checkpoint, signed under the log's name (C2SP signed note).
    pub fn sign_text(&self, text: &str) -> Result<String, Error> {
        let unfit = |why| Error::Origin(self.origin.clone(), why);
        if Checkpoint::parse_text(text).is_ok() {
            return Err(unfit(note::NoteError::Structure));
        }
        note::sign(text, &self.origin, &self.device.signing).map_err(unfit)
    }

    /// What stands in for the certificate with this id. See [`identity::certificate`].
    pub fn identity(&self, id: &str) -> [u8; 32] {
        identity::certificate(&self.device.identity, id)
    }

    /// What stands in for this person. See [`identity::person`].
    pub fn person(&self, family_name: &str, given_name: &str, date_of_birth: &str) -> Option<[u8; 32]> {
        identity::person(&self.device.identity, family_name, given_name, date_of_birth)
    }
}

impl Deref for Log {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl Log {
    /// Puts an entry behind a head within a transaction: the new head and its note.
    fn put(
        &self,
        transaction: &Connection,
        head: &Checkpoint,
        new: &NewEntry,
        salt: Salt,
    ) -> Result<(String, Checkpoint), Error> {
        new.check()?;
        let index = head.size;
        let entry = new.at_index(index);
        let leaf = tree::leaf_hash(&entry.commitment(&salt));
        rows::insert_entry(transaction, &entry, &salt).at(&self.path)?;
        tally::add(transaction, &entry).at(&self.path)?;
        for (place, hash) in tree::append(&self.reader, index, leaf)? {
            rows::insert_node(transaction, place, &hash).at(&self.path)?;
        }
        let size = index + 1;
        let root = tree::root(&self.reader, size)?;
        let checkpoint = Checkpoint { origin: self.origin.clone(), size, root };
        let note = self.sign(&checkpoint)?;
        rows::set_head(transaction, &note).at(&self.path)?;
        Ok((note, checkpoint))
    }

    /// Signs the empty log if it is new; otherwise checks that it can be continued.
    fn begin(&mut self) -> Result<(), Error> {
        let transaction = self.transaction()?;
        if self.is_unsigned()? {
            let empty = Checkpoint { origin: self.origin.clone(), size: 0, root: tree::empty_root() };
            let note = self.sign(&empty)?;
            rows::insert_head(&transaction, &self.origin, &self.verifying_key(), &note).at(&self.path)?;
        }
        let head = self.genuine_head()?;
        transaction.commit().at(&self.path)?;
        self.head = Some(head);
        Ok(())
    }

    /// Whether nothing was ever signed here, and nothing is there to be signed over.
    fn is_unsigned(&self) -> Result<bool, Error> {
        let any = "SELECT EXISTS (SELECT 1 FROM entry) OR EXISTS (SELECT 1 FROM node)";
        let any = || self.connection.query_row(any, [], |row| row.get::<_, bool>(0)).at(&self.path);
        Ok(self.reader.head()?.is_none() && !any()?)
    }

    /// An error where there are not exactly as many entries and leaves as were signed. Entries are counted by their
    /// tallies where it has them: whether each is there is for a proof to say, and a door does not wait for one.
    fn counted(&self) -> Result<(), Error> {
        let entries = tally::source(&self.connection).at(&self.path)?;
        let sql = format!(
            "SELECT (SELECT ifnull(sum(count), 0) FROM {entries}),
                 (SELECT ifnull(max(position) + 1, 0) FROM node WHERE level = 0)"
        );
        let counts = |row: &SqlRow<'_>| Ok([row.get::<_, i64>(0)?, row.get::<_, i64>(1)?]);
        let [entries, leaves] = self.connection.query_row(&sql, [], counts).at(&self.path)?;
        let erased = count::saturating_sum(self.purges()?.iter().map(|(_, purge)| purge.erased));
        let entries = entries.saturating_add_unsigned(erased);
        let signed = self.head.as_ref().map_or(0, |(_, head)| head.size);
        if [entries, leaves] != [reader::clamp(signed); 2] {
            return Err(self.mismatch(format!("{entries} entries, {signed} signed")));
        }
        Ok(())
    }

    /// The head, if this device signed it over the tree as it is stored now.
    fn genuine_head(&self) -> Result<(String, Checkpoint), Error> {
        let stored = self.reader.head()?.ok_or_else(|| self.mismatch("it has no head".to_owned()))?;
        if stored.origin != self.origin {
            let (expected, found) = (self.origin.clone(), stored.origin);
            return Err(Error::OtherOrigin { path: self.path.clone(), expected, found });
        }
        let key = self.verifying_key();
        if stored.signer.as_ref() != Some(key.as_bytes()) {
            return Err(Error::OtherDevice(self.path.clone()));
        }
        let head = match &self.head {
            Some((note, head)) if *note == stored.note => head.clone(),
            _ => Checkpoint::open(&stored.note, &self.origin, &key)
                .map_err(|why| self.mismatch(format!("head: {why}")))?,
        };
        let size = self.reader.len()?;
        if size != head.size {
            return Err(self.mismatch(format!("{size} entries, {} signed", head.size)));
        }
        if tree::root(&self.reader, size)? != head.root {
            return Err(self.mismatch("the tree has another root".to_owned()));
        }
        Ok((stored.note, head))
    }

    /// An error where the files at the path are not those that SQLite writes to. What it has is saved, if that
    /// is possible; this log is not appended to again.
    fn in_place(&mut self) -> Result<(), Error> {
        let path = self.path.clone();
        let Some(place) = &self.place else { return Err(Error::Gone(path)) };
        match place.look() {
            Found::Same => return Ok(()),
            Found::Another => return Err(Error::Replaced(path)),
            // While somebody reads an older state, what only the lost side file has cannot be copied.
            Found::LogOnly if !sqlite::settle(&self.connection).at(&path)? => {
                return Err(Error::Locked(path));
            }
            Found::LogOnly => {}
            Found::Nothing => again::write(&self.connection, &path)?,
        }
        self.place = None;
        Err(Error::Gone(path))
    }

    /// A transaction that holds the database's write lock from its start.
    fn transaction(&self) -> Result<Transaction<'_>, Error> {
        Transaction::new_unchecked(&self.reader.connection, TransactionBehavior::Immediate).at(&self.path)
    }

    fn sign(&self, checkpoint: &Checkpoint) -> Result<String, Error> {
        checkpoint.sign(&self.device.signing).map_err(|why| Error::Origin(self.origin.clone(), why))
    }

    fn mismatch(&self, detail: String) -> Error {
        Error::HeadMismatch { path: self.path.clone(), detail }
    }
}

#[cfg(test)]
mod tests;
