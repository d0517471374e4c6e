//! General passes of our own: resident and benefit cards, staff badges, appointments, tickets.
//!
//! HCERT's container under a prefix of its own: `PP1:`, base45, zlib, COSE_Sign1, CWT; the pass is the private-use
//! claim -65537 (RFC 8392 §9.1), its schema `keys/schema/pass.cddl`. A key that this version does not know could be a
//! restriction: such a pass is refused, never taken for one without it.

use ciborium::Value;
use serde_json::{Value as Json, json};

use crate::base45;
use crate::cbor;
use crate::claims::{Claims, Other};
use crate::cose::Sign1;
use crate::cwt::Cwt;
use crate::dcc;
use crate::format::{Format, Verified};
use crate::inflate::inflate;
use crate::key::KeySet;
use crate::pass::{Holder, Kind, Pass, StatusRef};
use crate::refusal::{Refusal, Stop};

/// What such a text starts with.
pub const PREFIX: &str = "PP1:";
/// The claim that holds the pass.
pub const CLAIM: i64 = -65537;
/// The longest text of a pass, in characters: our own limit, what a screen shows.
pub const MAX_TEXT: usize = 80;
/// The longest address of a status list, in characters: as issuers have it.
const MAX_URI: usize = 200;
/// What addresses of status lists begin with unless they say otherwise: it is left out of the code.
pub const SCHEME: &str = "https://";
/// The most zones that a pass names: our own limit.
pub const MAX_ZONES: usize = 16;
/// The most often that a pass can be used before it has none to count: our own limit.
pub const MAX_USES: u32 = 1000;

/// The keys of the pass's map (`keys/schema/pass.cddl`).
pub mod key {
    /// Which kind it is: 1 card, 2 badge, 3 appointment, 4 ticket.
    pub const KIND: i64 = 1;
    /// Its place in a status list, as `[index, URI]`, the URI without [`super::SCHEME`].
    pub const STATUS: i64 = 2;
    /// What it is for.
    pub const TITLE: i64 = 3;
    /// Its identifier, where the issuer has its own.
    pub const ID: i64 = 4;
    /// Family name.
    pub const FAMILY_NAME: i64 = 5;
    /// Given name.
    pub const GIVEN_NAME: i64 = 6;
    /// Date of birth: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub const DATE_OF_BIRTH: i64 = 7;
    /// Where it is valid; everywhere when missing.
    pub const ZONES: i64 = 8;
    /// How often it can be used; as often as you like when missing.
    pub const USES: i64 = 9;
    /// Whatever else stands on it: seat, department, service.
    pub const DETAIL: i64 = 10;
}

/// What a general pass says besides whose it is and when it is valid. All text is as the issuer signed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct General {
    /// What it is for: the event, the benefit, the company, the service.
    pub title: String,
    /// Where it is valid; everywhere when empty. Zones are compared letter by letter.
    pub zones: Vec<String>,
    /// How often it can be used, 1 to [`MAX_USES`]; as often as you like when `None`.
    pub uses: Option<u32>,
    /// Whatever else stands on it: seat, department, service.
    pub detail: Option<String>,
}

/// The kinds with their numbers in the pass.
pub const KINDS: [(i64, Kind); 4] =
    [(1, Kind::Card), (2, Kind::Badge), (3, Kind::Appointment), (4, Kind::Ticket)];

/// The identifier of a pass without one of its own: nobody else has its place in the list.
pub fn id_of_place(index: u64, uri: &str) -> String {
    format!("{uri}#{index}")
}

/// Opens what follows the prefix: every step up to the schema.
pub(crate) fn open<'k>(body: &str, keys: &'k KeySet) -> Result<Verified<'k>, Stop> {
    let message = Sign1::parse(&inflate(&base45::decode(body)?)?)?;
    let signed = message.verify(keys, Format::General, None)?;
    let claims = Cwt::read(&signed)?;
    let map = claims.by_number(CLAIM).ok_or(Refusal::ClaimMissing { claim: "pass" })?;
    let map = map.as_map().ok_or(Refusal::ClaimInvalid { claim: "pass", fault: "no map" })?;
    let pass = pass(map)?;
    let json = json(&pass);
    let other = Other { for_rules: json.clone(), json, ..Other::default() };
    let of_claims = claims.pass(Format::General, pass.kind, Claims::Other(other.into()));
    let pass =
        Pass { id: pass.id, holder: pass.holder, status: pass.status, general: pass.general, ..of_claims };
    Ok(Verified::new(pass, signed))
}

/// What the pass's map says, in a pass of which the rest is still to be said.
fn pass(map: &[(Value, Value)]) -> Result<Pass, Refusal> {
    use key::*;
    let known = |key: &Value| {
        key.as_integer().is_some_and(|key| (KIND..=DETAIL).contains(&i64::try_from(key).unwrap_or(0)))
    };
    if let Some((key, _)) = map.iter().find(|(key, _)| !known(key)) {
        let name = key.as_integer().map_or_else(String::new, |key| i128::from(key).to_string());
        return Err(wrong(&name, "not known here"));
    }
    let number = integer(map, KIND, "kind")?.ok_or_else(|| wrong("kind", "missing"))?;
    let kind = KINDS.iter().find(|(known, _)| *known == number).map(|(_, kind)| *kind);
    let kind = kind.ok_or_else(|| wrong("kind", "not known here"))?;
    let status = status(cbor::by_number(map, STATUS))?;
    let text = |key, field| text(cbor::by_number(map, key), field);
    let general = General {
        title: text(TITLE, "title")?.ok_or_else(|| wrong("title", "missing"))?,
        zones: zones(cbor::by_number(map, ZONES))?,
        uses: uses(integer(map, USES, "uses")?)?,
        detail: text(DETAIL, "detail")?,
    };
    let holder = Holder {
        family_name: text(FAMILY_NAME, "family_name")?.unwrap_or_default(),
        given_name: text(GIVEN_NAME, "given_name")?.unwrap_or_default(),
        date_of_birth: text(DATE_OF_BIRTH, "date_of_birth")?.unwrap_or_default(),
        ..Holder::default()
    };
    if !holder.date_of_birth.is_empty() && !dcc::is_birth_date(&holder.date_of_birth) {
        return Err(wrong("date_of_birth", "no date"));
    }
    let id = text(ID, "id")?.unwrap_or_else(|| id_of_place(status.index, &status.uri));
    let nothing = Claims::Other(Box::default());
    Ok(Pass {
        id,
        holder,
        status: Some(status),
        general: Some(general),
        ..Pass::new(Format::General, kind, nothing)
    })
}

/// As rules read it (`keys/POLICIES.md`); what the pass does not say is not there.
fn json(pass: &Pass) -> Json {
    let mut json = json!({ "kind": pass.kind.name(), "id": pass.id });
    if let Some(general) = &pass.general {
        json["title"] = general.title.as_str().into();
        if !general.zones.is_empty() {
            json["zones"] = general.zones.clone().into();
        }
        if let Some(uses) = general.uses {
            json["uses"] = uses.into();
        }
        if let Some(detail) = &general.detail {
            json["detail"] = detail.as_str().into();
        }
    }
    let Holder { family_name, given_name, date_of_birth, .. } = &pass.holder;
    json!({ "pass": json, "nam": { "fn": family_name, "gn": given_name }, "dob": date_of_birth })
}

/// `[index, URI]`.
fn status(value: Option<&Value>) -> Result<StatusRef, Refusal> {
    let value = value.ok_or_else(|| wrong("status", "missing"))?;
    let place = value.as_array().map(Vec::as_slice);
    match place {
        Some([Value::Integer(index), Value::Text(uri)]) if (1..=MAX_URI).contains(&uri.chars().count()) => {
            let index = u64::try_from(*index).map_err(|_| wrong("status", "no place in a status list"))?;
            let scheme = if uri.contains("://") { "" } else { SCHEME };
            Ok(StatusRef { index, uri: format!("{scheme}{uri}") })
        }
        _ => Err(wrong("status", "no place in a status list")),
    }
}

fn zones(value: Option<&Value>) -> Result<Vec<String>, Refusal> {
    let Some(value) = value else { return Ok(vec![]) };
    let zones = value.as_array().ok_or_else(|| wrong("zones", "no list"))?;
    if !(1..=MAX_ZONES).contains(&zones.len()) {
        return Err(wrong("zones", "none, or too many"));
    }
    zones.iter().map(|zone| text(Some(zone), "zones").map(Option::unwrap_or_default)).collect()
}

fn uses(number: Option<i64>) -> Result<Option<u32>, Refusal> {
    let number = number.map(|number| u32::try_from(number).ok().filter(|uses| (1..=MAX_USES).contains(uses)));
    if number == Some(None) { Err(wrong("uses", "out of its limits")) } else { Ok(number.flatten()) }
}

fn integer(map: &[(Value, Value)], key: i64, field: &str) -> Result<Option<i64>, Refusal> {
    let Some(value) = cbor::by_number(map, key) else { return Ok(None) };
    let number = value.as_integer().and_then(|number| i64::try_from(number).ok());
    number.map(Some).ok_or_else(|| wrong(field, "no number"))
}

/// A text that says something; one that is there and empty is a mistake.
fn text(value: Option<&Value>, field: &str) -> Result<Option<String>, Refusal> {
    let Some(value) = value else { return Ok(None) };
    let text = value.as_text().ok_or_else(|| wrong(field, "no text"))?;
    match text.chars().count() {
        0 => Err(wrong(field, "empty")),
        1..=MAX_TEXT => Ok(Some(text.to_owned())),
        _ => Err(wrong(field, "too long")),
    }
}

fn wrong(field: &str, fault: &'static str) -> Refusal {
    Refusal::SchemaViolation { field: field.to_owned(), fault }
}

#[cfg(test)]
mod tests;
