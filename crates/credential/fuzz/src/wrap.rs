//! Contents signed, and written in the form of each format. The keys are made from fixed bytes.

use std::io::Write as _;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ciborium::Value;
use ed25519_dalek::Signer as _;
use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};

/// The id that messages name their key by.
pub const KID: &[u8] = b"fuzz";
/// How many forms there are.
pub const FORMS: usize = 5;

/// The form of a number below [`FORMS`].
pub fn text(form: usize, content: &[u8]) -> String {
    match form {
        0 => format!("HC1:{}", base45::encode(zlib(&sign1(-8, content)))),
        1 => format!("LT1:{}", base45::encode(zlib(&sign1(-8, content)))),
        2 => format!("NZCP:/1/{}", base32(&sign1(-7, content))),
        3 => format!("shc:/{}", digits(&jws(content))),
        _ => base45::encode(zlib(&sign1(-8, content))),
    }
}

/// See the module.
pub fn ed25519() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[7; 32])
}

/// See the module.
pub fn p256() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a key")
}

/// COSE_Sign1 (RFC 9052 §4.2).
fn sign1(alg: i64, content: &[u8]) -> Vec<u8> {
    let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
    let protected = encode(&Value::Map(vec![(1.into(), alg.into()), (4.into(), bytes(KID))]));
    let parts = vec!["Signature1".into(), bytes(&protected), bytes(&[]), bytes(content)];
    let signed = encode(&Value::Array(parts));
    let signature = if alg == -8 { ed25519().sign(&signed).to_bytes().to_vec() } else { es256(&signed) };
    encode(&Value::Array(vec![bytes(&protected), Value::Map(vec![]), bytes(content), bytes(&signature)]))
}

/// Compact JWS (RFC 7515 §3.1) over the deflated content.
fn jws(content: &[u8]) -> String {
    let mut deflate = DeflateEncoder::new(vec![], Compression::fast());
    let content = deflate.write_all(content).and_then(|()| deflate.finish()).expect("into memory");
    let base64 = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let header = br#"{"alg":"ES256","zip":"DEF","kid":"fuzz"}"#;
    let signed = format!("{}.{}", base64(header), base64(&content));
    let signature = base64(&es256(signed.as_bytes()));
    format!("{signed}.{signature}")
}

fn es256(signed: &[u8]) -> Vec<u8> {
    let signature: p256::ecdsa::Signature = p256::ecdsa::signature::Signer::sign(&p256(), signed);
    signature.to_bytes().to_vec()
}

fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = vec![];
    ciborium::into_writer(value, &mut bytes).expect("into memory");
    bytes
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut zlib = ZlibEncoder::new(vec![], Compression::fast());
    zlib.write_all(bytes).and_then(|()| zlib.finish()).expect("into memory")
}

/// RFC 4648 §6, without padding.
fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1));
    let value = |at: usize| (0..5).fold(0, |value, next| value << 1 | bit(at * 5 + next));
    (0..(bytes.len() * 8).div_ceil(5)).map(|at| char::from(ALPHABET[value(at)])).collect()
}

fn digits(text: &str) -> String {
    text.bytes().map(|byte| format!("{:02}", byte - 45)).collect()
}
