use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use credential::{Format, Kid, PublicKey, Scope, Usages, Validity};
use proptest::prelude::*;

use super::*;
use crate::key;
use crate::testing::{document, signing_key};

fn rsa_key() -> PublicKey {
    key::rsa(&[0xff; 256], &[1, 0, 1]).unwrap()
}

fn p256_key() -> PublicKey {
    PublicKey::P256((*p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap().verifying_key()).into())
}

fn p384_key() -> PublicKey {
    PublicKey::P384((*p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap().verifying_key()).into())
}

#[test]
fn written_keys_read_back_the_same() {
    let mut written = document(&["Минздрав", "б"]);
    written.keys[0].key = p256_key();
    written.keys[0].usages.other = true;
    written.keys[0].revoked_from = Some(-1);
    written.keys.push(IssuerKey { key: p384_key(), ..written.keys[1].clone() });
    written.keys.push(IssuerKey { key: rsa_key(), validity: None, demo: true, ..written.keys[1].clone() });
    written.keys.push(IssuerKey {
        kid: Kid::default(),
        country: None,
        issuer: String::new(),
        ..written.keys[1].clone()
    });
    let scope =
        Scope { formats: vec![Format::SmartHealthCard], issuer: Some("https://a.example/issuer".into()) };
    written.keys.push(IssuerKey { scope, ..written.keys[1].clone() });
    let json = written.to_json().unwrap();
    assert_eq!(KeySetDocument::parse(&json).unwrap(), written);
    assert_eq!(String::from_utf8(json).unwrap().matches(r#""other""#).count(), 1, "each usage once");
    assert_eq!(KeySetDocument::parse(br#"{"format":"propusk-key-set/1","keys":[]}"#).unwrap().keys, []);
}

#[test]
fn the_documented_form_reads_as_documented() {
    let json = r#"{"format":"propusk-key-set/1","keys":[
        {"kid":"d919375fc1e7b6b2","type":"ed25519","key":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
         "not_before":1767225600,"not_after":1798761599,"usages":["vaccination","recovery"],"revoked_from":1780000000,
         "issuer":"Минздрав","country":"RU","demo":false}]}"#;
    let key = &KeySetDocument::parse(json.as_bytes()).unwrap().keys[0];
    assert_eq!(key.kid.to_string(), "d919375fc1e7b6b2");
    assert_eq!(key.usages, Usages { vaccination: true, recovery: true, ..Usages::default() });
    assert_eq!(key.validity, Some(Validity { not_before: 1_767_225_600, not_after: 1_798_761_599 }));
    assert_eq!(key.revoked_from, Some(1_780_000_000));
    assert_eq!((key.issuer.as_str(), key.country.as_deref(), key.demo), ("Минздрав", Some("RU"), false));
}

#[test]
fn anything_outside_the_schema_is_refused() {
    let x = URL_SAFE_NO_PAD.encode(signing_key(1).verifying_key().as_bytes());
    let good = format!(r#""kid":"01","type":"ed25519","key":"{x}""#);
    let long = format!(r#"{good},"issuer":"{}""#, "я".repeat(ISSUER_MAX + 1));
    let rsa = |bytes| {
        format!(r#""kid":"01","type":"rsa","e":"AQAB","n":"{}""#, URL_SAFE_NO_PAD.encode(vec![0xff; bytes]))
    };
    let cases = [
        (r#""kid":"01""#.to_string(), "type"),
        (good.replace("01", "0G"), "hexadecimal"),
        (good.replace("01", "0"), "hexadecimal"),
        (good.replace("01", "é"), "hexadecimal"),
        (good.replace("01", &"00".repeat(KID_MAX + 1)), "`kid` has over"),
        (good.replace(r#""kid":"01","#, ""), "`kid` is missing"),
        (good.replace("ed25519", "ed448"), "unsupported"),
        (good.replace("ed25519", "p256"), "broken key"),
        (good.replace("ed25519", "p384"), "broken key"),
        (good.replace("ed25519", "rsa"), "do not fit"),
        (rsa(255), "RSA of 2040 bits"),
        (rsa(513), "RSA of over 4096 bits"),
        (good.replace("ed25519", "x509"), "may stand beside"),
        (format!(r#"{good},"n":"AA","demo":1"#), "boolean"),
        (format!(r#"{good},"revoked":true"#), "unknown field"),
        (format!(r#"{good},"kid":"02""#), "duplicate field"),
        (format!(r#"{good},"usages":["everything"]"#), "unknown variant"),
        (format!(r#"{good},"formats":["hc9"]"#), "no format is called hc9"),
        (format!(r#"{good},"formats":["dcc","dcc"]"#), "names one twice"),
        (format!(r#"{good},"iss":"""#), "`iss`"),
        (format!(r#"{good},"not_before":1"#), "go together"),
        (format!(r#"{good},"not_before":2,"not_after":1"#), "ends before"),
        (format!(r#"{good},"country":"ru""#), "capital"),
        (format!(r#"{good},"issuer":"a\u0007""#), "control"),
        (long, "`issuer` has over"),
        (r#""type":"x509""#.into(), "`certificate` is missing"),
        (r#""type":"x509","certificate":"AAAA""#.into(), "not an X.509"),
    ];
    for (entry, expected) in cases {
        let json = format!(r#"{{"format":"{FORMAT}","keys":[{{{entry}}}]}}"#);
        let error = KeySetDocument::parse(json.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(expected), "{entry}: {error}");
    }
    assert!(
        KeySetDocument::parse(format!(r#"{{"format":"{FORMAT}","keys":[{{{good}}}]}}"#).as_bytes()).is_ok()
    );
}

#[test]
fn other_versions_and_sizes_are_refused() {
    let parse = |json: &str| KeySetDocument::parse(json.as_bytes()).unwrap_err();
    assert_eq!(
        parse(r#"{"format":"propusk-key-set/2","rules":[]}"#),
        DocumentError::Format("propusk-key-set/2".into())
    );
    assert!(matches!(parse("{}"), DocumentError::Schema(_)));
    assert!(matches!(parse(&"[".repeat(100_000)), DocumentError::Schema(_)));
    assert_eq!(parse(&" ".repeat(DOCUMENT_MAX + 1)), DocumentError::TooLarge);
    let many = KeySetDocument::new(vec![document(&["a"]).keys[0].clone(); KEYS_MAX + 1]);
    assert_eq!(many.to_json().unwrap_err(), DocumentError::TooLarge);
}

#[test]
fn nothing_is_written_that_would_not_be_read() {
    let mut bad = document(&["a"]);
    bad.keys[0].country = Some("Russia".into());
    assert!(matches!(bad.to_json(), Err(DocumentError::Key { index: 0, .. })));
}

proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(at in 0_usize..400, with: u8, noise in ".{0,60}") {
        let _ = KeySetDocument::parse(noise.as_bytes());
        let mut json = document(&["a", "b"]).to_json().unwrap();
        let at = at % json.len();
        json[at] = with;
        let _ = KeySetDocument::parse(&json);
    }
}
