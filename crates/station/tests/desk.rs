//! Shifts, people inside, settings, and the same person again.

mod common;

use common::*;
use station::view::{Counts, Moment, PeopleView, Status, SubmissionView, Warning, rfc3339};
use station::{Denied, Error, Operator, Role, Settings, Station};

const MINUTE: i64 = 60;

fn change(station: &mut Station, change: impl FnOnce(&mut Settings)) {
    let mut settings = station.settings().clone();
    change(&mut settings);
    station.unlock(Role::Admin, ADMIN, NOW).unwrap();
    station.admin(NOW).unwrap().change_settings(settings).unwrap();
    station.lock();
}

fn with_operators(dir: &std::path::Path) -> Station {
    let mut station = with_pins(dir);
    let operators = [(3, "Ольга"), (7, "Timur")];
    let operators = operators.map(|(number, name)| Operator { number, name: name.to_owned() });
    change(&mut station, |settings| settings.operators = operators.to_vec());
    station
}

fn inside(station: &Station) -> Option<u32> {
    station.people().map(|people| people.inside)
}

#[test]
fn a_shift_names_its_operator_in_the_log_by_number_and_lasts_over_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_operators(dir.path());
    station.begin_shift(Some(7), NOW).unwrap();
    station.submit("HC1:", NOW);
    drop(station);
    let mut station = open(dir.path());
    assert_eq!(station.operator().unwrap().name, "Timur");
    station.submit("HC1:", NOW);
    station.begin_shift(None, NOW).unwrap();
    station.submit("HC1:", NOW);
    let operators: Vec<_> = reader(&station).newest(None, 5).unwrap();
    let operators: Vec<_> =
        operators.iter().map(|entry| (entry.content.reason.as_str(), entry.content.operator)).collect();
    let scan = "not_compressed";
    assert_eq!(
        operators,
        [(scan, None), ("shift_began", None), (scan, Some(7)), (scan, Some(7)), ("shift_began", Some(7))]
    );
    assert!(station.verify_log().unwrap().holds());
    drop(station);
    let log = std::fs::read(dir.path().join("scanlog.db")).unwrap();
    assert!(!log.windows(5).any(|window| window == b"Timur"), "a name in the log");
}

#[test]
fn only_an_operator_of_the_list_begins_a_shift_and_leaves_it_with_the_list() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_operators(dir.path());
    assert!(matches!(station.begin_shift(Some(4), NOW), Err(Denied::Invalid(_))));
    station.begin_shift(Some(3), NOW).unwrap();
    change(&mut station, |settings| settings.operators.retain(|operator| operator.number != 3));
    assert_eq!(station.operator(), None);
    station.submit("HC1:", NOW);
    assert_eq!(reader(&station).newest(None, 1).unwrap()[0].content.operator, None);
}

#[test]
fn people_are_counted_in_where_an_admin_asks_for_it_and_never_below_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    let (good, bad) = (text(&station, "valid_vaccination"), text(&station, "expired"));
    station.submit(&good, NOW);
    assert_eq!(status(&station, NOW).people, None);
    change(&mut station, |settings| (settings.count_people, settings.capacity) = (true, Some(2)));
    assert_eq!(inside(&station), Some(0));
    station.submit(&good, NOW);
    station.submit(&bad, NOW);
    assert_eq!(inside(&station), Some(1), "a refused one stays outside");
    drop(station);
    let mut station = open(dir.path());
    assert_eq!(inside(&station), Some(1), "after a restart");
    assert_eq!(status(&station, NOW).warnings, []);
    station.submit(&good, NOW);
    assert_eq!(status(&station, NOW).warnings, [Warning::Full]);
    assert!(station.submit(&good, NOW).is_green(), "being full decides nothing");
    assert_eq!(status(&station, NOW).people, Some(PeopleView { inside: 3, capacity: Some(2) }));
    for left in [2, 1, 0, 0] {
        station.person_left().unwrap();
        assert_eq!(inside(&station), Some(left));
    }
}

#[test]
fn only_an_inspector_begins_the_counters_anew() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    change(&mut station, |settings| settings.count_people = true);
    let good = text(&station, "valid_vaccination");
    station.submit(&good, NOW);
    assert!(matches!(station.inspector(NOW), Err(Denied::Locked)));
    station.unlock(Role::Inspector, INSPECTOR, NOW).unwrap();
    station.inspector(NOW).unwrap().reset_counters().unwrap();
    let one = Counts { accepted: 1, ..Counts::default() };
    let counted = |station: &Station| {
        let status = status(station, NOW);
        (status.counts, status.hour, status.people.unwrap().inside)
    };
    assert_eq!(counted(&station), (Counts::default(), Counts::default(), 0));
    station.submit(&good, NOW);
    assert_eq!(counted(&station), (one, one, 1), "in the very second of the reset");
    drop(station);
    let station = open(dir.path());
    assert_eq!(counted(&station), (one, one, 1), "after a restart");
    assert!(events(&station).contains(&("counters_reset".to_owned(), "inspector".to_owned())));
    assert_eq!(reader(&station).count_since(0, i64::MIN, i64::MAX).unwrap().accepted, 2, "the log keeps all");
}

#[test]
fn the_day_and_the_hour_are_counted_by_their_own_spans_and_events_are_not_counted() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    for minutes in [0, 30, 90] {
        station.submit("HC1:", NOW + minutes * MINUTE);
    }
    let moment = Moment {
        now: NOW + 90 * MINUTE,
        day: NOW..NOW + DAY,
        hour: NOW + 60 * MINUTE..NOW + 120 * MINUTE,
        free_bytes: None,
    };
    let status = Status::new(&station, &moment);
    assert_eq!((status.counts.refused, status.hour.refused), (3, 1));
    assert_eq!((status.counts.accepted, status.counts.cannot_tell), (0, 0));
}

#[test]
fn the_same_person_is_told_within_the_minutes_that_are_set_and_with_any_of_their_passes() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    let good = text(&station, "valid_vaccination");
    let seen = |station: &mut Station, pass: &str, minutes: i64| {
        let submission = station.submit(pass, NOW + minutes * MINUTE);
        assert!(submission.is_green(), "seeing somebody again decides nothing");
        assert_eq!(SubmissionView::new(&submission).seen_before, submission.seen_before.map(rfc3339));
        submission.seen_before.map(|at| (at - NOW) / MINUTE)
    };
    assert_eq!(seen(&mut station, &good, 0), None);
    assert_eq!(seen(&mut station, &good, 15), Some(0));
    assert_eq!(seen(&mut station, &good, 31), None, "16 minutes after the last");
    let other = text(&station, "valid_recovery");
    assert_eq!(seen(&mut station, &other, 31), None, "another person");
    change(&mut station, |settings| settings.repeat_minutes = 0);
    assert_eq!(seen(&mut station, &good, 32), None, "turned off");
    change(&mut station, |settings| settings.repeat_minutes = 1440);
    assert_eq!(seen(&mut station, &good, 33), Some(32));
}

#[test]
fn somebody_who_was_refused_was_not_seen_before() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    let expired = text(&station, "expired");
    station.submit(&expired, NOW);
    assert_eq!(station.submit(&expired, NOW + 1).seen_before, None);
}

#[test]
fn settings_last_over_a_restart_and_bad_ones_change_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    change(&mut station, |settings| (settings.kiosk, settings.accepted_seconds) = (true, 9));
    let kept = station.settings().clone();
    station.unlock(Role::Admin, ADMIN, NOW).unwrap();
    let bad = Settings { refused_seconds: 0, ..kept.clone() };
    let denied = station.admin(NOW).unwrap().change_settings(bad).unwrap_err();
    assert_eq!(denied.to_string(), "refused_seconds is 0: choose 1 to 120");
    drop(station);
    let station = open(dir.path());
    assert_eq!(*station.settings(), kept);
    assert_eq!(status(&station, NOW).settings, kept);
}

#[test]
fn little_room_on_the_disk_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let station = demo_in(dir.path());
    let warnings = |free_bytes| {
        let moment = Moment { now: NOW, day: NOW..NOW, hour: NOW..NOW, free_bytes };
        Status::new(&station, &moment).warnings
    };
    assert_eq!(warnings(None), []);
    assert_eq!(warnings(Some(1 << 40)), []);
    assert_eq!(warnings(Some(1 << 20)), [Warning::StorageLow]);
}

#[test]
fn a_count_that_cannot_be_kept_is_said_and_keeps_nobody_out() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    change(&mut station, |settings| settings.count_people = true);
    sabotage(&station.folder().desk(), "item");
    let good = text(&station, "valid_vaccination");
    assert!(station.submit(&good, NOW).is_green());
    assert_eq!(inside(&station), Some(1));
    assert_eq!(status(&station, NOW).warnings, [Warning::LogNotWritable]);
}

#[test]
fn a_station_of_before_gets_a_store_and_a_damaged_store_is_told_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let station = with_pins(dir.path());
    let path = station.folder().desk();
    drop(station);
    let whole = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert!(!open(dir.path()).pins().admin);

    let foreign = tempfile::tempdir().unwrap();
    let other = foreign.path().join("other.db");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE a (x)").unwrap();
    let cut = &whole[..whole.len() / 2];
    for bytes in
        [b"no database at all, but long enough to be one".as_slice(), cut, &std::fs::read(other).unwrap()]
    {
        std::fs::write(&path, bytes).unwrap();
        let error = Station::open(dir.path(), random()).err().unwrap();
        assert!(matches!(error, Error::Damaged { .. }), "{error:?}");
        assert_eq!(error.to_string().lines().count(), 1);
        assert!(error.to_string().contains("desk.db"));
    }
    std::fs::write(&path, whole).unwrap();
    assert!(open(dir.path()).pins().admin);
    let connection = rusqlite::Connection::open(&path).unwrap();
    let bad = r#"UPDATE item SET value = '{"accepted_seconds": 0}' WHERE name = 'settings'"#;
    connection.execute_batch("INSERT OR IGNORE INTO item VALUES ('settings', '{}')").unwrap();
    connection.execute_batch(bad).unwrap();
    assert!(matches!(Station::open(dir.path(), random()), Err(Error::Damaged { .. })));
    connection.execute_batch("PRAGMA user_version = 99").unwrap();
    assert!(matches!(Station::open(dir.path(), random()), Err(Error::TooNew { .. })));
}

#[cfg(unix)]
#[test]
fn the_store_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let station = with_pins(dir.path());
    let mut wal = station.folder().desk().into_os_string();
    wal.push("-wal");
    for path in [station.folder().desk(), wal.into()] {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
    }
}
