//! WHO's Digital Documentation of COVID-19 Certificates: HCERT's container, whose claims are the document's own, by
//! name (WHO DDCC:VS, core data set). It ends by `exp` or by `valid_until`, whichever comes first.

use ciborium::Value;
use serde_json::{Map, json};

use crate::cbor;
use crate::claims::{Claims, Other};
use crate::cwt::Cwt;
use crate::dcc::{self, Origin};
use crate::format::Format;
use crate::pass::{Holder, Kind, Pass};
use crate::refusal::Refusal;

/// Standard date/time string (RFC 8949 §3.4.1).
const TAG_TIME: u64 = 0;
/// Full-date string (RFC 8943 §1.1).
const TAG_DATE: u64 = 1004;

/// Whether claims are of this kind, and not a DCC's.
pub(crate) fn is_one(claims: &[(Value, Value)]) -> bool {
    cbor::by_name(claims, "hcid").is_some() || cbor::by_name(claims, "vaccine").is_some()
}

/// A pass of claims whose signature held.
pub(crate) fn pass(claims: Cwt) -> Result<Pass, Refusal> {
    let fields = Fields(claims.map());
    let ends = [claims.expires_at, fields.second("valid_until", "23:59:59")?].into_iter().flatten().min();
    let begins = claims.not_before.max(fields.second("valid_from", "00:00:00")?);
    let ends = claims.require(ends, "exp")?;
    let name = fields.required("name")?;
    let date_of_birth = fields.day("birthDate")?.unwrap_or_default();
    let holder = Holder { family_name: name, date_of_birth, ..Holder::default() };
    let origin = Origin {
        country: fields.code("country").unwrap_or_default(),
        issuer: fields.text("pha").unwrap_or_default(),
        id: fields.required("hcid")?,
    };
    let other = Other {
        for_rules: for_rules(&fields, &holder, &origin)?,
        json: cbor::to_json(&Value::Map(claims.map().to_vec())),
        origins: vec![origin.clone()],
        test: None,
    };
    let issuer = claims.issuer.clone().or(Some(origin.issuer).filter(|issuer| !issuer.is_empty()));
    let pass = claims.pass(Format::Ddcc, Kind::Vaccination, Claims::Other(other.into()));
    Ok(Pass { issuer, expires_at: Some(ends), not_before: begins, id: origin.id, holder, ..pass })
}

/// As a DCC has it; what its codes are of another system stays as it is.
fn for_rules(fields: &Fields<'_>, holder: &Holder, origin: &Origin) -> Result<serde_json::Value, Refusal> {
    let date = fields.day("date")?.ok_or_else(|| wrong("date", "missing"))?;
    fields.code("vaccine").ok_or_else(|| wrong("vaccine", "missing"))?;
    let mut dose = Map::new();
    let codes = [("tg", "disease"), ("vp", "vaccine"), ("mp", "brand"), ("ma", "ma_holder")];
    for (name, field) in codes {
        dose.extend(fields.code(field).map(|code| (name.to_owned(), code.into())));
    }
    for (name, field) in [("dn", "dose"), ("sd", "total_doses")] {
        dose.extend(fields.number(field).map(|number| (name.to_owned(), number.into())));
    }
    let rest = [("dt", &date), ("co", &origin.country), ("is", &origin.issuer), ("ci", &origin.id)];
    dose.extend(rest.map(|(name, text)| (name.to_owned(), text.as_str().into())));
    Ok(json!({ "nam": { "fn": holder.family_name }, "dob": holder.date_of_birth, "v": [dose] }))
}

struct Fields<'v>(&'v [(Value, Value)]);

impl Fields<'_> {
    fn text(&self, field: &str) -> Option<String> {
        cbor::by_name(self.0, field).and_then(Value::as_text).map(str::to_owned)
    }

    fn required(&self, field: &str) -> Result<String, Refusal> {
        self.text(field).filter(|text| !text.trim().is_empty()).ok_or_else(|| wrong(field, "missing"))
    }

    fn number(&self, field: &str) -> Option<u32> {
        cbor::by_name(self.0, field)?.as_integer().and_then(|number| u32::try_from(number).ok())
    }

    /// The code of `{"code", "system"}`, or a code that stands there alone.
    fn code(&self, field: &str) -> Option<String> {
        let value = cbor::by_name(self.0, field)?;
        let code = value.as_map().map_or(Some(value), |coding| cbor::by_name(coding, "code"));
        code.and_then(Value::as_text).map(str::to_owned)
    }

    /// A day, with a tag of its own or without; anything else that is there is refused.
    fn day(&self, field: &str) -> Result<Option<String>, Refusal> {
        let text = match cbor::by_name(self.0, field) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Tag(TAG_TIME | TAG_DATE, inner)) => inner.as_text(),
            Some(value) => value.as_text(),
        };
        let day = text.filter(|text| dcc::is_date(text)).map(|text| dcc::day(text).to_owned());
        day.map(Some).ok_or_else(|| wrong(field, "no date"))
    }

    /// A second of a day, UTC.
    fn second(&self, field: &str, time: &str) -> Result<Option<i64>, Refusal> {
        let second = |day: String| dcc::second(&day, time).ok_or_else(|| wrong(field, "no date"));
        self.day(field)?.map(second).transpose()
    }
}

fn wrong(field: &str, fault: &'static str) -> Refusal {
    Refusal::SchemaViolation { field: field.to_owned(), fault }
}

#[cfg(test)]
mod tests;
