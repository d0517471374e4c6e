//! Which keys are taken, from every form that they come in.

use super::*;

const P256: &[u8] = &[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const P384: &[u8] = &[6, 5, 0x2b, 0x81, 4, 0, 0x22];
const P521: &[u8] = &[6, 5, 0x2b, 0x81, 4, 0, 0x23];

fn ec_info(curve: &[u8], point: &[u8]) -> Vec<u8> {
    spki(&[&[6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1], curve], point)
}

/// As many bits, all of them set.
fn modulus(bits: usize) -> Vec<u8> {
    let mut bytes = vec![0xff; bits.div_ceil(8)];
    bytes[0] >>= bytes.len() * 8 - bits;
    bytes
}

fn rsa_info(bits: usize, exponent: &[u8]) -> Vec<u8> {
    // An INTEGER is signed.
    let modulus = [vec![0; usize::from(bits.is_multiple_of(8))], modulus(bits)].concat();
    let key = der(0x30, &[&der(2, &[&modulus]), &der(2, &[exponent])]);
    spki(&[&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1], &[5, 0]], &key)
}

fn p384_point(compress: bool) -> Vec<u8> {
    let key = p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap();
    key.verifying_key().to_sec1_point(compress).as_bytes().to_vec()
}

#[test]
fn a_p384_key_imports_from_every_form() {
    let point = p384_point(false);
    let key = PublicKey::P384(p384::ecdsa::VerifyingKey::from_sec1_bytes(&point).unwrap().into());
    let made = |point: &[u8]| Made { info: ec_info(P384, point), ..Made::default() }.der();
    let der = made(&point);
    let block = |der: &[u8]| {
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(der))
    };
    let jwk = |member: String| {
        let [x, y] = [&point[1..49], &point[49..]].map(|half| URL_SAFE_NO_PAD.encode(half));
        jwks(&format!(r#"{{"kty":"EC","crv":"P-384","x":"{x}","y":"{y}"{member}}}"#)).unwrap().keys
    };
    let imported = [
        vec![certificate(&der).unwrap()],
        vec![certificate(&made(&p384_point(true))).unwrap()],
        pem(block(&der).as_bytes()).unwrap(),
        jwk(String::new()),
        jwk(format!(r#","x5c":["{}"]"#, STANDARD.encode(&der))),
    ];
    for keys in imported {
        assert_eq!(keys.iter().map(|imported| &imported.key).collect::<Vec<_>>(), [&key]);
    }
}

#[test]
fn rsa_keys_outside_2048_to_4096_bits_are_refused_with_their_size() {
    let cases = [
        (1024, Some("RSA of 1024 bits")),
        (2047, Some("RSA of 2047 bits")),
        (2048, None),
        (3072, None),
        (4096, None),
        (4097, Some("RSA of over 4096 bits")),
        (8192, Some("RSA of over 4096 bits")),
    ];
    for (bits, expected) in cases {
        let der = Made { info: rsa_info(bits, &[1, 0, 1]), ..Made::default() }.der();
        let jwk = format!(r#"{{"kty":"RSA","e":"AQAB","n":"{}"}}"#, URL_SAFE_NO_PAD.encode(modulus(bits)));
        for result in [certificate(&der), jwks(&jwk).map(|mut set| set.keys.remove(0))] {
            match (result, expected) {
                (Ok(key), None) => assert!(matches!(key.key, PublicKey::Rsa(_)), "{bits}"),
                (Err(error), Some(size)) => {
                    let message = format!(
                        "unsupported key ({size}); use Ed25519, EC P-256 or P-384, or RSA of 2048 to 4096 bits"
                    );
                    let told = error.to_string();
                    assert!(told.contains(&message), "{told}");
                }
                (result, _) => panic!("{bits}: {result:?}"),
            }
        }
    }
}

#[test]
fn weak_and_foreign_keys_are_refused() {
    let mut identity = [0; 32];
    identity[0] = 1;
    let mut off_curve = p384_point(false);
    off_curve[96] ^= 1;
    let cases = [
        ("RSA, even exponent", rsa_info(2048, &[1, 0, 0])),
        ("RSA, exponent 1", rsa_info(2048, &[1])),
        ("RSA, exponent of 9 bytes", rsa_info(2048, &[1; 9])),
        ("P-384, not on the curve", ec_info(P384, &off_curve)),
        ("P-384, at infinity", ec_info(P384, &[0])),
        ("P-384, a byte short", ec_info(P384, &p384_point(false)[..96])),
        ("P-384, called P-256", ec_info(P256, &p384_point(false))),
        ("P-521", ec_info(P521, &[4; 133])),
        ("EC without a curve", ec_info(&[5, 0], &p384_point(false))),
        ("Ed25519, small order", spki(&[ID_ED25519], &identity)),
        ("Ed25519, 31 bytes", spki(&[ID_ED25519], &[9; 31])),
        ("Ed448", spki(&[&[6, 3, 0x2b, 0x65, 0x71]], &[9; 57])),
    ];
    for (name, info) in cases {
        let result = certificate(&Made { info, ..Made::default() }.der());
        assert!(matches!(result, Err(ImportError::Key(_))), "{name}: {result:?}");
    }
}
