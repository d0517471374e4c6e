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

/// A tally of blocks that no entry has.
#[test]
fn a_tally_beyond_the_last_entry_is_named() {
    for block in [1, 7, i64::MAX - 1, i64::MAX] {
        let fixture = Fixture::new(10);
        fixture.tamper(&format!("INSERT INTO tally VALUES ({block}, 0, 'accepted', -1, 1000000, 0, 9)"));
        assert_eq!(fixture.faults(), [Fault::Tally], "{block}");
    }
}

/// The same rows in a table that somebody else declared.
fn declared_anew(table: &str, change: &[(&str, &str)], then: &str) -> Vec<Fault> {
    let fixture = Fixture::new(10);
    let connection = Connection::open(&fixture.path).unwrap();
    let text = |kind: &str| -> Vec<String> {
        let sql = "SELECT sql FROM sqlite_schema WHERE tbl_name = ?1 AND type = ?2 AND sql IS NOT NULL";
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([table, kind], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let (mut create, indices) = (text("table").remove(0), text("index"));
    for (from, to) in change {
        assert!(create.contains(from), "{create}");
        create = create.replace(from, to);
    }
    connection
        .execute_batch(&format!(
            "CREATE TEMP TABLE kept AS SELECT * FROM {table}; DROP TABLE {table}; {create};
             INSERT INTO {table} SELECT * FROM kept; DROP TABLE temp.kept; {}; {then}",
            indices.join(";")
        ))
        .unwrap();
    fixture.faults()
}

#[test]
fn a_table_that_lets_a_row_in_twice_is_not_taken_for_the_log_s_own() {
    let storage = |faults: &[Fault]| faults.iter().any(|fault| matches!(fault, Fault::Storage(_)));
    let entry = declared_anew(
        "entry",
        &[("position INTEGER PRIMARY KEY", "position INTEGER NOT NULL")],
        &format!("INSERT INTO entry SELECT * FROM entry WHERE position = 5; {COUNT_AGAIN}"),
    );
    assert!(storage(&entry), "{entry:?}");
    let keyless =
        [(",\n        PRIMARY KEY (block, outcome, reason, operator)", ""), (", WITHOUT ROWID", "")];
    let twice = "INSERT INTO tally SELECT * FROM tally WHERE outcome = 0";
    let tally = declared_anew("tally", &keyless, twice);
    assert!(storage(&tally), "{tally:?}");
    let table = Fixture::new(3);
    table.tamper("CREATE TABLE other (x)");
    assert!(storage(&table.faults()));
}

#[test]
fn a_table_declared_as_it_was_and_what_does_not_run_are_no_fault() {
    assert_eq!(declared_anew("entry", &[], ""), []);
    assert_eq!(declared_anew("tally", &[], ""), []);
    let fixture = Fixture::new(3);
    fixture.tamper("CREATE VIEW seen AS SELECT * FROM entry; ANALYZE");
    assert_eq!(fixture.faults(), []);
}

/// A small file that claims to be the largest log there can be: its proof ends.
#[test]
fn a_purge_of_more_entries_than_there_are_leaves_is_a_gap() {
    const FAR: u64 = 1 << 62;
    let fixture = Fixture::new(1);
    let told = NewEntry { reason: PURGED.to_owned(), kind: Some(format!("1_{}_1", FAR - 1)), ..event(2) };
    let connection = Connection::open(&fixture.path).unwrap();
    rows::insert_entry(&connection, &told.at_index(FAR), &salt(1)).unwrap();
    let head = Checkpoint { origin: ORIGIN.to_owned(), size: (1 << 63) - 1, root: [0; 32] };
    let note = head.sign(&ed25519_dalek::SigningKey::from_bytes(&[7; 32])).unwrap();
    rows::set_head(&connection, &note).unwrap();
    let faults = fixture.faults();
    assert!(faults.contains(&Fault::Missing { from: 1, end: FAR }), "{faults:?}");
}

#[test]
fn the_leaves_of_erased_entries_are_proven_up_to_the_first_that_is_missing() {
    let fixture = Fixture::new(20);
    let mut log = fixture.open().unwrap();
    log.purge(10, &event(NOW), salt(20)).unwrap();
    drop(log);
    fixture.tamper("DELETE FROM node WHERE level = 0 AND position = 4");
    let faults = fixture.faults();
    assert_eq!(
        faults[..2],
        [Fault::Missing { from: 4, end: 10 }, Fault::MissingTreeHashes { level: 0, from: 4, end: 5 }],
        "{faults:?}"
    );
}

/// Nothing of it is proven yet: a screen shows some number, and the proof that it is wrong.
#[test]
fn numbers_as_large_as_a_file_can_hold_are_added_without_a_panic() {
    let most = i64::MAX;
    let fixture = Fixture::new(10);
    for block in 7..10 {
        fixture.tamper(&format!("INSERT INTO tally VALUES ({block}, 1, 'refused', -1, {most}, 3, 3)"));
    }
    let connection = Connection::open(&fixture.path).unwrap();
    for number in 1..4 {
        let index = most as u64 - number;
        let kind = Some(format!("0_{}_{}", index - 1, index));
        let told = NewEntry { reason: PURGED.to_owned(), kind, ..event(2) };
        rows::insert_entry(&connection, &told.at_index(index), &salt(number)).unwrap();
    }
    let reader = Reader::open(&fixture.path).unwrap();
    let refused = Filter { outcomes: vec![Outcome::Refused], ..Filter::default() };
    assert_eq!(reader.journal(&refused, None, 5).unwrap().matching, u64::MAX);
    assert_eq!(reader.journal(&Filter::default(), None, 5).unwrap().matching, 0);
    assert_eq!(reader.count_since(0, 0, 10).unwrap().refused, u64::MAX);
    assert_eq!(reader.statistics(0, 10, 10).unwrap().buckets[0].counts.refused, u64::MAX);
    assert_ne!(fixture.faults(), []);
    assert!(fixture.open().is_err());
}
