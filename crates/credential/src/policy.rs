//! What is accepted here, as its authority signed it: `propusk-policy/1` (`keys/POLICIES.md`).
//!
//! [`Policy::parse`] takes a document as a whole or not at all; [`Policy::in_mode`] is what a pass is
//! judged by. Two kinds of rules stand side by side: the objects that EU member states exchange
//! ([`certlogic::BusinessRule`]), and rules of the policy's own.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::pass::Kind;

mod document;
mod judging;
mod own;
mod rule;
mod texts;

pub use rule::RuleName;
pub use texts::Texts;

use rule::Rule;

/// What a document says that it is.
pub const FORMAT: &str = "propusk-policy/1";
/// The longest document, in bytes: our own limit, some four times all rules and value sets of one member state.
pub const MAX_BYTES: usize = 1 << 20;
/// The most rules: our own limit; member states have had up to some 30 at a time.
pub const MAX_RULES: usize = 200;
/// The most modes: our own limit, what a menu shows at once.
pub const MAX_MODES: usize = 12;
/// The most value sets, and the most values of one: our own limits; the EU publishes 9, the longest of 250.
pub const MAX_VALUE_SETS: usize = 100;
/// See [`MAX_VALUE_SETS`].
pub const MAX_VALUES: usize = 5_000;
/// The longest name or title, in characters: our own limit, one line of a screen.
pub const MAX_TITLE: usize = 60;
/// The longest description of a rule, in characters: our own limit; the longest published have some 400.
pub const MAX_DESCRIPTION: usize = 1_000;
/// The most languages of one text: our own limit; the EU has 24.
pub const MAX_LANGUAGES: usize = 60;
/// The longest identifier of a mode or a rule, in bytes: our own limit; published ones have 10.
pub const MAX_ID: usize = 40;
/// The most steps of all rules that judge one pass (see [`certlogic::MAX_STEPS`]): 0.2 seconds at the most.
pub const MAX_STEPS: usize = certlogic::MAX_STEPS;

/// What is accepted at a place.
#[derive(Clone, Debug)]
pub struct Policy {
    name: Texts,
    country: String,
    region: Option<String>,
    modes: Vec<Mode>,
    default_mode: String,
    /// By identifier, the newest version first.
    rules: Vec<Rule>,
    /// An object of arrays of texts, as rules see it.
    value_sets: Value,
}

/// What staff can switch between: `2G`, `3G`, and the like.
#[derive(Clone, Debug)]
pub struct Mode {
    id: String,
    title: Texts,
    kinds: Vec<Kind>,
    /// The identifiers of the rules that count; `None` where all do.
    rules: Option<BTreeSet<String>>,
}

/// A policy in one of its modes.
#[derive(Clone, Copy, Debug)]
pub struct InMode<'a> {
    policy: &'a Policy,
    mode: &'a Mode,
}

/// What a pass has to be besides genuine and valid.
#[derive(Clone, Copy, Debug, Default)]
pub enum InForce<'a> {
    /// Nothing else: no policy is installed.
    #[default]
    Nothing,
    /// What the policy demands in this mode.
    Mode(InMode<'a>),
    /// There is a policy, but it cannot be read, and this is why. Nothing is green then.
    Unreadable(&'a str),
}

/// Why a document is no policy, in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPolicy(String);

impl Policy {
    /// Reads a document.
    ///
    /// # Errors
    /// The first thing that is wrong with it: a format, member or value that this version does not know, a
    /// limit, a rule that cannot be used, a mode that names what is not there.
    pub fn parse(json: &[u8]) -> Result<Self, BadPolicy> {
        document::read(json)
    }

    /// What the policy is called.
    pub fn name(&self) -> &Texts {
        &self.name
    }

    /// The country whose rules accept: ISO 3166-1 alpha-2.
    pub fn country(&self) -> &str {
        &self.country
    }

    /// The modes, at least one, in the order of the document.
    pub fn modes(&self) -> &[Mode] {
        &self.modes
    }

    /// The mode that a station begins in.
    pub fn default_mode(&self) -> InMode<'_> {
        // safe: a document is taken only if its default mode is among its modes, of which there is one at least
        self.in_mode(&self.default_mode).unwrap_or(InMode { policy: self, mode: &self.modes[0] })
    }

    /// The policy in the mode with this identifier; `None` where there is no such mode.
    pub fn in_mode(&self, id: &str) -> Option<InMode<'_>> {
        let mode = self.modes.iter().find(|mode| mode.id == id)?;
        Some(InMode { policy: self, mode })
    }

    /// The name of each rule, and the fields of the certificate that it looks at, without `payload.`; `""` is all
    /// of it.
    pub fn rules(&self) -> impl Iterator<Item = (&RuleName, Vec<&str>)> {
        self.rules.iter().map(|rule| (&rule.name, rule.fields()))
    }

    /// What its author should look at, a line each: rules that no mode asks or that are another place's, value sets that no rule looks into or
    /// that are missing, and what the EU's gateway would not like about its business rules.
    pub fn warnings(&self) -> Vec<String> {
        let asked = |rule: &Rule| self.modes.iter().any(|mode| mode.asks(rule));
        let unasked = self.rules.iter().filter(|rule| !asked(rule));
        let unasked = unasked.map(|rule| format!("rule {}: no mode asks it", rule.name));
        let elsewhere = self.rules.iter().filter(|rule| !rule.about.accepts_in(self));
        let elsewhere = elsewhere.map(|rule| {
            format!("rule {}: it is another country's or region's, so it is never asked", rule.name)
        });
        let of_rules = self.rules.iter().flat_map(|rule| {
            rule.warnings.iter().map(move |warning| format!("rule {}: {warning}", rule.name))
        });
        unasked.chain(elsewhere).chain(of_rules).chain(self.value_set_warnings()).collect()
    }

    fn value_set_warnings(&self) -> Vec<String> {
        let used: BTreeMap<&str, &Rule> =
            self.rules.iter().flat_map(|rule| rule.value_sets().map(move |set| (set, rule))).collect();
        let sets = self.value_sets.as_object();
        let has = |set: &str| sets.is_some_and(|sets| sets.contains_key(set));
        let missing = used.iter().filter(|(set, _)| !has(set));
        let missing = missing.map(|(set, rule)| {
            format!("rule {}: there is no value set {set:?}, so it holds nothing", rule.name)
        });
        let unused =
            sets.into_iter().flatten().map(|(set, _)| set).filter(|set| !used.contains_key(set.as_str()));
        let unused = unused.map(|set| format!("value set {set:?}: no rule looks into it"));
        missing.chain(unused).collect()
    }
}

impl Mode {
    /// Its identifier: 1 to [`MAX_ID`] bytes of `a-z`, `0-9` and `_`, fit for a log.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it is called.
    pub fn title(&self) -> &Texts {
        &self.title
    }

    /// The kinds of pass that it accepts.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    fn asks(&self, rule: &Rule) -> bool {
        rule.in_every_mode || self.rules.as_ref().is_none_or(|rules| rules.contains(&rule.name.id))
    }
}

impl<'a> InMode<'a> {
    /// The policy.
    pub fn policy(self) -> &'a Policy {
        self.policy
    }

    /// The mode.
    pub fn mode(self) -> &'a Mode {
        self.mode
    }
}

impl std::fmt::Display for BadPolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadPolicy {}

#[cfg(test)]
mod tests;
