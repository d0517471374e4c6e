//! One bit of the log's file, or of its side file, is another.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use crate::message::line;
use crate::progress::{self, Progress};
use crate::sample::{open, salt, scan, verifying_key};
use scanlog::{Error, Log, Reader};

/// Entries in the log: every table has some, on a page of its own.
const ENTRIES: u64 = 5;
/// In an ordinary run of all tests only every so many zeros are flipped: most are unused space.
const OTHER_ZEROS: usize = 61;

/// What became of the flips.
#[derive(Debug, Default)]
struct Seen {
    /// Verifying named a fault.
    named: u64,
    /// The log was not read.
    refused: u64,
    /// Everything read as before.
    harmless: u64,
}

#[test]
fn no_flipped_bit_of_the_file_passes_unseen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scan.log");
    drop(fill(&path, 0..ENTRIES));
    let seen = flip(&path, "", "bytes of the file");
    eprintln!("the file: {seen:?}");
    assert!(seen.named > 0 && seen.refused > 0, "{seen:?}");
}

#[test]
fn no_flipped_bit_of_the_side_file_passes_unseen() {
    let written = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (from, path) = (written.path().join("scan.log"), folder.path().join("scan.log"));
    drop(fill(&from, 0..2));
    let _log = fill(&from, 2..ENTRIES);
    // As a process that was killed leaves them.
    for ending in ["", "-wal", ".lock"] {
        fs::copy(with(&from, ending), with(&path, ending)).unwrap();
    }
    let seen = flip(&path, "-wal", "bytes of the side file");
    eprintln!("the side file: {seen:?}");
    assert!(seen.named > 0, "{seen:?}");
}

fn with(path: &Path, ending: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn fill(path: &Path, numbers: std::ops::Range<u64>) -> Log {
    let mut log = open(path).unwrap();
    for number in numbers {
        log.append(&scan(number), salt(number)).unwrap();
    }
    log
}

/// Flips bits of a log's file, or of its side file, one by one: one bit of every byte that is not zero and of some
/// that are, or all bits of all where `cargo xtask faults` asks for it.
fn flip(log: &Path, ending: &str, what: &'static str) -> Seen {
    let victim = with(log, ending);
    let expected = content(log).expect("it reads");
    let bytes = fs::read(&victim).unwrap();
    let all = progress::how_often().is_some();
    let chosen = |at: &usize| all || bytes[*at] != 0 || at.is_multiple_of(OTHER_ZEROS);
    let chosen: Vec<_> = (0..bytes.len()).filter(chosen).collect();
    let mut progress = Progress::new(what, chosen.len() as u64);
    let file = fs::File::options().write(true).open(&victim).unwrap();
    let mut seen = Seen::default();
    for at in chosen {
        for bit in (0..8).filter(|bit| all || at % 8 == *bit) {
            put(&file, at, bytes[at] ^ (1 << bit));
            match content(log) {
                Ok(content) if content == expected => seen.harmless += 1,
                Ok(_) => panic!("byte {at}, bit {bit}: other content, and no fault"),
                Err(Told::Faults) => seen.named += 1,
                Err(Told::Refused) => seen.refused += 1,
            }
        }
        put(&file, at, bytes[at]);
        progress.step(&format!("{seen:?}"));
    }
    assert!(fs::read(&victim).unwrap() == bytes, "reading changed the file");
    seen
}

fn put(mut file: &fs::File, at: usize, byte: u8) {
    file.seek(SeekFrom::Start(at as u64)).and_then(|_| file.write_all(&[byte])).unwrap();
}

#[derive(Debug)]
enum Told {
    Faults,
    Refused,
}

/// Everything that a reader gets to see of a log that holds.
fn content(path: &Path) -> Result<impl PartialEq + use<>, Told> {
    let refused = |error: Error| {
        line(&error);
        Told::Refused
    };
    let reader = Reader::open(path).map_err(refused)?;
    let report = reader.verify(Some(&verifying_key())).map_err(refused)?;
    if !report.holds() {
        assert!(report.faults.iter().all(|fault| !fault.to_string().contains('\n')), "{report:?}");
        return Err(Told::Faults);
    }
    let entries = reader.entries(0, u64::MAX).map_err(refused)?;
    let statistics = reader.statistics(0, 100, 10).map_err(refused)?;
    Ok((report, entries, format!("{statistics:?}"), reader.checkpoint().map_err(refused)?))
}
