use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use p256::ecdsa::signature::Signer as _;
use serde_json::json;
use std::io::Write as _;

use super::*;
use crate::judge::{DETECTED, NOT_DETECTED};
use crate::laboratory::{ANTIGEN, NAAT};
use crate::testing::{EXPIRES, ISSUED, KID, NOW, judged_by, keys_for, no_change_is_accepted, p256, wrap};
use crate::{Context, InForce, KeySet, Kind, Revocation, judge_text};

mod parts;

const ISSUER: &str = "https://a.example/issuer";

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(vec![], Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn digits(jws: &str) -> String {
    jws.bytes().map(|byte| format!("{:02}", byte - 45)).collect()
}

fn base64(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn header() -> Value {
    json!({ "alg": "ES256", "zip": "DEF", "kid": String::from_utf8(KID.to_vec()).unwrap() })
}

/// Of bytes as they are, signed.
fn jws(header: &str, payload: &[u8]) -> String {
    let signed = format!("{}.{}", base64(header.as_bytes()), base64(payload));
    let signature: p256::ecdsa::Signature = p256().sign(signed.as_bytes());
    format!("{signed}.{}", base64(&signature.to_bytes()))
}

fn text(header: &Value, claims: &Value) -> String {
    card(&jws(&header.to_string(), &deflate(claims.to_string().as_bytes())))
}

fn card(jws: &str) -> String {
    format!("shc:/{}", digits(jws))
}

fn shot(code: &str, date: &str) -> Value {
    json!({ "resource": {
        "resourceType": "Immunization", "status": "completed", "occurrenceDateTime": date,
        "vaccineCode": { "coding": [{ "system": "http://hl7.org/fhir/sid/cvx", "code": code }] },
        "performer": [{ "actor": { "display": "ABC" } }],
    } })
}

fn test(value: Value) -> Value {
    test_by("94558-4", value)
}

/// By a method of LOINC.
fn test_by(method: &str, value: Value) -> Value {
    json!({ "resource": {
        "resourceType": "Observation", "status": "final", "effectiveDateTime": "2021-05-31T10:00:00Z",
        "code": { "coding": [
            { "system": "http://snomed.info/sct", "code": "1" }, { "system": "http://loinc.org", "code": method },
        ] },
        "valueCodeableConcept": { "coding": [{ "system": "http://snomed.info/sct", "code": value }] },
    } })
}

fn claims(entries: &[Value]) -> Value {
    let name = json!([{ "family": "Anyperson", "given": ["John", "B."] }]);
    let patient =
        json!({ "resource": { "resourceType": "Patient", "name": name, "birthDate": "1951-01-20" } });
    let entries: Vec<Value> = std::iter::once(patient).chain(entries.iter().cloned()).collect();
    json!({ "iss": ISSUER, "nbf": ISSUED, "vc": {
        "type": [HEALTH_CARD], "rid": "abc",
        "credentialSubject": { "fhirVersion": "4.0.1", "fhirBundle": { "resourceType": "Bundle", "entry": entries } },
    } })
}

fn doses() -> Value {
    claims(&[shot("207", "2021-01-01"), shot("207", "2021-01-29")])
}

fn keys() -> KeySet {
    keys_for(Format::SmartHealthCard, Some(ISSUER))
}

#[track_caller]
fn check(text: &str, reason: &str) {
    let verdict = judged_by(text, &keys());
    assert_eq!(verdict.reason(), reason, "{:?}", verdict.evidence());
}

#[test]
fn doses_are_counted_and_given_in_the_codes_of_a_dcc_the_latest_first() {
    let verdict = judged_by(&text(&header(), &doses()), &keys());
    assert_eq!(verdict.reason(), "accepted", "{:?}", verdict.evidence());
    let pass = verdict.pass().unwrap();
    assert_eq!((pass.kind, pass.holder.given_name.as_str()), (Kind::Vaccination, "John B."));
    assert_eq!(pass.card, Some(CardId { kid: String::from_utf8(KID.to_vec()).unwrap(), rid: "abc".into() }));
    let rules = pass.claims.for_rules();
    let latest = json!({ "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1507", "ma": "ORG-100031184",
        "dn": 2, "dt": "2021-01-29", "is": "ABC" });
    assert_eq!((&rules["v"][0], &rules["v"][1]["dn"]), (&latest, &json!(1)));
}

#[test]
fn a_test_counts_by_its_result() {
    for (code, reason) in [
        ("260415000", "accepted"),
        ("260385009", "accepted"),
        ("260373001", "positive_test"),
        ("10828004", "positive_test"),
        ("419984006", "unclear_test"),
    ] {
        check(&text(&header(), &claims(&[test(code.into())])), reason);
    }
}

/// An antibody test says nothing of an infection, and one for another disease nothing of this one.
#[test]
fn only_a_test_for_an_infection_with_the_virus_is_one() {
    for (method, code, reason, kind) in [
        ("94500-6", NOT_DETECTED, "accepted", Some(NAAT)),
        ("94565-9", NOT_DETECTED, "accepted", Some(NAAT)),
        ("94845-5", "260385009", "accepted", Some(NAAT)),
        ("94558-4", NOT_DETECTED, "accepted", Some(ANTIGEN)),
        ("97097-0", NOT_DETECTED, "accepted", Some(ANTIGEN)),
        ("94500-6", DETECTED, "positive_test", Some(NAAT)),
        ("94563-4", NOT_DETECTED, "format_not_supported", None), // IgG antibodies
        ("94563-4", DETECTED, "format_not_supported", None),
        ("80382-5", NOT_DETECTED, "format_not_supported", None), // influenza A
        ("5195-3", NOT_DETECTED, "format_not_supported", None),  // hepatitis B
        ("", NOT_DETECTED, "format_not_supported", None),
    ] {
        let verdict = judged_by(&text(&header(), &claims(&[test_by(method, code.into())])), &keys());
        assert_eq!(verdict.reason(), reason, "{method}");
        let rules = verdict.pass().map(|pass| pass.claims.for_rules());
        assert_eq!(rules.as_ref().and_then(|rules| rules["t"][0]["tt"].as_str()), kind, "{method}");
    }
}

/// Registers hold a dose twice when two places reported it.
#[test]
fn a_dose_that_stands_there_twice_counts_once() {
    let dose = |entries: &[Value]| {
        let verdict = judged_by(&text(&header(), &claims(entries)), &keys());
        let rules = verdict.pass().unwrap().claims.for_rules();
        let doses = rules["v"].as_array().unwrap().len();
        (doses, rules["v"][0]["dn"].as_u64().unwrap(), rules["v"][0]["mp"].as_str().map(str::to_owned))
    };
    let moderna = || Some("EU/1/20/1507".to_owned());
    for (entries, expected) in [
        (vec![shot("207", "2021-01-01"), shot("207", "2021-01-01")], (1, 1, moderna())),
        (vec![shot("207", "2021-01-01"), shot("221", "2021-01-01T10:00:00Z")], (1, 1, moderna())),
        (vec![shot("213", "2021-01-01"), shot("207", "2021-01-01")], (1, 1, moderna())), // "unspecified"
        (vec![shot("207", "2021-01-01"), shot("213", "2021-01-01")], (1, 1, moderna())),
        (
            vec![shot("207", "2021-01-29"), shot("207", "2021-01-01"), shot("207", "2021-01-29")],
            (2, 2, moderna()),
        ),
    ] {
        assert_eq!(dose(&entries), expected, "{entries:?}");
    }
}

#[test]
fn bundles_that_cannot_be_judged_are_refused() {
    let unfinished = |status: &str| {
        let mut shot = shot("207", "2021-01-01");
        shot["resource"]["status"] = status.into();
        claims(&[shot])
    };
    let many = vec![shot("207", "2021-01-01"); 100];
    let table = [
        (claims(&[]), "not_one_certificate"),
        (claims(&[shot("207", "2021-01-01"), test("260415000".into())]), "not_one_certificate"),
        (claims(&[test("260415000".into()), test("260415000".into())]), "not_one_certificate"),
        (claims(&[shot("140", "2021-01-01")]), "format_not_supported"),
        (claims(&[shot("999", "2021-01-01"), shot("140", "2021-01-01")]), "format_not_supported"),
        (claims(&[shot("207", "soon")]), "schema_violation"),
        (unfinished("not-done"), "schema_violation"),
        (unfinished("entered-in-error"), "schema_violation"),
        (claims(&many), "schema_violation"),
        (
            claims(&[shot("207", "2021-01-01"), json!({ "resource": { "resourceType": "Patient" } })]),
            "schema_violation",
        ),
        (claims(&[test(json!({}))]), "schema_violation"),
    ];
    for (row, (claims, reason)) in table.into_iter().enumerate() {
        assert_eq!(judged_by(&text(&header(), &claims), &keys()).reason(), reason, "row {row}");
    }
}

#[test]
fn claims_are_looked_for_and_have_to_be_what_they_are() {
    let table: [(&str, Value, &str); 12] = [
        ("nbf", Value::Null, "claim_invalid"),
        ("nbf", "1".into(), "claim_invalid"),
        ("nbf", 1e300.into(), "claim_invalid"),
        ("nbf", (-1).into(), "claim_invalid"),
        ("nbf", (NOW as f64 + 0.5).into(), "accepted"),
        ("nbf", (NOW + 1).into(), "not_yet_valid"),
        ("exp", (NOW - 1).into(), "expired"),
        ("exp", EXPIRES.into(), "accepted"),
        ("iss", "https://a.example/issuer/".into(), "unknown_key"),
        ("iss", 1.into(), "unknown_key"),
        ("vc", 1.into(), "schema_violation"),
        ("vc", json!({ "type": [HEALTH_CARD], "rid": "a.b" }), "schema_violation"),
    ];
    for (claim, value, reason) in table {
        let mut claims = doses();
        claims[claim] = value.clone();
        let verdict = judged_by(&text(&header(), &claims), &keys());
        assert_eq!(verdict.reason(), reason, "{claim} {value}: {:?}", verdict.evidence());
    }
    for claim in ["nbf", "vc"] {
        let mut claims = doses();
        claims.as_object_mut().unwrap().remove(claim);
        check(&text(&header(), &claims), "claim_missing");
    }
}

/// `none`, a MAC whose secret would be the public key, algorithms of other keys.
#[test]
fn only_es256_will_do() {
    for alg in ["none", "None", "HS256", "RS256", "PS256", "EdDSA", "ES384", "ES256K", "es256", ""] {
        let mut header = header();
        header["alg"] = alg.into();
        check(&text(&header, &doses()), "algorithm_not_supported");
    }
    let mut without = header();
    without.as_object_mut().unwrap().remove("alg");
    check(&text(&without, &doses()), "algorithm_missing");
    let signed = text(&header(), &doses());
    let end = signed.len() - 86 * 2;
    check(&signed[..end], "bad_signature");
}

#[test]
fn what_is_no_signed_card_is_refused() {
    let head = header().to_string();
    let with = |name: &str, value: Value| {
        let mut header = header();
        header[name] = value;
        text(&header, &doses())
    };
    let duplicate = head.replacen('{', r#"{"alg":"none","#, 1);
    let body = deflate(doses().to_string().as_bytes());
    let twice = doses().to_string().replacen('{', r#"{"iss":"https://a.example/issuer","#, 1);
    let table = [
        (with("crit", json!(["b64"])), "critical_header"),
        (with("zip", "GZ".into()), "broken_jws"),
        (with("kid", "other".into()), "unknown_key"),
        (card(&jws(&duplicate, &body)), "broken_jws"),
        (card(&jws("{}", &body)), "algorithm_missing"),
        (card(&jws(&head, &deflate(twice.as_bytes()))), "broken_jws"),
        (card(&jws(&head, &deflate(&[b' '; 100_000]))), "inflated_too_large"),
        (card(&jws(&head, b"\xff\xff")), "broken_zlib"),
        (card(&jws(&head, &[&body[..], &[0]].concat())), "broken_zlib"),
        (card(&jws(&head, &deflate(b"{}"))), "unknown_key"),
        (card("a.b"), "broken_jws"),
        (card("a.b.c.d"), "broken_jws"),
        (card(""), "broken_jws"),
        ("shc:/5".to_owned(), "broken_text"),
        ("shc:/78".to_owned(), "broken_text"),
        ("shc:/5x".to_owned(), "broken_text"),
        (format!("shc:/{}", "5".repeat(MAX_TEXT)), "text_too_long"),
    ];
    for (text, reason) in table {
        check(&text, reason);
    }
}

#[test]
fn a_key_of_one_system_proves_nothing_in_another() {
    let card = text(&header(), &doses());
    for (format, issuer, reason) in [
        (Format::SmartHealthCard, None, "accepted"),
        (Format::SmartHealthCard, Some("https://b.example"), "unknown_key"),
        (Format::Dcc, None, "unknown_key"),
        (Format::NzCovidPass, Some(ISSUER), "unknown_key"),
    ] {
        assert_eq!(judged_by(&card, &keys_for(format, issuer)).reason(), reason, "{format:?} {issuer:?}");
    }
    let dcc = wrap(&crate::testing::Message::new(crate::testing::header(-7)).by_p256());
    assert_eq!(judged_by(&dcc, &keys()).reason(), "unknown_key");
}

#[test]
fn no_character_can_be_another() {
    no_change_is_accepted(&text(&header(), &claims(&[shot("207", "2021-01-01")])), "0359/ ", &keys());
}

#[test]
fn cards_are_revoked_by_their_rid_before_a_second_or_altogether() {
    let kid = String::from_utf8(KID.to_vec()).unwrap();
    let list = |rids: &[String]| {
        let list = json!({ "kid": kid, "method": "rid", "ctr": 1, "rids": rids });
        RevokedCards::parse(list.to_string().as_bytes()).unwrap()
    };
    let card = text(&header(), &doses());
    let keys = keys();
    let reason = |revocation: &dyn Revocation| {
        judge_text(&card, Context { keys: &keys, revocation, policy: InForce::Nothing }, NOW).reason()
    };
    let at = |second: i64| format!("abc.{second}");
    assert_eq!(reason(&list(&["abc".into()])), "revoked");
    assert_eq!(reason(&list(&[at(ISSUED + 1)])), "revoked");
    assert_eq!(reason(&list(&[at(ISSUED)])), "accepted");
    assert_eq!(reason(&list(&[at(ISSUED), "abc".into()])), "revoked");
    assert_eq!(reason(&list(&[at(ISSUED), at(ISSUED + 1)])), "revoked");
    assert_eq!(reason(&list(&["abcd".into(), "ab".into()])), "accepted");
    let other = RevokedCards::parse(br#"{"kid":"x","method":"rid","ctr":1,"rids":["abc"]}"#).unwrap();
    assert_eq!(reason(&other), "accepted");
    for bad in [
        "",
        "{}",
        r#"{"kid":"x","method":"y","rids":[]}"#,
        r#"{"kid":"x","method":"rid","rids":["."]}"#,
        r#"{"kid":"x","method":"rid","rids":["a.b"]}"#,
        r#"{"kid":"x","method":"rid","rids":[1]}"#,
    ] {
        assert!(RevokedCards::parse(bad.as_bytes()).is_err(), "{bad}");
    }
}
