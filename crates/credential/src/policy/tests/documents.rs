//! What is taken for a policy, and what is told of the rest.

use super::*;

fn fault(document: &Value) -> String {
    Policy::parse(document.to_string().as_bytes()).expect_err(&document.to_string()).to_string()
}

#[test]
fn a_policy_is_read_with_its_modes_in_their_order() {
    let policy = parsed(&document(
        "modes",
        json!([
            { "id": "3g", "title": { "en": "3G", "de-AT": "3-G" } },
            { "id": "all", "title": { "en": "All" }, "kinds": ["test"] },
        ]),
    ));
    let modes: Vec<_> = policy.modes().iter().map(|mode| (mode.id(), mode.kinds().len())).collect();
    assert_eq!(modes, [("3g", 3), ("all", 1)]);
    assert_eq!(policy.default_mode().mode().id(), "all");
    assert_eq!((policy.country(), policy.name().by_language()["en"].as_str()), ("DE", "Here"));
}

#[test]
fn a_fault_is_a_few_lines_however_long_what_is_wrong() {
    let mut document = document("modes", json!([]));
    document["x".repeat(100_000)] = json!(1);
    assert!(Policy::parse(document.to_string().as_bytes()).unwrap_err().to_string().chars().count() < 500);
}

#[test]
fn what_is_no_policy_is_refused_in_one_clear_line() {
    let rule = |change: Value| {
        let mut rule = own(json!({ "===": [1, 1] }));
        rule.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        json!([rule])
    };
    let table = [
        (
            "format",
            json!("propusk-policy/2"),
            "format \"propusk-policy/2\" is not \"propusk-policy/1\", the one that is known here",
        ),
        ("format", json!(1), "no policy: it has no \"format\" that is \"propusk-policy/1\""),
        ("new", json!(1), "unknown field `new`, expected one of"),
        ("name", json!({}), "name: it has no text in any language"),
        ("name", json!({ "en": " " }), "name: its text in \"en\" is empty"),
        ("name", json!({ "English": "x" }), "name: \"English\" is no language such as \"de\" or \"de-AT\""),
        ("name", json!({ "en": "a\u{202e}b" }), "name: its text in \"en\" has control characters or turns"),
        ("name", json!({ "en": "a\nb" }), "name: its text in \"en\" has control characters or turns"),
        (
            "name",
            json!({ "en": "x".repeat(61) }),
            "name: its text in \"en\" has 61 characters: at most 60 are taken",
        ),
        ("country", json!("de"), "country: \"de\" is not two capital letters"),
        ("region", json!(""), "region: it must have 1 to 40 bytes"),
        ("kinds", json!([]), "kinds: name at least one"),
        ("kinds", json!(["test", "test"]), "kinds: \"test\" stands twice"),
        ("kinds", json!(["membership"]), "unknown variant `membership`"),
        ("modes", json!([]), "modes: 0: there must be 1 to 12"),
        (
            "modes",
            json!([{ "id": "2G", "title": { "en": "x" } }]),
            "mode \"2G\": its id must be 1 to 40 of a-z, 0-9 and _",
        ),
        (
            "modes",
            json!([{ "id": "a", "title": { "en": "x" }, "rules": ["no"] }]),
            "mode \"a\": rules: there is no rule \"no\"",
        ),
        ("default_mode", json!("2g"), "default_mode: there is no mode \"2g\""),
        ("value_sets", json!({ "a.b": [] }), "value_sets: no rule can look into a set called \"a.b\""),
        (
            "value_sets",
            json!({ "a": vec![""; MAX_VALUES + 1] }),
            "value_sets: \"a\" has 5001 values: at most 5000 are taken",
        ),
        ("rules", json!([1]), "rules: rule 1: invalid type: integer `1`, expected a rule"),
        (
            "rules",
            json!([{ "id": "r", "description": { "en": "x" } }]),
            "rules: r: exactly one of accept_if and refuse_if",
        ),
        ("rules", rule(json!({ "refuse_if": true })), "rules: r: exactly one of accept_if and refuse_if"),
        ("rules", rule(json!({ "accept_if": null })), "rules: r: exactly one of accept_if and refuse_if"),
        (
            "rules",
            rule(json!({ "accept_if": { "==": [1, 1] } })),
            "rules: r: its logic: unrecognised operator: \"==\"",
        ),
        ("rules", rule(json!({ "kinds": [] })), "rules: r: kinds: name at least one"),
        ("rules", rule(json!({ "id": "a b" })), "rules: a b: \"a b\" is no identifier of 1 to 40 letters"),
        (
            "rules",
            rule(json!({ "id": "own_test" })),
            "rules: own_test 1.0.0: names that begin with \"own_\" are those of own_passes",
        ),
        ("rules", rule(json!({ "valid_from": "2021" })), "rules: r: valid_from must be a time of the form"),
        (
            "rules",
            rule(json!({ "valid_from": "2021-06-01T00:00:00Z", "valid_to": "2021-06-01T00:00:00Z" })),
            "rules: r: it ends before it begins",
        ),
        (
            "rules",
            rule(json!({ "description": {} })),
            "rules: r: its description: it has no text in any language",
        ),
        ("rules", json!([own(json!(true)), own(json!(false))]), "rules: r 1.0.0 stands twice"),
        (
            "rules",
            json!([business(|rule| rule["Extra"] = 1.into())]),
            "rules: VR-DE-0001: a business rule has no member \"Extra\"",
        ),
        (
            "rules",
            json!([business(|rule| rule["Type"] = "BoosterNotification".into())]),
            "rules: VR-DE-0001: it tells of boosters",
        ),
        (
            "rules",
            json!([business(|rule| rule["ValidTo"] = "x".into())]),
            "rules: VR-DE-0001: ValidTo must be a time of the form",
        ),
        (
            "rules",
            json!([business(|rule| rule["Description"] = json!([]))]),
            "rules: VR-DE-0001: its description: it has no text",
        ),
        (
            "own_passes",
            json!({ "test": { "hours": 40_000, "description": { "en": "x" } } }),
            "own_passes: test: 40000: at most 36525 is taken",
        ),
        (
            "own_passes",
            json!({ "recovery": { "from_day": 2, "until_day": 1, "description": { "en": "x" } } }),
            "own_passes: recovery: until_day comes before from_day",
        ),
    ];
    for (member, value, start) in table {
        let told = fault(&document(member, value));
        assert!(told.starts_with(start) && !told.contains('\n'), "{told}\nnot {start}");
    }
}

#[test]
fn limits_hold_to_the_last_one_that_is_taken() {
    let mode = |id: usize| json!({ "id": format!("m{id}"), "title": { "en": "x" } });
    let modes = |count| {
        let mut document = document("modes", (0..count).map(mode).collect());
        document["default_mode"] = "m0".into();
        Policy::parse(document.to_string().as_bytes()).is_ok()
    };
    assert_eq!([modes(MAX_MODES), modes(MAX_MODES + 1)], [true, false]);
    let rule = |id: usize| json!({ "id": id.to_string(), "description": { "en": "x" }, "accept_if": true });
    let rules = |count| {
        Policy::parse(document("rules", (0..count).map(rule).collect()).to_string().as_bytes()).is_ok()
    };
    assert_eq!([rules(MAX_RULES), rules(MAX_RULES + 1)], [true, false]);
    let mut long = document("region", "x".into()).to_string();
    long.extend(std::iter::repeat_n(' ', MAX_BYTES - long.len()));
    assert!(Policy::parse(long.as_bytes()).is_ok());
    long.push(' ');
    assert_eq!(
        Policy::parse(long.as_bytes()).unwrap_err().to_string(),
        "1048577 bytes: at most 1048576 are taken"
    );
}

#[test]
fn a_name_that_stands_twice_in_an_object_is_refused() {
    let text = document("rules", json!([])).to_string();
    let twice = text.replacen("\"country\"", "\"country\":\"FR\",\"country\"", 1);
    let told = Policy::parse(twice.as_bytes()).unwrap_err().to_string();
    assert!(told.starts_with("no JSON: \"country\" stands twice in one object"), "{told}");
    for hostile in ["", "[", "null", "\u{feff}{}", &"[".repeat(100_000)] {
        assert!(Policy::parse(hostile.as_bytes()).is_err());
    }
    assert!(Policy::parse(b"\xff").is_err());
}

#[test]
fn authors_are_warned_of_what_no_rule_uses_and_of_what_is_missing() {
    let look = json!({ "in": [1, { "var": "external.valueSets.gone" }] });
    let mut document =
        document("rules", json!([own(look), business(|rule| rule["AffectedFields"] = json!([]))]));
    document["value_sets"] = json!({ "unused": [] });
    document["country"] = "AT".into();
    document["modes"][0]["rules"] = json!(["r"]);
    assert_eq!(
        parsed(&document).warnings(),
        [
            "rule VR-DE-0001 1.0.0: no mode asks it",
            "rule VR-DE-0001 1.0.0: it is another country's or region's, so it is never asked",
            "rule VR-DE-0001 1.0.0: AffectedFields lacks \"v.0.dn\"",
            "rule r 1.0.0: there is no value set \"gone\", so it holds nothing",
            "value set \"unused\": no rule looks into it",
        ]
    );
}
