//! Compact JSON Web Signature (RFC 7515 §3.1) as SMART Health Cards have it: signed by ES256, its payload deflated.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::display;
use crate::inflate::inflate_raw;
use crate::json;
use crate::key::Kid;
use crate::refusal::Refusal;
use crate::signature::Algorithm;
use crate::signers::Message;

/// Of R and S, 32 bytes each (RFC 7518 §3.4).
const SIGNATURE_BYTES: usize = 64;

/// Reads it, without trusting any of it: [`Message::verify`] does.
pub(crate) fn parse(text: &str) -> Result<Message, Refusal> {
    let broken = |fault| Refusal::BrokenJws { fault };
    let (signed, signature) = text.rsplit_once('.').ok_or_else(|| broken("not three parts"))?;
    let (header, payload) = signed.split_once('.').ok_or_else(|| broken("not three parts"))?;
    if payload.contains('.') {
        return Err(broken("not three parts"));
    }
    let header = json::parse(&decode(header)?).map_err(|_| broken("the header is no JSON"))?;
    let kid = read_header(&header)?;
    let signature = decode(signature)?;
    if !matches!(signature.len(), 0 | SIGNATURE_BYTES) {
        return Err(broken("the signature does not have 64 bytes"));
    }
    let payload = inflate_raw(&decode(payload)?)?;
    Ok(Message { signed: signed.as_bytes().to_vec(), payload, signature, alg: Algorithm::Es256, kid })
}

/// The key's id, of a header that asks for nothing else than what is done here.
fn read_header(header: &Value) -> Result<Kid, Refusal> {
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    if let Some(critical) = header.get("crit") {
        let label = critical.get(0).and_then(Value::as_str).unwrap_or("crit");
        return Err(Refusal::CriticalHeader { label: display::excerpt(label, 40) });
    }
    let alg = text("alg").ok_or(Refusal::AlgorithmMissing)?;
    if Algorithm::from_name(alg) != Some(Algorithm::Es256) {
        return Err(Refusal::AlgorithmNotSupported { alg: display::excerpt(alg, 40) });
    }
    match text("zip") {
        Some("DEF") => Ok(Kid(text("kid").unwrap_or_default().as_bytes().to_vec())),
        _ => Err(Refusal::BrokenJws { fault: "the payload is not deflated" }),
    }
}

/// Base64url without padding (RFC 7515 §2), in one form only.
fn decode(part: &str) -> Result<Vec<u8>, Refusal> {
    BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| Refusal::BrokenJws { fault: "a part is not base64url" })
}
