//! A DCC as JSON, by the schema's own names.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::{Certificate, Dcc, Origin, Recovery, Test, Vaccination, date};

/// How a date is written.
type Written = fn(&str) -> Cow<'_, str>;

impl Dcc {
    /// All of it as the issuer signed it; what it does not have is left out.
    pub fn to_json(&self) -> Value {
        json(self, |text| Cow::Borrowed(text), &self.date_of_birth)
    }
}

/// All of it as rules read it: certificates write times in more ways than CertLogic's `plusTime` and
/// `dccDateOfBirth` take, and mean the same by them.
pub(crate) fn for_rules(dcc: &Dcc) -> Value {
    json(dcc, date::plain, date::day(&dcc.date_of_birth))
}

fn json(dcc: &Dcc, written: Written, date_of_birth: &str) -> Value {
    let name = &dcc.name;
    let (group, entries) = match &dcc.certificate {
        Certificate::Vaccinations(doses) => {
            ("v", doses.iter().map(|dose| vaccination(dose, written)).collect())
        }
        Certificate::Test(result) => ("t", vec![test(result, written)]),
        Certificate::Recovery(recovered) => ("r", vec![recovery(recovered, written)]),
    };
    json!({
        "ver": dcc.version,
        "nam": { "fn": name.family, "gn": name.given, "fnt": name.family_latin, "gnt": name.given_latin },
        "dob": date_of_birth,
        group: entries,
    })
}

fn vaccination(dose: &Vaccination, written: Written) -> Value {
    let entry = json!({
        "tg": dose.target, "vp": dose.vaccine, "mp": dose.product, "ma": dose.manufacturer,
        "dn": dose.dose, "sd": dose.doses, "dt": written(&dose.date),
    });
    with_origin(entry, &dose.origin)
}

fn test(test: &Test, written: Written) -> Value {
    let entry = json!({
        "tg": test.target, "tt": test.method, "nm": test.name, "ma": test.device,
        "sc": written(&test.sampled), "dr": test.reported.as_deref().map(written),
        "tr": test.result, "tc": test.centre,
    });
    with_origin(entry, &test.origin)
}

fn recovery(recovery: &Recovery, written: Written) -> Value {
    let entry = json!({
        "tg": recovery.target, "fr": written(&recovery.first_positive),
        "df": written(&recovery.valid_from), "du": written(&recovery.valid_until),
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
