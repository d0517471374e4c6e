//! Logs of older formats: read and proven as they are, appended to after a migration that changes no leaf.

use super::*;

/// What the program of the first format wrote, as SQL.
const FORMAT_1: &str = include_str!("format_1.sql");

/// The format that opening for appending leaves.
const LATEST: i64 = 5;

fn old_log() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let fixture = Fixture { path: folder.path().join("scan.log"), folder };
    Connection::open(&fixture.path).unwrap().execute_batch(FORMAT_1).unwrap();
    fixture
}

fn format(fixture: &Fixture) -> i64 {
    let connection = Connection::open(&fixture.path).unwrap();
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

fn leaves(fixture: &Fixture) -> Vec<Vec<u8>> {
    let connection = Connection::open(&fixture.path).unwrap();
    let sql = "SELECT hash FROM node WHERE level = 0 AND position < 7 ORDER BY position";
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_log_of_the_first_format_is_read_and_proven_as_it_is() {
    let fixture = old_log();
    let reader = Reader::open(&fixture.path).unwrap();
    assert_eq!(reader.entries(0, u64::MAX).unwrap(), (0..7).map(logged).collect::<Vec<_>>());
    assert_eq!(reader.last_accepted(&[1; 32], 0, 7).unwrap(), Some(6));
    assert_eq!(reader.count_since(0, 0, 7).unwrap(), Counts { accepted: 3, refused: 2, cannot_tell: 2 });
    let refused = Filter { outcomes: vec![Outcome::Refused], ..Filter::default() };
    assert_eq!(reader.journal(&refused, None, 9).unwrap().entries, [logged(4), logged(1)]);
    let operator = Filter { operator: Some(1), ..Filter::default() };
    assert_eq!(reader.journal(&operator, None, 9).unwrap(), Page::default());
    assert_eq!(reader.statistics(0, 7, 7).unwrap().buckets.len(), 1);
    drop(reader);
    assert_eq!(fixture.faults(), []);
    assert_eq!(format(&fixture), 1, "reading changes nothing");
}

#[test]
fn a_log_of_the_first_format_is_appended_to_and_its_leaves_stay() {
    let fixture = old_log();
    let before = leaves(&fixture);
    let mut log = fixture.open().unwrap();
    let operator = NewEntry { operator: Some(u32::MAX), ..scan(7) };
    let event = NewEntry { outcome: Outcome::Event, operator: Some(0), ..scan(8) };
    log.append(&operator, salt(7)).unwrap();
    log.append(&event, salt(8)).unwrap();
    assert_eq!(log.entries(6, 9).unwrap(), [logged(6), operator.at_index(7), event.at_index(8)]);
    drop(log);
    assert_eq!((fixture.faults(), format(&fixture)), (vec![], LATEST));
    assert_eq!(leaves(&fixture), before);
    assert_eq!(before.len(), 7);
    fixture.tamper("UPDATE entry SET operator = 5 WHERE position = 7");
    assert_eq!(fixture.faults(), [Fault::Edited { index: 7 }, Fault::Root]);
}

#[test]
fn an_edit_of_an_old_entry_shows_before_and_after_the_migration() {
    let fixture = old_log();
    fixture.tamper("UPDATE entry SET outcome = 0 WHERE position = 4");
    let edited = [Fault::Edited { index: 4 }, Fault::Root];
    assert_eq!(fixture.faults(), edited);
    drop(fixture.open().unwrap());
    assert_eq!((fixture.faults().as_slice(), format(&fixture)), (edited.as_slice(), LATEST));
}

#[test]
fn an_old_log_with_what_no_program_writes_is_told_and_stays_as_it_is() {
    let fixture = old_log();
    fixture.tamper("UPDATE entry SET outcome = 9 WHERE position = 4");
    let error = fixture.open().err().unwrap();
    assert!(matches!(error, Error::Corrupt { .. }), "{error:?}");
    assert_eq!(format(&fixture), 1);
    assert!(fixture.faults().contains(&Fault::Unreadable { index: 4, field: "outcome" }));
}

#[test]
fn an_old_log_that_is_not_appended_to_keeps_its_format() {
    let fixture = old_log();
    let other_device = DeviceKey::new(&[3; 32], [2; 32]);
    let refused = Log::open(&fixture.path, other_device, ORIGIN).err().unwrap();
    assert!(matches!(refused, Error::OtherDevice(_)), "{refused:?}");
    let refused = Log::open(&fixture.path, device(), "propusk.example/other").err().unwrap();
    assert!(matches!(refused, Error::OtherOrigin { .. }), "{refused:?}");
    fixture.tamper("DELETE FROM entry WHERE position = 6");
    let refused = fixture.open().err().unwrap();
    assert!(matches!(refused, Error::HeadMismatch { .. }), "{refused:?}");
    assert_eq!(format(&fixture), 1);
}

/// A log as the formats between the first and the latest have it: what they have not yet is taken away.
fn log_of_format(format: i64) -> Fixture {
    let fixture = Fixture::new(9);
    let later = [
        "DROP TABLE cosignature",
        "DROP TABLE tally; DROP INDEX entry_purged",
        "DROP INDEX IF EXISTS tally_by_time; CREATE INDEX entry_by_time ON entry (at, outcome, reason, operator)",
    ];
    fixture.tamper(&later[(format - 2) as usize..].join(";"));
    fixture.tamper(&format!("PRAGMA user_version = {format}"));
    fixture
}

#[test]
fn logs_of_the_formats_between_are_read_proven_and_brought_to_the_latest() {
    for older in [2, 3, 4] {
        let fixture = log_of_format(older);
        let refused = Filter { outcomes: vec![Outcome::Refused], ..Filter::default() };
        let reader = Reader::open(&fixture.path).unwrap();
        let before = (reader.journal(&refused, None, 9).unwrap(), reader.statistics(0, 9, 2).unwrap());
        assert_eq!((before.0.matching, fixture.faults(), format(&fixture)), (3, vec![], older));
        assert!(reader.witnesses().unwrap().is_empty() && reader.purges().unwrap().is_empty());
        drop(reader);
        let log = fixture.open().unwrap();
        let after = (log.journal(&refused, None, 9).unwrap(), log.statistics(0, 9, 2).unwrap());
        assert_eq!((before, format(&fixture)), (after, LATEST));
        drop(log);
        fixture.append(9..12);
        assert_eq!(fixture.faults(), []);
    }
}
