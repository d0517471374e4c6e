use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{Evidence, Usages};

fn words() -> Texts {
    Texts::of([("en".to_owned(), "words".to_owned())])
}

fn rule() -> RuleName {
    RuleName { id: "VR-DE-0001".into(), version: "1.0.0".into(), description: words() }
}

/// As judging makes them.
fn values() -> BTreeMap<String, String> {
    [("v.0.mp".to_owned(), crate::display::escape("\u{202e}x"))].into()
}

/// A walk over every variant. The matches have no wildcard, so that a new
/// variant does not compile until it has joined the walk.
#[rustfmt::skip]
fn after(refusal: &Refusal) -> Option<Refusal> {
    use Refusal::*;
    let (hostile, kid) = (|| "\u{202e}x".to_owned(), || Kid(vec![1, 2]));
    Some(match refusal {
        NotACertificate { .. } => SuspectedForgery {
            register: "r",
            leads_to: crate::display::ascii(&hostile(), 9),
            fault: "f",
            text: crate::display::ascii(&hostile(), 9),
        },
        SuspectedForgery { .. } => TextTooLong { length: 2, limit: 1 },
        TextTooLong { .. } => UnsupportedVersion { prefix: hostile() },
        UnsupportedVersion { .. } => BrokenText { at: 1, fault: "f" },
        BrokenText { .. } => NotBase45 { at: 1, fault: "f" },
        NotBase45 { .. } => NotCompressed,
        NotCompressed => BrokenZlib,
        BrokenZlib => BrokenZip { fault: "f" },
        BrokenZip { .. } => InflatedTooLarge { limit: 1 },
        InflatedTooLarge { .. } => BrokenJws { fault: "f" },
        BrokenJws { .. } => BrokenCose { fault: "f", at: 0 },
        BrokenCose { .. } => BrokenJson { fault: "f" },
        BrokenJson { .. } => BrokenCertificate { fault: "f" },
        BrokenCertificate { .. } => ContextNotKnown { context: hostile() },
        ContextNotKnown { .. } => DuplicateHeader { label: hostile() },
        DuplicateHeader { .. } => CriticalHeader { label: hostile() },
        CriticalHeader { .. } => AlgorithmMissing,
        AlgorithmMissing => AlgorithmNotSupported { alg: hostile() },
        AlgorithmNotSupported { .. } => AlgorithmMismatch { kid: kid(), alg: "ES256" },
        AlgorithmMismatch { .. } => BadSignature { kid: kid() },
        BadSignature { .. } => BrokenCwt { fault: "f", at: 0 },
        BrokenCwt { .. } => ClaimMissing { claim: "exp" },
        ClaimMissing { .. } => ClaimInvalid { claim: "exp", fault: "f" },
        ClaimInvalid { .. } => SchemaVersion { version: hostile() },
        SchemaVersion { .. } => SchemaViolation { field: hostile(), fault: "f" },
        SchemaViolation { .. } => NotOneCertificate { count: 2 },
        NotOneCertificate { .. } => NotYetValid { at: 2, now: 1 },
        NotYetValid { .. } => Expired { at: 1, now: 2 },
        Expired { .. } => KeyNotYetValid { kid: kid(), at: 2, now: 1 },
        KeyNotYetValid { .. } => KeyExpired { kid: kid(), at: 1, now: 2 },
        KeyExpired { .. } => UsageNotAllowed { kid: kid(), kind: Kind::Test },
        UsageNotAllowed { .. } => KeyRevoked { kid: kid(), from: 1 },
        KeyRevoked { .. } => Revoked { list: hostile() },
        Revoked { .. } => PositiveTest { sampled: hostile() },
        PositiveTest { .. } => UnclearTest { result: hostile() },
        UnclearTest { .. } => KindNotAccepted { kind: Kind::Test, mode: "2g".into(), title: words() },
        KindNotAccepted { .. } => RuleFailed { rule: rule(), values: values() },
        RuleFailed { .. } => RuleBroken { rule: rule(), fault: hostile(), values: values() },
        RuleBroken { .. } => OtherZone { zones: vec![hostile()], here: hostile() },
        OtherZone { .. } => AlreadyUsed { at: 2, uses: 1, times: vec![1, 2] },
        AlreadyUsed { .. } => return None,
    })
}

fn doubt_after(doubt: &Doubt) -> Option<Doubt> {
    Some(match doubt {
        Doubt::UnknownKey { .. } => Doubt::KeysTooOld { at: 1, now: 2 },
        Doubt::KeysTooOld { .. } => Doubt::RevocationUnreadable { list: "\u{202e}x".into() },
        Doubt::RevocationUnreadable { .. } => Doubt::PolicyUnreadable { fault: "f".into() },
        Doubt::PolicyUnreadable { .. } => Doubt::UsesUnreadable { fault: "\u{202e}x".into() },
        Doubt::UsesUnreadable { .. } => Doubt::FormatNotSupported { format: "f" },
        Doubt::FormatNotSupported { .. } => Doubt::Encrypted { format: "f" },
        Doubt::Encrypted { .. } => Doubt::NotDecrypted { format: "f", kid: Kid(vec![1]) },
        Doubt::NotDecrypted { .. } => Doubt::PartOfCode { have: 1, of: 2 },
        Doubt::PartOfCode { .. } => Doubt::DutchVerifierOnly,
        Doubt::DutchVerifierOnly => Doubt::PhoneDocument,
        Doubt::PhoneDocument => {
            Doubt::OnlineOnly { host: "h", number: "\u{202e}x".into(), check: Some("\u{202e}x".into()) }
        }
        Doubt::OnlineOnly { .. } => return None,
    })
}

fn descriptions() -> Vec<Description> {
    let first = Refusal::NotACertificate { looks_like: TextKind::Link, text: "t".into() };
    let refusals = std::iter::successors(Some(first), after).map(|refusal| refusal.describe());
    let doubt = Doubt::UnknownKey { kid: Kid::default() };
    let doubts = std::iter::successors(Some(doubt), doubt_after).map(|doubt| doubt.describe());
    refusals.chain(doubts).collect()
}

#[test]
fn every_reason_is_listed_once() {
    let told: Vec<_> = descriptions().into_iter().map(|(_, name, _)| name).collect();
    assert_eq!(REASONS[0], "accepted");
    assert_eq!(told, &REASONS[1..]);
    assert_eq!(REASONS.iter().collect::<BTreeSet<_>>().len(), REASONS.len());
}

#[test]
fn the_evidence_of_every_reason_has_the_names_that_are_listed() {
    for ((_, name, evidence), (listed, names)) in descriptions().into_iter().zip(&EVIDENCE[1..]) {
        let told: Vec<_> = evidence.into_iter().map(|(name, _)| name).collect();
        assert_eq!((name, &told[..]), (*listed, *names));
    }
}

#[test]
fn refusals_stand_in_the_order_of_the_steps() {
    let first = Refusal::NotACertificate { looks_like: TextKind::Link, text: "t".into() };
    let refusals = std::iter::successors(Some(first), after).map(|refusal| refusal.describe().0);
    assert!(refusals.is_sorted());
}

#[test]
fn evidence_from_the_pass_is_escaped() {
    for (_, name, evidence) in descriptions() {
        for (key, value) in evidence {
            let texts = match value {
                Evidence::Text(text) => vec![text],
                Evidence::Texts(texts) => texts.into_values().collect(),
                Evidence::Number(_) | Evidence::Time(_) => vec![],
            };
            assert!(!texts.iter().any(|text| text.contains('\u{202e}')), "{name}: {key}");
        }
    }
}

#[test]
fn a_key_without_usages_may_sign_every_kind() {
    let none = Usages::default();
    let test = Usages { test: true, ..none };
    let other = Usages { other: true, ..none };
    for kind in [Kind::Vaccination, Kind::Test, Kind::Recovery] {
        assert!(none.allow(kind));
        assert_eq!(test.allow(kind), kind == Kind::Test);
        assert!(!other.allow(kind));
    }
}

/// It does not say which of the three it was given for.
#[test]
fn a_health_pass_is_signed_by_a_key_for_all_three() {
    let all = Usages { test: true, vaccination: true, recovery: true, other: false };
    for (usages, allowed) in [
        (Usages::default(), true),
        (all, true),
        (Usages { test: true, ..Usages::default() }, false),
        (Usages { vaccination: false, ..all }, false),
        (Usages { recovery: false, ..all }, false),
    ] {
        assert_eq!(usages.allow(Kind::HealthPass), allowed, "{usages:?}");
    }
}
