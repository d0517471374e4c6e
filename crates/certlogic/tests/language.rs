//! What the specification says and its test suite does not try.

use certlogic::{Data, Error, Expression, Invalid, MAX_STEPS, validate};
use serde_json::{Value, json};

fn run(expression: Value, data: Value) -> Result<Value, Error> {
    Expression::parse(&expression).unwrap_or_else(|issues| panic!("{issues:?}")).evaluate(&data)
}

fn value(expression: Value) -> Value {
    run(expression.clone(), Value::Null).unwrap_or_else(|error| panic!("{expression}: {error}"))
}

fn error(expression: Value, data: Value) -> String {
    run(expression.clone(), data).expect_err(&expression.to_string()).to_string()
}

fn messages(expression: &Value) -> Vec<String> {
    validate(expression).into_iter().map(|issue| issue.message).collect()
}

#[test]
fn truthy_and_falsy_are_those_of_the_specification() {
    let truthy = [
        json!(true),
        json!("0"),
        json!(" "),
        json!(1),
        json!(-1),
        json!(1.0),
        json!(u64::MAX),
        json!(1e300),
        json!([null]),
        json!({ "": null }),
    ];
    let falsy =
        [json!(false), json!(null), json!(""), json!(0), json!(0.0), json!(-0.0), json!([]), json!({})];
    for (values, is_truthy) in [(truthy.as_slice(), true), (&falsy, false)] {
        for data in values {
            let not = run(json!({ "!": [{ "var": "" }] }), data.clone());
            assert_eq!(not, Ok(json!(!is_truthy)), "{data}");
            let choice = run(json!({ "if": [{ "var": "" }, true, false] }), data.clone());
            assert_eq!(choice, Ok(json!(is_truthy)), "{data}");
            let and = run(json!({ "and": [{ "var": "" }, "last"] }), data.clone()).unwrap();
            assert_eq!(and == "last", is_truthy, "{data}");
        }
    }
}

#[test]
fn what_is_neither_truthy_nor_falsy_is_an_error() {
    let time = json!({ "plusTime": ["2021-06-23", 0, "day"] });
    let fraction = json!({ "var": "" });
    for (operand, kind) in [(time, "a date-time"), (fraction, "a number that is no integer")] {
        for (expression, operation) in [
            (json!({ "!": [operand] }), "!"),
            (json!({ "if": [operand, 1, 2] }), "if"),
            (json!({ "and": [operand, 1] }), "and"),
            (json!({ "and": [1, operand] }), "and"),
        ] {
            let expected = format!("\"{operation}\" wants something truthy or falsy, not {kind}");
            assert_eq!(error(expression, json!(0.5)), expected);
        }
    }
}

#[test]
fn only_the_branch_taken_is_evaluated() {
    let wrong = json!({ "+": ["a", "b"] });
    assert_eq!(value(json!({ "if": [true, 1, wrong] })), 1);
    assert_eq!(value(json!({ "if": [false, wrong, 2] })), 2);
    assert_eq!(value(json!({ "and": [0, wrong] })), 0);
}

#[test]
fn comparisons_hold_from_each_operand_to_the_next() {
    let table = [
        ("<", [true, false, false], [true, false, false]),
        ("<=", [true, true, false], [true, true, false]),
        (">", [false, false, true], [false, false, false]),
        (">=", [false, true, true], [false, true, false]),
    ];
    for (operator, pairs, triples) in table {
        for (pair, expected) in [[1, 2], [2, 2], [3, 2]].iter().zip(pairs) {
            assert_eq!(value(json!({ operator: pair })), json!(expected), "{operator} {pair:?}");
        }
        for (triple, expected) in [[1, 2, 3], [2, 2, 2], [1, 3, 2]].iter().zip(triples) {
            assert_eq!(value(json!({ operator: triple })), json!(expected), "{operator} {triple:?}");
        }
    }
    assert_eq!(value(json!({ ">": [3, 2, 1] })), true);
    assert_eq!(value(json!({ "<": [i64::MIN, 0, i64::MAX] })), true);
}

#[test]
fn date_times_are_compared_in_utc() {
    let at = |text: &str| json!({ "plusTime": [text, 0, "hour"] });
    let (early, noon, late) =
        ("2021-06-23T12:59:59+01:00", "2021-06-23T12:00:00Z", "2021-06-23T01:00:00.001-11:00");
    let same = "2021-06-23T14:00:00+02:00";
    let table = [
        ("before", [early, noon], true),
        ("before", [noon, same], false),
        ("after", [late, noon], true),
        ("after", [noon, same], false),
        ("not-before", [noon, same], true),
        ("not-before", [early, noon], false),
        ("not-after", [noon, same], true),
        ("not-after", [late, noon], false),
    ];
    for (operator, [a, b], expected) in table {
        assert_eq!(value(json!({ operator: [at(a), at(b)] })), json!(expected), "{operator} {a} {b}");
    }
    assert_eq!(value(json!({ "not-after": [at(early), at(same), at(late)] })), true);
    assert_eq!(value(json!({ "before": [at(early), at(late), at(noon)] })), false);
}

#[test]
fn operands_of_another_type_are_an_error_in_one_line() {
    let time = json!({ "plusTime": ["2021", 0, "day"] });
    let table = [
        (json!({ "<": [1, { "var": "" }] }), "\"<\" wants integers, not null"),
        (json!({ ">=": [1, 2, "3"] }), "\">=\" wants integers, not a string"),
        (json!({ "<=": [2, 1, "3"] }), "\"<=\" wants integers, not a string"),
        (json!({ "<": [time, time] }), "\"<\" wants integers, not a date-time"),
        (json!({ "after": [1, 2] }), "\"after\" wants date-times, not an integer"),
        (json!({ "not-before": [time, "2021-06-23"] }), "\"not-before\" wants date-times, not a string"),
        (json!({ "+": [1, true] }), "\"+\" wants integers, not a boolean"),
        (json!({ "+": ["a", "b"] }), "\"+\" wants integers, not a string"),
        (json!({ "in": [1, "1"] }), "\"in\" wants an array to look in, not a string"),
        (json!({ "in": [1, true] }), "\"in\" wants an array to look in, not a boolean"),
        (json!({ "reduce": ["abc", 1, 2] }), "\"reduce\" wants an array, not a string"),
        (json!({ "plusTime": [time, 1, "day"] }), "\"plusTime\" wants a string, not a date-time"),
        (json!({ "plusTime": [{ "var": "" }, 1, "day"] }), "\"plusTime\" wants a string, not null"),
        (
            json!({ "plusTime": ["2021-09-99", 1, "day"] }),
            "\"plusTime\": \"2021-09-99\" is no date that it can read",
        ),
        (json!({ "dccDateOfBirth": [[2004]] }), "\"dccDateOfBirth\" wants a string, not an array"),
        (json!({ "dccDateOfBirth": ["\n"] }), "\"dccDateOfBirth\": \"\\n\" is no date that it can read"),
        (json!({ "extractFromUVCI": [1, 1] }), "\"extractFromUVCI\" wants a string or null, not an integer"),
        (json!({ "+": [i64::MAX, 1] }), "\"+\": the result is out of range"),
        (json!({ "+": [i64::MIN, -1] }), "\"+\": the result is out of range"),
        (json!({ "+": [u64::MAX, 1] }), "\"+\" wants integers, not an integer beyond 64 bits"),
        (json!({ "plusTime": ["2021", i64::MAX, "year"] }), "\"plusTime\": the result is out of range"),
        (json!({ "plusTime": ["2021", -1e300, "hour"] }), "\"plusTime\": the result is out of range"),
    ];
    for (expression, message) in table {
        assert_eq!(error(expression, Value::Null), message);
    }
}

#[test]
fn equality_does_not_coerce() {
    let pairs = [
        (json!(1), json!(1.0), true),
        (json!(1), json!("1"), false),
        (json!(0), json!(false), false),
        (json!(null), json!(null), true),
        (json!(null), json!(false), false),
        (json!(""), json!([]), false),
        (json!([1, { "a": [2] }]), json!([1.0, { "a": [2] }]), true),
        (json!([1, 2]), json!([1]), false),
        (json!({ "a": 1 }), json!({ "b": 1 }), false),
        (json!({ "a": 1 }), json!({ "a": 1, "b": 1 }), false),
        (json!(u64::MAX), json!(i64::MAX), false),
    ];
    for (a, b, expected) in pairs {
        for data in [json!([a, b]), json!([b, a])] {
            assert_eq!(
                run(json!({ "===": [{ "var": "0" }, { "var": "1" }] }), data.clone()),
                Ok(json!(expected))
            );
            let inside = run(json!({ "in": [{ "var": "0" }, [{ "var": "1" }]] }), data.clone());
            assert_eq!(inside, Ok(json!(expected)), "{data}");
        }
    }
}

#[test]
fn a_path_leads_through_objects_and_arrays_and_never_into_texts() {
    let data =
        json!({ "a": [{ "b": "text" }, [7]], "0": "zero", "-1": "minus", "ключ": { "": 1, "a b": 2 } });
    let table = [
        ("a.0.b", json!("text")),
        ("a.1.0", json!(7)),
        ("a.01.00", json!(7)),
        ("a.2", json!(null)),
        ("a.-1", json!(null)),
        ("a.+1", json!(null)),
        ("a.99999999999999999999999", json!(null)),
        ("a.length", json!(null)),
        ("a.0.b.0", json!(null)),
        ("a.0.b.length", json!(null)),
        ("0", json!("zero")),
        ("-1", json!("minus")),
        ("ключ.a b", json!(2)),
        ("nothing.at.all", json!(null)),
    ];
    for (path, expected) in table {
        assert_eq!(run(json!({ "var": path }), data.clone()), Ok(expected), "{path}");
    }
    assert_eq!(run(json!({ "var": "" }), data.clone()), Ok(data));
}

#[test]
fn nothing_is_in_null() {
    for member in [json!(1), json!(null), json!([])] {
        let expression = json!({ "in": [{ "var": "x" }, { "var": "nothing" }] });
        assert_eq!(run(expression, json!({ "x": member })), Ok(json!(false)), "{member}");
    }
}

#[test]
fn a_lambda_sees_its_own_data_and_that_around_it_by_its_name() {
    let all = |lambda: Value| json!({ "reduce": [{ "var": "x" }, lambda, "start"] });
    let data = json!({ "x": [1, [2]] });
    assert_eq!(run(all(json!({ "var": "x" })), data.clone()), Ok(json!(null)));
    assert_eq!(run(all(json!({ "var": "data.x" })), data.clone()), Ok(json!([1, [2]])));
    assert_eq!(run(all(json!({ "var": "data" })), data.clone()), Ok(data.clone()));
    let inner = json!({ "reduce": [[0], { "var": "data.data.x.0" }, 0] });
    assert_eq!(run(all(inner), data.clone()), Ok(json!(1)), "through both lambdas");
    let last = json!({ "current": [2], "accumulator": { "current": 1, "accumulator": "start" } });
    assert_eq!(run(all(json!({ "var": "" })), data.clone()), Ok(last));
    let nested = json!({ "reduce": [[10, 20], { "+": [{ "var": "current" }, { "var": "accumulator" }] },
        { "+": [{ "var": "current" }, { "var": "accumulator" }] }] });
    let sum = json!({ "reduce": [{ "var": "x" }, nested, 0] });
    assert_eq!(run(sum, json!({ "x": [1, 2] })), Ok(json!(63)));
}

#[test]
fn a_float_that_is_an_integer_is_one_and_comes_out_as_one() {
    assert_eq!(value(json!({ "+": [1.0, 2e3] })).to_string(), "2001");
    assert_eq!(run(json!({ "var": "" }), json!([0.0, -0.0, 0.5])).unwrap().to_string(), "[0,0,0.5]");
    assert_eq!(value(json!({ "plusTime": ["2021-06-23", 1.0, "day"] })), "2021-06-24T00:00:00.000Z");
}

#[test]
fn a_date_time_comes_out_as_text() {
    let expression =
        json!([{ "plusTime": ["2021-06-23T10:00:00+02", 36, "hour"] }, { "dccDateOfBirth": ["2004-02"] }]);
    assert_eq!(value(expression), json!(["2021-06-24T20:00:00.000Z", "2004-02-29T00:00:00.000Z"]));
}

#[test]
fn fields_are_the_paths_through_all_data() {
    let expression = json!({ "and": [
        { "in": [{ "var": "payload.v.0.mp" }, { "var": "external.valueSets.vaccines" }] },
        { "reduce": [{ "var": "payload.v" }, { "var": "current.dn" }, { "var": "payload.h" }] },
        { "extractFromUVCI": [{ "var": "payload.v.0.ci" }, 1] },
        { "var": "payload.v" },
        { "reduce": [[], { "and": [{ "var": "data.payload.a" }, { "var": "dataset" },
            { "reduce": [[], { "and": [{ "var": "data.data.payload.b" }, { "var": "data.c" }] }, 0] }] }, 0] },
    ] });
    let fields = Expression::parse(&expression).unwrap().fields().iter().cloned().collect::<Vec<_>>();
    assert_eq!(
        fields,
        [
            "external.valueSets.vaccines",
            "payload.a",
            "payload.b",
            "payload.h",
            "payload.v",
            "payload.v.0.ci",
            "payload.v.0.mp"
        ]
    );
}

#[test]
fn every_issue_is_told_with_the_part_that_has_it() {
    let wrong = json!({ "plusTime": [1.5, "1", "week", 4] });
    let expression = json!({ "if": [{ "==": [1, 1] }, [null, { "var": "a..b" }], wrong] });
    let issues = validate(&expression);
    let table = [
        (json!({ "==": [1, 1] }), "unrecognised operator: \"==\""),
        (json!(null), "invalid CertLogic expression"),
        (json!({ "var": "a..b" }), "data access path doesn't have a valid format: a..b"),
        (wrong.clone(), "operation \"plusTime\" must have exactly 3 operands, but it has 4"),
        (json!(1.5), "1.5 is a non-integer number"),
        (wrong.clone(), "\"plusTime\": operand 2, the amount, must be an integer"),
        (wrong, "\"plusTime\": operand 3, the unit, must be one of \"year\", \"month\", \"day\", \"hour\""),
    ];
    assert_eq!(
        issues.iter().map(|issue| (issue.expr.clone(), issue.message.as_str())).collect::<Vec<_>>(),
        table
    );
}

#[test]
fn operands_are_counted() {
    let table = [
        ("if", 2, "exactly 3 operands"),
        ("and", 1, "at least 2 operands"),
        ("===", 3, "exactly 2 operands"),
        ("in", 0, "exactly 2 operands"),
        ("+", 1, "exactly 2 operands"),
        ("<", 4, "2 or 3 operands"),
        ("not-after", 1, "2 or 3 operands"),
        ("!", 2, "exactly 1 operand"),
        ("reduce", 4, "exactly 3 operands"),
        ("plusTime", 0, "exactly 3 operands"),
        ("dccDateOfBirth", 0, "exactly 1 operand"),
        ("extractFromUVCI", 1, "exactly 2 operands"),
    ];
    for (operator, count, wanted) in table {
        let operands = ["2021", "1", "day", "x"][..count].to_vec();
        let message = format!("operation \"{operator}\" must have {wanted}, but it has {count}");
        assert!(messages(&json!({ operator: operands })).contains(&message), "{operator}");
    }
}

#[test]
fn a_text_is_parsed_or_told_in_one_line() {
    let parsed: Expression = r#"{"var": "x"}"#.parse().unwrap();
    assert_eq!(parsed.evaluate(&json!({ "x": 1 })), Ok(json!(1)));
    assert_eq!(parsed.source(), &json!({ "var": "x" }));
    let wrong =
        |text: &str| text.parse::<Expression>().map_err(|error: Invalid| error.to_string()).unwrap_err();
    assert_eq!(wrong("{"), "no JSON: EOF while parsing an object at line 1 column 1");
    assert_eq!(wrong("[null, 1.5]"), "invalid CertLogic expression (and 1 more)");
}

#[test]
fn data_can_be_put_together_of_borrowed_parts() {
    let (payload, sets) = (json!({ "co": "DE" }), json!({ "countries": ["AT", "DE"] }));
    let external = [("valueSets", Data::Value(&sets))];
    let data = [("payload", Data::Value(&payload)), ("external", Data::Object(&external))];
    let evaluated = |expression: Value| {
        let expression = Expression::parse(&expression).unwrap();
        expression.evaluate_within(Data::Object(&data), &mut { MAX_STEPS })
    };
    let inside = json!({ "in": [{ "var": "payload.co" }, { "var": "external.valueSets.countries" }] });
    assert_eq!(evaluated(inside), Ok(json!(true)));
    assert_eq!(evaluated(json!({ "var": "external.0" })), Ok(json!(null)));
    assert_eq!(evaluated(json!({ "!": [{ "var": "external" }] })), Ok(json!(false)));
    let whole = json!({ "payload": payload, "external": { "valueSets": sets } });
    assert_eq!(evaluated(json!({ "var": "" })), Ok(whole));
}

#[test]
fn steps_are_shared_by_all_that_is_evaluated_within_them() {
    let one: Expression = r#"{"===": [{"var": "a"}, 1]}"#.parse().unwrap();
    let data = json!({ "a": 1 });
    let mut steps = 12;
    let mut run = || one.evaluate_within(Data::Value(&data), &mut steps).map(|_| ());
    assert_eq!(run(), Ok(()));
    assert_eq!(run(), Ok(()));
    assert_eq!(run(), Err(Error::TooMuchWork));
    assert_eq!(run(), Err(Error::TooMuchWork));
}
