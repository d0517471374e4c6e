//! A rule as it is judged by, whichever form it was written in.

use std::fmt;

use certlogic::rule::{CertificateType, RuleType, version_number};
use certlogic::{BusinessRule, Expression, Invalid, timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::document::{self, KindName};
use super::texts::Texts;
use super::{MAX_DESCRIPTION, MAX_ID};
use crate::pass::Kind;

/// Which rule it is, and what it demands in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleName {
    /// Its identifier, e.g. `VR-DE-0003`.
    pub id: String,
    /// Its version, e.g. `1.0.0`.
    pub version: String,
    /// What it demands.
    pub description: Texts,
}

impl fmt::Display for RuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.id, self.version)
    }
}

/// A rule that can be judged by.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) name: RuleName,
    pub(super) number: [u64; 3],
    pub(super) about: About,
    pub(super) logic: Expression,
    /// What `logic` comes to where the pass may pass.
    pub(super) passes_where: bool,
    /// Whether it counts in each mode, whatever the mode lists.
    pub(super) in_every_mode: bool,
    /// What its author should look at.
    pub(super) warnings: Vec<String>,
}

/// Which passes a rule is about, and when.
#[derive(Clone, Debug, Default)]
pub(super) struct About {
    /// Every kind where there is none.
    pub(super) kinds: Option<Vec<Kind>>,
    /// The country of acceptance.
    pub(super) accepted_in: Option<String>,
    /// The part of that country.
    pub(super) region: Option<String>,
    /// The country of the issuer.
    pub(super) issued_in: Option<String>,
    /// First second, UTC.
    pub(super) from: Option<i64>,
    /// The second, UTC, at which it no longer holds.
    pub(super) until: Option<i64>,
}

/// A rule of the policy's own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a rule")]
struct Own {
    id: String,
    #[serde(default = "first_version")]
    version: String,
    kinds: Option<Vec<KindName>>,
    description: Texts,
    accept_if: Option<Value>,
    refuse_if: Option<Value>,
    valid_from: Option<String>,
    valid_to: Option<String>,
}

/// The members of a business rule ("EU DCC Validation Rule", schema 1.0.0).
const MEMBERS: [&str; 14] = [
    "Identifier",
    "Type",
    "Country",
    "Region",
    "Version",
    "SchemaVersion",
    "Engine",
    "EngineVersion",
    "CertificateType",
    "Description",
    "ValidFrom",
    "ValidTo",
    "AffectedFields",
    "Logic",
];

impl Rule {
    /// Reads a rule: a business rule is told by its `Identifier`.
    pub(super) fn read(value: &Value) -> Result<Self, String> {
        if value.get("Identifier").is_some() { business(value) } else { own(value) }
    }

    /// The fields of the certificate that it looks at, without `payload.`; `""` is all of it.
    pub(super) fn fields(&self) -> Vec<&str> {
        below(&self.logic, "payload").collect()
    }

    /// The value sets that it looks into.
    pub(super) fn value_sets(&self) -> impl Iterator<Item = &str> {
        below(&self.logic, "external.valueSets").filter(|set| !set.is_empty())
    }

    pub(super) fn check(self) -> Result<Self, String> {
        let RuleName { id, version, description } = &self.name;
        if !is_id(id) {
            return Err(format!(
                "{id:?} is no identifier of 1 to {MAX_ID} letters, digits, \"-\", \"_\" and \".\""
            ));
        }
        if !is_id(version) {
            return Err(format!("{version:?} is no version such as \"1.0.0\""));
        }
        description.check(MAX_DESCRIPTION).map_err(|fault| format!("its description: {fault}"))?;
        match (self.about.from, self.about.until) {
            (Some(from), Some(until)) if until <= from => Err("it ends before it begins".to_owned()),
            _ => Ok(self),
        }
    }
}

fn business(value: &Value) -> Result<Rule, String> {
    let unknown =
        value.as_object().and_then(|rule| rule.keys().find(|name| !MEMBERS.contains(&name.as_str())));
    if let Some(name) = unknown {
        return Err(format!("a business rule has no member {name:?}"));
    }
    let rule = BusinessRule::parse(value).map_err(|faults| faults.join("; "))?;
    let country = Some(rule.country.clone());
    let (accepted_in, issued_in) = match rule.kind {
        RuleType::Acceptance => (country, None),
        // A country takes back what it issued itself.
        RuleType::Invalidation => (None, country),
        RuleType::BoosterNotification => {
            return Err("it tells of boosters and decides nothing: leave it out".to_owned());
        }
    };
    let kinds = match rule.certificate_type {
        CertificateType::General => None,
        CertificateType::Vaccination => Some(vec![Kind::Vaccination]),
        CertificateType::Test => Some(vec![Kind::Test]),
        CertificateType::Recovery => Some(vec![Kind::Recovery]),
    };
    let description = rule.description.iter().map(|words| (words.lang.clone(), words.desc.clone()));
    // An issuer's country has no region here: there is nothing to compare it with.
    let region = rule.region.clone().filter(|_| rule.kind == RuleType::Acceptance);
    let number = rule.version_number();
    let (from, until) = (Some(rule.valid_from), Some(rule.valid_to));
    Ok(Rule {
        warnings: rule.warnings(),
        name: RuleName { id: rule.identifier, version: rule.version, description: Texts::of(description) },
        number,
        about: About { kinds, accepted_in, region, issued_in, from, until },
        logic: rule.logic,
        passes_where: true,
        in_every_mode: false,
    })
}

fn own(value: &Value) -> Result<Rule, String> {
    let own = Own::deserialize(value).map_err(|error| error.to_string())?;
    let (logic, passes_where) = match (own.accept_if, own.refuse_if) {
        (Some(logic), None) => (logic, true),
        (None, Some(logic)) => (logic, false),
        _ => return Err("exactly one of accept_if and refuse_if is its logic".to_owned()),
    };
    let time = |name: &str, text: Option<String>| {
        let wrong = || format!("{name} must be a time of the form 2021-06-01T00:00:00Z");
        text.map(|text| timestamp::parse(&text).ok_or_else(wrong)).transpose()
    };
    let about = About {
        kinds: own.kinds.map(|names| document::kinds("kinds", &names)).transpose()?,
        from: time("valid_from", own.valid_from)?,
        until: time("valid_to", own.valid_to)?,
        ..About::default()
    };
    Ok(Rule {
        number: version_number(&own.version),
        name: RuleName { id: own.id, version: own.version, description: own.description },
        about,
        logic: expression(&logic)?,
        passes_where,
        in_every_mode: false,
        warnings: vec![],
    })
}

/// The compiled form of a logic.
pub(super) fn expression(logic: &Value) -> Result<Expression, String> {
    Expression::parse(logic).map_err(|issues| format!("its logic: {}", Invalid::from(issues)))
}

fn first_version() -> String {
    "1.0.0".to_owned()
}

/// The paths below this one, without it.
fn below<'e>(logic: &'e Expression, path: &'static str) -> impl Iterator<Item = &'e str> {
    logic.fields().iter().filter_map(move |field| match field.strip_prefix(path)? {
        "" => Some(""),
        rest => rest.strip_prefix('.'),
    })
}

fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=MAX_ID).contains(&text.len()) && text.bytes().all(allowed)
}
