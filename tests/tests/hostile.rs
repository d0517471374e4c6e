//! Hostile texts and what each must come to: a typed refusal at its own step.
//!
//! Bounds on time and memory are held by construction and tested by counting where
//! they are made (`credential`: 8 KiB of text, 64 KiB inflated, 24 levels of CBOR).

use credential::{Evidence, Outcome, display};
use issuer::Algorithm;

mod hostile_wire;
use hostile_wire::{NOW, authority, judged, of_message, of_stream, pass, signed};

/// Refused at this step for this reason, with evidence that is fit to be shown.
#[track_caller]
fn check(text: &str, stage: &str, reason: &str) {
    let verdict = judged(text, &authority(Algorithm::EdDsa));
    let told = (verdict.outcome(), verdict.stage().name(), verdict.reason());
    assert_eq!(told, (Outcome::Refused, stage, reason), "{:?}", display::excerpt(text, 60));
    for (name, evidence) in verdict.evidence() {
        if let Evidence::Text(text) = evidence {
            assert!(
                display::suspicious(&text).iter().all(|s| *s == display::Suspicion::MixedScripts),
                "{name}"
            );
            assert!(text.len() < 1000, "{name} is {} bytes long", text.len());
        }
    }
}

fn check_payload(payload: &[u8], stage: &str, reason: &str) {
    check(&signed(&authority(Algorithm::EdDsa), &[0x27], payload), stage, reason);
}

#[test]
fn base45_that_the_rfc_forbids() {
    for body in [":::", "GGW", "V5", "::", "6", "6BF6", "6bf", "hello", "6BF=", "ЖЖЖ", "6BF\u{0}"] {
        check(&format!("HC1:{body}"), "base45", "not_base45");
    }
    let good = pass(&authority(Algorithm::EdDsa));
    check(&format!("HC1:{}", good[4..].to_lowercase()), "base45", "not_base45");
    check(&good.to_lowercase(), "text", "not_a_certificate");
}

#[test]
fn compression_bombs_and_what_is_not_compressed() {
    check(&of_message(&vec![0; 3_000_000]), "inflate", "inflated_too_large");
    check(&of_message(&vec![0; 65_537]), "inflate", "inflated_too_large");
    check(&of_message(&vec![0; 65_536]), "cose", "broken_cose");
    check(&of_stream(b""), "inflate", "not_compressed");
    check(&of_stream(b"\xd2\x84\x43\xa1\x01\x26\xa0\x40\x40"), "inflate", "not_compressed");
    check(&of_stream(b"\x1f\x8b\x08\x00"), "inflate", "not_compressed");
    check(&of_stream(b"\x78\x9c\x00\x00"), "inflate", "broken_zlib");
    check(&of_stream(b"\x78\x9c\x07\x07\x07\x07"), "inflate", "broken_zlib");
}

#[test]
fn cbor_that_is_too_deep_too_long_or_too_many() {
    let depth = |opener: u8, times: usize| vec![opener; times];
    for opener in [0x81, 0x9f, 0xc0, 0xd2] {
        check(&of_message(&depth(opener, 1_000_000)), "inflate", "inflated_too_large");
        check(&of_message(&depth(opener, 65_536)), "cose", "broken_cose");
        check_payload(&depth(opener, 65_000), "cwt", "broken_cwt");
    }
    check(&of_message(&depth(0xc1, 100_000)), "inflate", "inflated_too_large");
    for head in [0x5b, 0x7b, 0x9b, 0xbb] {
        let endless = [head, 0x40, 0, 0, 0, 0, 0, 0, 0];
        check(&of_message(&endless), "cose", "broken_cose");
        check_payload(&endless, "cwt", "broken_cwt");
    }
}

#[test]
fn headers_that_contradict_themselves() {
    let message = |protected: &[u8], unprotected: &[u8]| {
        let head = [&[0x84, 0x40 | protected.len() as u8], protected, unprotected].concat();
        of_message(&[&head[..], b"\x41\xa0\x41\x00"].concat())
    };
    let none = b"\xa0".as_slice();
    check(&message(b"\xa2\x01\x26\x01\x27", none), "cose", "duplicate_header"); // alg twice
    check(&message(b"\xa3\x01\x26\x04\x41\x01\x04\x41\x02", none), "cose", "duplicate_header"); // kid twice
    check(&message(b"\xa1\x01\x26", b"\xa2\x04\x41\x01\x04\x41\x02"), "cose", "duplicate_header");
    check(&message(b"\xa1\x01\x26", b"\xa1\x01\x27"), "cose", "duplicate_header"); // alg in both
    check(&message(b"\xa2\x01\x26\x02\x81\x18\x63", none), "cose", "critical_header");
    check(&message(b"\xa2\x01\x26\x02\x81\x61x", none), "cose", "critical_header");
    check(&message(b"\xa0", none), "cose", "algorithm_missing");
    check(&message(b"\xa1\x01\x00", none), "cose", "algorithm_not_supported");
}

#[test]
fn an_algorithm_that_does_not_fit_the_key() {
    let eddsa = authority(Algorithm::EdDsa);
    for alg in [&[0x26][..], &[0x38, 0x24]] {
        check(&signed(&eddsa, alg, b"\xa0"), "signature", "algorithm_mismatch");
    }
    let es256 = authority(Algorithm::Es256);
    let verdict = judged(&signed(&es256, &[0x27], b"\xa0"), &es256);
    assert_eq!(verdict.reason(), "algorithm_mismatch");
}

/// The message of a good pass with another signature of the same length.
fn resigned(algorithm: Algorithm, signature: &[u8]) -> String {
    let mut message = hostile_wire::message(&pass(&authority(algorithm)));
    let at = message.len() - signature.len();
    message[at..].copy_from_slice(signature);
    of_message(&message)
}

#[test]
fn signatures_that_are_none() {
    check(&resigned(Algorithm::EdDsa, &[0; 64]), "signature", "bad_signature");
    check(&resigned(Algorithm::EdDsa, &[0xff; 64]), "signature", "bad_signature"); // S >= L
    let mut small_order = [0; 64];
    small_order[0] = 1;
    check(&resigned(Algorithm::EdDsa, &small_order), "signature", "bad_signature");

    let es256 = authority(Algorithm::Es256);
    let good = hostile_wire::message(&pass(&es256));
    let (r, s) = good[good.len() - 64..].split_at(32);
    let zero = [0; 32];
    for signature in [[&zero, s].concat(), [r, &zero].concat(), vec![0; 64], vec![0xff; 64]] {
        let verdict = judged(&resigned(Algorithm::Es256, &signature), &es256);
        assert_eq!(verdict.reason(), "bad_signature");
    }
}

#[test]
fn an_empty_signature() {
    let message = hostile_wire::message(&pass(&authority(Algorithm::EdDsa)));
    let end = message.len() - 66; // h'58 40' and 64 bytes
    check(&of_message(&[&message[..end], &[0x40]].concat()), "signature", "bad_signature");
}

#[test]
fn times_that_are_none() {
    let exp = [
        &b"\xf9\x7e\x00"[..],                    // NaN
        b"\xfa\x7f\xc0\x00\x00",                 // NaN
        b"\xfb\x7f\xf8\x00\x00\x00\x00\x00\x00", // NaN
        b"\xf9\x7c\x00",                         // infinity
        b"\xfb\x7e\x37\xe4\x3c\x88\x00\x75\x9c", // 1e300
        b"\x20",                                 // -1
        b"\x3b\xff\xff\xff\xff\xff\xff\xff\xff", // -2^64
        b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff", // 2^64 - 1
        b"\x6a1795132800",                       // text
        b"\xf6",                                 // null
    ];
    for exp in exp {
        check_payload(&[b"\xa2\x06\x00\x04", exp].concat(), "cwt", "claim_invalid");
        check_payload(&[b"\xa2\x04\x1a\x7f\xff\xff\xff\x06", exp].concat(), "cwt", "claim_invalid");
    }
    check_payload(b"\xa1\x06\x00", "cwt", "claim_missing");
    check_payload(b"\xa1\x04\x00", "cwt", "claim_missing");
    check_payload(b"\xa3\x04\x00\x04\x00\x06\x00", "cwt", "broken_cwt"); // exp twice
}

#[test]
fn everyday_codes_are_no_certificates_and_never_links() {
    for text in [
        "https://example.org/HC1:6BF",
        "HTTPS://EXAMPLE.ORG",
        "javascript:alert(document.cookie)",
        "intent://scan/#Intent;scheme=zxing;package=x;end",
        "WIFI:T:WPA;S:guest;P:12345678;;",
        "BEGIN:VCARD\nVERSION:3.0\nN:Doe;John\nEND:VCARD",
        "<img src=x onerror=alert(1)>",
        "\u{202e}HC1:",
        "\u{200b}HC1:6BF",
        "",
        "4006381333931",
    ] {
        check(text, "text", "not_a_certificate");
    }
    let look_alike = "https://www.gosuslugi.ru.evil.example/covid-cert/verify/9120000000000000";
    check(look_alike, "text", "suspected_forgery");
    check(&"7".repeat(100_000), "text", "text_too_long");
}

/// Names are shown escaped and their tricks are flagged, also when an authority signed them.
#[test]
fn hostile_names_of_a_genuine_pass_are_escaped_and_flagged() {
    use display::Suspicion::{Bidi, Invisible, MixedScripts};
    let authority = authority(Algorithm::EdDsa);
    for (name, suspicion) in
        [("\u{202e}nnamretsuM", Bidi), ("Muster\u{200b}mann", Invisible), ("Мustermann", MixedScripts)]
    {
        let verdict = judged(&signed(&authority, &[0x27], &claims(name)), &authority);
        assert_eq!(verdict.reason(), "accepted", "{:?}", verdict.evidence());
        let family = &verdict.pass().unwrap().holder.family_name;
        assert_eq!(display::suspicious(family), [suspicion]);
        assert!(!display::escape(family).contains(['\u{202e}', '\u{200b}']));
    }
}

/// A recovery for this family name, as JSON would have it, in CBOR.
fn claims(family_name: &str) -> Vec<u8> {
    let entry = [
        ("tg", "840539006"),
        ("fr", "2026-09-02"),
        ("df", "2026-09-13"),
        ("du", "2027-03-01"),
        ("co", "RU"),
        ("is", "Test"),
        ("ci", "URN:UVCI:01:RU:1"),
    ];
    let name = map(&[(text("fn"), text(family_name)), (text("fnt"), text("MUSTERMANN"))]);
    let entry: Vec<_> = entry.iter().map(|(name, value)| (text(name), text(value))).collect();
    let dcc = map(&[
        (text("ver"), text("1.3.0")),
        (text("nam"), name),
        (text("dob"), text("")),
        (text("r"), [vec![0x81], map(&entry)].concat()),
    ]);
    let time = |time: i64| [&[0x1b], &time.to_be_bytes()[..]].concat();
    let hcert = map(&[(vec![0x01], dcc)]);
    map(&[(vec![0x04], time(NOW + 1)), (vec![0x06], time(NOW)), (vec![0x39, 0x01, 0x03], hcert)])
}

fn text(text: &str) -> Vec<u8> {
    [&[0x78, text.len() as u8], text.as_bytes()].concat()
}

fn map(pairs: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let pairs_inside: Vec<u8> = pairs.iter().flat_map(|(key, value)| [&key[..], value].concat()).collect();
    [vec![0xa0 | pairs.len() as u8], pairs_inside].concat()
}
