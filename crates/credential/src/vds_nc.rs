//! ICAO's Visible Digital Seal for non-constrained environments (ICAO Technical Report VDS-NC, 2021).
//!
//! JSON: `{"data": {"hdr": {…}, "msg": {…}}, "sig": {"alg", "cer", "sigvl"}}`. What is signed is `data` in its canonical
//! form (RFC 8785) and nothing else. The signer's certificate comes with it: it is trusted when it is in the key set
//! by its own hash, or certified by an authority (CSCA) that is there by its subject key identifier. That an authority
//! certified it is remembered by the key set; nothing else is.

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::format::{Format, Verified};
use crate::json;
use crate::key::{IssuerKey, KeySet, Kid, Validity};
use crate::refusal::{Doubt, Refusal, Stop};
use crate::signature::Algorithm;
use crate::signers::{Message, Signed, Signers};

mod certificate;
mod claims;
mod scheme;

use certificate::Certificate;

/// Seals are written in both alphabets, with padding and without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The whole text, where it is a seal.
pub(crate) fn recognise(text: &str) -> Option<&str> {
    (text.trim_start().starts_with('{') && text.contains("\"hdr\"")).then_some(text)
}

/// Opens it: every step up to the schema.
pub(crate) fn open<'k>(text: &str, keys: &'k KeySet) -> Result<Verified<'k>, Stop> {
    let seal = json::parse(text.as_bytes()).map_err(|error| Refusal::BrokenJson { fault: error.fault })?;
    let [data, sig] = members(&seal, ["data", "sig"], "not `data` and `sig`")?;
    let [alg, cer, value] = members(sig, ["alg", "cer", "sigvl"], "`sig` is not `alg`, `cer` and `sigvl`")?;
    let alg = algorithm(text_of(alg, "`alg` is no text")?)?;
    let certificate = base64(text_of(cer, "`cer` is no text")?, "`cer` is not base64")?;
    let signature = base64(text_of(value, "`sigvl` is no text")?, "`sigvl` is not base64")?;
    let header = claims::header(data)?;
    let canonical = json::canonical(data).ok_or_else(|| broken("a number that is not whole"))?.into_bytes();
    let kid = Kid(Sha256::digest(&certificate)[..8].to_vec()); // safe: a digest has 32 bytes
    let message = Message { signed: canonical, payload: vec![], signature, alg, kid };
    let (signed, certified) = verify(message, &certificate, keys, &header)?;
    let pass = claims::pass(data, &header)?;
    Ok(Verified { certified, ..Verified::new(pass, signed) })
}

/// By the certificate's key, where the set has the certificate; else by whoever certified it.
fn verify<'k>(
    message: Message,
    der: &[u8],
    keys: &'k KeySet,
    header: &claims::Header,
) -> Result<(Signed<'k>, Option<(Kid, Validity)>), Stop> {
    let covers = |kid: &[u8]| {
        let candidates = keys.candidates(kid).iter();
        candidates.filter(|key| key.scope.covers(Format::VdsNc, Some(&header.issuer))).collect::<Vec<_>>()
    };
    let kid = message.kid.clone();
    if !covers(&kid.0).is_empty() {
        let signed = message.verify(keys, Format::VdsNc, Some(&header.issuer))?;
        // Its usages are what the set says; the types of documents stand in the certificate alone.
        let certificate = Certificate::parse(der);
        let signer = certificate.as_ref().ok().and_then(|certificate| certificate.signer().ok());
        return match signer {
            Some(signer) if !signer.is_for(header.document) => {
                Err(Refusal::UsageNotAllowed { kid, kind: header.kind }.into())
            }
            _ => Ok((signed, None)),
        };
    }
    let certificate = Certificate::parse(der)?;
    // One that does not say whose seals it vouches for would vouch for those of every country.
    let names_issuer = |authority: &&IssuerKey| authority.scope.issuer.is_some();
    let authorities: Vec<_> = covers(certificate.authority()).into_iter().filter(names_issuer).collect();
    if certificate.authority().is_empty() || authorities.is_empty() {
        return Err(Doubt::UnknownKey { kid }.into());
    }
    let scheme = certificate.scheme()?;
    let certified = |authority: &&IssuerKey| {
        let verify = || certificate.is_signed_by(&authority.key, scheme);
        keys.certifications().hold(&authority.key, der, verify)
    };
    let mut authorities = authorities.into_iter();
    let first = authorities
        .find(certified)
        .ok_or_else(|| Refusal::BadSignature { kid: Kid(certificate.authority().to_vec()) })?;
    let others = authorities.filter(|other| other.key.is_same(&first.key)).collect();
    let signer = certificate.signer()?;
    let signed = message.verify_by(&signer.key, Signers { first, others })?;
    if !signer.may_sign(header.document) {
        return Err(Refusal::UsageNotAllowed { kid, kind: header.kind }.into());
    }
    Ok((signed, Some((kid, signer.validity))))
}

/// Exactly these members: what else stands there is signed by nobody.
fn members<'v, const N: usize>(
    value: &'v Value,
    names: [&str; N],
    fault: &'static str,
) -> Result<[&'v Value; N], Refusal> {
    let object = value.as_object().filter(|object| object.len() == N).ok_or_else(|| broken(fault))?;
    let found: Option<Vec<_>> = names.iter().map(|name| object.get(*name)).collect();
    found.and_then(|found| found.try_into().ok()).ok_or_else(|| broken(fault))
}

fn algorithm(name: &str) -> Result<Algorithm, Refusal> {
    match name {
        "ES256" => Ok(Algorithm::Es256),
        other => Err(Refusal::AlgorithmNotSupported { alg: crate::display::excerpt(other, 40) }),
    }
}

fn base64(text: &str, fault: &'static str) -> Result<Vec<u8>, Refusal> {
    let mixed = text.contains(['+', '/']) && text.contains(['-', '_']);
    let url_safe = text.replace('+', "-").replace('/', "_");
    BASE64.decode(url_safe).ok().filter(|_| !mixed).ok_or_else(|| broken(fault))
}

fn text_of<'v>(value: &'v Value, fault: &'static str) -> Result<&'v str, Refusal> {
    value.as_str().ok_or_else(|| broken(fault))
}

fn object<'v>(value: Option<&'v Value>, fault: &'static str) -> Result<&'v Map<String, Value>, Refusal> {
    value.and_then(Value::as_object).ok_or_else(|| broken(fault))
}

fn broken(fault: &'static str) -> Refusal {
    Refusal::BrokenJson { fault }
}

#[cfg(test)]
mod tests;
