//! What an entry tells was erased is exactly what is missing, whatever somebody does to the file.

use super::purge::event;
use super::*;
use crate::entry::PURGED;

const NOW: i64 = 10_000;

/// An event, a scan and an event, and the scan erased.
fn purged() -> Fixture {
    let fixture = Fixture::new(0);
    let mut log = fixture.open().unwrap();
    log.append(&event(0), salt(0)).unwrap();
    log.append(&scan(1), salt(1)).unwrap();
    log.append(&NewEntry { reason: "settings_changed".to_owned(), ..event(2) }, salt(2)).unwrap();
    assert!(log.purge(NOW, &event(NOW), salt(3)).unwrap().erased.is_some());
    drop(log);
    assert_eq!(fixture.faults(), []);
    fixture
}

/// Puts a scan back as it was, from a backup.
fn put_back(fixture: &Fixture, number: u64) {
    let connection = Connection::open(&fixture.path).unwrap();
    rows::insert_entry(&connection, &logged(number), &salt(number)).unwrap();
}

const COUNT_AGAIN: &str = "DELETE FROM tally; INSERT INTO tally
     SELECT position >> 9, outcome, reason, ifnull(operator, -1), count(*), min(at), max(at)
     FROM entry GROUP BY 1, 2, 3, 4";

#[test]
fn an_erased_scan_that_is_put_back_hides_no_event_that_is_deleted() {
    let fixture = purged();
    put_back(&fixture, 1);
    fixture.tamper("DELETE FROM entry WHERE position = 2");
    fixture.tamper(COUNT_AGAIN);
    assert_eq!(fixture.faults(), [Fault::Restored { index: 1 }]);
    let reader = Reader::open(&fixture.path).unwrap();
    let head = Checkpoint::unverified(&reader.checkpoint().unwrap()).unwrap();
    assert_eq!(reader.untold(&head, 0, 4).unwrap(), Some(3));
}

#[test]
fn a_purge_is_told_where_its_entry_is_as_it_was_signed_and_that_many_are_missing() {
    let fixture = purged();
    let untold = |from, to| {
        let reader = Reader::open(&fixture.path).unwrap();
        let head = Checkpoint::unverified(&reader.checkpoint().unwrap()).unwrap();
        reader.untold(&head, from, to).unwrap()
    };
    assert_eq!(untold(0, 4), None);
    fixture.tamper(&format!("UPDATE entry SET kind = '1_1_1' WHERE reason = '{PURGED}'"));
    assert_eq!((untold(0, 1), untold(1, 2), untold(2, 4)), (None, Some(3), None));
    fixture.tamper(&format!("UPDATE entry SET kind = '0_2_1' WHERE reason = '{PURGED}'"));
    fixture.tamper("DELETE FROM entry WHERE position = 0");
    assert_eq!((untold(0, 1), untold(2, 3), untold(3, 4)), (Some(3), Some(3), None));
}
