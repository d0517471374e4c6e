use ciborium::{Value, cbor};

use super::*;
use crate::testing::{
    EXPIRES, ISSUED, KID, Message, NOW, claims_of, claims_with, dcc, ed25519, ed25519_keys, judged_by,
    trusted,
};
use crate::{
    Evidence, KeySet, Kind, NothingRevoked, PublicKey, Revocation, Revoked, Unreadable, Usages, Validity,
    judge_text,
};

fn at(now: i64) -> Verdict {
    let keys = ed25519_keys();
    judge_text(
        &Message::eddsa().text(),
        Context { keys: &keys, revocation: &NothingRevoked, policy: InForce::Nothing },
        now,
    )
}

fn key() -> IssuerKey {
    trusted(KID, PublicKey::Ed25519(ed25519().verifying_key().into()))
}

fn by(keys: Vec<IssuerKey>) -> Verdict {
    judged_by(&Message::eddsa().text(), &KeySet::new(keys))
}

/// The vaccination's DCC with another group in its place.
fn certifying(group: &str, entry: Value) -> Message {
    let mut dcc = dcc();
    let Value::Map(fields) = &mut dcc else { unreachable!() };
    fields.retain(|(name, _)| name.as_text() != Some("v"));
    fields.push((group.into(), Value::Array(vec![entry])));
    Message::eddsa().claims(claims_of(dcc))
}

fn test(result: &str) -> Message {
    let entry = cbor!({
        "tg" => "840539006", "tt" => "LP6464-4", "nm" => "PCR", "sc" => "2021-05-31T12:00:00Z", "tr" => result,
        "tc" => "Centre", "co" => "DE", "is" => "RKI", "ci" => "URN:UVCI:01DE/2#B"
    });
    certifying("t", entry.unwrap())
}

fn recovery() -> Message {
    let entry = cbor!({
        "tg" => "840539006", "fr" => "2021-01-01", "df" => "2021-01-12", "du" => "2021-07-01",
        "co" => "DE", "is" => "RKI", "ci" => "URN:UVCI:01DE/3#C"
    });
    certifying("r", entry.unwrap())
}

#[test]
fn a_pass_is_valid_from_its_first_to_its_last_second() {
    for now in [ISSUED, NOW, EXPIRES] {
        assert_eq!(at(now).reason(), "accepted");
        assert_eq!(at(now).stage().name(), "rules");
    }
}

#[test]
fn expired_pass_is_refused_with_its_date() {
    let verdict = at(EXPIRES + 1);
    assert_eq!((verdict.reason(), verdict.stage().name()), ("expired", "time"));
    let evidence = [("at", Evidence::Time(EXPIRES)), ("now", Evidence::Time(EXPIRES + 1))];
    assert_eq!(verdict.evidence(), evidence);
    assert_eq!(verdict.pass().unwrap().holder.family_name, "Mustermann");
}

#[test]
fn pass_from_the_future_is_refused_with_its_date() {
    let verdict = at(ISSUED - 1);
    let evidence = [("at", Evidence::Time(ISSUED)), ("now", Evidence::Time(ISSUED - 1))];
    assert_eq!((verdict.reason(), verdict.evidence()), ("not_yet_valid", evidence.to_vec()));
}

#[test]
fn no_time_at_all_makes_a_pass_valid_or_panics() {
    for now in [i64::MIN, -1, 0, i64::MAX] {
        assert_ne!(at(now).reason(), "accepted", "{now}");
    }
}

#[test]
fn the_later_of_iat_and_nbf_counts() {
    let nbf = |nbf: i64| {
        judged_by(&Message::eddsa().claims(claims_with(5, Some(nbf.into()))).text(), &ed25519_keys())
    };
    assert_eq!(nbf(NOW).reason(), "accepted");
    assert_eq!(nbf(NOW + 1).evidence()[0], ("at", Evidence::Time(NOW + 1)));
    assert_eq!(nbf(0).reason(), "accepted");
}

#[test]
fn a_key_counts_while_it_is_valid() {
    let valid =
        |not_before, not_after| IssuerKey { validity: Some(Validity { not_before, not_after }), ..key() };
    for (not_before, not_after, reason) in [
        (NOW, NOW, "accepted"), // also though the pass is older than the key
        (0, NOW - 1, "key_expired"),
        (NOW + 1, i64::MAX, "key_not_yet_valid"),
    ] {
        let verdict = by(vec![valid(not_before, not_after)]);
        assert_eq!((verdict.reason(), verdict.pass().is_some()), (reason, true));
    }
}

#[test]
fn a_pass_out_of_its_time_is_told_before_its_key_is() {
    let expired = Validity { not_before: 0, not_after: EXPIRES };
    let keys = KeySet::new(vec![IssuerKey { validity: Some(expired), ..key() }]);
    let context = Context { keys: &keys, revocation: &NothingRevoked, policy: InForce::Nothing };
    assert_eq!(judge_text(&Message::eddsa().text(), context, EXPIRES + 1).reason(), "expired");
}

#[test]
fn usages_limit_what_a_key_may_sign() {
    let all = Usages { test: true, vaccination: true, recovery: true, other: false };
    let none = Usages::default();
    let messages = [
        (
            Message::eddsa(),
            Kind::Vaccination,
            Usages { vaccination: true, ..none },
            Usages { vaccination: false, ..all },
        ),
        (test(NOT_DETECTED), Kind::Test, Usages { test: true, ..none }, Usages { test: false, ..all }),
        (recovery(), Kind::Recovery, Usages { recovery: true, ..none }, Usages { recovery: false, ..all }),
    ];
    for (message, kind, only, but) in messages {
        for (usages, allowed) in [(only, true), (but, false), (all, true), (none, true)] {
            let verdict = judged_by(&message.text(), &KeySet::new(vec![IssuerKey { usages, ..key() }]));
            let expected = if allowed { ("accepted", "rules") } else { ("usage_not_allowed", "usage") };
            assert_eq!((verdict.reason(), verdict.stage().name()), expected, "{kind:?} by {usages:?}");
            assert_eq!(verdict.pass().unwrap().kind, kind);
        }
    }
}

#[test]
fn a_revoked_key_refuses_passes_from_that_moment_on_and_those_that_do_not_say_when() {
    let revoked = |from| KeySet::new(vec![IssuerKey { revoked_from: Some(from), ..key() }]);
    let pass = Message::eddsa().text();
    for (from, reason) in
        [(ISSUED + 1, "accepted"), (ISSUED, "key_revoked"), (ISSUED - 1, "key_revoked"), (0, "key_revoked")]
    {
        let verdict = judged_by(&pass, &revoked(from));
        assert_eq!((verdict.reason(), verdict.pass().is_some()), (reason, true), "{from}");
    }
    assert_eq!(judged_by(&pass, &revoked(ISSUED)).evidence()[1], ("at", Evidence::Time(ISSUED)));
    // As seals, NZ COVID Passes and WHO's certificates can come.
    let pass = Pass { issued_at: None, ..judged_by(&pass, &ed25519_keys()).pass().unwrap().clone() };
    let key = IssuerKey { revoked_from: Some(i64::MAX), ..key() };
    assert!(matches!(signer_refusal(&pass, &key, NOW), Some(Refusal::KeyRevoked { from: i64::MAX, .. })));
}

#[test]
fn of_one_key_in_two_entries_the_one_that_allows_it_counts() {
    let old = Validity { not_before: 0, not_after: 1 };
    let expired = IssuerKey { validity: Some(old), issuer: "Old".into(), ..key() };
    let good = IssuerKey { issuer: "New".into(), demo: false, ..key() };
    for keys in [vec![expired.clone(), good.clone()], vec![good, expired]] {
        let verdict = by(keys);
        let pass = verdict.pass().unwrap();
        assert_eq!((verdict.reason(), pass.signed_by.as_str(), pass.demo), ("accepted", "New", false));
    }
}

/// Whoever has the key can have a pass found under either entry.
#[test]
fn of_one_key_in_two_entries_the_one_that_is_revoked_counts() {
    let revoked = IssuerKey { revoked_from: Some(ISSUED), ..key() };
    let later = IssuerKey { revoked_from: Some(ISSUED + 1), ..key() };
    for (keys, reason) in [
        (vec![revoked.clone(), key()], "key_revoked"),
        (vec![key(), revoked.clone()], "key_revoked"),
        (vec![later.clone(), revoked], "key_revoked"),
        (vec![later, key()], "accepted"),
    ] {
        assert_eq!(by(keys).reason(), reason);
    }
}

#[test]
fn a_demo_key_is_told() {
    assert!(by(vec![key()]).pass().unwrap().demo);
}

struct Lists;

impl Revocation for Lists {
    fn revoked(&self, pass: &Pass) -> Result<Option<Revoked>, Unreadable> {
        match pass.id.as_str() {
            "URN:UVCI:01DE/1#A" => Ok(Some(Revoked { list: "list 7".into() })),
            "URN:UVCI:01DE/2#B" => Err(Unreadable { list: "list 8".into() }),
            _ => Ok(None),
        }
    }
}

#[test]
fn a_revoked_pass_is_refused_with_its_list() {
    let keys = ed25519_keys();
    let context = Context { keys: &keys, revocation: &Lists, policy: InForce::Nothing };
    let verdict = judge_text(&Message::eddsa().text(), context, NOW);
    assert_eq!((verdict.reason(), verdict.stage().name()), ("revoked", "revocation"));
    assert_eq!(verdict.evidence(), [("list", Evidence::Text("list 7".into()))]);
    assert_eq!(judge_text(&recovery().text(), context, NOW).reason(), "accepted");
}

#[test]
fn a_list_that_cannot_be_looked_into_makes_nothing_green_and_refuses_what_is_wrong_anyway() {
    let keys = ed25519_keys();
    let context = Context { keys: &keys, revocation: &Lists, policy: InForce::Nothing };
    let judged = |result, now| judge_text(&test(result).text(), context, now);
    let verdict = judged(NOT_DETECTED, NOW);
    assert_eq!((verdict.reason(), verdict.stage().name()), ("revocation_unreadable", "revocation"));
    assert_eq!(verdict.outcome(), crate::Outcome::CannotTell);
    assert_eq!(verdict.evidence(), [("list", Evidence::Text("list 8".into()))]);
    assert_eq!(judged(DETECTED, NOW).reason(), "positive_test");
    assert_eq!(judged(NOT_DETECTED, EXPIRES + 1).reason(), "expired");
}

#[test]
fn only_a_negative_test_is_accepted() {
    for (result, reason) in [
        (NOT_DETECTED, "accepted"),
        (DETECTED, "positive_test"),
        ("NEGATIVO", "unclear_test"),
        ("", "unclear_test"),
        ("260415000 ", "unclear_test"),
    ] {
        let verdict = judged_by(&test(result).text(), &ed25519_keys());
        assert_eq!((verdict.reason(), verdict.stage().name()), (reason, "rules"), "{result}");
    }
}

#[test]
fn keys_beyond_their_time_make_nothing_green_and_refuse_what_is_wrong_anyway() {
    let keys = ed25519_keys().until(NOW);
    let at = |now| {
        judge_text(
            &Message::eddsa().text(),
            Context { keys: &keys, revocation: &NothingRevoked, policy: InForce::Nothing },
            now,
        )
    };
    assert_eq!(at(NOW).reason(), "accepted");
    let late = at(NOW + 1);
    assert_eq!((late.reason(), late.outcome()), ("keys_too_old", crate::Outcome::CannotTell));
    assert_eq!(late.evidence(), [("at", Evidence::Time(NOW)), ("now", Evidence::Time(NOW + 1))]);
    assert_eq!(at(EXPIRES + 1).reason(), "expired");
}
