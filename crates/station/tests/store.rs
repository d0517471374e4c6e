//! The station's own store: gone, empty, damaged, and who may read it.

mod common;

use common::*;
use station::{Error, NoKeyStore, Station};

#[test]
fn a_store_that_is_gone_lets_nobody_in_where_pins_were_set() {
    let dir = tempfile::tempdir().unwrap();
    let station = with_pins(dir.path());
    let path = station.folder().desk();
    assert!(std::fs::metadata(&path).unwrap().len() > 0, "not even while it is open");
    drop(station);
    let whole = std::fs::read(&path).unwrap();
    let refused = || {
        let error = Station::open(dir.path(), &NoKeyStore, random()).err().unwrap();
        assert!(matches!(error, Error::PinsMissing(_)), "{error:?}");
        assert_eq!(error.to_string().lines().count(), 1);
        assert!(error.to_string().contains("desk.db"));
    };
    std::fs::remove_file(&path).unwrap();
    refused();
    assert!(!path.exists(), "nothing is put in its place");
    std::fs::write(&path, b"").unwrap();
    refused();
    assert_eq!(std::fs::read(&path).unwrap(), b"");
    std::fs::write(&path, whole).unwrap();
    assert!(open(dir.path()).pins().admin);
}

#[test]
fn a_station_of_before_gets_a_store() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    station.submit("HC1:", NOW);
    let path = station.folder().desk();
    drop(station);
    for empty in [false, true] {
        std::fs::remove_file(&path).unwrap();
        if empty {
            std::fs::write(&path, b"").unwrap();
        }
        let mut station = open(dir.path());
        assert!(!station.pins().admin);
        station.begin_shift(None, NOW).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_store_that_nobody_may_look_for_is_not_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    drop(with_pins(dir.path()));
    let path = dir.path().join("desk.db");
    std::fs::remove_file(&path).unwrap();
    // A loop: whether the file is there cannot be told, whoever asks.
    std::os::unix::fs::symlink(&path, &path).unwrap();
    assert!(matches!(Station::open(dir.path(), &NoKeyStore, random()), Err(Error::File { .. })));
}

#[test]
fn a_damaged_store_is_told_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let station = with_pins(dir.path());
    let path = station.folder().desk();
    drop(station);
    let whole = std::fs::read(&path).unwrap();
    let foreign = tempfile::tempdir().unwrap();
    let other = foreign.path().join("other.db");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE a (x)").unwrap();
    let cut = &whole[..whole.len() / 2];
    for bytes in
        [b"no database at all, but long enough to be one".as_slice(), cut, &std::fs::read(other).unwrap()]
    {
        std::fs::write(&path, bytes).unwrap();
        let error = Station::open(dir.path(), &NoKeyStore, random()).err().unwrap();
        assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
        assert_eq!(error.to_string().lines().count(), 1);
        assert!(error.to_string().contains("desk.db"));
    }
    std::fs::write(&path, whole).unwrap();
    assert!(open(dir.path()).pins().admin);
    let connection = rusqlite::Connection::open(&path).unwrap();
    let bad = r#"UPDATE item SET value = '{"accepted_seconds": 0}' WHERE name = 'settings'"#;
    connection.execute_batch("INSERT OR IGNORE INTO item VALUES ('settings', '{}')").unwrap();
    connection.execute_batch(bad).unwrap();
    assert!(matches!(Station::open(dir.path(), &NoKeyStore, random()), Err(Error::Damaged { .. })));
    connection.execute_batch("PRAGMA user_version = 99").unwrap();
    assert!(matches!(Station::open(dir.path(), &NoKeyStore, random()), Err(Error::TooNew { .. })));
}

#[cfg(unix)]
#[test]
fn the_store_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let station = with_pins(dir.path());
    let mut wal = station.folder().desk().into_os_string();
    wal.push("-wal");
    for path in [station.folder().desk(), wal.into()] {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
    }
}
