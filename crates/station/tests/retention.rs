//! Old scans leave the log by themselves; inspectors' devices cosign what is there.

mod common;

use std::fs;
use std::time::Duration;

use common::{ADMIN, DAY, INSPECTOR, NOW, demo_in, events, reader, text, with_pins};
use ed25519_dalek::SigningKey;
use scanlog::note::Note;
use scanlog::witness::{Answer, Book, Request, Signing};
use station::{Denied, Reading, Role, Settings, Station};

const ANNA: &str = "inspection.example/anna";

fn look(station: &mut Station, now: i64) {
    station.look_at_clock(Reading {
        now,
        running: Duration::from_secs((now - NOW) as u64),
        counts_sleep: true,
    });
}

fn scans(station: &Station) -> usize {
    let entries = reader(station).entries(0, u64::MAX).unwrap();
    entries.iter().filter(|entry| entry.content.outcome != scanlog::Outcome::Event).count()
}

/// Scans once a day for so many days, looking at the clock as a program that runs does.
fn work(station: &mut Station, days: i64) {
    let pass = text(station, "valid_vaccination");
    for day in 0..days {
        look(station, NOW + day * DAY);
        assert!(station.submit(&pass, NOW + day * DAY).logged.is_ok());
    }
}

/// By these settings, under a key set that lasts long enough.
fn keep_days(station: &mut Station, days: u32) {
    station.set_first_pin(ADMIN, NOW).unwrap();
    let settings =
        Settings { keep_days: days, keys_warn_days: 365, keys_block_days: 365, ..Settings::default() };
    station.admin(NOW).unwrap().change_settings(settings).unwrap();
    station.lock();
}

#[test]
fn scans_are_erased_after_their_days_and_the_log_tells_of_it_and_stays_proven() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    keep_days(&mut station, 7);
    work(&mut station, 20);
    // Of today and the seven days before; that of the eighth day was looked at before it was old enough.
    assert_eq!(scans(&station), 8);
    assert!(events(&station).contains(&("purged".to_owned(), "admin".to_owned())));
    let report = station.verify_log().unwrap();
    assert_eq!((report.faults.as_slice(), report.erased), (&[][..], 12));
}

#[test]
fn a_clock_beyond_the_keys_time_erases_nothing_that_is_young_then() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    keep_days(&mut station, 400);
    work(&mut station, 3);
    let years = NOW + 20 * 365 * DAY;
    drop(station);
    let mut station = common::open(dir.path());
    look(&mut station, years);
    assert_eq!(scans(&station), 3);
}

/// Seasonal places: all of last summer is erased, the keys ran out, and the door opens again.
#[test]
fn scans_after_the_keys_ran_out_are_young() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    keep_days(&mut station, 7);
    let opens = NOW + 500 * DAY;
    look(&mut station, opens);
    station.submit("HC1:", opens + 60);
    station.submit("HC1:", opens + 120);
    look(&mut station, opens + DAY);
    assert_eq!(scans(&station), 2);
}

#[test]
fn a_purge_after_the_keys_ran_out_is_logged_when_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    keep_days(&mut station, 7);
    work(&mut station, 1);
    let late = NOW + 500 * DAY;
    station.submit("HC1:", late - 60);
    look(&mut station, late);
    let report = station.verify_log().unwrap();
    assert_eq!((report.erased, report.steps_back.as_slice()), (1, &[][..]));
}

#[test]
fn a_clock_that_was_set_while_the_program_ran_erases_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    keep_days(&mut station, 7);
    work(&mut station, 1);
    let reading =
        |now: i64, seconds: u64| Reading { now, running: Duration::from_secs(seconds), counts_sleep: true };
    station.look_at_clock(reading(NOW + 100 * DAY, 60));
    station.look_at_clock(reading(NOW + 101 * DAY, 60 + 86_400));
    assert_eq!(scans(&station), 1);
}

#[test]
fn the_record_of_destruction_is_signed_and_says_what_was_erased_in_two_languages() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    keep_days(&mut station, 7);
    work(&mut station, 20);
    let record = station.destruction_record(NOW + 20 * DAY).unwrap();
    let verifier = fs::read_to_string(station.folder().verifier()).unwrap();
    let verifier = scanlog::note::Verifier::parse(verifier.trim_end()).unwrap();
    let signed = Note::parse(&record).unwrap().verify(&verifier.name, &verifier.key).unwrap();
    assert!(signed.contains("Уничтожено записей: 12.") && signed.contains("Entries erased: 12."), "{signed}");
    let last = signed.trim_end().lines().last().unwrap();
    assert_eq!(last.split(" | ").count(), 5, "{last}");
    assert!(scanlog::Checkpoint::unverified(&record).is_err(), "no record passes for a state of the log");
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn cosigned(book: &mut Book, request: &str, at: i64, new: bool) -> String {
    let signing = Signing { name: ANNA, key: &key(), now: at };
    book.cosign(&Request::parse(request).unwrap(), signing, new).unwrap().to_string()
}

#[test]
fn an_inspector_comes_and_the_proof_says_since_when() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    station.unlock(Role::Inspector, INSPECTOR, NOW).unwrap();
    let mut book = Book::default();
    let request = station.inspector(NOW).unwrap().witness_request(0).unwrap();
    let answer = cosigned(&mut book, &request, NOW + 5, true);
    let unknown = station.inspector(NOW).unwrap().take_cosignature(&answer, false);
    assert!(matches!(&unknown, Err(Denied::Invalid(why)) if why.contains(ANNA)), "{unknown:?}");
    let taken = station.inspector(NOW).unwrap().take_cosignature(&answer, true).unwrap();
    assert_eq!((taken.name.as_str(), taken.at.as_str()), (ANNA, "2027-01-15T08:00:05Z"));
    let proof = station.inspector(NOW).unwrap().auditor().verify().unwrap();
    assert!(proof.holds && proof.spans.len() == 1 && proof.witnesses == [taken], "{proof:?}");
    // That it was cosigned is an entry that came after.
    assert_eq!((proof.spans[0].from, proof.spans[0].last + 1 + proof.alone), (0, proof.entries));
    assert!(events(&station).contains(&("cosigned".to_owned(), "inspector".to_owned())));
}

#[test]
fn an_inspector_s_time_has_certainly_passed_also_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    let request = station.witness_request(0).unwrap();
    let answer = cosigned(&mut Book::default(), &request, NOW + 3600, true);
    station.take_cosignature(&answer, true, NOW).unwrap();
    drop(station);
    let mut station = common::open(dir.path());
    let pass = text(&station, "valid_vaccination");
    assert_eq!(station.submit(&pass, NOW - DAY).at, NOW + 3600);
    assert!(station.warnings(NOW).contains(&station::view::Warning::ClockBehind));
}

#[test]
fn an_inspector_s_clock_that_is_far_ahead_is_not_believed() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = demo_in(dir.path());
    let request = station.witness_request(0).unwrap();
    let answer = cosigned(&mut Book::default(), &request, NOW + 2 * DAY, true);
    let refused = station.take_cosignature(&answer, true, NOW);
    assert!(matches!(&refused, Err(Denied::Invalid(why)) if why.contains("ahead")), "{refused:?}");
    assert!(!station.warnings(NOW).contains(&station::view::Warning::ClockBehind));
}

#[test]
fn nonsense_and_other_stations_answers_are_refused() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut station = demo_in(here.path());
    station::Station::create(there.path(), "other", &station::NoKeyStore, &mut common::random()).unwrap();
    let other = common::open(there.path());
    let answer = cosigned(&mut Book::default(), &other.witness_request(0).unwrap(), NOW, true);
    for text in ["", "nonsense", &answer, &station.witness_request(0).unwrap()] {
        let refused = station.take_cosignature(text, true, NOW);
        assert!(matches!(refused, Err(Denied::Invalid(_))), "{text}: {refused:?}");
    }
    assert!(Answer::parse(&answer).is_ok());
}

#[test]
fn what_stands_out_is_shown_to_an_inspector() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = with_pins(dir.path());
    let expired = text(&station, "expired");
    for second in 0..6 {
        station.submit(&expired, NOW + second);
    }
    station.unlock(Role::Inspector, INSPECTOR, NOW + 10).unwrap();
    let found = station.inspector(NOW + 10).unwrap().anomalies(NOW, NOW + DAY, 180).unwrap();
    let found: Vec<_> = found.iter().map(|anomaly| (anomaly.name.as_str(), anomaly.count)).collect();
    assert_eq!(found, [("refusals", 6)]);
}

#[cfg(unix)]
#[test]
fn a_secret_key_that_others_may_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let station = demo_in(dir.path());
    let exposed = station::view::Warning::KeyExposed;
    assert!(!station.warnings(NOW).contains(&exposed));
    fs::set_permissions(station.folder().device_key(), fs::Permissions::from_mode(0o644)).unwrap();
    drop(station);
    assert!(common::open(dir.path()).warnings(NOW).contains(&exposed));
}
