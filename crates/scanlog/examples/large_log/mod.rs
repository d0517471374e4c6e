//! A log of so many entries as a test would take an hour to append.
//!
//! The entries, their tree and their head are put into the tables directly: an append is durable. What is
//! measured then is the library's own.

use ed25519_dalek::SigningKey;
use rusqlite::{Connection, params};
use scanlog::{Checkpoint, DeviceKey, Hash, Log, NewEntry, Outcome, tree};
use std::convert::Infallible;
use std::path::Path;

/// A scan every 20 seconds.
pub const SECONDS_BETWEEN: u64 = 20;
const ORIGIN: &str = "propusk.example/speed";

pub fn device() -> DeviceKey {
    DeviceKey::new(&[1; 32], [2; 32])
}

pub fn open(path: &Path) -> Result<Log, scanlog::Error> {
    Log::open(path, device(), ORIGIN)
}

/// The scan with this number: every eleventh is refused, and every ten thousandth entry is an event.
pub fn scan(number: u64) -> NewEntry {
    let (outcome, reason) = match number {
        n if n % 10_000 == 7 => (Outcome::Event, "pin_refused"),
        n if n % 11 == 0 => (Outcome::Refused, "expired"),
        n if n % 50 == 0 => (Outcome::CannotTell, "unknown_key"),
        _ => (Outcome::Accepted, "accepted"),
    };
    NewEntry {
        at: (number * SECONDS_BETWEEN) as i64,
        outcome,
        reason: reason.to_owned(),
        stage: "rules".to_owned(),
        kind: Some("vaccination".to_owned()),
        identity: Some(word(number, 1)),
        person: Some(word(number, 2)),
        key_set_version: 1,
        demo: false,
        operator: Some((number % 5) as u32),
    }
}

/// 32 bytes that look random.
pub fn word(number: u64, purpose: u64) -> [u8; 32] {
    let mut word = [0; 32];
    let mut state = number.wrapping_mul(4).wrapping_add(purpose);
    for chunk in word.chunks_exact_mut(8) {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_be_bytes());
    }
    word
}

/// The tree, level by level.
#[derive(Default)]
struct Levels(Vec<Vec<Hash>>);

impl tree::Nodes for Levels {
    type Error = Infallible;

    fn node(&self, (level, position): tree::Place) -> Result<Hash, Infallible> {
        Ok(self.0[usize::from(level)][position as usize])
    }
}

impl Levels {
    fn push(&mut self, number: u64, leaf: Hash) {
        // Nothing can go wrong in memory.
        let Ok(added) = tree::append(self, number, leaf);
        for ((level, _), hash) in added {
            if self.0.len() <= usize::from(level) {
                self.0.push(vec![]);
            }
            self.0[usize::from(level)].push(hash);
        }
    }
}

/// Puts entries into an empty log.
pub fn fill(path: &Path, entries: u64) -> Result<(), Box<dyn std::error::Error>> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA synchronous = off; PRAGMA journal_mode = off; BEGIN;
         CREATE TABLE indices AS SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL;
         DROP INDEX tally_by_time; DROP INDEX entry_by_person; DROP INDEX entry_purged;",
    )?;
    let mut levels = Levels::default();
    {
        let mut insert = connection.prepare(
            "INSERT INTO entry (position, at, outcome, reason, stage, kind, identity, person,
             key_set_version, demo, operator, salt) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        for number in 0..entries {
            let (new, salt) = (scan(number), word(number, 3));
            levels.push(number, tree::leaf_hash(&new.at_index(number).commitment(&salt)));
            insert.execute(params![
                number as i64,
                new.at,
                new.outcome.code(),
                new.reason,
                new.stage,
                new.kind,
                new.identity,
                new.person,
                new.key_set_version as i64,
                new.demo,
                new.operator,
                salt,
            ])?;
        }
        let mut insert =
            connection.prepare("INSERT INTO node (level, position, hash) VALUES (?1, ?2, ?3)")?;
        for (level, hashes) in levels.0.iter().enumerate() {
            for (position, hash) in hashes.iter().enumerate() {
                insert.execute(params![level as i64, position as i64, hash])?;
            }
        }
    }
    let Ok(root) = tree::root(&levels, entries);
    let head = Checkpoint { origin: ORIGIN.to_owned(), size: entries, root };
    connection.execute("UPDATE log SET checkpoint = ?1", [head.sign(&SigningKey::from_bytes(&[1; 32]))?])?;
    connection.execute_batch(
        "INSERT INTO tally
             SELECT position >> 9, outcome, reason, ifnull(operator, -1), count(*), min(at), max(at)
             FROM entry GROUP BY 1, 2, 3, 4",
    )?;
    let mut indices = connection.prepare("SELECT sql FROM indices")?;
    let indices: Vec<String> = indices.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    indices.iter().try_for_each(|sql| connection.execute_batch(sql))?;
    connection.execute_batch("DROP TABLE indices; COMMIT; PRAGMA journal_mode = wal;")?;
    Ok(())
}
