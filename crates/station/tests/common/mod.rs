//! A demo station for tests.

#![allow(dead_code, reason = "no test uses all of it")]

use std::fs;
use std::path::Path;

use station::view::{Moment, Status};
use station::{NoKeyStore, PinCost, Random, Role, Station, demo};
use trust::KeySetDocument;
use trust::publish::{self, Contents, Signers, Terms};

pub const NOW: i64 = 1_800_000_000;
pub const DAY: i64 = 86_400;

pub const ADMIN: &str = "4711";
pub const INSPECTOR: &str = "908172";

/// Bytes that differ from call to call and not from run to run: tests repeat exactly.
pub fn random() -> Random {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    Box::new(move |bytes| {
        for byte in bytes {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = state.to_be_bytes()[0];
        }
    })
}

pub fn demo_in(dir: &Path) -> Station {
    demo::ensure(dir, NOW, &mut random()).unwrap();
    open(dir)
}

/// With PINs that cost little to try.
pub fn open(dir: &Path) -> Station {
    Station::open(dir, &NoKeyStore, random()).unwrap().with_pin_cost(PinCost::new(8, 1, 1).unwrap())
}

/// A demo station whose admin and inspector have PINs, locked.
pub fn with_pins(dir: &Path) -> Station {
    let mut station = demo_in(dir);
    station.set_first_pin(ADMIN, NOW).unwrap();
    station.admin(NOW).unwrap().set_pin(Role::Inspector, INSPECTOR).unwrap();
    station.lock();
    station
}

/// Publishes the demo authority's key again, with this policy; no station has taken it in yet.
pub fn publish_policy(station: &Station, policy: &str) {
    let signers = Signers::load(&station.folder().demo().join("role-keys.json")).unwrap();
    let keys = KeySetDocument::new(station.trusted().unwrap().keys.keys().to_vec());
    let contents = Contents::new(keys).with("policy.json", policy.into()).unwrap();
    let folder = demo::key_set(station.folder());
    publish::update(&folder, &signers, contents, Terms::default(), NOW).unwrap();
}

/// The same, and another program takes it in.
pub fn refresh_with_policy(station: &Station, policy: &str) {
    publish_policy(station, policy);
    let store = trust::Store::open(&station.folder().trust()).unwrap();
    store.refresh(&demo::key_set(station.folder()), NOW).unwrap();
}

pub fn text(station: &Station, name: &str) -> String {
    let samples = demo::samples(station.folder()).unwrap();
    let sample = samples.iter().find(|sample| sample.name == name).unwrap();
    fs::read_to_string(sample.picture.with_extension("txt")).unwrap()
}

pub fn reader(station: &Station) -> scanlog::Reader {
    scanlog::Reader::open(&station.folder().log()).unwrap()
}

/// The events of the log: what happened, about which role.
pub fn events(station: &Station) -> Vec<(String, String)> {
    let entries = reader(station).entries(0, u64::MAX).unwrap();
    let events = entries.into_iter().filter(|entry| entry.content.outcome == scanlog::Outcome::Event);
    events.map(|entry| (entry.content.reason, entry.content.stage)).collect()
}

pub fn status(station: &Station, now: i64) -> Status {
    let moment = Moment { now, day: now..now + DAY, hour: now..now + 3600, free_bytes: None };
    Status::new(station, &moment)
}

/// Swaps a station's store for one that takes everything but this item. The open station goes on with it.
pub fn refuse_item(station: &Station, item: &str) {
    let connection = rusqlite::Connection::open(station.folder().desk()).unwrap();
    let swap = format!(
        "ALTER TABLE item RENAME TO whole;
         CREATE TABLE item (name TEXT PRIMARY KEY, value TEXT NOT NULL, CHECK (name <> '{item}')) STRICT;
         INSERT INTO item SELECT * FROM whole WHERE name <> '{item}'"
    );
    connection.execute_batch(&swap).unwrap();
}

/// Undoes [`refuse_item`].
pub fn accept_items(station: &Station) {
    let connection = rusqlite::Connection::open(station.folder().desk()).unwrap();
    connection.execute_batch("DROP TABLE item; ALTER TABLE whole RENAME TO item").unwrap();
}

/// Takes a table away under an open database: it cannot be written any more.
pub fn sabotage(path: &Path, table: &str) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.execute_batch(&format!("DROP TABLE {table}")).unwrap();
}
