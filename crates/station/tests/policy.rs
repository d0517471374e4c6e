//! What is accepted at a station, and who switches between its modes.

mod common;

use std::path::Path;

use common::*;
use station::view::{Problem, SubmissionView, Warning};
use station::{Denied, Role, Settings, Station};

/// Anyone in one mode, only those who were tested in the other.
const POLICY: &str = r#"{
    "format": "propusk-policy/1", "name": {"en": "Here", "ru": "Здесь"}, "country": "RU",
    "kinds": ["vaccination", "recovery", "test"], "default_mode": "all",
    "modes": [
        {"id": "all", "title": {"en": "All", "ru": "Все"}},
        {"id": "tested", "title": {"en": "Tested", "ru": "С тестом"}, "kinds": ["test"]},
        {"id": "nobody", "title": {"en": "Nobody", "ru": "Никто"}}
    ],
    "rules": [{"id": "never", "kinds": ["recovery"], "description": {"en": "Nobody recovered."},
        "accept_if": {"in": [{"var": "payload.r.0.tg"}, []]}}]
}"#;

fn with_policy(dir: &Path) -> Station {
    refresh_with_policy(&with_pins(dir), POLICY);
    open(dir)
}

fn reason(station: &mut Station, sample: &str) -> &'static str {
    let text = text(station, sample);
    station.submit(&text, NOW).verdict.reason()
}

fn mode(station: &Station) -> String {
    status(station, NOW).policy.unwrap().mode
}

fn lock_modes(station: &mut Station) {
    station.unlock(Role::Admin, ADMIN, NOW).unwrap();
    let settings = Settings { mode_locked: true, ..station.settings().clone() };
    station.admin(NOW).unwrap().change_settings(settings).unwrap();
    station.lock();
}

#[test]
fn without_a_policy_a_station_judges_as_ever() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    assert_eq!(status(&station, NOW).policy, None);
    assert_eq!(reason(&mut station, "valid_recovery"), "accepted");
    let denied = station.switch_mode("all", NOW).unwrap_err();
    assert_eq!(denied.to_string(), "there is no mode all: choose one of the list");
}

#[test]
fn a_station_judges_by_its_policy_and_its_log_has_the_reason_alone() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_policy(dir.path());
    assert_eq!(reason(&mut station, "valid_vaccination"), "accepted");
    let text = text(&station, "valid_recovery");
    let submission = station.submit(&text, NOW);
    assert!(!submission.is_green());
    let view = serde_json::to_value(SubmissionView::new(&submission)).unwrap();
    assert_eq!(view["reason"], "rule_failed");
    assert_eq!(view["evidence"]["rule"], "never");
    assert_eq!(view["evidence"]["description"]["en"], "Nobody recovered.");
    assert_eq!(view["evidence"]["values"]["r.0.tg"], "840539006");
    let entry = &reader(&station).newest(None, 1).unwrap()[0];
    assert_eq!((entry.content.reason.as_str(), entry.content.stage.as_str()), ("rule_failed", "rules"));
    assert_eq!(entry.content.kind.as_deref(), Some("recovery"));
}

#[test]
fn staff_switch_between_modes_and_the_choice_is_logged_and_lasts() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_policy(dir.path());
    let view = status(&station, NOW).policy.unwrap();
    let ids: Vec<_> = view.modes.iter().map(|mode| mode.id.as_str()).collect();
    assert_eq!((view.mode.as_str(), ids), ("all", vec!["all", "tested", "nobody"]));
    assert_eq!((view.name["ru"].as_str(), view.modes[1].title["en"].as_str()), ("Здесь", "Tested"));
    station.switch_mode("tested", NOW).unwrap();
    assert_eq!(reason(&mut station, "valid_vaccination"), "kind_not_accepted");
    assert_eq!(reason(&mut station, "valid_test"), "accepted");
    station.switch_mode("tested", NOW).unwrap();
    let changes: Vec<_> = events(&station).into_iter().filter(|(event, _)| event == "mode_changed").collect();
    assert_eq!(changes, [("mode_changed".to_owned(), "staff".to_owned())], "the second changed nothing");
    let entry = reader(&station).entries(0, u64::MAX).unwrap().into_iter();
    let entry = entry.map(|entry| entry.content).find(|content| content.reason == "mode_changed").unwrap();
    assert_eq!(entry.kind.as_deref(), Some("tested"));
    assert!(station.verify_log().unwrap().holds());
    drop(station);
    assert_eq!(mode(&open(dir.path())), "tested", "after a restart");
}

#[test]
fn locked_modes_are_switched_by_whoever_has_a_pin() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_policy(dir.path());
    lock_modes(&mut station);
    let denied = station.switch_mode("tested", NOW).unwrap_err();
    assert_eq!(denied.problem(), Problem::Locked);
    assert_eq!(mode(&station), "all");
    for (role, pin, id) in [(Role::Inspector, INSPECTOR, "tested"), (Role::Admin, ADMIN, "nobody")] {
        station.unlock(role, pin, NOW).unwrap();
        station.switch_mode(id, NOW).unwrap();
        assert_eq!(mode(&station), id);
        assert!(events(&station).contains(&("mode_changed".to_owned(), role.name().to_owned())));
        station.lock();
    }
}

#[test]
fn a_mode_that_there_is_not_is_refused_and_one_that_cannot_be_kept_or_logged_is_not_taken() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_policy(dir.path());
    assert!(matches!(station.switch_mode("2g\n", NOW), Err(Denied::Invalid(_))));
    refuse_item(&station, "mode");
    assert!(matches!(station.switch_mode("tested", NOW), Err(Denied::Failed(_))));
    assert_eq!(mode(&station), "all");
    accept_items(&station);
    sabotage(&station.folder().log(), "node");
    assert!(matches!(station.switch_mode("tested", NOW), Err(Denied::Failed(_))));
    assert_eq!(mode(&station), "all");
}

#[test]
fn a_policy_that_cannot_be_read_makes_nothing_green_and_is_warned_of() {
    let dir = tempfile::tempdir().unwrap();
    refresh_with_policy(&with_pins(dir.path()), "{}");
    let mut station = open(dir.path());
    let text = text(&station, "valid_vaccination");
    let submission = station.submit(&text, NOW);
    assert_eq!((submission.verdict.reason(), submission.is_green()), ("policy_unreadable", false));
    assert_eq!(reason(&mut station, "expired"), "expired");
    assert_eq!(status(&station, NOW).warnings, [Warning::PolicyUnreadable]);
    assert_eq!(status(&station, NOW).policy, None);
    assert!(matches!(station.switch_mode("all", NOW), Err(Denied::Invalid(_))));
}

/// Locked or not: the authority's word is newer, but nobody is to take it for the old one.
#[test]
fn a_mode_that_a_newer_policy_does_not_have_is_told_and_logged_and_does_not_come_back_unsaid() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_policy(dir.path());
    station.switch_mode("tested", NOW).unwrap();
    lock_modes(&mut station);
    refresh_with_policy(&station, &POLICY.replace("\"tested\"", "\"other\""));
    assert_eq!(reason(&mut station, "valid_vaccination"), "accepted");
    assert_eq!((mode(&station).as_str(), station.warnings(NOW)), ("all", vec![Warning::ModeLost]));
    let switches = |station: &Station| {
        let events = events(station).into_iter();
        events.filter(|(event, role)| event == "mode_changed" && role == "staff").count()
    };
    assert_eq!(switches(&station), 2);
    reason(&mut station, "valid_test");
    assert_eq!(switches(&station), 2, "once");
    refresh_with_policy(&station, POLICY);
    reason(&mut station, "valid_test");
    assert_eq!(mode(&station), "all", "it does not come back unsaid");
    station.unlock(Role::Admin, ADMIN, NOW).unwrap();
    station.admin(NOW).unwrap();
    assert_eq!(station.warnings(NOW), []);
}

#[test]
fn keys_and_policy_come_into_force_together_or_not_at_all_and_are_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    assert_eq!(reason(&mut station, "valid_recovery"), "accepted");
    refresh_with_policy(&station, POLICY);
    let desk = rusqlite::Connection::open(station.folder().desk()).unwrap();
    desk.execute_batch("ALTER TABLE item RENAME TO away").unwrap();
    for _ in 0..2 {
        assert_eq!(reason(&mut station, "valid_recovery"), "unknown_key", "no keys without their policy");
    }
    desk.execute_batch("ALTER TABLE away RENAME TO item").unwrap();
    assert_eq!(reason(&mut station, "valid_recovery"), "rule_failed");
}

#[test]
fn keys_that_an_admin_cannot_be_shown_the_change_of_are_in_force_all_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    refuse_item(&station, "keys");
    refresh_with_policy(&station, POLICY);
    assert_eq!(reason(&mut station, "valid_recovery"), "rule_failed");
}
