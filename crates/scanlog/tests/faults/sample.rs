//! What is logged in these tests: entry `n` can be told from any other, and is known beforehand.

use scanlog::{DeviceKey, Error, Fault, Log, NewEntry, Outcome, Reader, Salt, VerifyingKey, verify};
use std::path::Path;

pub const ORIGIN: &str = "propusk.example/faults";

pub fn device() -> DeviceKey {
    DeviceKey::new(&[1; 32], [2; 32])
}

pub fn verifying_key() -> VerifyingKey {
    device().verifying_key()
}

pub fn open(path: &Path) -> Result<Log, Error> {
    Log::open(path, device(), ORIGIN)
}

pub fn scan(number: u64) -> NewEntry {
    NewEntry {
        at: number as i64,
        outcome: [Outcome::Accepted, Outcome::Refused, Outcome::CannotTell][number as usize % 3],
        reason: "accepted".to_owned(),
        stage: "rules".to_owned(),
        kind: number.is_multiple_of(2).then(|| "vaccination".to_owned()),
        identity: Some(wide(number, 1)),
        person: (!number.is_multiple_of(5)).then(|| wide(number % 5, 2)),
        key_set_version: 1,
        demo: true,
        operator: None,
    }
}

pub fn salt(number: u64) -> Salt {
    wide(number, 3)
}

/// How many entries a reader finds, each as it was appended, in a log that holds; what is wrong
/// otherwise. Where nothing was `promised`, it need not be a log yet.
pub fn read(path: &Path, promised: u64) -> Result<u64, String> {
    if !path.exists() {
        return Ok(0);
    }
    let found = match verify(path, Some(&verifying_key())) {
        // Cut off while it was being made, it may even be undone halfway, which a reader cannot do.
        Err(Error::NotALog(_) | Error::ReadOnly(_) | Error::Pending(_)) if promised == 0 => return Ok(0),
        Ok(report) if report.faults == [Fault::NoHead] && promised == 0 => report.entries,
        Ok(report) if report.holds() => report.entries,
        other => return Err(format!("{other:?}")),
    };
    let entries = Reader::open(path).and_then(|reader| reader.entries(0, u64::MAX));
    let entries = entries.map_err(|error| error.to_string())?;
    let whole = entries.iter().zip(0..).all(|(entry, number)| *entry == scan(number).at_index(number));
    if whole && entries.len() as u64 == found { Ok(found) } else { Err(format!("{entries:?}")) }
}

/// The same for who appends, after a reader.
pub fn check(path: &Path, promised: u64) -> Result<u64, String> {
    let found = read(path, promised)?;
    let log = open(path).map_err(|error| error.to_string())?;
    let report = log.verify().map_err(|error| error.to_string())?;
    if report.holds() && report.entries == found { Ok(found) } else { Err(format!("{report:?}")) }
}

fn wide(number: u64, kind: u8) -> [u8; 32] {
    let mut bytes = [kind; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// Numbers that look random and are the same in every run: splitmix64 (Steele, Lea, Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to `end - 1`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}
