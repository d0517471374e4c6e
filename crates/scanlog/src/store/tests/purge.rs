//! What is erased is gone from the disk, is proven by its leaves, and by nothing else is it told from a gap.

use super::super::whole;
use super::*;
use crate::entry::{PURGED, Purge};

const NOW: i64 = 10_000;

pub(super) fn event(at: i64) -> NewEntry {
    NewEntry {
        outcome: Outcome::Event,
        stage: "staff".to_owned(),
        kind: None,
        identity: None,
        person: None,
        ..scan(at)
    }
}

/// Content by which its bytes are known again in a file.
fn marked(number: u64) -> NewEntry {
    let mark = |first: u8| {
        let mut hash = [first; 32];
        hash[24..].copy_from_slice(&number.to_be_bytes());
        Some(hash)
    };
    let kind = Some(format!("secretkind{number}x"));
    NewEntry {
        identity: mark(0xa1),
        person: mark(0xb2),
        kind,
        outcome: Outcome::Accepted,
        ..scan(number as i64)
    }
}

fn marked_salt(number: u64) -> Salt {
    let mut salt = [0xc3; 32];
    salt[24..].copy_from_slice(&number.to_be_bytes());
    salt
}

/// Everything that the log has on disk.
pub(super) fn raw(fixture: &Fixture) -> Vec<u8> {
    let files = ["", "-wal", "-shm", "-journal"].map(|ending| format!("{}{ending}", fixture.path.display()));
    files.iter().filter_map(|file| std::fs::read(file).ok()).flatten().collect()
}

fn traces(raw: &[u8], number: u64) -> usize {
    let content = marked(number);
    let kind = content.kind.unwrap();
    let parts =
        [&content.identity.unwrap()[..], &content.person.unwrap(), &marked_salt(number), kind.as_bytes()];
    parts.iter().filter(|part| raw.windows(part.len()).any(|window| window == **part)).count()
}

/// A log of entries at seconds 0, 1, 2 …, of which every tenth is an event.
fn log_of(fixture: &Fixture, entries: u64) -> Log {
    let mut log = fixture.open().unwrap();
    for number in 0..entries {
        let new = if number % 10 == 9 { event(number as i64) } else { marked(number) };
        log.append(&new, marked_salt(number)).unwrap();
    }
    log
}

#[test]
fn purged_bytes_are_in_no_file_and_the_log_stays_proven() {
    let fixture = Fixture::new(0);
    let mut log = log_of(&fixture, 300);
    let before = raw(&fixture);
    assert!((0..300).filter(|number| number % 10 != 9).all(|number| traces(&before, number) == 4));
    let head = Checkpoint::unverified(&log.checkpoint().unwrap()).unwrap();

    let purged = log.purge(200, &event(NOW), salt(1)).unwrap();
    let purge = Purge { from: 0, end: 200, erased: 180 };
    assert_eq!((purged.erased, purged.wiped), (Some((300, purge)), true));
    let after = raw(&fixture);
    for number in (0..300).filter(|number| number % 10 != 9) {
        assert_eq!(traces(&after, number), if number < 200 { 0 } else { 4 }, "entry {number}");
    }
    let report = log.verify().unwrap();
    assert_eq!((report.faults.as_slice(), report.entries, report.erased), (&[][..], 121, 180));
    // What was signed before is still a beginning of it.
    assert_eq!(tree::root(&*log, 300).unwrap(), head.root);
    let told = log.entries(300, 301).unwrap().remove(0);
    assert_eq!((told.content.reason.as_str(), told.content.kind.as_deref()), (PURGED, Some("0_199_180")));
    assert_eq!(log.purges().unwrap(), [(300, purge)]);
    drop(log);
    assert_eq!(traces(&raw(&fixture), 5), 0, "after closing");
}

#[test]
fn a_purge_goes_on_where_the_last_one_ended_and_may_find_nothing() {
    let fixture = Fixture::new(0);
    let mut log = log_of(&fixture, 100);
    assert_eq!(
        log.purge(0, &event(NOW), salt(1)).unwrap(),
        Purged { erased: None, more: false, wiped: true }
    );
    assert_eq!(log.purge(30, &event(NOW), salt(2)).unwrap().erased.unwrap().1.end, 30);
    assert_eq!(log.purge(30, &event(NOW), salt(3)).unwrap().erased, None);
    let second = log.purge(i64::MAX, &event(NOW), salt(4)).unwrap().erased.unwrap().1;
    assert_eq!(second, Purge { from: 30, end: 101, erased: 63 });
    let report = log.verify().unwrap();
    assert_eq!((report.faults.as_slice(), report.erased), (&[][..], 90));
    drop(log);
    fixture.append(102..130);
    assert_eq!(fixture.faults(), []);
    assert_eq!(fixture.open().unwrap().journal(&Filter::default(), None, 500).unwrap().matching, 10 + 2 + 28);
}

#[test]
fn a_time_to_come_keeps_nothing_and_a_young_one_does() {
    for (odd, end) in [(NOW + 5, 20), (NOW - 5, 7)] {
        let fixture = Fixture::new(0);
        let mut log = fixture.open().unwrap();
        for number in 0..20 {
            let at = if number == 7 { odd } else { number as i64 };
            log.append(&NewEntry { at, ..marked(number) }, marked_salt(number)).unwrap();
        }
        let purge = log.purge(1_000, &event(NOW), salt(1)).unwrap().erased.unwrap().1;
        assert_eq!(purge, Purge { from: 0, end, erased: end }, "{odd}");
    }
}

#[test]
fn while_somebody_reads_an_older_state_it_is_said_and_the_next_purge_wipes() {
    let fixture = Fixture::new(0);
    let mut log = log_of(&fixture, 60);
    let other = Reader::open(&fixture.path).unwrap();
    let reading = other.connection.unchecked_transaction().unwrap();
    assert_eq!(other.len().unwrap(), 60);
    let purged = log.purge(50, &event(NOW), salt(1)).unwrap();
    assert!(purged.erased.is_some() && !purged.wiped);
    drop(reading);
    assert_eq!(
        log.purge(50, &event(NOW), salt(2)).unwrap(),
        Purged { erased: None, more: false, wiped: true }
    );
    let left = raw(&fixture);
    assert!((0..50).filter(|number| number % 10 != 9).all(|number| traces(&left, number) == 0));
}

#[test]
fn what_is_missing_without_being_told_of_is_named() {
    let purged = || {
        let fixture = Fixture::new(0);
        let mut log = log_of(&fixture, 100);
        log.purge(30, &event(NOW), salt(1)).unwrap();
        drop(log);
        assert_eq!(fixture.faults(), []);
        fixture
    };
    let check = |sql: &str, expected: &[Fault]| {
        let fixture = purged();
        fixture.tamper(sql);
        assert_eq!(fixture.faults(), expected, "{sql}");
    };
    let missing = |from, end| Fault::Missing { from, end };
    let told = |missing| Fault::Purge { entry: 100, told: 27, missing };
    check("DELETE FROM entry WHERE position = 40", &[missing(40, 41), Fault::Root]);
    check("DELETE FROM entry WHERE position = 30", &[missing(30, 31), Fault::Root]);
    // An event within the range is not erased.
    check("DELETE FROM entry WHERE position = 19", &[told(28)]);
    let back = "INSERT INTO entry SELECT 5, at, outcome, reason, stage, kind, identity, person,
        key_set_version, demo, operator, salt FROM entry WHERE position = 50";
    check(back, &[Fault::Restored { index: 5 }, told(26), Fault::Edited { index: 5 }, Fault::Root]);
    // The entry that tells of it: edited, or gone.
    let edited = Fault::Edited { index: 100 };
    let faults = |sql: &str| {
        let fixture = purged();
        fixture.tamper(sql);
        fixture.faults()
    };
    let more = faults(
        "UPDATE entry SET kind = '0_39_36' WHERE position = 100; DELETE FROM entry WHERE position = 33",
    );
    assert!(more.contains(&edited) && more.contains(&Fault::Root), "{more:?}");
    let gone = faults("DELETE FROM entry WHERE position = 100");
    assert!(gone.contains(&missing(0, 9)) && gone.contains(&Fault::Truncated { entries: 100, signed: 101 }));
    assert!(!gone.is_empty());
    let leaf = faults("UPDATE node SET hash = zeroblob(32) WHERE level = 0 AND position = 3");
    assert_eq!(leaf, [Fault::TreeHash { level: 1, position: 1 }, Fault::Root]);
}

#[test]
fn nothing_but_a_purge_tells_of_one_and_malformed_words_tell_of_nothing() {
    let fixture = Fixture::new(3);
    let mut log = fixture.open().unwrap();
    let told = NewEntry { reason: PURGED.to_owned(), kind: Some("0_1_2".to_owned()), ..event(5) };
    assert!(matches!(log.append(&told, salt(9)), Err(Error::Entry(BadEntry::Purge))));
    assert!(matches!(log.purge(2, &scan(5), salt(9)), Err(Error::Entry(BadEntry::Purge))));
    let of = |kind: &str| Purge::of(&NewEntry { kind: Some(kind.to_owned()), ..told.clone() }.at_index(9));
    assert_eq!(of("0_1_2"), Some(Purge { from: 0, end: 2, erased: 2 }));
    assert_eq!(of("0_8_9").unwrap().word(), "0_8_9");
    for bad in ["", "0_1", "0_1_2_3", "1_0_1", "0_9_1", "0_1_3", "0_1_0", "00_1_1", "a_1_1", "0__1"] {
        assert_eq!(of(bad), None, "{bad}");
    }
}

#[test]
fn a_changed_tally_is_named() {
    for change in [
        "UPDATE tally SET count = count + 1 WHERE outcome = 3",
        "DELETE FROM tally WHERE outcome = 3",
        "UPDATE tally SET last_at = 0",
        "INSERT INTO tally VALUES (7, 0, 'accepted', -1, 1, 0, 0)",
    ] {
        let fixture = Fixture::new(0);
        drop(log_of(&fixture, 30));
        fixture.tamper(change);
        assert_eq!(fixture.faults(), [Fault::Tally], "{change}");
    }
    let fixture = Fixture::new(9);
    for change in ["reason = char(27) || '[2J'", "outcome = 9"] {
        fixture.tamper(&format!("UPDATE tally SET {change} WHERE outcome = 2"));
        let counted = Reader::open(&fixture.path).unwrap().statistics(0, 9, 9);
        assert!(matches!(counted, Err(Error::Corrupt { .. })), "{change}: {counted:?}");
    }
}

/// Pieces of 512 entries: what they come to is what going through all of them one by one comes to.
#[test]
fn a_log_of_several_pieces_is_found_whole_at_once_and_any_change_is_not() {
    let fixture = Fixture::new(0);
    let mut log = log_of(&fixture, 1500);
    log.purge(700, &event(NOW), salt(1)).unwrap();
    log.append(&scan(3), salt(2)).unwrap();
    drop(log);
    let check = |piece_bits| {
        let reader = Reader::open(&fixture.path).unwrap();
        let signed = Checkpoint::unverified(&reader.checkpoint().unwrap()).unwrap();
        whole::check(&reader, &signed, &reader.purges().unwrap(), piece_bits).unwrap()
    };
    for bits in [9, 10, 11, 16] {
        let whole = check(bits).unwrap();
        assert_eq!((whole.entries, whole.erased), (1502 - 630, 630), "{bits}");
        let steps: Vec<_> = whole.steps_back.iter().map(|step| (step.index, step.from, step.to)).collect();
        assert_eq!(steps, [(1501, NOW, 3)], "{bits}");
    }
    for (change, undo) in [
        (
            "UPDATE entry SET at = at + 1 WHERE position = 1201",
            "UPDATE entry SET at = at - 1 WHERE position = 1201",
        ),
        ("UPDATE node SET hash = zeroblob(32) WHERE level = 10", ""),
    ] {
        fixture.tamper(change);
        assert!(check(9).is_none(), "{change}");
        if !undo.is_empty() {
            fixture.tamper(undo);
            assert!(check(9).is_some());
        }
    }
}
