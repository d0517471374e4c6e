//! Expressions and data that are made to do harm.

use certlogic::{Error, Expression, MAX_DEPTH, MAX_ISSUES, validate};
use proptest::prelude::*;
use serde_json::{Value, json};

fn run(expression: &Value, data: &Value) -> Result<Value, Error> {
    Expression::parse(expression).unwrap_or_else(|issues| panic!("{issues:?}")).evaluate(data)
}

fn nested(levels: usize, inner: Value, wrap: impl Fn(Value) -> Value) -> Value {
    (0..levels).fold(inner, |value, _| wrap(value))
}

#[test]
fn ten_thousand_levels_of_text_are_refused() {
    for (open, close) in [("[", "]"), (r#"{"!":["#, "]}"), (r#"{"x":"#, "}")] {
        let text = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        let refused = text.parse::<Expression>().unwrap_err().to_string();
        assert!(refused.starts_with("no JSON: recursion limit exceeded"), "{refused}");
    }
}

#[test]
fn a_tree_is_taken_up_to_the_limit_and_refused_beyond() {
    let not = |value| json!({ "!": [value] });
    let deepest = Expression::parse(&nested(MAX_DEPTH, json!(true), not)).unwrap().evaluate(&Value::Null);
    assert_eq!(deepest, Ok(json!(true)));
    for too_deep in
        [nested(MAX_DEPTH + 1, json!(true), not), nested(MAX_DEPTH + 1, json!(1), |value| json!([value]))]
    {
        let issues = validate(&too_deep);
        assert_eq!(issues.len(), 1);
        assert_eq!(issues[0].message, format!("expression of more than {MAX_DEPTH} levels"));
    }
}

#[test]
fn data_that_is_too_deep_is_an_error_and_no_overflow() {
    let data = nested(2_000, json!(1), |value| Value::Array(vec![value]));
    assert_eq!(run(&json!({ "var": "" }), &data), Err(Error::TooDeep));
    assert_eq!(run(&json!({ "===": [{ "var": "" }, { "var": "" }] }), &data), Err(Error::TooDeep));
    assert_eq!(run(&json!({ "var": "0.0.0.1" }), &data), Ok(json!(null)));
}

#[test]
fn a_reduce_cannot_nest_without_bound() {
    let data = json!(vec![0; 100_000]);
    for lambda in [json!([{ "var": "accumulator" }]), json!({ "var": "" })] {
        assert_eq!(run(&json!({ "reduce": [{ "var": "" }, lambda, 0] }), &data), Err(Error::TooDeep));
    }
}

#[test]
fn a_reduce_cannot_double_without_bound() {
    let twice = json!([{ "var": "accumulator" }, { "var": "accumulator" }]);
    let doubled = json!({ "reduce": [{ "var": "" }, twice, "x"] });
    assert_eq!(run(&doubled, &json!(vec![0; 100])), Err(Error::TooMuchWork));
    // Comparing walks the shared halves as often as copying would.
    assert_eq!(run(&json!({ "===": [doubled, doubled] }), &json!(vec![0; 100])), Err(Error::TooMuchWork));
    assert!(run(&doubled, &json!(vec![0; 10])).is_ok());
}

#[test]
fn nested_reduces_end_when_the_steps_are_spent() {
    let items = json!(vec![1; 100]);
    let power = nested(20, json!({ "var": "accumulator" }), |inner| json!({ "reduce": [items, inner, 0] }));
    assert_eq!(run(&power, &Value::Null), Err(Error::TooMuchWork));
}

#[test]
fn long_texts_are_paid_for() {
    let text = "x".repeat(1_000_000);
    let data = json!({ "text": text, "times": vec![&text; 3], "many": vec![0; 10_000] });
    let compared = json!({ "in": ["y", { "var": "times" }] });
    assert_eq!(run(&compared, &data), Ok(json!(false)));
    for lambda in [
        json!({ "extractFromUVCI": [{ "var": "accumulator" }, 0] }),
        json!({ "if": [{ "===": [{ "var": "accumulator" }, text] }, { "var": "accumulator" }, ""] }),
    ] {
        let reduced = json!({ "reduce": [{ "var": "many" }, lambda, { "var": "text" }] });
        assert_eq!(run(&reduced, &data), Err(Error::TooMuchWork));
    }
    let long_key = json!({ "reduce": [{ "var": "many" }, { "var": text }, 0] });
    assert_eq!(run(&long_key, &data), Err(Error::TooMuchWork));
    let copies = json!({ "reduce": [{ "var": "few" }, [{ "var": "accumulator" }, { "var": "accumulator" }], { "var": "text" }] });
    let data = json!({ "text": text, "few": vec![0; 6] });
    assert_eq!(run(&copies, &data), Err(Error::TooMuchWork));
}

#[test]
fn a_long_list_of_what_is_wrong_ends() {
    assert_eq!(validate(&json!(vec![Value::Null; 100_000])).len(), MAX_ISSUES);
}

#[test]
fn a_long_text_that_is_no_date_is_not_repeated() {
    let text = "é".repeat(100_000);
    let error = run(&json!({ "plusTime": [text, 1, "day"] }), &Value::Null).unwrap_err().to_string();
    assert!(error.len() < 200, "{}", error.len());
}

fn any_json() -> impl Strategy<Value = Value> {
    let date =
        "[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,4})?(Z|[+-][0-9]{1,4})?)?)?)?";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-3_i64..3).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        date.prop_map(Value::from),
        prop::sample::select(vec![
            "",
            "0",
            "current",
            "accumulator",
            "a",
            "a.0.b",
            "day",
            "year",
            "URN:UVCI:01:NL:1/2"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map("[a-c0-2]", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn any_expression() -> impl Strategy<Value = Value> {
    const OPERATORS: [&str; 18] = [
        "if",
        "and",
        "<",
        "<=",
        ">",
        ">=",
        "after",
        "before",
        "not-after",
        "not-before",
        "===",
        "in",
        "+",
        "!",
        "reduce",
        "dccDateOfBirth",
        "extractFromUVCI",
        "plusTime",
    ];
    let path =
        prop::sample::select(vec!["", "0", "a", "a.0", "b.a", "current", "accumulator", "current.a", "a..b"]);
    let leaf = prop_oneof![any_json(), path.prop_map(|path| json!({ "var": path }))];
    leaf.prop_recursive(6, 64, 4, |inner| {
        let operands = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            (prop::sample::select(&OPERATORS[..]), operands.clone())
                .prop_map(|(operator, operands)| json!({ operator: operands })),
            (inner.clone(), any::<i64>(), prop::sample::select(vec!["year", "month", "day", "hour"]))
                .prop_map(|(text, amount, unit)| json!({ "plusTime": [text, amount, unit] })),
            (inner, -2_i64..9).prop_map(|(text, index)| json!({ "extractFromUVCI": [text, index] })),
            operands.prop_map(Value::from),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn whatever_is_valid_evaluates_to_a_value_or_an_error(expression in any_expression(), data in any_json()) {
        match Expression::parse(&expression) {
            Err(issues) => {
                prop_assert!(!issues.is_empty());
                prop_assert_eq!(issues, validate(&expression));
            }
            Ok(parsed) => {
                prop_assert_eq!(validate(&expression), vec![]);
                match parsed.evaluate(&data) {
                    // What comes out can be read again: it is no deeper than JSON texts may be.
                    Ok(value) => prop_assert!(serde_json::from_str::<Value>(&value.to_string()).is_ok()),
                    Err(error) => prop_assert_eq!(error.to_string().lines().count(), 1),
                }
            }
        }
    }

    #[test]
    fn no_json_at_all_makes_validation_panic(json in any_json()) {
        let is_valid = validate(&json).is_empty();
        prop_assert_eq!(Expression::parse(&json).is_ok(), is_valid);
    }

    #[test]
    fn no_text_at_all_makes_dates_panic(text in any::<String>(), amount in any::<i64>()) {
        for unit in ["year", "month", "day", "hour"] {
            let _ = run(&json!({ "plusTime": [text, amount, unit] }), &Value::Null);
        }
        let _ = run(&json!({ "dccDateOfBirth": [text] }), &Value::Null);
    }

    #[test]
    fn adding_time_and_taking_it_away_again_changes_nothing(day in 1_u8..=28, amount in -90_000_i64..90_000) {
        let date = format!("2021-05-{day:02}T10:20:30.456Z");
        for unit in ["month", "day", "hour"] {
            let there = run(&json!({ "plusTime": [date, amount, unit] }), &Value::Null).unwrap();
            // A year of more than four digits can be written, but not read.
            if there.as_str().is_some_and(|text| text.len() == date.len()) {
                prop_assert_eq!(run(&json!({ "plusTime": [there, -amount, unit] }), &Value::Null), Ok(json!(date)));
            }
        }
    }
}
