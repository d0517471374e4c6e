use ciborium::cbor;
use proptest::prelude::*;

use super::*;
use crate::key::PublicKey;
use crate::testing::{
    EXPIRES, ISSUED, KID, Message, deflate, ed25519, encode, judged, judged_by, keys_for, trusted,
};
use crate::verdict::Verdict;

const PLACE: (u64, &str) = (7, "https://c.example/s");

fn ticket() -> Vec<(i64, Value)> {
    vec![
        (key::KIND, 4.into()),
        (key::STATUS, cbor!([PLACE.0, PLACE.1]).unwrap()),
        (key::TITLE, "Concert".into()),
        (key::FAMILY_NAME, "Иванова".into()),
        (key::GIVEN_NAME, "Анна".into()),
        (key::DATE_OF_BIRTH, "1990-01-02".into()),
        (key::ZONES, cbor!(["A", "B"]).unwrap()),
        (key::USES, 3.into()),
        (key::DETAIL, "Row 4, seat 12".into()),
    ]
}

fn with(key: i64, value: Option<Value>) -> Vec<(i64, Value)> {
    let mut pass = ticket();
    pass.retain(|(other, _)| *other != key);
    pass.extend(value.map(|value| (key, value)));
    pass
}

fn text(pass: Value) -> String {
    let claims = [(4, EXPIRES.into()), (6, ISSUED.into()), (CLAIM, pass)];
    let claims = claims.into_iter().map(|(key, value)| (Value::from(key), value)).collect();
    let message = Message::eddsa().claims(claims).signed();
    format!("{PREFIX}{}", ::base45::encode(deflate(&encode(&message))))
}

fn map(pass: Vec<(i64, Value)>) -> Value {
    Value::Map(pass.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

#[track_caller]
fn accepted(pass: Vec<(i64, Value)>) -> Pass {
    match judged(&text(map(pass))) {
        Verdict::Accepted(accepted) => accepted.pass,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn refused(pass: Vec<(i64, Value)>, field: &str) {
    match judged(&text(map(pass))) {
        Verdict::Refused(refused) => match refused.reason {
            Refusal::SchemaViolation { field: found, .. } => assert_eq!(found, field),
            other => panic!("{other:?}"),
        },
        other => panic!("{field}: {other:?}"),
    }
}

#[test]
fn a_ticket_says_whose_what_where_and_how_often() {
    let pass = accepted(ticket());
    assert_eq!((pass.format, pass.kind), (Format::General, Kind::Ticket));
    assert_eq!((pass.issued_at, pass.expires_at), (Some(ISSUED), Some(EXPIRES)));
    assert_eq!(pass.holder.family_name, "Иванова");
    assert_eq!(pass.status, Some(StatusRef { index: PLACE.0, uri: PLACE.1.into() }));
    assert_eq!(pass.id, "https://c.example/s#7");
    let general = General {
        title: "Concert".into(),
        zones: vec!["A".into(), "B".into()],
        uses: Some(3),
        detail: Some("Row 4, seat 12".into()),
    };
    assert_eq!(pass.general, Some(general));
    let payload = serde_json::json!({
        "pass": {
            "kind": "ticket", "id": "https://c.example/s#7", "title": "Concert", "zones": ["A", "B"], "uses": 3,
            "detail": "Row 4, seat 12",
        },
        "nam": { "fn": "Иванова", "gn": "Анна" }, "dob": "1990-01-02",
    });
    assert_eq!(pass.claims.for_rules(), payload);
}

#[test]
fn kind_place_and_title_are_all_that_a_pass_needs() {
    for (number, kind) in KINDS {
        let pass = accepted(vec![
            (key::KIND, number.into()),
            (key::STATUS, cbor!([0, "s"]).unwrap()),
            (key::TITLE, "x".into()),
        ]);
        assert_eq!(pass.kind, kind);
        assert_eq!(pass.general, Some(General { title: "x".into(), ..General::default() }));
        assert_eq!(pass.holder, Holder::default());
    }
}

#[test]
fn a_status_lists_address_has_its_scheme_or_the_usual_one() {
    for (written, meant) in [
        ("c.example/s", "https://c.example/s"),
        ("https://c.example/s", "https://c.example/s"),
        ("http://c.example/s", "http://c.example/s"),
    ] {
        let pass = accepted(with(key::STATUS, Some(cbor!([7, written]).unwrap())));
        assert_eq!(pass.status, Some(StatusRef { index: 7, uri: meant.into() }));
        assert_eq!(pass.id, format!("{meant}#7"));
    }
}

#[test]
fn an_identifier_of_the_issuers_own_is_kept() {
    assert_eq!(accepted(with(key::ID, Some("T-1042".into()))).id, "T-1042");
}

#[test]
fn what_the_schema_does_not_allow_is_refused_by_its_field() {
    let long = "x".repeat(MAX_TEXT + 1);
    let list = |texts: &[&str]| Value::Array(texts.iter().map(|text| Value::from(*text)).collect());
    let many = vec!["z"; MAX_ZONES + 1];
    for (key, field, value) in [
        (key::KIND, "kind", None),
        (key::KIND, "kind", Some(0.into())),
        (key::KIND, "kind", Some(5.into())),
        (key::KIND, "kind", Some("ticket".into())),
        (key::KIND, "kind", Some(u64::MAX.into())),
        (key::STATUS, "status", None),
        (key::STATUS, "status", Some(cbor!([-1, "s"]).unwrap())),
        (key::STATUS, "status", Some(cbor!([1, ""]).unwrap())),
        (key::STATUS, "status", Some(cbor!([1]).unwrap())),
        (key::STATUS, "status", Some(cbor!([1, "s", 2]).unwrap())),
        (key::STATUS, "status", Some(cbor!([1.5, "s"]).unwrap())),
        (key::TITLE, "title", None),
        (key::TITLE, "title", Some("".into())),
        (key::TITLE, "title", Some(long.as_str().into())),
        (key::TITLE, "title", Some(7.into())),
        (key::ID, "id", Some("".into())),
        (key::FAMILY_NAME, "family_name", Some(long.as_str().into())),
        (key::DATE_OF_BIRTH, "date_of_birth", Some("2 May".into())),
        (key::ZONES, "zones", Some(list(&[]))),
        (key::ZONES, "zones", Some(list(&[""]))),
        (key::ZONES, "zones", Some(list(&many))),
        (key::ZONES, "zones", Some("A".into())),
        (key::USES, "uses", Some(0.into())),
        (key::USES, "uses", Some((-1).into())),
        (key::USES, "uses", Some((MAX_USES + 1).into())),
        (key::USES, "uses", Some(1.0.into())),
        (key::DETAIL, "detail", Some(Value::Bytes(vec![1]))),
        (11, "11", Some(1.into())),
        (-1, "-1", Some(1.into())),
    ] {
        refused(with(key, value), field);
    }
}

#[test]
fn a_pass_is_read_under_its_own_prefix_only() {
    let pass = text(map(ticket()));
    let body = pass.strip_prefix(PREFIX).unwrap();
    assert_eq!(judged(&format!("HC1:{body}")).reason(), "claim_missing");
    let dcc = Message::eddsa().text();
    assert_eq!(judged(&dcc.replacen("HC1:", PREFIX, 1)).reason(), "claim_missing");
    assert_eq!(judged(&text(Value::Null)).reason(), "claim_invalid");
    assert_eq!(judged(PREFIX).outcome().name(), "refused");
}

proptest! {
    #[test]
    fn no_change_of_a_good_text_is_accepted(at: prop::sample::Index, put in "[0-9A-Z $%*+./:-]{0,2}") {
        let good = text(map(ticket()));
        let start = at.index(good.len());
        let changed = format!("{}{put}{}", &good[..start], &good[(start + 1).min(good.len())..]);
        prop_assert_eq!(judged(&changed).reason() == "accepted", changed == good);
    }

    #[test]
    fn no_signed_map_panics(key in -2_i64..13, number: i64, words in "\\PC{0,90}", as_list: bool) {
        for value in [number.into(), words.as_str().into(), Value::Null, Value::Bytes(vec![1])] {
            let value = if as_list { Value::Array(vec![value.clone(), value]) } else { value };
            judged(&text(map(with(key, Some(value)))));
        }
    }
}

/// Imported lists hold every foreign signer's key: none of them is an authority of this place.
#[test]
fn only_a_key_that_is_for_general_passes_verifies_one() {
    let text = text(map(ticket()));
    let unnamed = KeySet::new(vec![trusted(KID, PublicKey::Ed25519(ed25519().verifying_key().into()))]);
    for (keys, reason) in [
        (unnamed, "unknown_key"),
        (keys_for(Format::Dcc, None), "unknown_key"),
        (keys_for(Format::General, None), "accepted"),
    ] {
        assert_eq!(judged_by(&text, &keys).reason(), reason);
    }
}
