//! What is logged in these tests: entry `n` can be told from any other, and is known beforehand.

use scanlog::{DeviceKey, Entry, Error, Log, NewEntry, Outcome, Salt, VerifyingKey};
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
        kind: (number % 2 == 0).then(|| "vaccination".to_owned()),
        identity: Some(wide(number, 1)),
        person: (number % 5 != 0).then(|| wide(number % 5, 2)),
        key_set_version: 1,
        demo: true,
        operator: None,
    }
}

pub fn salt(number: u64) -> Salt {
    wide(number, 3)
}

/// Whether these are the entries from 0 on, each as it was appended.
pub fn are_as_appended(entries: &[Entry]) -> bool {
    entries.iter().zip(0..).all(|(entry, number)| *entry == scan(number).at_index(number))
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
