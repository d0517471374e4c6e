//! A pass's claims as JSON, under the names that its schema gives them.

use credential::{Holder, Pass};
use serde_json::{Map, Value, json};
use station::view::{KindView, rfc3339};

/// Everything that a pass says, and who signed it.
pub fn json(pass: &Pass) -> Value {
    present(json!({
        "format": pass.format.name(),
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
        "claims": pass.claims.to_json(),
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

/// The object without its nulls: a claim that is not there is not there.
fn present(value: Value) -> Value {
    match value {
        Value::Object(claims) => {
            claims.into_iter().filter(|(_, claim)| !claim.is_null()).collect::<Map<_, _>>().into()
        }
        other => other,
    }
}
