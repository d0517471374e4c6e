//! One byte flipped, anywhere: refused, or without any effect on the keys.

use std::fs;

use super::*;
use crate::tuf::Files;

/// A repository in memory, with one byte of one file flipped.
struct Flipped<'a> {
    files: &'a [(String, Vec<u8>)],
    file: usize,
    at: usize,
    mask: u8,
}

impl Source for Flipped<'_> {
    fn read(&self, name: &str, _: usize) -> Result<Option<Vec<u8>>, Error> {
        let Some(place) = self.files.iter().position(|(file, _)| file == name) else { return Ok(None) };
        let mut bytes = self.files[place].1.clone();
        if place == self.file {
            bytes[self.at] ^= self.mask;
        }
        Ok(Some(bytes))
    }
}

/// Flips each byte of each file of the repository in turn, and refreshes what a
/// device keeps from it. What is loaded then must be as before, or as published.
fn flip_every_byte(place: &Place, before: &Files, mask: u8) -> (usize, usize) {
    let files: Vec<_> = place.files().into_iter().map(|name| (name.clone(), place.read(&name))).collect();
    let keys = |files: &Files| tuf::verify(files).unwrap().map(|verified| verified.document);
    let (published, _) = tuf::refresh(before, &Folder::new(&place.folder()), NOW).unwrap().unwrap();
    let allowed = [keys(before), keys(&published)];
    let (mut refused, mut harmless) = (0, 0);
    for file in 0..files.len() {
        for at in 0..files[file].1.len() {
            match tuf::refresh(before, &Flipped { files: &files, file, at, mask }, NOW) {
                Err(Error::Refused(_)) => refused += 1,
                Err(other) => panic!("{} at {at}: {other}", files[file].0),
                Ok(after) => {
                    let after = keys(after.as_ref().map_or(before, |(after, _)| after));
                    assert!(allowed.contains(&after), "{} at {at}: {after:?}", files[file].0);
                    harmless += 1;
                }
            }
        }
    }
    (refused, harmless)
}

fn kept(store: &Store) -> Files {
    store.in_use(&store.begin(TransactionBehavior::Deferred).unwrap()).unwrap().0
}

/// The store's file, complete in itself.
fn file_of(place: &Place, store: Store) -> Vec<u8> {
    store.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(store);
    fs::read(place.database()).unwrap()
}

#[test]
fn a_flipped_byte_in_a_first_set_never_changes_its_keys() {
    let place = Place::publishing(&signers(1), "first");
    let before = kept(&place.anchored());
    // 0x20 turns hexadecimal digits into capitals: other bytes, the same signature.
    for mask in [0x01, 0x20] {
        let (refused, harmless) = flip_every_byte(&place, &before, mask);
        assert!(refused > harmless && refused > 2000, "{refused} refused, {harmless} harmless");
    }
}

#[test]
fn a_flipped_byte_in_an_update_never_changes_its_keys() {
    let signers = signers(1);
    let place = Place::publishing(&signers, "first");
    let before = kept(&place.refreshed());
    place.update(&signers, "second");
    let (refused, harmless) = flip_every_byte(&place, &before, 0x01);
    assert!(refused > 2000, "{refused} refused, {harmless} harmless");
}

#[test]
fn a_damaged_file_leaves_the_store_as_it_was() {
    let signers = signers(1);
    let place = Place::publishing(&signers, "first");
    let store = place.refreshed();
    let old: Vec<String> = place.files();
    place.update(&signers, "second");
    let new = place.files().into_iter().filter(|name| !old.contains(name) || name == "timestamp.json");
    for name in new {
        let good = place.read(&name);
        let mut bytes = good.clone();
        bytes[good.len() / 2] ^= 1;
        place.write(&name, &bytes);
        refused(store.refresh(&place.folder(), NOW));
        assert_eq!(issuer(&store).as_deref(), Some("first"), "{name}");
        place.write(&name, &good);
    }
    store.refresh(&place.folder(), NOW).unwrap();
    assert_eq!(issuer(&store).as_deref(), Some("second"));
}

/// What is stored, edited in any one byte.
#[test]
fn an_edited_row_is_noticed() {
    let signers = signers(1);
    let place = Place::publishing(&signers, "first");
    let store = place.refreshed();
    let files = kept(&store);
    let good = tuf::verify(&files).unwrap().unwrap().document;
    let parts: [fn(&mut Files) -> &mut Vec<u8>; 5] = [
        |files| &mut files.anchor,
        |files| &mut files.current.as_mut().unwrap().timestamp,
        |files| &mut files.current.as_mut().unwrap().snapshot,
        |files| &mut files.current.as_mut().unwrap().targets,
        |files| files.current.as_mut().unwrap().contents.get_mut(KEYS).unwrap(),
    ];
    let mut noticed = 0;
    for part in parts {
        for at in 0..part(&mut files.clone()).len() {
            let mut edited = files.clone();
            part(&mut edited)[at] ^= 1;
            match tuf::verify(&edited) {
                Ok(verified) => assert_eq!(verified.unwrap().document, good),
                Err(_) => noticed += 1,
            }
        }
    }
    assert!(noticed > 2000, "{noticed}");

    let edit = |column: &str, value: &[u8]| {
        store.connection.execute(&format!("UPDATE current SET {column} = ?1"), [value]).unwrap();
        assert!(matches!(store.load(), Err(Error::Tampered(_))), "{column}");
        assert!(matches!(store.refresh(&place.folder(), NOW), Err(Error::Tampered(_))), "{column}");
    };
    let current = files.current.unwrap();
    edit("timestamp", b"{}");
    edit("snapshot", &current.targets);
    let replace = |sql: &str, content: &[u8]| {
        let place = Place::publishing(&signers, "first");
        let store = place.refreshed();
        store.connection.execute(sql, [content]).unwrap();
        assert!(matches!(store.load(), Err(Error::Tampered(_))), "{sql}");
        assert!(matches!(store.refresh(&place.folder(), NOW), Err(Error::Tampered(_))), "{sql}");
    };
    replace("UPDATE target SET content = ?1", &document(&["evil"]).to_json().unwrap());
    replace("UPDATE target SET content = ?1", &vec![b' '; crate::target::SIZE_MAX + 1]);
    replace("INSERT INTO target (name, content) VALUES ('policy.json', ?1)", b"{}");
    replace("DELETE FROM target WHERE content <> ?1", b"");
}

/// Bytes of the database file itself: pages, headers, everything. Rows can get lost
/// that way, and then less is trusted, never something else.
#[test]
fn a_flipped_byte_of_the_store_file_never_brings_other_keys() {
    let place = Place::publishing(&signers(1), "first");
    let store = place.refreshed();
    let good = store.load().unwrap();
    let file = file_of(&place, store);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("trust.db");
    let (mut noticed, mut harmless) = (0, 0);
    for at in (0..file.len()).step_by(31) {
        let mut bytes = file.clone();
        bytes[at] ^= 1 << (at % 8);
        for suffix in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{suffix}", path.display()));
        }
        fs::write(&path, &bytes).unwrap();
        match Store::open(&path).and_then(|store| store.load()) {
            Err(_) | Ok(None) => noticed += 1,
            Ok(loaded) => {
                assert_eq!(loaded, good, "at {at}");
                harmless += 1;
            }
        }
    }
    assert!(noticed > 10 && harmless > 10, "{noticed} noticed, {harmless} harmless");
}
