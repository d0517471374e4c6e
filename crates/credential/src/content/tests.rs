use ciborium::Value;

use super::*;
use crate::testing::encode;

const BYTES: [u8; 16] = *b"\xfb\xff0123456789abcd";

fn key(kid: Option<&[u8]>, bytes: &[u8]) -> Result<ContentKey, NoContentKey> {
    ContentKey::new(kid.map(|kid| Kid(kid.to_vec())), Zeroizing::new(bytes.to_vec()))
}

fn cose(parameters: &[(i64, Value)]) -> Vec<u8> {
    let pairs = parameters.iter().map(|(label, value)| ((*label).into(), value.clone())).collect();
    encode(&Value::Map(pairs))
}

#[test]
fn a_key_is_read_in_each_of_its_forms() {
    let raw = key(None, &BYTES).unwrap();
    let hex = Kid(BYTES.to_vec()).to_string();
    for text in [
        hex.clone(),
        format!("  {}\r\n", hex.to_uppercase()),
        "+/8wMTIzNDU2Nzg5YWJjZA==".to_owned(),
        "-_8wMTIzNDU2Nzg5YWJjZA".to_owned(),
    ] {
        assert_eq!(ContentKey::read(text.as_bytes()), Ok(raw.clone()), "{text}");
    }
    let bytes = Value::Bytes(BYTES.to_vec());
    let bare = cose(&[(1, 4.into()), (-1, bytes.clone())]);
    assert_eq!(ContentKey::read(&bare), Ok(raw));
    let named = cose(&[
        (1, 4.into()),
        (2, Value::Bytes(b"a".to_vec())),
        (3, 1.into()),
        (4, Value::Array(vec![3.into(), 4.into()])),
        (-1, bytes),
    ]);
    assert_eq!(ContentKey::read(&named), key(Some(b"a"), &BYTES));
}

#[test]
fn what_is_no_content_key_is_said_to_be_none() {
    let bytes = || Value::Bytes(BYTES.to_vec());
    let table: [(Vec<u8>, &str); 13] = [
        (b"".into(), "neither"),
        (b"no key!".into(), "neither"),
        (b"0123".into(), "not 16, 24 or 32"),
        ("00".repeat(33).into(), "not 16, 24 or 32"),
        ("0".repeat(31).into(), "not 16, 24 or 32"),
        (vec![b'0'; MAX_CONTENT_KEY_FILE + 1], "longer"),
        (cose(&[(1, 2.into()), (-1, bytes())]), "not symmetric"),
        (cose(&[(1, 4.into())]), "without its key"),
        (cose(&[(1, 4.into()), (-1, Value::Bytes(vec![0; 15]))]), "not 16, 24 or 32"),
        (cose(&[(1, 4.into()), (3, 3.into()), (-1, bytes())]), "something else"),
        (cose(&[(1, 4.into()), (3, "A128GCM".into()), (-1, bytes())]), "something else"),
        (cose(&[(1, 4.into()), (4, Value::Array(vec![3.into()])), (-1, bytes())]), "not for decrypting"),
        (cose(&[(1, 4.into()), (2, "a".into()), (-1, bytes())]), "no byte string"),
    ];
    for (file, fault) in table {
        let told = ContentKey::read(&file).unwrap_err().to_string();
        assert!(told.contains(fault), "{fault}: {told}");
    }
    assert!(key(Some(b""), &BYTES).is_err());
    assert!(key(Some(&[1; MAX_CONTENT_KID]), &BYTES).is_ok());
    assert!(key(Some(&[1; MAX_CONTENT_KID + 1]), &BYTES).is_err());
}

#[test]
fn a_set_is_bounded_and_has_each_key_once() {
    let many = |count: usize| (0..count).map(|n| key(None, &[n as u8; 16]).unwrap()).collect::<Vec<_>>();
    assert_eq!(ContentKeys::new(many(MAX_CONTENT_KEYS)).unwrap().keys().len(), MAX_CONTENT_KEYS);
    assert!(ContentKeys::new(many(MAX_CONTENT_KEYS + 1)).is_err());
    let one = many(1).remove(0);
    assert!(ContentKeys::new(vec![one.clone(), one.clone()]).is_err());
    assert!(ContentKeys::new(vec![one.clone(), one.with_kid(Kid(vec![1])).unwrap()]).is_ok());
}

#[test]
fn a_key_is_shown_nowhere() {
    let key = key(Some(b"\x01"), &BYTES).unwrap();
    let shown = format!("{key:?} {:?} {}", ContentKeys::new(vec![key.clone()]), key.fingerprint());
    assert!(shown.contains("Kid(01)") && shown.contains("A128"), "{shown}");
    assert!(!shown.contains("251") && !shown.contains("fbff") && !shown.contains("0123456789"), "{shown}");
    assert_eq!(key.fingerprint().len(), 16);
}
