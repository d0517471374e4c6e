//! The policies that ship as examples: each limit from both sides.

use super::*;

const RUSSIA: &str = include_str!("../../../../../keys/policies/russian-region-2021.json");
const EUROPE: &str = include_str!("../../../../../keys/policies/eu-2022.json");
const ANYTHING: &str = include_str!("../../../../../keys/policies/anything-genuine.json");

const PCR: &str = "LP6464-4";
const ANTIGEN: &str = "LP217198-3";
const PFIZER: &str = "EU/1/20/1528";
const SPUTNIK: &str = "Sputnik-V";
const NEGATIVE: &str = "260415000";

/// Of this person, certifying this.
fn certifying(group: &str, entry: Cbor) -> Cbor {
    let mut dcc = dcc();
    let fields = dcc.as_map_mut().unwrap();
    fields.retain(|(name, _)| name.as_text() != Some("v"));
    fields.push((group.into(), Cbor::Array(vec![entry])));
    dcc
}

fn vaccination(product: &str, doses: (u8, u8), date: &str) -> Cbor {
    certifying("v", cbor!({
        "tg" => "840539006", "vp" => "1119349007", "mp" => product, "ma" => "ORG-100030215", "dn" => doses.0,
        "sd" => doses.1, "dt" => date, "co" => "DE", "is" => "RKI", "ci" => "URN:UVCI:01DE/1#A"
    }).unwrap())
}

fn recovery(first_positive: &str) -> Cbor {
    certifying("r", cbor!({
        "tg" => "840539006", "fr" => first_positive, "df" => "2022-01-01", "du" => "2022-12-31", "co" => "DE",
        "is" => "RKI", "ci" => "URN:UVCI:01DE/3#C"
    }).unwrap())
}

pub(super) fn test(method: &str, sampled: &str, result: &str) -> Cbor {
    certifying("t", cbor!({
        "tg" => "840539006", "tt" => method, "nm" => "Test", "sc" => sampled, "tr" => result, "tc" => "Centre",
        "co" => "DE", "is" => "RKI", "ci" => "URN:UVCI:01DE/2#B"
    }).unwrap())
}

/// The pass, the time, and the rule that refuses it, `accepted`, or the reason where that is no rule.
type Row = (Cbor, &'static str, &'static str);

fn holds(policy: &str, mode: &str, table: impl IntoIterator<Item = Row>) {
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let mode = policy.in_mode(mode).unwrap();
    for (row, (dcc, at, expected)) in table.into_iter().enumerate() {
        let now = certlogic::timestamp::parse(at).unwrap();
        let verdict = judged(InForce::Mode(mode), dcc, now);
        let said = match (&verdict.evidence()[..], verdict.reason()) {
            ([("rule", Evidence::Text(rule)), ..], "rule_failed") => rule.clone(),
            (_, reason) => reason.to_owned(),
        };
        assert_eq!(said, expected, "row {row} at {at}");
    }
}

#[test]
fn every_policy_says_all_of_it_in_russian_and_english_and_warns_of_nothing() {
    for text in [RUSSIA, EUROPE, ANYTHING] {
        let policy = Policy::parse(text.as_bytes()).unwrap();
        assert_eq!(policy.warnings(), [""; 0]);
        let of_rules = policy.rules().map(|(name, _)| &name.description);
        let all = of_rules.chain(policy.modes().iter().map(Mode::title)).chain([policy.name()]);
        for texts in all {
            let languages = texts.by_language();
            assert!(languages.contains_key("ru") && languages.contains_key("en"), "{texts:?}");
            assert!(text != EUROPE || languages.len() == 6, "{texts:?}");
        }
    }
}

#[test]
fn the_document_that_the_manual_shows_is_valid() {
    let manual = include_str!("../../../../../keys/POLICIES.md");
    let json = manual.split("```json").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let policy = Policy::parse(json.as_bytes()).unwrap();
    assert_eq!(policy.warnings(), [""; 0]);
    assert_eq!(policy.rules().count(), 2);
}

#[test]
fn a_russian_region_accepts_courses_recoveries_of_six_months_and_pcr_tests_of_three_days() {
    let course = |doses| vaccination(SPUTNIK, doses, "2021-07-01");
    let ill = || recovery("2021-05-15");
    let pcr = || test(PCR, "2021-11-01T12:00:00Z", NEGATIVE);
    holds(
        RUSSIA,
        "qr_or_pcr",
        [
            (course((2, 2)), "2021-07-01T00:00:00Z", "accepted"),
            (course((2, 2)), "2021-06-30T23:59:59Z", "ru-course"),
            (course((2, 2)), "2031-07-01T00:00:00Z", "accepted"),
            (course((1, 1)), "2021-07-01T00:00:00Z", "accepted"),
            (course((1, 2)), "2021-07-02T00:00:00Z", "ru-course"),
            (ill(), "2021-05-14T23:59:59Z", "ru-recovery"),
            (ill(), "2021-05-15T00:00:00Z", "accepted"),
            (ill(), "2021-11-14T23:59:59Z", "accepted"),
            (ill(), "2021-11-15T00:00:00Z", "ru-recovery"),
            (pcr(), "2021-11-01T11:59:59Z", "ru-pcr-72-hours"),
            (pcr(), "2021-11-01T12:00:00Z", "accepted"),
            (pcr(), "2021-11-04T12:00:00Z", "accepted"),
            (pcr(), "2021-11-04T12:00:01Z", "ru-pcr-72-hours"),
            (test(PCR, "2021-11-01T15:00:00+03:00", NEGATIVE), "2021-11-04T12:00:01Z", "ru-pcr-72-hours"),
            (test(ANTIGEN, "2021-11-01T12:00:00Z", NEGATIVE), "2021-11-01T13:00:00Z", "ru-pcr"),
            (test(PCR, "2021-11-01T12:00:00Z", "260373001"), "2021-11-01T13:00:00Z", "positive_test"),
        ],
    );
    holds(
        RUSSIA,
        "qr",
        [
            (course((2, 2)), "2021-07-01T00:00:00Z", "accepted"),
            (ill(), "2021-06-01T00:00:00Z", "accepted"),
            (pcr(), "2021-11-01T13:00:00Z", "kind_not_accepted"),
        ],
    );
}

#[test]
fn the_eu_accepts_courses_of_270_days_boosters_recoveries_of_180_and_tests() {
    let dose = |doses| vaccination(PFIZER, doses, "2022-02-01");
    let ill = || recovery("2022-02-01");
    let sampled = |method| test(method, "2022-03-01T12:00:00Z", NEGATIVE);
    let passes = [
        (dose((2, 2)), "2022-02-14T23:59:59Z", "VR-EU-0003"),
        (dose((2, 2)), "2022-02-15T00:00:00Z", "accepted"),
        (dose((2, 2)), "2022-10-29T23:59:59Z", "accepted"),
        (dose((2, 2)), "2022-10-30T00:00:00Z", "VR-EU-0003"),
        (dose((3, 3)), "2022-02-01T00:00:00Z", "accepted"),
        (dose((3, 3)), "2032-02-01T00:00:00Z", "accepted"),
        (dose((2, 1)), "2032-02-01T00:00:00Z", "accepted"),
        (dose((1, 2)), "2022-03-01T00:00:00Z", "VR-EU-0002"),
        (vaccination(SPUTNIK, (2, 2), "2022-02-01"), "2022-03-01T00:00:00Z", "VR-EU-0001"),
        (ill(), "2022-02-11T23:59:59Z", "RR-EU-0001"),
        (ill(), "2022-02-12T00:00:00Z", "accepted"),
        (ill(), "2022-07-31T23:59:59Z", "accepted"),
        (ill(), "2022-08-01T00:00:00Z", "RR-EU-0001"),
    ];
    holds(EUROPE, "3g", passes.clone());
    holds(EUROPE, "2g", passes);
    holds(
        EUROPE,
        "3g",
        [
            (sampled(PCR), "2022-03-01T11:59:59Z", "TR-EU-0002"),
            (sampled(PCR), "2022-03-01T12:00:00Z", "accepted"),
            (sampled(PCR), "2022-03-04T12:00:00Z", "accepted"),
            (sampled(PCR), "2022-03-04T12:00:01Z", "TR-EU-0002"),
            (sampled(ANTIGEN), "2022-03-01T11:59:59Z", "TR-EU-0003"),
            (sampled(ANTIGEN), "2022-03-02T12:00:00Z", "accepted"),
            (sampled(ANTIGEN), "2022-03-02T12:00:01Z", "TR-EU-0003"),
            (sampled("LP6465-1"), "2022-03-01T13:00:00Z", "TR-EU-0001"),
        ],
    );
    holds(EUROPE, "2g", [(sampled(PCR), "2022-03-01T13:00:00Z", "kind_not_accepted")]);
}

#[test]
fn a_venue_that_takes_anything_genuine_still_takes_no_positive_test() {
    holds(
        ANYTHING,
        "any",
        [
            (vaccination(SPUTNIK, (1, 2), "2021-07-01"), "2031-07-01T00:00:00Z", "accepted"),
            (recovery("2020-03-01"), "2031-07-01T00:00:00Z", "accepted"),
            (test(ANTIGEN, "2020-03-01T00:00:00Z", NEGATIVE), "2031-07-01T00:00:00Z", "accepted"),
            (test(PCR, "2020-03-01T00:00:00Z", "260373001"), "2020-03-01T01:00:00Z", "positive_test"),
        ],
    );
}
