//! A pass against the rules of a mode ("EU DCC Validation Rules" 1.00, §5 and §7).

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use certlogic::{Data, timestamp};
use serde_json::Value;

use super::rule::{About, Rule};
use super::{InMode, MAX_STEPS, Policy};
use crate::dcc;
use crate::display;
use crate::pass::Pass;
use crate::refusal::Refusal;

/// The most values that are shown of what a rule looked at, and the longest of them in characters: our own
/// limits, what a screen takes.
const MAX_SHOWN: usize = 12;
/// See [`MAX_SHOWN`].
const MAX_SHOWN_CHARS: usize = 80;

impl InMode<'_> {
    /// Why this pass is not accepted in this mode at `now` (seconds UTC), if it is not.
    pub(crate) fn refusal(self, pass: &Pass, now: i64) -> Option<Refusal> {
        let Self { policy, mode } = self;
        if !mode.kinds.contains(&pass.kind) {
            let (kind, mode, title) = (pass.kind, mode.id.clone(), mode.title.clone());
            return Some(Refusal::KindNotAccepted { kind, mode, title });
        }
        let issuer = issuer_country(pass);
        let asked = |rule: &&Rule| mode.asks(rule) && rule.about.applies(policy, pass, issuer, now);
        let mut rules: Vec<&Rule> = policy.rules.iter().filter(asked).collect();
        // They stand by identifier, the newest first: of each the newest that applies counts.
        rules.dedup_by(|later, first| later.name.id == first.name.id);
        if rules.is_empty() { None } else { Asked::new(policy, pass, issuer, now).first_refusal(&rules) }
    }
}

impl About {
    /// Whether it is of the policy's own place, or of no place in particular.
    pub(super) fn accepts_in(&self, policy: &Policy) -> bool {
        let region = policy.region.as_deref().unwrap_or_default();
        is(self.accepted_in.as_ref(), &policy.country) && is(self.region.as_ref(), region)
    }

    fn applies(&self, policy: &Policy, pass: &Pass, issuer: &str, now: i64) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&pass.kind))
            && self.accepts_in(policy)
            && is(self.issued_in.as_ref(), issuer)
            && self.from.is_none_or(|from| from <= now)
            && self.until.is_none_or(|until| now < until)
    }
}

/// Whether it is what is wanted, where anything is.
fn is(wanted: Option<&String>, have: &str) -> bool {
    wanted.is_none_or(|wanted| wanted == have)
}

/// What rules are asked about.
struct Asked<'a> {
    policy: &'a Policy,
    payload: Value,
    /// By the names that the EU's format gives them; null where the pass has none.
    external: [(&'static str, Value); 7],
}

impl<'a> Asked<'a> {
    fn new(policy: &'a Policy, pass: &Pass, issuer: &str, now: i64) -> Self {
        let time = |at: i64| timestamp::format(at).map_or(Value::Null, Value::from);
        let external = [
            ("validationClock", time(now)),
            ("countryCode", policy.country.as_str().into()),
            ("exp", pass.expires_at.map_or(Value::Null, time)),
            ("iat", pass.issued_at.map_or(Value::Null, time)),
            ("issuerCountryCode", issuer.into()),
            ("kid", BASE64_STANDARD.encode(&pass.kid.0).into()),
            ("region", policy.region.as_deref().map_or(Value::Null, Value::from)),
        ];
        Self { policy, payload: pass.claims.for_rules(), external }
    }

    /// The first rule that does not let the pass pass.
    fn first_refusal(&self, rules: &[&Rule]) -> Option<Refusal> {
        let sets = ("valueSets", Data::Value(&self.policy.value_sets));
        let external = self.external.iter().map(|(name, value)| (*name, Data::Value(value)));
        let external: Vec<_> = external.chain([sets]).collect();
        let data = [("payload", Data::Value(&self.payload)), ("external", Data::Object(&external))];
        let mut steps = MAX_STEPS;
        rules.iter().find_map(|rule| {
            let came = rule.logic.evaluate_within(Data::Object(&data), &mut steps);
            let (rule_name, values) = match came {
                Ok(Value::Bool(value)) if value == rule.passes_where => return None,
                _ => (rule.name.clone(), self.values(rule)),
            };
            let fault = match came {
                Ok(Value::Bool(_)) => return Some(Refusal::RuleFailed { rule: rule_name, values }),
                Ok(other) => format!("it comes to {}, neither true nor false", shown(&other)),
                Err(error) => error.to_string(),
            };
            Some(Refusal::RuleBroken { rule: rule_name, fault, values })
        })
    }

    /// What the rule looked at in the pass, by field; what holds others is left out.
    fn values(&self, rule: &Rule) -> BTreeMap<String, String> {
        let value = |field: &str| {
            let found = field.split('.').try_fold(&self.payload, |at, key| match at {
                Value::Array(items) => items.get(key.parse::<usize>().ok()?),
                other => other.get(key),
            });
            found.filter(|value| !value.is_object() && !value.is_array()).map(shown)
        };
        let fields = rule.fields().into_iter();
        fields.filter_map(|field| Some((field.to_owned(), value(field)?))).take(MAX_SHOWN).collect()
    }
}

/// The country that issued a pass, by two letters: `iss` where that is one, as issuers of DCCs have it, else its
/// entry's, else its signer's, which the key set says. Where nothing has two letters, what the entry says.
fn issuer_country(pass: &Pass) -> &str {
    let is_country = |text: &&str| text.len() == 2 && dcc::is_country(text);
    let entry = pass.claims.origins().first().map_or("", |origin| origin.country.as_str());
    let named = [pass.issuer.as_deref(), Some(entry), pass.signer_country.as_deref()];
    named.into_iter().flatten().find(is_country).unwrap_or(entry)
}

/// A value fit to be shown.
fn shown(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    display::excerpt(&text, MAX_SHOWN_CHARS)
}
