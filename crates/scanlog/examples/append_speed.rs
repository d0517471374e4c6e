//! How long an append takes until it is on disk, and how long verifying takes.
//!
//! `cargo run --release -p scanlog --example append_speed -- NEW_LOG ENTRIES`

use scanlog::{DeviceKey, Log, NewEntry, Outcome, verify};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args().collect();
    let [_, path, entries] = arguments.as_slice() else {
        return Err("usage: append_speed NEW_LOG ENTRIES".into());
    };
    let (path, entries) = (Path::new(path), entries.parse::<u64>()?.max(1));
    let mut times = append(path, entries)?;
    times.sort();
    let start = Instant::now();
    let report = verify(path, None)?;
    let (verifying, start) = (start.elapsed(), Instant::now());
    let log = open(path)?;
    let opening = start.elapsed();
    let at = |part: usize| times[(times.len() - 1) * part / 100];
    writeln!(
        std::io::stdout(),
        "{entries} appends: median {:?}, 99 % {:?}, longest {:?}; verify {verifying:?}; open {opening:?}; \
         {} bytes each; holds: {}",
        at(50),
        at(99),
        at(100),
        std::fs::metadata(path)?.len() / log.len()?.max(1),
        report.holds(),
    )?;
    Ok(())
}

fn open(path: &Path) -> Result<Log, scanlog::Error> {
    Log::open(path, DeviceKey::new(&[1; 32], [2; 32]), "propusk.example/speed")
}

fn append(path: &Path, entries: u64) -> Result<Vec<Duration>, scanlog::Error> {
    let mut log = open(path)?;
    let append = |number: u64| {
        let mut word = [0; 32];
        word[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        let new = NewEntry {
            at: number as i64,
            outcome: Outcome::Accepted,
            reason: "accepted".to_owned(),
            stage: "rules".to_owned(),
            kind: Some("vaccination".to_owned()),
            identity: Some(word),
            person: Some(word),
            key_set_version: 1,
            demo: true,
            operator: None,
        };
        let start = Instant::now();
        log.append(&new, word)?;
        Ok(start.elapsed())
    };
    (0..entries).map(append).collect()
}
