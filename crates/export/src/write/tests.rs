//! Of a log that was falsified, the device signs no export.

use super::*;
use rusqlite::Connection;
use scanlog::{DeviceKey, Log, NewEntry, Outcome};
use tempfile::TempDir;

const NOW: i64 = 1_000;

fn device() -> DeviceKey {
    DeviceKey::new(&[1; 32], [2; 32])
}

fn entry(at: i64) -> NewEntry {
    NewEntry {
        at,
        outcome: if at % 10 == 9 { Outcome::Event } else { Outcome::Accepted },
        reason: "accepted".to_owned(),
        stage: "rules".to_owned(),
        kind: None,
        identity: None,
        person: None,
        key_set_version: 1,
        demo: false,
        operator: None,
    }
}

/// 40 entries, of which those before the 10th are erased; entry 40 tells of it.
fn purged() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scanlog.db");
    let mut log = Log::open(&path, device(), "propusk.invalid/door/7f2a").unwrap();
    for number in 0..40_u8 {
        log.append(&entry(number.into()), [number; 32]).unwrap();
    }
    let event = NewEntry { at: NOW, ..entry(9) };
    assert_eq!(log.purge(10, &event, [99; 32]).unwrap().erased.unwrap().1.word(), "0_9_9");
    (folder, path)
}

fn exported(path: &Path, name: &str, until: i64) -> Result<Manifest, Error> {
    let request = Request { from: None, until: Some(until), format: Format::JsonLines, exported_at: 0 };
    let folder = path.with_file_name(name);
    export(&Reader::open(path).unwrap(), &device().signing, &request, &folder, &mut |_, _| {})
}

/// The range ends before the entry that tells, so that nothing in the export shows that it was edited.
#[test]
fn entries_that_only_an_edited_purge_tells_of_are_not_exported_as_erased() {
    let (_folder, path) = purged();
    assert_eq!(exported(&path, "genuine", 30).unwrap().end, 30);
    let connection = Connection::open(&path).unwrap();
    let falsify = "UPDATE entry SET kind = '0_24_23' WHERE reason = 'purged';
         DELETE FROM entry WHERE position < 25 AND outcome <> 3";
    connection.execute_batch(falsify).unwrap();
    let refused = exported(&path, "false", 30).unwrap_err();
    assert!(matches!(&refused, Error::NotProven(why) if why.contains("40")), "{refused}");
}

/// The tree is made to fit the edited entry; the signed root is not.
#[test]
fn a_purge_that_the_signed_tree_does_not_hold_is_not_believed() {
    let (_folder, path) = purged();
    let told =
        NewEntry { reason: "purged".to_owned(), kind: Some("0_24_23".to_owned()), at: NOW, ..entry(9) };
    let leaf = Leaf::new(40, told, [99; 32]).hash;
    let connection = Connection::open(&path).unwrap();
    let falsify = "UPDATE entry SET kind = '0_24_23' WHERE reason = 'purged';
         DELETE FROM entry WHERE position < 25 AND outcome <> 3";
    connection.execute_batch(falsify).unwrap();
    connection.execute("UPDATE node SET hash = ?1 WHERE level = 0 AND position = 40", [leaf]).unwrap();
    assert!(matches!(exported(&path, "false", 30), Err(Error::NotProven(_))));
}
