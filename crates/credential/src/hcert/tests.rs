use proptest::prelude::*;

use crate::testing::{Message, deflate, encode, hex, judged, wrap};

fn of_zlib(bytes: &[u8]) -> String {
    format!("HC1:{}", base45::encode(bytes))
}

#[track_caller]
fn check(text: &str, reason: &str, stage: &str) {
    let verdict = judged(text);
    assert_eq!((verdict.reason(), verdict.stage().name()), (reason, stage), "{:?}", verdict.evidence());
    assert!(verdict.pass().is_none());
}

#[test]
fn each_layer_refuses_at_its_own_step() {
    check("HC1:", "not_compressed", "inflate");
    for body in [":::", "GGW", "V5", "::", "6", "6BF6", "6bf", "6BFЖ", "6BF\n6"] {
        check(&format!("HC1:{body}"), "not_base45", "base45");
    }
    check(&of_zlib(b"\xd2\x84\x43\xa1\x01\x26"), "not_compressed", "inflate");
    check(&of_zlib(b"\x78\x9c\xff\xff"), "broken_zlib", "inflate");
    check(&of_zlib(&deflate(&[0; 1_000_000])), "inflated_too_large", "inflate");
    check(&wrap(b""), "broken_cose", "cose");
    check(&wrap(b"\x00"), "broken_cose", "cose");
    check(&wrap(&encode(&Message::eddsa().with_signature(&[0; 64]))), "bad_signature", "signature");
    check(&Message::eddsa().payload(hex("00")).text(), "broken_cwt", "cwt");
}

/// All that fits through the bound on inflation is refused by the scan of the CBOR.
#[test]
fn cbor_bombs_are_refused() {
    for opener in [0x81, 0x9f, 0xa1, 0xbf, 0xc0, 0xd2] {
        let reason =
            if matches!(opener, 0xa1 | 0xbf) { "a map key that is neither" } else { "nested too deep" };
        let text = wrap(&[opener; 65_536]);
        check(&text, "broken_cose", "cose");
        assert!(format!("{:?}", judged(&text)).contains(reason), "{opener:x}");
        check(&wrap(&vec![opener; 1_000_000]), "inflated_too_large", "inflate");
        check(&Message::eddsa().payload(vec![opener; 60_000]).text(), "broken_cwt", "cwt");
    }
    for head in ["5b", "7b", "9b", "bb"] {
        let bomb = [hex(head), hex("4000000000000000")].concat();
        check(&wrap(&bomb), "broken_cose", "cose");
        check(&Message::eddsa().payload(bomb).text(), "broken_cwt", "cwt");
    }
}

#[test]
fn bytes_behind_the_message_are_refused() {
    let mut message = encode(&Message::eddsa().signed());
    message.push(0);
    check(&wrap(&message), "broken_cose", "cose");
    let mut zlib = deflate(&encode(&Message::eddsa().signed()));
    zlib.push(0);
    check(&of_zlib(&zlib), "broken_zlib", "inflate");
}

proptest! {
    #[test]
    fn no_message_panics_or_is_accepted(bytes: Vec<u8>) {
        prop_assert_ne!(judged(&wrap(&bytes)).reason(), "accepted");
    }

    #[test]
    fn no_signed_payload_panics_and_none_is_accepted(payload: Vec<u8>) {
        prop_assert_eq!(judged(&Message::eddsa().payload(payload).text()).stage().name(), "cwt");
    }

    /// Whatever an authority signs by mistake, nothing panics.
    #[test]
    fn no_damaged_payload_panics(at: prop::sample::Index, byte: u8) {
        let mut message = Message::eddsa();
        let at = at.index(message.payload.len());
        message.payload[at] = byte;
        judged(&message.text()).evidence();
    }
}
