//! A pass's claims as JSON, under the names that its schema gives them.

use credential::dcc::{Certificate, Dcc, Origin, Recovery, Test, Vaccination};
use credential::{Holder, Pass};
use serde_json::{Map, Value, json};
use station::view::{KindView, rfc3339};

/// Everything that a pass says, and who signed it.
pub fn json(pass: &Pass) -> Value {
    present(json!({
        "kind": KindView::from(pass.kind).name(),
        "id": pass.id,
        "issuer": pass.issuer,
        "signed_by": pass.signed_by,
        "kid": pass.kid.to_string(),
        "demo": pass.demo,
        "issued_at": pass.issued_at.map(rfc3339),
        "not_before": pass.not_before.map(rfc3339),
        "expires_at": pass.expires_at.map(rfc3339),
        "holder": holder(&pass.holder),
        "status": pass.status.as_ref().map(|status| json!({ "index": status.index, "uri": status.uri })),
        "dcc": dcc(&pass.dcc),
    }))
}

fn holder(holder: &Holder) -> Value {
    json!({
        "family_name": holder.family_name,
        "given_name": holder.given_name,
        "family_name_latin": holder.family_name_latin,
        "given_name_latin": holder.given_name_latin,
        "date_of_birth": holder.date_of_birth,
    })
}

fn dcc(dcc: &Dcc) -> Value {
    let name = &dcc.name;
    let (group, entries) = match &dcc.certificate {
        Certificate::Vaccinations(doses) => ("v", doses.iter().map(vaccination).collect()),
        Certificate::Test(result) => ("t", vec![test(result)]),
        Certificate::Recovery(recovered) => ("r", vec![recovery(recovered)]),
    };
    json!({
        "ver": dcc.version,
        "nam": { "fn": name.family, "gn": name.given, "fnt": name.family_latin, "gnt": name.given_latin },
        "dob": dcc.date_of_birth,
        group: entries,
    })
}

fn vaccination(dose: &Vaccination) -> Value {
    let entry = json!({
        "tg": dose.target, "vp": dose.vaccine, "mp": dose.product, "ma": dose.manufacturer,
        "dn": dose.dose, "sd": dose.doses, "dt": dose.date,
    });
    with_origin(entry, &dose.origin)
}

fn test(test: &Test) -> Value {
    let entry = json!({
        "tg": test.target, "tt": test.method, "nm": test.name, "ma": test.device, "sc": test.sampled,
        "dr": test.reported, "tr": test.result, "tc": test.centre,
    });
    with_origin(entry, &test.origin)
}

fn recovery(recovery: &Recovery) -> Value {
    let entry = json!({
        "tg": recovery.target, "fr": recovery.first_positive,
        "df": recovery.valid_from, "du": recovery.valid_until,
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
