//! SMART Health Cards (smarthealth.cards): `shc:/`, two digits a character, a compact JWS by ES256 whose payload is
//! deflated JSON: a verifiable credential around a FHIR bundle.

use serde_json::Value;

use crate::claims::{Claims, Other, TestResult};
use crate::cwt::LAST_TIME;
use crate::dcc::Origin;
use crate::format::{Format, Verified};
use crate::json;
use crate::jws;
use crate::key::KeySet;
use crate::pass::{CardId, Pass};
use crate::refusal::{Doubt, Refusal, Stop};
use crate::signers::Signed;

mod bundle;
mod parts;
mod revoked;

pub use parts::{Collected, MAX_PARTS, Parts};
pub use revoked::{BadList, RevokedCards};

use bundle::Record;

/// What such a text starts with.
pub(crate) const PREFIX: &str = "shc:/";
/// The longest text, in bytes, once its parts are together: our own limit, the parts of four of the largest codes
/// that the specification allowed.
pub(crate) const MAX_TEXT: usize = 4 * crate::format::MAX_TEXT;

/// What the two digits of a character are counted from.
const FIRST: u8 = b'-';
const HEALTH_CARD: &str = "https://smarthealth.cards#health-card";
/// The longest `rid`, in characters (smarthealth.cards, "Revocation").
const MAX_RID: usize = 24;

/// Opens what follows the prefix: every step up to the schema.
pub(crate) fn open<'k>(body: &str, keys: &'k KeySet) -> Result<Verified<'k>, Stop> {
    let (claims, kid, signed) = match parts::part(body)? {
        None => verified(body, keys)?,
        Some(part) if part.is_whole() => verified(part.digits, keys).map_err(|stop| mixed(stop, part.of))?,
        Some(part) => return Err(Doubt::PartOfCode { have: 1, of: part.of }.into()),
    };
    let pass = pass(&claims, kid)?;
    Ok(Verified::new(pass, signed))
}

/// The claims of a card whose signature holds, its key's id, and whose it is.
fn verified<'k>(digits: &str, keys: &'k KeySet) -> Result<(Value, String, Signed<'k>), Stop> {
    let message = jws::parse(&characters(digits)?)?;
    let kid = String::from_utf8_lossy(&message.kid.0).into_owned();
    // A key is known by its issuer, who publishes it under his own address.
    let fault = "the payload is no JSON, or has a name twice in an object";
    let claims = json::parse(&message.payload).map_err(|_| Refusal::BrokenJws { fault })?;
    let issuer = claims.get("iss").and_then(Value::as_str);
    let signed = message.verify(keys, Format::SmartHealthCard, issuer)?;
    Ok((claims, kid, signed))
}

/// Parts for which no signature holds together may be of two cards.
fn mixed(stop: Stop, of: usize) -> Stop {
    match stop {
        Stop::Refused(_) => Doubt::PartOfCode { have: 0, of }.into(),
        doubt @ Stop::CannotTell(_) => doubt,
    }
}

/// Each pair of digits is a character, from `-` on.
fn characters(digits: &str) -> Result<String, Refusal> {
    let fault = |at: usize, fault| Refusal::BrokenText { at: at * 2, fault };
    let pairs = digits.as_bytes().chunks(2).enumerate().map(|(at, pair)| match pair {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => match (a - b'0') * 10 + (b - b'0') {
            number @ ..=77 => Ok(char::from(FIRST + number)),
            _ => Err(fault(at, "two digits above 77")),
        },
        [b'0'..=b'9'] => Err(fault(at, "one digit left over")),
        _ => Err(fault(at, "a character outside the alphabet")),
    });
    pairs.collect()
}

/// A pass of claims whose signature held.
fn pass(claims: &Value, kid: String) -> Result<Pass, Stop> {
    let issuer = claims.get("iss").ok_or(Refusal::ClaimMissing { claim: "iss" })?;
    let issuer = issuer.as_str().ok_or(Refusal::ClaimInvalid { claim: "iss", fault: "no text" })?.to_owned();
    let not_before = time(claims, "nbf")?.ok_or(Refusal::ClaimMissing { claim: "nbf" })?;
    let expires_at = time(claims, "exp")?;
    let credential = claims.get("vc").ok_or(Refusal::ClaimMissing { claim: "vc" })?;
    refuse_other_types(credential)?;
    let rid = rid(credential)?;
    let record = bundle::read(credential.pointer("/credentialSubject/fhirBundle"))?;
    let Record { kind, holder, place, test, for_rules } = record;
    let id = rid.clone().unwrap_or_default();
    let origin = Origin { country: String::new(), issuer: place, id: id.clone() };
    let json = credential.clone();
    let test = test.map(|(code, sampled)| TestResult { code, sampled });
    let other = Other { json, for_rules, origins: vec![origin], test };
    Ok(Pass {
        issuer: Some(issuer),
        // Issued when it begins to count, which keys' revocations and cards' go by.
        issued_at: Some(not_before),
        not_before: Some(not_before),
        expires_at,
        holder,
        card: rid.map(|rid| CardId { kid, rid }),
        ..Pass::new(Format::SmartHealthCard, kind, Claims::Other(other.into()))
    })
}

fn refuse_other_types(credential: &Value) -> Result<(), Refusal> {
    let types = credential.get("type").and_then(Value::as_array);
    let is_card = types.is_some_and(|types| types.iter().any(|kind| kind == HEALTH_CARD));
    if is_card { Ok(()) } else { Err(wrong("vc.type", "no health card")) }
}

/// What a list of revoked cards names it by: base64url, at most 24 characters.
fn rid(credential: &Value) -> Result<Option<String>, Refusal> {
    let Some(rid) = credential.get("rid") else { return Ok(None) };
    let good = rid.as_str().filter(|rid| (1..=MAX_RID).contains(&rid.len()) && revoked::is_rid(rid));
    good.map(|rid| Some(rid.to_owned()))
        .ok_or_else(|| wrong("vc.rid", "no base64url of 24 characters at most"))
}

/// A NumericDate (RFC 7519 §2), rounded down, as [`crate::cwt`] has them.
fn time(claims: &Value, claim: &'static str) -> Result<Option<i64>, Refusal> {
    let invalid = |fault| Err(Refusal::ClaimInvalid { claim, fault });
    let Some(value) = claims.get(claim) else { return Ok(None) };
    match value.as_f64() {
        // safe: whole and within what a double has exactly
        Some(seconds) if (0.0..=LAST_TIME as f64).contains(&seconds) => Ok(Some(seconds.floor() as i64)),
        Some(seconds) if seconds < 0.0 => invalid("before 1970"),
        Some(_) => invalid("after the year 9999"),
        None => invalid("no number"),
    }
}

fn wrong(field: &str, fault: &'static str) -> Refusal {
    Refusal::SchemaViolation { field: field.to_owned(), fault }
}

#[cfg(test)]
mod tests;
