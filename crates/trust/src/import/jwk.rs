//! JSON Web Keys (RFC 7517).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_PAD_INDIFFERENT, URL_SAFE_NO_PAD_INDIFFERENT};
use credential::{IssuerKey, Kid, PublicKey, Usages};
use serde::Deserialize;

use super::{FILE_MAX, ImportError, KEYS_MAX, bounded, x509};
use crate::document::KID_MAX;
use crate::key::{self, KeyError};

#[derive(Deserialize)]
struct Set {
    keys: Vec<serde_json::Value>,
}

/// The members that are read; all others are ignored (RFC 7517 §4).
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(rename = "use")]
    purpose: Option<String>,
    kid: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    d: Option<String>,
    #[serde(default)]
    x5c: Vec<String>,
}

pub(super) fn jwks(json: &str) -> Result<Vec<IssuerKey>, ImportError> {
    bounded("the JWK Set", json.len(), FILE_MAX)?;
    let entries = entries(json)?;
    bounded("the number of keys", entries.len(), KEYS_MAX)?;
    let (mut keys, mut unsupported) = (vec![], None);
    for (index, entry) in entries.iter().enumerate() {
        match issuer_keys(entry) {
            Ok(found) => keys.extend(found),
            Err(Skip::Unsupported(what)) => unsupported = Some(what),
            Err(Skip::Broken(reason)) => return Err(ImportError::Jwk { index, reason }),
        }
    }
    match unsupported {
        Some(what) if keys.is_empty() => Err(KeyError::Unsupported(what).into()),
        _ => Ok(keys),
    }
}

/// Why an entry gives no key.
enum Skip {
    Unsupported(String),
    Broken(String),
}

impl From<KeyError> for Skip {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Unsupported(what) => Self::Unsupported(what),
            KeyError::Broken(_) => Self::Broken(error.to_string()),
        }
    }
}

fn entries(json: &str) -> Result<Vec<serde_json::Value>, ImportError> {
    let not_a_set = |error: serde_json::Error| ImportError::Jwks(error.to_string());
    let value: serde_json::Value = serde_json::from_str(json).map_err(not_a_set)?;
    if value.get("kty").is_some() {
        return Ok(vec![value]);
    }
    serde_json::from_value::<Set>(value).map(|set| set.keys).map_err(not_a_set)
}

fn issuer_keys(entry: &serde_json::Value) -> Result<Vec<IssuerKey>, Skip> {
    let jwk = Jwk::deserialize(entry).map_err(|error| Skip::Broken(error.to_string()))?;
    if jwk.purpose.as_deref() == Some("enc") {
        return Err(Skip::Unsupported("for encryption only".into()));
    }
    if jwk.d.is_some() {
        return Err(Skip::Broken(
            "it holds a private key; replace that key, and export only public ones".into(),
        ));
    }
    let key = public_key(&jwk)?;
    let owner = owner(&jwk, key)?;
    Ok(kids(&jwk, &owner)?.into_iter().map(|kid| IssuerKey { kid, ..owner.clone() }).collect())
}

fn public_key(jwk: &Jwk) -> Result<PublicKey, Skip> {
    match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("OKP", Some("Ed25519")) => Ok(key::ed25519(&number("x", &jwk.x)?)?),
        ("EC", Some("P-256")) => Ok(key::p256_affine(&number("x", &jwk.x)?, &number("y", &jwk.y)?)?),
        ("EC", Some("P-384")) => Ok(key::p384_affine(&number("x", &jwk.x)?, &number("y", &jwk.y)?)?),
        ("RSA", _) => Ok(key::rsa(&number("n", &jwk.n)?, &number("e", &jwk.e)?)?),
        (kty, crv) => Err(Skip::Unsupported(format!("{kty:.20} {:.20}", crv.unwrap_or_default()))),
    }
}

fn number(name: &str, value: &Option<String>) -> Result<Vec<u8>, Skip> {
    let value = value.as_deref().ok_or_else(|| Skip::Broken(format!("`{name}` is missing")))?;
    URL_SAFE_NO_PAD_INDIFFERENT.decode(value).map_err(|_| Skip::Broken(format!("`{name}` is not base64url")))
}

/// What is known of the key: from its certificate where it has one.
fn owner(jwk: &Jwk, key: PublicKey) -> Result<IssuerKey, Skip> {
    let Some(certificate) = jwk.x5c.first() else {
        let kid = Kid::default();
        let usages = Usages::default();
        let issuer = String::new();
        return Ok(IssuerKey { kid, key, usages, validity: None, issuer, country: None, demo: false });
    };
    let der = STANDARD_PAD_INDIFFERENT
        .decode(certificate)
        .map_err(|_| Skip::Broken("`x5c` is not base64".into()))?;
    let owner = x509::certificate(&der).map_err(|error| Skip::Broken(error.to_string()))?;
    if owner.key != key {
        return Err(Skip::Broken("its certificate (`x5c`) holds another key".into()));
    }
    Ok(owner)
}

/// Every reading of the key's id.
fn kids(jwk: &Jwk, owner: &IssuerKey) -> Result<Vec<Kid>, Skip> {
    let Some(text) = &jwk.kid else {
        return Ok(vec![owner.kid.clone()]);
    };
    if text.len() > KID_MAX {
        return Err(Skip::Broken(format!("`kid` has over {KID_MAX} bytes")));
    }
    let decoded = STANDARD_PAD_INDIFFERENT
        .decode(text)
        .or_else(|_| URL_SAFE_NO_PAD_INDIFFERENT.decode(text))
        .ok()
        .filter(|bytes| !bytes.is_empty());
    Ok(decoded.into_iter().chain([text.clone().into_bytes()]).map(Kid).collect())
}
