//! The signing side: key ids, canonical JSON, envelopes.

use ed25519_dalek::{Signer, SigningKey, VerifyingKey};
use jiff::Timestamp as Instant;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sigstore_tuf::canonical_json::to_canonical_bytes;

use super::malformed;
use crate::error::Refusal;
use crate::hex;

/// A role's key as it stands in a root, with its id: the SHA-256 of its canonical JSON.
pub(crate) fn key_id(key: &VerifyingKey) -> Result<(String, Value), Refusal> {
    let entry =
        json!({"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": hex::encode(key.as_bytes())}});
    Ok((hex::encode(&Sha256::digest(canonical(&entry)?)), entry))
}

/// A metadata file: `body`, signed by each of the keys (TUF 1.0 §4.2).
pub(crate) fn signed(body: Value, keys: &[SigningKey]) -> Result<Vec<u8>, Refusal> {
    let message = message(&body)?;
    let sign = |key: &SigningKey| {
        let (id, _) = key_id(&key.verifying_key())?;
        Ok((id, hex::encode(&key.sign(&message).to_bytes())))
    };
    let signatures = keys.iter().map(sign).collect::<Result<Vec<_>, Refusal>>()?;
    envelope(&body, signatures.iter().map(|(id, signature)| (id, signature)))
}

/// What is signed of a role: its canonical JSON (TUF 1.0 §4.2).
pub(crate) fn message(body: &Value) -> Result<Vec<u8>, Refusal> {
    canonical(body)
}

/// A metadata file: `body` and the signatures over it, each with its key's id, in lower-case hexadecimal.
pub(crate) fn envelope<'a>(
    body: &Value,
    signatures: impl Iterator<Item = (&'a String, &'a String)>,
) -> Result<Vec<u8>, Refusal> {
    let signatures: Vec<Value> =
        signatures.map(|(id, signature)| json!({"keyid": id, "sig": signature})).collect();
    canonical(&json!({"signatures": signatures, "signed": body}))
}

/// A time as metadata has it (TUF 1.0 §4.2.1): `YYYY-MM-DDTHH:MM:SSZ`.
pub(crate) fn time(seconds: i64) -> Result<String, Refusal> {
    Instant::from_second(seconds)
        .map(|instant| instant.to_string())
        .map_err(|_| malformed("metadata", "a time is out of range"))
}

/// The time that this text says, seconds UTC.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    Some(text.parse::<Instant>().ok()?.as_second())
}

fn canonical(value: &Value) -> Result<Vec<u8>, Refusal> {
    to_canonical_bytes(value).map_err(|error| malformed("metadata", error.to_string()))
}
