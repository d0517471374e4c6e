//! COSE_Sign1 (RFC 9052 §4.2): what it says of its signature, and its payload once that holds.

mod encrypt0;

use ciborium::Value;

use crate::cbor::{self, Fault};
use crate::format::Format;
use crate::key::{KeySet, Kid};
use crate::refusal::{Refusal, Stop};
use crate::signature::Algorithm;
use crate::signers::{Message, Signed};

pub(crate) use encrypt0::Encrypt0;

const ALG: i64 = 1;
const CRIT: i64 = 2;
const KID: i64 = 4;
const IV: i64 = 5;
const TAG_ENCRYPT0: u64 = 16;
const TAG_SIGN1: u64 = 18;
const TAG_CWT: u64 = 61;

pub(crate) type Map = Vec<(Value, Value)>;

/// A message whose signature has not been checked: its payload cannot be reached.
#[derive(Debug)]
pub(crate) struct Sign1 {
    alg: Algorithm,
    kid: Kid,
    /// The protected header's bytes, verbatim.
    protected: Vec<u8>,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl Sign1 {
    /// Tagged 18 or not, and with 61 (CWT, RFC 8392 §6) around that or not.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        let message = cbor::parse(bytes).map_err(refusal)?;
        let message = untag(untag(message, TAG_CWT), TAG_SIGN1);
        let fields: Option<[Value; 4]> = message.into_array().ok().and_then(|fields| fields.try_into().ok());
        let [protected, unprotected, payload, signature] =
            fields.ok_or_else(|| broken("not an array of four"))?;
        let protected =
            protected.into_bytes().map_err(|_| broken("the protected header is no byte string"))?;
        let unprotected = unprotected.into_map().map_err(|_| broken("the unprotected header is no map"))?;
        let payload = payload.into_bytes().map_err(|_| broken("the payload is no byte string"))?;
        let signature = signature.into_bytes().map_err(|_| broken("the signature is no byte string"))?;
        let header = protected_header(&protected)?;
        refuse_unknown_critical(&header, &unprotected, &[ALG, CRIT, KID])?;
        let alg = algorithm(&header, &unprotected)?;
        let kid = key_id(&header, &unprotected)?;
        Ok(Self { alg, kid, protected, payload, signature })
    }

    /// The claims as they stand there, before anything is known of the signature: to be looked into for what
    /// narrows the search for the key, and for nothing else.
    pub(crate) fn unverified_claims(&self) -> Result<Map, Refusal> {
        let claims = cbor::parse(&self.payload).ok().and_then(|claims| claims.into_map().ok());
        claims.ok_or_else(|| broken("the payload is no map of claims, or has a key twice"))
    }

    /// The algorithm that it names.
    pub(crate) fn alg(&self) -> Algorithm {
        self.alg
    }

    /// Tries every key with the message's key id that is for this format and this issuer.
    pub(crate) fn verify<'k>(
        self,
        keys: &'k KeySet,
        format: Format,
        issuer: Option<&str>,
    ) -> Result<Signed<'k>, Stop> {
        let signed = sig_structure(&self.protected, &self.payload);
        let Self { alg, kid, payload, signature, .. } = self;
        Message { signed, payload, signature, alg, kid }.verify(keys, format, issuer)
    }
}

/// `Sig_structure = ["Signature1", protected, external_aad = h'', payload]` (RFC 9052 §4.4).
fn sig_structure(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(protected.len() + payload.len() + 32);
    bytes.extend(b"\x84\x6aSignature1");
    push_byte_string(&mut bytes, signed_header(protected));
    push_byte_string(&mut bytes, &[]);
    push_byte_string(&mut bytes, payload);
    bytes
}

/// A protected header without parameters is signed as h'', also where it was sent as `h'a0'`.
fn signed_header(protected: &[u8]) -> &[u8] {
    if matches!(protected, [0xa0] | [0xbf, 0xff]) { &[] } else { protected }
}

/// In the shortest form (RFC 9052 §9).
fn push_byte_string(bytes: &mut Vec<u8>, string: &[u8]) {
    let length = (string.len() as u64).to_be_bytes();
    match length {
        [0, 0, 0, 0, 0, 0, 0, n] if n < 24 => bytes.push(0x40 | n),
        [0, 0, 0, 0, 0, 0, 0, n] => bytes.extend([0x58, n]),
        [0, 0, 0, 0, 0, 0, a, b] => bytes.extend([0x59, a, b]),
        [0, 0, 0, 0, a, b, c, d] => bytes.extend([0x5a, a, b, c, d]),
        _ => {
            bytes.push(0x5b);
            bytes.extend(length);
        }
    }
    bytes.extend(string);
}

fn untag(value: Value, number: u64) -> Value {
    match value {
        Value::Tag(tag, inner) if tag == number => *inner,
        other => other,
    }
}

fn protected_header(bytes: &[u8]) -> Result<Map, Refusal> {
    if bytes.is_empty() {
        return Ok(vec![]);
    }
    let header = cbor::parse(bytes).map_err(refusal)?;
    header.into_map().map_err(|_| broken("the protected header is no map"))
}

/// RFC 9052 §3.1: what stands in `crit` must be understood.
fn refuse_unknown_critical(protected: &Map, unprotected: &Map, understood: &[i64]) -> Result<(), Refusal> {
    if cbor::by_number(unprotected, CRIT).is_some() {
        return Err(broken("crit in the unprotected header"));
    }
    let Some(critical) = cbor::by_number(protected, CRIT) else { return Ok(()) };
    let labels = critical.as_array().filter(|labels| !labels.is_empty());
    for label in labels.ok_or_else(|| broken("crit is no list of labels"))? {
        if !understood.iter().any(|known| label.as_integer() == Some((*known).into())) {
            return Err(Refusal::CriticalHeader { label: shown(label) });
        }
    }
    Ok(())
}

/// From the protected header, or from the other one when only that has it: which
/// algorithm a key is for is known from the key, so nothing can be gained by changing it.
fn algorithm(protected: &Map, unprotected: &Map) -> Result<Algorithm, Refusal> {
    let alg = either(protected, unprotected, ALG)?.ok_or(Refusal::AlgorithmMissing)?;
    let known = alg.as_integer().and_then(|number| Algorithm::from_number(number.into()));
    known.ok_or_else(|| Refusal::AlgorithmNotSupported { alg: shown(alg) })
}

/// A parameter that stands in one of the headers, and not in both (RFC 9052 §3).
fn either<'a>(protected: &'a Map, unprotected: &'a Map, label: i64) -> Result<Option<&'a Value>, Refusal> {
    match (cbor::by_number(protected, label), cbor::by_number(unprotected, label)) {
        (Some(_), Some(_)) => Err(Refusal::DuplicateHeader { label: label.to_string() }),
        (protected, unprotected) => Ok(protected.or(unprotected)),
    }
}

/// European certificates have it in either header or in both; the protected one wins.
fn key_id(protected: &Map, unprotected: &Map) -> Result<Kid, Refusal> {
    match cbor::by_number(protected, KID).or_else(|| cbor::by_number(unprotected, KID)) {
        None => Ok(Kid::default()),
        Some(Value::Bytes(id)) => Ok(Kid(id.clone())),
        // NZ COVID Passes have been issued with either.
        Some(Value::Text(id)) => Ok(Kid(id.clone().into_bytes())),
        Some(_) => Err(broken("the key id is no byte string")),
    }
}

fn shown(label: &Value) -> String {
    match label {
        Value::Integer(number) => i128::from(*number).to_string(),
        Value::Text(text) => crate::display::excerpt(text, 40),
        _ => "of another type".to_owned(),
    }
}

fn refusal(fault: Fault) -> Refusal {
    match fault {
        Fault::Broken { what, at } => Refusal::BrokenCose { fault: what, at },
        Fault::DuplicateKey { key, .. } => Refusal::DuplicateHeader { label: key },
    }
}

fn broken(fault: &'static str) -> Refusal {
    Refusal::BrokenCose { fault, at: 0 }
}

#[cfg(test)]
mod tests;
