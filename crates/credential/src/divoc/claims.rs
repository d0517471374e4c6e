//! What a credential says: one dose of a vaccination.
//!
//! Its graph does not tell everything apart that its words do: the doses given and those of the series are one
//! relation, and so are the date of vaccination and the span in which it counts, and the certificate's number, batch,
//! vaccine and manufacturer. Whoever has a genuine credential could exchange such values. So they are read only where
//! one assignment alone makes sense.

use std::collections::BTreeSet;

use certlogic::timestamp;
use serde_json::{Map, Value, json};

use crate::claims::{Claims, Other};
use crate::dcc::{self, Origin, is_country};
use crate::format::Format;
use crate::pass::{Holder, Kind, Pass};
use crate::refusal::Refusal;
use crate::vaccines::{self, COVID_19};

type Object = Map<String, Value>;

/// The pass of a credential whose signature held.
pub(super) fn pass(credential: Object) -> Result<Pass, Refusal> {
    let subject = object(credential.get("credentialSubject"), "credentialSubject")?;
    let evidence = object(credential.get("evidence"), "evidence")?;
    let holder = holder(subject)?;
    let id = text(evidence, "id").unwrap_or_default().to_owned();
    let issuer = text(&credential, "issuer").unwrap_or_default().to_owned();
    let for_rules = json!({
        "nam": { "fn": holder.family_name, "gn": "" }, "dob": holder.date_of_birth,
        "v": [vaccination(evidence, &id)?],
    });
    let issued_at = time(&credential, "issuanceDate")?;
    let expires_at = time(&credential, "expirationDate")?;
    let country = country(evidence).unwrap_or_default().to_owned();
    let origins = vec![Origin { country, issuer: issuer.clone(), id: id.clone() }];
    let claims = Other { json: credential.into(), for_rules, origins, test: None };
    Ok(Pass {
        id,
        holder,
        issuer: Some(issuer),
        issued_at,
        expires_at,
        ..Pass::new(Format::Divoc, Kind::Vaccination, Claims::Other(claims.into()))
    })
}

/// The name is one text, and where the family name ends nobody can tell.
fn holder(subject: &Object) -> Result<Holder, Refusal> {
    let name = text(subject, "name").filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| wrong("credentialSubject.name", "no name"))?;
    let born = text(subject, "dob").unwrap_or_default();
    if !born.is_empty() && !dcc::is_birth_date(born) {
        return Err(wrong("credentialSubject.dob", "no date of birth"));
    }
    let date_of_birth = dcc::day(born).to_owned();
    Ok(Holder { family_name: name.to_owned(), date_of_birth, ..Holder::default() })
}

/// As an entry of a DCC's `v`.
fn vaccination(evidence: &Object, id: &str) -> Result<Value, Refusal> {
    let mut entry = json!({ "dt": dcc::day(vaccinated(evidence)?), "ci": id });
    if let Some((dose, doses)) = doses(evidence)? {
        (entry["dn"], entry["sd"]) = (dose.into(), doses.into());
    }
    if let Some(country) = country(evidence) {
        entry["co"] = country.into();
    }
    if let Some(product) = product(evidence) {
        (entry["tg"], entry["vp"]) = (COVID_19.into(), product.vaccine.into());
        (entry["mp"], entry["ma"]) = (product.product.into(), product.manufacturer.into());
    } else if text(evidence, "prophylaxis").is_some_and(|name| name.to_uppercase().contains("COVID-19")) {
        (entry["tg"], entry["vp"]) = (COVID_19.into(), vaccines::ANY.into());
    }
    Ok(entry)
}

/// The only date that has a time of day; where not exactly one has, the earliest.
fn vaccinated(evidence: &Object) -> Result<&str, Refusal> {
    let said = ["date", "effectiveStart", "effectiveUntil"].iter().filter_map(|name| text(evidence, name));
    let dates: BTreeSet<&str> = said.filter(|date| !date.is_empty()).collect();
    let given = text(evidence, "date").unwrap_or_default();
    if !dates.contains(given) || !dates.iter().all(|date| dcc::is_date(date)) {
        return Err(wrong("evidence.date", "no date"));
    }
    let timed: Vec<&&str> = dates.iter().filter(|date| dcc::day(date).len() < date.len()).collect();
    let told = match timed.as_slice() {
        [one] => **one == given,
        _ => dates.iter().all(|other| dcc::day(given) <= dcc::day(other)),
    };
    if told { Ok(given) } else { Err(wrong("evidence.date", "its signature does not tell it from others")) }
}

/// Which dose of how many: the smaller number and the larger. Some issuers fill in neither.
fn doses(evidence: &Object) -> Result<Option<(u32, u32)>, Refusal> {
    match (number(evidence, "dose")?, number(evidence, "totalDoses")?) {
        (Some(dose), Some(doses)) if dose <= doses => Ok(Some((dose, doses))),
        (Some(_), Some(_)) => Err(wrong("evidence.dose", "more than there are in the series")),
        _ => Ok(None),
    }
}

/// A number from 1, also one that is written as a text; `None` where nothing is filled in.
fn number(evidence: &Object, name: &str) -> Result<Option<u32>, Refusal> {
    let number = match evidence.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) if text.is_empty() => return Ok(None),
        Some(Value::String(text)) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        Some(value) => value.as_u64().and_then(|number| u32::try_from(number).ok()),
    };
    let fault = Refusal::SchemaViolation { field: format!("evidence.{name}"), fault: "no number from 1" };
    number.filter(|number| *number >= 1).map(Some).ok_or(fault)
}

/// The one product that any of the values names, whichever word it stands under.
fn product(evidence: &Object) -> Option<vaccines::Product> {
    let named = ["vaccine", "manufacturer", "batch", "certificateId", "icd11Code"];
    let mut found = named.iter().filter_map(|name| vaccines::by_name(text(evidence, name)?));
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// Where it was given.
fn country(evidence: &Object) -> Option<&str> {
    let country = evidence.get("facility")?.get("address")?.get("addressCountry")?.as_str()?;
    Some(country).filter(|country| country.len() == 2 && is_country(country))
}

fn object<'v>(value: Option<&'v Value>, field: &'static str) -> Result<&'v Object, Refusal> {
    let value = match value {
        Some(Value::Array(one)) => one.first(),
        other => other,
    };
    value.and_then(Value::as_object).ok_or_else(|| wrong(field, "missing"))
}

fn text<'v>(object: &'v Object, name: &str) -> Option<&'v str> {
    object.get(name).and_then(Value::as_str)
}

/// `xsd:dateTime` with an offset, in seconds UTC, rounded down.
fn time(credential: &Object, name: &'static str) -> Result<Option<i64>, Refusal> {
    match credential.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_str().and_then(seconds).map(Some).ok_or_else(|| wrong(name, "no time")),
    }
}

fn seconds(text: &str) -> Option<i64> {
    let (_, time) = text.split_once('T').filter(|_| dcc::is_date(text))?;
    time.contains(['Z', '+', '-']).then(|| timestamp::parse(&dcc::plain(text)))?
}

fn wrong(field: &'static str, fault: &'static str) -> Refusal {
    Refusal::SchemaViolation { field: field.to_owned(), fault }
}

#[cfg(test)]
mod tests;
