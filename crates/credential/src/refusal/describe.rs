//! Each reason's step, name and evidence, in one table.

use std::collections::BTreeMap;

use certlogic::timestamp;

use super::{Doubt, Refusal, TextKind};
use crate::display;
use crate::key::Kid;
use crate::policy::{RuleName, Texts};
use crate::verdict::{Evidence, Stage};

/// A reason's step, name and evidence.
pub(crate) type Description = (Stage, &'static str, Vec<(&'static str, Evidence)>);

impl Refusal {
    /// The one table of steps, names and evidence.
    #[rustfmt::skip]
    pub(crate) fn describe(&self) -> Description {
        use Stage::{Base45, Cose, Cwt, Inflate, Revocation, Rules, Schema, Signature, Text, Time, Usage};
        match self {
            Self::NotACertificate { looks_like, text: shown } =>
                (Text, "not_a_certificate", vec![("looks_like", text(looks_like.name())), ("text", text(shown))]),
            Self::SuspectedForgery { register, leads_to, fault, text: shown } => (Text, "suspected_forgery", vec![
                ("register", text(register)), ("leads_to", text(leads_to)), ("fault", text(fault)), ("text", text(shown)),
            ]),
            Self::TextTooLong { length, limit } =>
                (Text, "text_too_long", vec![("length", number(*length)), ("limit", number(*limit))]),
            Self::UnsupportedVersion { prefix } =>
                (Text, "unsupported_version", vec![("prefix", hostile(prefix))]),
            Self::BrokenText { at, fault } =>
                (Text, "broken_text", vec![("at", number(*at)), ("fault", text(fault))]),
            Self::NotBase45 { at, fault } =>
                (Base45, "not_base45", vec![("at", number(*at)), ("fault", text(fault))]),
            Self::NotCompressed => (Inflate, "not_compressed", vec![]),
            Self::BrokenZlib => (Inflate, "broken_zlib", vec![]),
            Self::BrokenZip { fault } => (Inflate, "broken_zip", vec![("fault", text(fault))]),
            Self::InflatedTooLarge { limit } =>
                (Inflate, "inflated_too_large", vec![("limit", number(*limit))]),
            Self::BrokenJws { fault } => (Cose, "broken_jws", vec![("fault", text(fault))]),
            Self::BrokenCose { fault, at } =>
                (Cose, "broken_cose", vec![("fault", text(fault)), ("at", number(*at))]),
            Self::BrokenJson { fault } => (Cose, "broken_json", vec![("fault", text(fault))]),
            Self::BrokenCertificate { fault } => (Cose, "broken_certificate", vec![("fault", text(fault))]),
            Self::ContextNotKnown { context } =>
                (Cose, "context_not_known", vec![("context", hostile(context))]),
            Self::DuplicateHeader { label } =>
                (Cose, "duplicate_header", vec![("label", hostile(label))]),
            Self::CriticalHeader { label } =>
                (Cose, "critical_header", vec![("label", hostile(label))]),
            Self::AlgorithmMissing => (Cose, "algorithm_missing", vec![]),
            Self::AlgorithmNotSupported { alg } =>
                (Cose, "algorithm_not_supported", vec![("alg", hostile(alg))]),
            Self::AlgorithmMismatch { kid: id, alg } =>
                (Signature, "algorithm_mismatch", vec![kid(id), ("alg", text(alg))]),
            Self::BadSignature { kid: id } => (Signature, "bad_signature", vec![kid(id)]),
            Self::BrokenCwt { fault, at } =>
                (Cwt, "broken_cwt", vec![("fault", text(fault)), ("at", number(*at))]),
            Self::ClaimMissing { claim } => (Cwt, "claim_missing", vec![("claim", text(claim))]),
            Self::ClaimInvalid { claim, fault } =>
                (Cwt, "claim_invalid", vec![("claim", text(claim)), ("fault", text(fault))]),
            Self::SchemaVersion { version } =>
                (Schema, "schema_version", vec![("version", hostile(version))]),
            Self::SchemaViolation { field, fault } =>
                (Schema, "schema_violation", vec![("field", hostile(field)), ("fault", text(fault))]),
            Self::NotOneCertificate { count } =>
                (Schema, "not_one_certificate", vec![("count", number(*count))]),
            Self::NotYetValid { at, now } => (Time, "not_yet_valid", times(*at, *now)),
            Self::Expired { at, now } => (Time, "expired", times(*at, *now)),
            Self::KeyNotYetValid { kid: id, at, now } =>
                (Time, "key_not_yet_valid", vec![kid(id), ("at", Evidence::Time(*at)), ("now", Evidence::Time(*now))]),
            Self::KeyExpired { kid: id, at, now } =>
                (Time, "key_expired", vec![kid(id), ("at", Evidence::Time(*at)), ("now", Evidence::Time(*now))]),
            Self::UsageNotAllowed { kid: id, kind } =>
                (Usage, "usage_not_allowed", vec![kid(id), ("kind", text(kind.name()))]),
            Self::KeyRevoked { kid: id, from } =>
                (Revocation, "key_revoked", vec![kid(id), ("at", Evidence::Time(*from))]),
            Self::Revoked { list } => (Revocation, "revoked", vec![("list", hostile(list))]),
            Self::PositiveTest { sampled } =>
                (Rules, "positive_test", vec![("sampled", hostile(sampled))]),
            Self::UnclearTest { result } =>
                (Rules, "unclear_test", vec![("result", hostile(result))]),
            Self::KindNotAccepted { kind, mode: _, title } =>
                (Rules, "kind_not_accepted", vec![("kind", text(kind.name())), ("mode", texts(title))]),
            Self::RuleFailed { rule, values } => (Rules, "rule_failed", rule_evidence(rule, values)),
            Self::RuleBroken { rule, fault, values } => {
                let mut evidence = rule_evidence(rule, values);
                evidence.push(("fault", hostile(fault)));
                (Rules, "rule_broken", evidence)
            }
            Self::OtherZone { zones, here } =>
                (Rules, "other_zone", vec![("zones", hostile(&zones.join(", "))), ("here", hostile(here))]),
            Self::AlreadyUsed { at, uses, times } => {
                let times: Vec<_> = times.iter().filter_map(|at| timestamp::format(*at)).collect();
                let evidence = vec![
                    ("at", Evidence::Time(*at)), ("uses", Evidence::Number((*uses).into())), ("times", text(&times.join(", "))),
                ];
                (Rules, "already_used", evidence)
            }
        }
    }
}

impl Doubt {
    /// The same table for doubts.
    #[rustfmt::skip]
    pub(crate) fn describe(&self) -> Description {
        match self {
            Self::UnknownKey { kid: id } => (Stage::Signature, "unknown_key", vec![kid(id)]),
            Self::KeysTooOld { at, now } =>
                (Stage::Signature, "keys_too_old", times(*at, *now)),
            Self::RevocationUnreadable { list } =>
                (Stage::Revocation, "revocation_unreadable", vec![("list", hostile(list))]),
            Self::PolicyUnreadable { fault } =>
                (Stage::Rules, "policy_unreadable", vec![("fault", text(fault))]),
            Self::UsesUnreadable { fault } =>
                (Stage::Rules, "uses_unreadable", vec![("fault", hostile(fault))]),
            Self::FormatNotSupported { format } =>
                (Stage::Text, "format_not_supported", vec![("format", text(format))]),
            Self::Encrypted { format } => (Stage::Cose, "encrypted", vec![("format", text(format))]),
            Self::NotDecrypted { format, kid: id } =>
                (Stage::Cose, "not_decrypted", vec![("format", text(format)), kid(id)]),
            Self::PartOfCode { have, of } =>
                (Stage::Text, "part_of_code", vec![("have", number(*have)), ("of", number(*of))]),
            Self::DutchVerifierOnly => (Stage::Text, "dutch_verifier_only", vec![]),
            Self::PhoneDocument => (Stage::Text, "phone_document", vec![]),
            Self::OnlineOnly { host, number, check } => {
                let mut evidence = vec![("host", text(host)), ("number", hostile(number))];
                evidence.extend(check.as_ref().map(|check| ("check", hostile(check))));
                (Stage::Text, "online_only", evidence)
            }
        }
    }
}

impl TextKind {
    /// Its name in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Link => "link",
            Self::Script => "script",
            Self::Wifi => "wifi",
            Self::Contact => "contact",
            Self::Phone => "phone",
            Self::Message => "message",
            Self::Place => "place",
            Self::Event => "event",
            Self::Payment => "payment",
            Self::OneTimePassword => "one_time_password",
            Self::BoardingPass => "boarding_pass",
            Self::Other => "other",
        }
    }
}

fn text(text: &str) -> Evidence {
    Evidence::Text(text.to_owned())
}

fn hostile(text: &str) -> Evidence {
    Evidence::Text(display::escape(text))
}

fn number(number: usize) -> Evidence {
    Evidence::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

fn kid(kid: &Kid) -> (&'static str, Evidence) {
    ("kid", Evidence::Text(kid.to_string()))
}

fn times(at: i64, now: i64) -> Vec<(&'static str, Evidence)> {
    vec![("at", Evidence::Time(at)), ("now", Evidence::Time(now))]
}

fn texts(texts: &Texts) -> Evidence {
    Evidence::Texts(texts.by_language().clone())
}

/// The rule's own words are its authority's, and have been looked through; the values are escaped already.
fn rule_evidence(rule: &RuleName, values: &BTreeMap<String, String>) -> Vec<(&'static str, Evidence)> {
    vec![
        ("rule", text(&rule.id)),
        ("version", text(&rule.version)),
        ("description", texts(&rule.description)),
        ("values", Evidence::Texts(values.clone())),
    ]
}
