use std::fs;

use credential::KeySet;
use serde_json::{Value, json};

use super::*;
use crate::publish::{self, FIRST_ROOT, Role, Signers, Terms};
use crate::target::{COUNT_MAX, KEYS};
use crate::testing::{NOW, Place, document, issuer, overlay, signers, two_of_two};
use crate::tuf::METADATA_MAX;
use crate::{KeySetDocument, Refusal};

fn refused(result: Result<Refreshed, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn an_anchored_set_loads_without_its_folder() {
    let place = Place::publishing(&signers(1), "first");
    let store = place.anchored();
    assert_eq!(store.load().unwrap(), None);
    assert_eq!(store.refresh(&place.folder(), NOW).unwrap().versions(), (None, 1));
    drop(store);
    fs::remove_dir_all(place.folder()).unwrap();
    let trusted = Store::open(&place.database()).unwrap().load().unwrap().unwrap();
    assert_eq!(trusted.keys, KeySet::new(document(&["first"]).keys));
    assert_eq!((trusted.version, trusted.signed_at, trusted.demo), (1, NOW, false));
    assert_eq!(trusted.expires_at, NOW + Terms::default().timestamp);
}

#[test]
fn a_store_in_memory_takes_what_a_file_takes_and_keeps_nothing() {
    let place = Place::publishing(&signers(1), "first");
    let before = place.files();
    let store = Store::in_memory().unwrap();
    assert!(matches!(store.refresh(&place.folder(), NOW), Err(Error::NotAnchored)));
    store.anchor(&place.read(FIRST_ROOT)).unwrap();
    store.refresh(&place.folder(), NOW).unwrap();
    assert_eq!(store.load().unwrap(), place.refreshed().load().unwrap());
    assert_eq!(Store::in_memory().unwrap().anchored().unwrap(), None, "each is its own");
    assert_eq!(place.files(), before);
    assert!(!Path::new("in memory").exists());
}

#[test]
fn a_newer_set_replaces_the_old_one() {
    let signers = signers(1);
    let place = Place::publishing(&signers, "first");
    let store = place.refreshed();
    place.update(&signers, "second");
    assert_eq!(issuer(&store).as_deref(), Some("first"));
    let now = NOW + 20;
    assert_eq!(store.refresh(&place.folder(), now).unwrap().versions(), (Some(1), 2));
    assert_eq!(issuer(&store).as_deref(), Some("second"));
    assert_eq!(store.load().unwrap().unwrap().signed_at, NOW + 10);
    assert_eq!(store.refresh(&place.folder(), now).unwrap(), Refreshed::Unchanged { version: 2 });
}

#[test]
fn an_older_set_is_refused() {
    let signers = signers(1);
    let place = Place::publishing(&signers, "first");
    let old = Place::publishing(&signers, "first");
    place.update(&signers, "second");
    let store = place.refreshed();
    overlay(&old, &place);
    let refusal = refused(store.refresh(&place.folder(), NOW));
    assert_eq!(refusal, Refusal::Older { role: "timestamp".into(), trusted: 2, offered: 1 });
    assert_eq!(issuer(&store).as_deref(), Some("second"));
}

/// The same key holder signs two different versions 1, or hides an older part
/// under a newer timestamp.
#[test]
fn the_same_version_with_other_contents_is_refused() {
    let signers = signers(1);
    for role in ["timestamp", "snapshot", "targets"] {
        let place = Place::publishing(&signers, "first");
        let store = place.refreshed();
        let twin = Place::publishing(&signers, "twin");
        overlay(&twin, &place);
        // Every role above `role` gets a new version over the twin's contents.
        let raised: Vec<&str> =
            ["timestamp", "snapshot", "targets"].into_iter().take_while(|at| *at != role).collect();
        raise(&place, &signers, &raised);
        let refusal = refused(store.refresh(&place.folder(), NOW));
        assert_eq!(refusal, Refusal::SameVersion { role: role.into(), version: 1 }, "{role}");
        assert_eq!(issuer(&store).as_deref(), Some("first"));
    }
}

/// Signs the roles in `raised` again as version 2 of what lies in the folder.
fn raise(place: &Place, signers: &Signers, raised: &[&str]) {
    if raised.contains(&"snapshot") {
        let mut snapshot = signed_part(place, "1.snapshot.json");
        snapshot["version"] = json!(2);
        place.write("2.snapshot.json", &tuf::signed(snapshot, &signers.snapshot.keys).unwrap());
    }
    if raised.contains(&"timestamp") {
        let version = if raised.contains(&"snapshot") { 2 } else { 1 };
        let mut timestamp = signed_part(place, "timestamp.json");
        timestamp["version"] = json!(2);
        timestamp["meta"] = json!({"snapshot.json": {"version": version}});
        place.write("timestamp.json", &tuf::signed(timestamp, &signers.timestamp.keys).unwrap());
    }
}

fn signed_part(place: &Place, name: &str) -> Value {
    serde_json::from_slice::<Value>(&place.read(name)).unwrap()["signed"].clone()
}

#[test]
fn one_signature_too_few_is_refused_in_every_role() {
    let full = two_of_two(1);
    let one = |role: &Role| Role { threshold: 1, keys: role.keys[..1].to_vec() };
    let deprived = [
        ("targets", Signers { targets: one(&full.targets), ..full.clone() }),
        ("snapshot", Signers { snapshot: one(&full.snapshot), ..full.clone() }),
        ("timestamp", Signers { timestamp: one(&full.timestamp), ..full.clone() }),
    ];
    for (role, fewer) in deprived {
        let place = Place::publishing(&full, "first");
        overlay(&Place::publishing(&fewer, "second"), &place);
        let refusal = refused(place.anchored().refresh(&place.folder(), NOW));
        assert_eq!(refusal, Refusal::Signatures { role: role.into(), found: 1, threshold: 2 });
    }
    assert_eq!(issuer(&Place::publishing(&full, "first").refreshed()).as_deref(), Some("first"));
}

#[test]
fn another_authoritys_key_is_refused_in_every_role() {
    let (owner, stranger) = (signers(1), signers(50));
    let forged = [
        ("targets", Signers { targets: stranger.targets.clone(), ..owner.clone() }),
        ("snapshot", Signers { snapshot: stranger.snapshot.clone(), ..owner.clone() }),
        ("timestamp", Signers { timestamp: stranger.timestamp.clone(), ..owner.clone() }),
        // A role's key is good for that role only.
        ("timestamp", Signers { timestamp: owner.targets.clone(), ..owner.clone() }),
    ];
    for (role, forger) in forged {
        let place = Place::publishing(&owner, "first");
        overlay(&Place::publishing(&forger, "forged"), &place);
        let refusal = refused(place.anchored().refresh(&place.folder(), NOW));
        assert_eq!(refusal, Refusal::Signatures { role: role.into(), found: 0, threshold: 1 });
    }
}

#[test]
fn each_roles_expiry_is_kept_to_the_second() {
    let long = Terms { root: 1000, targets: 1000, snapshot: 1000, timestamp: 1000 };
    let short = [
        Terms { root: 100, ..long },
        Terms { targets: 100, ..long },
        Terms { snapshot: 100, ..long },
        Terms { timestamp: 100, ..long },
    ];
    for terms in short {
        let place = Place::publishing(&signers(1), "unused");
        fs::remove_dir_all(place.folder()).unwrap();
        publish::create(&place.folder(), &signers(1), document(&["first"]), terms, NOW).unwrap();
        let store = place.anchored();
        for late in [NOW + 100, NOW + 101] {
            let refusal = refused(store.refresh(&place.folder(), late));
            assert!(matches!(refusal, Refusal::Expired { at, .. } if at == NOW + 100), "{terms:?} {refusal}");
        }
        store.refresh(&place.folder(), NOW + 99).unwrap();
        assert_eq!(store.load().unwrap().unwrap().expires_at, NOW + 100);
        if terms.timestamp == 100 {
            assert!(matches!(refused(store.refresh(&place.folder(), NOW + 100)), Refusal::Expired { .. }));
        }
    }
}

/// Uptane's rule for devices without a network: expiry counts against the last time that was signed.
#[test]
fn setting_the_clock_back_brings_no_expired_set_to_life() {
    let signers = signers(1);
    let place = Place::publishing(&signers, "unused");
    fs::remove_dir_all(place.folder()).unwrap();
    let long = Terms::default();
    publish::create(&place.folder(), &signers, document(&["unused"]), long, NOW - 5000).unwrap();
    publish::update(&place.folder(), &signers, document(&["first"]), long, NOW).unwrap();
    let store = place.refreshed();
    let terms = Terms { root: 500, targets: 500, snapshot: 500, timestamp: 500 };
    publish::update(&place.folder(), &signers, document(&["second"]), terms, NOW - 1000).unwrap();
    let refusal = refused(store.refresh(&place.folder(), NOW - 900));
    assert!(matches!(refusal, Refusal::Expired { now: NOW, .. }), "{refusal}");
    assert_eq!(issuer(&store).as_deref(), Some("first"));
}

#[test]
fn a_clock_at_the_end_of_time_does_not_panic() {
    let place = Place::publishing(&signers(1), "first");
    let store = place.anchored();
    refused(store.refresh(&place.folder(), i64::MAX));
    store.refresh(&place.folder(), i64::MIN).unwrap();
}

#[test]
fn every_missing_file_is_named() {
    let place = Place::publishing(&signers(1), "first");
    for name in place.files().iter().filter(|name| *name != FIRST_ROOT) {
        let place = Place::publishing(&signers(1), "first");
        let store = place.anchored();
        fs::remove_file(place.folder().join(name)).unwrap();
        assert_eq!(refused(store.refresh(&place.folder(), NOW)), Refusal::Missing(name.clone()));
        assert_eq!(store.load().unwrap(), None);
    }
    let store = place.anchored();
    assert_eq!(
        refused(store.refresh(&place.folder().join("nowhere"), NOW)),
        Refusal::Missing("timestamp.json".into())
    );
}

#[test]
fn oversized_files_are_refused_unread() {
    for (name, limit) in
        [("timestamp.json", METADATA_MAX), ("2.root.json", METADATA_MAX), ("1.targets.json", METADATA_MAX)]
    {
        let place = Place::publishing(&signers(1), "first");
        place.write(name, &vec![b' '; limit + 1]);
        let refusal = refused(place.anchored().refresh(&place.folder(), NOW));
        assert_eq!(refusal, Refusal::TooLarge { name: name.into(), limit });
    }
}

/// Signed by the right keys, and still not to be followed out of the folder.
#[test]
fn path_tricks_in_signed_names_lead_nowhere() {
    let signers = signers(1);
    let hashes = [
        "../../../../etc/passwd",
        "",
        "/",
        "AB",
        "0000000000000000000000000000000000000000000000000000000000000/..",
    ];
    for hash in hashes {
        let place = Place::publishing(&signers, "first");
        let mut targets = signed_part(&place, "1.targets.json");
        targets["targets"]["keys.json"]["hashes"]["sha256"] = json!(hash);
        let targets = tuf::signed(targets, &signers.targets.keys).unwrap();
        place.write("1.targets.json", &targets);
        let mut snapshot = signed_part(&place, "1.snapshot.json");
        snapshot["meta"] = json!({"targets.json": {"version": 1}, "../evil.json": {"version": 1}});
        place.write("1.snapshot.json", &tuf::signed(snapshot, &signers.snapshot.keys).unwrap());
        let mut timestamp = signed_part(&place, "timestamp.json");
        timestamp["meta"] = json!({"snapshot.json": {"version": 1}});
        place.write("timestamp.json", &tuf::signed(timestamp, &signers.timestamp.keys).unwrap());
        let refusal = refused(place.anchored().refresh(&place.folder(), NOW));
        assert!(
            matches!(&refusal, Refusal::Malformed { reason, .. } if reason.contains("SHA-256")),
            "{hash}: {refusal}"
        );
    }
}

/// A source that breaks off at one file, as a stick that is pulled out does.
struct PulledOut<'a>(&'a Folder, &'a str);

impl Source for PulledOut<'_> {
    fn read(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, Error> {
        if name == self.1 {
            return Err(Error::io("read", Path::new(name))(std::io::Error::other("pulled out")));
        }
        self.0.read(name, limit)
    }
}

#[test]
fn a_refresh_that_breaks_off_leaves_the_old_keys() {
    let signers = signers(1);
    let place = Place::publishing(&signers, "first");
    let store = place.refreshed();
    place.update(&signers, "second");
    let folder = Folder::new(&place.folder());
    let targets = signed_part(&place, "2.targets.json");
    let hash = targets["targets"]["keys.json"]["hashes"]["sha256"].as_str().unwrap();
    let second = format!("targets/{hash}.keys.json");
    for name in ["1.root.json", "2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json", &second]
    {
        let result = store.refresh_from(&PulledOut(&folder, name), NOW);
        assert!(matches!(result, Err(Error::Io { .. })), "{name}: {result:?}");
        assert_eq!(issuer(&store).as_deref(), Some("first"));
    }
    store.refresh_from(&folder, NOW).unwrap();
    assert_eq!(issuer(&store).as_deref(), Some("second"));
}

/// What lies on the disk when the power fails between writing and committing.
#[test]
fn a_refresh_without_its_commit_leaves_the_old_keys() {
    let signers = signers(1);
    let place = Place::publishing(&signers, "first");
    let store = place.refreshed();
    place.update(&signers, "second");
    let transaction = store.begin(TransactionBehavior::Immediate).unwrap();
    let (files, _) = store.in_use(&transaction).unwrap();
    let (next, _) = tuf::refresh(&files, &Folder::new(&place.folder()), NOW).unwrap().unwrap();
    rows::write(&transaction, &files, &next, &place.database()).unwrap();
    transaction.execute_batch("PRAGMA cache_spill = 1; PRAGMA cache_size = 1").unwrap();

    let after = tempfile::tempdir().unwrap();
    for suffix in ["", "-wal"] {
        let from = format!("{}{suffix}", place.database().display());
        fs::copy(&from, after.path().join(format!("trust.db{suffix}"))).unwrap();
    }
    let survivor = Store::open(&after.path().join("trust.db")).unwrap();
    assert_eq!(issuer(&survivor).as_deref(), Some("first"));
    transaction.commit().unwrap();
    assert_eq!(issuer(&store).as_deref(), Some("second"));
}

#[test]
fn two_stores_on_one_file_see_one_truth() {
    let signers = signers(1);
    let place = Place::publishing(&signers, "first");
    let (one, other) = (place.refreshed(), Store::open(&place.database()).unwrap());
    place.update(&signers, "second");
    one.refresh(&place.folder(), NOW).unwrap();
    assert_eq!(issuer(&other).as_deref(), Some("second"));
    assert_eq!(other.refresh(&place.folder(), NOW).unwrap(), Refreshed::Unchanged { version: 2 });
}

#[test]
fn files_that_are_no_key_store_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.db");
    fs::write(&path, [b'x'; 4096]).unwrap();
    assert!(matches!(Store::open(&path), Err(Error::Damaged { .. })));
    assert_eq!(fs::read(&path).unwrap(), [b'x'; 4096]);
    assert!(matches!(Store::open(dir.path()), Err(Error::NotAllowed { .. })));
    for sql in ["CREATE TABLE theirs (x)", "PRAGMA user_version = 99; PRAGMA application_id = 1349670002"] {
        let path = dir.path().join(format!("{}.db", sql.len()));
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        assert!(matches!(Store::open(&path), Err(Error::Layout { .. })), "{sql}");
    }
}

#[test]
fn the_database_is_durable_by_its_settings() {
    let place = Place::publishing(&signers(1), "first");
    let store = place.refreshed();
    let pragma =
        |name| store.connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0));
    assert_eq!(pragma("journal_mode").unwrap(), rusqlite::types::Value::Text("wal".into()));
    assert_eq!(pragma("synchronous").unwrap(), rusqlite::types::Value::Integer(2));
    assert_eq!(pragma("user_version").unwrap(), rusqlite::types::Value::Integer(LAYOUT));
    assert_eq!(pragma("application_id").unwrap(), rusqlite::types::Value::Integer(APPLICATION_ID));
}

mod anchor;
mod conformance;
mod read_only;
mod tampering;
mod targets;
