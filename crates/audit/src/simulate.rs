//! Stations that never were: exports with their proofs, out of a seed, to try a fleet's size on.

use std::path::{Path, PathBuf};

use export::edge::Edge;
use export::{Format, Manifest, Seal, Writer};
use scanlog::{Checkpoint, Leaf, NewEntry, Outcome, SigningKey};
use sha2::{Digest, Sha256};

const DAY: i64 = 86_400;
/// 2026-01-01.
const BEGIN: i64 = 1_767_225_600;
/// Reasons of refused scans, and how many of a hundred of them have it.
const REFUSED: [(&str, &str, u64); 5] = [
    ("expired", "time", 55),
    ("revoked", "revocation", 8),
    ("bad_signature", "signature", 7),
    ("rule_failed", "rules", 22),
    ("not_yet_valid", "time", 8),
];

/// How large.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many stations.
    pub devices: u64,
    /// How many days each of them.
    pub days: u64,
    /// How many entries a day each of them.
    pub entries_a_day: u64,
    /// Another number makes other stations.
    pub seed: u64,
    /// How the exports are written.
    pub format: Format,
}

/// Writes the export of one station of a plan into a new folder below `folder`.
pub fn station(plan: &Plan, device: u64, folder: &Path) -> Result<(PathBuf, Manifest), export::Error> {
    let mut chance = Chance::new(plan.seed, device);
    let key = SigningKey::from_bytes(&chance.bytes());
    let origin = format!("propusk.invalid/simulated-{device:05}");
    let folder = folder.join(format!("{device:05}"));
    let mut writer = Writer::create(&folder, plan.format)?;
    let mut edge = Edge::default();
    // A few in a hundred are refused at one door, a quarter at another.
    let refused = 2 + chance.below(23);
    for index in 0..plan.days * plan.entries_a_day {
        let leaf = Leaf::new(index, entry(plan, index, refused, &mut chance), chance.bytes());
        edge.push(0, leaf.hash);
        writer.write(&leaf)?;
    }
    let head = Checkpoint { origin, size: edge.size(), root: edge.root() };
    let checkpoint = head.sign(&key).map_err(export::Error::Origin)?;
    let seal = Seal {
        checkpoint: &checkpoint,
        exported_at: BEGIN + plan.days.cast_signed() * DAY,
        range: (0, edge.size()),
        asked: (None, None),
        before: vec![],
        behind: vec![],
    };
    let manifest = writer.finish(&head, &key, seal)?;
    Ok((folder, manifest))
}

fn entry(plan: &Plan, index: u64, refused: u64, chance: &mut Chance) -> NewEntry {
    let (day, place) = (index / plan.entries_a_day, index % plan.entries_a_day);
    // Doors are open from 8 to 20, and time goes on evenly.
    let second = 8 * 3600 + place * 12 * 3600 / plan.entries_a_day;
    let at = BEGIN + day.cast_signed() * DAY + second.cast_signed();
    let drawn = chance.below(100);
    let (outcome, reason, stage) = match place {
        0 => (Outcome::Event, "shift_began", "staff"),
        _ if drawn < refused => refusal(chance.below(100)),
        _ if drawn == 99 => (Outcome::CannotTell, "unknown_key", "signature"),
        _ => (Outcome::Accepted, "accepted", "rules"),
    };
    let scan = outcome != Outcome::Event;
    let person = chance.below(500).to_be_bytes();
    let hash = |what: &[u8]| Sha256::new().chain_update(what).chain_update(person).finalize().into();
    NewEntry {
        at,
        outcome,
        reason: reason.to_owned(),
        stage: stage.to_owned(),
        kind: scan.then(|| "vaccination".to_owned()),
        identity: scan.then(|| hash(b"certificate")),
        person: scan.then(|| hash(b"person")),
        key_set_version: 1 + day / 30,
        demo: false,
        operator: Some(1 + (day % 4) as u32),
    }
}

fn refusal(drawn: u64) -> (Outcome, &'static str, &'static str) {
    let mut sum = 0;
    let found = REFUSED.into_iter().find(|(_, _, of_a_hundred)| {
        sum += of_a_hundred;
        drawn < sum
    });
    let (reason, stage, _) = found.unwrap_or(REFUSED[0]);
    (Outcome::Refused, reason, stage)
}

/// Numbers out of a seed: SplitMix64.
struct Chance(u64);

impl Chance {
    fn new(seed: u64, device: u64) -> Self {
        Self(seed ^ device.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes.chunks_exact_mut(8).for_each(|chunk| chunk.copy_from_slice(&self.next().to_be_bytes()));
        bytes
    }
}
