use ed25519_dalek::Signer as _;

use super::*;
use crate::key::PublicKey;
use crate::testing::{
    KID, Message, ed25519, ed25519_keys, encode, header, hex, judged, judged_by, p256, p384, trusted, wrap,
};
use crate::verdict::Outcome;

fn int(number: i64) -> Value {
    number.into()
}

fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec())
}

fn map(entries: Vec<(i64, Value)>) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (int(key), value)).collect())
}

/// The reason, with the evidence in brackets where it tells cases apart.
#[track_caller]
fn check(text: &str, reason: &str) {
    assert_eq!(judged(text).reason(), reason, "{:?}", judged(text).evidence());
}

/// RFC 9052 appendix C.2.1: the bytes that are signed in its first example.
#[test]
fn sig_structure_is_that_of_the_rfc() {
    let expected = "846a5369676e61747572653143a10126405454686973206973207468652063 6f6e74656e742e";
    assert_eq!(sig_structure(&hex("a10126"), b"This is the content."), hex(expected));
}

#[test]
fn an_empty_protected_header_is_signed_as_an_empty_string() {
    let expected = [b"\x84\x6aSignature1".as_slice(), &hex("404001"), b""].concat();
    let expected = [&expected[..expected.len() - 1], &hex("4178")].concat();
    for empty in ["", "a0", "bfff"] {
        assert_eq!(sig_structure(&hex(empty), b"x"), expected, "{empty:?}");
    }
}

#[test]
fn lengths_are_written_in_their_shortest_form() {
    let table = [(0, "40"), (23, "57"), (24, "5818"), (255, "58ff"), (256, "590100"), (65536, "5a00010000")];
    for (length, head) in table {
        let mut written = vec![];
        push_byte_string(&mut written, &vec![0; length]);
        assert_eq!(written[..written.len() - length], hex(head), "{length}");
    }
}

#[test]
fn a_header_h_a0_verifies_with_everything_in_the_unprotected_one() {
    let mut message = Message::eddsa();
    message.unprotected = header(-8);
    message.protected = hex("a0");
    message.signed_protected = vec![];
    check(&message.text(), "accepted");
    message.protected = vec![];
    check(&message.text(), "accepted");
    message.signed_protected = hex("a0");
    check(&message.text(), "bad_signature");
}

#[test]
fn tags_18_and_61_are_taken_off() {
    let message = Message::eddsa().signed();
    let tagged = |tags: &[u64]| {
        let tag = |inner, tag: &u64| Value::Tag(*tag, Box::new(inner));
        wrap(&encode(&tags.iter().rev().fold(message.clone(), tag)))
    };
    for good in [&[][..], &[18], &[61], &[61, 18]] {
        check(&tagged(good), "accepted");
    }
    for bad in [&[17][..], &[18, 61], &[18, 18], &[61, 61, 18], &[98], &[55799, 18]] {
        check(&tagged(bad), "broken_cose");
    }
}

#[test]
fn what_is_no_sign1_is_refused() {
    let table = [
        ("00", "not an array of four"),
        ("80", "not an array of four"),
        ("8340a040", "not an array of four"),
        ("8540a0404040", "not an array of four"),
        ("8460a04040", "the protected header is no byte string"),
        ("8440804040", "the unprotected header is no map"),
        ("8440a0f640", "the payload is no byte string"), // detached
        ("8440a04060", "the signature is no byte string"),
        ("844100a04040", "the protected header is no map"),
        ("84420000a04040", "more than one item"),
        ("8443a10126a04040 00", "more than one item"),
        ("8443a10126a04041", "cut off"),
        ("5b4000000000000000", "cut off"),
        ("bb4000000000000000", "cut off"),
    ];
    for (message, expected) in table {
        match Sign1::parse(&hex(message)) {
            Err(Refusal::BrokenCose { fault, .. }) => assert_eq!(fault, expected, "{message}"),
            other => panic!("{message}: {other:?}"),
        }
    }
}

#[test]
fn hostile_headers_are_refused() {
    let table = [
        // Equal labels in one map, also when written in different lengths.
        ("8446a20126180126a04040", Refusal::DuplicateHeader { label: "1".into() }),
        ("8445a201260126a04040", Refusal::DuplicateHeader { label: "1".into() }),
        ("8449a3012604410104 4102a04040", Refusal::DuplicateHeader { label: "4".into() }),
        ("8443a10126a204410104 41024040", Refusal::DuplicateHeader { label: "4".into() }),
        // alg in both headers.
        ("8443a10126a101264040", Refusal::DuplicateHeader { label: "1".into() }),
        // crit: unknown, empty, no list, unprotected.
        ("8447a2012602811863a04040", Refusal::CriticalHeader { label: "99".into() }),
        ("8449a20126028163666f6fa04040", Refusal::CriticalHeader { label: "foo".into() }),
        ("8446a201260281 05a04040", Refusal::CriticalHeader { label: "5".into() }),
        ("8445a201260280a04040", Refusal::BrokenCose { fault: "crit is no list of labels", at: 0 }),
        ("8445a201260201a04040", Refusal::BrokenCose { fault: "crit is no list of labels", at: 0 }),
        ("8443a10126a10281044040", Refusal::BrokenCose { fault: "crit in the unprotected header", at: 0 }),
        // alg: none, unknown, of another type.
        ("8440a04040", Refusal::AlgorithmMissing),
        ("8443a10100a04040", Refusal::AlgorithmNotSupported { alg: "0".into() }),
        ("8444a1013822a04040", Refusal::AlgorithmNotSupported { alg: "-35".into() }), // ES384
        ("8448a101654553323536a04040", Refusal::AlgorithmNotSupported { alg: "ES256".into() }),
        ("8443a101f6a04040", Refusal::AlgorithmNotSupported { alg: "of another type".into() }),
        // A key id that is text.
        ("8445a201260401a04040", Refusal::BrokenCose { fault: "the key id is no byte string", at: 0 }),
    ];
    for (message, expected) in table {
        assert_eq!(Sign1::parse(&hex(message)).map(drop), Err(expected), "{message}");
    }
}

#[test]
fn critical_labels_that_we_understand_are_fine() {
    let critical = (2, Value::Array(vec![int(1), int(4)]));
    let message = Message::new(map(vec![(1, int(-8)), critical, (4, bytes(KID))]));
    check(&message.text(), "accepted");
}

#[test]
fn the_protected_key_id_wins() {
    let other = bytes(b"other");
    let message = |protected: Option<Value>, unprotected: Option<Value>| {
        let header = |id: Option<Value>| id.map(|id| (4, id)).into_iter();
        let mut message = Message::new(map([(1, int(-8))].into_iter().chain(header(protected)).collect()));
        message.unprotected = map(header(unprotected).collect());
        message.text()
    };
    let good = || Some(bytes(KID));
    check(&message(good(), None), "accepted");
    check(&message(None, good()), "accepted");
    check(&message(good(), good()), "accepted");
    check(&message(good(), Some(other.clone())), "accepted");
    check(&message(Some(other.clone()), good()), "unknown_key");
    check(&message(None, Some(other)), "unknown_key");
    check(&message(None, None), "unknown_key");
    check(&message(Some(bytes(&KID[..7])), None), "unknown_key");
}

#[test]
fn every_key_with_the_id_is_tried() {
    let stranger = ed25519_dalek::SigningKey::from_bytes(&[9; 32]).verifying_key();
    let good = trusted(KID, PublicKey::Ed25519(ed25519().verifying_key().into()));
    let others = [PublicKey::Ed25519(stranger.into()), PublicKey::P256((*p256().verifying_key()).into())];
    let others = others.map(|key| trusted(KID, key));
    let [first, second] = others.clone();
    for keys in [vec![first.clone(), second.clone(), good.clone()], vec![good, first, second]] {
        let verdict = judged_by(&Message::eddsa().text(), &KeySet::new(keys));
        assert_eq!(verdict.outcome(), Outcome::Accepted);
    }
    let verdict = judged_by(&Message::eddsa().text(), &KeySet::new(others.to_vec()));
    assert_eq!(verdict.reason(), "bad_signature");
}

#[test]
fn an_algorithm_that_does_not_fit_the_key_is_refused() {
    let ed25519 = ed25519_keys();
    let p256 = KeySet::new(vec![trusted(KID, PublicKey::P256((*p256().verifying_key()).into()))]);
    let p384 = KeySet::new(vec![trusted(KID, PublicKey::P384((*p384().verifying_key()).into()))]);
    let table = [(-7, &ed25519), (-37, &ed25519), (-8, &p256), (-37, &p256), (-8, &p384), (-37, &p384)];
    for (alg, keys) in table {
        let verdict = judged_by(&Message::new(header(alg)).text(), keys);
        assert_eq!(verdict.reason(), "algorithm_mismatch", "{alg}");
    }
}

#[test]
fn es256_passes_are_accepted() {
    let message = Message::new(header(-7));
    let signature: p256::ecdsa::Signature = p256().sign(&message.to_be_signed());
    let text = wrap(&encode(&message.with_signature(&signature.to_bytes())));
    let keys = KeySet::new(vec![trusted(KID, PublicKey::P256((*p256().verifying_key()).into()))]);
    assert_eq!(judged_by(&text, &keys).reason(), "accepted");
}

/// (R, S) and (R, -S) both hold: a list that names a signature must hit both.
#[test]
fn a_negated_signature_is_the_same_to_revocation_lists() {
    let message = Message::new(header(-7));
    let signature: p256::ecdsa::Signature = p256().sign(&message.to_be_signed());
    let (r, s) = signature.split_scalars();
    let negated = p256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap();
    let keys = KeySet::new(vec![trusted(KID, PublicKey::P256((*p256().verifying_key()).into()))]);
    for signature in [signature, negated] {
        let verdict = judged_by(&wrap(&encode(&message.with_signature(&signature.to_bytes()))), &keys);
        assert_eq!(verdict.pass().unwrap().signature(), &r.to_bytes()[..]);
    }
    assert_ne!(signature, negated);
}

#[test]
fn an_eddsa_signature_is_listed_as_a_whole() {
    let message = Message::eddsa();
    let signature = ed25519().sign(&message.to_be_signed()).to_bytes();
    assert_eq!(judged(&message.text()).pass().unwrap().signature(), signature);
}

/// ES256 names the hash and leaves the curve to the key (RFC 9053 §2.1).
#[test]
fn es256_passes_are_accepted_under_the_curve_of_the_key_alone() {
    use p384::ecdsa::signature::hazmat::PrehashSigner as _;
    use sha2::{Digest as _, Sha256};
    let message = Message::new(header(-7));
    let sha256: p384::ecdsa::Signature =
        p384().sign_prehash(&Sha256::digest(message.to_be_signed())).unwrap();
    let sha384: p384::ecdsa::Signature = p384().sign(&message.to_be_signed());
    let text =
        |signature: p384::ecdsa::Signature| wrap(&encode(&message.with_signature(&signature.to_bytes())));
    let small = trusted(KID, PublicKey::P256((*p256().verifying_key()).into()));
    let large = trusted(KID, PublicKey::P384((*p384().verifying_key()).into()));
    let table = [
        (text(sha256), vec![large.clone()], "accepted"),
        (text(sha256), vec![small.clone(), large.clone()], "accepted"),
        (text(sha256), vec![small], "bad_signature"),
        (text(sha384), vec![large], "bad_signature"),
    ];
    for (text, keys, expected) in table {
        assert_eq!(judged_by(&text, &KeySet::new(keys)).reason(), expected);
    }
}

#[test]
fn an_empty_signature_is_refused() {
    check(&wrap(&encode(&Message::eddsa().with_signature(&[]))), "bad_signature");
}

#[test]
fn the_payload_is_verified_as_it_was_sent() {
    // The same claims, in a map without a length: other bytes, so another signature.
    let message = Message::eddsa();
    let mut endless = vec![0xbf];
    endless.extend(&message.payload[1..]);
    endless.push(0xff);
    check(&message.clone().payload(endless.clone()).text(), "accepted");
    let signature = ed25519().sign(&message.to_be_signed()).to_bytes();
    check(&wrap(&encode(&message.payload(endless).with_signature(&signature))), "bad_signature");
}

/// RFC 9052 appendix C.2.1, by the key "11" of appendix C.7.1.
#[test]
fn the_example_of_the_rfc_verifies() {
    let point = "04 bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff
                 20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e";
    let message = "d28443a10126a1044231315454686973206973207468652063 6f6e74656e742e58408eb33e4ca31d1c465ab05aac34cc6b23
                   d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36";
    let keys = KeySet::new(vec![trusted(b"11", PublicKey::P256(crate::Lazy::unread(&hex(point))))]);
    let signed = Sign1::parse(&hex(message)).unwrap().verify(&keys, Format::Dcc, None).unwrap();
    assert_eq!(signed.payload, b"This is the content.");
    let mut changed = hex(message);
    let at = changed.len() - 70;
    changed[at] ^= 1;
    assert!(Sign1::parse(&changed).unwrap().verify(&keys, Format::Dcc, None).is_err());
}
