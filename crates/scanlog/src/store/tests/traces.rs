//! Nothing of an erased scan can be read in the files, wherever SQLite has moved it while it was still kept.

use super::purge::{event, raw};
use super::*;
use crate::entry::Outcome;
use std::collections::{BTreeSet, HashSet};

/// Bytes by which a trace is recognised: a quarter of a pseudonym or salt.
const TRACE: usize = 8;
/// Every so many scans have a reason of their own, which a tally repeats.
const OWN_REASON: u64 = 40;

/// Bytes that look random: SplitMix64 (Steele, Lea, Flood 2014).
fn random(number: u64, purpose: u64) -> [u8; 32] {
    let mut bytes = [0; 32];
    let mut state = number.wrapping_mul(8).wrapping_add(purpose).wrapping_mul(0xd134_2543_de82_ef95);
    for chunk in bytes.chunks_exact_mut(8) {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_be_bytes());
    }
    bytes
}

fn word(number: u64, purpose: u64) -> String {
    let letters = b"abcdefghijklmnopqrstuvwxyz012345";
    random(number, purpose)[..2 * TRACE]
        .iter()
        .map(|byte| char::from(letters[usize::from(byte % 32)]))
        .collect()
}

fn is_scan(number: u64) -> bool {
    number % 50 != 7
}

fn entry(number: u64) -> (NewEntry, Salt) {
    let salt = random(number, 3);
    if !is_scan(number) {
        return (event(number as i64), salt);
    }
    let own = number.is_multiple_of(OWN_REASON);
    let new = NewEntry {
        outcome: Outcome::from_code((number % 3) as u8).unwrap(),
        reason: if own { word(number, 4) } else { "accepted".to_owned() },
        kind: Some(word(number, 5)),
        identity: Some(random(number, 1)),
        person: Some(random(number, 2)),
        operator: Some((number % 3) as u32),
        ..scan(number as i64)
    };
    (new, salt)
}

/// Appends as [`Log::append`] does, but all at once.
fn append(log: &mut Log, numbers: std::ops::Range<u64>) {
    let transaction = log.transaction().unwrap();
    let mut head = log.genuine_head().unwrap();
    for number in numbers {
        let (new, salt) = entry(number);
        head = log.put(&transaction, &head.1, &new, salt).unwrap();
    }
    transaction.commit().unwrap();
    log.head = Some(head);
}

/// Pieces of everything that scans of these numbers alone have.
fn pieces(numbers: impl Iterator<Item = u64>) -> HashSet<[u8; TRACE]> {
    let mut pieces = HashSet::new();
    for number in numbers.filter(|number| is_scan(*number)) {
        let (new, salt) = entry(number);
        let own = number.is_multiple_of(OWN_REASON).then(|| new.reason.into_bytes());
        let texts = own.into_iter().chain(new.kind.map(String::into_bytes));
        let hashes = [new.identity, new.person, Some(salt)].into_iter().flatten().map(Vec::from);
        for bytes in texts.chain(hashes) {
            pieces.extend(bytes.chunks_exact(TRACE).map(|piece| <[u8; TRACE]>::try_from(piece).unwrap()));
        }
    }
    pieces
}

/// How many of the pieces are in the files.
fn left(fixture: &Fixture, pieces: &HashSet<[u8; TRACE]>) -> usize {
    let begin = |piece: &[u8]| usize::from(u16::from_be_bytes([piece[0], piece[1]]));
    let mut begun = vec![false; 1 << 16];
    pieces.iter().for_each(|piece| begun[begin(piece)] = true);
    let raw = raw(fixture);
    let found = |window: &&[u8]| begun[begin(window)] && pieces.contains(*window);
    raw.windows(TRACE).filter(found).collect::<BTreeSet<_>>().len()
}

#[test]
fn nothing_of_what_was_erased_is_left_after_many_purges() {
    const DAY: u64 = 350;
    const DAYS: u64 = 60;
    const KEPT: u64 = 30;
    let fixture = Fixture::new(0);
    let mut log = fixture.open().unwrap();
    let mut erased = HashSet::new();
    let mut number = 0;
    for day in 0..DAYS {
        append(&mut log, number..number + DAY);
        number += DAY;
        let Some(young) = (day + 1).checked_sub(KEPT).filter(|days| *days > 0).map(|days| days * DAY) else {
            continue;
        };
        let purged = log.purge(young as i64, &event(number as i64), random(number, 6)).unwrap();
        assert!(purged.wiped);
        let (index, purge) = purged.erased.unwrap();
        erased.extend(purge.from..purge.end);
        // What tells of it has taken a number.
        assert_eq!(index, number);
        number += 1;
    }
    let told: BTreeSet<u64> = log.purges().unwrap().iter().map(|(index, _)| *index).collect();
    let erased = pieces(erased.into_iter().filter(|number| !told.contains(number)));
    assert!(erased.len() > 20_000 && log.verify().unwrap().holds());
    assert_eq!(left(&fixture, &erased), 0, "of {}", erased.len());
    let kept = pieces((number - 1000..number).filter(|number| !told.contains(number)));
    assert_eq!(left(&fixture, &kept), kept.len(), "what is kept is found");
}

#[test]
fn nothing_of_what_was_erased_is_left_after_half_the_log_was_erased_at_once_or_in_steps() {
    for (most, steps) in [(u64::MAX, 1), (700, 5)] {
        let fixture = Fixture::new(0);
        let mut log = fixture.open().unwrap();
        append(&mut log, 0..6_000);
        for step in 1..=steps {
            let purged = log.purge_some(3_000, &event(6_000), random(6_000, 5 + step), most).unwrap();
            assert!(purged.erased.is_some());
            assert_eq!((purged.more, purged.wiped), (step < steps, step == steps), "{most}: {step}");
            assert!(log.verify().unwrap().holds());
        }
        assert_eq!(log.purges().unwrap().last().unwrap().1.end, 3_000);
        assert_eq!(left(&fixture, &pieces(0..3_000)), 0, "{most}");
    }
}
