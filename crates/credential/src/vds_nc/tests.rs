use p256::ecdsa::signature::Signer as _;
use proptest::prelude::*;

use super::*;
use crate::key::{IssuerKey, PublicKey, Scope};
use crate::testing::{NOW, judged_by, p256, p384, trusted};
use crate::{Context, Evidence, InForce, Kind, NothingRevoked, Outcome, Verdict, judge_text};

mod certificates;
mod remembered;
mod trusted;

use certificates::*;

/// Samples as they are published: by WorldHealthOrganization/ddcc-validator (Australia) and, of Japan and of ICAO's
/// Utopia, among the tests of KDE/khealthcertificate.
const AUSTRALIA: &str = include_str!("tests/australia.json");
const JAPAN: &str = include_str!("tests/japan.json");
const UTOPIA: &str = include_str!("tests/utopia.json");

fn seals() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![AUSTRALIA, JAPAN, UTOPIA])
}

fn entry(kid: &[u8], key: PublicKey, issuer: Option<&str>) -> IssuerKey {
    let scope = Scope { formats: vec![Format::VdsNc], issuer: issuer.map(str::to_owned) };
    IssuerKey { scope, ..trusted(kid, key) }
}

/// The set that has this seal's own certificate.
fn keys_of(seal: &str) -> KeySet {
    let seal: Value = serde_json::from_str(seal).unwrap();
    let der = base64(seal["sig"]["cer"].as_str().unwrap(), "").unwrap();
    // The published certificates are not all to be had with their authorities, so only their keys are looked at.
    let spki = der.windows(27).position(|bytes| bytes.starts_with(SPKI_P256)).unwrap();
    let point = &der[spki + SPKI_P256.len()..][..65];
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).unwrap();
    KeySet::new(vec![entry(&Sha256::digest(&der)[..8], PublicKey::P256(key.into()), None)])
}

/// SubjectPublicKeyInfo of P-256, up to its point (RFC 5480).
const SPKI_P256: &[u8] = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";

fn judged(seal: &str) -> Verdict {
    judged_by(seal, &keys_of(seal))
}

const DATA: &str = r#"{"hdr":{"is":"UTO","t":"icao.vacc","v":1},"msg":{"pid":{"dob":"1990-01-02","n":"SMITH  BILL"},"uvci":"U32870","ve":[{"des":"XM0GQ8","dis":"RA01.0","nam":"Comirnaty","vd":[{"ctr":"AUS","dvc":"2021-03-03","seq":1},{"ctr":"AUS","dvc":"2021-04-03","seq":2}]}]}}"#;
const TEST: &str = r#"{"hdr":{"is":"UTO","t":"icao.test","v":1},"msg":{"dat":{"sc":"2021-05-31T12:00:00+08:00"},"pid":{"dob":"1990-01-02","n":"SMITH  BILL"},"sp":{"spn":"Hospital"},"tr":{"r":"negative","tc":"molecular(PCR)"},"utci":"U01932"}}"#;

/// A seal around these bytes as they stand, signed by the key of [`BY_P384`] and the others: `data` has to be
/// canonical already.
fn sealed(data: &str, certificate: &str) -> String {
    let signature: p256::ecdsa::Signature = p256().sign(data.as_bytes());
    seal(data, "ES256", certificate, &BASE64.encode(signature.to_bytes()))
}

fn seal(data: &str, alg: &str, certificate: &str, signature: &str) -> String {
    format!(r#"{{"data":{data},"sig":{{"alg":"{alg}","cer":"{certificate}","sigvl":"{signature}"}}}}"#)
}

/// The authorities of the certificates, by the one identifier that all of them name.
fn authorities() -> KeySet {
    let p256 = p256::ecdsa::SigningKey::from_slice(&[9; 32]).unwrap();
    let n = base64(RSA_MODULUS, "").unwrap();
    KeySet::new(vec![
        entry(AUTHORITY, PublicKey::P384((*p384().verifying_key()).into()), Some("UTO")),
        entry(AUTHORITY, PublicKey::P256((*p256.verifying_key()).into()), Some("UTO")),
        entry(AUTHORITY, PublicKey::rsa(&n, &[1, 0, 1]), Some("UTO")),
    ])
}

#[test]
fn seals_that_were_issued_hold_under_their_own_certificate() {
    for (seal, kind, issuer, name, id) in [
        (AUSTRALIA, Kind::Vaccination, "AUS", "CITIZEN", "VB0009990012"),
        (JAPAN, Kind::Vaccination, "JPN", "MIYAKE SHOTA", "6U5RSWMBASG2"),
        (UTOPIA, Kind::Test, "UTO", "Cook Gerald", "U01932"),
    ] {
        let verdict = judged(seal);
        assert_eq!(verdict.reason(), "accepted", "{issuer}: {:?}", verdict.evidence());
        let pass = verdict.pass().unwrap();
        assert_eq!((pass.format, pass.kind, pass.issuer.as_deref()), (Format::VdsNc, kind, Some(issuer)));
        assert_eq!((pass.holder.family_name.as_str(), pass.id.as_str()), (name, id));
        assert_eq!(pass.signature().len(), 32);
    }
}

#[test]
fn certificates_that_were_issued_can_be_read_and_name_their_authority() {
    for (seal, authority, documents) in [
        (AUSTRALIA, "3617c1e7f56795712e3775708e55833186e9380e", "NV"),
        (JAPAN, "6ab4f29282bd9647f6ff2a02f7944d749e978463", "NV"),
    ] {
        let seal: Value = serde_json::from_str(seal).unwrap();
        let der = base64(seal["sig"]["cer"].as_str().unwrap(), "").unwrap();
        let certificate =
            Certificate::parse(&der).unwrap_or_else(|refusal| panic!("{authority}: {refusal:?}"));
        assert_eq!(Kid(certificate.authority().to_vec()).to_string(), authority);
        let signer = certificate.signer().unwrap();
        assert!(signer.may_sign(documents) && !signer.may_sign("NT"));
    }
}

#[test]
fn rules_read_a_proof_of_vaccination_as_a_dcc_of_its_latest_dose() {
    let verdict = judged(JAPAN);
    let claims = &verdict.pass().unwrap().claims;
    let expected = serde_json::json!({
        "nam": { "fn": "MIYAKE SHOTA", "gn": "" }, "dob": "1991-02-18",
        "v": [{
            "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
            "dn": 3, "dt": "2021-12-01", "ci": "6U5RSWMBASG2"
        }]
    });
    assert_eq!(claims.for_rules(), expected);
    assert_eq!(claims.to_json()["msg"]["ve"][1]["vd"][0]["lot"], "FE8206");
}

#[test]
fn rules_read_a_proof_of_testing_as_a_dcc() {
    let verdict = judged(UTOPIA);
    let claims = &verdict.pass().unwrap().claims;
    let expected = serde_json::json!({
        "nam": { "fn": "Cook Gerald", "gn": "" }, "dob": "1990-01-29",
        "t": [{
            "tg": "840539006", "tt": "LP6464-4", "tr": "260415000", "tc": "General Hospital",
            "sc": "2020-12-12T12:00:00+08:00", "ci": "U01932"
        }]
    });
    assert_eq!(claims.for_rules(), expected);
}

#[test]
fn only_a_test_that_finds_no_infection_is_accepted() {
    for (method, result, reason) in [
        ("molecular(PCR)", "negative", "accepted"),
        ("antigen", "normal", "accepted"),
        ("molecular(PCR)", "positive", "positive_test"),
        ("antigen", "abnormal", "positive_test"),
        ("antibody", "negative", "unclear_test"),
        ("antibody", "positive", "unclear_test"),
        ("antigen", "inconclusive", "unclear_test"),
    ] {
        let data = TEST.replace("molecular(PCR)", method).replace("negative", result);
        let verdict = judged_by(&sealed(&data, BY_P256), &authorities());
        assert_eq!(verdict.reason(), reason, "{method} {result}: {:?}", verdict.evidence());
    }
}

#[test]
fn both_alphabets_are_read_with_padding_and_without_but_not_mixed() {
    let plain = AUSTRALIA.replace('_', "/");
    let dash = |text: &str| {
        text.replace("-", "+").replace("1961+05+15", "1961-05-15").replace("2021+09+15", "2021-09-15")
    };
    assert_eq!(judged(&dash(&plain)).reason(), "accepted");
    assert_eq!(judged(&AUSTRALIA.replace("==\"", "\"")).reason(), "accepted");
    assert_eq!(judged_by(&plain, &keys_of(AUSTRALIA)).reason(), "broken_json");
}

#[test]
fn order_and_blanks_of_the_text_are_not_signed_and_change_nothing() {
    let seal: Value = serde_json::from_str(AUSTRALIA).unwrap();
    let pretty = format!("\n {}", serde_json::to_string_pretty(&seal).unwrap());
    assert_eq!(judged_by(&pretty, &keys_of(AUSTRALIA)).reason(), "accepted");
    let reversed = format!(r#"{{"sig":{},"data":{}}}"#, seal["sig"], seal["data"]);
    assert_eq!(judged_by(&reversed, &keys_of(AUSTRALIA)).reason(), "accepted");
}

#[test]
fn other_algorithms_are_refused() {
    let signature: p256::ecdsa::Signature = p256().sign(DATA.as_bytes());
    let value = BASE64.encode(signature.to_bytes());
    for alg in ["none", "ES384", "es256", "HS256", "", "\\u0045S256"] {
        let verdict = judged_by(&seal(DATA, alg, BY_P384, &value), &authorities());
        let expected = if alg == "\\u0045S256" { "accepted" } else { "algorithm_not_supported" };
        assert_eq!(verdict.reason(), expected, "{alg}");
    }
    let keys = KeySet::new(vec![entry(
        &Sha256::digest(base64(BY_P384, "").unwrap())[..8],
        PublicKey::Ed25519(crate::testing::ed25519().verifying_key().into()),
        None,
    )]);
    assert_eq!(judged_by(&sealed(DATA, BY_P384), &keys).reason(), "algorithm_mismatch");
}

#[test]
fn signatures_of_other_lengths_or_in_der_are_refused() {
    let signature: p256::ecdsa::Signature = p256().sign(DATA.as_bytes());
    let raw = signature.to_bytes().to_vec();
    let zero = [0; 64].to_vec();
    for value in
        [vec![], raw[..63].to_vec(), [&raw[..], &[0]].concat(), signature.to_der().as_bytes().to_vec(), zero]
    {
        let verdict = judged_by(&seal(DATA, "ES256", BY_P384, &BASE64.encode(value)), &authorities());
        assert_eq!(verdict.reason(), "bad_signature");
    }
}

#[test]
fn what_is_no_seal_is_refused() {
    let good = sealed(DATA, BY_P384);
    let table = [
        (r#"{"hdr":1}"#.to_owned(), "broken_json"),
        (r#"{"data":{"hdr":{}},"sig":{}}"#.to_owned(), "broken_json"),
        (good.replacen("{\"data\"", "{\"x\":1,\"data\"", 1), "broken_json"),
        (good.replacen("\"alg\"", "\"x\":1,\"alg\"", 1), "broken_json"),
        (good.replacen("\"alg\":\"ES256\",", "", 1), "broken_json"),
        (good.replacen("\"alg\"", "\"alg\":\"ES256\",\"alg\"", 1), "broken_json"),
        (good.replacen("\"v\":1", "\"v\":2", 1), "schema_version"),
        (good.replacen("\"v\":1", "\"v\":1.0", 1), "schema_version"),
        (good.replacen("\"seq\":1", "\"seq\":1.0", 1), "broken_json"),
        (good.replacen("icao.vacc", "icao.visa", 1), "format_not_supported"),
        (good.replacen("UTO", " ", 1), "schema_violation"),
        (good.replacen(BY_P384, "AAAA", 1), "broken_certificate"),
        (good.replacen(BY_P384, "", 1), "broken_certificate"),
        (good.replacen(BY_P384, "A", 1), "broken_json"),
        (good.replacen("U32870", "U32871", 1), "bad_signature"),
        (good.replacen("\"uvci\"", "\"dob\":[],\"uvci\"", 1), "bad_signature"),
        (format!("{good}{good}"), "broken_json"),
    ];
    for (text, reason) in table {
        let verdict = judged_by(&text, &authorities());
        assert_eq!(verdict.reason(), reason, "{text}: {:?}", verdict.evidence());
    }
    assert_eq!(judged_by(&"{\"hdr\":".repeat(1000), &authorities()).reason(), "broken_json");
}

#[test]
fn claims_that_do_not_fit_are_refused_with_their_place() {
    let table = [
        ("SMITH  BILL", "  ", "msg.pid.n"),
        ("1990-01-02", "1990-13-02", "msg.pid.dob"),
        ("\"U32870\"", "7", "msg.uvci"),
        ("\"XM0GQ8\"", "null", "msg.ve[0].des"),
        ("2021-04-03", "2021-04-31", "msg.ve[0].vd[1].dvc"),
        ("\"seq\":2", "\"seq\":\"two\"", "msg.ve[0].vd[1].seq"),
        ("\"seq\":2", "\"seq\":0", "msg.ve[0].vd[1].seq"),
    ];
    for (from, to, field) in table {
        let verdict = judged_by(&sealed(&DATA.replace(from, to), BY_P384), &authorities());
        assert_eq!(verdict.reason(), "schema_violation", "{field}");
        assert_eq!(verdict.evidence()[0], ("field", Evidence::Text(field.into())));
    }
    let empty = DATA.split_once("\"ve\":").unwrap().0.to_owned() + "\"ve\":[]}}";
    assert_eq!(judged_by(&sealed(&empty, BY_P384), &authorities()).reason(), "schema_violation");
}

#[test]
fn no_bit_of_a_seal_can_be_changed() {
    for (seal, keys) in [(AUSTRALIA, keys_of(AUSTRALIA)), (&sealed(DATA, BY_P384), authorities())] {
        let good = seal.trim();
        for at in 0..good.len() {
            let mut bytes = good.as_bytes().to_vec();
            bytes[at] ^= 1 << (at % 7);
            let changed = String::from_utf8(bytes).unwrap();
            assert_ne!(judged_by(&changed, &keys).reason(), "accepted", "byte {at}: {changed}");
        }
    }
}

proptest! {
    #[test]
    fn no_change_of_a_seal_panics_or_is_accepted_as_something_else(
        seal in seals(), at: prop::sample::Index, take in 0_usize..4, put in "\\PC{0,4}"
    ) {
        let start = at.index(seal.len());
        let end = (start + take).min(seal.len());
        let changed = format!("{}{put}{}", &seal[..start], &seal[end..]);
        let verdict = judged_by(&changed, &keys_of(seal));
        let same = |text: &str| serde_json::from_str::<Value>(text).map(|seal| seal["data"].clone()).ok();
        prop_assert!(verdict.reason() != "accepted" || same(&changed) == same(seal));
    }

    #[test]
    fn no_certificate_panics(bytes: Vec<u8>) {
        prop_assert!(Certificate::parse(&bytes).is_err());
    }
}
