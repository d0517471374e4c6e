//! The Swiss Certificate Light: HCERT's container, whose claims say who may pass and no more.
//!
//! `LT1:`, base45, zlib, COSE_Sign1, CWT with `ver`, `nam` and `dob` at -250 (admin-ch/CovidCertificate-SDK-Kotlin).
//! Its issuer has looked at the full certificate; why its holder may pass cannot be told from it.

use crate::base45;
use crate::claims::{Claims, Other};
use crate::cose::Sign1;
use crate::cwt::Cwt;
use crate::dcc::{self, Origin};
use crate::format::{Format, Verified};
use crate::inflate::inflate;
use crate::key::KeySet;
use crate::pass::{Kind, Pass};
use crate::refusal::{Refusal, Stop};

/// What such a text starts with.
pub(crate) const PREFIX: &str = "LT1:";

const LIGHT: i64 = -250;

/// Opens what follows the prefix: every step up to the schema.
pub(crate) fn open<'k>(body: &str, keys: &'k KeySet) -> Result<Verified<'k>, Stop> {
    let message = Sign1::parse(&inflate(&base45::decode(body)?)?)?;
    let signed = message.verify(keys, Format::SwissLight, None)?;
    let claims = Cwt::read(&signed)?;
    let light = claims.by_number(LIGHT).ok_or(Refusal::ClaimMissing { claim: "light" })?;
    let light = light.as_map().ok_or(Refusal::ClaimInvalid { claim: "light", fault: "no map" })?;
    let person = dcc::person(light)?;
    let json = person.to_json();
    let country = claims.issuer.clone().unwrap_or_default();
    let origin = Origin { country, issuer: String::new(), id: String::new() };
    let other = Other { for_rules: json.clone(), json, origins: vec![origin], test: None };
    let pass = Pass {
        holder: person.holder(),
        ..claims.pass(Format::SwissLight, Kind::HealthPass, Claims::Other(other.into()))
    };
    Ok(Verified::new(pass, signed))
}

#[cfg(test)]
mod tests;
