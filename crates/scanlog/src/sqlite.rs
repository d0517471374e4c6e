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
/// what was overwritten does not stay behind in the file.
pub fn durable(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    // Apple's fsync leaves data in the drive's cache; elsewhere these do nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "secure_delete", true)
}
