//! Rules as member states exchange them.

use certlogic::rule::{BusinessRule, CertificateType, RuleType};
use serde_json::{Value, json};

fn rule() -> Value {
    json!({
        "Identifier": "VR-AT-0003",
        "Type": "Acceptance",
        "Country": "AT",
        "Version": "1.2.0",
        "SchemaVersion": "1.0.0",
        "Engine": "CERTLOGIC",
        "EngineVersion": "0.7.5",
        "CertificateType": "Vaccination",
        "Description": [
            { "lang": "fr", "desc": "Toutes les doses doivent être faites." },
            { "lang": "en", "desc": "All doses must have been given." },
            { "lang": "de", "desc": "Alle Dosen müssen verabreicht sein." },
        ],
        "ValidFrom": "2021-06-01T00:00:00Z",
        "ValidTo": "2021-07-01T02:00:00+02:00",
        "AffectedFields": ["v.0", "v.0.dn", "v.0.sd"],
        "Logic": { "if": [
            { "var": "payload.v.0" },
            { ">=": [{ "var": "payload.v.0.dn" }, { "var": "payload.v.0.sd" }] },
            true,
        ] },
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut rule = rule();
    rule[field] = value;
    rule
}

fn parsed(value: &Value) -> BusinessRule {
    BusinessRule::parse(value).unwrap()
}

const JUNE_1: i64 = 1_622_505_600;
const JULY_1: i64 = 1_625_097_600;

#[test]
fn a_rule_is_read_and_written_alike() {
    let rule = parsed(&rule());
    assert_eq!((rule.kind, rule.certificate_type), (RuleType::Acceptance, CertificateType::Vaccination));
    assert_eq!((rule.valid_from, rule.valid_to), (JUNE_1, JULY_1));
    assert_eq!(rule.warnings(), [""; 0]);
    let written = serde_json::to_value(&rule).unwrap();
    assert_eq!(written, with("ValidTo", json!("2021-07-01T00:00:00Z")));
    assert_eq!(serde_json::to_value(parsed(&written)).unwrap(), written);
}

#[test]
fn its_logic_judges() {
    let rule = parsed(&rule());
    let judged = |dn, sd| rule.logic.evaluate(&json!({ "payload": { "v": [{ "dn": dn, "sd": sd }] } }));
    assert_eq!(judged(2, 2), Ok(json!(true)));
    assert_eq!(judged(1, 2), Ok(json!(false)));
}

#[test]
fn every_fault_is_told() {
    let table = [
        ("Identifier", json!(1), "Identifier must be a string"),
        (
            "Type",
            json!("acceptance"),
            "Type must be \"Acceptance\", \"Invalidation\" or \"BoosterNotification\"",
        ),
        ("Engine", json!("JSONLOGIC"), "Engine must be \"CERTLOGIC\""),
        (
            "CertificateType",
            json!("Vaccine"),
            "CertificateType must be \"General\", \"Vaccination\", \"Test\" or \"Recovery\"",
        ),
        ("Description", json!("words"), "Description must be an array of { \"lang\": …, \"desc\": … }"),
        (
            "Description",
            json!([{ "lang": "en" }]),
            "Description must be an array of { \"lang\": …, \"desc\": … }",
        ),
        ("ValidFrom", json!("2021-06-01"), "ValidFrom must be a time of the form 2021-06-01T00:00:00Z"),
        ("ValidTo", json!("0000-00-00T00:00:00Z"), "ValidTo must be a time of the form 2021-06-01T00:00:00Z"),
        ("AffectedFields", json!([1]), "AffectedFields must be an array of strings"),
        ("Logic", json!(true), "Logic must be an object"),
        ("Logic", json!({ "==": [1, 1] }), "Logic: unrecognised operator: \"==\""),
        ("Region", json!(5), "Region must be a string"),
    ];
    for (field, value, fault) in table {
        assert_eq!(BusinessRule::parse(&with(field, value)).unwrap_err(), [fault], "{field}");
    }
    assert_eq!(BusinessRule::parse(&json!([])).unwrap_err(), ["a rule is a JSON object"]);
    let missing = BusinessRule::parse(&json!({})).unwrap_err();
    assert_eq!(missing.len(), 13);
    assert_eq!(missing[0], "Identifier is missing");
}

#[test]
fn what_the_gateway_would_not_like_is_warned_of() {
    let table = [
        ("Identifier", json!("VR-AT-x"), "Identifier \"VR-AT-x\" does not end in a number"),
        ("Identifier", json!("XX-AT-0001"), "Identifier \"XX-AT-0001\" is not of the form VR-AT-0001"),
        ("Identifier", json!(""), "Identifier \"\" is not of the form VR-AT-0001"),
        (
            "Identifier",
            json!("VR-DE-0003"),
            "Identifier \"VR-DE-0003\" names another country than Country \"AT\"",
        ),
        (
            "Identifier",
            json!("IR-AT-0003"),
            "Identifier \"IR-AT-0003\" does not begin as those of Type Acceptance do",
        ),
        (
            "Identifier",
            json!("TR-AT-0003"),
            "Identifier \"TR-AT-0003\" does not begin as those of CertificateType Vaccination do",
        ),
        ("Version", json!("1.0"), "Version \"1.0\" is not of the form 1.0.0"),
        ("EngineVersion", json!("v1.0.0"), "EngineVersion \"v1.0.0\" is not of the form 1.0.0"),
        ("ValidTo", json!("2021-06-01T00:00:00Z"), "ValidFrom is not before ValidTo: it never holds"),
        ("AffectedFields", json!(["v.0", "v.0.dn"]), "AffectedFields lacks \"v.0.sd\""),
        (
            "AffectedFields",
            json!(["v.0", "v.0.dn", "v.0.sd", "dob"]),
            "AffectedFields names \"dob\", which Logic does not use",
        ),
    ];
    for (field, value, warning) in table {
        assert_eq!(parsed(&with(field, value)).warnings(), [warning], "{field}");
    }
    let short = with("Description", json!([{ "lang": "de", "desc": "kurz" }]));
    let warnings =
        ["Description in \"de\" has less than 20 characters", "Description has none in English (\"en\")"];
    assert_eq!(parsed(&short).warnings(), warnings);
    let country = parsed(&with("Country", json!("at"))).warnings();
    assert!(country.contains(&"Country \"at\" is not two capital letters".to_owned()), "{country:?}");
}

#[test]
fn a_rule_holds_from_its_beginning_until_right_before_its_end() {
    let rule = parsed(&rule());
    let held = [JUNE_1 - 1, JUNE_1, JULY_1 - 1, JULY_1].map(|now| rule.holds_at(now));
    assert_eq!(held, [false, true, true, false]);
}

#[test]
fn versions_are_compared_as_numbers() {
    let number = |version: &str| parsed(&with("Version", json!(version))).version_number();
    assert_eq!(number("1.10.0"), [1, 10, 0]);
    assert!(number("1.10.0") > number("1.9.9"));
    assert_eq!(number("x.2"), [0, 2, 0]);
}

#[test]
fn fields_are_those_of_the_certificate() {
    let logic = json!({ "and": [{ "var": "payload" }, { "var": "payload.v.0" }, { "var": "payloads" }, { "var": "external.x" }] });
    assert_eq!(parsed(&with("Logic", logic)).fields(), ["", "v.0"]);
}
