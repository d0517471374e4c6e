//! What an inspector and an admin see.

mod common;

use common::*;
use station::view::{EntryOutcome, ExportFormat, JournalFilter};
use station::{Denied, Role, Station};
use trust::Store;
use trust::publish::{self, Signers, Terms};

fn unlocked(dir: &std::path::Path) -> Station {
    let mut station = with_pins(dir);
    for (seconds, name) in
        [(0, "valid_vaccination"), (10, "expired"), (20, "unknown_issuer"), (30, "valid_test")]
    {
        let pass = text(&station, name);
        station.submit(&pass, NOW + seconds);
    }
    station.unlock(Role::Inspector, INSPECTOR, NOW + 40).unwrap();
    station
}

fn reasons(station: &mut Station, filter: &JournalFilter) -> Vec<String> {
    let page = station.inspector(NOW + 40).unwrap().journal(filter).unwrap();
    page.lines.into_iter().map(|line| line.reason).collect()
}

#[test]
fn the_journal_shows_scans_and_events_newest_first() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = unlocked(dir.path());
    let all = JournalFilter::default();
    assert_eq!(
        reasons(&mut station, &all),
        ["unlocked", "accepted", "unknown_key", "expired", "accepted", "pin_set", "pin_set"]
    );
    let scans = vec![EntryOutcome::Accepted, EntryOutcome::Refused];
    let scans = JournalFilter { outcomes: scans, from: Some(NOW + 1), until: Some(NOW + 30), ..all.clone() };
    assert_eq!(reasons(&mut station, &scans), ["expired"]);
    let inspector = station.inspector(NOW + 40).unwrap();
    let line = inspector.journal(&JournalFilter { reason: Some("expired".into()), ..all.clone() }).unwrap();
    assert_eq!((line.matching, line.next), (1, None));
    let line = &line.lines[0];
    assert_eq!(
        (line.outcome, line.kind.as_deref(), line.demo),
        (EntryOutcome::Refused, Some("vaccination"), true)
    );
    assert_eq!(line.person.as_ref().map(String::len), Some(8));
    let first = inspector.journal(&JournalFilter { limit: Some(3), ..all.clone() }).unwrap();
    assert_eq!((first.matching, first.next), (7, Some(4)));
    let second = inspector.journal(&JournalFilter { before: first.next, limit: Some(9), ..all }).unwrap();
    assert_eq!((second.lines.len(), second.matching, second.next), (4, 7, None));
}

#[test]
fn filters_that_make_no_sense_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = unlocked(dir.path());
    let inspector = station.inspector(NOW + 40).unwrap();
    let all = JournalFilter::default();
    for bad in [
        JournalFilter { from: Some(2), until: Some(1), ..all.clone() },
        JournalFilter { reason: Some("' OR 1 --".into()), ..all.clone() },
        JournalFilter { limit: Some(0), ..all.clone() },
        JournalFilter { limit: Some(501), ..all.clone() },
        JournalFilter { outcomes: vec![EntryOutcome::Event; 5], ..all.clone() },
    ] {
        assert!(matches!(inspector.journal(&bad), Err(Denied::Invalid(_))), "{bad:?}");
    }
    for (from, until, bucket) in [(0, 1, 0), (1, 0, 1), (0, i64::MAX, 1), (i64::MIN, i64::MAX, 1)] {
        assert!(matches!(inspector.statistics(from, until, bucket), Err(Denied::Invalid(_))));
    }
    assert!(serde_json::from_str::<JournalFilter>(r#"{"outcomes": ["green"]}"#).is_err());
    let filter: JournalFilter = serde_json::from_str(r#"{"outcomes": ["cannot_tell"]}"#).unwrap();
    assert_eq!(filter, JournalFilter { outcomes: vec![EntryOutcome::CannotTell], ..all });
}

#[test]
fn statistics_have_empty_buckets_too_and_no_events_among_the_scans() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = unlocked(dir.path());
    let statistics = station.inspector(NOW + 40).unwrap().statistics(NOW, NOW + 60, 15).unwrap();
    let buckets: Vec<_> = statistics
        .buckets
        .iter()
        .map(|bucket| (bucket.from - NOW, bucket.counts))
        .map(|(from, counts)| (from, counts.accepted, counts.refused, counts.cannot_tell))
        .collect();
    assert_eq!(buckets, [(0, 1, 1, 0), (15, 0, 0, 1), (30, 1, 0, 0), (45, 0, 0, 0)]);
    let reasons: Vec<_> =
        statistics.reasons.iter().map(|reason| (reason.reason.as_str(), reason.count)).collect();
    assert_eq!(reasons[..2], [("accepted", 2), ("pin_set", 2)]);
    assert_eq!(reasons.len(), 5, "{reasons:?}");
}

#[test]
fn a_proof_names_what_was_changed() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = unlocked(dir.path());
    let proof = station.inspector(NOW + 40).unwrap().auditor().verify().unwrap();
    assert!(proof.holds && proof.faults.is_empty() && proof.entries == 7, "{proof:?}");
    assert!(proof.checkpoint.unwrap().starts_with(&proof.origin));
    let auditor = station.inspector(NOW + 40).unwrap().auditor();
    let log = rusqlite::Connection::open(station.folder().log()).unwrap();
    log.execute("UPDATE entry SET outcome = 0 WHERE position = 3", []).unwrap();
    drop(station);
    let proof = auditor.verify().unwrap();
    assert!(!proof.holds);
    assert_eq!(proof.faults[0], "entry 3 was edited");
}

#[test]
fn an_export_has_every_matching_entry_and_is_logged_itself() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = unlocked(dir.path());
    let scans = vec![EntryOutcome::Accepted, EntryOutcome::Refused, EntryOutcome::CannotTell];
    let filter = JournalFilter { outcomes: scans, ..JournalFilter::default() };
    let (mut csv, mut lines) = (vec![], vec![]);
    let mut inspector = station.inspector(NOW + 40).unwrap();
    let mut export = |format| inspector.begin_export(&filter, format).unwrap();
    assert_eq!(export(ExportFormat::Csv).write(&mut csv).unwrap(), 4);
    assert_eq!(export(ExportFormat::JsonLines).write(&mut lines).unwrap(), 4);
    let csv = String::from_utf8(csv).unwrap();
    let mut rows = csv.split("\r\n");
    assert_eq!(rows.next(), Some("index,at,outcome,reason,stage,kind,operator,demo,key_set_version,person"));
    let first = rows.next().unwrap();
    assert!(first.starts_with("2,2027-01-15T08:00:00Z,accepted,accepted,"), "{csv}");
    assert_eq!(rows.count(), 4, "three rows more, and the end");
    let person = first.rsplit(',').next().unwrap();
    assert!(person.len() == 10 && person.starts_with("p-"), "no number to a spreadsheet: {person}");
    let lines: Vec<serde_json::Value> =
        String::from_utf8(lines).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[1]["reason"], "expired");
    let exported = events(&station).into_iter().filter(|(event, _)| event == "exported");
    assert_eq!(exported.count(), 2);
}

#[test]
fn an_export_with_its_proof_is_checked_without_the_device_and_is_logged_itself() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = unlocked(dir.path());
    let mut inspector = station.inspector(NOW + 40).unwrap();
    for (format, name) in [(ExportFormat::Csv, "csv"), (ExportFormat::JsonLines, "jsonl")] {
        let folder = dir.path().join(name);
        let export = inspector.begin_proven_export(NOW, NOW + 40, format).unwrap();
        let written = export.write(&folder).unwrap();
        let check = export::check(&folder, None, &[], &mut |_| ()).unwrap();
        assert!(check.holds(), "{:?}", check.faults);
        assert_eq!(check.manifest.end - check.manifest.first, written);

        let again = inspector.begin_proven_export(NOW, NOW + 40, format).unwrap().write(&folder).unwrap_err();
        assert!(matches!(again, station::Error::ProvenExport(_)), "{again:?}");
    }
    assert!(inspector.begin_proven_export(NOW, NOW - 1, ExportFormat::Csv).is_err());
    assert_eq!(events(&station).into_iter().filter(|(event, _)| event == "exported").count(), 4);
}

#[test]
fn an_export_that_cannot_be_written_says_so() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let mut station = unlocked(dir.path());
    let mut inspector = station.inspector(NOW + 40).unwrap();
    for format in [ExportFormat::Csv, ExportFormat::JsonLines] {
        let export = inspector.begin_export(&JournalFilter::default(), format).unwrap();
        let failed = export.write(&mut Full).unwrap_err();
        assert!(matches!(failed, station::Error::Export(_)), "{failed:?}");
    }
}

#[test]
fn an_admin_sees_the_keys_and_which_came_and_went() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    station.unlock(Role::Admin, ADMIN, NOW).unwrap();
    let admin = station.admin(NOW).unwrap();
    let keys = admin.keys();
    assert_eq!((keys.len(), keys[0].algorithm.as_str(), keys[0].demo), (1, "Ed25519", true));
    assert!(admin.last_key_change().unwrap().is_none());
    let gone = keys[0].kid.clone();
    let folder = station.folder().clone();
    drop(station);

    let key = trust::document::KeySetDocument::parse(
        br#"{"format": "propusk-key-set/1", "keys": [{"kid": "d919375fc1e7b6b2", "type": "ed25519",
            "key": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#,
    )
    .unwrap();
    let signers = Signers::load(&folder.demo().join("role-keys.json")).unwrap();
    let published = station::demo::key_set(&folder);
    let terms = Terms { root: DAY, targets: DAY, snapshot: DAY, timestamp: DAY };
    publish::update(&published, &signers, &key, terms, NOW + 1).unwrap();
    Store::open(&folder.trust()).unwrap().refresh(&published, NOW + 1).unwrap();

    let mut station = open(dir.path());
    station.unlock(Role::Admin, ADMIN, NOW + 1).unwrap();
    for _ in 0..2 {
        let change = station.admin(NOW + 1).unwrap().last_key_change().unwrap().unwrap();
        assert_eq!((change.from_version, change.version), (1, 2));
        assert_eq!((change.added, change.removed), (vec!["d919375fc1e7b6b2".to_owned()], vec![gone.clone()]));
        drop(station);
        station = open(dir.path());
        station.unlock(Role::Admin, ADMIN, NOW + 1).unwrap();
    }
}
