//! What a seal says: a proof of vaccination (`icao.vacc`) or of testing (`icao.test`).

use serde_json::{Map, Value, json};

use super::object;
use crate::claims::{Claims, Other, TestResult};
use crate::dcc::{self, Origin};
use crate::format::Format;
use crate::judge::{DETECTED, NOT_DETECTED};
use crate::laboratory::{ANTIGEN, NAAT};
use crate::pass::{Holder, Kind, Pass};
use crate::refusal::{Doubt, Refusal, Stop};
use crate::vaccines::{self, COVID_19};

/// COVID-19, virus identified (ICD-11).
const ICD_COVID_19: &str = "RA01";
/// RNA-based COVID-19 vaccine (ICD-11, extension code).
const ICD_MRNA: &str = "XM0GQ8";
/// COVID-19 vaccine of any kind (ICD-11, extension codes).
const ICD_COVID_VACCINES: &[&str] =
    &["XM68M6", "XM1NL1", "XM5DF6", "XM9QW8", "XM0CX4", "XM5JC5", "XM1J92", "XM6AT1", ICD_MRNA];

/// `hdr`.
pub(super) struct Header {
    /// `is`: who issued it (ICAO Doc 9303-3 §5: three letters).
    pub(super) issuer: String,
    pub(super) kind: Kind,
    /// The type of document that its signer must be for: `NV` or `NT`.
    pub(super) document: &'static str,
}

/// Members of an object, and where it stands.
struct Fields<'v> {
    object: &'v Map<String, Value>,
    path: String,
}

/// What the seal is, as it says itself. Nothing of it is to be believed yet.
pub(super) fn header(data: &Value) -> Result<Header, Stop> {
    let header = Fields::of(object(data.get("hdr"), "`hdr` is no object")?, "hdr");
    if header.object.get("v").and_then(crate::json::integer) != Some(1) {
        let version = header.object.get("v").map(Value::to_string).unwrap_or_default();
        return Err(Refusal::SchemaVersion { version: crate::display::excerpt(&version, 20) }.into());
    }
    let issuer = header.text("is")?;
    match header.text("t")?.as_str() {
        "icao.vacc" => Ok(Header { issuer, kind: Kind::Vaccination, document: "NV" }),
        "icao.test" => Ok(Header { issuer, kind: Kind::Test, document: "NT" }),
        _ => Err(Doubt::FormatNotSupported { format: "ICAO seal of another kind" }.into()),
    }
}

/// The pass of a seal whose signature held.
pub(super) fn pass(data: &Value, header: &Header) -> Result<Pass, Refusal> {
    let message = Fields::of(object(data.get("msg"), "`msg` is no object")?, "msg");
    let person = message.object("pid")?;
    let holder = holder(&person)?;
    let mut for_rules = json!({
        "nam": { "fn": holder.family_name, "gn": holder.given_name }, "dob": holder.date_of_birth,
    });
    let (id, test) = match header.kind {
        Kind::Test => {
            let id = message.text("utci")?;
            let (entry, result) = test(&message, &id)?;
            for_rules["t"] = json!([entry]);
            (id, Some(result))
        }
        _ => {
            let id = message.text("uvci")?;
            for_rules["v"] = json!([latest_dose(&message, &id)?]);
            (id, None)
        }
    };
    let origin = Origin { country: header.issuer.clone(), issuer: String::new(), id: id.clone() };
    let claims = Other { json: data.clone(), for_rules, origins: vec![origin], test };
    let issuer = Some(header.issuer.clone());
    Ok(Pass { id, holder, issuer, ..Pass::new(Format::VdsNc, header.kind, Claims::Other(claims.into())) })
}

/// `n` is family name, two spaces, given names; some write one space, and then nobody can tell where the family name
/// ends.
fn holder(person: &Fields<'_>) -> Result<Holder, Refusal> {
    let name = person.text("n")?;
    let (family, given) = name.split_once("  ").unwrap_or((&name, ""));
    let date_of_birth = person.optional_text("dob")?.unwrap_or_default();
    if !date_of_birth.is_empty() && !dcc::is_birth_date(&date_of_birth) {
        return Err(person.wrong("dob", "no date of birth"));
    }
    Ok(Holder {
        family_name: family.trim().to_owned(),
        given_name: given.trim().to_owned(),
        date_of_birth: dcc::day(&date_of_birth).to_owned(),
        ..Holder::default()
    })
}

/// The latest dose as an entry of `v`. How many the series has is not said.
fn latest_dose(message: &Fields<'_>, id: &str) -> Result<Value, Refusal> {
    let mut latest: Option<(String, Value)> = None;
    for event in message.objects("ve")? {
        let code = event.text("des")?;
        let name = event.optional_text("nam")?.unwrap_or_default();
        let disease = event.optional_text("dis")?;
        for dose in event.objects("vd")? {
            let date = dose.date("dvc")?;
            let number = dose.dose("seq")?;
            if latest.as_ref().is_none_or(|(other, _)| dcc::day(other) <= dcc::day(&date)) {
                let entry = vaccination(&code, &name, disease.as_deref(), number, dcc::day(&date), id);
                latest = Some((date, entry));
            }
        }
    }
    latest.map(|(_, entry)| entry).ok_or_else(|| message.wrong("ve", "no dose"))
}

fn vaccination(code: &str, name: &str, disease: Option<&str>, dose: u32, date: &str, id: &str) -> Value {
    let mut entry = json!({ "dn": dose, "dt": date, "ci": id });
    let covid = disease
        .map_or_else(|| ICD_COVID_VACCINES.contains(&code), |disease| disease.starts_with(ICD_COVID_19));
    if covid {
        entry["tg"] = COVID_19.into();
        entry["vp"] = if code == ICD_MRNA { vaccines::MRNA } else { vaccines::ANY }.into();
        if let Some(product) = vaccines::by_name(name) {
            (entry["mp"], entry["vp"]) = (product.product.into(), product.vaccine.into());
            entry["ma"] = product.manufacturer.into();
        }
    }
    entry
}

/// An entry of `t`, and its result. An antibody test finds no infection, and rules one out no more.
fn test(message: &Fields<'_>, id: &str) -> Result<(Value, TestResult), Refusal> {
    let (dates, result, place) = (message.object("dat")?, message.object("tr")?, message.object("sp")?);
    let sampled = dates.date("sc")?;
    let method = result.text("tc")?.to_lowercase();
    let said = result.text("r")?;
    let method = match method.as_str() {
        "antigen" => Some(ANTIGEN),
        other if other.starts_with("molecular") => Some(NAAT),
        _ => None,
    };
    let code = match (method, said.to_lowercase().as_str()) {
        (Some(_), "negative" | "normal") => NOT_DETECTED.to_owned(),
        (Some(_), "positive" | "abnormal") => DETECTED.to_owned(),
        _ => said,
    };
    let mut entry = json!({ "tg": COVID_19, "sc": dcc::plain(&sampled), "tr": code, "ci": id });
    if let Some(method) = method {
        entry["tt"] = method.into();
    }
    if let Some(centre) = place.optional_text("spn")? {
        entry["tc"] = centre.into();
    }
    Ok((entry, TestResult { code, sampled }))
}

impl<'v> Fields<'v> {
    fn of(object: &'v Map<String, Value>, path: impl Into<String>) -> Self {
        Self { object, path: path.into() }
    }

    fn object(&self, field: &str) -> Result<Fields<'v>, Refusal> {
        let value = self.object.get(field).ok_or_else(|| self.wrong(field, "missing"))?;
        let object = value.as_object().ok_or_else(|| self.wrong(field, "no object"))?;
        Ok(Fields::of(object, format!("{}.{field}", self.path)))
    }

    fn objects(&self, field: &str) -> Result<Vec<Fields<'v>>, Refusal> {
        let value = self.object.get(field).ok_or_else(|| self.wrong(field, "missing"))?;
        let list = value.as_array().ok_or_else(|| self.wrong(field, "no list"))?;
        let item = |(index, item): (usize, &'v Value)| {
            let object = item.as_object().ok_or_else(|| self.wrong(field, "no list of objects"))?;
            Ok(Fields::of(object, format!("{}.{field}[{index}]", self.path)))
        };
        list.iter().enumerate().map(item).collect()
    }

    fn optional_text(&self, field: &str) -> Result<Option<String>, Refusal> {
        match self.object.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.wrong(field, "no text")),
        }
    }

    fn text(&self, field: &str) -> Result<String, Refusal> {
        let text = self.optional_text(field)?.ok_or_else(|| self.wrong(field, "missing"))?;
        if text.trim().is_empty() { Err(self.wrong(field, "empty")) } else { Ok(text) }
    }

    fn date(&self, field: &str) -> Result<String, Refusal> {
        let text = self.text(field)?;
        if dcc::is_date(&text) { Ok(text) } else { Err(self.wrong(field, "no date")) }
    }

    /// A number, which some write as a text.
    fn dose(&self, field: &str) -> Result<u32, Refusal> {
        let number = match self.object.get(field) {
            Some(Value::String(text)) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
            Some(value) => value.as_u64().and_then(|number| number.try_into().ok()),
            None => None,
        };
        number.filter(|number| *number >= 1).ok_or_else(|| self.wrong(field, "no number from 1"))
    }

    fn wrong(&self, field: &str, fault: &'static str) -> Refusal {
        Refusal::SchemaViolation { field: format!("{}.{field}", self.path), fault }
    }
}
