//! The keys that targets trust: those of the public vectors where these lie beside the project, and our own.

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use credential::{ContentKey, ContentKeys, Format, IssuerKey, KeySet, Kid, Lazy, PublicKey, Scope};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{seeds, wrap};

/// All of them.
pub fn all() -> &'static KeySet {
    static KEYS: LazyLock<KeySet> = LazyLock::new(|| {
        let content_key =
            ContentKey::new(None, wrap::CONTENT_KEY.to_vec().into()).expect("a key of 128 bits");
        let content_keys = ContentKeys::new(vec![content_key]).expect("one key");
        KeySet::new([own(), public()].concat()).with_content_keys(content_keys)
    });
    &KEYS
}

/// For every format, under the ids that [`wrap`] writes.
fn own() -> Vec<IssuerKey> {
    let keys = || {
        [
            PublicKey::Ed25519(wrap::ed25519().verifying_key().into()),
            PublicKey::P256((*wrap::p256().verifying_key()).into()),
        ]
    };
    let scope = Scope { formats: Format::ALL.to_vec(), issuer: None };
    let of = |kid: &[u8]| keys().map(|public| key(kid, public, scope.clone())).to_vec();
    let certificate = Sha256::digest(wrap::CERTIFICATE);
    [of(wrap::KID), of(b""), of(&certificate[..8])].concat()
}

/// The JWKs of the vectors under the texts of their ids.
fn public() -> Vec<IssuerKey> {
    let jwks = seeds::json("shc/jwks.json").and_then(|set| Some(set.get("keys")?.as_array()?.clone()));
    let cards = jwks.into_iter().flatten().filter_map(|jwk| Some((jwk["kid"].as_str()?.to_owned(), jwk)));
    let did = seeds::json("nzcp/did.json");
    let jwk = did.and_then(|did| did.pointer("/verificationMethod/0/publicKeyJwk").cloned());
    let passes = jwk.map(|jwk| ("key-1".to_owned(), jwk));
    let scope = Scope { formats: vec![Format::SmartHealthCard, Format::NzCovidPass], issuer: None };
    cards
        .chain(passes)
        .filter_map(|(kid, jwk)| Some(key(kid.as_bytes(), point(&jwk)?, scope.clone())))
        .collect()
}

fn point(jwk: &Value) -> Option<PublicKey> {
    let half = |name: &str| BASE64_URL_SAFE_NO_PAD.decode(jwk.get(name)?.as_str()?).ok();
    Some(PublicKey::P256(Lazy::unread(&[vec![4], half("x")?, half("y")?].concat())))
}

fn key(kid: &[u8], key: PublicKey, scope: Scope) -> IssuerKey {
    let (kid, issuer) = (Kid(kid.to_vec()), "Fuzzing".to_owned());
    let (validity, revoked_from, country) = (None, None, None);
    IssuerKey {
        kid,
        key,
        usages: Default::default(),
        scope,
        validity,
        revoked_from,
        issuer,
        country,
        demo: true,
    }
}
