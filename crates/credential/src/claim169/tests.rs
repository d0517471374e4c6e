use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use ciborium::Value;
use zeroize::Zeroizing;

use super::*;
use crate::testing::{
    EXPIRES, ISSUED, Message, deflate, encode, header, hex, judged_by, keys_for, no_change_is_accepted,
};
use crate::{ContentKey, ContentKeys, KeySet, Kind};

const ISSUER: &str = "https://mosip.example.org";

fn identity() -> Vec<(Value, Value)> {
    vec![(1.into(), "ID-1".into()), (4.into(), "Jane Doe".into()), (8.into(), "19800102".into())]
}

fn with(key: i64, value: impl Into<Value>) -> Vec<(Value, Value)> {
    let mut identity = identity();
    identity.retain(|(known, _)| *known != Value::from(key));
    identity.push((key.into(), value.into()));
    identity
}

fn claims(identity: Vec<(Value, Value)>) -> Vec<(Value, Value)> {
    let claims: [(i64, Value); 4] =
        [(1, ISSUER.into()), (4, EXPIRES.into()), (6, ISSUED.into()), (169, Value::Map(identity))];
    claims.map(|(key, value)| (key.into(), value)).to_vec()
}

fn wrap(message: &[u8]) -> String {
    ::base45::encode(deflate(message))
}

fn text(identity: Vec<(Value, Value)>) -> String {
    wrap(&encode(&Message::eddsa().claims(claims(identity)).signed()))
}

fn keys() -> KeySet {
    keys_for(Format::Claim169, Some(ISSUER))
}

#[track_caller]
fn check(text: &str, reason: &str) {
    let verdict = judged_by(text, &keys());
    assert_eq!(verdict.reason(), reason, "{:?}", verdict.evidence());
}

#[test]
fn an_identity_says_who_its_holder_is() {
    let mut identity = with(16, Value::Bytes(vec![0xff, 0xd8, 1]));
    identity.push((17.into(), 1.into()));
    let verdict = judged_by(&text(identity), &keys());
    assert_eq!(verdict.reason(), "accepted", "{:?}", verdict.evidence());
    let pass = verdict.pass().unwrap();
    assert_eq!((pass.kind, pass.id.as_str(), pass.issuer.as_deref()), (Kind::Identity, "ID-1", Some(ISSUER)));
    let holder = &pass.holder;
    assert_eq!((holder.family_name.as_str(), holder.date_of_birth.as_str()), ("Jane Doe", "1980-01-02"));
    let photo = Photo { media_type: "image/jpeg", bytes: vec![0xff, 0xd8, 1] };
    assert_eq!(pass.photo, Some(photo));
    let json = pass.claims.to_json();
    assert_eq!(
        (json.get("4"), json.get("16")),
        (Some(&"Jane Doe".into()), None),
        "the photo is no claim for rules"
    );
}

#[test]
fn es256_will_do_and_names_can_come_in_parts() {
    let mut identity = with(5, "Jane");
    identity.extend([(6.into(), "Q.".into()), (7.into(), "Doe".into())]);
    let text = wrap(&Message::new(header(-7)).claims(claims(identity)).by_p256());
    let verdict = judged_by(&text, &keys());
    let holder = &verdict.pass().unwrap().holder;
    assert_eq!((holder.family_name.as_str(), holder.given_name.as_str()), ("Doe", "Jane Q."));
}

#[test]
fn the_whole_name_is_shown_unless_the_family_name_stands_by_itself() {
    for (given, family, shown) in [
        (Some("Jane"), None, ("Jane Doe", "")),
        (None, Some("Doe"), ("Doe", "")),
        (Some("Jane"), Some("Doe"), ("Doe", "Jane")),
        (None, None, ("Jane Doe", "")),
    ] {
        let mut identity = identity();
        identity.extend(given.map(|name| (5.into(), name.into())));
        identity.extend(family.map(|name| (7.into(), name.into())));
        let verdict = judged_by(&text(identity), &keys());
        let holder = &verdict.pass().unwrap().holder;
        assert_eq!((holder.family_name.as_str(), holder.given_name.as_str()), shown);
    }
    let mut given = with(5, "Jane");
    given.retain(|(key, _)| *key != Value::from(4));
    assert_eq!(judged_by(&text(given), &keys()).pass().unwrap().holder.given_name, "Jane");
}

#[test]
fn a_photo_that_cannot_be_shown_is_left_out_and_the_identity_stays() {
    let bytes = |length: usize| Value::Bytes(vec![7; length]);
    for (photo, format, shown) in [
        (bytes(MAX_PHOTO), 1, Some(MAX_PHOTO)),
        (bytes(MAX_PHOTO + 1), 1, None),
        (bytes(9), 2, None),
        ("photo".into(), 1, None),
        (Value::Null, 1, None),
    ] {
        let mut identity = with(16, photo);
        identity.push((17.into(), format.into()));
        let verdict = judged_by(&text(identity), &keys());
        assert_eq!(verdict.reason(), "accepted", "{:?}", verdict.evidence());
        let pass = verdict.pass().unwrap();
        assert_eq!(pass.photo.as_ref().map(|photo| photo.bytes.len()), shown);
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let table = [
        (text(with(4, "")), "schema_violation"),
        (text(with(4, 1)), "schema_violation"),
        (text(with(8, "1980")), "schema_violation"),
        (text(with(8, "19801302")), "schema_violation"),
        (text(with(8, "1980-01-02")), "accepted"),
        (wrap(&[0; 70_000]), "inflated_too_large"),
        (wrap(b"\x00"), "broken_cose"),
        (wrap(&encode(&Message::eddsa().claims(claims(identity())).with_signature(&[]))), "bad_signature"),
        (
            wrap(&encode(&Message::eddsa().claims(claims(identity())).with_signature(&[0; 64]))),
            "bad_signature",
        ),
        (wrap(&encode(&Message::new(header(-37)).signed())), "algorithm_not_supported"),
        (wrap(&encode(&Message::new(header(5)).signed())), "algorithm_not_supported"),
        (wrap(&hex("d08343a10103a1054ca0a1a2a3a4a5a6a7a8a9aaab41ff")), "encrypted"),
        ("6BF".to_owned(), "broken_zlib"),
        ("6BF!".to_owned(), "not_a_certificate"),
        ("6B".to_owned(), "not_a_certificate"),
        ("Z6S96O TPGRN".to_owned(), "not_a_certificate"),
    ];
    for (text, reason) in table {
        check(&text, reason);
    }
    let twice = [identity(), identity()].concat();
    check(&text(twice), "broken_cose");
}

/// COSE_Encrypt0 around `content` for `[5; 32]`, built by ciborium.
fn encrypted(content: &[u8]) -> Vec<u8> {
    let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
    let protected = hex("a10103");
    let aad = encode(&Value::Array(vec!["Encrypt0".into(), bytes(&protected), bytes(&[])]));
    let cipher = Aes256Gcm::new_from_slice(&[5; 32]).unwrap();
    let sealed = cipher.encrypt(&Nonce::from([8; 12]), Payload { msg: content, aad: &aad }).unwrap();
    let iv = Value::Map(vec![(5.into(), bytes(&[8; 12]))]);
    encode(&Value::Tag(16, Value::Array(vec![bytes(&protected), iv, bytes(&sealed)]).into()))
}

fn keys_and(content: &[u8]) -> KeySet {
    let key = ContentKey::new(None, Zeroizing::new(content.to_vec())).unwrap();
    keys().with_content_keys(ContentKeys::new(vec![key]).unwrap())
}

#[test]
fn an_encrypted_identity_is_judged_by_the_signature_that_is_in_it() {
    let signed = encode(&Message::eddsa().claims(claims(identity())).signed());
    let unsigned = encode(&Message::eddsa().claims(claims(identity())).with_signature(&[]));
    let twice = encrypted(&encrypted(&signed));
    let untagged_twice = encrypted(&encrypted(&signed)[1..]);
    let right = keys_and(&[5; 32]);
    let table = [
        (encrypted(&signed), &right, "accepted"),
        (encrypted(&signed), &keys_and(&[6; 32]), "encrypted"),
        (encrypted(&signed), &keys_and(&[5; 16]), "encrypted"),
        (encrypted(&signed), &keys(), "encrypted"),
        (signed.clone(), &right, "accepted"),
        // Whoever has the key can encrypt, and that is no signature.
        (encrypted(&unsigned), &right, "bad_signature"),
        (encrypted(&encode(&Value::Map(claims(identity())))), &right, "broken_cose"),
        (encrypted(b""), &right, "broken_cose"),
        (twice, &right, "broken_cose"),
        (untagged_twice, &right, "broken_cose"),
        (encrypted(&[0; 65_600]), &right, "text_too_long"),
    ];
    for (place, (message, keys, reason)) in table.into_iter().enumerate() {
        let verdict = judged_by(&wrap(&message), keys);
        assert_eq!(verdict.reason(), reason, "{place}: {:?}", verdict.evidence());
    }
    let foreign = KeySet::default().with_content_keys(right.content_keys().clone());
    assert_eq!(judged_by(&wrap(&encrypted(&signed)), &foreign).reason(), "unknown_key");
    let (open, sealed) = (judged_by(&wrap(&signed), &right), judged_by(&wrap(&encrypted(&signed)), &right));
    assert_eq!(open.pass().unwrap().id, sealed.pass().unwrap().id);
    no_change_is_accepted(&wrap(&encrypted(&signed)), "0Z$: a", &right);
}

#[test]
fn times_are_looked_for_and_have_to_be_numbers() {
    for (claim, value, reason) in [
        (4, None, "claim_missing"),
        (6, None, "claim_missing"),
        (169, None, "not_a_certificate"),
        (169, Some(1.into()), "claim_invalid"),
        (4, Some(Value::from(f64::NAN)), "claim_invalid"),
        (4, Some(1.into()), "expired"),
        (1, Some("https://mosip.example.org.evil".into()), "unknown_key"),
        (1, None, "unknown_key"),
    ] {
        let mut claims = claims(identity());
        claims.retain(|(key, _)| *key != Value::from(claim));
        claims.extend(value.map(|value| (claim.into(), value)));
        check(&wrap(&encode(&Message::eddsa().claims(claims).signed())), reason);
    }
}

#[test]
fn no_character_can_be_another() {
    no_change_is_accepted(&text(identity()), "0Z$: a", &keys());
}
