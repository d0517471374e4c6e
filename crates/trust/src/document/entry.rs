//! The entries of a key set document, as JSON has them.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use credential::{IssuerKey, Kid, Lazy, PublicKey, Usages, Validity};
use serde::{Deserialize, Deserializer, Serialize, de};

use super::{ISSUER_MAX, KID_MAX};
use crate::hex;
use crate::import;
use crate::key::{self, KeyError};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document<'a> {
    pub format: String,
    #[serde(borrow)]
    pub keys: Vec<Entry<'a>>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Entry<'a> {
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    kid: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    key: Option<Text<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    n: Option<Text<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    e: Option<Text<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    certificate: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_after: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_from: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    usages: Vec<Usage>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    issuer: Option<Text<'a>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    country: Option<Text<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    demo: bool,
}

/// Text that is copied only where the JSON writes it with escapes: a large set has a hundred thousand of them.
#[derive(Default, Serialize)]
#[serde(transparent)]
struct Text<'a>(Cow<'a, str>);

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Usage {
    Test,
    Vaccination,
    Recovery,
    /// Another kind of document only.
    Other,
}

impl<'a> Entry<'a> {
    pub(super) fn of(key: &'a IssuerKey) -> Self {
        let mut entry = Self {
            kid: Some(Text(key.kid.to_string().into())),
            not_before: key.validity.map(|validity| validity.not_before),
            not_after: key.validity.map(|validity| validity.not_after),
            revoked_from: key.revoked_from,
            usages: usages_of(key.usages),
            issuer: (!key.issuer.is_empty()).then(|| Text(key.issuer.as_str().into())),
            country: key.country.as_deref().map(|country| Text(country.into())),
            demo: key.demo,
            ..Self::default()
        };
        entry.put(&key.key);
        entry
    }

    fn put(&mut self, key: &PublicKey) {
        let text = |bytes: &[u8]| Some(Text(URL_SAFE_NO_PAD.encode(bytes).into()));
        let mut point = |kind: &'a str, bytes| (self.kind, self.key) = (Text(kind.into()), text(bytes));
        match key {
            PublicKey::Ed25519(key) => point("ed25519", key.bytes()),
            PublicKey::P256(key) => point("p256", key.bytes()),
            PublicKey::P384(key) => point("p384", key.bytes()),
            PublicKey::Rsa(_) => {
                let (n, e) = key.rsa_parts().unwrap_or_default();
                (self.kind, self.n, self.e) = (Text("rsa".into()), text(n), text(e));
            }
        }
    }

    pub(super) fn issuer_key(self) -> Result<IssuerKey, String> {
        if self.kind.0 == "x509" {
            return self.certified();
        }
        let key = IssuerKey {
            key: self.public_key()?,
            kid: kid(&self.kid.ok_or("`kid` is missing")?.0)?,
            usages: usages(&self.usages),
            scope: Default::default(),
            validity: validity(self.not_before, self.not_after)?,
            revoked_from: self.revoked_from,
            issuer: self.issuer.map(|text| text.0.into_owned()).unwrap_or_default(),
            country: self.country.map(|text| text.0.into_owned()),
            demo: self.demo,
        };
        checked(&key)?;
        Ok(key)
    }

    fn certified(self) -> Result<IssuerKey, String> {
        let Self { kid, key, n, e, not_before, not_after, usages, issuer, country, .. } = &self;
        let texts = [kid, key, n, e, issuer, country];
        if texts.iter().any(|member| member.is_some())
            || not_before.is_some()
            || not_after.is_some()
            || !usages.is_empty()
        {
            return Err("only `demo` and `revoked_from` may stand beside `certificate`".into());
        }
        let base64 = self.certificate.ok_or("`certificate` is missing")?;
        let der = STANDARD.decode(base64.0.as_bytes()).map_err(|_| "`certificate` is not base64")?;
        let key = import::certificate(&der).map_err(|error| error.to_string())?;
        Ok(IssuerKey { demo: self.demo, revoked_from: self.revoked_from, ..key })
    }

    fn public_key(&self) -> Result<PublicKey, String> {
        if self.certificate.is_some() || (self.kind.0 == "rsa") == self.key.is_some() {
            return Err(format!("its members do not fit the type {:.20}", self.kind.0));
        }
        match self.kind.0.as_ref() {
            "ed25519" => Ok(PublicKey::Ed25519(Lazy::unread(&bytes("key", &self.key)?))),
            "p256" => Ok(PublicKey::P256(Lazy::unread(&bytes("key", &self.key)?))),
            "p384" => Ok(PublicKey::P384(Lazy::unread(&bytes("key", &self.key)?))),
            "rsa" => key::rsa_unread(&bytes("n", &self.n)?, &bytes("e", &self.e)?),
            other => Err(KeyError::Unsupported(format!("type {other:.20}"))),
        }
        .map_err(|error| error.to_string())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

/// The limits that every entry keeps, written or read.
pub(super) fn checked(key: &IssuerKey) -> Result<(), String> {
    if key.kid.0.len() > KID_MAX {
        Err(format!("`kid` has over {KID_MAX} bytes"))
    } else if key.issuer.chars().count() > ISSUER_MAX || key.issuer.chars().any(char::is_control) {
        Err(format!("`issuer` has over {ISSUER_MAX} characters, or control characters"))
    } else if key.country.as_deref().is_some_and(|code| !is_country(code)) {
        Err("`country` is not two capital letters".into())
    } else if key.validity.is_some_and(|validity| validity.not_after < validity.not_before) {
        Err("it ends before it begins".into())
    } else {
        Ok(())
    }
}

/// Two capital letters (ISO 3166-1 alpha-2).
pub(crate) fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn validity(not_before: Option<i64>, not_after: Option<i64>) -> Result<Option<Validity>, String> {
    match (not_before, not_after) {
        (None, None) => Ok(None),
        (Some(not_before), Some(not_after)) => Ok(Some(Validity { not_before, not_after })),
        _ => Err("`not_before` and `not_after` go together".into()),
    }
}

fn kid(text: &str) -> Result<Kid, String> {
    hex::decode(text).map(Kid).ok_or_else(|| "`kid` is not lower-case hexadecimal".into())
}

fn bytes(name: &str, value: &Option<Text<'_>>) -> Result<Vec<u8>, String> {
    let value = value.as_ref().ok_or_else(|| format!("`{name}` is missing"))?;
    URL_SAFE_NO_PAD
        .decode(value.0.as_bytes())
        .map_err(|_| format!("`{name}` is not base64url without padding"))
}

fn usages(listed: &[Usage]) -> Usages {
    let has = |usage| listed.contains(&usage);
    Usages {
        test: has(Usage::Test),
        vaccination: has(Usage::Vaccination),
        recovery: has(Usage::Recovery),
        other: has(Usage::Other),
    }
}

fn usages_of(usages: Usages) -> Vec<Usage> {
    let all = [
        (usages.test, Usage::Test),
        (usages.vaccination, Usage::Vaccination),
        (usages.recovery, Usage::Recovery),
        (usages.other, Usage::Other),
    ];
    all.into_iter().filter_map(|(allowed, usage)| allowed.then_some(usage)).collect()
}
