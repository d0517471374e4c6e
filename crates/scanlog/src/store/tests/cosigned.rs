//! Cosigned heads in the store: what they prove, and what is found by them.

use super::*;
use crate::audit::{Report, Witnessed};
use crate::cosignature::Cosigner;
use crate::witness::{Answer, Book, Request, Signing};
use ed25519_dalek::SigningKey;

const ANNA: &str = "inspector.example/anna";
const NOW: i64 = 1_800_000_000;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// An inspector comes by: the request and the answer go over as texts.
fn visit(fixture: &Fixture, book: &mut Book, at: i64) -> Witnessed {
    let mut log = fixture.open().unwrap();
    let old = book.logs().next().map_or(0, |(_, head)| head.size);
    let request = log.witness_request(log.verifier(), old).unwrap().to_string();
    let signing = Signing { name: ANNA, key: &key(77), now: at };
    let answer = book.cosign(&Request::parse(&request).unwrap(), signing, old == 0).unwrap();
    log.take_cosignature(&Answer::parse(&answer.to_string()).unwrap(), old == 0).unwrap()
}

fn report(fixture: &Fixture) -> Report {
    verify(&fixture.path, Some(&device().verifying_key())).unwrap()
}

/// A log of 25 entries that Anna has cosigned after 10 and after 17, and her book.
fn witnessed() -> (Fixture, Book) {
    let (fixture, mut book) = (Fixture::new(10), Book::default());
    visit(&fixture, &mut book, NOW);
    fixture.append(10..17);
    visit(&fixture, &mut book, NOW + 60);
    fixture.append(17..25);
    (fixture, book)
}

#[test]
fn entries_are_proven_since_they_were_first_cosigned_and_the_rest_by_nobody() {
    let (fixture, mut book) = witnessed();
    let before = report(&fixture);
    let spans: Vec<_> = before.spans().iter().map(|span| (span.from, span.end, span.by.at)).collect();
    assert_eq!(
        (spans, before.unwitnessed(), before.holds()),
        (vec![(0, 10, NOW), (10, 17, NOW + 60)], 8, true)
    );
    visit(&fixture, &mut book, NOW + 120);
    let after = report(&fixture);
    assert_eq!((after.spans().len(), after.unwitnessed()), (3, 0));
    assert_eq!(after.spans()[0].by.witness, Cosigner::of(ANNA, &key(77)).unwrap());
    let last = fixture.open().unwrap().witnesses().unwrap();
    assert_eq!((last.len(), last[0].size, last[0].at), (1, 25, NOW + 120));
}

#[test]
fn a_log_that_was_put_back_as_a_whole_and_keeps_its_cosignatures_is_named() {
    let (fixture, _) = witnessed();
    // The state after 12 entries, signed by the device itself, under cosignatures of 17.
    let old = Fixture::new(12);
    let connection = Connection::open(&old.path).unwrap();
    connection.execute("ATTACH ?1 AS later", [fixture.path.to_str()]).unwrap();
    connection.execute_batch("INSERT INTO cosignature SELECT * FROM later.cosignature").unwrap();
    drop(connection);
    let missing = Fault::Unwitnessed { name: ANNA.to_owned(), seen: 17, signed: 12 };
    assert_eq!(report(&old).faults, [missing]);
}

#[test]
fn a_log_that_its_own_device_rewrote_whole_is_named() {
    let (fixture, _) = witnessed();
    let other = Fixture::new(0);
    let mut log = other.open().unwrap();
    for number in 0..30 {
        log.append(&scan(number + 1), salt(number as u64)).unwrap();
    }
    drop(log);
    assert_eq!(report(&other).faults, []);
    let connection = Connection::open(&other.path).unwrap();
    connection.execute("ATTACH ?1 AS seen", [fixture.path.to_str()]).unwrap();
    connection.execute_batch("INSERT INTO cosignature SELECT * FROM seen.cosignature").unwrap();
    drop(connection);
    let rewritten = |size| Fault::Rewritten { name: ANNA.to_owned(), size };
    assert_eq!(report(&other).faults, [rewritten(10), rewritten(17)]);
}

#[test]
fn a_changed_cosignature_is_named() {
    for (change, why) in [
        ("key = zeroblob(32)", None),
        ("name = 'inspector.example/olga'", Some(note::NoteError::NotSigned)),
        ("name = 'a b'", Some(note::NoteError::Name)),
        ("note = replace(note, 'anna', 'olga')", Some(note::NoteError::NotSigned)),
        ("note = 'nonsense'", Some(note::NoteError::Structure)),
        ("size = 9", None),
    ] {
        let (fixture, _) = witnessed();
        fixture.tamper(&format!("UPDATE cosignature SET {change} WHERE id = 1"));
        let found = report(&fixture);
        assert_eq!(found.witnessed.len(), 1, "{change}");
        match (&found.faults[..], why) {
            ([Fault::BadCosignature { why, .. }], Some(expected)) => {
                assert_eq!(*why, expected.into(), "{change}")
            }
            ([Fault::BadCosignature { .. }], None) => {}
            other => panic!("{change}: {other:?}"),
        }
    }
}

#[test]
fn an_answer_is_taken_of_this_log_s_own_heads_and_known_witnesses_alone() {
    let (fixture, mut book) = witnessed();
    let mut log = fixture.open().unwrap();
    let request = log.witness_request(log.verifier(), 17).unwrap();
    let mut olga = Book::default();
    let by_olga = Signing { name: "inspector.example/olga", key: &key(78), now: NOW };
    let new = olga.cosign(&Request { old: 0, proof: vec![], ..request.clone() }, by_olga, true).unwrap();
    let refused = log.take_cosignature(&new, false).unwrap_err();
    assert!(matches!(refused, Error::Answer(BadAnswer::NewWitness { .. })), "{refused}");
    log.take_cosignature(&new, true).unwrap();
    log.take_cosignature(&new, false).unwrap();

    let by_anna = Signing { name: ANNA, key: &key(77), now: NOW + 60 };
    let answer = book.cosign(&request, by_anna, false).unwrap();
    let changed = Answer { note: answer.note.replacen("\n25\n", "\n24\n", 1), ..answer.clone() };
    let refused = log.take_cosignature(&changed, false).unwrap_err();
    assert!(matches!(refused, Error::Answer(BadAnswer::Head(_))), "{refused}");
    let unsigned = Answer { note: request.note.clone(), ..answer };
    let refused = log.take_cosignature(&unsigned, false).unwrap_err();
    assert!(matches!(refused, Error::Answer(BadAnswer::Signature(_))), "{refused}");
}

#[test]
fn a_station_put_back_from_a_backup_learns_of_it_from_an_answer() {
    let (_, mut book) = witnessed();
    let backup = Fixture::new(12);
    let mut log = backup.open().unwrap();
    let request = log.witness_request(log.verifier(), 17).unwrap();
    let by_anna = Signing { name: ANNA, key: &key(77), now: NOW + 60 };
    assert!(book.cosign(&request, by_anna, false).is_err());
    let (seen, _) = book.logs().next().unwrap();
    let line = crate::cosignature::line(
        note::Note::parse(&seen.note).unwrap().unverified_text(),
        ANNA,
        &key(77),
        NOW,
    );
    let answer =
        Answer { cosigner: Cosigner::of(ANNA, &key(77)).unwrap(), note: seen.note.clone() + &line.unwrap() };
    let refused = log.take_cosignature(&answer, true).unwrap_err();
    assert!(matches!(refused, Error::Answer(BadAnswer::OtherHistory { size: 17, .. })), "{refused}");
}

#[test]
fn times_that_go_back_are_told_and_leave_the_log_proven() {
    let fixture = Fixture::new(3);
    let mut log = fixture.open().unwrap();
    for at in [10, 4, 4, 5] {
        log.append(&scan(at), salt(100 + at as u64)).unwrap();
    }
    let report = log.verify().unwrap();
    assert!(report.holds());
    let steps: Vec<_> = report.steps_back.iter().map(|step| (step.index, step.from, step.to)).collect();
    assert_eq!((steps, report.more_steps_back), (vec![(4, 10, 4)], 0));
}

/// A new witness's answer to the log as it is.
fn answered(log: &Log) -> Answer {
    let request = log.witness_request(log.verifier(), 0).unwrap();
    Book::default().cosign(&request, Signing { name: ANNA, key: &key(77), now: NOW }, true).unwrap()
}

#[test]
fn an_answer_that_comes_twice_is_kept_once() {
    let fixture = Fixture::new(10);
    let mut log = fixture.open().unwrap();
    let answer = answered(&log);
    let taken = log.take_cosignature(&answer, true).unwrap();
    assert_eq!(log.take_cosignature(&answer, false).unwrap(), taken);
    assert_eq!(report(&fixture).witnessed, [taken]);
}

#[cfg(unix)]
#[test]
fn no_cosignature_is_taken_into_a_file_that_is_gone() {
    let fixture = Fixture::new(10);
    let mut log = fixture.open().unwrap();
    let answer = answered(&log);
    let aside = fixture.path.with_extension("aside");
    std::fs::rename(&fixture.path, &aside).unwrap();
    std::fs::write(&fixture.path, "notes").unwrap();
    assert!(matches!(log.take_cosignature(&answer, true), Err(Error::Replaced(_))));
    std::fs::remove_file(&fixture.path).unwrap();
    assert!(matches!(log.take_cosignature(&answer, true), Err(Error::Gone(_))));
    drop(log);
    assert_eq!((report(&fixture).witnessed.len(), fixture.faults()), (0, vec![]));
}

/// A name that no witness can have may be anything.
#[test]
fn the_name_of_a_bad_cosignature_is_told_in_one_short_line() {
    let (fixture, _) = witnessed();
    fixture.tamper(
        "UPDATE cosignature SET name = char(27) || '[2J' || char(10) || hex(zeroblob(5000)) WHERE id = 1",
    );
    let line = report(&fixture).faults[0].to_string();
    assert!(line.chars().count() < 500 && !line.contains(char::is_control), "{line:?}");
}
