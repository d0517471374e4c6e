//! The object in which EU member states exchange rules ("EU DCC Validation Rule", schema 1.0.0).
//!
//! [`BusinessRule::parse`] refuses what cannot be used at all; [`BusinessRule::warnings`] tells
//! its author what else the EU's gateway would complain about.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Expression, timestamp};

mod schema;

/// The one rule engine that there is.
pub const ENGINE: &str = "CERTLOGIC";

/// A rule of one country.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BusinessRule {
    /// `VR-DE-0001`: what it is about, whose it is, and its number.
    pub identifier: String,
    /// What it decides.
    #[serde(rename = "Type")]
    pub kind: RuleType,
    /// The country whose rule it is, two capital letters.
    pub country: String,
    /// The part of the country that it holds in; everywhere where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Its version, `1.0.0`: of several that apply, the newest does.
    pub version: String,
    /// The version of the schema that it follows.
    pub schema_version: String,
    /// [`ENGINE`].
    pub engine: String,
    /// The version of CertLogic that it was written for.
    pub engine_version: String,
    /// The certificates that it is about.
    pub certificate_type: CertificateType,
    /// What it demands, in words.
    pub description: Vec<Description>,
    /// When it begins to hold, seconds UTC since 1970.
    #[serde(with = "timestamp")]
    pub valid_from: i64,
    /// When it ends, seconds UTC since 1970: at this second it no longer holds.
    #[serde(with = "timestamp")]
    pub valid_to: i64,
    /// The fields of the certificate that it looks at, without `payload.`.
    pub affected_fields: Vec<String>,
    /// True where the certificate passes, also of an invalidation: published ones say what must be so
    /// (`IR-DE-0001`: "The certificate must not be issued by an unauthorized party.").
    pub logic: Expression,
}

/// What a rule decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum RuleType {
    /// Whether a country accepts the certificate of somebody who arrives.
    Acceptance,
    /// Whether a country takes certificates of its own for invalid.
    Invalidation,
    /// Whether somebody is told to get a booster.
    BoosterNotification,
}

/// The certificates that a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub enum CertificateType {
    /// All of them.
    General,
    /// Of vaccinations.
    Vaccination,
    /// Of tests.
    Test,
    /// Of recoveries.
    Recovery,
}

/// What a rule demands, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Description {
    /// The language: `en`, `de-at`.
    pub lang: String,
    /// The words.
    pub desc: String,
}

/// A version as a number that grows: `1.10.0` is newer than `1.9.0`. What is no number counts as zero.
pub fn version_number(version: &str) -> [u64; 3] {
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| numbers.next().unwrap_or(0))
}

impl BusinessRule {
    /// Reads a rule.
    ///
    /// # Errors
    /// Every field that is missing or of the wrong form, or every issue of the logic, a line each.
    pub fn parse(value: &Value) -> Result<Self, Vec<String>> {
        let faults = schema::faults(value);
        if !faults.is_empty() {
            return Err(faults);
        }
        if let Err(issues) = Expression::parse(value.get("Logic").unwrap_or(&Value::Null)) {
            return Err(issues.iter().map(|issue| format!("Logic: {}", issue.message)).collect());
        }
        // The schema has been checked, so this says nothing new.
        Self::deserialize(value).map_err(|error| vec![error.to_string()])
    }

    /// What the EU's gateway would not like, a line each: names and versions of another form,
    /// descriptions that are missing or short, a validity that never begins, and
    /// `AffectedFields` that are not those of the logic.
    pub fn warnings(&self) -> Vec<String> {
        schema::warnings(self)
    }

    /// Whether `now` (seconds UTC) lies within its validity: `valid_from` does, `valid_to` does not.
    pub fn holds_at(&self, now: i64) -> bool {
        (self.valid_from..self.valid_to).contains(&now)
    }

    /// Its version as a number that grows ([`version_number`]).
    pub fn version_number(&self) -> [u64; 3] {
        version_number(&self.version)
    }

    /// The fields of the certificate that its logic looks at, sorted, without `payload.`; `""` is all of it.
    pub fn fields(&self) -> Vec<&str> {
        self.logic.fields().iter().filter_map(|path| of_payload(path)).collect()
    }
}

fn of_payload(path: &str) -> Option<&str> {
    match path.strip_prefix("payload")? {
        "" => Some(""),
        below => below.strip_prefix('.'),
    }
}
