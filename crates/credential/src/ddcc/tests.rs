use ciborium::{Value, cbor};

use crate::testing::{EXPIRES, Message, judged, judged_by, keys_for, no_change_is_accepted};
use crate::{Format, Kind};

fn coded(code: &str) -> Value {
    cbor!({ "code" => code, "system" => "http://snomed.info/sct" }).unwrap()
}

fn document() -> Vec<(Value, Value)> {
    let fields: [(&str, Value); 12] = [
        ("name", "Eddie Murphy".into()),
        ("birthDate", "1986-09-19".into()),
        ("vaccine", coded("1119349007")),
        ("brand", coded("EU/1/20/1528")),
        ("disease", coded("840539006")),
        ("date", "2021-05-08".into()),
        ("dose", 1.into()),
        ("total_doses", 2.into()),
        ("country", coded("USA")),
        ("pha", "Authority".into()),
        ("hcid", "1234".into()),
        ("valid_until", "2021-07-22".into()),
    ];
    fields.map(|(name, value)| (name.into(), value)).to_vec()
}

fn with(name: impl Into<Value>, value: Option<Value>) -> Vec<(Value, Value)> {
    let name = name.into();
    let mut document = document();
    document.retain(|(key, _)| *key != name);
    document.extend(value.map(|value| (name, value)));
    document
}

/// A date under a CBOR tag (RFC 8949 §3.4.1, RFC 8943).
fn dated(tag: u64, date: &str) -> Value {
    Value::Tag(tag, Box::new(date.into()))
}

/// One whose `exp` has not come, with another `valid_until`.
fn ending_by_exp(valid_until: Value) -> Vec<(Value, Value)> {
    let mut document = with("valid_until", Some(valid_until));
    document.push((4.into(), EXPIRES.into()));
    document
}

fn text(document: Vec<(Value, Value)>) -> String {
    Message::eddsa().claims(document).text()
}

fn reason(document: Vec<(Value, Value)>) -> &'static str {
    judged_by(&text(document), &keys_for(Format::Ddcc, None)).reason()
}

#[test]
fn a_document_becomes_a_vaccination_in_the_form_of_a_dcc() {
    let verdict = judged_by(&text(document()), &keys_for(Format::Ddcc, None));
    assert_eq!(verdict.reason(), "accepted", "{:?}", verdict.evidence());
    let pass = verdict.pass().unwrap();
    assert_eq!((pass.kind, pass.format, pass.id.as_str()), (Kind::Vaccination, Format::Ddcc, "1234"));
    assert_eq!(pass.expires_at, Some(1_626_998_399), "the end of its last day");
    let rules = pass.claims.for_rules();
    let expected = serde_json::json!({
        "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "dn": 1, "sd": 2, "dt": "2021-05-08",
        "co": "USA", "is": "Authority", "ci": "1234",
    });
    assert_eq!((&rules["v"][0], &rules["dob"]), (&expected, &serde_json::json!("1986-09-19")));
}

#[test]
fn its_end_is_looked_for_and_has_to_be_one() {
    let table = [
        (with("valid_until", None), "claim_missing"),
        (with("valid_until", Some("soon".into())), "schema_violation"),
        (with("valid_until", Some("2021-05-31".into())), "expired"),
        (with("valid_from", Some("2021-06-02".into())), "not_yet_valid"),
        (with(4, Some(f64::NAN.into())), "claim_invalid"),
        (with(4, Some(f64::INFINITY.into())), "claim_invalid"),
        (with(4, Some(EXPIRES.into())), "accepted"),
        (with(4, Some(1.into())), "expired"),
        (with("valid_until", Some(dated(0, "2021-07-22"))), "accepted"),
        (with("valid_until", Some(dated(1004, "2021-05-31"))), "expired"),
        (with("valid_until", Some(1_622_419_200.into())), "schema_violation"),
        (with("valid_from", Some(dated(1004, "2021-06-02"))), "not_yet_valid"),
        (with("valid_from", Some(1_622_592_000.into())), "schema_violation"),
        (with("valid_from", Some(Value::Null)), "accepted"),
        (ending_by_exp(dated(0, "2021-05-31")), "expired"),
        (ending_by_exp("2021-05-31".into()), "expired"),
        (ending_by_exp(Value::Bytes(b"2021-05-31".to_vec())), "schema_violation"),
        (ending_by_exp(Value::Null), "accepted"),
        (with("name", None), "schema_violation"),
        (with("birthDate", Some("x".into())), "schema_violation"),
        (with("date", None), "schema_violation"),
        (with("vaccine", None), "schema_violation"),
        (with("hcid", Some("".into())), "schema_violation"),
    ];
    for (row, (document, expected)) in table.into_iter().enumerate() {
        assert_eq!(reason(document), expected, "row {row}");
    }
}

#[test]
fn a_key_has_to_be_for_it() {
    assert_eq!(judged(&text(document())).reason(), "unknown_key");
    let dcc = Message::eddsa().text();
    assert_eq!(judged_by(&dcc, &keys_for(Format::Ddcc, None)).reason(), "unknown_key");
}

#[test]
fn no_character_can_be_another() {
    no_change_is_accepted(&text(document()), "0Z$: a", &keys_for(Format::Ddcc, None));
}
