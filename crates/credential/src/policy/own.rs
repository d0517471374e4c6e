//! For how long the policy's own passes are accepted: written as numbers, judged as rules.

use serde::Deserialize;
use serde_json::{Value, json};

use super::rule::{self, About, Rule, RuleName};
use super::texts::Texts;
use crate::pass::Kind;

/// The longest span, in days or hours: our own limit, a century.
const MAX_SPAN: u32 = 36_525;

/// What the identifiers of these rules begin with; no other rule's may.
pub(super) const PREFIX: &str = "own_";

/// The spans of each kind of pass that the policy's country issued.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object of spans by kind")]
pub(super) struct OwnPasses {
    vaccination: Option<Days>,
    recovery: Option<Days>,
    test: Option<Hours>,
}

/// Days after the day of the vaccination or of the first positive test, both accepted in full.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a span")]
struct Days {
    from_day: u32,
    until_day: u32,
    description: Texts,
}

/// Hours after the sample.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a span")]
struct Hours {
    hours: u32,
    description: Texts,
}

impl OwnPasses {
    /// The rules that these spans come to, for passes that `country` issued.
    pub(super) fn rules(self, country: &str) -> Result<Vec<Rule>, String> {
        let days = |days: Days, path: &str| {
            if days.until_day < days.from_day {
                return Err("until_day comes before from_day".to_owned());
            }
            // A day counts to its end, which is where the next begins.
            let logic = json!({ "and": [
                { "not-after": [plus(path, days.from_day, "day"), clock()] },
                { "before": [clock(), plus(path, days.until_day.saturating_add(1), "day")] },
            ] });
            Ok((logic, days.until_day, days.description))
        };
        let hours = |hours: Hours| {
            let logic = json!({ "not-after": [plus("payload.t.0.sc", 0, "hour"), clock(),
                plus("payload.t.0.sc", hours.hours, "hour")] });
            Ok((logic, hours.hours, hours.description))
        };
        let vaccination = self.vaccination.map(|span| (Kind::Vaccination, days(span, "payload.v.0.dt")));
        let recovery = self.recovery.map(|span| (Kind::Recovery, days(span, "payload.r.0.fr")));
        let test = self.test.map(|span| (Kind::Test, hours(span)));
        [vaccination, recovery, test]
            .into_iter()
            .flatten()
            .map(|(kind, span)| rule(kind, span, country))
            .collect()
    }
}

fn rule(kind: Kind, span: Result<(Value, u32, Texts), String>, country: &str) -> Result<Rule, String> {
    let id = format!("{PREFIX}{}", kind.name());
    let made = span.and_then(|(logic, longest, description)| {
        if longest > MAX_SPAN {
            return Err(format!("{longest}: at most {MAX_SPAN} is taken"));
        }
        Ok(Rule {
            name: RuleName { id: id.clone(), version: "1.0.0".to_owned(), description },
            number: [1, 0, 0],
            about: About { kinds: Some(vec![kind]), issued_in: Some(country.to_owned()), ..About::default() },
            logic: rule::expression(&logic)?,
            passes_where: true,
            in_every_mode: true,
            warnings: vec![],
        })
    });
    made.and_then(Rule::check).map_err(|fault| format!("own_passes: {}: {fault}", kind.name()))
}

fn plus(path: &str, amount: u32, unit: &str) -> Value {
    json!({ "plusTime": [{ "var": path }, amount, unit] })
}

fn clock() -> Value {
    plus("external.validationClock", 0, "day")
}
