//! What a person gets to read, fault by fault.

use faulty_disk::{Disk, Failure, Plan};
use rusqlite::Connection;
use std::fs;
use std::path::Path;

use crate::sample::{ORIGIN, open, salt, scan};
use scanlog::{DeviceKey, Error, Log, verify};

/// What a person gets to read: one line that names the file and says what to do.
pub fn line(error: &Error) -> String {
    let line = error.to_string();
    let told =
        line.split_once(": ").is_some_and(|(file, rest)| file.contains("scan.log") && rest.contains("; "));
    assert!(told && !line.contains(char::is_control), "{line}");
    line
}

/// What happens, how it is brought about with the log at a path (which has one entry), and what is told.
type Told = (&'static str, fn(&Path) -> Error, &'static str);

const TABLE: &[Told] = &[
    (
        "there is no log",
        |path| verify(&path.with_file_name("no-scan.log"), None).unwrap_err(),
        "there is no log here; check the path",
    ),
    (
        "there is no folder",
        |path| failed(open(&path.with_file_name("none").join("scan.log"))),
        "there is no log here; check the path",
    ),
    (
        "another window has it open",
        in_use,
        "the log is open in another window or program; close that one first",
    ),
    (
        "another program has the database locked while appending",
        |path| locked(path, true),
        "the log is locked by another program; try again",
    ),
    (
        "another program has the database locked while opening",
        |path| locked(path, false),
        "the log is locked by another program; try again",
    ),
    (
        "the disk is full",
        |path| on_disk(path, Failure::Full),
        "the disk is full; free some space, nothing was lost",
    ),
    (
        "the disk cannot be written",
        |path| on_disk(path, Failure::Io),
        "the disk reports an error (SQLite 778); check the disk and its cables, then start the program again",
    ),
    (
        "the disk cannot be read",
        |path| on_disk(path, Failure::Unreadable),
        "the disk reports an error (SQLite 266); check the disk and its cables, then start the program again",
    ),
    (
        "the log cannot be opened",
        cannot_open,
        "the file or its folder cannot be opened (SQLite 14); check the disk and its cables, then start the program again",
    ),
    #[cfg(unix)]
    (
        "the log is deleted while it is open",
        |path| taken_away(path, ""),
        "the log's file was deleted or moved while in use, and has been written again; start the program again",
    ),
    #[cfg(unix)]
    (
        "its side file is deleted while it is open",
        |path| taken_away(path, "-wal"),
        "the log's file was deleted or moved while in use, and has been written again; start the program again",
    ),
    #[cfg(unix)]
    (
        "another file is put in its place",
        replaced,
        "another file was put in the log's place while it was in use; put the log back and start the program again",
    ),
    (
        "the side file is gone after a crash",
        crashed_without_side_file,
        "entries 1 to 1 are missing; put back the log and the file that ends in -wal, or set up a new station in another folder, and keep this one for the inspector",
    ),
    (
        "the file is cut off",
        |path| cut_off(path, 2),
        "the log is damaged (database disk image is malformed); set up a new station in another folder, and keep this one for the inspector",
    ),
    ("the file is no log", |path| cut_off(path, 64), "this is not a scan log; choose another file"),
    (
        "an entry is gone",
        |path| changed(path, "DELETE FROM entry"),
        "the log does not match its signed head (0 entries, 1 signed); nothing is appended: set up a new station in another folder, and keep this one for the inspector",
    ),
    (
        "another device's log",
        |path| failed(Log::open(path, DeviceKey::new(&[9; 32], [2; 32]), ORIGIN)),
        "the log belongs to another device; set up a new station in another folder, and keep this one for the inspector",
    ),
    (
        "a later program's log",
        |path| changed(path, "PRAGMA user_version = 99"),
        "this log has format 99, this program knows up to LATEST; update the program",
    ),
];

#[test]
fn each_fault_is_told_in_one_line_that_says_what_to_do() {
    let mut others = vec![];
    for (fault, bring_about, told) in TABLE {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scan.log");
        append(&mut open(&path).unwrap()).unwrap();
        let line = line(&bring_about(&path));
        let (_, line) = line.split_once(": ").unwrap();
        if line != latest(told) {
            others.push(format!("{fault}: {line}"));
        }
    }
    assert!(others.is_empty(), "other than in the table: {others:#?}");
}

/// The format's number is nothing to keep in two places.
fn latest(told: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.log");
    open(&path).unwrap();
    let version = Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0));
    told.replace("LATEST", &version.map(|version: i64| version.to_string()).unwrap())
}

fn append(log: &mut Log) -> Result<u64, Error> {
    let number = log.len()?;
    log.append(&scan(number), salt(number)).map(|appended| appended.size)
}

fn failed(opened: Result<Log, Error>) -> Error {
    opened.err().expect("it does not open")
}

fn in_use(path: &Path) -> Error {
    let _log = open(path).unwrap();
    failed(open(path))
}

fn locked(path: &Path, amid: bool) -> Error {
    let log = amid.then(|| open(path).unwrap());
    let other = Connection::open(path).unwrap();
    let begin = if amid { "BEGIN IMMEDIATE" } else { "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE" };
    other.execute_batch(begin).unwrap();
    match log {
        Some(mut log) => append(&mut log).unwrap_err(),
        None => failed(open(path)),
    }
}

fn on_disk(path: &Path, how: Failure) -> Error {
    let disk = Disk::mount(path.parent().unwrap()).unwrap();
    if how == Failure::Unreadable {
        disk.fail(Plan::Fail { at: 0, how, lasting: true });
        return failed(open(path));
    }
    let mut log = open(path).unwrap();
    disk.fail(Plan::Fail { at: 0, how, lasting: true });
    let error = append(&mut log).unwrap_err();
    disk.fail(Plan::Works);
    append(&mut log).unwrap();
    error
}

fn cannot_open(path: &Path) -> Error {
    let disk = Disk::mount(path.parent().unwrap()).unwrap();
    disk.fail(Plan::Fail { at: 0, how: Failure::Io, lasting: false });
    failed(open(path))
}

#[cfg(unix)]
fn taken_away(path: &Path, ending: &str) -> Error {
    let mut log = open(path).unwrap();
    fs::remove_file(format!("{}{ending}", path.display())).unwrap();
    append(&mut log).unwrap_err()
}

#[cfg(unix)]
fn replaced(path: &Path) -> Error {
    let mut log = open(path).unwrap();
    fs::rename(path, path.with_file_name("aside")).unwrap();
    fs::write(path, "notes").unwrap();
    append(&mut log).unwrap_err()
}

fn crashed_without_side_file(path: &Path) -> Error {
    let mut log = open(path).unwrap();
    append(&mut log).unwrap();
    let copy = path.with_file_name("copy-scan.log");
    for ending in ["", ".lock"] {
        fs::copy(format!("{}{ending}", path.display()), format!("{}{ending}", copy.display())).unwrap();
    }
    failed(open(&copy))
}

/// Leaves a part of the file.
fn cut_off(path: &Path, part: usize) -> Error {
    let content = fs::read(path).unwrap();
    fs::write(path, &content[content.len() / part..]).unwrap();
    if part == 2 {
        fs::write(path, &content[..content.len() / part]).unwrap();
    }
    failed(open(path))
}

fn changed(path: &Path, sql: &str) -> Error {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
    failed(open(path))
}
