//! What tests build their passes with. The keys are made from fixed bytes and trusted nowhere.

use std::io::Write as _;

use ciborium::{Value, cbor};
use ed25519_dalek::Signer as _;

use crate::format::Format;
use crate::key::{IssuerKey, KeySet, Kid, PublicKey, Scope, Usages};
use crate::{Context, InForce, NothingRevoked, Verdict, judge_text};

/// 2021-06-01T00:00:00Z: between `iat` and `exp` of [`claims`].
pub(crate) const NOW: i64 = 1_622_505_600;
pub(crate) const ISSUED: i64 = NOW - 1000;
pub(crate) const EXPIRES: i64 = NOW + 1000;
pub(crate) const KID: &[u8] = b"\x01\x02\x03\x04\x05\x06\x07\x08";

/// Bytes from hexadecimal; spaces are left out.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<_> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}

pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(vec![], flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// `HC1:` text of a COSE message.
pub(crate) fn wrap(message: &[u8]) -> String {
    format!("HC1:{}", ::base45::encode(deflate(message)))
}

pub(crate) fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = vec![];
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

pub(crate) fn ed25519() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[7; 32])
}

pub(crate) fn p256() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap()
}

pub(crate) fn p384() -> p384::ecdsa::SigningKey {
    p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap()
}

/// A key set entry without limits.
pub(crate) fn trusted(kid: &[u8], key: PublicKey) -> IssuerKey {
    IssuerKey {
        kid: Kid(kid.to_vec()),
        key,
        usages: Usages::default(),
        scope: Default::default(),
        validity: None,
        revoked_from: None,
        issuer: "Test authority".to_owned(),
        country: None,
        demo: true,
    }
}

/// [`ed25519`] for the formats of HCERT's container that our own tests write.
pub(crate) fn ed25519_keys() -> KeySet {
    let scope = Scope { formats: vec![Format::Dcc, Format::SwissLight, Format::General], issuer: None };
    KeySet::new(vec![IssuerKey {
        scope,
        ..trusted(KID, PublicKey::Ed25519(ed25519().verifying_key().into()))
    }])
}

/// A vaccination that is good at [`NOW`].
pub(crate) fn dcc() -> Value {
    cbor!({
        "ver" => "1.3.0",
        "nam" => { "fn" => "Mustermann", "gn" => "Erika", "fnt" => "MUSTERMANN", "gnt" => "ERIKA" },
        "dob" => "1964-08-12",
        "v" => [{
            "tg" => "840539006", "vp" => "1119349007", "mp" => "EU/1/20/1528", "ma" => "ORG-100030215",
            "dn" => 2, "sd" => 2, "dt" => "2021-05-29", "co" => "DE", "is" => "RKI", "ci" => "URN:UVCI:01DE/1#A"
        }]
    })
    .unwrap()
}

pub(crate) fn claims() -> Vec<(Value, Value)> {
    let hcert = Value::Map(vec![(1.into(), dcc())]);
    let claims: [(i64, Value); 4] =
        [(1, "DE".into()), (4, EXPIRES.into()), (6, ISSUED.into()), (-260, hcert)];
    claims.into_iter().map(|(key, value)| (key.into(), value)).collect()
}

/// [`claims`] with one of them changed, added, or (by `None`) left out.
pub(crate) fn claims_with(claim: i64, value: Option<Value>) -> Vec<(Value, Value)> {
    let mut claims = claims();
    claims.retain(|(key, _)| *key != Value::from(claim));
    claims.extend(value.map(|value| (claim.into(), value)));
    claims
}

/// [`claims`] around another DCC.
pub(crate) fn claims_of(dcc: Value) -> Vec<(Value, Value)> {
    claims_with(-260, Some(Value::Map(vec![(1.into(), dcc)])))
}

/// A message in the making. Its signature is computed over `signed_protected`.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) protected: Vec<u8>,
    pub(crate) signed_protected: Vec<u8>,
    pub(crate) unprotected: Value,
    pub(crate) payload: Vec<u8>,
}

impl Message {
    pub(crate) fn new(protected: Value) -> Self {
        let protected = encode(&protected);
        let payload = encode(&Value::Map(claims()));
        Self { signed_protected: protected.clone(), protected, unprotected: Value::Map(vec![]), payload }
    }

    pub(crate) fn eddsa() -> Self {
        Self::new(header(-8))
    }

    pub(crate) fn payload(mut self, payload: Vec<u8>) -> Self {
        self.payload = payload;
        self
    }

    pub(crate) fn claims(self, claims: Vec<(Value, Value)>) -> Self {
        let payload = encode(&Value::Map(claims));
        self.payload(payload)
    }

    /// By the `cbor!` macro, not by the code under test.
    pub(crate) fn to_be_signed(&self) -> Vec<u8> {
        let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
        let parts =
            vec!["Signature1".into(), bytes(&self.signed_protected), bytes(&[]), bytes(&self.payload)];
        encode(&Value::Array(parts))
    }

    pub(crate) fn with_signature(&self, signature: &[u8]) -> Value {
        let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
        let fields =
            vec![bytes(&self.protected), self.unprotected.clone(), bytes(&self.payload), bytes(signature)];
        Value::Array(fields)
    }

    pub(crate) fn signed(&self) -> Value {
        self.with_signature(&ed25519().sign(&self.to_be_signed()).to_bytes())
    }

    /// Signed with [`p256`], tagged 18.
    pub(crate) fn by_p256(&self) -> Vec<u8> {
        let signature: p256::ecdsa::Signature = p256().sign(&self.to_be_signed());
        encode(&Value::Tag(18, Box::new(self.with_signature(&signature.to_bytes()))))
    }

    /// Signed with [`ed25519`], tagged 18.
    pub(crate) fn text(&self) -> String {
        wrap(&encode(&Value::Tag(18, Box::new(self.signed()))))
    }
}

/// `{1: alg, 4: KID}`.
pub(crate) fn header(alg: i64) -> Value {
    Value::Map(vec![(1.into(), alg.into()), (4.into(), Value::Bytes(KID.to_vec()))])
}

/// [`ed25519`] and [`p256`] under [`KID`], for this format and issuer.
pub(crate) fn keys_for(format: Format, issuer: Option<&str>) -> KeySet {
    let scope = Scope { formats: vec![format], issuer: issuer.map(str::to_owned) };
    let keys = [
        PublicKey::Ed25519(ed25519().verifying_key().into()),
        PublicKey::P256((*p256().verifying_key()).into()),
        PublicKey::P384((*p384().verifying_key()).into()),
    ];
    KeySet::new(keys.map(|key| IssuerKey { scope: scope.clone(), ..trusted(KID, key) }).into())
}

/// Each character of `text` replaced by each of these: none of that is accepted.
#[track_caller]
pub(crate) fn no_change_is_accepted(text: &str, characters: &str, keys: &KeySet) {
    assert_eq!(judged_by(text, keys).reason(), "accepted");
    for (at, old) in text.char_indices() {
        for new in characters.chars().filter(|new| *new != old) {
            let changed = format!("{}{new}{}", &text[..at], &text[at + old.len_utf8()..]);
            assert_ne!(judged_by(&changed, keys).reason(), "accepted", "{new:?} at {at}");
        }
        assert_ne!(judged_by(&text[..at], keys).reason(), "accepted", "cut at {at}");
    }
}

pub(crate) fn judged(text: &str) -> Verdict {
    judged_by(text, &ed25519_keys())
}

pub(crate) fn judged_by(text: &str, keys: &KeySet) -> Verdict {
    judge_text(text, Context { keys, revocation: &NothingRevoked, policy: InForce::Nothing }, NOW)
}
