//! What goes wrong with files, disks and locks: a typed error, and nothing lost.

use super::*;
use std::fs;
use std::time::Duration;

/// One line, which names the file.
fn check_line(error: &Error, name: &str) {
    let line = error.to_string();
    assert!(!line.contains('\n') && line.contains(name), "{line}");
}

#[test]
fn a_second_writer_is_told_so_and_the_first_goes_on() {
    let fixture = Fixture::new(1);
    let mut log = fixture.open().unwrap();
    let error = fixture.open().err().unwrap();
    assert!(matches!(error, Error::InUse(_)), "{error:?}");
    check_line(&error, "scan.log");
    log.append(&scan(1), salt(1)).unwrap();
    drop(log);
    fixture.append(2..3);
}

#[test]
fn a_locked_database_is_told_and_works_again_afterwards() {
    let fixture = Fixture::new(1);
    let mut log = fixture.open().unwrap();
    log.connection.busy_timeout(Duration::ZERO).unwrap();
    let other = Connection::open(&fixture.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = log.append(&scan(1), salt(1)).unwrap_err();
    assert!(matches!(error, Error::Locked(_)), "{error:?}");
    check_line(&error, "scan.log");
    other.execute_batch("ROLLBACK").unwrap();
    log.append(&scan(1), salt(1)).unwrap();
    assert!(log.verify().unwrap().holds());
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let fixture = Fixture::new(0);
    let mut log = fixture.open().unwrap();
    let pages: i64 = log.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    let limit = |log: &Log, pages: i64| {
        let set = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        log.connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], set).unwrap();
    };
    limit(&log, pages + 3);
    let mut logged = 0;
    let error = loop {
        match log.append(&scan(logged), salt(logged as u64)) {
            Ok(_) => logged += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Full(_)), "{error:?}");
    check_line(&error, "scan.log");
    assert!(logged > 5);
    let report = log.verify().unwrap();
    assert!(report.holds() && report.entries == logged as u64, "{report:?}");
    limit(&log, i64::from(u32::MAX - 1));
    log.append(&scan(logged), salt(logged as u64)).unwrap();
    drop(log);
    assert_eq!(fixture.faults(), []);
    assert_eq!(fixture.open().unwrap().len().unwrap(), logged as u64 + 1);
}

#[test]
fn a_file_that_is_no_log_is_told_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other");
    let foreign = folder.path().join("foreign");
    let connection = Connection::open(&foreign).unwrap();
    connection.execute_batch("CREATE TABLE a (x); INSERT INTO a VALUES (1)").unwrap();
    drop(connection);
    let long_text = "not a database ".repeat(500);
    for content in [b"short".as_slice(), long_text.as_bytes(), &fs::read(&foreign).unwrap()] {
        fs::write(&path, content).unwrap();
        for error in [Log::open(&path, device(), ORIGIN).err(), verify(&path, None).err()] {
            let error = error.unwrap();
            assert!(matches!(error, Error::NotALog(_)), "{error:?}");
            check_line(&error, "other");
        }
        assert_eq!(fs::read(&path).unwrap(), content);
    }
}

#[test]
fn a_log_that_is_not_there_is_told_and_not_made_by_reading() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("none");
    assert!(matches!(verify(&path, None), Err(Error::NotFound(_))));
    assert!(!path.exists());
    let below = path.join("scan.log");
    assert!(matches!(Log::open(&below, device(), ORIGIN).err(), Some(Error::NotFound(_))));
}

#[test]
fn a_folder_is_no_log() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("folder");
    fs::create_dir(&path).unwrap();
    let error = verify(&path, None).unwrap_err();
    assert!(matches!(error, Error::NotALog(_)), "{error:?}");
    check_line(&error, "folder");
    check_line(&Log::open(&path, device(), ORIGIN).err().unwrap(), "folder");
}

#[test]
fn an_empty_file_becomes_a_log_but_is_none_yet() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.log");
    fs::write(&path, []).unwrap();
    assert!(matches!(verify(&path, None), Err(Error::NotALog(_))));
    assert!(Log::open(&path, device(), ORIGIN).unwrap().verify().unwrap().holds());
}

#[test]
fn another_device_and_another_origin_are_refused() {
    let fixture = Fixture::new(2);
    let other = Log::open(&fixture.path, DeviceKey::new(&[3; 32], [2; 32]), ORIGIN).err().unwrap();
    assert!(matches!(other, Error::OtherDevice(_)), "{other:?}");
    let other = Log::open(&fixture.path, device(), "propusk.example/other").err().unwrap();
    assert!(matches!(other, Error::OtherOrigin { .. }), "{other:?}");
    for origin in ["", "a b", "a+b", "a\nb"] {
        assert!(matches!(Log::open(&fixture.path, device(), origin), Err(Error::Origin(..))), "{origin:?}");
    }
}

#[test]
fn a_log_of_a_later_format_is_refused_and_left_alone() {
    let fixture = Fixture::new(2);
    fixture.tamper("PRAGMA user_version = 999");
    for error in [fixture.open().err(), verify(&fixture.path, None).err()] {
        assert!(matches!(error, Some(Error::TooNew { version: 999, .. })), "{error:?}");
    }
}

/// No program wrote it: neither an update nor anything else makes it a log.
#[test]
fn a_format_below_the_first_is_no_log() {
    let fixture = Fixture::new(2);
    fixture.tamper("PRAGMA user_version = -1");
    for error in [fixture.open().err(), verify(&fixture.path, None).err()] {
        assert!(matches!(error, Some(Error::NotALog(_))), "{error:?}");
    }
}

#[test]
fn an_entry_with_text_in_it_is_refused_and_nothing_is_written() {
    let fixture = Fixture::new(2);
    let mut log = fixture.open().unwrap();
    let bad = NewEntry { reason: "Anna Ivanova".to_owned(), ..scan(2) };
    assert!(matches!(log.append(&bad, salt(2)), Err(Error::Entry(_))));
    assert_eq!(log.len().unwrap(), 2);
    assert!(log.verify().unwrap().holds());
}

#[test]
fn a_cut_off_file_is_told() {
    let fixture = Fixture::new(60);
    let good = fs::read(&fixture.path).unwrap();
    for keep in [1, 3, 5] {
        fs::write(&fixture.path, &good[..good.len() * keep / 6]).unwrap();
        let error = verify(&fixture.path, None).unwrap_err();
        assert!(matches!(error, Error::Corrupt { .. }), "{error:?}");
        check_line(&error, "scan.log");
        assert!(fixture.open().is_err());
    }
}

#[test]
fn a_missing_table_is_damage() {
    let fixture = Fixture::new(2);
    fixture.tamper("DROP TABLE node");
    assert!(matches!(verify(&fixture.path, None), Err(Error::Corrupt { .. })));
    assert!(matches!(fixture.open().err(), Some(Error::Corrupt { .. })));
}

/// Keeps SQLite from making the side file that it maps, as a read-only medium would.
#[cfg(unix)]
fn no_shared_memory(log: &Path) {
    let mut name = log.as_os_str().to_owned();
    name.push("-shm");
    std::os::unix::fs::symlink("/nonexistent/folder/shm", name).unwrap();
}

#[cfg(unix)]
#[test]
fn a_closed_log_is_read_where_no_side_file_can_be_made() {
    let fixture = Fixture::new(5);
    let strange = fixture.folder.path().join("100% a?b#c.log");
    fs::copy(&fixture.path, &strange).unwrap();
    no_shared_memory(&strange);
    let report = verify(&strange, Some(&device().verifying_key())).unwrap();
    assert!(report.holds() && report.entries == 5, "{report:?}");
}

/// Verifies a log in a process of its own, as a user who is bound by the permissions whoever
/// runs this: `test` is run again with the log's path in [`LOG_OF_ANOTHER_USER`].
#[cfg(unix)]
fn verify_as_another_user(test: &str, fixture: &Fixture) {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;

    const NOBODY: u32 = 65_534;
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let folder = fixture.folder.path();
    // The program may lie where nobody else can reach it.
    let program = folder.join("program");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let mut again = std::process::Command::new(&program);
    if fs::metadata(folder).unwrap().uid() == 0 {
        again.uid(NOBODY).gid(NOBODY);
    }
    allow(folder, 0o555);
    let again =
        again.args(["--exact", test]).env(LOG_OF_ANOTHER_USER, &fixture.path).current_dir("/").output();
    allow(folder, 0o755);
    let again = again.unwrap();
    let told = String::from_utf8_lossy(&again.stdout);
    assert!(again.status.success() && told.contains("1 passed"), "{told}");
}

#[cfg(unix)]
const LOG_OF_ANOTHER_USER: &str = "SCANLOG_TEST_LOG_OF_ANOTHER_USER";

#[cfg(unix)]
#[test]
fn a_closed_log_is_read_by_a_user_who_may_not_write() {
    use std::os::unix::fs::PermissionsExt;

    if let Some(path) = std::env::var_os(LOG_OF_ANOTHER_USER) {
        let path = Path::new(&path);
        assert!(fs::write(path.with_file_name("new"), b"").is_err(), "the folder can be written");
        assert!(fs::OpenOptions::new().append(true).open(path).is_err(), "the log can be written");
        let report = verify(path, Some(&device().verifying_key())).unwrap();
        assert!(report.holds() && report.entries == 5, "{report:?}");
        return;
    }
    let fixture = Fixture::new(5);
    fs::set_permissions(&fixture.path, fs::Permissions::from_mode(0o444)).unwrap();
    let test = "store::tests::failures::a_closed_log_is_read_by_a_user_who_may_not_write";
    verify_as_another_user(test, &fixture);
}

#[cfg(unix)]
#[test]
fn entries_that_only_a_side_file_has_are_not_passed_over() {
    let fixture = Fixture::new(5);
    let mut log = fixture.open().unwrap();
    log.append(&scan(5), salt(5)).unwrap();
    let copy = fixture.folder.path().join("copy.log");
    fs::copy(&fixture.path, &copy).unwrap();
    fs::copy(fixture.folder.path().join("scan.log-wal"), fixture.folder.path().join("copy.log-wal")).unwrap();
    no_shared_memory(&copy);
    let error = verify(&copy, None).unwrap_err();
    assert!(matches!(error, Error::Pending(_)), "{error:?}");
    check_line(&error, "copy.log");
}

#[test]
fn a_log_can_be_handed_to_another_thread() {
    fn check<T: Send>() {}
    check::<Log>();
    check::<Reader>();
    check::<Error>();
}

/// SQLite quotes the file in what it says of damage.
#[test]
fn what_is_told_of_a_hostile_schema_is_one_line_without_control_characters() {
    let fixture = Fixture::new(2);
    fixture.tamper(
        "PRAGMA writable_schema = 1;
         UPDATE sqlite_schema SET sql = 'CREATE TABLE ' || char(27) || '[2J' || char(10) || hex(zeroblob(500))
         WHERE name = 'node'",
    );
    for error in [fixture.open().err(), verify(&fixture.path, None).err()] {
        let error = error.unwrap();
        assert!(matches!(error, Error::Corrupt { .. }), "{error:?}");
        let line = error.to_string();
        let bounded = line.chars().count() < 500 + fixture.path.to_string_lossy().len();
        assert!(bounded && !line.contains(char::is_control), "{line:?}");
    }
}
