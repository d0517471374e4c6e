use ed25519_dalek::{Signer as _, VerifyingKey};
use proptest::prelude::*;

use super::*;
use crate::testing::{ed25519, hex, p256};

const MESSAGE: &[u8] = b"message";

fn ed25519_key() -> PublicKey {
    PublicKey::Ed25519(ed25519().verifying_key())
}

fn p256_key() -> PublicKey {
    PublicKey::P256(*p256().verifying_key())
}

fn es256() -> Vec<u8> {
    let signature: p256::ecdsa::Signature = p256().sign(MESSAGE);
    signature.to_bytes().to_vec()
}

#[test]
fn good_signatures_hold_and_for_their_message_only() {
    let eddsa = ed25519().sign(MESSAGE).to_bytes();
    for (key, signature) in [(ed25519_key(), eddsa.to_vec()), (p256_key(), es256())] {
        assert!(holds(&key, MESSAGE, &signature));
        assert!(!holds(&key, b"massage", &signature));
    }
}

#[test]
fn es256_with_r_or_s_zero_is_refused() {
    let good = es256();
    let zero = [0; 32];
    let order = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    for (r, s) in [
        (&zero[..], &good[32..]),
        (&good[..32], &zero),
        (&zero, &zero),
        (&order, &good[32..]),
        (&good[..32], &order),
    ] {
        assert!(!holds(&p256_key(), MESSAGE, &[r, s].concat()));
    }
}

#[test]
fn es256_is_64_bytes_and_not_der() {
    let signature: p256::ecdsa::Signature = p256().sign(MESSAGE);
    assert!(!holds(&p256_key(), MESSAGE, signature.to_der().as_bytes()));
    for length in [0, 1, 63, 65, 96, 1000] {
        assert!(!holds(&p256_key(), MESSAGE, &vec![1; length]), "{length}");
    }
}

/// The order of the base point, little-endian (RFC 8032 §5.1).
const L: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

#[test]
fn eddsa_with_s_not_below_the_order_is_refused() {
    let good = ed25519().sign(MESSAGE).to_bytes();
    let mut carry = 0;
    let s: Vec<u8> = good[32..]
        .iter()
        .zip(hex(L))
        .map(|(a, b)| {
            let sum = u16::from(*a) + u16::from(b) + carry;
            carry = sum >> 8;
            sum as u8
        })
        .collect();
    assert!(!holds(&ed25519_key(), MESSAGE, &[&good[..32], &s].concat()), "S + L");
    assert!(!holds(&ed25519_key(), MESSAGE, &[&good[..32], &hex(L)].concat()), "S = L");
}

/// The eight points of small order (torsion), encoded canonically.
const SMALL_ORDER: [&str; 8] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
];

#[test]
fn eddsa_under_a_key_of_small_order_is_refused() {
    let identity = hex(SMALL_ORDER[0]);
    let mut fooled = 0;
    for point in SMALL_ORDER {
        let point: [u8; 32] = hex(point).try_into().unwrap();
        let key = VerifyingKey::from_bytes(&point).unwrap();
        for r in SMALL_ORDER {
            let bytes = [hex(r), vec![0; 32]].concat();
            let signature = ed25519_dalek::Signature::from_slice(&bytes).unwrap();
            fooled += usize::from(ed25519_dalek::Verifier::verify(&key, MESSAGE, &signature).is_ok());
            assert!(!holds(&PublicKey::Ed25519(key), MESSAGE, &bytes));
        }
    }
    assert!(fooled > 0, "the attack works against a verifier that is not strict");
    assert!(!holds(&ed25519_key(), MESSAGE, &[identity, vec![0; 32]].concat()), "R of small order");
}

#[test]
fn rsa_keys_too_small_or_too_large_are_refused() {
    for (bytes, allowed) in [(128, false), (256, true), (1024, true), (1025, false)] {
        let mut modulus = vec![0xff; bytes];
        modulus[0] = 0x80;
        let n = rsa::BoxedUint::from_be_slice_vartime(&modulus);
        assert_eq!(RSA_BITS.contains(&n.bits()), allowed, "{bytes}");
    }
}

#[test]
fn algorithms_fit_one_kind_of_key() {
    assert!(Algorithm::EdDsa.fits(&ed25519_key()) && Algorithm::Es256.fits(&p256_key()));
    assert!(!Algorithm::Es256.fits(&ed25519_key()) && !Algorithm::EdDsa.fits(&p256_key()));
    assert!(!Algorithm::Ps256.fits(&ed25519_key()) && !Algorithm::Ps256.fits(&p256_key()));
}

proptest! {
    #[test]
    fn no_bytes_make_a_signature(bytes: Vec<u8>) {
        prop_assert!(!holds(&ed25519_key(), MESSAGE, &bytes));
        prop_assert!(!holds(&p256_key(), MESSAGE, &bytes));
    }
}
