//! Shifts, people inside, settings, and the same person again.

mod common;

use std::ops::Range;

use common::*;
use station::view::{Counts, Moment, PeopleView, Status, SubmissionView, Warning, rfc3339};
use station::{Denied, Operator, Role, Settings, Station};

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
fn staff_count_no_day_or_hour_but_that_of_now() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    station.submit("HC1:", NOW);
    let refused = |now: i64, day: Range<i64>, hour: Range<i64>| {
        let status = Status::new(&station, &Moment { now, day, hour, free_bytes: None });
        assert_eq!(status.warnings, [], "what is not counted is no failure");
        (status.counts.refused, status.hour.refused)
    };
    let hours = |hours: i64| hours * 60 * MINUTE;
    let cases = [
        (NOW, NOW..NOW + hours(25), NOW..NOW + hours(1), (1, 1)),
        (NOW, NOW - 1..NOW + hours(25), NOW..NOW + hours(1) + 1, (0, 0)),
        (NOW + hours(1), NOW..NOW + hours(24), NOW..NOW + hours(1), (1, 0)),
        (NOW + hours(24), NOW..NOW + hours(24), NOW + hours(24)..NOW + hours(25), (0, 0)),
        (NOW + hours(24), NOW..NOW + 1, NOW..NOW + 1, (0, 0)),
        (NOW, i64::MIN..i64::MAX, i64::MIN..i64::MAX, (0, 0)),
        (NOW, Range { start: NOW + 1, end: NOW - 1 }, NOW..NOW, (0, 0)),
    ];
    for (now, day, hour, expected) in cases {
        assert_eq!(refused(now, day.clone(), hour.clone()), expected, "{day:?} {hour:?} at {now}");
    }
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
fn a_failed_count_is_forgotten_with_the_next_that_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    change(&mut station, |settings| settings.count_people = true);
    let good = text(&station, "valid_vaccination");
    let warned = |station: &Station| !status(station, NOW).warnings.is_empty();
    let fail = |station: &mut Station| {
        refuse_item(station, "inside");
        station.submit(&good, NOW);
        assert!(warned(station));
        accept_items(station);
        assert!(warned(station));
    };
    fail(&mut station);
    station.person_left().unwrap();
    assert!(!warned(&station), "somebody left");
    fail(&mut station);
    station.unlock(Role::Inspector, INSPECTOR, NOW).unwrap();
    station.inspector(NOW).unwrap().reset_counters().unwrap();
    assert!(!warned(&station), "the counters were begun anew");
    fail(&mut station);
    change(&mut station, |settings| settings.count_people = false);
    assert!(!warned(&station), "nobody is counted any more");
}

#[test]
fn somebody_who_left_and_could_not_be_counted_is_said_and_still_inside() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    change(&mut station, |settings| settings.count_people = true);
    let good = text(&station, "valid_vaccination");
    (0..2).for_each(|_| drop(station.submit(&good, NOW)));
    refuse_item(&station, "inside");
    assert!(matches!(station.person_left(), Err(Denied::Failed(_))));
    assert_eq!(inside(&station), Some(2));
    assert_eq!(status(&station, NOW).warnings, [Warning::LogNotWritable]);
    accept_items(&station);
    station.person_left().unwrap();
    assert_eq!((inside(&station), status(&station, NOW).warnings), (Some(1), vec![]));
    drop(station);
    assert_eq!(inside(&open(dir.path())), Some(1), "after a restart");
}

#[test]
fn settings_that_cannot_be_kept_in_full_change_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_operators(dir.path());
    station.begin_shift(Some(7), NOW).unwrap();
    let kept = station.settings().clone();
    let wanted = Settings { count_people: true, operators: vec![], ..kept.clone() };
    station.unlock(Role::Admin, ADMIN, NOW).unwrap();
    for item in ["settings", "operator", "inside"] {
        refuse_item(&station, item);
        let failed = station.admin(NOW).unwrap().change_settings(wanted.clone());
        assert!(matches!(failed, Err(Denied::Failed(_))), "{item}: {failed:?}");
        let now = |station: &Station| {
            (station.settings().clone(), station.operator().map(|operator| operator.number))
        };
        assert_eq!(now(&station), (kept.clone(), Some(7)), "{item}");
        let store = rusqlite::Connection::open(station.folder().desk()).unwrap();
        let changed = "SELECT count(*) FROM item WHERE value NOT IN (SELECT value FROM whole)";
        let changed: i64 = store.query_row(changed, [], |row| row.get(0)).unwrap();
        assert_eq!(changed, 0, "{item}");
        drop(store);
        accept_items(&station);
    }
    station.admin(NOW).unwrap().change_settings(wanted).unwrap();
    assert_eq!((inside(&station), station.operator()), (Some(0), None));
    drop(station);
    let station = open(dir.path());
    assert_eq!((inside(&station), station.operator()), (Some(0), None), "after a restart");
}

#[test]
fn a_name_that_turns_the_reading_is_refused_and_one_that_was_kept_is_no_damage() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_operators(dir.path());
    station.unlock(Role::Admin, ADMIN, NOW).unwrap();
    let mut settings = station.settings().clone();
    settings.operators[1].name = "Timur\u{202e}".to_owned();
    let denied = station.admin(NOW).unwrap().change_settings(settings.clone()).unwrap_err();
    assert!(denied.to_string().starts_with("the name of operator 7 holds hidden characters"), "{denied}");
    let store = rusqlite::Connection::open(station.folder().desk()).unwrap();
    let json = serde_json::to_string(&settings).unwrap();
    store.execute("UPDATE item SET value = ?1 WHERE name = 'settings'", [json]).unwrap();
    drop(station);
    assert_eq!(*open(dir.path()).settings(), settings);
}
