//! A file of the log is missing, or disappears while it is open.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};

use crate::message::line;
use crate::sample::{check, open, salt, scan, verifying_key};
use scanlog::{Error, Fault, Log, NewEntry, Outcome, Reader, verify};

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn append(log: &mut Log) -> Result<u64, Error> {
    let number = log.len()?;
    log.append(&scan(number), salt(number)).map(|appended| appended.size)
}

/// A log that is open, with 3 entries of which some are only in its side file.
fn opened() -> (tempfile::TempDir, PathBuf, Log) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.log");
    append(&mut open(&path).unwrap()).unwrap();
    let mut log = open(&path).unwrap();
    append(&mut log).unwrap();
    append(&mut log).unwrap();
    (folder, path, log)
}

#[test]
fn a_log_that_is_deleted_while_open_is_told_and_written_again() {
    for gone in [&["", "-wal", "-shm", ".lock"][..], &[""], &["-wal"], &["-wal", "-shm"]] {
        let (_folder, path, mut log) = opened();
        gone.iter().for_each(|ending| fs::remove_file(with(&path, ending)).unwrap());
        for _ in 0..3 {
            let error = append(&mut log).unwrap_err();
            assert!(matches!(error, Error::Gone(_)), "{gone:?}: {error}");
            line(&error);
        }
        drop(log);
        assert_eq!(check(&path, 3), Ok(3), "{gone:?}");
        append(&mut open(&path).unwrap()).unwrap();
        assert_eq!(check(&path, 4), Ok(4), "{gone:?}");
    }
}

/// The same, and the process is killed instead of closing the log.
#[test]
fn what_was_written_again_is_whole_whoever_dies_then() {
    for gone in ["", "-wal"] {
        let (_folder, path, mut log) = opened();
        fs::remove_file(with(&path, gone)).unwrap();
        append(&mut log).unwrap_err();
        let (_copied, copy) = as_killed(&path, &["", "-wal", ".lock"]);
        assert_eq!(check(&copy, 3), Ok(3), "{gone:?}");
    }
}

/// What is only in the side file cannot be copied back while somebody reads an older state.
#[test]
fn a_log_that_somebody_reads_is_written_again_once_they_have_done() {
    let (_folder, path, mut log) = opened();
    let reader = Reader::open(&path).unwrap();
    let snapshot = reader.snapshot().unwrap();
    assert_eq!(reader.len().unwrap(), 3);
    append(&mut log).unwrap();
    fs::remove_file(with(&path, "-wal")).unwrap();
    for _ in 0..2 {
        let error = append(&mut log).unwrap_err();
        assert!(matches!(error, Error::Locked(_)), "{error}");
    }
    drop(snapshot);
    let error = append(&mut log).unwrap_err();
    assert!(matches!(error, Error::Gone(_)), "{error}");
    let (_copied, copy) = as_killed(&path, &["", ".lock"]);
    assert_eq!(check(&copy, 4), Ok(4));
}

/// The power goes between writing the log again and giving it its name.
#[test]
fn a_log_that_was_being_written_again_gets_its_name_when_it_is_opened() {
    let (_folder, path, log) = opened();
    drop(log);
    fs::rename(&path, with(&path, ".again")).unwrap();
    assert_eq!(check_opened(&path, 3), Ok(3));
    assert!(beside(&path).iter().all(|name| !name.contains("again")), "{:?}", beside(&path));
}

#[test]
fn what_was_not_written_again_to_its_end_is_not_taken_for_the_log() {
    for spoil in [
        |again: &Path| fs::File::options().write(true).open(again).unwrap().set_len(8192).unwrap(),
        |again: &Path| {
            let sql = "DELETE FROM entry WHERE position = 1";
            rusqlite::Connection::open(again).unwrap().execute_batch(sql).unwrap();
        },
    ] {
        let (_folder, path, log) = opened();
        drop(log);
        let again = with(&path, ".again");
        fs::rename(&path, &again).unwrap();
        spoil(&again);
        let error = open(&path).err().unwrap();
        assert!(matches!(error, Error::Forgotten { entries: 0, noted: 3, .. }), "{error}");
        assert!(!path.exists() && again.exists());
    }
    // Nor an earlier state of it.
    let (_folder, path, mut log) = opened();
    let (_copied, earlier) = as_killed(&path, &["", "-wal"]);
    assert_eq!(check(&earlier, 3), Ok(3));
    append(&mut log).unwrap();
    drop(log);
    fs::remove_file(&path).unwrap();
    fs::rename(&earlier, with(&path, ".again")).unwrap();
    assert!(matches!(open(&path).err().unwrap(), Error::Forgotten { entries: 0, noted: 4, .. }));
}

/// It holds what a purge would erase from the log alone.
#[test]
fn what_is_left_of_writing_a_log_again_is_deleted_where_the_log_is_there() {
    let (_folder, path, mut log) = opened();
    drop(append(&mut log));
    drop(log);
    fs::copy(&path, with(&path, ".again")).unwrap();
    let mut log = open(&path).unwrap();
    assert!(!with(&path, ".again").exists());
    fs::copy(&path, with(&path, ".again")).unwrap();
    let event = NewEntry { outcome: Outcome::Event, identity: None, person: None, ..scan(9) };
    assert!(log.purge(2, &event, salt(9)).unwrap().wiped);
    assert!(!with(&path, ".again").exists());
}

#[test]
fn a_log_that_is_gone_is_not_begun_anew() {
    let (_folder, path, log) = opened();
    drop(log);
    fs::remove_file(&path).unwrap();
    let error = open(&path).err().unwrap();
    assert!(matches!(error, Error::Forgotten { entries: 0, noted: 3, .. }), "{error}");
    line(&error);
    assert!(!path.exists());
}

/// The names of the files in the log's folder.
fn beside(path: &Path) -> Vec<String> {
    let files = fs::read_dir(path.parent().unwrap()).unwrap();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

/// As [`check`], of a log that is to be opened before it is read.
fn check_opened(path: &Path, promised: u64) -> Result<u64, String> {
    drop(open(path).map_err(|error| error.to_string())?);
    check(path, promised)
}

#[test]
fn a_moved_log_is_told() {
    let (_folder, path, mut log) = opened();
    fs::rename(&path, with(&path, ".old")).unwrap();
    let error = append(&mut log).unwrap_err();
    assert!(matches!(error, Error::Gone(_)), "{error}");
    drop(log);
    assert_eq!(check(&path, 3), Ok(3));
}

#[test]
fn another_file_in_its_place_is_told_and_left_alone() {
    let (_folder, path, mut log) = opened();
    let aside = with(&path, ".old");
    fs::rename(&path, &aside).unwrap();
    fs::write(&path, "notes").unwrap();
    for _ in 0..2 {
        let error = append(&mut log).unwrap_err();
        assert!(matches!(error, Error::Replaced(_)), "{error}");
        line(&error);
    }
    assert_eq!(fs::read(&path).unwrap(), b"notes");
    fs::rename(&aside, &path).unwrap();
    assert_eq!(append(&mut log).unwrap(), 4);
    drop(log);
    assert_eq!(check(&path, 4), Ok(4));
}

#[test]
fn a_folder_that_is_gone_is_told_and_the_log_written_once_it_is_back() {
    let (folder, path, mut log) = opened();
    fs::remove_dir_all(folder.path()).unwrap();
    for _ in 0..2 {
        let error = append(&mut log).unwrap_err();
        assert!(!matches!(error, Error::Gone(_)), "it cannot have been written again: {error}");
        line(&error);
    }
    fs::create_dir(folder.path()).unwrap();
    assert!(matches!(append(&mut log), Err(Error::Gone(_))));
    drop(log);
    assert_eq!(check(&path, 3), Ok(3));
}

/// A copy of a log's files as a process that was killed leaves them, those with these endings.
fn as_killed(path: &Path, endings: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("scan.log");
    for ending in endings {
        if with(path, ending).exists() {
            fs::copy(with(path, ending), with(&copy, ending)).unwrap();
        }
    }
    (folder, copy)
}

#[test]
fn a_side_file_that_is_missing_after_a_crash_is_told_until_it_is_put_back() {
    let (_folder, path, _log) = opened();
    let (_copied, copy) = as_killed(&path, &["", ".lock"]);
    let report = verify(&copy, Some(&verifying_key())).unwrap();
    assert_eq!(report.faults, [Fault::Forgotten { entries: 1, noted: 3 }]);
    let error = open(&copy).err().unwrap();
    assert!(matches!(error, Error::Forgotten { entries: 1, noted: 3, .. }), "{error}");
    line(&error);
    fs::copy(with(&path, "-wal"), with(&copy, "-wal")).unwrap();
    assert_eq!(check(&copy, 3), Ok(3));
}

/// Of a log in its first session hardly anything is in its file yet: that must not be taken for a new one.
#[test]
fn a_first_session_whose_side_file_is_missing_is_not_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.log");
    let mut log = open(&path).unwrap();
    append(&mut log).unwrap();
    let (_copied, copy) = as_killed(&path, &["", ".lock"]);
    let error = open(&copy).err().unwrap();
    assert!(matches!(error, Error::Forgotten { entries: 0, noted: 1, .. }), "{error}");
    assert!(
        Reader::open(&copy).and_then(|reader| reader.verify(None)).map_or(true, |report| !report.holds())
    );
}

/// A damaged side file is kept as it is: a part of it may still be read with other means.
#[test]
fn a_log_that_is_refused_keeps_its_side_file() {
    let (_folder, path, _log) = opened();
    let (_copied, copy) = as_killed(&path, &["", "-wal", ".lock"]);
    let mut side = fs::read(with(&copy, "-wal")).unwrap();
    let middle = side.len() / 2;
    side[middle] ^= 1;
    fs::write(with(&copy, "-wal"), &side).unwrap();
    let error = open(&copy).err().unwrap();
    assert!(matches!(error, Error::Forgotten { noted: 3, .. }), "{error}");
    assert!(fs::read(with(&copy, "-wal")).unwrap() == side);
}

#[test]
fn a_map_of_the_side_file_that_is_missing_is_made_again() {
    let (_folder, path, _log) = opened();
    let (_copied, copy) = as_killed(&path, &["", "-wal", ".lock"]);
    assert!(!with(&copy, "-shm").exists());
    assert_eq!(check(&copy, 3), Ok(3));
    fs::write(with(&copy, "-shm"), [0xff; 40_000]).unwrap();
    assert_eq!(check(&copy, 3), Ok(3));
}

#[test]
fn a_log_that_is_put_back_to_an_earlier_state_is_told() {
    let (_folder, path, mut log) = opened();
    let (_copied, earlier) = as_killed(&path, &["", "-wal"]);
    append(&mut log).unwrap();
    drop(log);
    fs::copy(with(&path, ".lock"), with(&earlier, ".lock")).unwrap();
    let error = open(&earlier).err().unwrap();
    assert!(matches!(error, Error::Forgotten { entries: 3, noted: 4, .. }), "{error}");
}
