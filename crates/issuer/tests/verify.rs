//! What the verifying side says to our passes.

mod common;

use common::{NOW, authority, born, recovery, test, vaccination};
use credential::{Context, InForce, KeySet, Kind, NothingRevoked, Verdict, judge_text};
use issuer::{Algorithm, Authority, Error, Expiry, Facts, Record, Recovery, TestResult, Vaccination};
use proptest::prelude::*;
use time::macros::date;
use time::{Duration, OffsetDateTime};

const DAY: i64 = 86_400;

fn judge(authority: &Authority, text: &str, now: i64) -> Verdict {
    let keys = KeySet::new(vec![authority.issuer_key()]);
    judge_text(text, Context { keys: &keys, revocation: &NothingRevoked, policy: InForce::Nothing }, now)
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

#[test]
fn pass_that_makes_no_sense_is_not_issued() {
    let authority = authority(Algorithm::EdDsa);
    let today = date!(2026 - 11 - 18); // NOW is 11:06 UTC of that day
    let shot = |on| Record { facts: Facts::Vaccination(Vaccination::sputnik_v(1, 2, on)), ..vaccination() };
    let made_by = |manufacturer: &str| {
        let shot = Vaccination { manufacturer: manufacturer.into(), ..Vaccination::sputnik_v(1, 2, today) };
        Record { facts: Facts::Vaccination(shot), ..vaccination() }
    };
    let sampled = |at| Record { facts: Facts::Test(TestResult::negative_pcr(at, "Lab")), ..test() };
    let device = |device: &str| {
        let Facts::Test(result) = test().facts else { unreachable!() };
        Record { facts: Facts::Test(TestResult { device: Some(device.into()), ..result }), ..test() }
    };
    let recovered = |first_positive, from| Record {
        facts: Facts::Recovery(Recovery { first_positive, from, until: date!(2027 - 01 - 01) }),
        ..recovery()
    };
    let born_on = |text: &str, record| Record { date_of_birth: born(text), ..record };
    let country = |code: &str| Record { country: Some(code.into()), ..vaccination() };
    let instant = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap();
    let cases = [
        (country("XX"), Some("country")),
        (country("AA"), Some("country")),
        (country("XK"), None),
        (made_by("ORG-9999999"), Some("manufacturer")),
        (device("9999"), Some("test_device")),
        (shot(today), None),
        (shot(today.next_day().unwrap()), None), // it is the 19th already at UTC+14
        (shot(today + Duration::days(2)), Some("vaccinated_on")),
        (sampled(instant(NOW)), None),
        (sampled(instant(NOW + 1)), Some("sampled_at")),
        (recovered(today, today), None),
        (recovered(today + Duration::days(2), today + Duration::days(9)), Some("first_positive")),
        (recovered(today, today - Duration::days(1)), Some("recovery_from")),
        (born_on("2027", vaccination()), Some("date_of_birth")),
        (born_on("2026-12", vaccination()), Some("date_of_birth")),
        (born_on("2026-11-02", vaccination()), Some("date_of_birth")),
        (born_on("2026-11-01", vaccination()), None),
        (born_on("2026-11", vaccination()), None),
        (born_on("2026", vaccination()), None),
        (born_on("", vaccination()), None),
        (born_on("2026-11-20", sampled(instant(NOW))), Some("date_of_birth")),
        (born_on("2026-09-03", recovery()), Some("date_of_birth")),
    ];
    for (record, refused) in cases {
        match (authority.issue(&record, 0, NOW), refused) {
            (Ok(text), None) => assert_eq!(judge(&authority, &text, NOW).reason(), "accepted", "{record:?}"),
            (Err(Error::Field { field, .. }), Some(refused)) => assert_eq!(field, refused, "{record:?}"),
            (other, refused) => panic!("{other:?}, {refused:?}: {record:?}"),
        }
    }
}

#[test]
fn authority_of_a_country_that_verifiers_refuse_is_not_made() {
    for (country, good) in [("XX", false), ("ZZ", false), ("QM", false), ("XK", true)] {
        let made = Authority::generate("A", country, Algorithm::EdDsa, [8; 32], false, common::STATUS);
        assert_eq!(made.is_ok(), good, "{country}");
    }
}

#[test]
fn validity_that_ends_too_early_is_told_in_dates() {
    for (valid_from, until, begins) in [
        (Some(NOW + 2 * DAY), NOW + DAY, "2026-11-20T"),
        (Some(NOW - 2 * DAY), NOW - 3 * DAY, "2026-11-16T"),
        (None, NOW - DAY, "2026-11-18T"),
    ] {
        let record = Record { valid_from, expiry: Expiry::At(until), ..recovery() };
        let told = authority(Algorithm::EdDsa).issue(&record, 0, NOW).unwrap_err().to_string();
        let ends = OffsetDateTime::from_unix_timestamp(until).unwrap().date();
        assert!(told.contains(&format!("ends on {ends}T")) && told.contains(begins), "{told}");
        assert!(!told.contains(&until.to_string()), "{told}");
    }
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
