//! MOSIP's Claim 169: who its holder is. No prefix, base45, zlib, COSE_Sign1 by EdDSA or ES256, CWT with the
//! identity at 169 (mosip/id-claim-169 1.0); a COSE_Encrypt0 around the COSE_Sign1 is for devices that have its key.

use ciborium::Value;

use crate::base45;
use crate::cbor;
use crate::claims::{Claims, Other};
use crate::cose::{Encrypt0, Map, Sign1};
use crate::cwt::{self, Cwt};
use crate::dcc;
use crate::format::{self, Format, Verified};
use crate::inflate::inflate;
use crate::key::KeySet;
use crate::pass::{Holder, Kind, Pass, Photo};
use crate::refusal::{Refusal, Stop};
use crate::signature::Algorithm;

const IDENTITY: i64 = 169;
const ID: i64 = 1;
const FULL_NAME: i64 = 4;
const GIVEN_NAME: i64 = 5;
const MIDDLE_NAME: i64 = 6;
const FAMILY_NAME: i64 = 7;
const DATE_OF_BIRTH: i64 = 8;
const PHOTO: i64 = 16;
const PHOTO_FORMAT: i64 = 17;

/// The longest photo, in bytes: our own limit, several times what fits into a QR code (2953 bytes, which a picture
/// that is compressed already does not exceed by much).
const MAX_PHOTO: usize = 8 * 1024;

/// The text itself, where it is base45 of something that zlib packed: it has no prefix to be told by.
pub(crate) fn recognise(text: &str) -> Option<&str> {
    let is_zlib =
        |bytes: &[u8]| matches!(bytes, [0x78, flags, ..] if (0x7800 | u16::from(*flags)).is_multiple_of(31));
    let starts = base45::decode(text.get(..3)?).ok()?;
    (is_zlib(&starts) && base45::decode(text).is_ok()).then_some(text)
}

/// Opens such a text: every step up to the schema.
pub(crate) fn open<'k>(text: &str, keys: &'k KeySet) -> Result<Verified<'k>, Stop> {
    let bytes = signed(inflate(&base45::decode(text)?)?, keys)?;
    let message = Sign1::parse(&bytes)?;
    if message.alg() == Algorithm::Ps256 {
        return Err(Refusal::AlgorithmNotSupported { alg: message.alg().name().to_owned() }.into());
    }
    // Most have no key id: their issuer says whose keys are tried.
    let claims = message.unverified_claims()?;
    // A pass of another format that lost its prefix is none.
    if cbor::by_number(&claims, IDENTITY).is_none() {
        return Err(format::unknown(text));
    }
    let issuer = cbor::by_number(&claims, cwt::ISS).and_then(Value::as_text);
    let signed = message.verify(keys, Format::Claim169, issuer)?;
    let pass = pass(Cwt::read(&signed)?)?;
    Ok(Verified::new(pass, signed))
}

/// The signed message: as it came, or out of the one encryption around it. What opens is signed by nobody yet.
fn signed(bytes: Vec<u8>, keys: &KeySet) -> Result<Vec<u8>, Stop> {
    if !Encrypt0::is_one(&bytes) {
        return Ok(bytes);
    }
    let opened = Encrypt0::parse(&bytes)?.open(keys.content_keys(), Format::Claim169)?;
    if Encrypt0::is_one(&opened) {
        return Err(Refusal::BrokenCose { fault: "encrypted twice", at: 0 }.into());
    }
    Ok(opened)
}

fn pass(claims: Cwt) -> Result<Pass, Refusal> {
    let identity = claims.require(claims.by_number(IDENTITY), "claim_169")?;
    let identity = identity.as_map().ok_or(Refusal::ClaimInvalid { claim: "claim_169", fault: "no map" })?;
    let id = text(identity, ID)?.unwrap_or_default();
    let holder = holder(identity)?;
    let photo = photo(identity);
    let shown = identity.iter().filter(|(key, _)| key.as_integer() != Some(PHOTO.into())).cloned();
    let json = cbor::to_json(&Value::Map(shown.collect()));
    let other = Other { for_rules: json.clone(), json, ..Other::default() };
    let pass = claims.pass(Format::Claim169, Kind::Identity, Claims::Other(other.into()));
    Ok(Pass { id, holder, photo, ..pass })
}

fn holder(identity: &Map) -> Result<Holder, Refusal> {
    let name = |key| Ok(text(identity, key)?.unwrap_or_default());
    let given = [name(GIVEN_NAME)?, name(MIDDLE_NAME)?].join(" ").trim().to_owned();
    let (family, whole) = (name(FAMILY_NAME)?, name(FULL_NAME)?);
    // The name as a whole where it does not say which part of it is the family's.
    let (family_name, given_name) = if family.trim().is_empty() && !whole.trim().is_empty() {
        (whole, String::new())
    } else {
        (family, given)
    };
    if family_name.trim().is_empty() && given_name.trim().is_empty() {
        return Err(wrong(FULL_NAME, "no name"));
    }
    let date_of_birth = date_of_birth(identity)?;
    Ok(Holder { family_name, given_name, date_of_birth, ..Holder::default() })
}

/// `YYYYMMDD`, or with hyphens as others write it; empty where it is not said.
fn date_of_birth(identity: &Map) -> Result<String, Refusal> {
    let Some(date) = text(identity, DATE_OF_BIRTH)? else { return Ok(String::new()) };
    let date = match date.len() {
        8 if date.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]) // safe: eight digits
        }
        _ => date,
    };
    if date.len() == 10 && dcc::is_date(&date) {
        Ok(date)
    } else {
        Err(wrong(DATE_OF_BIRTH, "no date of birth"))
    }
}

/// A face to compare with; one that is no bytes, too large, or in a format that screens do not show is left out.
fn photo(identity: &Map) -> Option<Photo> {
    let bytes = cbor::by_number(identity, PHOTO)?.as_bytes().filter(|bytes| bytes.len() <= MAX_PHOTO)?;
    let format = cbor::by_number(identity, PHOTO_FORMAT).and_then(Value::as_integer).map(i128::from);
    let media_type = match format {
        Some(1) => "image/jpeg",
        Some(3) => "image/avif",
        Some(4) => "image/webp",
        _ => return None,
    };
    Some(Photo { media_type, bytes: bytes.clone() })
}

fn text(identity: &Map, key: i64) -> Result<Option<String>, Refusal> {
    match cbor::by_number(identity, key) {
        None => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text.clone())),
        Some(_) => Err(wrong(key, "no text")),
    }
}

fn wrong(key: i64, fault: &'static str) -> Refusal {
    Refusal::SchemaViolation { field: format!("169.{key}"), fault }
}

#[cfg(test)]
mod tests;
