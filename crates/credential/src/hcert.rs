//! HCERT, the container of the EU Digital COVID Certificate (eu-dcc-hcert-spec):
//! `HC1:`, base45, zlib, COSE_Sign1, CWT with the certificate at -260/1.

use crate::base45;
use crate::cbor;
use crate::cose::Sign1;
use crate::cwt::Claims;
use crate::dcc::Dcc;
use crate::format::Verified;
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
    let signed = message.verify(keys)?;
    let claims = Claims::read(&signed)?;
    let dcc = certificate(&claims)?;
    let signature = signed.signature().to_vec();
    Ok(Verified { pass: pass(claims, dcc, signature), signers: signed.into_signers() })
}

fn certificate(claims: &Claims) -> Result<Dcc, Refusal> {
    let hcert = claims.by_number(HCERT).ok_or(Refusal::ClaimMissing { claim: "hcert" })?;
    let hcert = hcert.as_map().ok_or(Refusal::ClaimInvalid { claim: "hcert", fault: "no map" })?;
    let dcc = cbor::by_number(hcert, EU_DCC_V1).ok_or(Refusal::ClaimMissing { claim: "eu_dcc_v1" })?;
    let dcc = dcc.as_map().ok_or(Refusal::ClaimInvalid { claim: "eu_dcc_v1", fault: "no map" })?;
    Dcc::read(dcc)
}

fn pass(claims: Claims, dcc: Dcc, signature: Vec<u8>) -> Pass {
    Pass {
        signed_by: String::new(),
        kid: Default::default(),
        demo: false,
        issuer: claims.issuer,
        issued_at: Some(claims.issued_at),
        not_before: claims.not_before,
        expires_at: Some(claims.expires_at),
        kind: dcc.certificate.kind(),
        id: dcc.certificate.id().to_owned(),
        holder: dcc.holder(),
        status: claims.status,
        dcc,
        signature,
    }
}

#[cfg(test)]
mod tests;
