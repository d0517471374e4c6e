//! An admin takes newer keys into use.

mod common;

use std::path::Path;

use common::{ADMIN, NOW, events, open, text, with_pins};
use credential::Outcome;
use station::view::RefreshView;
use station::{Denied, Role, Station, demo};
use trust::publish::{self, Contents, Signers, Terms};
use trust::source::Folder;
use trust::{KeySetDocument, Parts};

const POLICY: &str = include_str!("../../../keys/policies/anything-genuine.json");

/// Publishes the demo authority's key again, changed by `edit`, with a policy.
fn publish(station: &Station, edit: impl FnOnce(&mut KeySetDocument)) -> Folder {
    let folder = demo::key_set(station.folder());
    let signers = Signers::load(&station.folder().demo().join("role-keys.json")).unwrap();
    let mut keys = KeySetDocument::new(station.trusted().unwrap().keys.keys().to_vec());
    edit(&mut keys);
    let contents = Contents::new(keys).with("policy.json", POLICY.into()).unwrap();
    publish::update(&folder, &signers, contents, Terms::default(), NOW).unwrap();
    Folder::new(&folder)
}

fn unlocked(dir: &Path) -> Station {
    let mut station = with_pins(dir);
    station.unlock(Role::Admin, ADMIN, NOW).unwrap();
    station
}

fn verdict(station: &mut Station) -> (Outcome, &'static str) {
    let text = text(station, "valid_vaccination");
    let verdict = station.submit(&text, NOW).verdict;
    (verdict.outcome(), verdict.reason())
}

#[test]
fn a_refresh_shows_what_changes_and_takes_effect_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = unlocked(dir.path());
    assert_eq!(verdict(&mut station).0, Outcome::Accepted);
    let source = publish(&station, |keys| keys.keys[0].revoked_from = Some(0));
    let seen: RefreshView = station.admin(NOW).unwrap().preview_keys(&source).unwrap();
    assert_eq!((seen.from.as_ref().unwrap().version, seen.to.version, seen.unchanged), (1, 2, false));
    assert_eq!(
        (seen.revoked.len(), &seen.files[..]),
        (1, &["policy.json".to_owned(), "status.demo.cbor".to_owned()][..])
    );
    assert_eq!(verdict(&mut station).0, Outcome::Accepted, "a preview changes nothing");

    assert_eq!(station.admin(NOW).unwrap().refresh_keys(&source).unwrap(), seen);
    assert_eq!(verdict(&mut station), (Outcome::Refused, "key_revoked"));
    assert_eq!(station.trusted().unwrap().target("policy.json"), Some(POLICY.as_bytes()));
    assert_eq!(events(&station).last().unwrap().0, "keys_refreshed");
    let again = station.admin(NOW).unwrap().refresh_keys(&source).unwrap();
    assert!(again.unchanged && again.from.as_ref() == Some(&again.to));
    assert_eq!(events(&station).iter().filter(|(event, _)| event == "keys_refreshed").count(), 1);
    drop(station);
    assert_eq!(open(dir.path()).trusted().unwrap().version, 2);
}

#[test]
fn what_is_refused_leaves_the_keys_and_no_entry() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = unlocked(dir.path());
    let source = publish(&station, |_| {});
    let folder = demo::key_set(station.folder());
    std::fs::write(folder.join("timestamp.json"), b"{}").unwrap();
    let refused = station.admin(NOW).unwrap().refresh_keys(&source);
    assert!(matches!(refused, Err(Denied::Failed(_))), "{refused:?}");
    assert_eq!(station.trusted().unwrap().version, 1);
    assert!(!events(&station).iter().any(|(event, _)| event == "keys_refreshed"));
    station.lock();
    assert!(matches!(station.admin(NOW), Err(Denied::Locked)));
}

#[test]
fn a_small_package_in_memory_is_as_good_as_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = unlocked(dir.path());
    publish(&station, |_| {});
    let package = trust::package(&demo::key_set(station.folder()), Parts::Since(1)).unwrap();
    let source = trust::source::Archive::new(package).unwrap();
    assert_eq!(station.admin(NOW).unwrap().refresh_keys(&source).unwrap().to.version, 2);
}
