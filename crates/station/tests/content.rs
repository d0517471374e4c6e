//! Encrypted passes and the keys that open them at a station.

mod common;

use std::fs;
use std::path::Path;

use common::{NOW, demo_in, events, open};
use credential::{ContentKey, Format, IssuerKey, Kid, Lazy, PublicKey, Scope};
use station::{Denied, Error, NoKeyStore, Station, demo};
use trust::KeySetDocument;
use trust::publish::{self, Contents, Signers, Terms};

/// A Claim 169 of `https://id.example.org`, good from 2023 to 2096, signed by the seed of 32 bytes 7, and encrypted
/// (A256GCM) with 32 bytes 5, which it names `a`. Made with Python's cryptography.
const TEXT: &str = concat!(
    "NCFKXNY-TJCIXDF/RHAH4M+1JF2EAJ-267WPS*CUQDE JXOAY%FLXVV%2+JN/ME6/RM:L3HSL2HOSR8%0 .4B4G$4I",
    "NLERULJKI*RN/ VWT4NLN4493DPBM8O+I%-OO1UA8J0%989FW45A4MS4LT$15XH-ENGZVT*SK5SR38.YEGPKO49$ZI",
    "OBLX:LX0W5CCE5C+07B6U51TJ/37UI2DR2ST7TUP1J:MRY5CQ28I/J*+KADQDCQI76*U7A%U*UM-1HO/NELV9SNNPB",
    "P$SUX2R1E610J3323",
);
const SIGNER: [u8; 32] = [
    0xea, 0x4a, 0x6c, 0x63, 0xe2, 0x9c, 0x52, 0x0a, 0xbe, 0xf5, 0x50, 0x7b, 0x13, 0x2e, 0xc5, 0xf9, 0x95,
    0x47, 0x76, 0xae, 0xbe, 0xbe, 0x7b, 0x92, 0x42, 0x1e, 0xea, 0x69, 0x14, 0x46, 0xd2, 0x2c,
];

fn content_key(digit: char, kid: Option<&[u8]>) -> ContentKey {
    let key = ContentKey::read(format!("0{digit}").repeat(32).as_bytes()).unwrap();
    match kid {
        Some(kid) => key.with_kid(Kid(kid.to_vec())).unwrap(),
        None => key,
    }
}

/// A demo station that trusts the signer of [`TEXT`] as well.
fn station(dir: &Path) -> Station {
    let mut station = demo_in(dir);
    let signers = Signers::load(&station.folder().demo().join("role-keys.json")).unwrap();
    let mut keys = station.trusted().unwrap().keys.keys().to_vec();
    keys.push(IssuerKey {
        kid: Kid::default(),
        key: PublicKey::Ed25519(Lazy::unread(&SIGNER)),
        scope: Scope { formats: vec![Format::Claim169], issuer: Some("https://id.example.org".to_owned()) },
        issuer: "Example".to_owned(),
        ..keys[0].clone()
    });
    let folder = demo::key_set(station.folder());
    let contents = Contents::new(KeySetDocument::new(keys));
    publish::update(&folder, &signers, contents, Terms::default(), NOW).unwrap();
    trust::Store::open(&station.folder().trust()).unwrap().refresh(&folder, NOW).unwrap();
    station.follow_refresh();
    station
}

fn reason(station: &mut Station) -> &'static str {
    station.submit(TEXT, NOW).verdict.reason()
}

#[test]
fn an_encrypted_pass_is_judged_while_its_key_is_here() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = station(dir.path());
    assert_eq!(reason(&mut station), "encrypted");
    station.add_content_key(content_key('5', Some(b"a")), NOW).unwrap();
    assert_eq!(reason(&mut station), "accepted");
    drop(station);
    let mut station = open(dir.path());
    assert_eq!(reason(&mut station), "accepted");
    station.follow_refresh();
    assert_eq!(reason(&mut station), "accepted");

    let gone = station.remove_content_keys("61", NOW).unwrap();
    assert_eq!(gone, [content_key('5', Some(b"a"))]);
    assert_eq!(reason(&mut station), "encrypted");
    let logged: Vec<_> =
        events(&station).into_iter().filter(|(event, _)| event.starts_with("content")).collect();
    let by_admin = |event: &str| (event.to_owned(), "admin".to_owned());
    assert_eq!(logged, [by_admin("content_key_added"), by_admin("content_key_removed")]);
}

#[test]
fn a_key_that_does_not_open_it_makes_nothing_green() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = station(dir.path());
    station.add_content_key(content_key('6', Some(b"a")), NOW).unwrap();
    assert_eq!(reason(&mut station), "not_decrypted");
    station.add_content_key(content_key('5', None), NOW).unwrap();
    assert_eq!(reason(&mut station), "accepted");
    let fingerprint = content_key('5', None).fingerprint();
    assert_eq!(station.remove_content_keys(&fingerprint, NOW).unwrap().len(), 1);
    assert_eq!(reason(&mut station), "not_decrypted");
}

#[test]
fn what_changes_nothing_is_not_logged() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = station(dir.path());
    station.add_content_key(content_key('5', None), NOW).unwrap();
    let before = events(&station);
    let twice = station.add_content_key(content_key('5', None), NOW);
    assert!(matches!(twice, Err(Denied::Invalid(_))), "{twice:?}");
    let none = station.remove_content_keys("61", NOW);
    assert!(matches!(none, Err(Denied::Invalid(_))), "{none:?}");
    assert_eq!(events(&station), before);
}

#[test]
fn a_station_does_not_open_with_a_damaged_file_and_names_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut station = station(dir.path());
    station.add_content_key(content_key('5', None), NOW).unwrap();
    let path = station.folder().content_keys();
    drop(station);
    let file = fs::read(&path).unwrap();
    for damaged in [&file[..file.len() - 2], b"", &[b'0'; 64 << 10]] {
        fs::write(&path, damaged).unwrap();
        let refused = Station::open(dir.path(), &NoKeyStore, common::random()).err();
        assert!(matches!(refused, Some(Error::ContentKeys { .. })), "{refused:?}");
    }
    fs::write(&path, file).unwrap();
    assert_eq!(reason(&mut open(dir.path())), "accepted");
}

#[cfg(unix)]
#[test]
fn the_keys_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let mut station = station(dir.path());
    station.add_content_key(content_key('5', None), NOW).unwrap();
    let path = station.folder().content_keys();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!station::are_content_keys_exposed(station.folder()));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(station::are_content_keys_exposed(station.folder()));
}
