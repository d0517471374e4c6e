use super::*;
use crate::audit::Fault;
use crate::entry::Outcome;
use crate::store::schema;
use rusqlite::params;
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
        identity: Some([at as u8; 32]),
        person: (at % 5 != 0).then_some([(at % 5) as u8; 32]),
        key_set_version: 4,
        demo: at % 7 == 0,
    }
}

fn salt(number: u64) -> Salt {
    let mut salt = [0xa5; 32];
    salt[..8].copy_from_slice(&number.to_be_bytes());
    salt
}

/// A log with entries at 0, 1, 2, …
struct Fixture {
    _folder: TempDir,
    path: PathBuf,
}

impl Fixture {
    fn new(entries: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let fixture = Self { path: folder.path().join("scan.log"), _folder: folder };
        let mut log = fixture.open().unwrap();
        for number in 0..entries {
            let appended = log.append(&scan(number as i64), salt(number)).unwrap();
            assert_eq!(appended, Appended { index: number, size: number + 1 });
        }
        fixture
    }

    fn open(&self) -> Result<Log, Error> {
        Log::open(&self.path, device(), ORIGIN)
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
    let expected: Vec<_> = (0..20).map(|number| scan(number).at_index(number as u64)).collect();
    assert_eq!(log.entries(0, u64::MAX).unwrap(), expected);
    assert_eq!(log.entries(3, 5).unwrap(), expected[3..5]);
    let report = log.verify().unwrap();
    assert!(report.holds(), "{report:?}");
    assert_eq!((report.entries, report.signer_expected), (20, true));
    assert_eq!(report.checkpoint.unwrap().root, report.root);
}
