use super::*;

fn fault(text: &str) -> Option<&'static str> {
    parse(text.as_bytes()).err().map(|broken| broken.fault)
}

fn canonical_of(text: &str) -> Option<String> {
    canonical(&parse(text.as_bytes()).unwrap())
}

#[test]
fn a_key_twice_is_refused_wherever_it_stands() {
    for text in [r#"{"a":1,"a":1}"#, r#"{"a":{"b":1,"c":2,"b":3}}"#, r#"[{"a":1,"\u0061":2}]"#] {
        assert_eq!(fault(text), Some("a key twice in an object"), "{text}");
    }
    assert!(parse(br#"{"a":{"a":1},"b":{"a":1}}"#).is_ok());
}

#[test]
fn the_bound_of_depth_is_exact() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
    assert_eq!(fault(&nested(MAX_DEPTH + 1)), Some("nested too deeply"));
    assert_eq!(fault(&"[".repeat(1_000_000)), Some("nested too deeply"));
    assert_eq!(fault(&r#"{"a":"#.repeat(1_000_000)), Some("nested too deeply"));
}

#[test]
fn what_is_no_json_is_refused() {
    for text in ["", "{", "{}{}", "{} x", "{'a':1}", "[1,]", "nul", "\"\\ud800\"", "01", "\"\t\"", "{1:2}"] {
        assert_eq!(fault(text), Some("not well-formed JSON"), "{text}");
    }
    assert!(parse(b"\"\xff\"").is_err());
}

/// The examples of RFC 8785 §3.2.2 (strings) and §3.2.3 (order: by UTF-16, so that a surrogate comes before U+FB33).
#[test]
fn the_canonical_form_is_that_of_the_rfc() {
    let text = r#"{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#;
    let expected = "{\"literals\":[null,true,false],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
    assert_eq!(canonical_of(text).as_deref(), Some(expected));
    let keys = r#"{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}"#;
    let expected = "{\"\\r\":2,\"1\":4,\"\u{80}\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u{fb33}\":3}";
    assert_eq!(canonical_of(keys).as_deref(), Some(expected));
    assert_eq!(
        canonical_of(" [ 1 , -2 , { } , [ ] , \"\\b\\f\" ] ").as_deref(),
        Some(r#"[1,-2,{},[],"\b\f"]"#)
    );
}

#[test]
fn numbers_that_are_not_whole_have_no_canonical_form_here() {
    for (text, expected) in [
        ("9007199254740991", Some("9007199254740991")),
        ("-9007199254740991", Some("-9007199254740991")),
        ("9007199254740992", None),
        ("18446744073709551615", None),
        ("1.0", None),
        ("1e3", None),
        ("-0.0", None),
        ("1e300", None),
    ] {
        assert_eq!(canonical_of(text).as_deref(), expected, "{text}");
    }
}
