//! How long a judging by twenty rules takes: `cargo run --release -p certlogic --example speed`.

#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::time::Instant;

use certlogic::Expression;
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
    let start = Instant::now();
    let parsed: Vec<Expression> = rules.iter().filter_map(|rule| Expression::parse(rule).ok()).collect();
    assert_eq!(parsed.len(), RULES);
    println!("parsing {RULES} rules: {:.1} µs", micros(start));
    let start = Instant::now();
    for _ in 0..ROUNDS {
        for rule in &parsed {
            assert_eq!(rule.evaluate(black_box(&data)), Ok(Value::Bool(true)));
        }
    }
    println!("judging by {RULES} rules: {:.1} µs", micros(start) / f64::from(ROUNDS));
}

fn micros(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e6
}
