//! Two stations, an inspector who takes their exports in, and what somebody does to one of them.

use std::path::PathBuf;

use audit::Fleet;
use audit::history::Misfit;
use audit::import::{Finding, Imported, Options, import};
use audit::questions::QUESTIONS;
use audit::simulate::{Plan, station};
use audit::sql::{Answer, Database};
use export::{Format, Request};
use scanlog::note::Verifier;
use scanlog::{DeviceKey, Log, NewEntry, Outcome};
use tempfile::TempDir;

const DAY: i64 = 86_400;
/// 2026-03-01.
const BEGIN: i64 = 1_772_323_200;

struct Place {
    folder: TempDir,
}

fn scan(at: i64, outcome: Outcome, reason: &str) -> NewEntry {
    NewEntry {
        at,
        outcome,
        reason: reason.to_owned(),
        stage: "rules".to_owned(),
        kind: None,
        identity: Some([1; 32]),
        person: Some([(at / 3600) as u8; 32]),
        key_set_version: 1,
        demo: false,
        operator: Some(7),
    }
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn fleet(&self) -> Fleet {
        Fleet::new(&self.path("fleet"))
    }

    /// The log of this door, which has its own key.
    fn log(&self, door: u8) -> Log {
        let origin = format!("propusk.invalid/door-{door}");
        Log::open(&self.path(&format!("{door}.db")), key(door), &origin).unwrap()
    }

    /// Two scans a day, from this day on; every second one is refused.
    fn scans(&self, door: u8, days: std::ops::Range<i64>) {
        let mut log = self.log(door);
        for day in days {
            let at = BEGIN + day * DAY;
            log.append(&scan(at, Outcome::Accepted, "accepted"), [day as u8; 32]).unwrap();
            log.append(&scan(at + 3600, Outcome::Refused, "expired"), [!(day as u8); 32]).unwrap();
        }
    }

    fn export(&self, door: u8, name: &str, from: Option<i64>, at: i64) -> PathBuf {
        let folder = self.path(name);
        let from = from.map(|day| BEGIN + day * DAY);
        let request = Request { from, until: None, format: Format::Csv, exported_at: BEGIN + at * DAY };
        export::export(&self.log(door), &key(door).signing, &request, &folder, &mut |_, _| {}).unwrap();
        folder
    }

    fn import(&self, exports: &[PathBuf]) -> Imported {
        self.import_by(exports, &[])
    }

    fn import_by(&self, exports: &[PathBuf], keys: &[Verifier]) -> Imported {
        import(&self.fleet(), exports, Options { keys, progress: &mut |_, _| {} }).unwrap()
    }

    fn ask(&self, sql: &str) -> String {
        let mut answer = vec![];
        Database::open(&self.fleet()).unwrap().ask(sql, Answer::Csv, &mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    }
}

fn key(door: u8) -> DeviceKey {
    DeviceKey::new(&[door; 32], [9; 32])
}

fn findings(outcome: &Imported) -> Vec<String> {
    outcome.findings.iter().map(ToString::to_string).collect()
}

#[test]
fn proven_exports_are_taken_in_once_and_answer_questions() {
    let place = Place::new();
    place.scans(1, 0..3);
    place.scans(2, 0..2);
    let exports = [place.export(1, "a", None, 3), place.export(2, "b", None, 3)];
    let outcome = place.import(&exports);
    assert_eq!((outcome.exports, outcome.entries, findings(&outcome)), (2, 10, vec![]));
    assert_eq!(place.import(&exports).entries, 0);
    place.scans(1, 3..5);
    let outcome = place.import(&[place.export(1, "c", Some(2), 5)]);
    assert_eq!((outcome.entries, findings(&outcome)), (4, vec![]));
    let counted = place.ask("SELECT day, count(*) AS n FROM entries GROUP BY day ORDER BY day");
    assert_eq!(counted, "day,n\n2026-03-01,4\n2026-03-02,4\n2026-03-03,2\n2026-03-04,2\n2026-03-05,2\n");
    let of_stations = place.ask("SELECT origin, entries, signed_entries FROM stations ORDER BY origin");
    assert_eq!(
        of_stations,
        "origin,entries,signed_entries\npropusk.invalid/door-1,10,10\npropusk.invalid/door-2,4,4\n"
    );
    assert_eq!(place.ask("SELECT count(DISTINCT person) AS n FROM entries"), "n\n10\n");
    for question in QUESTIONS {
        assert!(
            place.ask(question.sql).lines().count() > usize::from(question.name != "anomalies"),
            "{}",
            question.name
        );
    }
    let only_asked =
        Database::open(&place.fleet()).unwrap().ask("CREATE TABLE x AS SELECT 1", Answer::Csv, &mut vec![]);
    assert!(only_asked.is_err());
}

#[test]
fn an_edited_and_a_truncated_export_are_named_and_not_taken() {
    let place = Place::new();
    place.scans(1, 0..3);
    let (edited, cut) = (place.export(1, "edited", None, 3), place.export(1, "cut", None, 3));
    let change = |folder: &PathBuf, change: &dyn Fn(&str) -> String| {
        let path = folder.join("entries.csv");
        std::fs::write(&path, change(&std::fs::read_to_string(&path).unwrap())).unwrap();
    };
    change(&edited, &|text| text.replacen(",refused,", ",accepted,", 1));
    change(&cut, &|text| text.lines().take(4).map(|line| line.to_owned() + "\r\n").collect());
    let outcome = place.import(&[edited, cut, place.path("nothing")]);
    let [nothing, edited, cut] = &findings(&outcome)[..] else { panic!("{:?}", outcome.findings) };
    assert!(nothing.contains("NOT TAKEN") && nothing.contains("no export here"), "{nothing}");
    assert!(cut.contains("NOT PROVEN") && cut.contains("truncated: the entries end before 3"), "{cut}");
    assert!(edited.contains("NOT PROVEN") && edited.contains("entry 1 was edited"), "{edited}");
    assert_eq!((outcome.exports, outcome.entries), (0, 0));
}

#[test]
fn a_log_that_was_rolled_back_and_went_on_is_a_fork() {
    let place = Place::new();
    place.scans(1, 0..2);
    std::fs::copy(place.path("1.db"), place.path("backup")).unwrap();
    place.scans(1, 2..4);
    let before = place.export(1, "before", None, 4);
    std::fs::copy(place.path("backup"), place.path("1.db")).unwrap();
    // Whoever rolls a log back takes away what would tell of it.
    for side in ["1.db-wal", "1.db-shm", "1.db.lock"] {
        let _ = std::fs::remove_file(place.path(side));
    }
    let rolled_back = place.export(1, "rolled-back", None, 5);
    place.scans(1, 7..8);
    let went_on = place.export(1, "went-on", None, 6);
    let outcome = place.import(&[before, rolled_back, went_on]);
    let told = findings(&outcome);
    assert!(told.iter().any(|line| line.contains("ROLLED BACK: the log had 8 entries")), "{told:?}");
    let fork =
        |finding: &Finding| matches!(finding, Finding::Contradicts { misfit: Misfit::Fork { size: 6 }, .. });
    assert!(outcome.findings.iter().any(fork), "{told:?}");
    assert_eq!(outcome.exports, 2);
}

#[test]
fn gaps_between_exports_are_named() {
    let place = Place::new();
    place.scans(1, 0..2);
    let first = place.export(1, "first", None, 2);
    place.scans(1, 2..6);
    let outcome = place.import(&[first, place.export(1, "last", Some(4), 6)]);
    let told = findings(&outcome);
    assert!(told.iter().any(|line| line.ends_with("GAP: entries 4 to 7 are in no export")), "{told:?}");
    assert_eq!(outcome.entries, 8);
}

#[test]
fn keys_are_held_to_their_logs() {
    let place = Place::new();
    place.scans(1, 0..1);
    let export = place.export(1, "export", None, 1);
    let stranger = Verifier { name: "propusk.invalid/door-1".to_owned(), key: key(5).verifying_key() };
    let refused = findings(&place.import_by(std::slice::from_ref(&export), &[stranger]));
    assert!(
        refused[0].contains("NOT PROVEN") && refused[0].contains("not signed by the expected key"),
        "{refused:?}"
    );
    place.import(&[export]);
    let other = Log::open(&place.path("other.db"), key(1), "propusk.invalid/other").unwrap();
    let request = Request { from: None, until: None, format: Format::JsonLines, exported_at: BEGIN };
    export::export(&other, &key(1).signing, &request, &place.path("other"), &mut |_, _| {}).unwrap();
    let told = findings(&place.import(&[place.path("other")]));
    assert_eq!(
        told,
        ["ONE KEY, TWO LOGS: propusk.invalid/door-1 and propusk.invalid/other are signed by the same key"]
    );
}

#[test]
fn simulated_stations_are_proven_and_come_from_their_seed() {
    let place = Place::new();
    let plan = Plan { devices: 2, days: 3, entries_a_day: 40, seed: 1, format: Format::Parquet };
    let made = |folder: &str| [0, 1].map(|device| station(&plan, device, &place.path(folder)).unwrap());
    let (first, again) = (made("first"), made("again"));
    assert!(first.iter().zip(&again).all(|(one, other)| one.1 == other.1));
    let outcome = place.import(&first.map(|(folder, _)| folder));
    assert_eq!((outcome.entries, findings(&outcome)), (240, vec![]));
    assert_eq!(place.ask("SELECT count(*) AS n FROM entries WHERE outcome = 'event'"), "n\n6\n");
}
