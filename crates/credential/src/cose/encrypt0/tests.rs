use proptest::prelude::*;

use super::*;
use crate::testing::{encode, header, hex};
use aes_gcm::aead::Payload;
use zeroize::Zeroizing;

const NONCE: [u8; 12] = [7; 12];
const PLAIN: &[u8] = b"what is in it";

fn content_keys(keys: &[(Option<&[u8]>, &[u8])]) -> ContentKeys {
    let key = |(kid, bytes): &(Option<&[u8]>, &[u8])| {
        ContentKey::new(kid.map(|kid| Kid(kid.to_vec())), Zeroizing::new(bytes.to_vec())).unwrap()
    };
    ContentKeys::new(keys.iter().map(key).collect()).unwrap()
}

fn unprotected(parameters: &[(i64, Value)]) -> Value {
    Value::Map(parameters.iter().map(|(label, value)| ((*label).into(), value.clone())).collect())
}

fn iv() -> (i64, Value) {
    (IV, Value::Bytes(NONCE.to_vec()))
}

/// The additional data is built by `ciborium`, not by the code under test.
fn encrypted(protected: &[u8], unprotected: Value, key: &[u8]) -> Vec<u8> {
    let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
    let aad = encode(&Value::Array(vec!["Encrypt0".into(), bytes(protected), bytes(&[])]));
    let payload = Payload { msg: PLAIN, aad: &aad };
    let nonce = Nonce::from(NONCE);
    let ciphertext = match key.len() {
        16 => Aes128Gcm::new_from_slice(key).unwrap().encrypt(&nonce, payload),
        24 => AesGcm::<Aes192, U12>::new_from_slice(key).unwrap().encrypt(&nonce, payload),
        _ => Aes256Gcm::new_from_slice(key).unwrap().encrypt(&nonce, payload),
    };
    message(vec![bytes(protected), unprotected, bytes(&ciphertext.unwrap())])
}

fn message(fields: Vec<Value>) -> Vec<u8> {
    encode(&Value::Tag(TAG_ENCRYPT0, Value::Array(fields).into()))
}

fn opened(message: &[u8], keys: &ContentKeys) -> Result<Vec<u8>, Stop> {
    Encrypt0::parse(message)?.open(keys, Format::Claim169)
}

fn reason(message: &[u8], keys: &ContentKeys) -> &'static str {
    match opened(message, keys) {
        Ok(plaintext) => {
            assert_eq!(plaintext, PLAIN);
            "opened"
        }
        Err(Stop::Refused(refusal)) => refusal.describe().1,
        Err(Stop::CannotTell(doubt)) => doubt.describe().1,
    }
}

#[test]
fn each_length_of_key_opens_its_own_algorithm_and_no_other() {
    let lengths = [(1, 16), (2, 24), (3, 32)];
    for (alg, length) in lengths {
        let key = vec![9; length];
        let message = encrypted(&encode(&header(alg)), unprotected(&[iv()]), &key);
        for (_, other) in lengths {
            let expected = if other == length { "opened" } else { "encrypted" };
            assert_eq!(
                reason(&message, &content_keys(&[(None, &vec![9; other])])),
                expected,
                "{alg} {other}"
            );
        }
        let in_a_cwt = [b"\xd8\x3d", &message[..]].concat();
        assert!(Encrypt0::is_one(&message) && Encrypt0::is_one(&in_a_cwt));
        assert_eq!(reason(&in_a_cwt, &content_keys(&[(None, &key)])), "opened");
    }
}

/// aes-gcm-enc-01 of the COSE working group's examples.
#[test]
fn the_example_of_the_working_group_opens() {
    let message =
        hex("d08343a10101a1054c02d1f7e6f26c43d4868d87ce5824 60973a94bb2898009ee52ecfd9ab1dd25867374b \
                       162e2c03568b41f57c3cc16f9166250a");
    let key = hex("849b57219dae48de646d07dbb533566e");
    assert_eq!(opened(&message, &content_keys(&[(None, &key)])), Ok(b"This is the content.".to_vec()));
}

#[test]
fn a_key_id_says_which_key_is_tried_and_proves_nothing() {
    let named = |kid: &[u8]| unprotected(&[iv(), (KID, Value::Bytes(kid.to_vec()))]);
    let (key, wrong) = (&[1; 32][..], &[2; 32][..]);
    let protected = encode(&unprotected(&[(ALG, 3.into())]));
    let to_a = encrypted(&protected, named(b"a"), key);
    let to_nobody = encrypted(&protected, unprotected(&[iv()]), key);
    let (a, b): (Option<&[u8]>, Option<&[u8]>) = (Some(b"a"), Some(b"b"));
    let table: [(&[_], _, _); 8] = [
        (&[], "encrypted", "encrypted"),
        (&[(a, key)], "opened", "opened"),
        (&[(None, key)], "opened", "opened"),
        (&[(b, key)], "encrypted", "opened"),
        (&[(a, wrong)], "not_decrypted", "encrypted"),
        (&[(None, wrong)], "encrypted", "encrypted"),
        // Two share an id: both are tried.
        (&[(a, wrong), (a, key)], "opened", "opened"),
        (&[(a, wrong), (None, key)], "opened", "opened"),
    ];
    for (keys, with_id, without) in table {
        let keys = content_keys(keys);
        assert_eq!((reason(&to_a, &keys), reason(&to_nobody, &keys)), (with_id, without), "{keys:?}");
    }
}

#[test]
fn what_is_no_encrypt0_is_refused() {
    let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
    let alg = |alg: i64| bytes(&encode(&unprotected(&[(ALG, alg.into())])));
    let of = |header: Value, unprotected| message(vec![header, unprotected, bytes(&[0; 32])]);
    let with_iv = || unprotected(&[iv()]);
    let crit = |label: i64| {
        let list = Value::Array(vec![label.into()]);
        bytes(&encode(&unprotected(&[(ALG, 3.into()), (CRIT, list)])))
    };
    let table = [
        (of(alg(3), unprotected(&[])), "broken_cose"),
        (of(alg(3), unprotected(&[(IV, bytes(&[7; 11]))])), "broken_cose"),
        (of(alg(3), unprotected(&[(IV, bytes(&[7; 13]))])), "broken_cose"),
        (of(alg(3), unprotected(&[(IV, "twelve chars".into())])), "broken_cose"),
        // A partial one needs a context that passes do not have.
        (of(alg(3), unprotected(&[(6, bytes(&[7; 12]))])), "broken_cose"),
        (of(alg(3), unprotected(&[iv(), (ALG, 3.into())])), "duplicate_header"),
        (of(bytes(&[]), with_iv()), "algorithm_missing"),
        (of(alg(10), with_iv()), "algorithm_not_supported"),
        (of(alg(24), with_iv()), "algorithm_not_supported"),
        (of(alg(-8), with_iv()), "algorithm_not_supported"),
        (of(crit(IV), with_iv()), "encrypted"),
        (of(crit(6), with_iv()), "critical_header"),
        (message(vec![alg(3), with_iv(), Value::Null]), "broken_cose"),
        (message(vec![alg(3), with_iv()]), "broken_cose"),
        (message(vec![alg(3), with_iv(), bytes(&[0; 32]), bytes(&[])]), "broken_cose"),
        (message(vec![3.into(), with_iv(), bytes(&[0; 32])]), "broken_cose"),
        (message(vec![alg(3), 3.into(), bytes(&[0; 32])]), "broken_cose"),
        (message(vec![alg(3), with_iv(), bytes(&[0; 15])]), "encrypted"),
    ];
    for (place, (message, expected)) in table.into_iter().enumerate() {
        assert_eq!(reason(&message, &content_keys(&[(None, &[1; 32])])), expected, "{place}");
    }
}

#[test]
fn an_empty_protected_header_is_authenticated_as_none() {
    let alg_outside = || unprotected(&[iv(), (ALG, 1.into())]);
    let message_of = |sent: &[u8]| {
        let sealed = encrypted(&[], alg_outside(), &[1; 16]);
        let Value::Tag(_, array) = cbor::parse(&sealed).unwrap() else { panic!("a tag") };
        let mut fields = array.into_array().unwrap();
        fields[0] = Value::Bytes(sent.to_vec());
        message(fields)
    };
    for sent in [&[][..], b"\xa0", b"\xbf\xff"] {
        assert_eq!(reason(&message_of(sent), &content_keys(&[(None, &[1; 16])])), "opened", "{}", sent.len());
    }
}

#[test]
fn no_bit_of_it_can_be_another() {
    let key = [3; 32];
    let keys = content_keys(&[(None, &key)]);
    let message = encrypted(&hex("a10103"), unprotected(&[iv()]), &key);
    for at in 0..message.len() * 8 {
        let mut changed = message.clone();
        changed[at / 8] ^= 1 << (at % 8);
        // Headers that are not authenticated may turn into others that mean nothing; what is in it stays.
        if let Ok(plaintext) = opened(&changed, &keys) {
            assert_eq!(plaintext, PLAIN, "bit {at}");
        }
    }
    let ciphertext = message.len() - PLAIN.len() - 16;
    for at in ciphertext..message.len() {
        let mut changed = message.clone();
        changed[at] ^= 0x80;
        assert_eq!(reason(&changed, &keys), "encrypted", "byte {at}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Encrypt0::is_one(&bytes);
        let _ = opened(&bytes, &content_keys(&[(None, &[1; 16])]));
    }
}
