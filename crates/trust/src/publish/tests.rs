use sha2::{Digest, Sha256};

use super::*;
use crate::hex;
use crate::testing::{NOW, Place, document, issuer, signers, two_of_two};

#[test]
fn a_repository_is_made_once_and_then_updated() {
    let signers = signers(1);
    let place = Place::publishing(&signers, "first");
    assert!(matches!(
        create(&place.folder(), &signers, document(&[]), Terms::default(), NOW),
        Err(Error::RepositoryExists(_))
    ));
    place.update(&signers, "second");
    place.update(&signers, "third");
    let store = place.refreshed();
    assert_eq!((issuer(&store).as_deref(), store.load().unwrap().unwrap().version), (Some("third"), 3));
    let names = place.files();
    let expected = ["1.root.json", "1.snapshot.json", "1.targets.json", "2.snapshot.json", "2.targets.json"];
    assert_eq!(names[..5], expected);
    assert!(!names.iter().any(|name| name.contains("partial")), "{names:?}");
}

#[test]
fn strangers_keys_publish_nothing() {
    let (owner, stranger) = (signers(1), signers(50));
    let place = Place::publishing(&owner, "first");
    let before = place.read("timestamp.json");
    let weaker = Signers { targets: Role { threshold: 1, ..two_of_two(1).targets }, ..owner.clone() };
    for other in [stranger, weaker] {
        let result = update(&place.folder(), &other, document(&["evil"]), Terms::default(), NOW);
        assert!(matches!(result, Err(Error::WrongSigners(_))), "{result:?}");
    }
    assert_eq!(place.read("timestamp.json"), before);
}

#[test]
fn an_expired_repository_can_be_updated() {
    let signers = signers(1);
    let place = Place::publishing(&signers, "first");
    let later = NOW + Terms::default().targets + 1;
    let store = place.anchored();
    assert!(matches!(store.refresh(&place.folder(), later), Err(Error::Refused(Refusal::Expired { .. }))));
    update(&place.folder(), &signers, document(&["second"]), Terms::default(), later).unwrap();
    store.refresh(&place.folder(), later).unwrap();
    assert_eq!(issuer(&store).as_deref(), Some("second"));
}

#[test]
fn a_demo_authority_marks_every_key() {
    let demo = Signers { demo: true, ..signers(1) };
    let place = Place::publishing(&demo, "unmarked");
    let trusted = place.refreshed().load().unwrap().unwrap();
    assert!(trusted.demo && trusted.keys.keys().iter().all(|key| key.demo));
    let real = Place::publishing(&signers(1), "unmarked").refreshed().load().unwrap().unwrap();
    assert!(!real.demo);
}

#[test]
fn role_keys_survive_their_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("roles.json");
    let kept = Signers { demo: true, ..two_of_two(1) };
    kept.save(&path).unwrap();
    let loaded = Signers::load(&path).unwrap();
    assert!(loaded.demo);
    assert_eq!(loaded.roster(), kept.roster());
    assert_eq!(loaded.targets.threshold, 2);
    assert!(matches!(kept.save(&path), Err(Error::RoleKeys { .. })), "keys were overwritten");
    assert!(!format!("{kept:?}").contains("01010101"));
}

#[cfg(unix)]
#[test]
fn role_keys_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("roles.json");
    signers(1).save(&path).unwrap();
    let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    mode(0o640);
    assert!(matches!(Signers::load(&path), Err(Error::Exposed(_))));
    mode(0o600);
    Signers::load(&path).unwrap();
}

#[test]
fn a_broken_role_keys_file_says_what_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("roles.json");
    assert!(Signers::load(&path).unwrap_err().to_string().contains("not there"));
    signers(1).save(&path).unwrap();
    let good = fs::read_to_string(&path).unwrap();
    let cases = [
        (good.replace("keys/1", "keys/2"), "its format"),
        (good.replacen("0101", "01", 1), "32 bytes"),
        (good.replacen("0101", "0x01", 1), "hexadecimal"),
        (good.replacen("\"threshold\": 1", "\"threshold\": 2", 1), "threshold"),
        (good.replacen("\"threshold\": 1", "\"threshold\": 0", 1), "threshold"),
        (good.replacen("demo", "real", 1), "unknown field"),
    ];
    for (text, expected) in cases {
        fs::write(&path, text).unwrap();
        let error = Signers::load(&path).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

/// securesystemslib's id of RFC 8032's first test key, as python-tuf computes it.
#[test]
fn key_ids_are_the_hash_of_the_canonical_key() {
    let key = ed25519_dalek::VerifyingKey::from_bytes(&[
        0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e,
        0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
    ])
    .unwrap();
    let text = concat!(
        r#"{"keytype":"ed25519","keyval":{"public":"#,
        r#""d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"},"scheme":"ed25519"}"#
    );
    assert_eq!(tuf::key_id(&key).unwrap().0, hex::encode(&Sha256::digest(text)));
}
