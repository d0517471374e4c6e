//! HCERT, the container of the EU Digital COVID Certificate (eu-dcc-hcert-spec):
//! `HC1:`, base45, zlib, COSE_Sign1, CWT with the certificate at -260/1.

use crate::base45;
use crate::cbor;
use crate::claims::Claims;
use crate::cose::Sign1;
use crate::cwt::Cwt;
use crate::dcc::Dcc;
use crate::format::{Format, Verified};
use crate::inflate::inflate;
use crate::key::KeySet;
use crate::pass::Pass;
use crate::refusal::{Refusal, Stop};

/// What such a text starts with: the context, and its version.
pub(crate) const PREFIX: &str = "HC1:";

const HCERT: i64 = -260;
const EU_DCC_V1: i64 = 1;

/// Opens what follows the prefix: every step up to the schema.
pub(crate) fn open<'k>(body: &str, keys: &'k KeySet) -> Result<Verified<'k>, Stop> {
    let message = Sign1::parse(&inflate(&base45::decode(body)?)?)?;
    let signed = message.verify(keys, Format::Dcc, None)?;
    let claims = Cwt::read(&signed)?;
    let dcc = certificate(&claims)?;
    let pass = Pass {
        id: dcc.certificate.id().to_owned(),
        holder: dcc.holder(),
        ..claims.pass(Format::Dcc, dcc.certificate.kind(), Claims::Dcc(dcc.into()))
    };
    Ok(Verified::new(pass, signed))
}

fn certificate(claims: &Cwt) -> Result<Dcc, Refusal> {
    let hcert = claims.by_number(HCERT).ok_or(Refusal::ClaimMissing { claim: "hcert" })?;
    let hcert = hcert.as_map().ok_or(Refusal::ClaimInvalid { claim: "hcert", fault: "no map" })?;
    let dcc = cbor::by_number(hcert, EU_DCC_V1).ok_or(Refusal::ClaimMissing { claim: "eu_dcc_v1" })?;
    let dcc = dcc.as_map().ok_or(Refusal::ClaimInvalid { claim: "eu_dcc_v1", fault: "no map" })?;
    Dcc::read(dcc)
}

#[cfg(test)]
mod tests;
