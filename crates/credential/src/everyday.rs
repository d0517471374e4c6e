//! What a text that is no certificate looks like: the codes of everyday life.

use crate::refusal::TextKind;

/// What texts of each kind begin with, in lower case.
const BEGINNINGS: &[(TextKind, &[&str])] = &[
    (TextKind::Script, &["javascript:", "vbscript:", "data:", "intent:", "blob:", "file:", "content:"]),
    (TextKind::Wifi, &["wifi:", "dpp:"]),
    (TextKind::Contact, &["begin:vcard", "mecard:", "bizcard:"]),
    (TextKind::Phone, &["tel:"]),
    (TextKind::Message, &["sms:", "smsto:", "mms:", "mmsto:", "mailto:", "matmsg:", "smtp:"]),
    (TextKind::Place, &["geo:"]),
    (TextKind::Event, &["begin:vevent", "begin:vcalendar"]),
    // EPC069-12; SIX Swiss QR-bill; GOST R 56042-2014; then schemes.
    (
        TextKind::Payment,
        &[
            "bcd\n",
            "bcd\r\n",
            "spc\n",
            "spc\r\n",
            "st0001",
            "upi:",
            "payto:",
            "bitcoin:",
            "ethereum:",
            "lightning:",
        ],
    ),
    (TextKind::OneTimePassword, &["otpauth:", "otpauth-migration:"]),
    (TextKind::Link, &["www."]),
];

/// Longest beginning, in bytes.
const LONGEST: usize = 20;

/// What it looks like.
pub(crate) fn looks_like(text: &str) -> TextKind {
    let text = text.trim_start();
    let start: Vec<u8> = text.bytes().take(LONGEST).map(|byte| byte.to_ascii_lowercase()).collect();
    let known =
        BEGINNINGS.iter().find(|(_, all)| all.iter().any(|known| start.starts_with(known.as_bytes())));
    match known {
        _ if text.is_empty() => TextKind::Empty,
        Some((kind, _)) => *kind,
        None if is_boarding_pass(text.as_bytes()) => TextKind::BoardingPass,
        None if has_scheme(text) => TextKind::Link,
        None => TextKind::Other,
    }
}

/// `scheme://` (RFC 3986 §3.1).
fn has_scheme(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// The mandatory items of the first leg (IATA Resolution 792, format M): 60 characters, with the electronic ticket
/// indicator at 22, two airports from 30 on and the day of the year at 44.
fn is_boarding_pass(text: &[u8]) -> bool {
    let all = |from: usize, to: usize, is: fn(&u8) -> bool| {
        text.get(from..to).is_some_and(|part| part.iter().all(is))
    };
    text.len() >= 60
        && text.starts_with(b"M")
        && all(1, 2, |digit| (b'1'..=b'4').contains(digit))
        && all(22, 23, |indicator| b"E ".contains(indicator))
        && all(30, 36, u8::is_ascii_uppercase)
        && all(44, 47, u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_beginning_is_looked_at_in_full() {
        let all = BEGINNINGS.iter().flat_map(|(_, all)| all.iter());
        assert!(all.map(|known| known.len()).max() <= Some(LONGEST));
    }

    #[test]
    fn everyday_codes_are_told_apart() {
        let leg = "M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 226F001A0025 100";
        for (text, kind) in [
            (leg, TextKind::BoardingPass),
            (&leg[..59], TextKind::Other),
            (&leg.replacen("226", "2x6", 1), TextKind::Other),
            (&leg.replacen("M1", "M5", 1), TextKind::Other),
            ("tel:+31201234567", TextKind::Phone),
            ("SMSTO:+31201234567:hello", TextKind::Message),
            ("mailto:a@example.org", TextKind::Message),
            ("MATMSG:TO:a@example.org;SUB:x;BODY:y;;", TextKind::Message),
            ("geo:52.37,4.89", TextKind::Place),
            ("BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT", TextKind::Event),
            ("BCD\n002\n1\nSCT\n\nA\nDE02120300000000202051", TextKind::Payment),
            ("SPC\r\n0200\r\n1\r\nCH4431999123000889012", TextKind::Payment),
            ("ST00012|Name=X|PersonalAcc=40702810", TextKind::Payment),
            ("bitcoin:bc1qexample?amount=1", TextKind::Payment),
            ("otpauth://totp/A:b?secret=JBSWY3DP", TextKind::OneTimePassword),
            ("DPP:C:81/1;K:MDk=;;", TextKind::Wifi),
            ("ftp://example.org/x", TextKind::Link),
            ("4006381333931", TextKind::Other),
        ] {
            assert_eq!(looks_like(text), kind, "{text}");
        }
    }
}
