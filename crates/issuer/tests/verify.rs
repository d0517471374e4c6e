//! What the verifying side says to our passes.

mod common;

use common::{NOW, authority, recovery, test, vaccination};
use credential::{Context, KeySet, Kind, NothingRevoked, Verdict, judge_text};
use issuer::{Algorithm, Authority, Expiry, Record};
use proptest::prelude::*;

const DAY: i64 = 86_400;

fn judge(authority: &Authority, text: &str, now: i64) -> Verdict {
    let keys = KeySet::new(vec![authority.issuer_key()]);
    judge_text(text, Context { keys: &keys, revocation: &NothingRevoked }, now)
}

#[test]
fn issued_pass_is_accepted_and_says_what_was_put_in() {
    for algorithm in [Algorithm::EdDsa, Algorithm::Es256] {
        let authority = authority(algorithm);
        for (record, kind) in
            [(vaccination(), Kind::Vaccination), (test(), Kind::Test), (recovery(), Kind::Recovery)]
        {
            let issued = authority.issue_pass(&record, 77, NOW).unwrap();
            let verdict = judge(&authority, &issued.text, NOW);
            let Verdict::Accepted(accepted) = verdict else { panic!("{kind:?}: {verdict:?}") };
            let pass = accepted.pass;
            assert_eq!((pass.kind, &pass.id, pass.demo), (kind, &issued.id, true));
            assert_eq!(pass.holder.family_name, record.family_name);
            assert_eq!(pass.holder.given_name, record.given_name);
            assert_eq!(pass.holder.date_of_birth, record.date_of_birth.as_str());
            assert_eq!((pass.issued_at, pass.expires_at), (Some(NOW), Some(NOW + 365 * DAY)));
            assert_eq!(pass.status.unwrap().index, 77);
        }
    }
}

#[test]
fn pass_is_judged_by_its_validity() {
    let authority = authority(Algorithm::EdDsa);
    let record = Record { valid_from: Some(NOW + DAY), expiry: Expiry::At(NOW + 2 * DAY), ..vaccination() };
    let text = authority.issue(&record, 0, NOW).unwrap();
    for (now, reason) in [
        (NOW + DAY - 1, "not_yet_valid"),
        (NOW + DAY, "accepted"),
        (NOW + 2 * DAY, "accepted"),
        (NOW + 2 * DAY + 1, "expired"),
    ] {
        assert_eq!(judge(&authority, &text, now).reason(), reason, "{now}");
    }
}

#[test]
fn pass_of_another_authority_is_not_known_here() {
    let other = Authority::generate("B", "RU", Algorithm::EdDsa, [8; 32], false, common::STATUS).unwrap();
    let text = other.issue(&vaccination(), 0, NOW).unwrap();
    assert_eq!(judge(&authority(Algorithm::EdDsa), &text, NOW).reason(), "unknown_key");
}

proptest! {
    #[test]
    fn whatever_is_issued_is_accepted(
        family in "[А-ЯЁа-яё' -]{1,30}", given in "[\\p{Latin}]{0,30}", latin in "[A-Z]{1,20}", index: u64,
        days in 1_u32..36_000, es256: bool,
    ) {
        let authority = authority(if es256 { Algorithm::Es256 } else { Algorithm::EdDsa });
        let record = Record {
            family_name: family,
            given_name: given,
            given_name_latin: Some(latin),
            expiry: Expiry::Days(days),
            ..recovery()
        };
        if let Ok(text) = authority.issue(&record, index, NOW) {
            prop_assert_eq!(judge(&authority, &text, NOW).reason(), "accepted");
        }
    }
}
