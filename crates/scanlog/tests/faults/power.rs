//! The power goes at any moment: between two changes to the disk, and amid one.

use faulty_disk::{Disk, Plan};
use std::collections::BTreeMap;
use std::path::Path;

use crate::progress::{self, Progress};
use crate::sample::{Random, check, open, salt, scan};
use scanlog::{Log, Reader};

/// Cuts where nobody asks for more.
const CUTS: u64 = 40;
/// Cuts of one log: so many that its side file is copied back in between.
const CUTS_OF_ONE_LOG: u64 = 40;

/// Cuts that are more than enough to lose something where it is not synced.
const CUTS_WHERE_WEAK: u64 = 12;

/// What was seen of all cuts.
#[derive(Debug, Default)]
struct Seen {
    acknowledged: u64,
    /// Of those, how many were gone.
    lost: u64,
    /// Entries that were there though nobody had been told of them.
    unacknowledged: u64,
    /// Logs that did not verify, or did not open.
    broken: Vec<String>,
    /// How often the power went at what.
    at: BTreeMap<String, u64>,
}

#[test]
fn a_power_cut_loses_no_acknowledged_entry() {
    let cuts = progress::how_often().unwrap_or(CUTS);
    let seen = cut(cuts, false);
    eprintln!("{cuts} power cuts: {seen:?}");
    assert!(seen.lost == 0 && seen.broken.is_empty() && seen.acknowledged > cuts, "{seen:?}");
}

/// The same, without a sync for each entry: so the test would notice.
#[test]
fn a_power_cut_loses_entries_where_they_are_not_synced_one_by_one() {
    let seen = cut(CUTS_WHERE_WEAK, true);
    assert!(seen.lost > 0, "{seen:?}");
}

fn cut(cuts: u64, weak: bool) -> Seen {
    let mut progress = Progress::new("power cuts", cuts);
    let mut random = Random(cuts);
    let mut seen = Seen::default();
    let mut done = 0;
    while done < cuts {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scan.log");
        let disk = Disk::mount(folder.path()).unwrap();
        if weak {
            disk.weaken();
        }
        let mut there = 0;
        for _ in 0..CUTS_OF_ONE_LOG.min(cuts - done) {
            let promised = append_until_cut(&disk, &path, there, &mut random);
            let (access, name) = disk.failed().expect("the power went");
            *seen.at.entry(format!("{access:?} {name}")).or_default() += 1;
            disk.power_on(&mut |end| random.below(end)).unwrap();
            let found = check(&path, promised).unwrap_or_else(|broken| {
                seen.broken.push(broken);
                Reader::open(&path).and_then(|reader| reader.len()).unwrap_or(0)
            });
            seen.acknowledged += promised.saturating_sub(there);
            seen.lost += promised.saturating_sub(found);
            seen.unacknowledged += found.saturating_sub(promised);
            there = found;
            done += 1;
            progress.step(&format!("{} entries acknowledged, {} lost", seen.acknowledged, seen.lost));
            if found < promised {
                // Nothing is appended to such a log any more.
                break;
            }
        }
    }
    seen
}

/// How many entries were acknowledged when the power was gone. By turns it
/// goes soon, after many entries, and while the log is closed or opened.
fn append_until_cut(disk: &Disk, path: &Path, there: u64, random: &mut Random) -> u64 {
    let (at, syncs_only) = match random.below(6) {
        0 => (random.below(12), false),
        1 => (random.below(4_000), false),
        2 | 3 => (random.below(40), true),
        _ => (random.below(150), false),
    };
    disk.fail(Plan::PowerCut { at, syncs_only });
    let mut promised = there;
    while !disk.is_off() {
        let Ok(mut log) = open(path) else { break };
        let session = 1 + if random.below(2) == 0 { random.below(4) } else { random.below(60) };
        promised = append(&mut log, promised, session);
    }
    assert!(disk.is_off(), "an error that is none of the disk's");
    promised
}

/// Appends at most so many entries; the number of those that are there for sure.
fn append(log: &mut Log, mut promised: u64, count: u64) -> u64 {
    for _ in 0..count {
        let Ok(number) = log.len() else { break };
        match log.append(&scan(number), salt(number)) {
            Ok(appended) => promised = appended.index + 1,
            Err(_) => break,
        }
    }
    promised
}
