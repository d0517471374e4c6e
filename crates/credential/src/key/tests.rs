use super::*;
use crate::testing::{ed25519, p256, p384};

#[test]
fn a_key_is_the_same_with_its_second_half_and_without() {
    let [ed, other_ed] = [ed25519(), ed25519_dalek::SigningKey::from_bytes(&[8; 32])]
        .map(|key| PublicKey::Ed25519(key.verifying_key().into()));
    let p256 = |compressed| {
        PublicKey::P256(Lazy::unread(p256().verifying_key().to_sec1_point(compressed).as_bytes()))
    };
    let p384 = |compressed| {
        PublicKey::P384(Lazy::unread(p384().verifying_key().to_sec1_point(compressed).as_bytes()))
    };
    let other = p256::ecdsa::SigningKey::from_slice(&[8; 32]).unwrap();
    let other = PublicKey::P256((*other.verifying_key()).into());
    let broken = PublicKey::P256(Lazy::unread(&[2; 33]));
    for (one, two, same) in [
        (&ed, &ed, true),
        (&ed, &other_ed, false),
        (&p256(true), &p256(false), true),
        (&p256(false), &p256(false), true),
        (&p384(true), &p384(false), true),
        (&p256(false), &p384(false), false),
        (&p256(true), &other, false),
        (&broken, &p256(false), false),
    ] {
        assert_eq!((one.is_same(two), two.is_same(one)), (same, same), "{one:?} {two:?}");
    }
}
