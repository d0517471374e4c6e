//! Whose certificate a seal brings, and what that may sign.

use super::*;

#[test]
fn a_certificate_is_trusted_by_whoever_certified_it() {
    for certificate in [BY_P384, BY_P256, BY_RSA] {
        let verdict = judged_by(&sealed(DATA, certificate), &authorities());
        assert_eq!(verdict.reason(), "accepted", "{:?}", verdict.evidence());
        assert_eq!(verdict.pass().unwrap().signed_by, "Test authority");
    }
}

/// RFC 4055 §3; most authorities of passports certify so.
#[test]
fn a_certificate_by_rsassa_pss_is_trusted_by_whoever_certified_it() {
    let n = base64(PSS_MODULUS, "").unwrap();
    let authority = KeySet::new(vec![entry(AUTHORITY, PublicKey::rsa(&n, &[1, 0, 1]), Some("UTO"))]);
    for certificate in [BY_PSS_SHA256, BY_PSS_SHA512] {
        let verdict = judged_by(&sealed(DATA, certificate), &authority);
        assert_eq!(verdict.reason(), "accepted", "{:?}", verdict.evidence());
        assert_eq!(judged_by(&sealed(DATA, certificate), &authorities()).reason(), "bad_signature");
        let mut changed = base64(certificate, "").unwrap();
        *changed.last_mut().unwrap() ^= 1;
        let verdict = judged_by(&sealed(DATA, &BASE64.encode(changed)), &authority);
        assert_eq!(verdict.reason(), "bad_signature");
    }
}

/// What cannot be checked is not called forged.
#[test]
fn a_certificate_by_an_algorithm_that_is_not_known_here_is_told_so() {
    let key = PublicKey::Ed25519(crate::testing::ed25519().verifying_key().into());
    let keys = KeySet::new(vec![entry(AUTHORITY, key, Some("UTO"))]);
    let verdict = judged_by(&sealed(DATA, BY_ED25519), &keys);
    assert_eq!(verdict.reason(), "algorithm_not_supported");
    assert_eq!(verdict.evidence(), [("alg", Evidence::Text("1.3.101.112".into()))]);
    assert_eq!(judged_by(&sealed(DATA, BY_ED25519), &KeySet::default()).reason(), "unknown_key");
}

#[test]
fn a_certificate_that_is_not_for_the_seal_is_refused() {
    for (data, certificate, reason) in [
        (TEST, BY_P384, "usage_not_allowed"),
        (TEST, BY_P256, "accepted"),
        (TEST, BY_RSA, "accepted"),
        (DATA, WITHOUT_USAGE, "usage_not_allowed"),
        (DATA, CRITICAL, "broken_certificate"),
        (DATA, NOT_FOR_SIGNING, "broken_certificate"),
        (DATA, ON_P384, "broken_certificate"),
        (DATA, WITHOUT_AUTHORITY, "unknown_key"),
    ] {
        let verdict = judged_by(&sealed(data, certificate), &authorities());
        assert_eq!(verdict.reason(), reason, "{certificate}: {:?}", verdict.evidence());
    }
}

#[test]
fn a_certificate_counts_while_it_is_valid() {
    let (keys, text) = (authorities(), sealed(DATA, BY_P384));
    let at = |now| {
        judge_text(&text, Context { keys: &keys, revocation: &NothingRevoked, policy: InForce::Nothing }, now)
    };
    let (first, last) = (1_609_459_200, 1_924_991_999 + 1);
    assert_eq!((at(first - 1).reason(), at(first).reason()), ("key_not_yet_valid", "accepted"));
    assert_eq!((at(last).reason(), at(last + 1).reason()), ("accepted", "key_expired"));
}

#[test]
fn whoever_is_not_known_cannot_be_told() {
    let with =
        |entry: fn(&IssuerKey) -> IssuerKey| KeySet::new(authorities().keys().iter().map(entry).collect());
    let elsewhere = with(|key| entry(&key.kid.0, key.key.clone(), Some("AUS")));
    let anywhere = with(|key| entry(&key.kid.0, key.key.clone(), None));
    let of_dcc = with(|key| trusted(&key.kid.0, key.key.clone()));
    for keys in [KeySet::default(), elsewhere, anywhere, of_dcc, keys_of(AUSTRALIA)] {
        let verdict = judged_by(&sealed(DATA, BY_P384), &keys);
        assert_eq!((verdict.reason(), verdict.outcome()), ("unknown_key", Outcome::CannotTell));
    }
    assert_eq!(judged_by(JAPAN, &authorities()).reason(), "unknown_key");
    // Also where nothing here could verify it: whose it is comes first.
    for certificate in [ON_P384, CRITICAL, NOT_FOR_SIGNING, WITHOUT_USAGE] {
        let verdict = judged_by(&sealed(DATA, certificate), &KeySet::default());
        assert_eq!(verdict.reason(), "unknown_key", "{certificate}");
    }
}

#[test]
fn a_certificate_that_the_authority_did_not_sign_is_refused() {
    let other = entry(AUTHORITY, PublicKey::P256((*p256().verifying_key()).into()), Some("UTO"));
    let verdict = judged_by(&sealed(DATA, BY_P384), &KeySet::new(vec![other]));
    assert_eq!(verdict.reason(), "bad_signature");
    // Every byte of it is signed.
    let der = base64(BY_P384, "").unwrap();
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 1;
        let verdict = judged_by(&sealed(DATA, &BASE64.encode(changed)), &authorities());
        assert_ne!(verdict.reason(), "accepted", "byte {at}");
    }
}

#[test]
fn a_signer_in_the_set_counts_by_what_the_set_says_of_it() {
    let der = base64(BY_P384, "").unwrap();
    let signer =
        entry(&Sha256::digest(&der)[..8], PublicKey::P256((*p256().verifying_key()).into()), Some("UTO"));
    let seals = crate::Usages { other: true, ..Default::default() };
    let tests = crate::Usages { test: true, ..Default::default() };
    for (usages, revoked_from, reason) in [
        (Default::default(), None, "accepted"),
        (seals, None, "accepted"),
        (tests, None, "usage_not_allowed"),
        (seals, Some(NOW + 1), "key_revoked"), // a seal does not say when it was made
    ] {
        let mut keys = authorities().keys().to_vec();
        keys.push(IssuerKey { usages, revoked_from, ..signer.clone() });
        let verdict = judged_by(&sealed(DATA, BY_P384), &KeySet::new(keys));
        assert_eq!(verdict.reason(), reason, "{usages:?}");
    }
}

#[test]
fn a_signer_in_the_set_signs_the_documents_that_its_certificate_names() {
    let own = |certificate: &str| {
        let der = base64(certificate, "").unwrap();
        let key = PublicKey::P256((*p256().verifying_key()).into());
        KeySet::new(vec![entry(&Sha256::digest(&der)[..8], key, Some("UTO"))])
    };
    for (data, certificate, reason) in [
        (DATA, BY_P384, "accepted"),
        (TEST, BY_P384, "usage_not_allowed"), // for proofs of vaccination
        (TEST, BY_P256, "accepted"),
        (TEST, BY_RSA, "accepted"),        // names none
        (DATA, WITHOUT_USAGE, "accepted"), // the set says what it is for
        (TEST, WITHOUT_USAGE, "usage_not_allowed"),
    ] {
        let verdict = judged_by(&sealed(data, certificate), &own(certificate));
        assert_eq!(verdict.reason(), reason, "{certificate}");
    }
}
