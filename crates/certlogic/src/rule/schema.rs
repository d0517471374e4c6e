//! What a rule must look like, from the schema of the EU's gateway and its further constraints.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{BusinessRule, CertificateType, ENGINE, RuleType};
use crate::timestamp;

/// The gateway's schema wants descriptions of at least so many characters.
const MIN_DESCRIPTION: usize = 20;

/// A field, what it must be in words, and whether it is.
type Field = (&'static str, &'static str, fn(&Value) -> bool);

/// Without any of these a rule cannot be used.
const FIELDS: [Field; 13] = [
    ("Identifier", "a string", Value::is_string),
    ("Type", "\"Acceptance\", \"Invalidation\" or \"BoosterNotification\"", is::<RuleType>),
    ("Country", "a string", Value::is_string),
    ("Version", "a string", Value::is_string),
    ("SchemaVersion", "a string", Value::is_string),
    ("Engine", "\"CERTLOGIC\"", |value| value == ENGINE),
    ("EngineVersion", "a string", Value::is_string),
    ("CertificateType", "\"General\", \"Vaccination\", \"Test\" or \"Recovery\"", is::<CertificateType>),
    ("Description", "an array of { \"lang\": …, \"desc\": … }", is::<Vec<super::Description>>),
    ("ValidFrom", "a time of the form 2021-06-01T00:00:00Z", is_time),
    ("ValidTo", "a time of the form 2021-06-01T00:00:00Z", is_time),
    ("AffectedFields", "an array of strings", is::<Vec<String>>),
    ("Logic", "an object", Value::is_object),
];

/// Which prefix identifiers have, for which rules.
const PREFIXES: [(&str, Option<CertificateType>, RuleType); 6] = [
    ("GR", Some(CertificateType::General), RuleType::Acceptance),
    ("VR", Some(CertificateType::Vaccination), RuleType::Acceptance),
    ("TR", Some(CertificateType::Test), RuleType::Acceptance),
    ("RR", Some(CertificateType::Recovery), RuleType::Acceptance),
    ("IR", None, RuleType::Invalidation),
    ("BNR", None, RuleType::BoosterNotification),
];

/// The fields that are missing or of the wrong form.
pub(super) fn faults(value: &Value) -> Vec<String> {
    let Some(rule) = value.as_object() else { return vec!["a rule is a JSON object".to_owned()] };
    let fault = |(name, wanted, fits): &Field| match rule.get(*name) {
        None => Some(format!("{name} is missing")),
        Some(value) if fits(value) => None,
        Some(_) => Some(format!("{name} must be {wanted}")),
    };
    let region = rule.get("Region").filter(|region| !region.is_string() && !region.is_null());
    let region = region.map(|_| "Region must be a string".to_owned());
    FIELDS.iter().filter_map(fault).chain(region).collect()
}

/// What is wrong with a rule that can be used all the same.
pub(super) fn warnings(rule: &BusinessRule) -> Vec<String> {
    let mut warnings = identifier(rule);
    let mut warn = |is_wrong: bool, line: String| {
        if is_wrong {
            warnings.push(line);
        }
    };
    warn(!is_country(&rule.country), format!("Country {:?} is not two capital letters", rule.country));
    for (name, version) in [
        ("Version", &rule.version),
        ("SchemaVersion", &rule.schema_version),
        ("EngineVersion", &rule.engine_version),
    ] {
        warn(!is_version(version), format!("{name} {version:?} is not of the form 1.0.0"));
    }
    warn(rule.valid_from >= rule.valid_to, "ValidFrom is not before ValidTo: it never holds".to_owned());
    warnings.extend(descriptions(rule));
    warnings.extend(affected_fields(rule));
    warnings
}

/// The gateway has identifiers begin as the type and the certificate type have it.
fn identifier(rule: &BusinessRule) -> Vec<String> {
    let id = &rule.identifier;
    let parts: Vec<_> = id.split('-').collect();
    let known = |prefix: &str| PREFIXES.into_iter().find(|(name, _, _)| *name == prefix);
    let (Some((_, certificate, kind)), [_, country, number]) = (known(parts[0]), parts.as_slice()) else {
        return vec![format!("Identifier {id:?} is not of the form VR-AT-0001")];
    };
    let mut warnings = vec![];
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        warnings.push(format!("Identifier {id:?} does not end in a number"));
    }
    if *country != rule.country {
        warnings.push(format!("Identifier {id:?} names another country than Country {:?}", rule.country));
    }
    if kind != rule.kind {
        warnings.push(format!("Identifier {id:?} does not begin as those of Type {:?} do", rule.kind));
    } else if certificate.is_some_and(|certificate| certificate != rule.certificate_type) {
        warnings.push(format!(
            "Identifier {id:?} does not begin as those of CertificateType {:?} do",
            rule.certificate_type
        ));
    }
    warnings
}

fn descriptions(rule: &BusinessRule) -> Vec<String> {
    let short = rule.description.iter().filter(|words| words.desc.chars().count() < MIN_DESCRIPTION);
    let mut warnings: Vec<_> = short
        .map(|words| format!("Description in {:?} has less than {MIN_DESCRIPTION} characters", words.lang))
        .collect();
    if !rule.description.iter().any(|words| words.lang == "en") {
        warnings.push("Description has none in English (\"en\")".to_owned());
    }
    warnings
}

fn affected_fields(rule: &BusinessRule) -> Vec<String> {
    let used: BTreeSet<&str> = rule.fields().into_iter().collect();
    let named: BTreeSet<&str> = rule.affected_fields.iter().map(String::as_str).collect();
    let unnamed = used.difference(&named).map(|field| format!("AffectedFields lacks {field:?}"));
    let unused = named.difference(&used);
    let unused = unused.map(|field| format!("AffectedFields names {field:?}, which Logic does not use"));
    unnamed.chain(unused).collect()
}

fn is<T: for<'de> serde::Deserialize<'de>>(value: &Value) -> bool {
    T::deserialize(value).is_ok()
}

fn is_time(value: &Value) -> bool {
    value.as_str().and_then(timestamp::parse).is_some()
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Semantic versions may have more after their three numbers.
fn is_version(text: &str) -> bool {
    let parts: Vec<_> = text.splitn(3, '.').collect();
    let starts_with_digit = |part: &str| part.starts_with(|c: char| c.is_ascii_digit());
    let is_number = |part: &str| part.parse::<u32>().is_ok() && starts_with_digit(part);
    matches!(parts[..], [major, minor, patch]
        if is_number(major) && is_number(minor) && starts_with_digit(patch))
}
