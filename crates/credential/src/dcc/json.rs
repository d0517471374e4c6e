//! A DCC as JSON, by the schema's own names.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::{Certificate, Dcc, Name, Origin, Recovery, Test, Vaccination, date};

/// How times and dates are written.
#[derive(Clone, Copy)]
struct Forms {
    time: fn(&str) -> Cow<'_, str>,
    date: fn(&str) -> Cow<'_, str>,
}

impl Dcc {
    /// All of it as the issuer signed it; a claim that an entry does not have is left out.
    pub fn to_json(&self) -> Value {
        let forms = Forms { time: |text| Cow::Borrowed(text), date: |text| Cow::Borrowed(text) };
        json(self, forms, &self.date_of_birth, &self.certificate.doses())
    }
}

/// All of it as rules read it: certificates write times in more ways than CertLogic's `plusTime` and
/// `dccDateOfBirth` take, and mean the same by them; some write a time where the schema has a day. Rules look at the
/// first dose, so that is the latest.
pub(crate) fn for_rules(dcc: &Dcc) -> Value {
    let forms = Forms { time: date::plain, date: |text| Cow::Borrowed(date::day(text)) };
    json(dcc, forms, date::day(&dcc.date_of_birth), &dcc.certificate.latest_first())
}

fn json(dcc: &Dcc, forms: Forms, date_of_birth: &str, doses: &[&Vaccination]) -> Value {
    let (group, entries): (_, Vec<Value>) = match &dcc.certificate {
        Certificate::Vaccinations(_) => ("v", doses.iter().map(|dose| vaccination(dose, forms)).collect()),
        Certificate::Test(result) => ("t", vec![test(result, forms)]),
        Certificate::Recovery(recovered) => ("r", vec![recovery(recovered, forms)]),
    };
    let mut json = person(&dcc.version, &dcc.name, date_of_birth);
    json[group] = entries.into();
    json
}

/// What stands there besides the certificate itself.
pub(super) fn person(version: &str, name: &Name, date_of_birth: &str) -> Value {
    json!({
        "ver": version,
        "nam": { "fn": name.family, "gn": name.given, "fnt": name.family_latin, "gnt": name.given_latin },
        "dob": date_of_birth,
    })
}

fn vaccination(dose: &Vaccination, forms: Forms) -> Value {
    let entry = json!({
        "tg": dose.target, "vp": dose.vaccine, "mp": dose.product, "ma": dose.manufacturer,
        "dn": dose.dose, "sd": dose.doses, "dt": (forms.date)(&dose.date),
    });
    with_origin(entry, &dose.origin)
}

fn test(test: &Test, forms: Forms) -> Value {
    let entry = json!({
        "tg": test.target, "tt": test.method, "nm": test.name, "ma": test.device,
        "sc": (forms.time)(&test.sampled), "dr": test.reported.as_deref().map(forms.time),
        "tr": test.result, "tc": test.centre,
    });
    with_origin(entry, &test.origin)
}

fn recovery(recovery: &Recovery, forms: Forms) -> Value {
    let entry = json!({
        "tg": recovery.target, "fr": (forms.date)(&recovery.first_positive),
        "df": (forms.date)(&recovery.valid_from), "du": (forms.date)(&recovery.valid_until),
    });
    with_origin(entry, &recovery.origin)
}

fn with_origin(mut entry: Value, origin: &Origin) -> Value {
    entry["co"] = json!(origin.country);
    entry["is"] = json!(origin.issuer);
    entry["ci"] = json!(origin.id);
    present(entry)
}

/// The object without its nulls: a claim that is not there is not there.
fn present(value: Value) -> Value {
    match value {
        Value::Object(claims) => {
            claims.into_iter().filter(|(_, claim)| !claim.is_null()).collect::<Map<_, _>>().into()
        }
        other => other,
    }
}
