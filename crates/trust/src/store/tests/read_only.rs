//! A store that is only looked at.

use super::*;

#[test]
fn a_store_opened_read_only_loads_the_same_and_takes_nothing() {
    let signers = signers(1);
    let place = Place::publishing(&signers, "first");
    let store = place.refreshed();
    let looked_at = Store::open_read_only(&place.database()).unwrap();
    assert_eq!(looked_at.load().unwrap(), store.load().unwrap());
    assert_eq!(looked_at.anchored().unwrap(), store.anchored().unwrap());
    place.update(&signers, "second");
    assert!(matches!(looked_at.refresh(&place.folder(), NOW), Err(Error::NotAllowed { .. })));
    store.refresh(&place.folder(), NOW).unwrap();
    assert_eq!(issuer(&looked_at).as_deref(), Some("second"));
}

#[test]
fn what_is_no_store_is_told_and_nothing_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("none.db");
    for path in [&missing, dir.path()] {
        let error = Store::open_read_only(path).unwrap_err();
        assert!(matches!(error, Error::Io { .. }), "{error:?}");
    }
    assert!(!missing.exists());
    for (content, name) in [(&b""[..], "empty"), (&[b'x'; 4096], "foreign")] {
        let path = dir.path().join(name);
        fs::write(&path, content).unwrap();
        let error = Store::open_read_only(&path).unwrap_err();
        assert!(matches!(error, Error::Layout { .. } | Error::Damaged { .. }), "{error:?}");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

#[test]
fn another_layout_is_refused() {
    for (pragma, number) in [("user_version", LAYOUT + 1), ("user_version", 0), ("application_id", 7)] {
        let place = Place::publishing(&signers(1), "first");
        drop(place.refreshed());
        Connection::open(place.database()).unwrap().pragma_update(None, pragma, number).unwrap();
        let refused = Store::open_read_only(&place.database());
        assert!(matches!(refused, Err(Error::Layout { .. })), "{pragma} {number}: {refused:?}");
    }
}

/// A copy of the store, with its side file where it is in use, under a name that an address
/// has to escape, where SQLite cannot make the side file that it maps.
#[cfg(unix)]
fn copy_without_shared_memory(place: &Place) -> PathBuf {
    let copy = place.database().with_file_name("100% a?b#c.db");
    let beside = |path: &Path, ending: &str| PathBuf::from(format!("{}{ending}", path.display()));
    fs::copy(place.database(), &copy).unwrap();
    let wal = beside(&place.database(), "-wal");
    if wal.exists() {
        fs::copy(wal, beside(&copy, "-wal")).unwrap();
    }
    std::os::unix::fs::symlink("/nonexistent/folder/shm", beside(&copy, "-shm")).unwrap();
    copy
}

#[cfg(unix)]
#[test]
fn a_closed_store_is_read_where_no_side_file_can_be_made() {
    let place = Place::publishing(&signers(1), "first");
    drop(place.refreshed());
    let copy = copy_without_shared_memory(&place);
    let store = Store::open_read_only(&copy).unwrap();
    assert_eq!(issuer(&store).as_deref(), Some("first"));
}

#[cfg(unix)]
#[test]
fn a_change_that_only_a_side_file_has_is_not_passed_over() {
    let place = Place::publishing(&signers(1), "first");
    let _in_use = place.refreshed();
    let error = Store::open_read_only(&copy_without_shared_memory(&place)).unwrap_err();
    assert!(matches!(error, Error::Pending(_)), "{error:?}");
}

#[test]
fn only_damage_asks_for_another_file() {
    use rusqlite::ffi;

    let cases = [
        (ffi::SQLITE_READONLY_DIRECTORY, "ask its owner"),
        (ffi::SQLITE_READONLY, "ask its owner"),
        (ffi::SQLITE_CANTOPEN, "ask its owner"),
        (ffi::SQLITE_PERM, "ask its owner"),
        (ffi::SQLITE_BUSY, "try again"),
        (ffi::SQLITE_LOCKED, "try again"),
        (ffi::SQLITE_FULL, "check the disk"),
        (ffi::SQLITE_IOERR, "check the disk"),
        (ffi::SQLITE_CORRUPT, "anchor again"),
        (ffi::SQLITE_NOTADB, "anchor again"),
    ];
    for (code, advice) in cases {
        let source = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        let told = Error::store(Path::new("trust.db"), source).to_string();
        assert!(told.contains(advice) && told.contains("trust.db") && !told.contains('\n'), "{code}: {told}");
        assert_eq!(told.contains("anchor again"), advice == "anchor again", "{code}: {told}");
    }
}
