mod cosigned;
mod failures;
mod journal;
mod leaves;
mod older;
mod purge;
mod tamper;
mod told;
mod traces;

use super::*;
use crate::audit::Fault;
use crate::entry::{Entry, Outcome};
use std::path::PathBuf;
use tempfile::TempDir;

const ORIGIN: &str = "propusk.example/door";

fn device() -> DeviceKey {
    DeviceKey::new(&[1; 32], [2; 32])
}

fn scan(at: i64) -> NewEntry {
    let outcome = Outcome::from_code((at % 3) as u8).unwrap();
    NewEntry {
        at,
        outcome,
        reason: outcome.name().to_owned(),
        stage: "rules".to_owned(),
        kind: (at % 2 == 0).then(|| "vaccination".to_owned()),
        identity: Some([!(at as u8); 32]),
        person: (at % 5 != 0).then_some([(at % 5) as u8; 32]),
        key_set_version: 4,
        demo: at % 7 == 0,
        operator: None,
    }
}

fn logged(number: u64) -> Entry {
    scan(number as i64).at_index(number)
}

fn salt(number: u64) -> Salt {
    let mut salt = [0xa5; 32];
    salt[..8].copy_from_slice(&number.to_be_bytes());
    salt
}

/// A log whose entry 0 is at second 0, entry 1 at second 1, and so on.
struct Fixture {
    folder: TempDir,
    path: PathBuf,
}

impl Fixture {
    fn new(entries: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fixture = Self { path: folder.path().join("scan.log"), folder };
        fixture.append(0..entries);
        fixture
    }

    fn open(&self) -> Result<Log, Error> {
        Log::open(&self.path, device(), ORIGIN)
    }

    fn append(&self, numbers: std::ops::Range<u64>) {
        let mut log = self.open().unwrap();
        for number in numbers {
            let appended = log.append(&scan(number as i64), salt(number)).unwrap();
            assert_eq!(appended, Appended { index: number, size: number + 1 });
        }
    }

    /// What somebody with the file and SQLite can do.
    fn tamper(&self, sql: &str) {
        let connection = Connection::open(&self.path).unwrap();
        connection.pragma_update(None, "ignore_check_constraints", true).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    fn faults(&self) -> Vec<Fault> {
        verify(&self.path, Some(&device().verifying_key())).unwrap().faults
    }
}

#[test]
fn what_was_appended_is_read_and_verifies() {
    let fixture = Fixture::new(20);
    let log = fixture.open().unwrap();
    assert_eq!(log.len().unwrap(), 20);
    assert_eq!(log.entries(0, u64::MAX).unwrap(), (0..20).map(logged).collect::<Vec<_>>());
    assert_eq!(log.entries(3, 5).unwrap(), [logged(3), logged(4)]);
    assert_eq!(log.entries(5, 3).unwrap(), []);
    let report = log.verify().unwrap();
    assert!(report.holds(), "{report:?}");
    assert_eq!((report.entries, report.signer_expected), (20, true));
    assert_eq!(report.checkpoint.unwrap().root, report.root);
}

#[test]
fn the_newest_come_first_page_by_page() {
    let fixture = Fixture::new(7);
    let log = fixture.open().unwrap();
    let mut before = None;
    let mut seen = vec![];
    loop {
        let page: Vec<_> = log.newest(before, 3).unwrap().iter().map(|entry| entry.index).collect();
        let Some(&last) = page.last() else { break };
        seen.push(page);
        before = Some(last);
    }
    assert_eq!(seen, [vec![6, 5, 4], vec![3, 2, 1], vec![0]]);
}

#[test]
fn outcomes_are_counted_from_inclusive_to_exclusive() {
    let fixture = Fixture::new(8);
    let log = fixture.open().unwrap();
    let count = |from, to| {
        let Counts { accepted, refused, cannot_tell } = log.count_since(0, from, to).unwrap();
        [accepted, refused, cannot_tell]
    };
    assert_eq!(count(i64::MIN, i64::MAX), [3, 3, 2]);
    assert_eq!(count(3, 6), [1, 1, 1]);
    assert_eq!(count(3, 4), [1, 0, 0]);
    assert_eq!(count(4, 4), [0, 0, 0]);
    assert_eq!(count(5, 4), [0, 0, 0]);
}

#[test]
fn times_before_1970_and_the_ends_of_time_are_kept() {
    let fixture = Fixture::new(0);
    let mut log = fixture.open().unwrap();
    for (number, at) in [i64::MIN, -1, i64::MAX].into_iter().enumerate() {
        log.append(&NewEntry { at, ..scan(0) }, salt(number as u64)).unwrap();
    }
    let times: Vec<_> = log.entries(0, 3).unwrap().iter().map(|entry| entry.content.at).collect();
    assert_eq!(times, [i64::MIN, -1, i64::MAX]);
    assert!(log.verify().unwrap().holds());
}

#[test]
fn a_new_log_is_signed_empty() {
    let fixture = Fixture::new(0);
    let report = verify(&fixture.path, Some(&device().verifying_key())).unwrap();
    assert!(report.holds(), "{report:?}");
    assert_eq!((report.entries, report.root), (0, tree::empty_root()));
    assert!(fixture.open().unwrap().is_empty().unwrap());
}

#[test]
fn a_restarted_log_goes_on_with_the_same_history() {
    let fixture = Fixture::new(0);
    let mut heads = vec![];
    for start in 0..12 {
        fixture.append(start * 3..start * 3 + 3);
        let log = fixture.open().unwrap();
        let note = log.checkpoint().unwrap();
        heads.push(Checkpoint::open(&note, ORIGIN, &log.verifying_key()).unwrap());
    }
    let log = fixture.open().unwrap();
    let last = heads.last().unwrap();
    for head in &heads {
        let proof = tree::consistency_proof(&*log, head.size, last.size).unwrap().unwrap();
        assert!(tree::verify_consistency(head.size, last.size, &head.root, &last.root, &proof));
    }
    assert!(log.verify().unwrap().holds());
}

#[test]
fn an_entry_is_proven_by_its_salt_and_the_tree() {
    let fixture = Fixture::new(21);
    let log = fixture.open().unwrap();
    let head = Checkpoint::open(&log.checkpoint().unwrap(), ORIGIN, &log.verifying_key()).unwrap();
    let proof = tree::inclusion_proof(&*log, 13, 21).unwrap().unwrap();
    let leaf = tree::leaf_hash(&logged(13).commitment(&salt(13)));
    assert!(tree::verify_inclusion(&leaf, 13, 21, &proof, &head.root));
}

#[test]
fn a_log_is_verified_without_a_secret_while_it_is_appended_to() {
    let fixture = Fixture::new(3);
    let mut log = fixture.open().unwrap();
    let reader = Reader::open(&fixture.path).unwrap();
    for number in 3..40 {
        log.append(&scan(number), salt(number as u64)).unwrap();
        let report = reader.verify(Some(&log.verifying_key())).unwrap();
        assert!(report.holds() && report.entries == number as u64 + 1, "{report:?}");
    }
    let report = verify(&fixture.path, None).unwrap();
    assert_eq!((report.signer, report.signer_expected), (Some(log.verifying_key()), false));
}

#[test]
fn a_reader_cannot_write() {
    let fixture = Fixture::new(1);
    let reader = Reader::open(&fixture.path).unwrap();
    assert!(reader.connection.execute("DELETE FROM entry", []).is_err());
}

#[test]
fn no_name_and_no_identity_key_is_in_the_file() {
    let fixture = Fixture::new(0);
    let mut log = fixture.open().unwrap();
    let identity = Some(log.identity("URN:UVCI:01:RU:SECRETNUMBER"));
    let person = log.person("SECRETNAME", "ANNA", "1980-02-03");
    log.append(&NewEntry { identity, person, ..scan(0) }, salt(0)).unwrap();
    drop(log);
    let file = std::fs::read(&fixture.path).unwrap();
    for secret in [b"SECRET".as_slice(), b"1980-02", &[1; 32], &[2; 32]] {
        assert!(!file.windows(secret.len()).any(|window| window == secret), "{secret:?}");
    }
}
