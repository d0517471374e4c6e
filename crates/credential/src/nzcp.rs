//! New Zealand COVID Pass (nzcovidpass-spec 1.0): `NZCP:/1/`, base32, COSE_Sign1 by ES256, CWT with a
//! verifiable credential at "vc". It says that its holder may pass, and not why.

use ciborium::Value;

use crate::base32;
use crate::cbor;
use crate::claims::{Claims, Other};
use crate::cose::{Map, Sign1};
use crate::cwt::{self, Cwt};
use crate::dcc::{self, Origin};
use crate::format::{Format, Verified};
use crate::key::KeySet;
use crate::pass::{Holder, Kind, Pass};
use crate::refusal::{Refusal, Stop};
use crate::signature::Algorithm;

/// What such a text starts with; its version follows.
pub(crate) const PREFIX: &str = "NZCP:/";

const VERSION: &str = "1";
const CTI: i64 = 7;
const CREDENTIAL: &str = "VerifiableCredential";
const COVID_PASS: &str = "PublicCovidPass";
const COUNTRY: &str = "NZ";

/// Opens what follows the prefix: every step up to the schema.
pub(crate) fn open<'k>(body: &str, keys: &'k KeySet) -> Result<Verified<'k>, Stop> {
    let (version, body) = body.split_once('/').unwrap_or((body, ""));
    if version != VERSION {
        let version: String = version.chars().take(8).collect();
        return Err(Refusal::UnsupportedVersion { prefix: format!("{PREFIX}{version}/") }.into());
    }
    let message = Sign1::parse(&base32::decode(body)?)?;
    if message.alg() != Algorithm::Es256 {
        return Err(Refusal::AlgorithmNotSupported { alg: message.alg().name().to_owned() }.into());
    }
    // A key is known by its issuer's DID and the fragment that `kid` is (§4).
    let claims = message.unverified_claims()?;
    let issuer = cbor::by_number(&claims, cwt::ISS).and_then(Value::as_text);
    let signed = message.verify(keys, Format::NzCovidPass, issuer)?;
    let claims = Cwt::read_any(&signed)?;
    let pass = pass(claims)?;
    Ok(Verified::new(pass, signed))
}

fn pass(claims: Cwt) -> Result<Pass, Refusal> {
    claims.require(claims.issuer.as_ref(), "iss")?;
    claims.require(claims.expires_at, "exp")?;
    claims.require(claims.not_before, "nbf")?;
    let id = identifier(&claims)?;
    let credential = claims.require(cbor::by_name(claims.map(), "vc"), "vc")?;
    let credential = credential.as_map().ok_or(Refusal::ClaimInvalid { claim: "vc", fault: "no map" })?;
    refuse_other_types(credential)?;
    let subject = cbor::by_name(credential, "credentialSubject").and_then(Value::as_map);
    let holder = holder(subject.ok_or_else(|| wrong("vc.credentialSubject", "no map"))?)?;
    let origin = Origin { country: COUNTRY.to_owned(), issuer: String::new(), id: id.clone() };
    let json = cbor::to_json(&Value::Map(credential.clone()));
    let other = Other { for_rules: json.clone(), json, origins: vec![origin], test: None };
    let pass = claims.pass(Format::NzCovidPass, Kind::HealthPass, Claims::Other(other.into()));
    Ok(Pass { id, holder, ..pass })
}

/// `cti`, a UUID of 16 bytes, as the URN that it stands for (RFC 9562 §4).
fn identifier(claims: &Cwt) -> Result<String, Refusal> {
    let cti = claims.require(claims.by_number(CTI), "cti")?;
    let bytes: Option<[u8; 16]> = cti.as_bytes().and_then(|bytes| bytes.as_slice().try_into().ok());
    let bytes = bytes.ok_or(Refusal::ClaimInvalid { claim: "cti", fault: "no 16 bytes" })?;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]]; // safe: 32 digits
    Ok(format!("urn:uuid:{}", parts.join("-")))
}

fn refuse_other_types(credential: &Map) -> Result<(), Refusal> {
    let types = cbor::by_name(credential, "type").and_then(Value::as_array);
    let types = types.ok_or_else(|| wrong("vc.type", "no list"))?;
    let has = |name| types.iter().any(|kind| kind.as_text() == Some(name));
    if has(CREDENTIAL) && has(COVID_PASS) { Ok(()) } else { Err(wrong("vc.type", "no COVID pass")) }
}

fn holder(subject: &Map) -> Result<Holder, Refusal> {
    let text = |name: &str| cbor::by_name(subject, name).and_then(Value::as_text).map(str::to_owned);
    let given_name = text("givenName").filter(|name| !name.trim().is_empty());
    let date_of_birth = text("dob").filter(|date| dcc::is_date(date) && date.len() == 10);
    Ok(Holder {
        family_name: text("familyName").unwrap_or_default(),
        given_name: given_name.ok_or_else(|| wrong("vc.credentialSubject.givenName", "missing"))?,
        date_of_birth: date_of_birth.ok_or_else(|| wrong("vc.credentialSubject.dob", "no date of birth"))?,
        ..Holder::default()
    })
}

fn wrong(field: &str, fault: &'static str) -> Refusal {
    Refusal::SchemaViolation { field: field.to_owned(), fault }
}

#[cfg(test)]
mod tests;
