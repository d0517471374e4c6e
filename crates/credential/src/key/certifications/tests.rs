use std::cell::Cell;

use super::*;
use crate::key::Lazy;
use crate::testing::{ed25519, p256, p384};

fn key() -> PublicKey {
    PublicKey::P384((*p384().verifying_key()).into())
}

/// Whether it holds when the signature does, and whether somebody had to look at that.
fn asked(known: &Certifications, key: &PublicKey, certificate: &[u8], holds: bool) -> (bool, bool) {
    let asked = Cell::new(false);
    let held = known.hold(key, certificate, || {
        asked.set(true);
        holds
    });
    (held, asked.get())
}

#[test]
fn what_held_is_not_verified_again_by_any_clone() {
    let known = Certifications::default();
    let clone = known.clone();
    assert_eq!(asked(&known, &key(), b"certificate", true), (true, true));
    assert_eq!(asked(&clone, &key(), b"certificate", false), (true, false));
}

#[test]
fn what_did_not_hold_is_verified_each_time() {
    let known = Certifications::default();
    for _ in 0..3 {
        assert_eq!(asked(&known, &key(), b"certificate", false), (false, true));
    }
    assert_eq!(asked(&known, &key(), b"certificate", true), (true, true));
}

#[test]
fn another_key_or_another_byte_is_another_certification() {
    let known = Certifications::default();
    assert_eq!(asked(&known, &key(), b"certificate", true), (true, true));
    let bytes = p384().verifying_key().to_sec1_point(false).as_bytes().to_vec();
    let others = [
        PublicKey::P384(Lazy::unread(p384().verifying_key().to_sec1_point(true).as_bytes())),
        PublicKey::P384(Lazy::unread(&[&bytes[..], b"c"].concat())),
        PublicKey::P256(Lazy::unread(&bytes)),
        PublicKey::Ed25519(Lazy::unread(&bytes)),
        PublicKey::Rsa(Lazy::unread(&bytes)),
        PublicKey::P256((*p256().verifying_key()).into()),
        PublicKey::Ed25519(ed25519().verifying_key().into()),
    ];
    for other in others {
        assert_eq!(asked(&known, &other, b"certificate", false), (false, true), "{other:?}");
        // Its last byte is the first of the other one's certificate.
        assert_eq!(asked(&known, &other, b"ertificate", false), (false, true), "{other:?}");
    }
    for other in [&b""[..], b"certificat", b"certificate\0", b"Certificate"] {
        assert_eq!(asked(&known, &key(), other, false), (false, true), "{other:?}");
    }
}

#[test]
fn the_oldest_is_forgotten_where_there_are_too_many() {
    let known = Certifications::default();
    let certificate = |number: usize| number.to_be_bytes();
    for number in 0..MOST {
        assert_eq!(asked(&known, &key(), &certificate(number), true), (true, true));
    }
    assert_eq!(known.facts().len(), MOST);
    assert_eq!(asked(&known, &key(), &certificate(0), false), (true, false));
    assert_eq!(asked(&known, &key(), &certificate(MOST), true), (true, true));
    assert_eq!(known.facts().len(), MOST);
    assert_eq!(asked(&known, &key(), &certificate(0), false), (false, true));
    for number in 1..=MOST {
        assert_eq!(asked(&known, &key(), &certificate(number), false), (true, false), "{number}");
    }
}

#[test]
fn one_that_two_found_at_once_is_remembered_once() {
    let known = Certifications::default();
    let also = known.clone();
    assert!(known.hold(&key(), b"certificate", || also.hold(&key(), b"certificate", || true)));
    assert_eq!(known.facts().len(), 1);
}

#[test]
fn a_thread_that_panicked_takes_nothing_away() {
    let known = Certifications::default();
    assert!(known.hold(&key(), b"certificate", || true));
    let clone = known.clone();
    let panicked = std::thread::spawn(move || {
        let _facts = clone.facts();
        panic!("while it holds the lock");
    });
    assert!(panicked.join().is_err() && known.0.is_poisoned());
    assert_eq!(asked(&known, &key(), b"certificate", false), (true, false));
    assert_eq!(asked(&known, &key(), b"another", true), (true, true));
}
