//! Passes that can be used so often and no more, and in some zones only.

mod common;

use std::fs;

use common::*;
use credential::{Refusal, Verdict};
use issuer::{Authority, Expiry, Facts, General, Record};
use station::view::SubmissionView;
use station::{Settings, Station, demo};
use tempfile::TempDir;

fn folder() -> (TempDir, Station) {
    let dir = tempfile::tempdir().unwrap();
    let station = demo_in(dir.path());
    (dir, station)
}

/// A ticket of the station's demo authority.
fn ticket(station: &Station, place: u64, zones: &[&str], uses: Option<u32>) -> String {
    let file = fs::read_to_string(demo::authority_file(station.folder())).unwrap();
    let facts = Facts::General(General {
        kind: credential::Kind::Ticket,
        title: "Concert".into(),
        zones: zones.iter().map(|zone| zone.to_string()).collect(),
        uses,
        detail: None,
    });
    let record = Record { expiry: Expiry::Days(30), ..Record::new("", "", Default::default(), facts) };
    Authority::from_json(&file).unwrap().issue(&record, place, NOW).unwrap()
}

#[track_caller]
fn used_up(station: &mut Station, text: &str, now: i64) -> (i64, Vec<i64>) {
    match station.submit(text, now).verdict {
        Verdict::Refused(refused) => match refused.reason {
            Refusal::AlreadyUsed { at, times, .. } => (at, times),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_ticket_for_one_use_is_refused_the_second_time_and_told_when_the_first_was() {
    let (_dir, mut station) = folder();
    let text = ticket(&station, 100, &[], Some(1));
    let first = station.submit(&text, NOW + 10);
    assert!(first.is_green());
    let view = SubmissionView::new(&first);
    let uses = view.uses.unwrap();
    assert_eq!((uses.used, uses.allowed, uses.left, uses.again), (1, 1, 0, false));
    assert_eq!(view.pass.unwrap().general.unwrap().title, "Concert");
    assert_eq!(used_up(&mut station, &text, NOW + 60), (NOW + 10, vec![NOW + 10]));
    // Another ticket is another ticket.
    let other = ticket(&station, 101, &[], Some(1));
    assert!(station.submit(&other, NOW + 61).is_green());
}

#[test]
fn a_ticket_for_three_uses_is_used_thrice() {
    let (_dir, mut station) = folder();
    let text = ticket(&station, 100, &[], Some(3));
    for (use_, at) in [(1, NOW), (2, NOW + 60), (3, NOW + 120)] {
        let submission = station.submit(&text, at);
        assert!(submission.is_green());
        assert_eq!(submission.uses.unwrap().times.len(), use_);
    }
    assert_eq!(used_up(&mut station, &text, NOW + 180), (NOW + 120, vec![NOW, NOW + 60, NOW + 120]));
}

#[test]
fn a_ticket_without_a_number_of_uses_is_used_as_often_as_you_like() {
    let (_dir, mut station) = folder();
    let text = ticket(&station, 100, &[], None);
    for at in [NOW, NOW + 60, NOW + 120] {
        let submission = station.submit(&text, at);
        assert!(submission.is_green());
        assert_eq!(submission.uses, None);
    }
}

#[test]
fn a_restart_forgets_no_use() {
    let (dir, mut station) = folder();
    let text = ticket(&station, 100, &[], Some(1));
    assert!(station.submit(&text, NOW).is_green());
    drop(station);
    let mut station = open(dir.path());
    assert_eq!(used_up(&mut station, &text, NOW + 60).0, NOW);
}

#[test]
fn the_same_ticket_within_seconds_is_the_same_scan_and_says_so() {
    let (_dir, mut station) = folder();
    let text = ticket(&station, 100, &[], Some(2));
    assert!(station.submit(&text, NOW).is_green());
    for at in [NOW, NOW + 1, NOW + 5] {
        let again = station.submit(&text, at);
        assert!(again.is_green());
        let uses = again.uses.unwrap();
        assert!(uses.again);
        assert_eq!(uses.times, [NOW]);
    }
    // Held on and on it is not the same scan for ever: the time counts from the use.
    let second = station.submit(&text, NOW + 6).uses.unwrap();
    assert!(!second.again);
    assert_eq!(used_up(&mut station, &text, NOW + 12).1, [NOW, NOW + 6]);
}

#[test]
fn a_refused_ticket_is_not_used() {
    let (_dir, mut station) = folder();
    let text = ticket(&station, 100, &["B"], Some(1));
    let (mut station, text) = {
        in_zone(&mut station, Some("A"));
        let refused = station.submit(&text, NOW);
        let Verdict::Refused(reason) = &refused.verdict else { panic!("{refused:?}") };
        assert_eq!(reason.reason, Refusal::OtherZone { zones: vec!["B".into()], here: "A".into() });
        (station, text)
    };
    in_zone(&mut station, Some("B"));
    assert!(station.submit(&text, NOW + 60).is_green());
}

#[test]
fn a_ticket_for_several_zones_or_none_in_particular_is_good_in_each_of_them() {
    let (_dir, mut station) = folder();
    for (place, zones, here, green) in [
        (100, &["A", "B"][..], Some("A"), true),
        (101, &["A", "B"], Some("C"), false),
        (102, &["A", "B"], Some("a"), false),
        (103, &["A"], None, true),
        (104, &[], Some("C"), true),
    ] {
        let text = ticket(&station, place, zones, None);
        in_zone(&mut station, here);
        assert_eq!(station.submit(&text, NOW).is_green(), green, "{zones:?} in {here:?}");
    }
}

#[test]
fn a_use_that_cannot_be_kept_makes_nothing_green() {
    let (dir, mut station) = folder();
    let text = ticket(&station, 100, &[], Some(1));
    let other = rusqlite::Connection::open(dir.path().join("desk.db")).unwrap();
    other.execute_batch("DROP TABLE use").unwrap();
    let submission = station.submit(&text, NOW);
    assert_eq!(submission.verdict.reason(), "uses_unreadable");
    assert!(!submission.is_green());
}

#[test]
fn the_store_of_an_older_station_learns_to_count_uses() {
    let (dir, station) = folder();
    let text = ticket(&station, 100, &[], Some(1));
    drop(station);
    let store = rusqlite::Connection::open(dir.path().join("desk.db")).unwrap();
    store.execute_batch("DROP TABLE use; PRAGMA user_version = 1").unwrap();
    drop(store);
    let mut station = open(dir.path());
    assert!(station.submit(&text, NOW).is_green());
    used_up(&mut station, &text, NOW + 60);
}

/// As an admin sets it.
fn in_zone(station: &mut Station, zone: Option<&str>) {
    if !station.pins().admin {
        station.set_first_pin(ADMIN, NOW).unwrap();
    }
    station.unlock(station::Role::Admin, ADMIN, NOW).unwrap();
    let settings = Settings { zone: zone.map(str::to_owned), ..station.settings().clone() };
    station.admin(NOW).unwrap().change_settings(settings).unwrap();
    station.lock();
}
