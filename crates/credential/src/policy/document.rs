//! From bytes to [`Policy`].

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::own::{self, OwnPasses};
use super::rule::Rule;
use super::texts::Texts;
use super::{
    BadPolicy, FORMAT, MAX_BYTES, MAX_ID, MAX_MODES, MAX_RULES, MAX_TITLE, MAX_VALUE_SETS, MAX_VALUES, Mode,
    Policy,
};
use crate::json;
use crate::pass::Kind;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with \"format\" and \"modes\"")]
struct Document {
    #[serde(rename = "format")]
    _format: String,
    name: Texts,
    country: String,
    region: Option<String>,
    kinds: Vec<KindName>,
    modes: Vec<ModeDocument>,
    default_mode: String,
    #[serde(default)]
    rules: Vec<Value>,
    #[serde(default)]
    value_sets: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    own_passes: OwnPasses,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a mode")]
struct ModeDocument {
    id: String,
    title: Texts,
    kinds: Option<Vec<KindName>>,
    rules: Option<Vec<String>>,
}

/// A kind of pass by its name.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum KindName {
    Vaccination,
    Test,
    Recovery,
    HealthPass,
    Identity,
    Card,
    Badge,
    Appointment,
    Ticket,
}

impl From<KindName> for Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Vaccination => Self::Vaccination,
            KindName::Test => Self::Test,
            KindName::Recovery => Self::Recovery,
            KindName::HealthPass => Self::HealthPass,
            KindName::Identity => Self::Identity,
            KindName::Card => Self::Card,
            KindName::Badge => Self::Badge,
            KindName::Appointment => Self::Appointment,
            KindName::Ticket => Self::Ticket,
        }
    }
}

/// The longest fault that is told, in characters: our own limit, some lines of a screen.
const MAX_FAULT: usize = 400;

/// Reads a document as a whole.
pub(super) fn read(json: &[u8]) -> Result<Policy, BadPolicy> {
    read_or_tell(json).map_err(|fault| BadPolicy(crate::display::excerpt(&fault, MAX_FAULT)))
}

fn read_or_tell(bytes: &[u8]) -> Result<Policy, String> {
    if bytes.len() > MAX_BYTES {
        return Err(format!("{} bytes: at most {MAX_BYTES} are taken", bytes.len()));
    }
    let value = json::parse(bytes).map_err(|error| format!("no JSON: {error}"))?;
    match value.get("format").and_then(Value::as_str) {
        Some(FORMAT) => {}
        Some(other) => return Err(format!("format {other:?} is not {FORMAT:?}, the one that is known here")),
        None => return Err(format!("no policy: it has no \"format\" that is {FORMAT:?}")),
    }
    let document: Document = serde_json::from_value(value).map_err(|error| error.to_string())?;
    policy(document)
}

fn policy(document: Document) -> Result<Policy, String> {
    document.name.check(MAX_TITLE).map_err(|fault| format!("name: {fault}"))?;
    place(&document)?;
    let value_sets = value_sets(document.value_sets)?;
    let kinds = kinds("kinds", &document.kinds)?;
    let rules = rules(&document.rules, document.own_passes, &document.country)?;
    let modes = modes(document.modes, &kinds, &rules)?;
    if !modes.iter().any(|mode| mode.id == document.default_mode) {
        return Err(format!("default_mode: there is no mode {:?}", document.default_mode));
    }
    Ok(Policy {
        name: document.name,
        country: document.country,
        region: document.region,
        modes,
        default_mode: document.default_mode,
        rules,
        value_sets,
    })
}

fn place(document: &Document) -> Result<(), String> {
    let Document { country, region, .. } = document;
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(format!("country: {country:?} is not two capital letters"));
    }
    match region {
        Some(region) if region.is_empty() || region.len() > MAX_ID => {
            Err(format!("region: it must have 1 to {MAX_ID} bytes"))
        }
        _ => Ok(()),
    }
}

fn value_sets(sets: BTreeMap<String, Vec<String>>) -> Result<Value, String> {
    if sets.len() > MAX_VALUE_SETS {
        return Err(format!("value_sets: {}: at most {MAX_VALUE_SETS} are taken", sets.len()));
    }
    if let Some((name, set)) = sets.iter().find(|(_, set)| set.len() > MAX_VALUES) {
        return Err(format!("value_sets: {name:?} has {} values: at most {MAX_VALUES} are taken", set.len()));
    }
    // A dot would make it another path.
    if let Some(name) = sets.keys().find(|name| name.is_empty() || name.contains('.')) {
        return Err(format!("value_sets: no rule can look into a set called {name:?}"));
    }
    Ok(sets.into_iter().map(|(name, set)| (name, Value::from(set))).collect::<serde_json::Map<_, _>>().into())
}

pub(super) fn kinds(place: &str, names: &[KindName]) -> Result<Vec<Kind>, String> {
    let mut kinds: Vec<Kind> = vec![];
    for kind in names.iter().copied().map(Kind::from) {
        if kinds.contains(&kind) {
            return Err(format!("{place}: {:?} stands twice", kind.name()));
        }
        kinds.push(kind);
    }
    if kinds.is_empty() { Err(format!("{place}: name at least one")) } else { Ok(kinds) }
}

fn rules(values: &[Value], own_passes: OwnPasses, country: &str) -> Result<Vec<Rule>, String> {
    if values.len() > MAX_RULES {
        return Err(format!("rules: {}: at most {MAX_RULES} are taken", values.len()));
    }
    let read = |(index, value): (usize, &Value)| {
        let rule = Rule::read(value).and_then(Rule::check);
        rule.map_err(|fault| format!("rules: {}: {fault}", called(index, value)))
    };
    let mut rules = values.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    if let Some(rule) = rules.iter().find(|rule| rule.name.id.starts_with(own::PREFIX)) {
        return Err(format!(
            "rules: {}: names that begin with {:?} are those of own_passes",
            rule.name,
            own::PREFIX
        ));
    }
    rules.extend(own_passes.rules(country)?);
    rules.sort_by(|a, b| (&a.name.id, Reverse(a.number)).cmp(&(&b.name.id, Reverse(b.number))));
    // Of two rules alike nobody could say which one holds.
    let twice =
        rules.windows(2).find(|pair| pair[0].name.id == pair[1].name.id && pair[0].number == pair[1].number);
    match twice {
        Some(pair) => Err(format!("rules: {} stands twice", pair[0].name)),
        None => Ok(rules),
    }
}

/// A rule's identifier, or its place where it has none.
fn called(index: usize, rule: &Value) -> String {
    let id = ["Identifier", "id"].iter().find_map(|name| rule.get(name)?.as_str());
    id.map_or_else(|| format!("rule {}", index + 1), |id| id.chars().take(MAX_ID).collect())
}

fn modes(documents: Vec<ModeDocument>, kinds: &[Kind], rules: &[Rule]) -> Result<Vec<Mode>, String> {
    if !(1..=MAX_MODES).contains(&documents.len()) {
        return Err(format!("modes: {}: there must be 1 to {MAX_MODES}", documents.len()));
    }
    let mut modes: Vec<Mode> = vec![];
    for document in documents {
        let id = document.id.clone();
        if modes.iter().any(|mode| mode.id == id) {
            return Err(format!("modes: {id:?} stands twice"));
        }
        modes.push(mode(document, kinds, rules).map_err(|fault| format!("mode {id:?}: {fault}"))?);
    }
    Ok(modes)
}

fn mode(document: ModeDocument, all: &[Kind], rules: &[Rule]) -> Result<Mode, String> {
    if !is_mode_id(&document.id) {
        return Err(format!("its id must be 1 to {MAX_ID} of a-z, 0-9 and _"));
    }
    document.title.check(MAX_TITLE).map_err(|fault| format!("title: {fault}"))?;
    let kinds = match &document.kinds {
        None => all.to_vec(),
        Some(names) => kinds("kinds", names)?,
    };
    if let Some(kind) = kinds.iter().find(|kind| !all.contains(kind)) {
        return Err(format!("kinds: {:?} is not among the policy's", kind.name()));
    }
    let known = |id: &String| rules.iter().any(|rule| rule.name.id == *id);
    if let Some(id) = document.rules.iter().flatten().find(|id| !known(id)) {
        return Err(format!("rules: there is no rule {id:?}"));
    }
    let rules: Option<BTreeSet<String>> = document.rules.map(|rules| rules.into_iter().collect());
    Ok(Mode { id: document.id, title: document.title, kinds, rules })
}

/// What a log takes as a word.
fn is_mode_id(text: &str) -> bool {
    (1..=MAX_ID).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}
