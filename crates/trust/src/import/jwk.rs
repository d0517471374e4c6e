//! JSON Web Keys (RFC 7517).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_PAD_INDIFFERENT, URL_SAFE_NO_PAD_INDIFFERENT};
use credential::{IssuerKey, Kid, PublicKey, Usages};
use serde::Deserialize;

use super::{FILE_MAX, ImportError, Jwks, KEYS_MAX, bounded, x509};
use crate::document::KID_MAX;
use crate::hex;
use crate::key::{self, KeyError};

/// The longest reason that is told for one entry, in characters: parts of it are the file's own words.
const REASON_MAX: usize = 200;
/// How many entries' reasons are told where no key is left.
const REASONS_TOLD: usize = 3;

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

pub(super) fn jwks(json: &str) -> Result<Jwks, ImportError> {
    bounded("the JWK Set", json.len(), FILE_MAX)?;
    let entries = entries(json)?;
    bounded("the number of keys", entries.len(), KEYS_MAX)?;
    let mut set = Jwks::default();
    for (index, entry) in entries.iter().enumerate() {
        match issuer_keys(entry) {
            Ok(found) => set.keys.extend(found),
            Err(Unusable(reason)) => set.left_out.push(line(index, &reason)),
        }
    }
    some_usable(set)
}

/// What is told of an entry that is left out.
pub(super) fn line(index: usize, reason: &str) -> String {
    format!("key {index}: {reason:.REASON_MAX$}")
}

/// A set of which everything was left out is an error.
pub(super) fn some_usable(set: Jwks) -> Result<Jwks, ImportError> {
    if set.keys.is_empty() && !set.left_out.is_empty() {
        return Err(ImportError::NoUsableJwk(in_brief(&set.left_out)));
    }
    Ok(set)
}

/// The first lines, and how many more there are.
fn in_brief(left_out: &[String]) -> String {
    let (told, more) = left_out.split_at(left_out.len().min(REASONS_TOLD));
    let more = (!more.is_empty()).then(|| format!("{} more", more.len()));
    told.iter().cloned().chain(more).collect::<Vec<_>>().join("; ")
}

/// Why an entry gives no key.
pub(super) struct Unusable(pub String);

impl From<KeyError> for Unusable {
    fn from(error: KeyError) -> Self {
        Self(error.to_string())
    }
}

fn entries(json: &str) -> Result<Vec<serde_json::Value>, ImportError> {
    let not_a_set = |error: serde_json::Error| ImportError::Jwks(error.to_string());
    let value: serde_json::Value = serde_json::from_str(json).map_err(not_a_set)?;
    match value {
        serde_json::Value::Array(entries) => Ok(entries),
        value if value.get("kty").is_some() => Ok(vec![value]),
        value => serde_json::from_value::<Set>(value).map(|set| set.keys).map_err(not_a_set),
    }
}

pub(super) fn issuer_keys(entry: &serde_json::Value) -> Result<Vec<IssuerKey>, Unusable> {
    let jwk = Jwk::deserialize(entry).map_err(|error| Unusable(error.to_string()))?;
    if jwk.purpose.as_deref() == Some("enc") {
        return Err(KeyError::Unsupported("for encryption only".into()).into());
    }
    if jwk.d.is_some() {
        return Err(Unusable("it holds a private key; replace that key, and export only public ones".into()));
    }
    let key = public_key(&jwk)?;
    let owner = owner(&jwk, key)?;
    Ok(kids(&jwk, &owner)?.into_iter().map(|kid| IssuerKey { kid, ..owner.clone() }).collect())
}

fn public_key(jwk: &Jwk) -> Result<PublicKey, Unusable> {
    match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("OKP", Some("Ed25519")) => Ok(key::ed25519(&number("x", &jwk.x)?)?),
        ("EC", Some("P-256")) => Ok(key::p256_affine(&number("x", &jwk.x)?, &number("y", &jwk.y)?)?),
        ("EC", Some("P-384")) => Ok(key::p384_affine(&number("x", &jwk.x)?, &number("y", &jwk.y)?)?),
        ("RSA", _) => Ok(key::rsa(&number("n", &jwk.n)?, &number("e", &jwk.e)?)?),
        (kty, crv) => Err(KeyError::Unsupported(format!("{kty:.20} {:.20}", crv.unwrap_or_default())).into()),
    }
}

fn number(name: &str, value: &Option<String>) -> Result<Vec<u8>, Unusable> {
    let value = value.as_deref().ok_or_else(|| Unusable(format!("`{name}` is missing")))?;
    URL_SAFE_NO_PAD_INDIFFERENT.decode(value).map_err(|_| Unusable(format!("`{name}` is not base64url")))
}

/// What is known of the key: from its certificate where it has one.
fn owner(jwk: &Jwk, key: PublicKey) -> Result<IssuerKey, Unusable> {
    let Some(certificate) = jwk.x5c.first() else {
        let kid = Kid::default();
        let usages = Usages::default();
        let issuer = String::new();
        return Ok(IssuerKey {
            kid,
            key,
            usages,
            scope: Default::default(),
            validity: None,
            revoked_from: None,
            issuer,
            country: None,
            demo: false,
        });
    };
    let der =
        STANDARD_PAD_INDIFFERENT.decode(certificate).map_err(|_| Unusable("`x5c` is not base64".into()))?;
    let owner = x509::certificate(&der).map_err(|error| Unusable(error.to_string()))?;
    if owner.key != key {
        return Err(Unusable("its certificate (`x5c`) holds another key".into()));
    }
    Ok(owner)
}

/// Every reading of the key's id.
fn kids(jwk: &Jwk, owner: &IssuerKey) -> Result<Vec<Kid>, Unusable> {
    let Some(text) = &jwk.kid else {
        return Ok(vec![owner.kid.clone()]);
    };
    if text.len() > KID_MAX {
        return Err(Unusable(format!("`kid` has over {KID_MAX} bytes")));
    }
    let base64 =
        STANDARD_PAD_INDIFFERENT.decode(text).or_else(|_| URL_SAFE_NO_PAD_INDIFFERENT.decode(text)).ok();
    let hexadecimal = hex::decode(&text.to_ascii_lowercase());
    let readings = [base64, Some(text.clone().into_bytes()), hexadecimal].into_iter().flatten();
    let mut kids: Vec<Kid> = vec![];
    for kid in readings.filter(|bytes| !bytes.is_empty() || text.is_empty()).map(Kid) {
        if !kids.contains(&kid) {
            kids.push(kid);
        }
    }
    Ok(kids)
}
