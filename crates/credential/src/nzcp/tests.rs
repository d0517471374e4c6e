use ciborium::{Value, cbor};

use super::*;
use crate::testing::{
    EXPIRES, ISSUED, KID, Message, encode, header, judged_by, keys_for, no_change_is_accepted, wrap,
};
use crate::{Evidence, KeySet};

const DID: &str = "did:web:nzcp.example";
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn base32(bytes: &[u8]) -> String {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1));
    let value = |at: usize| (0..5).fold(0, |value, next| value << 1 | bit(at * 5 + next));
    (0..(bytes.len() * 8).div_ceil(5)).map(|at| char::from(ALPHABET[value(at)])).collect()
}

fn credential() -> Value {
    let subject = cbor!({ "givenName" => "Jack", "familyName" => "Sparrow", "dob" => "1960-04-16" }).unwrap();
    cbor!({
        "@context" => ["https://www.w3.org/2018/credentials/v1"], "version" => "1.0.0",
        "type" => ["VerifiableCredential", "PublicCovidPass"], "credentialSubject" => subject,
    })
    .unwrap()
}

fn claims() -> Vec<(Value, Value)> {
    let cti = Value::Bytes((0..16).collect());
    let claims: [(Value, Value); 5] = [
        (1.into(), DID.into()),
        (4.into(), EXPIRES.into()),
        (5.into(), ISSUED.into()),
        (7.into(), cti),
        ("vc".into(), credential()),
    ];
    claims.to_vec()
}

fn without(claim: &Value, value: Option<Value>) -> Vec<(Value, Value)> {
    let mut claims = claims();
    claims.retain(|(key, _)| key != claim);
    claims.extend(value.map(|value| (claim.clone(), value)));
    claims
}

fn text(claims: Vec<(Value, Value)>) -> String {
    format!("NZCP:/1/{}", base32(&Message::new(header(-7)).claims(claims).by_p256()))
}

fn keys() -> KeySet {
    keys_for(Format::NzCovidPass, Some(DID))
}

#[track_caller]
fn check(text: &str, reason: &str) {
    let verdict = judged_by(text, &keys());
    assert_eq!(verdict.reason(), reason, "{:?}", verdict.evidence());
}

#[test]
fn a_pass_says_who_may_pass() {
    let verdict = judged_by(&text(claims()), &keys());
    assert_eq!(verdict.reason(), "accepted", "{:?}", verdict.evidence());
    let pass = verdict.pass().unwrap();
    assert_eq!((pass.kind, pass.issuer.as_deref()), (Kind::HealthPass, Some(DID)));
    assert_eq!(pass.id, "urn:uuid:00010203-0405-0607-0809-0a0b0c0d0e0f");
    assert_eq!((pass.issued_at, pass.not_before, pass.expires_at), (None, Some(ISSUED), Some(EXPIRES)));
    assert_eq!((pass.holder.given_name.as_str(), pass.holder.date_of_birth.as_str()), ("Jack", "1960-04-16"));
}

#[test]
fn claims_that_it_must_have_are_looked_for() {
    let subject = |value| {
        let mut vc = credential();
        vc.as_map_mut().unwrap()[3].1 = value;
        without(&"vc".into(), Some(vc))
    };
    let types = |names: &[&str]| {
        let mut vc = credential();
        vc.as_map_mut().unwrap()[2].1 =
            names.iter().map(|name| Value::from(*name)).collect::<Vec<_>>().into();
        without(&"vc".into(), Some(vc))
    };
    let table = [
        (without(&4.into(), None), "claim_missing"),
        (without(&5.into(), None), "claim_missing"),
        (without(&7.into(), None), "claim_missing"),
        (without(&7.into(), Some(Value::Bytes(vec![1; 15]))), "claim_invalid"),
        (without(&4.into(), Some(f64::NAN.into())), "claim_invalid"),
        (without(&4.into(), Some(1e300.into())), "claim_invalid"),
        (without(&4.into(), Some((-1).into())), "claim_invalid"),
        (without(&4.into(), Some("1".into())), "claim_invalid"),
        (without(&4.into(), Some((ISSUED + 1).into())), "expired"),
        (without(&5.into(), Some(EXPIRES.into())), "not_yet_valid"),
        (without(&"vc".into(), None), "claim_missing"),
        (without(&"vc".into(), Some(1.into())), "claim_invalid"),
        (types(&["VerifiableCredential"]), "schema_violation"),
        (types(&["PublicCovidPass"]), "schema_violation"),
        (subject(1.into()), "schema_violation"),
        (subject(cbor!({ "dob" => "1960-04-16" }).unwrap()), "schema_violation"),
        (subject(cbor!({ "givenName" => "Jack", "dob" => "1960" }).unwrap()), "schema_violation"),
    ];
    for (row, (claims, reason)) in table.into_iter().enumerate() {
        assert_eq!(judged_by(&text(claims), &keys()).reason(), reason, "row {row}");
    }
}

#[test]
fn a_key_is_known_by_its_issuer_and_its_id() {
    check(&text(without(&1.into(), Some("did:web:nzcp.example.evil".into()))), "unknown_key");
    check(&text(without(&1.into(), None)), "unknown_key");
    let text = text(claims());
    for (format, issuer, reason) in [
        (Format::NzCovidPass, Some(DID), "accepted"),
        (Format::NzCovidPass, Some("did:web:other"), "unknown_key"),
        (Format::Dcc, Some(DID), "unknown_key"),
        (Format::SmartHealthCard, Some(DID), "unknown_key"),
    ] {
        assert_eq!(judged_by(&text, &keys_for(format, issuer)).reason(), reason, "{format:?} {issuer:?}");
    }
}

/// Nor does this key verify what is not its format.
#[test]
fn its_key_verifies_no_health_certificate() {
    let dcc = wrap(&Message::new(header(-7)).by_p256());
    assert_eq!(judged_by(&dcc, &keys()).reason(), "unknown_key");
    assert_eq!(judged_by(&dcc, &keys_for(Format::Dcc, None)).reason(), "accepted");
}

#[test]
fn a_key_id_can_be_text() {
    let kid = Value::Map(vec![
        (1.into(), (-7).into()),
        (4.into(), String::from_utf8(KID.to_vec()).unwrap().into()),
    ]);
    let message = Message::new(kid).claims(claims());
    check(&format!("NZCP:/1/{}", base32(&message.by_p256())), "accepted");
}

#[test]
fn only_es256_will_do() {
    for (alg, reason) in [
        (-8, "algorithm_not_supported"),
        (-37, "algorithm_not_supported"),
        (5, "algorithm_not_supported"),
        (-257, "algorithm_not_supported"),
        (-16, "algorithm_not_supported"),
    ] {
        let message = Message::new(header(alg)).claims(claims());
        check(&format!("NZCP:/1/{}", base32(&message.by_p256())), reason);
    }
    let unsigned = encode(&Message::new(header(-7)).claims(claims()).with_signature(&[]));
    check(&format!("NZCP:/1/{}", base32(&unsigned)), "bad_signature");
}

#[test]
fn what_is_none_is_refused() {
    let mut twice = claims();
    twice.push(twice[0].clone());
    let table = [
        ("NZCP:/1/".to_owned(), "broken_cose"),
        ("NZCP:/2/AAAA".to_owned(), "unsupported_version"),
        ("NZCP:/".to_owned(), "unsupported_version"),
        ("NZCP:/1/aaaa".to_owned(), "broken_text"),
        ("NZCP:/1/MZ======".to_owned(), "broken_text"),
        (format!("NZCP:/1/{}", "A".repeat(9000)), "text_too_long"),
        (text(twice), "broken_cose"),
    ];
    for (text, reason) in table {
        check(&text, reason);
    }
    let verdict = judged_by("NZCP:/\u{202e}99999999999/", &keys());
    assert_eq!(verdict.evidence(), [("prefix", Evidence::Text("NZCP:/\\u{202e}9999999/".into()))]);
}

#[test]
fn no_character_can_be_another() {
    no_change_is_accepted(&text(claims()), "AZ27a1=/ ", &keys());
}
