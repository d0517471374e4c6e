//! A demo station from its making to its log.

mod common;

use std::fs;
use std::path::Path;
use std::time::Duration;

use common::*;
use station::view::{Counts, Outcome, SubmissionView, Warning};
use station::{Error, Folder, NoKeyStore, Reading, Station, demo};

#[test]
fn each_sample_pass_gets_its_verdict_and_an_entry() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    let table = [
        ("valid_vaccination", Outcome::Accepted, "accepted"),
        ("valid_recovery", Outcome::Accepted, "accepted"),
        ("valid_test", Outcome::Accepted, "accepted"),
        ("expired", Outcome::Refused, "expired"),
        ("not_yet_valid", Outcome::Refused, "not_yet_valid"),
        ("revoked", Outcome::Refused, "revoked"),
        ("tampered", Outcome::Refused, "bad_signature"),
        ("unknown_issuer", Outcome::CannotTell, "unknown_key"),
        ("not_a_certificate", Outcome::Refused, "not_a_certificate"),
        ("ticket", Outcome::Accepted, "accepted"),
    ];
    for (index, (name, verdict, reason)) in table.into_iter().enumerate() {
        let submission = station.submit(&text(&station, name), NOW);
        let view = SubmissionView::new(&submission);
        assert_eq!((view.report.verdict, view.report.reason.as_str()), (verdict, reason), "{name}");
        assert_eq!(view.entry, Some(index as u64), "{name}");
        assert_eq!(submission.is_green(), verdict == Outcome::Accepted, "{name}");
    }
    assert_eq!(demo::samples(station.folder()).unwrap().len(), table.len());
    assert_eq!(status(&station, NOW).counts, Counts { accepted: 4, refused: 5, cannot_tell: 1 });
    assert_eq!(status(&station, NOW + 1).counts, Counts::default());
    let report = station.verify_log().unwrap();
    assert!(report.holds());
    assert_eq!(report.entries, table.len() as u64);
}

#[test]
fn an_expired_pass_shows_whose_it_is_and_since_when() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    let view = SubmissionView::new(&station.submit(&text(&station, "expired"), NOW));
    assert_eq!(view.report.evidence["at"].to_string(), station::view::rfc3339(NOW - DAY));
    assert!(view.pass.is_some_and(|pass| pass.demo && pass.date_of_birth == "2001-09-08"));
}

#[test]
fn a_tampered_pass_shows_no_claims() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    let view = SubmissionView::new(&station.submit(&text(&station, "tampered"), NOW));
    assert!(view.pass.is_none());
}

#[test]
fn the_same_person_and_the_same_pass_are_known_again_and_others_are_not() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    for name in ["valid_vaccination", "valid_vaccination", "valid_recovery"] {
        station.submit(&text(&station, name), NOW);
    }
    let entries = reader(&station).entries(0, 3).unwrap();
    assert_eq!(entries[0].content.identity, entries[1].content.identity);
    assert_eq!(entries[0].content.person, entries[1].content.person);
    assert_ne!(entries[0].content.identity, entries[2].content.identity);
    assert_ne!(entries[0].content.person, entries[2].content.person);
}

#[test]
fn no_name_and_no_text_of_a_pass_is_in_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    for name in ["valid_vaccination", "expired", "not_a_certificate"] {
        station.submit(&text(&station, name), NOW);
    }
    let folder = station.folder().clone();
    drop(station);
    for suffix in ["", "-wal"] {
        let mut path = folder.log().into_os_string();
        path.push(suffix);
        let Ok(bytes) = fs::read(&path) else { continue };
        for needle in ["Смирнова", "SMIRNOVA", "1988-04-12", "HC1:", "URN:UVCI", "example.org"] {
            assert!(!bytes.windows(needle.len()).any(|window| window == needle.as_bytes()), "{needle}");
        }
    }
}

#[test]
fn a_station_goes_on_where_it_was_closed() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    station.submit("HC1:", NOW);
    drop(station);
    let mut station = Station::open(dir.path(), &NoKeyStore, random()).unwrap();
    let entry = SubmissionView::new(&station.submit("HC1:", NOW)).entry;
    assert_eq!(entry, Some(1));
    assert!(station.verify_log().unwrap().holds());
}

#[test]
fn a_demo_is_made_once_and_its_samples_renewed_before_they_end() {
    let dir = tempfile::tempdir().unwrap();
    assert!(demo::ensure(dir.path(), NOW, &mut random()).unwrap());
    let folder = Folder::new(dir.path());
    let text = || fs::read_to_string(demo::passes(&folder).join("1-valid-vaccination.txt")).unwrap();
    let (key, first) = (fs::read(folder.device_key()).unwrap(), text());
    assert!(!demo::ensure(dir.path(), NOW + DAY, &mut random()).unwrap());
    assert_eq!(text(), first);
    assert!(!demo::ensure(dir.path(), NOW + 300 * DAY, &mut random()).unwrap());
    assert_ne!(text(), first);
    assert_eq!(fs::read(folder.device_key()).unwrap(), key);
    let mut station = Station::open(dir.path(), &NoKeyStore, random()).unwrap();
    assert!(station.submit(&text(), NOW + 300 * DAY).is_green());
}

#[test]
fn an_interrupted_making_is_made_anew_unless_something_was_logged() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::new(dir.path());
    fs::create_dir_all(folder.demo()).unwrap();
    fs::write(demo::authority_file(&folder), "half of it").unwrap();
    fs::write(folder.device_key(), "half of it").unwrap();
    assert!(demo::ensure(dir.path(), NOW, &mut random()).unwrap());

    fs::remove_file(folder.nameplate()).unwrap();
    assert!(demo::ensure(dir.path(), NOW, &mut random()).unwrap());
    Station::open(dir.path(), &NoKeyStore, random()).unwrap().submit("HC1:", NOW);
    fs::remove_file(folder.nameplate()).unwrap();
    assert!(matches!(demo::ensure(dir.path(), NOW, &mut random()), Err(Error::Unfinished(_))));
    assert_eq!(scanlog::Reader::open(&folder.log()).unwrap().len().unwrap(), 1);
}

#[test]
fn a_real_station_is_no_demo_and_accepts_nothing_before_it_has_keys() {
    let dir = tempfile::tempdir().unwrap();
    Station::create(dir.path(), "Музей, вход 2", &NoKeyStore, &mut random()).unwrap();
    assert!(matches!(demo::ensure(dir.path(), NOW, &mut random()), Err(Error::NotADemo(_))));
    assert!(matches!(
        Station::create(dir.path(), "again", &NoKeyStore, &mut random()),
        Err(Error::AlreadyThere(_))
    ));

    let elsewhere = tempfile::tempdir().unwrap();
    let pass = text(&demo_in(elsewhere.path()), "valid_vaccination");
    let mut station = Station::open(dir.path(), &NoKeyStore, random()).unwrap();
    assert_eq!(station.warnings(NOW), [Warning::NoKeys]);
    let view = SubmissionView::new(&station.submit(&pass, NOW));
    assert_eq!((view.report.verdict, view.report.reason.as_str()), (Outcome::CannotTell, "unknown_key"));
}

#[test]
fn old_keys_and_a_clock_that_runs_behind_are_said() {
    let dir = tempfile::tempdir().unwrap();
    let station = demo_in(dir.path());
    assert_eq!(station.warnings(NOW), []);
    assert_eq!(station.warnings(NOW - 1), [Warning::ClockBehind]);
    let told = [(7 * DAY, None), (7 * DAY + 1, Some(Warning::KeysOld)), (28 * DAY, Some(Warning::KeysOld))];
    for (age, warning) in told.into_iter().chain([(28 * DAY + 1, Some(Warning::KeysExpired))]) {
        assert_eq!(station.warnings(NOW + age), Vec::from_iter(warning), "{age} s");
    }
    let status = status(&station, NOW);
    assert!(status.demo && status.keys.is_some_and(|keys| keys.count == 1 && keys.version == 1));
}

#[test]
fn keys_that_are_too_old_are_never_green_and_an_expired_pass_is_still_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    let late = NOW + 28 * DAY + 1;
    let view = SubmissionView::new(&station.submit(&text(&station, "valid_vaccination"), late - 1));
    assert_eq!(view.report.verdict, Outcome::Accepted);
    let view = SubmissionView::new(&station.submit(&text(&station, "valid_vaccination"), late));
    assert_eq!((view.report.verdict, view.report.reason.as_str()), (Outcome::CannotTell, "keys_too_old"));
    assert!(view.entry.is_some());
    let view = SubmissionView::new(&station.submit(&text(&station, "expired"), late));
    assert_eq!((view.report.verdict, view.report.reason.as_str()), (Outcome::Refused, "expired"));
}

#[test]
fn a_clock_set_back_makes_no_expired_pass_green() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    let submission = station.submit(&text(&station, "expired"), NOW - 10 * DAY);
    assert_eq!(submission.verdict.reason(), "expired");
    assert_eq!(submission.at, NOW);
    assert_eq!(reader(&station).entries(0, 1).unwrap()[0].content.at, NOW);
}

#[test]
fn missing_and_damaged_stations_are_told_apart_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let error = |dir: &Path| Station::open(dir, &NoKeyStore, random()).err().unwrap();
    assert!(matches!(error(dir.path()), Error::NoStation(_)));

    drop(demo_in(dir.path()));
    let folder = Folder::new(dir.path());
    let key = fs::read(folder.device_key()).unwrap();
    fs::write(folder.device_key(), &key[1..]).unwrap();
    assert!(matches!(error(dir.path()), Error::Damaged { .. }));
    fs::write(folder.device_key(), key).unwrap();
    fs::write(folder.nameplate(), "{").unwrap();
    let damaged = error(dir.path());
    assert!(matches!(damaged, Error::Damaged { .. }));
    assert_eq!(damaged.to_string().lines().count(), 1);
}

/// The power went after a log that had been deleted was written again, and before that got its name.
#[test]
fn a_log_that_was_being_written_again_is_gone_on_with() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    station.submit("HC1:", NOW);
    let log = station.folder().log();
    drop(station);
    fs::rename(&log, log.with_extension("db.again")).unwrap();
    let mut station = Station::open(dir.path(), &NoKeyStore, random()).unwrap();
    assert_eq!(SubmissionView::new(&station.submit("HC1:", NOW)).entry, Some(1));
    assert!(station.verify_log().unwrap().holds());
}

#[test]
fn a_log_that_is_gone_is_not_begun_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    station.submit("HC1:", NOW);
    let log = station.folder().log();
    drop(station);
    fs::remove_file(&log).unwrap();
    assert!(matches!(Station::open(dir.path(), &NoKeyStore, random()), Err(Error::LogMissing(_))));
    assert!(!log.exists());
}

#[cfg(unix)]
#[test]
fn private_keys_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let station = demo_in(dir.path());
    let role_keys = station.folder().demo().join("role-keys.json");
    for path in [station.folder().device_key(), demo::authority_file(station.folder()), role_keys] {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
    }
}

/// The log's table is taken away under the open station: the entry cannot be written.
#[test]
fn nothing_is_green_whose_entry_could_not_be_written() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    let pass = text(&station, "valid_vaccination");
    let log = station.folder().log();
    let blocker = rusqlite::Connection::open(log).unwrap();
    blocker
        .execute_batch("BEGIN IMMEDIATE; UPDATE log SET origin = origin; DROP TABLE node; COMMIT")
        .unwrap();
    let submission = station.submit(&pass, NOW);
    let view = SubmissionView::new(&submission);
    assert_eq!(view.report.verdict, Outcome::Accepted);
    assert!(!submission.is_green());
    assert!(view.entry.is_none() && view.log_error.is_some());
    assert!(!status(&station, NOW).log.writable);
}

#[test]
fn keys_that_another_program_refreshed_are_judged_by_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    let (pass, revoked) = (text(&station, "valid_vaccination"), text(&station, "revoked"));
    assert!(station.submit(&pass, NOW).is_green());
    demo::ensure(dir.path(), NOW + 4 * DAY, &mut random()).unwrap();
    let fresh = text(&station, "revoked");
    let view = SubmissionView::new(&station.submit(&fresh, NOW + 4 * DAY));
    assert_eq!((view.report.verdict, view.report.reason.as_str()), (Outcome::Refused, "revoked"));
    assert_eq!(station.submit(&revoked, NOW + 4 * DAY).verdict.reason(), "revoked", "the older sample");
    assert_eq!(station.trusted().unwrap().version, 2);
    assert_eq!(station.warnings(NOW), [Warning::ClockBehind]);
}

#[test]
fn a_clock_that_was_set_is_told_and_logged_until_an_admin_comes() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    let look = |station: &mut Station, now, seconds| {
        station.look_at_clock(Reading { now, running: Duration::from_secs(seconds), counts_sleep: true });
        station.warnings(now)
    };
    assert_eq!(look(&mut station, NOW, 100), []);
    assert_eq!(look(&mut station, NOW + 3600, 3700), []);
    assert_eq!(look(&mut station, NOW + DAY, 3701), [Warning::ClockJumped]);
    assert_eq!(look(&mut station, NOW + DAY + 1, 3702), [Warning::ClockJumped]);
    assert_eq!(scanlog::Reader::open(&station.folder().log()).unwrap().len().unwrap(), 1);
}

#[test]
fn a_clock_before_the_release_is_behind_and_does_not_count() {
    let dir = tempfile::tempdir().unwrap();
    demo_in(dir.path());
    let mut station = Station::open(dir.path(), &NoKeyStore, random()).unwrap().not_before(NOW + DAY);
    assert_eq!(station.warnings(NOW + DAY - 1), [Warning::ClockBehind]);
    assert_eq!(station.submit("HC1:", NOW).at, NOW + DAY);
}

#[test]
fn keys_that_could_not_be_read_are_tried_again_with_the_next_pass() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    let pass = text(&station, "valid_vaccination");
    assert!(station.submit(&pass, NOW).is_green());
    let database = rusqlite::Connection::open(station.folder().trust()).unwrap();
    database.execute_batch("ALTER TABLE target RENAME TO away").unwrap();
    for _ in 0..2 {
        let verdict = station.submit(&pass, NOW).verdict;
        assert_eq!(verdict.reason(), "unknown_key");
        assert_eq!(station.warnings(NOW), [Warning::NoKeys]);
    }
    database.execute_batch("ALTER TABLE away RENAME TO target").unwrap();
    assert!(station.submit(&pass, NOW).is_green());
    database.execute_batch("ALTER TABLE target RENAME TO away").unwrap();
    station.submit(&pass, NOW);
    database.execute_batch("ALTER TABLE away RENAME TO target").unwrap();
    assert_eq!(station.warnings(NOW), [Warning::NoKeys]);
    assert!(station.submit(&pass, NOW).is_green());
}

/// A card in several codes: each is logged as one that cannot be told, the last one is judged as the whole.
#[test]
fn the_parts_of_a_card_are_collected_until_the_last_one_decides() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    let reason = |station: &mut Station, text: &str| {
        let view = SubmissionView::new(&station.submit(text, NOW));
        (view.report.reason, view.report.evidence.get("have").map(ToString::to_string), view.entry.is_some())
    };
    let part = ("part_of_code".to_owned(), Some("1".to_owned()), true);
    assert_eq!(reason(&mut station, "shc:/2/2/4"), part);
    let again = ("part_of_code".to_owned(), Some("0".to_owned()), true);
    assert_eq!(reason(&mut station, "shc:/1/2/5"), again, "shc:/54 is no card, and may be of two");
    assert_eq!(reason(&mut station, "shc:/2/2/4"), part);
    assert_eq!(
        reason(&mut station, "shc:/1/2/5"),
        ("broken_jws".to_owned(), None, true),
        "the same once more"
    );
    assert_eq!(reason(&mut station, "shc:/2/2/4"), part);
}
