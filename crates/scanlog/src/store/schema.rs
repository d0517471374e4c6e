//! The tables, and how a file comes to have them.

use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::collections::BTreeSet;
use std::path::Path;

use crate::error::{At, Error, one_line};
use crate::sqlite;

/// Marks the file as ours (`PRAGMA application_id`): "PPSK".
pub const APPLICATION_ID: i64 = 0x5050_534b;

/// Appended to, never edited: a log that is at `user_version` n has had the first n.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE log (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        origin TEXT NOT NULL,
        signer BLOB NOT NULL CHECK (length(signer) = 32),
        checkpoint TEXT NOT NULL
    ) STRICT;

    CREATE TABLE entry (
        position INTEGER PRIMARY KEY CHECK (position >= 0),
        at INTEGER NOT NULL,
        outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 2),
        reason TEXT NOT NULL,
        stage TEXT NOT NULL,
        kind TEXT,
        identity BLOB CHECK (length(identity) = 32),
        person BLOB CHECK (length(person) = 32),
        key_set_version INTEGER NOT NULL CHECK (key_set_version >= 0),
        demo INTEGER NOT NULL CHECK (demo BETWEEN 0 AND 1),
        salt BLOB NOT NULL CHECK (length(salt) = 32)
    ) STRICT;
    CREATE INDEX entry_by_time ON entry (at, outcome);
    CREATE INDEX entry_by_person ON entry (person, at) WHERE person IS NOT NULL;

    CREATE TABLE node (
        level INTEGER NOT NULL CHECK (level BETWEEN 0 AND 63),
        position INTEGER NOT NULL CHECK (position >= 0),
        hash BLOB NOT NULL CHECK (length(hash) = 32),
        PRIMARY KEY (level, position)
    ) STRICT, WITHOUT ROWID;
",
    "
    -- Operators and events. A CHECK cannot be altered, so the table is copied.
    CREATE TABLE entry_2 (
        position INTEGER PRIMARY KEY CHECK (position >= 0),
        at INTEGER NOT NULL,
        outcome INTEGER NOT NULL CHECK (outcome BETWEEN 0 AND 3),
        reason TEXT NOT NULL,
        stage TEXT NOT NULL,
        kind TEXT,
        identity BLOB CHECK (length(identity) = 32),
        person BLOB CHECK (length(person) = 32),
        key_set_version INTEGER NOT NULL CHECK (key_set_version >= 0),
        demo INTEGER NOT NULL CHECK (demo BETWEEN 0 AND 1),
        operator INTEGER CHECK (operator BETWEEN 0 AND 4294967295),
        salt BLOB NOT NULL CHECK (length(salt) = 32)
    ) STRICT;
    INSERT INTO entry_2
        SELECT position, at, outcome, reason, stage, kind, identity, person, key_set_version, demo, NULL, salt
        FROM entry ORDER BY position;
    DROP TABLE entry;
    ALTER TABLE entry_2 RENAME TO entry;
    -- Whatever is counted or looked for by time is answered from this index alone.
    CREATE INDEX entry_by_time ON entry (at, outcome, reason, operator);
    CREATE INDEX entry_by_person ON entry (person, at) WHERE person IS NOT NULL;
",
    "
    -- Heads that a witness cosigned, as whole notes.
    CREATE TABLE cosignature (
        id INTEGER PRIMARY KEY,
        size INTEGER NOT NULL CHECK (size >= 0),
        at INTEGER NOT NULL CHECK (at >= 0),
        name TEXT NOT NULL,
        key BLOB NOT NULL CHECK (length(key) = 32),
        note TEXT NOT NULL
    ) STRICT;
",
    "
    -- Which entries tell of erased ones.
    CREATE INDEX entry_purged ON entry (position) WHERE outcome = 3 AND reason = 'purged';
    -- How many entries of each 512 are alike, so that a journal of millions is counted and paged without
    -- reading them all. No operator is -1.
    CREATE TABLE tally (
        block INTEGER NOT NULL CHECK (block >= 0),
        outcome INTEGER NOT NULL,
        reason TEXT NOT NULL,
        operator INTEGER NOT NULL,
        count INTEGER NOT NULL CHECK (count > 0),
        first_at INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        PRIMARY KEY (block, outcome, reason, operator)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO tally
        SELECT position >> 9, outcome, reason, ifnull(operator, -1), count(*), min(at), max(at)
        FROM entry GROUP BY 1, 2, 3, 4;
",
    "
    -- Tallies answer what is counted by time, with a five hundredth of the rows that are kept and proven for it.
    DROP INDEX entry_by_time;
    CREATE INDEX tally_by_time ON tally (last_at);
",
];

/// Whether nothing is in the file yet; an error where what is in it is no log of a known format.
pub fn is_new(connection: &Connection, path: &Path) -> Result<bool, Error> {
    let tables = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    let new = tables.at(path)? == 0 && number(connection, "application_id").at(path)? == 0;
    if !new {
        check(connection, path)?;
    }
    Ok(new)
}

/// Makes the file a log of the latest format: a new one, or one of an older format.
pub fn prepare(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    sqlite::durable(connection).at(path)?;
    migrate(connection, path, MIGRATIONS)
}

/// Whether the file is a log of a format that is known here.
fn check(connection: &Connection, path: &Path) -> Result<(), Error> {
    if number(connection, "application_id").at(path)? != APPLICATION_ID {
        return Err(Error::NotALog(path.to_owned()));
    }
    let (version, known) = (number(connection, "user_version").at(path)?, MIGRATIONS.len() as i64);
    if version < 0 {
        return Err(Error::NotALog(path.to_owned()));
    }
    if version > known {
        return Err(Error::TooNew { path: path.to_owned(), version, known });
    }
    Ok(())
}

/// Whether the file is a log that can be read as it is: of the latest format, or of an older one.
pub fn check_readable(connection: &Connection, path: &Path) -> Result<(), Error> {
    check(connection, path)?;
    let begun = number(connection, "user_version").at(path)? > 0;
    if begun { Ok(()) } else { Err(Error::NotALog(path.to_owned())) }
}

/// Whether entries can name an operator: since the second format.
pub fn has_operators(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(number(connection, "user_version")? > 1)
}

/// Whether heads can have cosignatures: since the third format.
pub fn has_cosignatures(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(number(connection, "user_version")? > 2)
}

/// Whether entries can be purged and are tallied: since the fourth format.
pub fn has_tallies(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(number(connection, "user_version")? > 3)
}

/// Whether what is counted by time is found by tallies: since the fifth format.
pub fn has_tallies_by_time(connection: &Connection) -> rusqlite::Result<bool> {
    Ok(number(connection, "user_version")? > 4)
}

/// What of its tables and indices is not as a log of its format has them, one line each. Whoever made the file may
/// have declared them otherwise, so that a row gets in twice. Triggers and views do not run, and what SQLite counts
/// for its planner changes no answer.
pub fn differences(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let version = usize::try_from(number(connection, "user_version")?).unwrap_or(0);
    let own = Connection::open_in_memory()?;
    for step in &MIGRATIONS[..version.min(MIGRATIONS.len())] {
        own.execute_batch(step)?;
    }
    let (found, own) = (declared(connection)?, declared(&own)?);
    let names: BTreeSet<&(String, String)> = found.symmetric_difference(&own).map(|(name, _)| name).collect();
    let line = |(kind, name): &(String, String)| {
        one_line(&format!("{kind} {name} is not declared as in a log of this format"))
    };
    Ok(names.into_iter().map(line).collect())
}

/// Type and name of something that is declared, and how.
type Declared = ((String, String), Option<String>);

fn declared(connection: &Connection) -> rusqlite::Result<BTreeSet<Declared>> {
    let sql = "SELECT type, name, sql FROM sqlite_schema
         WHERE type NOT IN ('trigger', 'view')
             AND NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4'))";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    rows.collect()
}

/// All steps that are missing, in one exclusive transaction: a file has either
/// its old format or the new one.
fn migrate(connection: &mut Connection, path: &Path, steps: &[&str]) -> Result<(), Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive).at(path)?;
    let done = number(&transaction, "user_version").at(path)?;
    let missing = usize::try_from(done).ok().and_then(|done| steps.get(done..));
    let Some(missing) = missing else {
        return Err(Error::TooNew { path: path.to_owned(), version: done, known: steps.len() as i64 });
    };
    if missing.is_empty() {
        return Ok(());
    }
    apply(&transaction, missing, steps.len()).at(path)?;
    transaction.commit().at(path)
}

fn apply(transaction: &Transaction<'_>, steps: &[&str], version: usize) -> rusqlite::Result<()> {
    steps.iter().try_for_each(|step| transaction.execute_batch(step))?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", version as i64)
}

fn number(connection: &Connection, pragma: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, pragma, |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migrated(steps: &[&str]) -> (Connection, Result<(), Error>) {
        let mut connection = Connection::open_in_memory().unwrap();
        let done = migrate(&mut connection, Path::new("test"), steps);
        (connection, done)
    }

    #[test]
    fn a_log_of_any_older_format_becomes_one_of_the_latest() {
        let steps = ["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y", "CREATE TABLE b (x)"];
        for older in 0..=steps.len() {
            let (mut connection, done) = migrated(&steps[..older]);
            done.unwrap();
            migrate(&mut connection, Path::new("test"), &steps).unwrap();
            assert_eq!(number(&connection, "user_version").unwrap(), 3);
            connection.execute("INSERT INTO a (x, y) VALUES (1, 2)", []).unwrap();
            connection.execute("INSERT INTO b (x) VALUES (1)", []).unwrap();
        }
    }

    #[test]
    fn a_step_that_fails_leaves_the_older_format() {
        let (mut connection, done) = migrated(&["CREATE TABLE a (x)"]);
        done.unwrap();
        let steps = ["CREATE TABLE a (x)", "CREATE TABLE b (x)", "no SQL"];
        assert!(migrate(&mut connection, Path::new("test"), &steps).is_err());
        assert_eq!(number(&connection, "user_version").unwrap(), 1);
        assert!(connection.execute("INSERT INTO b (x) VALUES (1)", []).is_err());
    }

    #[test]
    fn a_log_of_a_later_format_is_left_alone() {
        let (mut connection, _) = migrated(&["CREATE TABLE a (x)", "CREATE TABLE b (x)"]);
        let refused = migrate(&mut connection, Path::new("test"), &["CREATE TABLE a (x)"]);
        assert!(matches!(refused, Err(Error::TooNew { version: 2, known: 1, .. })), "{refused:?}");
    }

    #[test]
    fn the_log_s_own_migrations_apply() {
        let (connection, done) = migrated(MIGRATIONS);
        done.unwrap();
        check_readable(&connection, Path::new("test")).unwrap();
        assert!(has_operators(&connection).unwrap() && has_tallies_by_time(&connection).unwrap());
    }
}
