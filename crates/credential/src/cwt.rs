//! CWT claims (RFC 8392) of a payload whose signature held.

use ciborium::Value;

use crate::cbor::{self, Fault};
use crate::claims::Claims;
use crate::signers::Signed;
use crate::format::Format;
use crate::pass::{Kind, Pass, StatusRef};
use crate::refusal::Refusal;

const ISS: i64 = 1;
const EXP: i64 = 4;
const NBF: i64 = 5;
const IAT: i64 = 6;
/// IETF Token Status List.
const STATUS: i64 = 65535;

/// The last second of the year 9999: no honest time lies beyond it, and every time up to it can be shown.
const LAST_TIME: i64 = 253_402_300_799;

/// The claims that say when, by whom, and where the status stands.
#[derive(Debug)]
pub(crate) struct Cwt {
    pub(crate) issuer: Option<String>,
    pub(crate) expires_at: i64,
    pub(crate) not_before: Option<i64>,
    pub(crate) issued_at: i64,
    pub(crate) status: Option<StatusRef>,
    map: Vec<(Value, Value)>,
}

impl Cwt {
    /// Reads them. `exp` and `iat` are required: a pass without an end cannot be told from one that never ends.
    pub(crate) fn read(signed: &Signed<'_>) -> Result<Self, Refusal> {
        let map = cbor::parse(&signed.payload).map_err(refusal)?;
        let map = map.into_map().map_err(|_| Refusal::BrokenCwt { fault: "the claims are no map", at: 0 })?;
        let time = |key, claim| time(cbor::by_number(&map, key), claim);
        let required = |claim| Refusal::ClaimMissing { claim };
        Ok(Self {
            issuer: text(cbor::by_number(&map, ISS), "iss")?,
            expires_at: time(EXP, "exp")?.ok_or_else(|| required("exp"))?,
            not_before: time(NBF, "nbf")?,
            issued_at: time(IAT, "iat")?.ok_or_else(|| required("iat"))?,
            status: status(cbor::by_number(&map, STATUS))?,
            map,
        })
    }

    /// A pass of these claims, of which the rest is still to be said.
    pub(crate) fn pass(self, format: Format, kind: Kind, claims: Claims) -> Pass {
        Pass {
            issuer: self.issuer,
            issued_at: Some(self.issued_at),
            not_before: self.not_before,
            expires_at: Some(self.expires_at),
            status: self.status,
            ..Pass::new(format, kind, claims)
        }
    }

    /// Any other claim.
    pub(crate) fn by_number(&self, claim: i64) -> Option<&Value> {
        cbor::by_number(&self.map, claim)
    }
}

/// A NumericDate (RFC 8392 §2): an integer or a float, without a tag. Rounded down, as
/// the clock is that it is compared with: a pass counts from the second it begins in
/// to the second it ends in.
fn time(value: Option<&Value>, claim: &'static str) -> Result<Option<i64>, Refusal> {
    let invalid = |fault| Err(Refusal::ClaimInvalid { claim, fault });
    let seconds = match value {
        None => return Ok(None),
        Some(Value::Integer(seconds)) => i128::from(*seconds),
        // `as` saturates, and every float within the range below is exact.
        Some(Value::Float(seconds)) if seconds.is_finite() => seconds.floor() as i128,
        Some(Value::Float(_)) => return invalid("no finite number"),
        Some(_) => return invalid("no number"),
    };
    match i64::try_from(seconds) {
        Ok(seconds @ 0..=LAST_TIME) => Ok(Some(seconds)),
        _ if seconds < 0 => invalid("before 1970"),
        _ => invalid("after the year 9999"),
    }
}

fn text(value: Option<&Value>, claim: &'static str) -> Result<Option<String>, Refusal> {
    match value {
        None => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refusal::ClaimInvalid { claim, fault: "no text" }),
    }
}

/// `{"status_list": {"idx": uint, "uri": tstr}}`. A status that we cannot read could be a revocation: refused.
fn status(value: Option<&Value>) -> Result<Option<StatusRef>, Refusal> {
    let Some(value) = value else { return Ok(None) };
    let list = value.as_map().and_then(|status| cbor::by_name(status, "status_list")?.as_map());
    let reference = list.and_then(|list| {
        let index = u64::try_from(cbor::by_name(list, "idx")?.as_integer()?).ok()?;
        let uri = cbor::by_name(list, "uri")?.as_text()?.to_owned();
        Some(StatusRef { index, uri })
    });
    let invalid = Refusal::ClaimInvalid { claim: "status", fault: "no place in a status list" };
    reference.map(Some).ok_or(invalid)
}

fn refusal(fault: Fault) -> Refusal {
    match fault {
        Fault::Broken { what, at } => Refusal::BrokenCwt { fault: what, at },
        Fault::DuplicateKey { at, .. } => Refusal::BrokenCwt { fault: "a key twice in a map", at },
    }
}

#[cfg(test)]
mod tests;
