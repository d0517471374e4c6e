use crate::testing::{EXPIRES, ISSUED, Message, NOW, claims, claims_with, encode, hex, judged};
use crate::verdict::Verdict;
use ciborium::{Value, cbor};

fn with(claim: i64, value: Value) -> Verdict {
    judged(&Message::eddsa().claims(claims_with(claim, Some(value))).text())
}

fn without(claim: i64) -> Verdict {
    judged(&Message::eddsa().claims(claims_with(claim, None)).text())
}

#[test]
fn times_that_are_no_times_are_refused() {
    let huge = Value::Tag(2, Box::new(Value::Bytes(vec![0xff; 9])));
    let values = [
        ("NaN", f64::NAN.into()),
        ("-NaN", (-f64::NAN).into()),
        ("infinity", f64::INFINITY.into()),
        ("-infinity", f64::NEG_INFINITY.into()),
        ("1e300", 1e300.into()),
        ("-1e300", (-1e300).into()),
        ("-0.5", (-0.5).into()),
        ("-1", (-1).into()),
        ("the year 10000", 253_402_300_800_i64.into()),
        ("2^64-1", u64::MAX.into()),
        ("i64::MIN", i64::MIN.into()),
        ("2^72", huge),
        ("text", "1622505600".into()),
        ("bytes", Value::Bytes(vec![1])),
        ("true", true.into()),
        ("null", Value::Null),
        ("[]", Value::Array(vec![])),
        ("1(now)", Value::Tag(1, Box::new(NOW.into()))),
    ];
    for (name, value) in values {
        for claim in [4, 5, 6] {
            let verdict = with(claim, value.clone());
            assert_eq!(
                (verdict.reason(), verdict.stage().name()),
                ("claim_invalid", "cwt"),
                "{claim} = {name}"
            );
            assert!(verdict.pass().is_none());
        }
    }
}

/// Half, single and double precision, as they stand in the bytes.
#[test]
fn a_nan_of_every_width_is_refused() {
    for nan in ["f97e00", "f97c01", "fa7fc00000", "fb7ff8000000000000", "fbfff8000000000001"] {
        let mut payload = encode(&Value::Map(claims_with(4, None)));
        payload[0] += 1; // one pair more
        payload.push(0x04);
        payload.extend(hex(nan));
        let verdict = judged(&Message::eddsa().payload(payload).text());
        assert_eq!(verdict.reason(), "claim_invalid", "{nan}");
    }
}

#[test]
fn times_as_floats_count_from_and_to_their_seconds() {
    let (now, half) = (NOW as f64, 0.5);
    let table = [
        (4, now, "accepted"),
        (4, now + half, "accepted"),
        (4, now - half, "expired"),
        (6, now + half, "accepted"),
        (6, now + 1.0, "not_yet_valid"),
        (5, now + half, "accepted"),
        (5, now + 1.0, "not_yet_valid"),
    ];
    for (claim, time, reason) in table {
        assert_eq!(with(claim, time.into()).reason(), reason, "{claim} = {time}");
    }
}

#[test]
fn required_claims_are_required() {
    for (claim, name) in [(4, "exp"), (6, "iat"), (-260, "hcert")] {
        let verdict = without(claim);
        assert_eq!(verdict.reason(), "claim_missing");
        assert_eq!(verdict.evidence(), [("claim", crate::Evidence::Text(name.into()))]);
    }
    for claim in [1, 5, 65535] {
        assert_eq!(without(claim).reason(), "accepted", "{claim}");
    }
}

#[test]
fn claims_of_another_type_are_refused() {
    let empty = || Value::Map(vec![]);
    for (claim, value, reason) in [
        (1, 1.into(), "claim_invalid"),
        (-260, 1.into(), "claim_invalid"),
        (-260, empty(), "claim_missing"),
        (-260, Value::Map(vec![(2.into(), empty())]), "claim_missing"),
        (-260, Value::Map(vec![(1.into(), "dcc".into())]), "claim_invalid"),
    ] {
        assert_eq!(with(claim, value.clone()).reason(), reason, "{claim} = {value:?}");
    }
}

#[test]
fn what_is_no_claims_set_is_refused() {
    for payload in
        ["", "00", "80", "40", "d83da0 00", "a1", "a201000100", "a2613100613100", "ff", "9bffffffffffffffff"]
    {
        let verdict = judged(&Message::eddsa().payload(hex(payload)).text());
        assert_eq!((verdict.reason(), verdict.stage().name()), ("broken_cwt", "cwt"), "{payload}");
    }
}

#[test]
fn a_key_twice_anywhere_in_the_claims_is_refused() {
    let mut payload = claims();
    payload.push((4.into(), NOW.into()));
    let verdict = judged(&Message::eddsa().claims(payload).text());
    assert_eq!(verdict.reason(), "broken_cwt");
    let inner = Value::Map(vec![("x".into(), 1.into()), ("x".into(), 1.into())]);
    assert_eq!(with(99, inner).reason(), "broken_cwt");
}

#[test]
fn the_pass_carries_the_claims() {
    let status = cbor!({ "status_list" => { "idx" => 412, "uri" => "https://example.org/1" } }).unwrap();
    let verdict = with(65535, status);
    let pass = verdict.pass().unwrap();
    assert_eq!(
        (pass.issuer.as_deref(), pass.issued_at, pass.expires_at),
        (Some("DE"), Some(ISSUED), Some(EXPIRES))
    );
    let status = pass.status.as_ref().unwrap();
    assert_eq!((status.index, status.uri.as_str()), (412, "https://example.org/1"));
    assert_eq!(pass.not_before, None);
}

#[test]
fn a_status_that_cannot_be_read_is_refused() {
    for status in [
        cbor!(1).unwrap(),
        cbor!({}).unwrap(),
        cbor!({ "status_list" => 1 }).unwrap(),
        cbor!({ "status_list" => { "idx" => 1 } }).unwrap(),
        cbor!({ "status_list" => { "uri" => "u" } }).unwrap(),
        cbor!({ "status_list" => { "idx" => -1, "uri" => "u" } }).unwrap(),
        cbor!({ "status_list" => { "idx" => "1", "uri" => "u" } }).unwrap(),
        cbor!({ "status_list" => { "idx" => 1.5, "uri" => "u" } }).unwrap(),
    ] {
        assert_eq!(with(65535, status.clone()).reason(), "claim_invalid", "{status:?}");
    }
}
