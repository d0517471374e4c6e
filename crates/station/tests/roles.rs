//! PINs, waits and sessions.

mod common;

use common::*;
use station::view::Problem;
use station::{BadPin, Denied, Error, IDLE_SECONDS, PinCost, Role, Settings, Station};

fn wrong(station: &mut Station, now: i64) -> Denied {
    station.unlock(Role::Inspector, "1793", now).unwrap_err()
}

fn wait(denied: &Denied) -> (Problem, u64) {
    (denied.problem(), denied.wait().unwrap())
}

#[test]
fn a_new_station_has_no_pins_and_lets_nobody_in() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    let pins = status(&station, NOW).pins;
    assert!(!pins.admin && !pins.inspector);
    for role in [Role::Staff, Role::Inspector, Role::Admin] {
        assert!(matches!(station.unlock(role, ADMIN, NOW), Err(Denied::NoPin)), "{role:?}");
    }
    assert!(matches!(station.inspector(NOW), Err(Denied::NoPin)));
    assert!(matches!(station.admin(NOW), Err(Denied::NoPin)));
    assert_eq!(status(&station, NOW).session, None);
}

#[test]
fn whoever_is_first_sets_the_admins_pin_and_nobody_after_them() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    for bad in ["123", "1111", "1234", "12a4"] {
        assert!(matches!(station.set_first_pin(bad, NOW), Err(Denied::BadPin(_))), "{bad}");
    }
    station.set_first_pin(ADMIN, NOW).unwrap();
    assert_eq!(status(&station, NOW).session.unwrap().role, Role::Admin);
    assert!(matches!(station.set_first_pin("2580", NOW), Err(Denied::AlreadySet)));
    drop(station);
    let mut station = open(dir.path());
    assert!(matches!(station.set_first_pin("2580", NOW), Err(Denied::AlreadySet)));
    assert!(matches!(station.admin(NOW), Err(Denied::Locked)), "a restart locks");
    station.unlock(Role::Admin, ADMIN, NOW).unwrap();
    assert_eq!(events(&station), [("pin_set", "admin"), ("unlocked", "admin")].map(named));
}

fn named((event, role): (&str, &str)) -> (String, String) {
    (event.to_owned(), role.to_owned())
}

#[test]
fn each_role_has_its_own_pin_and_reaches_its_own_work_alone() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    assert!(matches!(station.unlock(Role::Admin, INSPECTOR, NOW), Err(Denied::WrongPin { wait: 0 })));
    station.unlock(Role::Inspector, INSPECTOR, NOW).unwrap();
    assert!(station.inspector(NOW).is_ok());
    assert!(matches!(station.admin(NOW), Err(Denied::Locked)));
    station.unlock(Role::Admin, ADMIN, NOW).unwrap();
    assert!(station.admin(NOW).is_ok());
    assert!(matches!(station.inspector(NOW), Err(Denied::Locked)));
    assert!(matches!(station.unlock(Role::Inspector, "1793", NOW), Err(Denied::WrongPin { .. })));
    assert!(matches!(station.admin(NOW), Err(Denied::Locked)), "a try locks what was open");
}

#[test]
fn waits_grow_with_each_failure_and_a_right_pin_ends_them() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    for expected in [0, 0, 30] {
        assert_eq!(wait(&wrong(&mut station, NOW)), (Problem::WrongPin, expected));
    }
    let mut now = NOW;
    for (passed, next) in [(30, 60), (60, 120), (120, 240)] {
        let right_too_early = station.unlock(Role::Inspector, INSPECTOR, now + passed - 1).unwrap_err();
        assert_eq!(wait(&right_too_early), (Problem::Blocked, 1));
        now += passed;
        assert_eq!(wait(&wrong(&mut station, now)), (Problem::WrongPin, next));
    }
    station.unlock(Role::Inspector, INSPECTOR, now + 240).unwrap();
    assert_eq!(wait(&wrong(&mut station, now + 240)), (Problem::WrongPin, 0));
    let refused = events(&station).into_iter().filter(|event| *event == named(("pin_refused", "inspector")));
    assert_eq!(refused.count(), 7, "every one that was looked at, and no other");
}

#[test]
fn a_wait_survives_a_restart_and_holds_for_its_role_alone() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    (0..3).for_each(|_| drop(wrong(&mut station, NOW)));
    drop(station);
    let mut station = open(dir.path());
    let denied = station.unlock(Role::Inspector, INSPECTOR, NOW + 10).unwrap_err();
    assert_eq!(wait(&denied), (Problem::Blocked, 20));
    station.unlock(Role::Admin, ADMIN, NOW + 10).unwrap();
}

/// What a kill between counting and looking leaves: the store as it was when the try was counted.
#[test]
fn wrong_pin_is_counted_before_it_is_checked() {
    let dir = tempfile::tempdir().unwrap();
    let station = with_pins(dir.path());
    let path = station.folder().desk();
    let connection = rusqlite::Connection::open(&path).unwrap();
    let hash: String =
        connection.query_row("SELECT pin FROM role WHERE name = 'inspector'", [], |row| row.get(0)).unwrap();
    // A hash that cannot be looked at: the try ends between counting and looking.
    connection.execute("UPDATE role SET pin = '$argon2id$' WHERE name = 'inspector'", []).unwrap();
    drop(station);
    let mut station = open(dir.path());
    for _ in 0..3 {
        let broken = station.unlock(Role::Inspector, INSPECTOR, NOW).unwrap_err();
        assert!(matches!(broken, Denied::Failed(Error::Damaged { .. })), "{broken:?}");
    }
    connection.execute("UPDATE role SET pin = ?1 WHERE name = 'inspector'", [hash]).unwrap();
    let denied = station.unlock(Role::Inspector, INSPECTOR, NOW).unwrap_err();
    assert_eq!(wait(&denied), (Problem::Blocked, 30));
}

#[test]
fn a_try_that_cannot_be_counted_is_not_looked_at() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    let blocker = rusqlite::Connection::open(station.folder().desk()).unwrap();
    blocker
        .execute_batch("CREATE TRIGGER full BEFORE UPDATE ON role BEGIN SELECT raise(ABORT, 'full'); END")
        .unwrap();
    drop(blocker);
    // Triggers are never run: the try is counted, and a right PIN unlocks.
    station.unlock(Role::Inspector, INSPECTOR, NOW).unwrap();
    sabotage(&station.folder().desk(), "role");
    assert!(matches!(station.unlock(Role::Inspector, INSPECTOR, NOW), Err(Denied::Failed(_))));
    assert_eq!(station.session(NOW), None);
}

#[test]
fn a_clock_set_back_begins_the_wait_anew_and_locks_for_no_longer() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    let later = NOW + 400 * DAY;
    (0..3).for_each(|_| drop(wrong(&mut station, later)));
    let try_at = |station: &mut Station, now| station.unlock(Role::Inspector, INSPECTOR, now);
    assert_eq!(wait(&try_at(&mut station, NOW).unwrap_err()), (Problem::Blocked, 30));
    assert_eq!(wait(&try_at(&mut station, NOW + 29).unwrap_err()), (Problem::Blocked, 1));
    try_at(&mut station, NOW + 30).unwrap();
}

#[test]
fn a_clock_set_forward_ends_one_wait_and_not_the_growth_of_the_next() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    (0..3).for_each(|_| drop(wrong(&mut station, NOW)));
    assert_eq!(wait(&wrong(&mut station, NOW + 400 * DAY)), (Problem::WrongPin, 60));
    assert_eq!(wait(&wrong(&mut station, NOW)), (Problem::Blocked, 60));
}

#[test]
fn what_cannot_be_a_pin_is_not_counted_as_a_try() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    for _ in 0..5 {
        for (pin, why) in [("", BadPin::Length), ("12", BadPin::Length), ("12 4", BadPin::NotDigits)] {
            let denied = station.unlock(Role::Inspector, pin, NOW).unwrap_err();
            assert!(matches!(denied, Denied::BadPin(bad) if bad == why), "{denied:?}");
        }
    }
    station.unlock(Role::Inspector, INSPECTOR, NOW).unwrap();
}

#[test]
fn a_session_ends_when_it_idles_and_use_keeps_it_open() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    station.unlock(Role::Inspector, INSPECTOR, NOW).unwrap();
    for step in 1..5 {
        assert!(station.inspector(NOW + step * (IDLE_SECONDS - 1)).is_ok(), "{step}");
    }
    let last = NOW + 4 * (IDLE_SECONDS - 1);
    let until = station::view::rfc3339(last + IDLE_SECONDS);
    // Asking for the status does not keep it open.
    assert_eq!(status(&station, last + IDLE_SECONDS - 1).session.unwrap().until, until);
    assert_eq!(status(&station, last + IDLE_SECONDS).session, None);
    assert!(matches!(station.inspector(last + IDLE_SECONDS), Err(Denied::Locked)));
}

#[test]
fn expired_session_stays_over_when_the_clock_goes_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    station.unlock(Role::Inspector, INSPECTOR, NOW).unwrap();
    assert_eq!(status(&station, NOW + IDLE_SECONDS).session, None);
    assert_eq!(status(&station, NOW + 1).session, None);
    assert!(matches!(station.inspector(NOW + 1), Err(Denied::Locked)));
    station.unlock(Role::Admin, ADMIN, NOW).unwrap();
    assert!(matches!(station.admin(NOW + IDLE_SECONDS), Err(Denied::Locked)));
    assert!(matches!(station.admin(NOW + 1), Err(Denied::Locked)));
}

#[test]
fn a_session_ends_when_the_clock_goes_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    station.unlock(Role::Inspector, INSPECTOR, NOW).unwrap();
    assert!(matches!(station.inspector(NOW - 1), Err(Denied::Locked)));
    assert!(matches!(station.inspector(NOW), Err(Denied::Locked)), "and stays over");
    station.unlock(Role::Inspector, INSPECTOR, NOW).unwrap();
    // The status was asked for meanwhile: that moment has been seen.
    assert!(status(&station, NOW + 200).session.is_some());
    assert!(matches!(station.inspector(NOW + 100), Err(Denied::Locked)));
}

#[test]
fn a_session_ends_when_it_is_locked() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    station.unlock(Role::Inspector, INSPECTOR, NOW).unwrap();
    station.lock();
    assert!(matches!(station.inspector(NOW), Err(Denied::Locked)));
}

#[test]
fn an_admin_gives_another_pin_and_ends_the_wait() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    (0..3).for_each(|_| drop(wrong(&mut station, NOW)));
    station.unlock(Role::Admin, ADMIN, NOW).unwrap();
    let mut admin = station.admin(NOW).unwrap();
    assert!(matches!(admin.set_pin(Role::Inspector, "2222"), Err(Denied::BadPin(BadPin::SameDigit))));
    assert!(matches!(admin.set_pin(Role::Staff, "2580"), Err(Denied::Invalid(_))));
    admin.set_pin(Role::Inspector, "2580").unwrap();
    assert!(matches!(station.unlock(Role::Inspector, INSPECTOR, NOW), Err(Denied::WrongPin { wait: 0 })));
    station.unlock(Role::Inspector, "2580", NOW).unwrap();
    assert!(events(&station).contains(&named(("pin_changed", "inspector"))));
}

#[test]
fn no_pin_is_in_any_file() {
    let dir = tempfile::tempdir().unwrap();
    let (admin, inspector) = ("471100815", "908172635");
    let mut station = demo_in(dir.path());
    station.set_first_pin(admin, NOW).unwrap();
    station.admin(NOW).unwrap().set_pin(Role::Inspector, inspector).unwrap();
    drop(station);
    for file in std::fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().path()) {
        let Ok(bytes) = std::fs::read(&file) else { continue };
        for pin in [admin, inspector] {
            assert!(!bytes.windows(pin.len()).any(|window| window == pin.as_bytes()), "{}", file.display());
        }
    }
}

#[test]
fn nothing_privileged_is_changed_that_cannot_be_logged() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    station.unlock(Role::Admin, ADMIN, NOW).unwrap();
    sabotage(&station.folder().log(), "node");
    let mut admin = station.admin(NOW).unwrap();
    assert!(matches!(admin.set_pin(Role::Inspector, "2580"), Err(Denied::Failed(Error::Log(_)))));
    let settings = Settings { kiosk: true, ..Settings::default() };
    assert!(matches!(admin.change_settings(settings), Err(Denied::Failed(Error::Log(_)))));
    assert!(!station.settings().kiosk);
    // Somebody has to see what is wrong with the log, so a right PIN still unlocks.
    station.unlock(Role::Inspector, INSPECTOR, NOW).unwrap();
    assert!(matches!(station.inspector(NOW).unwrap().reset_counters(), Err(Denied::Failed(_))));
}

#[test]
fn a_pin_is_kept_with_the_full_cost_unless_another_is_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path()).with_pin_cost(PinCost::default());
    station.set_first_pin(ADMIN, NOW).unwrap();
    let connection = rusqlite::Connection::open(station.folder().desk()).unwrap();
    let hash: String =
        connection.query_row("SELECT pin FROM role WHERE name = 'admin'", [], |row| row.get(0)).unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
}
