use super::*;
use crate::publish::{Contents, Terms, update};
use crate::source::Archive;
use crate::testing::{NOW, Place, document, issuer, signers};
use crate::{Error, Refreshed, Store};

/// A repository with three versions: the key set alone, with a policy, and with another policy and a list.
fn place() -> Place {
    let place = Place::publishing(&signers(1), "first");
    let with = |files: &[(&str, &[u8])]| {
        let keys = Contents::new(document(&["first"]));
        let contents = files.iter().fold(keys, |all, (name, bytes)| all.with(name, bytes.to_vec()).unwrap());
        update(&place.folder(), &signers(1), contents, Terms::default(), NOW).unwrap();
    };
    with(&[("policy.json", b"{}")]);
    with(&[("policy.json", b"{ }"), ("texts.a.json", b"list")]);
    place
}

fn refresh(store: &Store, package: Vec<u8>) -> Result<Refreshed, Error> {
    store.refresh_from(&Archive::new(package)?, NOW)
}

#[test]
fn a_package_has_all_that_a_new_device_needs() {
    let place = place();
    let package = package(&place.folder(), Parts::All).unwrap();
    let store = place.anchored();
    assert_eq!(refresh(&store, package.clone()).unwrap().versions(), (None, 3));
    assert_eq!(store.load().unwrap().unwrap().target("texts.a.json"), Some(&b"list"[..]));
    assert_eq!(super::package(&place.folder(), Parts::All).unwrap(), package, "the same again");
}

#[test]
fn what_a_device_has_may_be_left_out() {
    let place = place();
    let old = package(&place.folder(), Parts::Since(2)).unwrap();
    let all = package(&place.folder(), Parts::All).unwrap();
    assert!(old.len() < all.len());
    let names = |package: Vec<u8>| {
        let archive = Archive::new(package).unwrap();
        let (files, _) = publish::published(&place.folder()).unwrap();
        let contents = files.current.unwrap().contents;
        let there = contents
            .iter()
            .filter(|(name, bytes)| archive.read(&path(name, bytes), 10_000).unwrap().is_some());
        there.map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(old.clone()), ["policy.json", "texts.a.json"]);
    assert_eq!(names(package(&place.folder(), Parts::Since(3)).unwrap()), Vec::<String>::new());
    let only = package(&place.folder(), Parts::Only(&["texts.a.json".into()])).unwrap();
    assert_eq!(names(only.clone()), ["texts.a.json"]);

    // A device that has the rest takes it; another is told what is missing, and keeps what it has.
    let store = place.anchored();
    let missing = refresh(&store, old.clone()).unwrap_err().to_string();
    assert!(missing.contains("keys.json is missing; copy the whole key set"), "{missing}");
    assert_eq!(store.load().unwrap(), None);
    let first = Place::publishing(&signers(1), "first");
    store.refresh(&first.folder(), NOW).unwrap();
    assert!(refresh(&store, only).is_err());
    assert_eq!(store.load().unwrap().unwrap().version, 1);
    assert_eq!(refresh(&store, old).unwrap().versions(), (Some(1), 3));
    assert_eq!(issuer(&store).as_deref(), Some("first"));
}

#[test]
fn what_cannot_be_packed_is_told() {
    let place = place();
    fn told_of(place: &Place, parts: Parts<'_>) -> String {
        package(&place.folder(), parts).unwrap_err().to_string()
    }
    let told = |parts: Parts<'_>| told_of(&place, parts);
    assert!(told(Parts::Since(9)).contains("9.targets.json is missing"));
    assert!(told(Parts::Only(&["rules.json".into()])).contains("rules.json is missing"));
    assert!(told(Parts::Only(&["../x".into()])).contains("not a plain file"));
    std::fs::remove_file(place.folder().join("timestamp.json")).unwrap();
    assert!(told(Parts::All).contains("timestamp.json is missing"));
}

#[test]
fn what_nobody_could_open_is_not_packed() {
    let files: Vec<(String, &[u8])> = (0..=ENTRIES_MAX).map(|at| (format!("a{at}"), &b"x"[..])).collect();
    let told = |packed: Result<Vec<u8>, Error>| packed.unwrap_err().to_string();
    assert!(told(pack(&files)).contains("over 4096 entries"));
    let zip = pack(&files[1..]).unwrap();
    Archive::new(zip.clone()).unwrap();
    assert_eq!(pack_within(&files[1..], zip.len()).unwrap(), zip);
    assert!(told(pack_within(&files[1..], zip.len() - 1)).contains(&format!("over {} bytes", zip.len() - 1)));
}

#[test]
fn whatever_a_set_may_have_fits_a_zip_file() {
    use crate::target::{COUNT_MAX, HASHES_TOTAL_MAX, NAME_MAX, TOTAL_MAX};
    // Stored, each with two headers and its name twice, and a root a month for twenty years.
    let (entries, roots) = (COUNT_MAX + 3 + 240, 240 * 4096);
    let most = TOTAL_MAX + HASHES_TOTAL_MAX + roots + entries * (30 + 46 + 2 * (64 + 9 + NAME_MAX)) + 22;
    assert!(most <= ARCHIVE_MAX && entries <= ENTRIES_MAX);
}
