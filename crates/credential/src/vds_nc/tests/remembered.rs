//! What the key set remembers changes no verdict.

use super::*;
use crate::key::{Lazy, Usages};

fn judged_at(text: &str, keys: &KeySet, now: i64) -> Verdict {
    judge_text(text, Context { keys, revocation: &NothingRevoked, policy: InForce::Nothing }, now)
}

/// The authorities of the certificates after they certified all of these.
fn warm() -> KeySet {
    let keys = authorities();
    for certificate in [BY_P384, BY_P256, BY_RSA] {
        assert_eq!(judged_by(&sealed(DATA, certificate), &keys).reason(), "accepted");
    }
    keys
}

/// The verdict of these keys, who judge with what `seen` has seen as they do when they have seen nothing.
fn judged_twice(text: &str, keys: &[IssuerKey], seen: &KeySet, now: i64) -> Verdict {
    let [cold, warm] = [KeySet::new(keys.to_vec()), KeySet::new(keys.to_vec()).with_certifications_of(seen)]
        .map(|keys| judged_at(text, &keys, now));
    assert_eq!(format!("{warm:?}"), format!("{cold:?}"), "{text}, {keys:?}, {now}");
    warm
}

#[test]
fn a_certificate_is_verified_once_by_a_set_and_its_clones() {
    let (keys, der) = (authorities(), base64(BY_P384, "").unwrap());
    let by = PublicKey::P384((*p384().verifying_key()).into());
    let known = |keys: &KeySet| keys.certifications().hold(&by, &der, || false);
    assert!(!known(&keys));
    assert_eq!(judged_by(&sealed(DATA, BY_P384), &keys.clone()).reason(), "accepted");
    assert!(known(&keys) && known(&keys.clone().until(NOW)) && !known(&authorities()));
}

#[test]
fn a_certificate_that_nobody_certified_is_not_remembered() {
    let (keys, mut der) = (authorities(), base64(BY_P384, "").unwrap());
    *der.last_mut().unwrap() ^= 1;
    for _ in 0..2 {
        assert_eq!(judged_by(&sealed(DATA, &BASE64.encode(&der)), &keys).reason(), "bad_signature");
    }
    for authority in keys.keys() {
        assert!(!keys.certifications().hold(&authority.key, &der, || false));
    }
}

#[test]
fn what_is_trusted_is_judged_anew_each_time() {
    let seen = warm();
    let every = |change: &dyn Fn(&IssuerKey) -> IssuerKey| seen.keys().iter().map(change).collect::<Vec<_>>();
    let validity = |not_before, not_after| {
        every(&|key| IssuerKey { validity: Some(Validity { not_before, not_after }), ..key.clone() })
    };
    let tests = Usages { test: true, ..Usages::default() };
    let other =
        PublicKey::P384((*p384::ecdsa::SigningKey::from_slice(&[8; 48]).unwrap().verifying_key()).into());
    let unsound = PublicKey::P384(Lazy::unread(&[4; 97]));
    let of_key = |key: &PublicKey| every(&|entry| IssuerKey { key: key.clone(), ..entry.clone() });
    let table = [
        ("the same", seen.keys().to_vec(), "accepted"),
        ("in another order", seen.keys().iter().rev().cloned().collect(), "accepted"),
        ("removed", vec![], "unknown_key"),
        (
            "by another id",
            every(&|key| IssuerKey { kid: Kid(KID_OF_ANOTHER.to_vec()), ..key.clone() }),
            "unknown_key",
        ),
        ("for another country", every(&|key| entry(&key.kid.0, key.key.clone(), Some("AUS"))), "unknown_key"),
        ("for no country", every(&|key| entry(&key.kid.0, key.key.clone(), None)), "unknown_key"),
        ("for other formats", every(&|key| trusted(&key.kid.0, key.key.clone())), "unknown_key"),
        ("another key", of_key(&other), "bad_signature"),
        ("no key", of_key(&unsound), "bad_signature"),
        ("expired", validity(0, NOW - 1), "key_expired"),
        ("not yet valid", validity(NOW + 1, i64::MAX), "key_not_yet_valid"),
        ("revoked", every(&|key| IssuerKey { revoked_from: Some(NOW + 1), ..key.clone() }), "key_revoked"),
        ("for other kinds", every(&|key| IssuerKey { usages: tests, ..key.clone() }), "usage_not_allowed"),
    ];
    for (name, keys, reason) in table {
        for certificate in [BY_P384, BY_P256, BY_RSA] {
            let verdict = judged_twice(&sealed(DATA, certificate), &keys, &seen, NOW);
            assert_eq!(verdict.reason(), reason, "{name}: {:?}", verdict.evidence());
        }
    }
    let old = KeySet::new(seen.keys().to_vec()).with_certifications_of(&seen).until(NOW - 1);
    assert_eq!(judged_by(&sealed(DATA, BY_P384), &old).reason(), "keys_too_old");
}

const KID_OF_ANOTHER: &[u8] = b"ANOTHERANOTHERANOTHE";

#[test]
fn what_the_seal_and_its_certificate_say_is_judged_anew_each_time() {
    let seen = warm();
    let good = sealed(DATA, BY_P384);
    let (first, last) = (1_609_459_200, 1_924_991_999 + 1);
    let table = [
        (good.clone(), NOW, "accepted"),
        (good.clone(), first - 1, "key_not_yet_valid"),
        (good.clone(), last + 1, "key_expired"),
        (good.replacen("U32870", "U32871", 1), NOW, "bad_signature"),
        (sealed(TEST, BY_P384), NOW, "usage_not_allowed"),
        (sealed(DATA, WITHOUT_USAGE), NOW, "usage_not_allowed"),
        (sealed(DATA, CRITICAL), NOW, "broken_certificate"),
        (sealed(DATA, NOT_FOR_SIGNING), NOW, "broken_certificate"),
        (sealed(DATA, ON_P384), NOW, "broken_certificate"),
        (sealed(DATA, WITHOUT_AUTHORITY), NOW, "unknown_key"),
    ];
    for (text, now, reason) in table {
        let verdict = judged_twice(&text, seen.keys(), &seen, now);
        assert_eq!(verdict.reason(), reason, "{text}: {:?}", verdict.evidence());
    }
}

#[test]
fn no_bit_of_a_remembered_certificate_can_be_changed() {
    let (seen, der) = (warm(), base64(BY_P384, "").unwrap());
    // The signature is what stands last: all of it, and a sample of the rest.
    let signature = der.len() - 110;
    for at in (0..signature).step_by(7).chain(signature..der.len()) {
        let mut changed = der.clone();
        changed[at] ^= 1 << (at % 8);
        let verdict = judged_twice(&sealed(DATA, &BASE64.encode(changed)), seen.keys(), &seen, NOW);
        assert_ne!(verdict.reason(), "accepted", "byte {at}");
    }
}

#[test]
fn a_set_that_has_seen_very_many_judges_as_before() {
    let seen = warm();
    for number in 0..1000_u32 {
        assert!(seen.certifications().hold(&seen.keys()[0].key, &number.to_be_bytes(), || true));
    }
    let der = base64(BY_P384, "").unwrap();
    let forgotten = |authority: &IssuerKey| !seen.certifications().hold(&authority.key, &der, || false);
    assert!(seen.keys().iter().all(forgotten));
    for (certificate, reason) in [(BY_P384, "accepted"), (WITHOUT_USAGE, "usage_not_allowed")] {
        for _ in 0..2 {
            let verdict = judged_twice(&sealed(DATA, certificate), seen.keys(), &seen, NOW);
            assert_eq!(verdict.reason(), reason);
        }
    }
}
