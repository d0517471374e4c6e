use proptest::prelude::*;

use super::*;
use crate::refusal::TextKind;
use crate::testing::{Message, judged};
use crate::verdict::{Evidence, Verdict};

#[track_caller]
fn looks_like(text: &str, kind: TextKind) {
    let Verdict::Refused(refused) = judged(text) else { panic!("{text}") };
    assert!(refused.pass.is_none());
    match refused.reason {
        Refusal::NotACertificate { looks_like, .. } => assert_eq!(looks_like, kind, "{text}"),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn everyday_codes_are_not_certificates() {
    let table = [
        ("", TextKind::Empty),
        ("\r\n", TextKind::Empty),
        ("https://example.org/?HC1:6BF", TextKind::Link),
        ("HTTP://EXAMPLE.ORG", TextKind::Link),
        (" https://example.org", TextKind::Link),
        ("www.example.org", TextKind::Link),
        ("otpauth://totp/x", TextKind::OneTimePassword),
        ("otp-auth://totp/x", TextKind::Link),
        ("javascript:alert(1)", TextKind::Script),
        ("JavaScript:alert(1)", TextKind::Script),
        ("data:text/html,<script>", TextKind::Script),
        ("intent://scan/#Intent;scheme=zxing;end", TextKind::Script),
        ("WIFI:T:WPA;S:net;P:secret;;", TextKind::Wifi),
        ("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nEND:VCARD", TextKind::Contact),
        ("MECARD:N:A;;", TextKind::Contact),
        ("4006381333931", TextKind::Other),
        ("hello", TextKind::Other),
        ("hc1:6bf", TextKind::Other),
        (" HC1:6BF", TextKind::Other),
        ("\u{feff}HC1:6BF", TextKind::Other),
        ("ЖЖЖ", TextKind::Other),
        ("H", TextKind::Other),
    ];
    for (text, kind) in table {
        looks_like(text, kind);
    }
}

#[test]
fn links_are_judged_by_the_registers_they_lead_to() {
    for (text, reason, outcome) in [
        (
            "https://www.gosuslugi.ru/vaccine/cert/verify/b3f1c9de-0000-4000-8000-000000000000",
            "online_only",
            "cannot_tell",
        ),
        (
            "https://www.gosuslugl.ru/vaccine/cert/verify/b3f1c9de-0000-4000-8000-000000000000",
            "suspected_forgery",
            "refused",
        ),
        ("https://www.gosuslugi.ru/help", "not_a_certificate", "refused"),
    ] {
        let verdict = judged(text);
        assert_eq!((verdict.reason(), verdict.outcome().name()), (reason, outcome), "{text}");
    }
}

#[test]
fn what_others_have_to_read_cannot_be_told() {
    for (text, reason) in [
        ("NL2:AAA", "dutch_verifier_only"),
        ("mdoc:owBjMS4wAYIB2BhYS6QBAiABIVgg", "phone_document"),
        ("MDOC:OWBJ", "phone_document"),
        ("openid4vp://?client_id=x", "phone_document"),
    ] {
        let verdict = judged(text);
        assert_eq!((verdict.reason(), verdict.outcome().name()), (reason, "cannot_tell"), "{text}");
    }
}

#[test]
fn other_versions_of_the_context_are_refused() {
    for text in ["HC0:6BF", "HC2:6BF", "HC9:", "HCX:6BF"] {
        assert_eq!(judged(text).reason(), "unsupported_version", "{text}");
    }
}

#[test]
fn the_evidence_of_a_hostile_text_is_escaped_and_short() {
    let verdict = judged(&format!("https://evil.example/\u{202e}\n{}", "x".repeat(5000)));
    let evidence = verdict.evidence();
    let Some((_, Evidence::Text(shown))) = evidence.iter().find(|(name, _)| *name == "text") else {
        panic!()
    };
    assert!(shown.starts_with("https://evil.example/\\u{202e}\\u{a}xxx") && shown.len() < 200, "{shown}");
}

#[test]
fn texts_longer_than_a_code_can_hold_are_refused() {
    assert_eq!(judged(&"A".repeat(MAX_TEXT)).reason(), "not_a_certificate");
    assert_eq!(judged(&"A".repeat(MAX_TEXT + 1)).reason(), "text_too_long");
    assert_eq!(judged(&format!("HC1:{}", "A".repeat(MAX_TEXT))).reason(), "text_too_long");
}

#[test]
fn line_breaks_around_a_pass_are_taken_off_and_spaces_are_not() {
    let text = Message::eddsa().text();
    for good in [format!("{text}\r\n"), format!("\n{text}\n")] {
        assert_eq!(judged(&good).reason(), "accepted");
    }
    for bad in [format!("{text} "), format!("{text}  "), format!("{text}   ")] {
        assert_ne!(judged(&bad).reason(), "accepted");
    }
}

proptest! {
    #[test]
    fn no_text_panics_or_is_accepted(text: String) {
        prop_assert_ne!(judged(&text).reason(), "accepted");
    }

    #[test]
    fn no_text_with_a_prefix_panics_or_is_accepted(
        prefix in "HC1:|HC2:|LT1:|shc:/|NZCP:/|https://www.gosuslugi.ru/", body in "[0-9A-Z $%*+./:-]{0,200}"
    ) {
        prop_assert_ne!(judged(&(prefix + &body)).reason(), "accepted");
    }

    #[test]
    fn no_change_of_a_good_text_panics_or_is_accepted(
        at: prop::sample::Index, take in 0_usize..4, put in "\\PC{0,4}"
    ) {
        let text = Message::eddsa().text();
        let start = at.index(text.len());
        let end = (start + take).min(text.len());
        let changed = format!("{}{put}{}", &text[..start], &text[end..]);
        prop_assert_eq!(judged(&changed).reason() == "accepted", changed == text);
    }
}
