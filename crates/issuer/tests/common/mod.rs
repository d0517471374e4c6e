//! What several tests need: authorities, records, and a reader of passes of their own.
#![allow(dead_code)] // each test binary uses its part

use std::io::Read as _;

use ciborium::Value;
use coset::{CoseSign1, TaggedCborSerializable as _};
use issuer::{Algorithm, Authority, BirthDate, Facts, Record, Recovery, TestResult, Vaccination};
use time::macros::{date, datetime};

pub const NOW: i64 = 1_795_000_000;
pub const STATUS: &str = "https://passes.example/status/1";

pub fn authority(algorithm: Algorithm) -> Authority {
    Authority::generate("Test Authority", "RU", algorithm, [7; 32], true, STATUS).unwrap()
}

pub fn vaccination() -> Record {
    let dose = Vaccination::sputnik_v(2, 2, date!(2026 - 11 - 01));
    Record::new("Щербакова", "Юлия Сергеевна", born("1984-03-17"), Facts::Vaccination(dose))
}

pub fn test() -> Record {
    let test = TestResult::negative_pcr(datetime!(2026-11-18 08:30 +3), "Поликлиника № 5");
    Record::new("Müller", "Jörg", born("1990-12"), Facts::Test(test))
}

pub fn recovery() -> Record {
    let recovery = Recovery {
        first_positive: date!(2026 - 09 - 02),
        from: date!(2026 - 09 - 13),
        until: date!(2027 - 03 - 01),
    };
    Record::new("Ёлкин", "Пётр", born("1957"), Facts::Recovery(recovery))
}

pub fn born(text: &str) -> BirthDate {
    BirthDate::parse(text).unwrap()
}

/// A pass read back without the code that wrote it, its signature checked.
pub struct Decoded {
    pub cose: CoseSign1,
    pub payload: Vec<u8>,
    pub claims: Value,
}

pub fn decode(authority: &Authority, text: &str) -> Decoded {
    let compressed = base45::decode(text.strip_prefix("HC1:").unwrap()).unwrap();
    let mut bytes = Vec::new();
    flate2::read::ZlibDecoder::new(compressed.as_slice()).read_to_end(&mut bytes).unwrap();
    let cose = CoseSign1::from_tagged_slice(&bytes).unwrap();
    cose.verify_signature(&[], |signature, message| check(authority, signature, message)).unwrap();
    let payload = cose.payload.clone().unwrap();
    let claims = ciborium::from_reader(payload.as_slice()).unwrap();
    Decoded { cose, payload, claims }
}

fn check(authority: &Authority, signature: &[u8], message: &[u8]) -> Result<(), String> {
    use p256::ecdsa::signature::Verifier as _;
    match authority.issuer_key().key {
        credential::PublicKey::Ed25519(key) => {
            let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|e| e.to_string())?;
            key.get().unwrap().verify_strict(message, &signature).map_err(|e| e.to_string())
        }
        credential::PublicKey::P256(key) => {
            let signature = p256::ecdsa::Signature::from_slice(signature).map_err(|e| e.to_string())?;
            key.get().unwrap().verify(message, &signature).map_err(|e| e.to_string())
        }
        credential::PublicKey::P384(_) | credential::PublicKey::Rsa(_) => {
            Err("no authority of ours has such a key".into())
        }
    }
}

/// The value under a path of integer and text keys.
pub fn at<'a>(value: &'a Value, path: &[Key<'_>]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| match key {
        Key::Int(number) => entry(value, &Value::Integer((*number).into())),
        Key::Text(name) => entry(value, &Value::Text((*name).into())),
        Key::Place(place) => value.as_array()?.get(*place),
    })
}

pub enum Key<'a> {
    Int(i64),
    Text(&'a str),
    Place(usize),
}

/// A text of the DCC payload, such as `["nam", "fnt"]`.
pub fn dcc_text<'a>(claims: &'a Value, path: &[&str]) -> Option<&'a str> {
    let start = [Key::Int(-260), Key::Int(1)];
    at(at(claims, &start)?, &path.iter().map(|name| Key::Text(name)).collect::<Vec<_>>())?.as_text()
}

/// A text of the only entry of `v`, `t` or `r`.
pub fn entry_text<'a>(claims: &'a Value, group: &str, key: &str) -> Option<&'a str> {
    let path = [Key::Int(-260), Key::Int(1), Key::Text(group), Key::Place(0), Key::Text(key)];
    at(claims, &path)?.as_text()
}

pub fn number(claims: &Value, path: &[Key<'_>]) -> Option<i64> {
    at(claims, path)?.as_integer()?.try_into().ok()
}

fn entry<'a>(value: &'a Value, wanted: &Value) -> Option<&'a Value> {
    value.as_map()?.iter().find(|(key, _)| key == wanted).map(|(_, value)| value)
}
