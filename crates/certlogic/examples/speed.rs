//! The CPU time of a judging by twenty rules, and of rules that spend all their steps:
//! `cargo run --release -p certlogic --example speed`.

#![allow(clippy::print_stdout)]

use std::hint::black_box;

use certlogic::{Error, Expression};
use cpu_time::ThreadTime;
use serde_json::{Value, json};

const RULES: usize = 20;
const ROUNDS: u32 = 20_000;

/// Rules of the kinds that member states have: values in sets, doses, and times between times.
fn rules() -> Vec<Value> {
    let at = |path: &str, amount: i64, unit: &str| json!({ "plusTime": [{ "var": path }, amount, unit] });
    let dose = "payload.v.0.dt";
    let now = "external.validationClock";
    let kinds = [
        json!({ "in": [{ "var": "payload.v.0.mp" }, { "var": "external.valueSets.vaccines-covid-19-names" }] }),
        json!({ "in": [{ "var": "payload.v.0.co" }, { "var": "external.valueSets.country-2-codes" }] }),
        json!({ "if": [{ "var": "payload.v.0" },
            { ">=": [{ "var": "payload.v.0.dn" }, { "var": "payload.v.0.sd" }] }, true] }),
        json!({ "if": [{ "var": "payload.v.0" },
            { "not-after": [at(dose, 14, "day"), at(now, 0, "day"), at(dose, 270, "day")] }, true] }),
        json!({ "if": [{ "after": [{ "dccDateOfBirth": [{ "var": "payload.dob" }] }, at(now, -18, "year")] },
            true, { "===": [{ "reduce": [{ "var": "payload.v" },
                { "+": [{ "var": "accumulator" }, 1] }, 0] }, 1] }] }),
    ];
    kinds.iter().cycle().take(RULES).cloned().collect()
}

fn main() {
    let codes: Vec<String> = (0..250).map(|code| format!("{code:02X}")).collect();
    let data = json!({
        "payload": { "dob": "1990-01-31", "v": [{ "dn": 2, "sd": 2, "dt": "2021-05-01", "mp": "EU/1/20/1528", "co": "F9" }] },
        "external": {
            "validationClock": "2021-07-01T10:00:00+02:00",
            "valueSets": { "country-2-codes": codes, "vaccines-covid-19-names": ["EU/1/20/1507", "EU/1/20/1528"] },
        },
    });
    let rules = rules();
    let start = ThreadTime::now();
    let parsed: Vec<Expression> = rules.iter().filter_map(|rule| Expression::parse(rule).ok()).collect();
    assert_eq!(parsed.len(), RULES);
    println!("parsing {RULES} rules: {:.1} µs", micros(start));
    let start = ThreadTime::now();
    for _ in 0..ROUNDS {
        for rule in &parsed {
            assert_eq!(rule.evaluate(black_box(&data)), Ok(Value::Bool(true)));
        }
    }
    println!("judging by {RULES} rules: {:.1} µs", micros(start) / f64::from(ROUNDS));
    for (what, rule, data) in hostile() {
        let rule = Expression::parse(&rule).expect("a valid rule");
        let start = ThreadTime::now();
        assert_eq!(rule.evaluate(black_box(&data)), Err(Error::TooMuchWork));
        println!("{what}, until its steps are spent: {:.1} ms", micros(start) / 1e3);
    }
}

/// Rules that would go on for ages.
fn hostile() -> [(&'static str, Value, Value); 3] {
    let accumulator = json!({ "var": "accumulator" });
    let nested = (0..20).fold(accumulator.clone(), |inner, _| json!({ "reduce": [vec![1; 100], inner, 0] }));
    let doubled = json!({ "reduce": [{ "var": "" }, [accumulator, accumulator], "x"] });
    let keys: serde_json::Map<_, _> = (0..500_000).map(|key| (key.to_string(), Value::Null)).collect();
    [
        ("a nest of reduces", nested, Value::Null),
        ("a list that doubles", doubled, json!(vec![0; 100])),
        ("a copy of half a million entries", json!([{ "var": "" }]), Value::Object(keys)),
    ]
}

fn micros(start: ThreadTime) -> f64 {
    start.elapsed().as_secs_f64() * 1e6
}
