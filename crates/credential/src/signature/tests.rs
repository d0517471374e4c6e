use ed25519_dalek::{Signer as _, VerifyingKey};
use p384::ecdsa::signature::hazmat::PrehashSigner as _;
use proptest::prelude::*;

use super::*;
use crate::testing::{ed25519, hex, p256, p384};

const MESSAGE: &[u8] = b"message";

fn ed25519_key() -> PublicKey {
    PublicKey::Ed25519(ed25519().verifying_key().into())
}

fn p256_key() -> PublicKey {
    PublicKey::P256((*p256().verifying_key()).into())
}

fn p384_key() -> PublicKey {
    PublicKey::P384((*p384().verifying_key()).into())
}

fn es256() -> Vec<u8> {
    let signature: p256::ecdsa::Signature = p256().sign(MESSAGE);
    signature.to_bytes().to_vec()
}

/// With SHA-256, as ES256 wants it.
fn es256_p384() -> p384::ecdsa::Signature {
    p384().sign_prehash(&Sha256::digest(MESSAGE)).unwrap()
}

fn on_p384() -> Vec<u8> {
    es256_p384().to_bytes().to_vec()
}

#[test]
fn good_signatures_hold_and_for_their_message_only() {
    let eddsa = ed25519().sign(MESSAGE).to_bytes();
    for (key, signature) in [(ed25519_key(), eddsa.to_vec()), (p256_key(), es256()), (p384_key(), on_p384())]
    {
        assert!(holds(&key, MESSAGE, &signature));
        assert!(!holds(&key, b"massage", &signature));
    }
}

/// RFC 6979 appendix A.2.6: P-384, the message "sample", with SHA-256 and with SHA-384.
#[test]
fn es256_on_p384_is_that_of_the_published_vector() {
    let point = "04 ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13
                 8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720";
    let sha256 = "21b13d1e013c7fa1392d03c5f99af8b30c570c6f98d4ea8e354b63a21d3daa33bde1e888e63355d92fa2b3c36d8fb2cd
                  f3aa443fb107745bf4bd77cb3891674632068a10ca67e3d45db2266fa7d1feebefdc63eccd1ac42ec0cb8668a4fa0ab0";
    let sha384 = "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46
                  99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8";
    let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(&hex(point)).unwrap();
    let (sha256, sha384) = (hex(sha256), hex(sha384));
    assert!(key.verify(b"sample", &p384::ecdsa::Signature::from_slice(&sha384).unwrap()).is_ok());
    assert!(holds(&PublicKey::P384(key.into()), b"sample", &sha256));
    assert!(!holds(&PublicKey::P384(key.into()), b"sample", &sha384), "another hash is another algorithm");
}

const P256_ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const P384_ORDER: &str = "ffffffffffffffffffffffffffffffffffffffffffffffff\
                          c7634d81f4372ddf581a0db248b0a77aecec196accc52973";

#[test]
fn es256_with_r_or_s_zero_or_not_below_the_order_is_refused() {
    for (key, good, order) in [(p256_key(), es256(), P256_ORDER), (p384_key(), on_p384(), P384_ORDER)] {
        let order = hex(order);
        let (r, s) = good.split_at(order.len());
        let zero = vec![0; order.len()];
        let bad = [(&zero[..], s), (r, &zero), (&zero, &zero), (&order, s), (r, &order), (&order, &order)];
        for (r, s) in bad {
            assert!(!holds(&key, MESSAGE, &[r, s].concat()), "{key:?}");
        }
    }
}

#[test]
fn es256_is_as_long_as_its_curve_says_and_not_der() {
    let p256: p256::ecdsa::Signature = p256().sign(MESSAGE);
    let table = [
        (p256_key(), es256(), p256.to_der().as_bytes().to_vec()),
        (p384_key(), on_p384(), es256_p384().to_der().as_bytes().to_vec()),
    ];
    for (key, good, der) in table {
        assert!(!holds(&key, MESSAGE, &der));
        for length in [0, 1, 63, 64, 65, 95, 96, 97, 128, 1000] {
            assert!(!holds(&key, MESSAGE, &vec![1; length]), "{length}");
        }
        let (r, s) = good.split_at(good.len() / 2);
        let zero = &[0][..];
        for other in [[r, s, zero].concat(), [zero, r, zero, s].concat(), [r, &s[..s.len() - 1]].concat()] {
            assert!(!holds(&key, MESSAGE, &other), "{} bytes", other.len());
        }
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
            assert!(!holds(&PublicKey::Ed25519(key.into()), MESSAGE, &bytes));
        }
    }
    assert!(fooled > 0, "the attack works against a verifier that is not strict");
    assert!(!holds(&ed25519_key(), MESSAGE, &[identity, vec![0; 32]].concat()), "R of small order");
}

/// Under the exponent 1 a signature is what it proves, so that anybody can make one. No
/// import takes such a key; here it stands for a key of any size that really signed.
fn rsa_key(bytes: usize) -> PublicKey {
    let n = rsa::BoxedUint::from_be_slice_vartime(&vec![0xff; bytes]);
    PublicKey::Rsa(rsa::RsaPublicKey::new_unchecked(n, rsa::BoxedUint::one()).into())
}

/// EMSA-PSS-ENCODE (RFC 8017 §9.1.1) with SHA-256 and a salt of 32 bytes.
fn pss_encoded(message: &[u8], bytes: usize) -> Vec<u8> {
    let salt = [5; 32];
    let hash = Sha256::digest([&[0; 8][..], &Sha256::digest(message), &salt].concat());
    let mut masked = [vec![0; bytes - 66], vec![1], salt.to_vec()].concat();
    let mask = (0_u32..).flat_map(|counter| Sha256::digest([&hash[..], &counter.to_be_bytes()].concat()));
    masked.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    masked[0] &= 0x7f;
    [&masked[..], &hash, &[0xbc]].concat()
}

#[test]
fn rsa_keys_too_small_or_too_large_are_refused() {
    for (bytes, allowed) in
        [(128, false), (255, false), (256, true), (512, true), (513, false), (1024, false)]
    {
        let signature = pss_encoded(MESSAGE, bytes);
        assert_eq!(holds(&rsa_key(bytes), MESSAGE, &signature), allowed, "{bytes}");
        assert!(!holds(&rsa_key(bytes), b"massage", &signature));
    }
}

#[test]
fn algorithms_fit_one_kind_of_key() {
    let table = [
        (ed25519_key(), Algorithm::EdDsa),
        (p256_key(), Algorithm::Es256),
        (p384_key(), Algorithm::Es256),
        (rsa_key(256), Algorithm::Ps256),
    ];
    for (key, fitting) in table {
        for algorithm in [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Ps256] {
            assert_eq!(algorithm.fits(&key), algorithm == fitting, "{key:?}");
        }
    }
}

/// A signature by one kind of key, held against every other.
#[test]
fn no_signature_holds_under_another_kind_of_key() {
    let eddsa = ed25519().sign(MESSAGE).to_bytes().to_vec();
    let signatures = [eddsa, es256(), on_p384()];
    let keys = [ed25519_key(), p256_key(), p384_key(), rsa_key(256)];
    for (by, signature) in signatures.iter().enumerate() {
        for (at, key) in keys.iter().enumerate() {
            assert_eq!(holds(key, MESSAGE, signature), by == at, "{by} {at}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_signature(bytes: Vec<u8>) {
        prop_assert!(!holds(&ed25519_key(), MESSAGE, &bytes));
        prop_assert!(!holds(&p256_key(), MESSAGE, &bytes));
        prop_assert!(!holds(&p384_key(), MESSAGE, &bytes));
    }

    #[test]
    fn no_bytes_of_the_right_length_make_a_signature(bytes in proptest::collection::vec(any::<u8>(), 96)) {
        prop_assert!(!holds(&ed25519_key(), MESSAGE, &bytes[..64]));
        prop_assert!(!holds(&p256_key(), MESSAGE, &bytes[..64]));
        prop_assert!(!holds(&p384_key(), MESSAGE, &bytes));
    }
}
