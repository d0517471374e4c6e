use ciborium::{Value as Cbor, cbor};
use serde_json::{Value, json};

use super::*;
use crate::testing::{Message, NOW, claims_of, dcc, ed25519_keys, keys_for};
use crate::{Context, Evidence, Format, IssuerKey, KeySet, NothingRevoked, Outcome, Verdict, judge_text};

mod documents;
mod random;
mod shipped;

/// A policy that accepts everything, with one part of it changed.
fn document(member: &str, value: Value) -> Value {
    let mut document = json!({
        "format": FORMAT,
        "name": { "en": "Here" },
        "country": "DE",
        "kinds": ["vaccination", "test", "recovery"],
        "modes": [{ "id": "all", "title": { "en": "All" } }],
        "default_mode": "all",
    });
    document[member] = value;
    document
}

fn parsed(document: &Value) -> Policy {
    Policy::parse(document.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}: {document}"))
}

fn with_rules(rules: &[Value]) -> Policy {
    parsed(&document("rules", rules.into()))
}

fn own(logic: Value) -> Value {
    json!({ "id": "r", "description": { "en": "As it should be." }, "accept_if": logic })
}

fn business(change: impl FnOnce(&mut Value)) -> Value {
    let mut rule = json!({
        "Identifier": "VR-DE-0001", "Type": "Acceptance", "Country": "DE", "Version": "1.0.0",
        "SchemaVersion": "1.0.0", "Engine": "CERTLOGIC", "EngineVersion": "1.0.0",
        "CertificateType": "Vaccination",
        "Description": [{ "lang": "en", "desc": "There must be two doses of it." }],
        "ValidFrom": "2021-06-01T00:00:00Z", "ValidTo": "2021-06-02T00:00:00Z",
        "AffectedFields": ["v.0.dn"], "Logic": { "===": [{ "var": "payload.v.0.dn" }, 3] },
    });
    change(&mut rule);
    rule
}

/// [`dcc`], genuine, judged by a policy in a mode.
fn judged(policy: InForce<'_>, dcc: Cbor, now: i64) -> Verdict {
    let keys = ed25519_keys();
    let mut claims = claims_of(dcc);
    for (claim, value) in &mut claims {
        match claim.as_integer().map(i128::from) {
            Some(4) => *value = (now + 1).into(),
            Some(6) => *value = 0.into(),
            _ => {}
        }
    }
    let context = Context { keys: &keys, revocation: &NothingRevoked, policy };
    judge_text(&Message::eddsa().claims(claims).text(), context, now)
}

fn reason(policy: &Policy, now: i64) -> &'static str {
    judged(InForce::Mode(policy.default_mode()), dcc(), now).reason()
}

fn texts(entries: &[(&str, &str)]) -> Evidence {
    Evidence::Texts(entries.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
}

#[test]
fn without_a_policy_everything_genuine_is_accepted_and_with_an_unreadable_one_nothing() {
    assert_eq!(judged(InForce::Nothing, dcc(), NOW).reason(), "accepted");
    let verdict = judged(InForce::Unreadable("no JSON"), dcc(), NOW);
    assert_eq!((verdict.reason(), verdict.outcome()), ("policy_unreadable", Outcome::CannotTell));
    assert_eq!(verdict.stage().name(), "rules");
    assert_eq!(verdict.evidence(), [("fault", Evidence::Text("no JSON".into()))]);
    let keys = ed25519_keys();
    let context = Context { keys: &keys, revocation: &NothingRevoked, policy: InForce::Unreadable("x") };
    assert_eq!(judge_text(&Message::eddsa().text(), context, i64::MAX).reason(), "expired");
}

#[test]
fn a_kind_that_the_mode_does_not_accept_is_refused_with_the_modes_title() {
    let mode = json!([{ "id": "2g", "title": { "en": "2G", "ru": "2G" }, "kinds": ["test"] }]);
    let mut document = document("modes", mode);
    document["default_mode"] = "2g".into();
    let policy = parsed(&document);
    let verdict = judged(InForce::Mode(policy.default_mode()), dcc(), NOW);
    assert_eq!((verdict.reason(), verdict.stage().name()), ("kind_not_accepted", "rules"));
    let title = texts(&[("en", "2G"), ("ru", "2G")]);
    assert_eq!(verdict.evidence(), [("kind", Evidence::Text("vaccination".into())), ("mode", title)]);
}

#[test]
fn a_rule_that_is_not_true_refuses_with_its_words_and_what_it_looked_at() {
    let policy = with_rules(&[business(|_| ())]);
    let verdict = judged(InForce::Mode(policy.default_mode()), dcc(), NOW);
    assert_eq!((verdict.reason(), verdict.stage().name()), ("rule_failed", "rules"));
    assert_eq!(
        verdict.evidence(),
        [
            ("rule", Evidence::Text("VR-DE-0001".into())),
            ("version", Evidence::Text("1.0.0".into())),
            ("description", texts(&[("en", "There must be two doses of it.")])),
            ("values", texts(&[("v.0.dn", "2")])),
        ]
    );
    let good = business(|rule| rule["Logic"]["==="][1] = 2.into());
    assert_eq!(reason(&with_rules(&[good]), NOW), "accepted");
}

#[test]
fn values_are_shown_escaped_and_only_where_they_are_texts_or_numbers() {
    let logic = json!({ "and": [{ "var": "payload.v.0" }, { "var": "payload.nam.fn" }, { "var": "payload.x" }, false] });
    let policy = with_rules(&[own(logic)]);
    let mut dcc = dcc();
    let name = dcc.as_map_mut().unwrap().iter_mut().find(|(key, _)| key.as_text() == Some("nam")).unwrap();
    name.1 = cbor!({ "fn" => "A\u{202e}B" }).unwrap();
    let evidence = judged(InForce::Mode(policy.default_mode()), dcc, NOW).evidence();
    assert_eq!(evidence[3], ("values", texts(&[("nam.fn", "A\\u{202e}B")])));
}

#[test]
fn a_rule_that_comes_to_nothing_refuses_and_says_so() {
    for (logic, fault) in [
        (json!({ "+": [{ "var": "payload.v.0.mp" }, 1] }), "\"+\" wants integers, not a string"),
        (json!({ "var": "payload.v.0.dn" }), "it comes to 2, neither true nor false"),
        (json!({ "var": "payload.t" }), "it comes to null, neither true nor false"),
    ] {
        for member in ["accept_if", "refuse_if"] {
            let mut rule = json!({ "id": "r", "description": { "en": "x" } });
            rule[member] = logic.clone();
            let policy = with_rules(&[rule]);
            let verdict = judged(InForce::Mode(policy.default_mode()), dcc(), NOW);
            assert_eq!((verdict.reason(), verdict.outcome()), ("rule_broken", Outcome::Refused));
            assert_eq!(verdict.evidence()[4], ("fault", Evidence::Text(fault.into())));
        }
    }
}

#[test]
fn all_rules_together_have_so_many_steps() {
    let values: Vec<String> = (0..MAX_VALUES).map(|value| value.to_string()).collect();
    let look = json!({ "in": ["x", { "var": "external.valueSets.s" }] });
    let rules: Vec<Value> = (0..MAX_RULES)
        .map(|id| json!({ "id": id.to_string(), "description": { "en": "x" }, "refuse_if": look }))
        .collect();
    let mut document = document("rules", rules.into());
    document["value_sets"] = json!({ "s": values });
    assert_eq!(reason(&parsed(&document), NOW), "rule_broken");
    document["rules"] = document["rules"].as_array().unwrap()[..100].into();
    assert_eq!(reason(&parsed(&document), NOW), "accepted");
}

#[test]
fn accept_if_has_to_be_true_and_refuse_if_must_not_be() {
    for (member, value, expected) in [
        ("accept_if", true, "accepted"),
        ("accept_if", false, "rule_failed"),
        ("refuse_if", true, "rule_failed"),
        ("refuse_if", false, "accepted"),
    ] {
        let mut rule = json!({ "id": "r", "description": { "en": "x" } });
        rule[member] = json!({ "===": [1, i32::from(value)] });
        assert_eq!(reason(&with_rules(&[rule]), NOW), expected, "{member} {value}");
    }
}

/// As published invalidations have it: `false` is what makes a certificate invalid.
#[test]
fn an_invalidation_is_its_issuers_country_s_and_has_to_be_true() {
    let invalidation = |country: &str, value: i32| {
        business(|rule| {
            rule["Identifier"] = format!("IR-{country}-0001").into();
            rule["Type"] = "Invalidation".into();
            rule["Country"] = country.into();
            rule["Logic"] = json!({ "===": [1, value] });
        })
    };
    assert_eq!(reason(&with_rules(&[invalidation("DE", 0)]), NOW), "rule_failed");
    assert_eq!(reason(&with_rules(&[invalidation("DE", 1)]), NOW), "accepted");
    assert_eq!(reason(&with_rules(&[invalidation("FR", 0)]), NOW), "accepted", "of another issuer's country");
}

#[test]
fn a_rule_is_asked_about_its_country_its_kind_its_region_and_its_time() {
    type Change = fn(&mut Value);
    let table: [(Change, i64, &str); 9] = [
        (|_| (), NOW, "rule_failed"),
        (|_| (), NOW - 1, "accepted"),
        (|_| (), NOW + 86_399, "rule_failed"),
        (|_| (), NOW + 86_400, "accepted"),
        (|rule| rule["Country"] = "AT".into(), NOW, "accepted"),
        (|rule| rule["CertificateType"] = "Test".into(), NOW, "accepted"),
        (|rule| rule["CertificateType"] = "General".into(), NOW, "rule_failed"),
        (|rule| rule["Region"] = "BW".into(), NOW, "rule_failed"),
        (|rule| rule["Region"] = "BY".into(), NOW, "accepted"),
    ];
    for (change, now, expected) in table {
        let mut document = document("rules", json!([business(change)]));
        document["region"] = "BW".into();
        assert_eq!(reason(&parsed(&document), now), expected);
    }
}

#[test]
fn of_each_identifier_the_newest_version_that_applies_counts() {
    let version = |version: &str, wanted: i32, from: &str| {
        business(|rule| {
            rule["Version"] = version.into();
            rule["Logic"]["==="][1] = wanted.into();
            rule["ValidFrom"] = from.into();
        })
    };
    let (always, later) = ("2021-01-01T00:00:00Z", "2021-06-01T01:00:00Z");
    let policy = with_rules(&[version("1.9.0", 3, always), version("1.10.0", 2, later)]);
    assert_eq!(reason(&policy, NOW), "rule_failed");
    assert_eq!(reason(&policy, NOW + 3600), "accepted");
}

#[test]
fn a_mode_asks_the_rules_that_it_lists_and_all_where_it_lists_none() {
    let mut document = document("rules", json!([own(json!({ "===": [1, 2] }))]));
    document["modes"] = json!([
        { "id": "all", "title": { "en": "All" } },
        { "id": "lax", "title": { "en": "Lax" }, "rules": [] },
        { "id": "strict", "title": { "en": "Strict" }, "rules": ["r"] },
    ]);
    let policy = parsed(&document);
    let reason = |id| judged(InForce::Mode(policy.in_mode(id).unwrap()), dcc(), NOW).reason();
    assert_eq!(["all", "lax", "strict"].map(reason), ["rule_failed", "accepted", "rule_failed"]);
    assert!(policy.in_mode("2g").is_none());
}

#[test]
fn rules_see_what_the_eus_format_says_they_do() {
    let all = json!({ "and": [
        { "===": [{ "var": "external.validationClock" }, "2021-06-01T00:00:00Z"] },
        { "===": [{ "var": "external.countryCode" }, "DE"] },
        { "===": [{ "var": "external.exp" }, "2021-06-01T00:00:01Z"] },
        { "===": [{ "var": "external.iat" }, "1970-01-01T00:00:00Z"] },
        { "===": [{ "var": "external.issuerCountryCode" }, "DE"] },
        { "===": [{ "var": "external.kid" }, "AQIDBAUGBwg="] },
        { "===": [{ "var": "external.region" }, "BW"] },
        { "in": ["b", { "var": "external.valueSets.s" }] },
        { "===": [{ "var": "payload.ver" }, "1.3.0"] },
        { "===": [{ "var": "payload.nam.fnt" }, "MUSTERMANN"] },
        { "===": [{ "var": "payload.dob" }, "1964-08-12"] },
        { "===": [{ "var": "payload.v.0.ci" }, "URN:UVCI:01DE/1#A"] },
        { "!": [{ "var": "payload.t" }] },
    ] });
    let mut document = document("rules", json!([own(all)]));
    document["region"] = "BW".into();
    document["value_sets"] = json!({ "s": ["a", "b"] });
    assert_eq!(reason(&parsed(&document), NOW), "accepted");
}

#[test]
fn own_passes_count_for_their_spans_and_those_of_others_are_left_alone() {
    let day = 86_400;
    let vaccinated = NOW - 3 * day; // 2021-05-29
    let span = json!({ "vaccination": { "from_day": 2, "until_day": 9, "description": { "en": "x" } } });
    let mut document = document("own_passes", span);
    document["modes"][0]["rules"] = json!([]);
    let policy = parsed(&document);
    let table = [
        (2 * day - 1, "rule_failed"),
        (2 * day, "accepted"),
        (10 * day - 1, "accepted"),
        (10 * day, "rule_failed"),
    ];
    for (after, expected) in table {
        assert_eq!(reason(&policy, vaccinated + after), expected, "{after}");
    }
    document["country"] = "FR".into();
    assert_eq!(reason(&parsed(&document), NOW + 300 * day), "accepted");
}

/// Vaccinated as [`dcc`] says, in WHO's format, which names countries by three letters.
fn ddcc(country: &str) -> String {
    let fields = [
        ("name", "Erika Mustermann"),
        ("vaccine", "1119349007"),
        ("date", "2021-05-29"),
        ("country", country),
        ("hcid", "1"),
        ("valid_until", "9999-12-31"),
    ];
    let fields = fields.map(|(name, value)| (name.into(), value.into()));
    Message::eddsa().claims(fields.to_vec()).text()
}

/// Otherwise a pass would be green for ever in the very country whose rules end it.
#[test]
fn a_pass_that_names_no_country_of_two_letters_is_its_signers() {
    let span = json!({ "vaccination": { "from_day": 0, "until_day": 9, "description": { "en": "x" } } });
    let policy = parsed(&document("own_passes", span));
    let is_german = json!({ "===": [{ "var": "external.issuerCountryCode" }, "DE"] });
    let rule = with_rules(&[own(is_german)]);
    for (named, signer, own_pass) in [
        ("DEU", Some("DE"), true),
        ("", Some("DE"), true),
        ("DEU", Some("FR"), false),
        ("FR", Some("DE"), false),
        ("DE", None, true),
        ("DE", Some("FR"), true),
        ("FR", None, false),
    ] {
        let country = signer.map(str::to_owned);
        let of = |key: &IssuerKey| IssuerKey { country: country.clone(), ..key.clone() };
        let keys = KeySet::new(keys_for(Format::Ddcc, None).keys().iter().map(of).collect());
        let by = |policy: &Policy| {
            let policy = InForce::Mode(policy.default_mode());
            let context = Context { keys: &keys, revocation: &NothingRevoked, policy };
            judge_text(&ddcc(named), context, NOW + 300 * 86_400).reason()
        };
        let (ended, told) = if own_pass { ("rule_failed", "accepted") } else { ("accepted", "rule_failed") };
        assert_eq!((by(&policy), by(&rule)), (ended, told), "{named:?} by {signer:?}");
    }
}

/// [`dcc`] with doses of these dates.
fn vaccinated_on(dates: &[&str]) -> Cbor {
    let mut dcc = dcc();
    let (_, doses) =
        dcc.as_map_mut().unwrap().iter_mut().find(|(name, _)| name.as_text() == Some("v")).unwrap();
    let dose = doses.as_array().unwrap()[0].clone();
    let on = |date: &&str| {
        let mut dose = dose.clone();
        let (_, dt) =
            dose.as_map_mut().unwrap().iter_mut().find(|(name, _)| name.as_text() == Some("dt")).unwrap();
        *dt = (*date).into();
        dose
    };
    *doses = Cbor::Array(dates.iter().map(on).collect());
    dcc
}

#[test]
fn the_latest_dose_counts_wherever_it_stands_and_its_day_whatever_the_time() {
    let day = 86_400;
    let span = json!({ "vaccination": { "from_day": 2, "until_day": 9, "description": { "en": "x" } } });
    let policy = parsed(&document("own_passes", span));
    let vaccinated = NOW - 3 * day; // 2021-05-29
    for dates in [
        &["2021-05-29"][..],
        &["2021-03-01", "2021-05-29"],
        &["2021-05-29", "2021-03-01"],
        &["2021-05-29T23:00:00Z"],
        &["2021-05-29 23:59:59+02:00"],
    ] {
        let table = [
            (2 * day - 1, "rule_failed"),
            (2 * day, "accepted"),
            (10 * day - 1, "accepted"),
            (10 * day, "rule_failed"),
        ];
        for (after, expected) in table {
            let verdict =
                judged(InForce::Mode(policy.default_mode()), vaccinated_on(dates), vaccinated + after);
            assert_eq!(verdict.reason(), expected, "{dates:?} {after}");
        }
    }
}

#[test]
fn a_region_of_an_invalidation_rule_is_the_issuers_and_lets_nobody_past_it() {
    let policy = with_rules(&[business(|rule| {
        rule["Type"] = "Invalidation".into();
        rule["Identifier"] = "IR-DE-0001".into();
        rule["Region"] = "BW".into();
    })]);
    assert_eq!(reason(&policy, NOW), "rule_failed");
}

#[test]
fn a_positive_test_is_refused_whatever_the_policy_says() {
    let dcc = shipped::test("LP6464-4", "2021-05-31T12:00:00Z", "260373001");
    let policy = with_rules(&[own(json!({ "===": [1, 1] }))]);
    assert_eq!(judged(InForce::Mode(policy.default_mode()), dcc.clone(), NOW).reason(), "positive_test");
    let none = with_rules(&[]);
    assert_eq!(judged(InForce::Mode(none.default_mode()), dcc, NOW).reason(), "positive_test");
}
