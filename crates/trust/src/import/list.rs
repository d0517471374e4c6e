//! Lists of certificates as verifiers publish them, and DID documents.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_PAD_INDIFFERENT, URL_SAFE_NO_PAD_INDIFFERENT};
use credential::{Format, IssuerKey, Kid, Scope};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{FILE_MAX, ImportError, Jwks, KEYS_MAX, bounded, jwk, x509};
use crate::document::{ISS_MAX, KID_MAX, is_country};

/// The kind of certificate that signs passes (eu-dcc-gateway: `CertificateType`).
const SIGNER: &str = "DSC";

/// The members that are read; all others are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    kid: Option<String>,
    raw_data: String,
    country: Option<String>,
    certificate_type: Option<String>,
}

/// The entries of a list of certificates; `None` for JSON of another form.
fn entries(list: &Value) -> Option<&Vec<Value>> {
    let entries = list.get("certificates").unwrap_or(list).as_array()?;
    let is_one = |entry: &Value| entry.get("rawData").is_some();
    entries.first().is_none_or(is_one).then_some(entries)
}

pub(super) fn certificates(json: &str) -> Result<Jwks, ImportError> {
    let list = parse(json)?;
    let entries = entries(&list).ok_or_else(|| {
        ImportError::List("it needs the form {\"certificates\": [{\"kid\", \"rawData\"}…]}".into())
    })?;
    collect(entries, |entry| certificate(entry).map(|key| key.into_iter().collect()))
}

pub(super) fn did(json: &str) -> Result<Jwks, ImportError> {
    let document = parse(json)?;
    let methods = document.get("verificationMethod").and_then(Value::as_array);
    let methods = methods.ok_or_else(|| ImportError::List("it needs a list `verificationMethod`".into()))?;
    let id = document.get("id").and_then(Value::as_str);
    let id = id.ok_or_else(|| ImportError::List("it needs an `id`, the DID that it is of".into()))?;
    if !(1..=ISS_MAX).contains(&id.len()) {
        return Err(ImportError::List(format!("its DID does not have 1 to {ISS_MAX} bytes")));
    }
    collect(methods, |entry| method(entry, id))
}

/// The key of one entry; none where it signs no passes.
fn certificate(entry: &Value) -> Result<Option<IssuerKey>, String> {
    let entry = Entry::deserialize(entry).map_err(|error| error.to_string())?;
    if entry.certificate_type.is_some_and(|kind| kind != SIGNER) {
        return Ok(None);
    }
    let der = STANDARD_PAD_INDIFFERENT.decode(&entry.raw_data).map_err(|_| "`rawData` is not base64")?;
    let mut key = x509::certificate(&der).map_err(|error| error.to_string())?;
    if let Some(kid) = entry.kid {
        let read =
            STANDARD_PAD_INDIFFERENT.decode(&kid).or_else(|_| URL_SAFE_NO_PAD_INDIFFERENT.decode(&kid));
        let bytes = read.ok().filter(|bytes| bytes.len() <= KID_MAX).ok_or("`kid` is not base64")?;
        key.kid = Kid(bytes);
    }
    key.country = key.country.or(entry.country.filter(|code| is_country(code)));
    Ok(Some(key))
}

/// The keys of a verification method (DID Core §5.2), for passes of the document's subject in the one format whose
/// issuers are DIDs. Its key id is the JWK's, else what stands behind `#`.
fn method(method: &Value, document: &str) -> Result<Vec<IssuerKey>, String> {
    if let Some(reference) = method.as_str() {
        return Err(format!("it only refers to {reference:.100}; import that document too"));
    }
    let mut jwk = method.get("publicKeyJwk").cloned().ok_or("it has no `publicKeyJwk`")?;
    let fragment = method.get("id").and_then(Value::as_str).and_then(|id| id.split_once('#'));
    if let (Some((_, kid)), None) = (fragment, jwk.get("kid")) {
        jwk["kid"] = json!(kid);
    }
    let id = method.get("id").and_then(Value::as_str).unwrap_or_default();
    if let Some(did) = id.split('#').next().filter(|did| !did.is_empty() && *did != document) {
        return Err(format!("it is a key of {did:.100}, whose own document has to give it"));
    }
    let scope = Scope { formats: vec![Format::NzCovidPass], issuer: Some(document.to_owned()) };
    let mut keys = jwk::issuer_keys(&jwk).map_err(|jwk::Unusable(reason)| reason)?;
    keys.iter_mut().for_each(|key| key.scope = scope.clone());
    Ok(keys)
}

fn parse(json: &str) -> Result<Value, ImportError> {
    bounded("the list", json.len(), FILE_MAX)?;
    serde_json::from_str(json).map_err(|error| ImportError::List(error.to_string()))
}

fn collect(
    entries: &[Value],
    read: impl Fn(&Value) -> Result<Vec<IssuerKey>, String>,
) -> Result<Jwks, ImportError> {
    bounded("the number of keys", entries.len(), KEYS_MAX)?;
    let mut set = Jwks::default();
    for (index, entry) in entries.iter().enumerate() {
        match read(entry) {
            Ok(keys) => set.keys.extend(keys),
            Err(reason) => set.left_out.push(jwk::line(index, &reason)),
        }
    }
    jwk::some_usable(set)
}
