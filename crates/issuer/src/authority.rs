//! Who issues passes, and the key that signs them.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use credential::dcc::is_country;
use credential::{Format, IssuerKey, Kid, PublicKey, Scope, Usages};
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::Signer as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::error::Error;

/// The form of the key file that this version writes and reads.
const FORMAT: &str = "propusk-authority-1";
/// Bytes of a DCC key id (eu-dcc-hcert-spec §3.3.2).
const KID_LEN: usize = 8;
/// Longest issuer name, in characters (DCC schema 1.3.0, `is`).
const MAX_NAME: usize = 80;
/// Longest status list address, in characters: it is in every pass's code.
const MAX_URI: usize = 200;
/// SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410 §4).
const ED25519_SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
/// SubjectPublicKeyInfo of an uncompressed P-256 point up to its 65 bytes (RFC 5480 §2).
const P256_SPKI: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// A signature algorithm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    /// Ed25519 (COSE -8): our own passes.
    #[default]
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// ECDSA on P-256 with SHA-256 (COSE -7): what every European verifier reads.
    #[serde(rename = "ES256")]
    Es256,
}

/// A private key. Wiped from memory when dropped.
#[derive(Clone)]
pub enum SigningKey {
    /// Signs EdDSA.
    Ed25519(ed25519_dalek::SigningKey),
    /// Signs ES256, deterministically (RFC 6979).
    P256(p256::ecdsa::SigningKey),
}

/// Who issues passes.
#[derive(Clone)]
pub struct Authority {
    name: String,
    country: String,
    demo: bool,
    key: SigningKey,
    kid: Kid,
    status_uri: String,
}

impl Authority {
    /// A new authority whose private key comes from `seed`, 32 bytes of good randomness.
    ///
    /// `name` is shown to people (at most 80 characters), `country` is ISO 3166-1
    /// alpha-2 in capitals, `status_uri` is where its status list will be found.
    pub fn generate(
        name: &str,
        country: &str,
        algorithm: Algorithm,
        seed: [u8; 32],
        demo: bool,
        status_uri: &str,
    ) -> Result<Self, Error> {
        let seed = Zeroizing::new(seed);
        Self::new(name, country, SigningKey::from_seed(algorithm, &seed), demo, status_uri)
    }

    /// An authority with a key that exists already.
    pub fn new(
        name: &str,
        country: &str,
        key: SigningKey,
        demo: bool,
        status_uri: &str,
    ) -> Result<Self, Error> {
        check_name(name)?;
        check_country("country", country)?;
        check_uri(status_uri)?;
        let kid = key.kid();
        Ok(Self { name: name.into(), country: country.into(), demo, key, kid, status_uri: status_uri.into() })
    }

    /// Its name, for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// ISO 3166-1 alpha-2.
    pub fn country(&self) -> &str {
        &self.country
    }

    /// Whether it is for trying things out only.
    pub fn demo(&self) -> bool {
        self.demo
    }

    /// The first 8 bytes of SHA-256 of the public key's SubjectPublicKeyInfo (DER).
    pub fn kid(&self) -> &Kid {
        &self.kid
    }

    /// Where its status list is found (CWT claim 65535).
    pub fn status_uri(&self) -> &str {
        &self.status_uri
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        self.key.algorithm()
    }

    /// Its private key.
    pub fn signing_key(&self) -> &SigningKey {
        &self.key
    }

    /// The public half, for a key set: may sign DCCs and general passes of every kind, at any time.
    pub fn issuer_key(&self) -> IssuerKey {
        IssuerKey {
            kid: self.kid.clone(),
            key: self.key.public_key(),
            usages: Usages::default(),
            scope: Scope { formats: vec![Format::Dcc, Format::General], issuer: None },
            validity: None,
            revoked_from: None,
            issuer: self.name.clone(),
            country: Some(self.country.clone()),
            demo: self.demo,
        }
    }

    /// The key file, with the **private key** in it: write it where only its owner reads it (0600).
    pub fn to_json(&self) -> Zeroizing<String> {
        let file = AuthorityFile {
            format: FORMAT.into(),
            name: self.name.clone(),
            country: self.country.clone(),
            demo: self.demo,
            algorithm: self.algorithm(),
            kid: self.kid.to_string(),
            private_key: BASE64_STANDARD.encode(*self.key.secret()),
            status_uri: self.status_uri.clone(),
        };
        // safe: strings and a bool always serialise
        Zeroizing::new(serde_json::to_string_pretty(&file).unwrap_or_default() + "\n")
    }

    /// Reads what [`Authority::to_json`] wrote. The key id must be that of the key.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let file: AuthorityFile =
            serde_json::from_str(text).map_err(|error| Error::AuthorityFile(json_problem(&error)))?;
        if file.format != FORMAT {
            return Err(Error::AuthorityFile(format!("its format is not {FORMAT}")));
        }
        let key = SigningKey::from_base64(file.algorithm, &file.private_key)?;
        let authority = Self::new(&file.name, &file.country, key, file.demo, &file.status_uri)?;
        if authority.kid.to_string() != file.kid {
            return Err(Error::AuthorityFile(format!(
                "its key has the id {}, not {}",
                authority.kid, file.kid
            )));
        }
        Ok(authority)
    }
}

impl fmt::Debug for Authority {
    /// Everything but the private key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority")
            .field("name", &self.name)
            .field("country", &self.country)
            .field("demo", &self.demo)
            .field("kid", &self.kid)
            .field("status_uri", &self.status_uri)
            .finish_non_exhaustive()
    }
}

impl SigningKey {
    /// A key from 32 bytes of good randomness.
    pub fn from_seed(algorithm: Algorithm, seed: &[u8; 32]) -> Self {
        match algorithm {
            Algorithm::EdDsa => Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed)),
            Algorithm::Es256 => Self::P256(p256_from_seed(seed)),
        }
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::EdDsa,
            Self::P256(_) => Algorithm::Es256,
        }
    }

    /// Its public half.
    pub fn public_key(&self) -> PublicKey {
        match self {
            Self::Ed25519(key) => PublicKey::Ed25519(key.verifying_key().into()),
            Self::P256(key) => PublicKey::P256((*key.verifying_key()).into()),
        }
    }

    /// The signature over `message`, 64 bytes: for ES256 r and s (RFC 9053 §2.1).
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => ed25519_dalek::Signer::sign(key, message).to_bytes().to_vec(),
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
        }
    }

    /// 32 bytes that nobody without this key can tell from random ones.
    pub(crate) fn pseudorandom(&self, label: &[u8], index: u64) -> [u8; 32] {
        let mut mac = <Hmac<Sha256>>::new_from_slice(&*self.secret()).expect("any length of key"); // safe: HMAC takes every length
        mac.update(label);
        mac.update(&index.to_be_bytes());
        mac.finalize().into_bytes().into()
    }

    fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(match self {
            Self::Ed25519(key) => key.to_bytes(),
            Self::P256(key) => key.to_bytes().into(),
        })
    }

    fn from_base64(algorithm: Algorithm, text: &str) -> Result<Self, Error> {
        let bad = || Error::AuthorityFile("its private key is not 32 bytes in base64".into());
        let bytes = Zeroizing::new(BASE64_STANDARD.decode(text).map_err(|_| bad())?);
        let secret = Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| bad())?);
        Ok(match algorithm {
            Algorithm::EdDsa => Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&secret)),
            Algorithm::Es256 => Self::P256(
                p256::ecdsa::SigningKey::from_slice(secret.as_slice())
                    .map_err(|_| Error::AuthorityFile("its private key is no P-256 key".into()))?,
            ),
        })
    }

    fn kid(&self) -> Kid {
        let mut spki = Vec::with_capacity(P256_SPKI.len() + 65);
        match self {
            Self::Ed25519(key) => {
                spki.extend_from_slice(&ED25519_SPKI);
                spki.extend_from_slice(key.verifying_key().as_bytes());
            }
            Self::P256(key) => {
                spki.extend_from_slice(&P256_SPKI);
                spki.extend_from_slice(key.verifying_key().to_sec1_point(false).as_bytes());
            }
        }
        Kid(Sha256::digest(&spki)[..KID_LEN].to_vec()) // safe: a digest has 32 bytes
    }
}

/// The key file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorityFile {
    format: String,
    name: String,
    country: String,
    demo: bool,
    algorithm: Algorithm,
    kid: String,
    private_key: String,
    status_uri: String,
}

impl Drop for AuthorityFile {
    fn drop(&mut self) {
        self.private_key.zeroize();
    }
}

/// A P-256 scalar from a seed: the seed itself, or, once in 2^32, a digest of it.
fn p256_from_seed(seed: &[u8; 32]) -> p256::ecdsa::SigningKey {
    let mut candidate = Zeroizing::new(*seed);
    loop {
        match p256::ecdsa::SigningKey::from_slice(candidate.as_slice()) {
            Ok(key) => return key,
            Err(_) => *candidate = Sha256::digest(candidate.as_slice()).into(),
        }
    }
}

fn check_name(name: &str) -> Result<(), Error> {
    let length = name.chars().count();
    if name.trim().is_empty() || length > MAX_NAME || name.chars().any(char::is_control) {
        return Err(Error::field("issuer", format!("must be a name of 1 to {MAX_NAME} characters")));
    }
    Ok(())
}

/// ISO 3166-1 alpha-2 in form, and none that verifiers refuse; the list of countries changes
/// too often to be frozen here.
pub(crate) fn check_country(field: &'static str, country: &str) -> Result<(), Error> {
    if country.len() != 2 || !is_country(country) {
        return Err(Error::field(field, "must be two capital letters of a country (ISO 3166-1), such as RU"));
    }
    Ok(())
}

fn check_uri(uri: &str) -> Result<(), Error> {
    let printable = uri.bytes().all(|byte| byte.is_ascii_graphic());
    if uri.is_empty() || uri.len() > MAX_URI || !printable || !uri.contains(':') {
        return Err(Error::field(
            "status_uri",
            format!("must be an absolute URI of at most {MAX_URI} characters"),
        ));
    }
    Ok(())
}

/// Where a JSON error is, without the text around it: that could be the private key.
fn json_problem(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}
