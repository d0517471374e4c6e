//! DIVOC, the certificates of India, Sri Lanka, the Philippines and others (egovernments/DIVOC).
//!
//! A zip file of one `certificate.json`, in base64 after `B64:` or as it is; some write the JSON alone. It is a W3C
//! Verifiable Credential, signed as RsaSignature2018 (PS256) or Ed25519Signature2018: a detached JWS (RFC 7797) over
//! the SHA-256 of the proof's options and of the credential, each as RDF in its canonical form (URDNA2015).

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::display;
use crate::format::{Format, Verified};
use crate::json;
use crate::key::{KeySet, Kid};
use crate::refusal::{Refusal, Stop};
use crate::signature::Algorithm;
use crate::signers::Message;

mod claims;
mod graph;
mod terms;
mod zip;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

const IN_BASE64: &str = "B64:";
/// A zip file's first bytes (APPNOTE.TXT §4.3.7).
const AS_IT_IS: &str = "PK\u{3}\u{4}";

/// The whole text, where it is such a certificate.
pub(crate) fn recognise(text: &str) -> Option<&str> {
    let json = || text.trim_start().starts_with('{') && text.contains("\"@context\"");
    (text.starts_with(IN_BASE64) || text.starts_with(AS_IT_IS) || json()).then_some(text)
}

/// Opens it: every step up to the schema.
pub(crate) fn open<'k>(text: &str, keys: &'k KeySet) -> Result<Verified<'k>, Stop> {
    let credential = json::parse(&unpacked(text)?).map_err(|error| broken(error.fault))?;
    let Value::Object(mut credential) = credential else { return Err(broken("no object").into()) };
    let proof = credential.remove("proof").ok_or_else(|| broken("no proof"))?;
    known_context(credential.remove("@context").as_ref())?;
    let proof = Proof::read(proof)?;
    let mut signed = proof.header.into_bytes();
    signed.push(b'.');
    signed.extend(Sha256::digest(graph::canonical(&proof.options, &terms::PROOF)?));
    signed.extend(Sha256::digest(graph::canonical(&credential, &terms::CREDENTIAL)?));
    let issuer = credential.get("issuer").and_then(Value::as_str).map(str::to_owned);
    let message =
        Message { signed, payload: vec![], signature: proof.signature, alg: proof.alg, kid: proof.kid };
    let signed = message.verify(keys, Format::Divoc, issuer.as_deref())?;
    Ok(Verified::new(claims::pass(credential)?, signed))
}

fn unpacked(text: &str) -> Result<Vec<u8>, Refusal> {
    if let Some(base64) = text.strip_prefix(IN_BASE64) {
        let file = BASE64.decode(base64).map_err(|_| Refusal::BrokenZip { fault: "not base64" })?;
        return zip::certificate(&file);
    }
    if text.starts_with(AS_IT_IS) {
        // A code's bytes as text: each of them a character of ISO 8859-1.
        let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
        return zip::certificate(&bytes.map_err(|_| Refusal::BrokenZip { fault: "not bytes" })?);
    }
    Ok(text.as_bytes().to_vec())
}

/// Exactly the two that DIVOC writes: others can define every word anew.
fn known_context(context: Option<&Value>) -> Result<(), Refusal> {
    let not_known = |context: &Value| {
        let context = context.as_str().map_or_else(|| context.to_string(), str::to_owned);
        Refusal::ContextNotKnown { context: display::excerpt(&context, 120) }
    };
    let context = context.ok_or_else(|| broken("no context"))?;
    let Some([first, second]) = context.as_array().map(Vec::as_slice) else { return Err(not_known(context)) };
    if first != terms::CREDENTIALS_V1 {
        return Err(not_known(first));
    }
    let known = second.as_str().is_some_and(|second| terms::CONTEXTS.contains(&second));
    if known { Ok(()) } else { Err(not_known(second)) }
}

/// What a proof says, its signature taken out of it.
struct Proof {
    options: Map<String, Value>,
    /// The JWS's header as it stands there, which is what is signed.
    header: String,
    alg: Algorithm,
    kid: Kid,
    signature: Vec<u8>,
}

impl Proof {
    fn read(proof: Value) -> Result<Self, Refusal> {
        let Value::Object(mut options) = proof else { return Err(broken("the proof is no object")) };
        let jws = options.remove("jws").ok_or_else(|| broken("the proof has no `jws`"))?;
        let text = |name: &str| options.get(name).and_then(Value::as_str);
        let alg = match text("type") {
            Some("RsaSignature2018") => Algorithm::Ps256,
            Some("Ed25519Signature2018") => Algorithm::EdDsa,
            Some(other) => return Err(Refusal::AlgorithmNotSupported { alg: display::excerpt(other, 40) }),
            None => return Err(Refusal::AlgorithmMissing),
        };
        if text("proofPurpose") != Some("assertionMethod") {
            return Err(broken("the proof is for another purpose"));
        }
        let kid = text("verificationMethod").ok_or_else(|| broken("the proof names no key"))?;
        let kid = Kid(kid.as_bytes().to_vec());
        let jws =
            jws.as_str().and_then(|jws| jws.split_once('.')).ok_or_else(|| broken("`jws` is no JWS"))?;
        let (header, signature) = jws;
        // Detached: nothing stands between the two dots.
        let signature = signature.strip_prefix('.').and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let signature = signature.ok_or_else(|| broken("`jws` is no detached JWS"))?;
        fits(header, alg)?;
        Ok(Self { header: header.to_owned(), alg, kid, signature, options })
    }
}

/// RFC 7797: the payload is signed as it is, which must be understood; and nothing else is said.
fn fits(header: &str, alg: Algorithm) -> Result<(), Refusal> {
    let bytes = URL_SAFE_NO_PAD.decode(header).map_err(|_| broken("the header of `jws` is not base64url"))?;
    let header = json::parse(&bytes).map_err(|error| broken(error.fault))?;
    let name = header.get("alg").and_then(Value::as_str).ok_or(Refusal::AlgorithmMissing)?;
    if name != alg.name() {
        return Err(Refusal::AlgorithmNotSupported { alg: display::excerpt(name, 40) });
    }
    if header == serde_json::json!({ "alg": alg.name(), "b64": false, "crit": ["b64"] }) {
        Ok(())
    } else {
        Err(broken("the header of `jws` is not that of a payload signed as it is"))
    }
}

fn broken(fault: &'static str) -> Refusal {
    Refusal::BrokenJson { fault }
}

#[cfg(test)]
mod tests;
