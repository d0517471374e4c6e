//! Contents signed, and written in the form of each format. The keys are made from fixed bytes.

use std::io::Write as _;

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes128Gcm, Nonce};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ciborium::Value;
use ed25519_dalek::Signer as _;
use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};

/// The id that messages name their key by.
pub const KID: &[u8] = b"fuzz";
/// How many forms there are.
pub const FORMS: usize = 8;
/// The key that encrypted passes are opened by.
pub const CONTENT_KEY: [u8; 16] = [7; 16];
/// Stands for a signer's certificate: one that is in the key set by its hash is not read.
pub const CERTIFICATE: &[u8] = b"certificate";

/// The form of a number below [`FORMS`].
pub fn text(form: usize, content: &[u8]) -> String {
    match form {
        0 => format!("HC1:{}", base45::encode(zlib(&sign1(-8, content)))),
        1 => format!("LT1:{}", base45::encode(zlib(&sign1(-8, content)))),
        2 => format!("NZCP:/1/{}", base32(&sign1(-7, content))),
        3 => format!("shc:/{}", digits(&jws(content))),
        4 => format!("PP1:{}", base45::encode(zlib(&sign1(-8, content)))),
        5 => seal(content),
        6 => base45::encode(zlib(&encrypt0(&sign1(-8, content)))),
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

/// COSE_Encrypt0 (RFC 9052 §5.2), all of its headers unprotected.
fn encrypt0(content: &[u8]) -> Vec<u8> {
    let iv = [0; 12];
    let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
    let aad = encode(&Value::Array(vec!["Encrypt0".into(), bytes(&[]), bytes(&[])]));
    let aes = Aes128Gcm::new_from_slice(&CONTENT_KEY).expect("a key of 128 bits");
    let payload = Payload { msg: content, aad: &aad };
    let ciphertext = aes.encrypt(&Nonce::from(iv), payload).expect("short enough");
    let headers = Value::Map(vec![(1.into(), 1.into()), (5.into(), bytes(&iv))]);
    encode(&Value::Tag(16, Box::new(Value::Array(vec![bytes(&[]), headers, bytes(&ciphertext)]))))
}

/// ICAO VDS-NC over JSON; over what is none, nothing can be signed, and it is judged as it is.
fn seal(content: &[u8]) -> String {
    let Ok(data) = serde_json::from_slice::<serde_json::Value>(content) else {
        return String::from_utf8_lossy(content).into_owned();
    };
    // serde_json sorts members and writes whole numbers and strings as RFC 8785 wants them.
    let signature = BASE64_URL_SAFE_NO_PAD.encode(es256(data.to_string().as_bytes()));
    let certificate = BASE64_URL_SAFE_NO_PAD.encode(CERTIFICATE);
    serde_json::json!({
        "data": data, "sig": { "alg": "ES256", "cer": certificate, "sigvl": signature },
    })
    .to_string()
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
