//! The power goes amid a purge: all of it is done, or nothing, and the next one leaves no trace.

use faulty_disk::{Disk, Plan};
use std::collections::HashSet;
use std::fs;

use crate::sample::{Random, open, salt, scan, verifying_key};
use scanlog::{Log, NewEntry, Outcome, verify};

const CUTS: u64 = 25;
const ENTRIES: u64 = 300;
/// Those before this second are erased.
const OLD: u64 = 200;
/// Within fewer accesses than a purge of so many has, so that the power goes in any part of it.
const ACCESSES: u64 = 90;

fn purge(log: &mut Log, number: u64) -> Result<bool, scanlog::Error> {
    let event = NewEntry { outcome: Outcome::Event, identity: None, person: None, ..scan(ENTRIES) };
    log.purge(OLD as i64, &event, salt(number)).map(|purged| purged.wiped)
}

#[test]
fn a_power_cut_amid_a_purge_leaves_a_log_that_holds_and_nothing_that_a_purge_does_not_erase() {
    let folder = tempfile::tempdir().unwrap();
    let full = folder.path().join("full.log");
    let mut log = open(&full).unwrap();
    for number in 0..ENTRIES {
        log.append(&scan(number), salt(number)).unwrap();
    }
    drop(log);
    let mut random = Random(CUTS);
    let erased: HashSet<[u8; 32]> =
        (0..OLD).flat_map(|number| [scan(number).identity.unwrap(), salt(number)]).collect();
    let (mut cut, mut done) = (0, 0);
    for _ in 0..CUTS {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("scan.log");
        fs::copy(&full, &path).unwrap();
        let disk = Disk::mount(folder.path()).unwrap();
        let mut log = open(&path).unwrap();
        disk.fail(Plan::PowerCut { at: random.below(ACCESSES), syncs_only: false });
        let _ = purge(&mut log, ENTRIES);
        drop(log);
        cut += u64::from(disk.is_off());
        disk.power_on(&mut |end| random.below(end)).unwrap();

        let report = verify(&path, Some(&verifying_key())).unwrap();
        assert!(report.holds(), "{report:?}");
        assert!([0, OLD].contains(&report.erased), "{report:?}");
        done += u64::from(report.erased > 0);
        assert!(purge(&mut open(&path).unwrap(), ENTRIES + 1).unwrap());
        let raw: Vec<u8> = ["", "-wal", "-shm"]
            .iter()
            .filter_map(|ending| fs::read(format!("{}{ending}", path.display())).ok())
            .flatten()
            .collect();
        let left = raw.windows(32).filter(|window| erased.contains(*window)).count();
        assert_eq!(left, 0);
        assert_eq!(verify(&path, Some(&verifying_key())).unwrap().erased, OLD);
    }
    eprintln!("{CUTS} purges: {cut} cut off, {done} done before the power went");
    assert!(cut > CUTS / 2 && done > 0 && done < CUTS);
}
