//! Every way to falsify a log with SQL, and how it is named.

use super::*;
use crate::checkpoint::CheckpointError;
use ed25519_dalek::SigningKey;

/// The statement, and the faults that it must give in a log of 10 entries.
fn check(sql: &str, expected: &[Fault]) {
    let fixture = Fixture::new(10);
    fixture.tamper(sql);
    assert_eq!(fixture.faults(), expected, "{sql}");
}

#[test]
fn editing_any_column_of_an_entry_is_named() {
    for change in [
        "at = at + 1",
        "outcome = 0",
        "outcome = 9",
        "reason = 'accepted'",
        "stage = 'time'",
        "kind = 'recovery'",
        "kind = NULL",
        "kind = ''",
        "identity = zeroblob(32)",
        "identity = NULL",
        "person = zeroblob(32)",
        "person = NULL",
        "person = identity, identity = person",
        "key_set_version = 5",
        "demo = 1 - demo",
        "salt = zeroblob(32)",
        "salt = zeroblob(31)",
    ] {
        let fixture = Fixture::new(10);
        fixture.tamper(&format!("UPDATE entry SET {change} WHERE position = 4"));
        let faults = fixture.faults();
        let named = matches!(faults[0], Fault::Edited { index: 4 } | Fault::Unreadable { index: 4, .. });
        assert!(named && faults[1] == Fault::Root, "{change}: {faults:?}");
    }
}

#[test]
fn a_value_of_the_wrong_kind_names_its_field() {
    for (change, field) in [
        ("outcome = 9", "outcome"),
        ("reason = ''", "reason"),
        ("reason = char(27) || '[2Jaccepted'", "reason"),
        ("stage = 'Time'", "stage"),
        ("kind = 'vaccination' || char(10)", "kind"),
        ("kind = hex(zeroblob(40))", "kind"),
        ("identity = x'00'", "identity"),
        ("person = x'00'", "person"),
        ("key_set_version = -1", "key set version"),
        ("demo = 2", "demo flag"),
        ("salt = x'00'", "salt"),
    ] {
        let sql = format!("UPDATE entry SET {change} WHERE position = 4");
        let fixture = Fixture::new(10);
        fixture.tamper(&sql);
        assert!(fixture.faults().contains(&Fault::Unreadable { index: 4, field }), "{change}");
        let reader = Reader::open(&fixture.path).unwrap();
        assert!(matches!(reader.entries(0, 9), Err(Error::Corrupt { .. })));
    }
}

#[test]
fn deleting_from_the_middle_is_named() {
    check("DELETE FROM entry WHERE position IN (4, 5)", &[Fault::Missing { from: 4, end: 6 }, Fault::Root]);
    check("DELETE FROM entry WHERE position = 0", &[Fault::Missing { from: 0, end: 1 }, Fault::Root]);
}

#[test]
fn truncating_is_named() {
    let truncated = |entries| Fault::Truncated { entries, signed: 10 };
    check("DELETE FROM entry WHERE position = 9", &[truncated(9), Fault::Root]);
    check("DELETE FROM entry", &[truncated(0), Fault::Root]);
    let with_its_tree = "DELETE FROM entry WHERE position >= 8;
        DELETE FROM node WHERE level = 0 AND position >= 8; DELETE FROM node WHERE level = 1 AND position = 4";
    let leaves = Fault::MissingTreeHashes { level: 0, from: 8, end: 10 };
    let nodes = Fault::MissingTreeHashes { level: 1, from: 4, end: 5 };
    check(with_its_tree, &[leaves, nodes, truncated(8), Fault::Root]);
}

#[test]
fn inserting_is_named() {
    let copy = |index: i64| {
        format!(
            "INSERT INTO entry SELECT {index}, at, outcome, reason, stage, kind, identity, person,
             key_set_version, demo, operator, salt FROM entry WHERE position = 3"
        )
    };
    for index in [10, 17, i64::MAX] {
        check(&copy(index), &[Fault::Inserted { index }, Fault::Root]);
    }
    check(&copy(-1), &[Fault::Inserted { index: -1 }]);
}

#[test]
fn reordering_is_named() {
    check(
        "UPDATE entry SET position = 99 WHERE position = 2; UPDATE entry SET position = 2 WHERE position = 7;
         UPDATE entry SET position = 7 WHERE position = 99",
        &[Fault::Moved { from: 7, to: 2 }, Fault::Moved { from: 2, to: 7 }, Fault::Root],
    );
}

#[test]
fn closing_a_gap_is_named() {
    check(
        "DELETE FROM entry WHERE position = 7; UPDATE entry SET position = 7 WHERE position = 8;
         UPDATE entry SET position = 8 WHERE position = 9",
        &[
            Fault::Truncated { entries: 9, signed: 10 },
            Fault::Moved { from: 8, to: 7 },
            Fault::Edited { index: 8 },
            Fault::Root,
        ],
    );
}

#[test]
fn changing_the_tree_is_named() {
    let set = |level: u8, position: u64| {
        format!("UPDATE node SET hash = zeroblob(32) WHERE level = {level} AND position = {position}")
    };
    check(
        &set(2, 1),
        &[Fault::TreeHash { level: 2, position: 1 }, Fault::TreeHash { level: 3, position: 0 }],
    );
    check(&set(3, 0), &[Fault::TreeHash { level: 3, position: 0 }]);
    check(&set(0, 9), &[Fault::TreeHash { level: 1, position: 4 }, Fault::Edited { index: 9 }]);
    check(
        "DELETE FROM node WHERE level = 1 AND position = 2",
        &[Fault::MissingTreeHashes { level: 1, from: 2, end: 3 }],
    );
    check("DELETE FROM node WHERE level = 3", &[Fault::MissingTreeHashes { level: 3, from: 0, end: 1 }]);
    check(
        "INSERT INTO node VALUES (3, 1, zeroblob(32)), (70, 0, zeroblob(32))",
        &[Fault::ExtraTreeHash { level: 3, position: 1 }, Fault::ExtraTreeHash { level: 70, position: 0 }],
    );
    check("UPDATE node SET hash = x'00' WHERE level = 3", &[Fault::TreeHash { level: 3, position: 0 }]);
}

/// Another history, complete in itself, under a head of this size and signer.
fn forge(signer: &SigningKey, recorded: &VerifyingKey) -> Fixture {
    let fixture = Fixture::new(9);
    let mut log = fixture.open().unwrap();
    log.append(&scan(1000), salt(9)).unwrap();
    let head = Checkpoint::unverified(&log.checkpoint().unwrap()).unwrap();
    drop(log);
    let connection = Connection::open(&fixture.path).unwrap();
    let note = head.sign(signer).unwrap();
    connection.execute("UPDATE log SET checkpoint = ?1, signer = ?2", (note, recorded.as_bytes())).unwrap();
    fixture
}

#[test]
fn a_whole_new_history_needs_the_device_s_key() {
    let (ours, theirs) = (device().verifying_key(), SigningKey::from_bytes(&[9; 32]));
    assert_eq!(forge(&theirs, &theirs.verifying_key()).faults(), [Fault::OtherSigner]);
    assert_eq!(forge(&theirs, &ours).faults(), [Fault::OtherSigner]);
    assert_eq!(forge(&device().signing, &theirs.verifying_key()).faults(), [Fault::OtherSigner]);
    let own_word = verify(&forge(&theirs, &theirs.verifying_key()).path, None).unwrap();
    assert!(own_word.holds() && !own_word.signer_expected);
    let continued = forge(&theirs, &theirs.verifying_key()).open();
    assert!(matches!(continued, Err(Error::OtherDevice(_))));
}

#[test]
fn rebuilding_the_tree_over_an_edited_entry_leaves_the_root_wrong() {
    let fixture = Fixture::new(10);
    let other = Fixture::new(9);
    other.open().unwrap().append(&scan(1000), salt(9)).unwrap();
    let head = Reader::open(&fixture.path).unwrap().checkpoint().unwrap();
    other.tamper(&format!("UPDATE log SET checkpoint = '{head}'"));
    assert_eq!(other.faults(), [Fault::Root]);
    assert!(matches!(other.open(), Err(Error::HeadMismatch { .. })));
}

#[test]
fn changing_the_head_is_named() {
    check("DELETE FROM log", &[Fault::NoHead]);
    let smaller = "UPDATE log SET checkpoint = replace(checkpoint, char(10) || '10' || char(10), char(10) || '9' || char(10))";
    let fixture = Fixture::new(10);
    fixture.tamper(smaller);
    let faults = fixture.faults();
    assert_eq!(faults[..2], [Fault::BadSignature, Fault::Inserted { index: 9 }], "{faults:?}");
    let nonsense = Fault::BadHead(CheckpointError::Note(note::NoteError::Structure));
    check("UPDATE log SET checkpoint = 'nonsense'", &[nonsense]);
    check("UPDATE log SET origin = 'propusk.example/other'", &[Fault::OtherSigner]);
    check("UPDATE log SET signer = zeroblob(32)", &[Fault::OtherSigner]);
}

#[test]
fn a_head_from_before_is_named_by_what_it_does_not_cover() {
    let fixture = Fixture::new(8);
    let head = Reader::open(&fixture.path).unwrap().checkpoint().unwrap();
    fixture.append(8..10);
    fixture.tamper(&format!("UPDATE log SET checkpoint = '{head}'"));
    let faults = fixture.faults();
    assert_eq!(faults[..2], [Fault::Inserted { index: 8 }, Fault::Inserted { index: 9 }], "{faults:?}");
}

#[test]
fn a_log_that_does_not_match_its_head_is_not_appended_to() {
    for sql in [
        "DELETE FROM entry WHERE position = 9",
        "DELETE FROM entry",
        "DELETE FROM tally WHERE outcome = 1",
        "DELETE FROM log",
        "UPDATE node SET hash = zeroblob(32) WHERE level = 3",
        "DELETE FROM node WHERE level = 3",
        "DELETE FROM node WHERE level = 0 AND position = 9",
        "UPDATE log SET checkpoint = replace(checkpoint, char(10) || '10' || char(10), char(10) || '9' || char(10))",
        "UPDATE log SET checkpoint = 'nonsense'",
    ] {
        let fixture = Fixture::new(10);
        fixture.tamper(sql);
        assert!(matches!(fixture.open(), Err(Error::HeadMismatch { .. })), "{sql}");
    }
}

/// Opening does not count millions of rows: a proof does, as it reads them.
#[test]
fn what_is_missing_inside_is_for_a_proof_to_tell() {
    for sql in ["DELETE FROM entry WHERE position = 4", "DELETE FROM node WHERE level = 0 AND position = 3"] {
        let fixture = Fixture::new(10);
        fixture.tamper(sql);
        assert!(fixture.open().is_ok(), "{sql}");
        assert_ne!(fixture.faults(), [], "{sql}");
    }
}

#[test]
fn a_log_that_is_changed_while_open_is_not_appended_to() {
    for sql in [
        "DELETE FROM entry WHERE position = 9",
        "DELETE FROM log",
        "UPDATE node SET hash = zeroblob(32) WHERE level = 3",
        "UPDATE log SET checkpoint = 'nonsense'",
    ] {
        let fixture = Fixture::new(10);
        let mut log = fixture.open().unwrap();
        fixture.tamper(sql);
        let before = log.checkpoint().ok();
        assert!(matches!(log.append(&scan(10), salt(10)), Err(Error::HeadMismatch { .. })), "{sql}");
        assert_eq!(log.checkpoint().ok(), before);
    }
}

#[test]
fn a_trigger_in_the_file_does_not_run() {
    let fixture = Fixture::new(3);
    fixture.tamper(
        "CREATE TRIGGER forge AFTER INSERT ON entry
         BEGIN UPDATE entry SET outcome = 0 WHERE position = new.position; END",
    );
    fixture.append(3..8);
    assert_eq!(fixture.faults(), []);
    assert_eq!(fixture.open().unwrap().entries(4, 5).unwrap(), [logged(4)]);
}

#[test]
fn many_faults_are_counted_beyond_a_hundred() {
    let fixture = Fixture::new(150);
    fixture.tamper("UPDATE entry SET key_set_version = 9");
    let report = verify(&fixture.path, None).unwrap();
    assert_eq!((report.faults.len(), report.more_faults), (100, 51));
}

#[test]
fn a_flipped_bit_in_the_file_is_found_or_changes_nothing() {
    let fixture = Fixture::new(12);
    let expected: Vec<_> = (0..12).map(logged).collect();
    let good = std::fs::read(&fixture.path).unwrap();
    let key = device().verifying_key();
    let path = fixture.folder.path().join("flipped.log");
    let mut found = 0;
    for at in (0..good.len()).step_by(41) {
        let mut bytes = good.clone();
        bytes[at] ^= 1 << (at % 8);
        std::fs::write(&path, bytes).unwrap();
        match verify(&path, Some(&key)) {
            Ok(report) if report.holds() => {
                let read = Reader::open(&path).unwrap().entries(0, u64::MAX).unwrap();
                assert_eq!(read, expected, "byte {at}");
            }
            _ => found += 1,
        }
    }
    assert!(found > 100, "only {found} of {} found", good.len() / 41);
}

#[test]
fn an_index_that_does_not_hold_what_its_entries_do_is_told() {
    for (index, table, row, column, other) in [
        ("entry_by_person", "entry", "position = 4", "person", "zeroblob(32)"),
        ("entry_by_person", "entry", "position = 4", "at", "at + 1"),
        ("tally_by_time", "tally", "outcome = 1", "last_at", "last_at + 1"),
    ] {
        let fixture = Fixture::new(10);
        // The index follows to another value, and is out of sight when the entry goes back.
        fixture.tamper(&format!(
            "CREATE TABLE kept AS SELECT *, (SELECT {column} FROM {table} WHERE {row}) AS was
                 FROM sqlite_schema WHERE name = '{index}';
             UPDATE {table} SET {column} = {other} WHERE {row};
             PRAGMA writable_schema = on; DELETE FROM sqlite_schema WHERE name = '{index}'"
        ));
        fixture.tamper(&format!(
            "UPDATE {table} SET {column} = (SELECT was FROM kept) WHERE {row};
             PRAGMA writable_schema = on;
             INSERT INTO sqlite_schema SELECT type, name, tbl_name, rootpage, sql FROM kept"
        ));
        fixture.tamper("DROP TABLE kept");
        let faults = fixture.faults();
        assert!(
            !faults.is_empty() && faults.iter().all(|fault| matches!(fault, Fault::Storage(_))),
            "{index} {column}: {faults:?}"
        );
    }
}
