//! How a device's own SQLite files are opened: no code of theirs runs, and what was committed stays.

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::time::Duration;

/// How long a lock is waited for. Readers never block the writer in WAL mode, so
/// only a foreign program can hold it this long.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What every connection is set to before it reads anything: nothing that
/// somebody has slipped into the file (a trigger, a view, a function in an
/// index) is run, and each page is checked as it is read.
pub fn harden(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.pragma_update(None, "cell_size_check", true)
}

/// What a connection is set to before it writes: a change is on disk when its transaction ends, and
/// what was overwritten does not stay behind in the file. What was there before is on disk, too.
pub fn durable(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    // Apple's fsync leaves data in the drive's cache; elsewhere these do nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    // What an index is sorted in does not get onto the disk either.
    connection.pragma_update(None, "temp_store", "memory")?;
    settle(connection).map(|_| ())
}

/// Moves what a side file holds into the database itself before anything is built on it.
///
/// After a sync that failed, Linux shows what was written and never writes it again. A process
/// that ended then leaves a side file that looks whole and is not on disk, and a power cut would
/// take with it whatever was appended later. Written anew, it is on disk. A reader that stands in
/// the way is not waited for: then it is not done, which is no error.
pub(crate) fn settle(connection: &Connection) -> rusqlite::Result<bool> {
    connection.busy_timeout(Duration::ZERO)?;
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    connection.busy_timeout(BUSY_TIMEOUT)?;
    Ok(busy? == 0)
}
