use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::key::{IssuerKey, PublicKey, Scope};
use crate::testing::trusted;
use crate::{Context, Evidence, InForce, Kind, Lazy, NothingRevoked, Outcome, Verdict, judge_text};

mod keys;

use keys::{EXAMPLE_ED25519, EXAMPLE_RSA, INDIA};

/// Published samples: of India's issuer, as its code has it (WorldHealthOrganization/ddcc-validator), and of DIVOC's
/// own examples (Path-Check/divoc-sdk.js and egovernments/DIVOC). The persons are made up.
const INDIAN: &str = include_str!("tests/india.txt");
const BY_RSA: &str = include_str!("tests/rsa.json");
const BY_ED25519: &str = include_str!("tests/ed25519.json");

/// 2021-12-20T11:33:20Z.
const NOW: i64 = 1_640_000_000;

fn key(kid: &[u8], key: PublicKey, issuer: Option<&str>) -> IssuerKey {
    let scope = Scope { formats: vec![Format::Divoc], issuer: issuer.map(str::to_owned) };
    IssuerKey { scope, ..trusted(kid, key) }
}

fn bytes(base64: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(base64).unwrap()
}

fn rsa(modulus: &str) -> PublicKey {
    PublicKey::rsa(&bytes(modulus), &[1, 0, 1])
}

fn ed25519() -> PublicKey {
    PublicKey::Ed25519(Lazy::unread(&bytes(EXAMPLE_ED25519)))
}

/// All three, which share one name.
fn key_set() -> KeySet {
    KeySet::new([rsa(INDIA), rsa(EXAMPLE_RSA), ed25519()].map(|it| key(b"did:india", it, None)).to_vec())
}

fn judged_by(text: &str, keys: &KeySet) -> Verdict {
    judge_text(text, Context { keys, revocation: &NothingRevoked, policy: InForce::Nothing }, NOW)
}

fn judged(text: &str) -> Verdict {
    judged_by(text, &key_set())
}

/// The sample of India as the JSON that is packed in it.
fn indian() -> String {
    String::from_utf8(unpacked(INDIAN.trim()).unwrap()).unwrap()
}

#[test]
fn certificates_that_were_issued_hold_under_their_issuers_keys() {
    for (text, issuer, name, id, issued_at) in [
        (
            INDIAN,
            "https://cowin.gov.in/",
            "Third March User One",
            "https://cowin.gov.in/vaccine/92047670169",
            1_614_745_726,
        ),
        (
            BY_RSA,
            "https://cowin.gov.in/",
            "Bhaya Mitra",
            "https://cowin.gov.in/vaccine/undefined",
            1_610_731_273,
        ),
        (
            BY_ED25519,
            "https://divoc.dev/",
            "Bhaya Mitra",
            "https://divoc.dev/vaccine/undefined",
            1_630_061_877,
        ),
    ] {
        let verdict = judged(text);
        assert_eq!(verdict.reason(), "accepted", "{issuer}: {:?}", verdict.evidence());
        let pass = verdict.pass().unwrap();
        assert_eq!((pass.format, pass.kind), (Format::Divoc, Kind::Vaccination));
        assert_eq!((pass.issuer.as_deref(), pass.issued_at), (Some(issuer), Some(issued_at)));
        assert_eq!((pass.holder.family_name.as_str(), pass.id.as_str()), (name, id));
    }
}

#[test]
fn rules_read_it_as_a_dcc() {
    let verdict = judged(INDIAN);
    let claims = &verdict.pass().unwrap().claims;
    let expected = json!({
        "nam": { "fn": "Third March User One", "gn": "" }, "dob": "",
        "v": [{
            "tg": "840539006", "vp": "J07BX03", "mp": "Covishield", "ma": "ORG-100001981", "dn": 1, "sd": 2,
            "dt": "2021-03-03", "co": "IN", "ci": "https://cowin.gov.in/vaccine/92047670169"
        }]
    });
    assert_eq!(claims.for_rules(), expected);
    assert_eq!(claims.to_json()["credentialSubject"]["nationality"], "Indian");
    assert!(claims.to_json().get("proof").is_none());
}

#[test]
fn a_code_may_hold_the_file_as_it_is_or_its_json() {
    let file = BASE64.decode(&INDIAN.trim()[4..]).unwrap();
    let as_text: String = file.iter().copied().map(char::from).collect();
    for text in [as_text.clone(), indian(), format!("{}\r\n", INDIAN.trim()), format!(" {}", indian())] {
        assert_eq!(judged(&text).reason(), "accepted", "{text}");
    }
    assert_eq!(judged(&as_text.replacen('\u{8}', "Ж", 1)).reason(), "broken_zip");
}

#[test]
fn whoever_is_not_known_cannot_be_told() {
    let example = || rsa(EXAMPLE_RSA);
    for keys in [
        vec![],
        vec![key(b"did:srilanka:moh", example(), None)],
        vec![key(b"did:india", example(), Some("https://divoc.dev/"))],
        vec![trusted(b"did:india", example())],
    ] {
        let verdict = judged_by(BY_RSA, &KeySet::new(keys));
        assert_eq!((verdict.reason(), verdict.outcome()), ("unknown_key", Outcome::CannotTell));
    }
    let keys = KeySet::new(vec![key(b"did:india", example(), Some("https://cowin.gov.in/"))]);
    assert_eq!(judged_by(BY_RSA, &keys).reason(), "accepted");
}

#[test]
fn a_key_signs_by_its_own_algorithm_alone() {
    let by = |text: &str, it| judged_by(text, &KeySet::new(vec![key(b"did:india", it, None)]));
    assert_eq!(by(BY_RSA, ed25519()).reason(), "algorithm_mismatch");
    assert_eq!(by(BY_ED25519, rsa(INDIA)).reason(), "algorithm_mismatch");
    assert_eq!(by(BY_RSA, rsa(INDIA)).reason(), "bad_signature");
    let header = |json: &str| {
        let (before, rest) = BY_ED25519.split_once("eyJ").unwrap();
        let (_, after) = rest.split_once("..").unwrap();
        format!("{before}{}..{after}", URL_SAFE_NO_PAD.encode(json))
    };
    let table = [
        (r#"{"alg":"EdDSA","b64":false,"crit":["b64"]}"#, "accepted"),
        // Signed as it stands there.
        (r#"{"b64":false,"alg":"EdDSA","crit":["b64"]}"#, "bad_signature"),
        (r#"{"alg":"EdDSA","b64":true,"crit":["b64"]}"#, "broken_json"),
        (r#"{"alg":"EdDSA","crit":["b64"]}"#, "broken_json"),
        (r#"{"alg":"EdDSA","b64":false}"#, "broken_json"),
        (r#"{"alg":"EdDSA","b64":false,"crit":["b64","exp"]}"#, "broken_json"),
        (r#"{"alg":"EdDSA","b64":false,"crit":["b64"],"kid":"x"}"#, "broken_json"),
        (r#"{"alg":"EdDSA","alg":"EdDSA","b64":false,"crit":["b64"]}"#, "broken_json"),
        (r#"{"alg":"PS256","b64":false,"crit":["b64"]}"#, "algorithm_not_supported"),
        (r#"{"alg":"none","b64":false,"crit":["b64"]}"#, "algorithm_not_supported"),
        (r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, "algorithm_not_supported"),
        (r#"{"b64":false,"crit":["b64"]}"#, "algorithm_missing"),
        ("{", "broken_json"),
    ];
    for (json, reason) in table {
        assert_eq!(judged(&header(json)).reason(), reason, "{json}");
    }
}

#[test]
fn what_is_no_signed_credential_is_refused() {
    let table = [
        ("\"jws\":\"eyJ", "\"jws\":\"", "broken_json"),
        ("Il19..", "Il19.AA.", "broken_json"),
        ("Il19..", "Il19.", "broken_json"),
        ("\"jws\"", "\"proofValue\"", "broken_json"),
        ("\"proof\"", "\"sig\"", "broken_json"),
        ("Ed25519Signature2018", "Ed25519Signature2020", "algorithm_not_supported"),
        ("Ed25519Signature2018", "RsaSignature2018", "algorithm_not_supported"),
        ("\"type\":\"Ed25519Signature2018\",", "", "algorithm_missing"),
        ("assertionMethod", "authentication", "broken_json"),
        ("\"did:india\"", "7", "broken_json"),
        ("\"created\"", "\"nonce\":\"1\",\"created\"", "schema_violation"),
        ("2021-08-27T10:57:57Z", "2021-08-27T10:57:58Z", "bad_signature"),
        ("did:india", "did:indiana", "unknown_key"),
        ("2018/credentials/v1", "2018/credentials/v2", "context_not_known"),
        (
            "divoc.dev/credentials/vaccination/v1\"",
            "divoc.dev/credentials/vaccination/v3\"",
            "context_not_known",
        ),
        (
            "\"https://divoc.dev/credentials/vaccination/v1\"",
            "{\"name\":\"https://schema.org/gender\"}",
            "context_not_known",
        ),
        ("\"https://www.w3.org/2018/credentials/v1\",", "", "context_not_known"),
        ("\"@context\":[", "\"@context\":[\"https://example.org\",", "context_not_known"),
    ];
    for (from, to, reason) in table {
        let text = BY_ED25519.replacen(from, to, 1);
        assert_ne!(text, BY_ED25519, "{from}");
        let verdict = judged(&text);
        assert_eq!(verdict.reason(), reason, "{from} → {to}: {:?}", verdict.evidence());
    }
    let unknown = judged(&BY_ED25519.replacen("divoc.dev/cred", "evil.example/cred", 1));
    let context = Evidence::Text("https://evil.example/credentials/vaccination/v1".into());
    assert_eq!(unknown.evidence(), [("context", context)]);
    for text in [
        "{\"@context\"",
        "{\"@context\":[]}",
        "{\"@context\":[],\"proof\":{}}",
        "{\"proof\":{\"@context\":1}}",
    ] {
        assert_ne!(judged(text).outcome(), Outcome::Accepted);
    }
}

/// What JSON-LD would leave out of the graph is signed by nobody, and the signature would hold.
#[test]
fn what_the_signature_would_not_cover_is_refused() {
    let table = [
        // As the sample of another issuer has it: nothing about its holder is signed.
        ("\"id\":\"did:in.gov.uidai.aadhaar:2342343334\"", "\"id\":\"\"", "credentialSubject.id"),
        ("\"id\":\"did:in.gov.uidai.aadhaar:2342343334\"", "\"id\":\"2342343334\"", "credentialSubject.id"),
        ("\"id\":\"did:in.gov.uidai.aadhaar:2342343334\"", "\"id\":\"_:b0\"", "credentialSubject.id"),
        ("\"id\":\"did:in.gov.uidai.aadhaar:2342343334\"", "\"id\":\"schema:x\"", "credentialSubject.id"),
        ("\"refId\"", "\"passport\":\"AB1\",\"refId\"", "credentialSubject.passport"),
        ("\"refId\"", "\"@index\":\"AB1\",\"refId\"", "credentialSubject.@index"),
        ("\"refId\"", "\"https://schema.org/id\"", "credentialSubject.https://schema.org/id"),
        ("\"nonTransferable\"", "\"holder\":\"did:x:y\",\"nonTransferable\"", "holder"),
        ("\"batch\"", "\"lot\"", "evidence.lot"),
    ];
    for (from, to, field) in table {
        let text = BY_ED25519.replacen(from, to, 1);
        assert_ne!(text, BY_ED25519, "{from}");
        let verdict = judged(&text);
        assert_eq!(verdict.reason(), "schema_violation", "{to}");
        assert_eq!(verdict.evidence()[0], ("field", Evidence::Text(field.into())), "{to}");
    }
}

/// Values of one relation can be exchanged, and the signature holds; they must not come to mean something else.
#[test]
fn values_that_the_signature_does_not_tell_apart_gain_nothing_when_exchanged() {
    let good = judged(INDIAN).pass().unwrap().claims.for_rules();
    let text = indian();
    let refused = [
        ("\"dose\":1,\"totalDoses\":2", "\"dose\":2,\"totalDoses\":1", "evidence.dose"),
        (
            "\"date\":\"2021-03-03T04:28:43.134Z\",\"effectiveStart\":\"2021-03-03\"",
            "\"date\":\"2021-03-03\",\"effectiveStart\":\"2021-03-03T04:28:43.134Z\"",
            "evidence.date",
        ),
    ];
    for (from, to, field) in refused {
        let verdict = judged(&text.replacen(from, to, 1));
        assert_eq!(verdict.reason(), "schema_violation", "{to}");
        assert_eq!(verdict.evidence()[0], ("field", Evidence::Text(field.into())), "{to}");
    }
    let same = [
        (
            "\"batch\":\"Dummy-TGN-Chamba\",\"vaccine\":\"COVISHIELD\"",
            "\"vaccine\":\"Dummy-TGN-Chamba\",\"batch\":\"COVISHIELD\"",
        ),
        ("\"certificateId\":\"92047670169\"", "\"icd11Code\":\"92047670169\""),
        ("\"type\":[\"Vaccination\"]", "\"type\":\"Vaccination\""),
        ("vaccination/v1", "vaccination/v2"),
    ];
    for (from, to) in same {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        let verdict = judged(&changed);
        assert_eq!(verdict.reason(), "accepted", "{to}: {:?}", verdict.evidence());
        assert_eq!(verdict.pass().unwrap().claims.for_rules(), good, "{to}");
    }
}

#[test]
fn no_bit_of_a_credential_can_be_changed() {
    for text in [BY_ED25519, &indian()] {
        for at in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] ^= 1 << (at % 7);
            let changed = String::from_utf8(bytes).unwrap();
            assert_ne!(judged(&changed).reason(), "accepted", "byte {at}: {changed}");
        }
    }
}

/// Not everything around a file is of its contents: its time, for one.
#[test]
fn no_bit_of_a_file_can_be_changed_but_those_that_say_nothing() {
    let good = judged(INDIAN);
    let text = INDIAN.trim();
    for at in 0..text.len() {
        for bit in [1, 2, 4, 8, 16, 32, 64] {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] ^= bit;
            let verdict = judged(&String::from_utf8(bytes).unwrap());
            assert!(verdict.reason() != "accepted" || verdict == good, "byte {at}, bit {bit}");
        }
    }
}

proptest! {
    #[test]
    fn no_change_panics_or_is_accepted_as_something_else(
        text in prop::sample::select(vec![INDIAN, BY_ED25519, BY_RSA]),
        at: prop::sample::Index, take in 0_usize..6, put in "\\PC{0,6}"
    ) {
        let start = at.index(text.len());
        let end = (start + take).min(text.len());
        let verdict = judged(&format!("{}{put}{}", &text[..start], &text[end..]));
        prop_assert!(verdict.reason() != "accepted" || verdict == judged(text));
    }

    #[test]
    fn no_text_with_its_beginning_panics_or_is_accepted(start in "B64:|PK\u{3}\u{4}|\\{\"@context\"", rest in "\\PC{0,200}") {
        prop_assert_ne!(judged(&(start + &rest)).reason(), "accepted");
    }
}
