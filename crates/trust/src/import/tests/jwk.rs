//! JSON Web Keys, alone and in sets.

use super::*;

#[test]
fn jwk_sets_of_every_kind_import() {
    // RFC 8037 appendix A.2, RFC 7517 appendix A.1.
    let json = r#"{"keys":[
        {"kty":"OKP","crv":"Ed25519","kid":"d2VpcmRraWQ=","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        {"kty":"EC","crv":"P-256","kid":"1","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
         "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"sig","alg":"ES256"},
        {"kty":"RSA","kid":"2011-04-29","e":"AQAB","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"},
        {"kty":"EC","crv":"P-521","kid":"skipped"},
        {"kty":"RSA","use":"enc","kid":"skipped"}]}"#;
    let Jwks { keys, left_out } = jwks(json).unwrap();
    let kids: Vec<&[u8]> = keys.iter().map(|key| key.kid.0.as_slice()).collect();
    let expected: [&[u8]; 5] = [b"weirdkid", b"d2VpcmRraWQ=", b"1", &[], b"2011-04-29"];
    assert_eq!(kids[..3], expected[..3]);
    assert_eq!(kids.last(), expected.last());
    assert!(matches!(keys[0].key, PublicKey::Ed25519(_)) && keys[0].key == keys[1].key);
    assert!(matches!(keys[2].key, PublicKey::P256(_)));
    assert!(keys.iter().all(|key| key.validity.is_none() && key.issuer.is_empty()));
    assert_eq!(left_out.len(), 2);
    assert!(left_out[0].starts_with("key 3: unsupported key (EC P-521)"), "{left_out:?}");
    assert!(left_out[1].starts_with("key 4: unsupported key (for encryption only)"), "{left_out:?}");
    assert_eq!(jwks(r#"{"keys":[]}"#).unwrap(), Jwks::default());
    assert_eq!(jwks("[]").unwrap(), Jwks::default());
}

const ED25519_JWK: &str =
    r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

#[test]
fn a_malformed_jwk_is_left_out_with_its_reason_and_the_others_hold() {
    let (n, private) = ("A".repeat(342), r#"{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}"#);
    let rsa_private = format!(r#"{{"kty":"RSA","n":"{n}","e":"AQAB","d":"AA"}}"#);
    let long_kid = ED25519_JWK.replacen('{', &format!(r#"{{"kid":"{}","#, "k".repeat(257)), 1);
    let cases = [
        ("1", "invalid type"),
        ("null", "invalid type"),
        ("{}", "missing field `kty`"),
        (r#"{"kty":7}"#, "invalid type"),
        (r#"{"kty":"OKP","crv":"Ed25519","x":"!"}"#, "`x` is not base64url"),
        (r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, "broken EC P-256"),
        (r#"{"kty":"OKP","crv":"Ed25519","x":"AA","x5c":"no list"}"#, "invalid type"),
        (private, "private key"),
        (&rsa_private, "private key"),
        (&long_kid, "`kid` has over 256 bytes"),
    ];
    let alone = jwks(ED25519_JWK).unwrap().keys;
    assert_eq!(alone.len(), 1);
    for (bad, reason) in cases {
        for json in [format!(r#"{{"keys":[{bad},{ED25519_JWK}]}}"#), format!("[{bad},{ED25519_JWK}]")] {
            let Jwks { keys, left_out } = jwks(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
            assert_eq!(keys, alone, "{json}");
            assert!(
                matches!(&left_out[..], [one] if one.starts_with("key 0: ") && one.contains(reason)),
                "{left_out:?}"
            );
        }
    }
}

#[test]
fn what_is_said_of_a_jwk_left_out_stays_short() {
    let long = format!(r#"[{ED25519_JWK},{{"kty":"OKP","crv":"Ed25519","x":["{}"]}}]"#, "я".repeat(100_000));
    let Jwks { left_out, .. } = jwks(&long).unwrap();
    assert!(left_out[0].chars().count() < 250, "{left_out:?}");
    let none = jwks(&format!("[{}0]", "0,".repeat(KEYS_MAX - 1))).unwrap_err().to_string();
    assert!(none.contains("key 0") && none.contains("24997 more") && none.len() < 1000, "{none}");
}

#[test]
fn a_kid_is_read_as_text_base64_and_hexadecimal() {
    let cases: [(&str, &[&[u8]]); 5] = [
        ("2011-04-29", &[b"2011-04-29"]),
        ("d2VpcmRraWQ=", &[b"weirdkid", b"d2VpcmRraWQ="]),
        ("-_8", &[&[0xfb, 0xff], b"-_8"]),
        ("D919375f", &[&[0x0f, 0xdd, 0x7d, 0xdf, 0xbe, 0x5f], b"D919375f", &[0xd9, 0x19, 0x37, 0x5f]]),
        ("abc", &[&[0x69, 0xb7], b"abc"]),
    ];
    for (kid, expected) in cases {
        let json = ED25519_JWK.replacen('{', &format!(r#"{{"kid":"{kid}","#), 1);
        let keys = jwks(&json).unwrap().keys;
        assert_eq!(keys.iter().map(|key| key.kid.0.as_slice()).collect::<Vec<_>>(), expected, "{kid}");
    }
}

#[test]
fn jwk_with_certificate_takes_its_owner_and_validity() {
    let der = Made { usages: Some(vec![usage(false, 2)]), ..Made::default() }.der();
    let x = ed25519_dalek::SigningKey::from_bytes(&ED25519_SEED).verifying_key();
    let jwk = |x: &[u8]| {
        format!(
            r#"{{"kty":"OKP","crv":"Ed25519","x":"{}","x5c":["{}"]}}"#,
            URL_SAFE_NO_PAD.encode(x),
            STANDARD.encode(&der)
        )
    };
    assert_eq!(jwks(&jwk(x.as_bytes())).unwrap().keys, [certificate(&der).unwrap()]);
    let other = ed25519_dalek::SigningKey::from_bytes(&[8; 32]).verifying_key();
    let error = jwks(&jwk(other.as_bytes())).unwrap_err();
    assert!(error.to_string().contains("another key"), "{error}");
}

#[test]
fn broken_jwks_say_which_key_and_why() {
    let cases = [
        ("", "not a JWK Set"),
        ("7", "not a JWK Set"),
        (r#"{"keys":1}"#, "not a JWK Set"),
        (r#"{"keys":[1]}"#, "key 0"),
        (r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, "broken EC P-256"),
        (r#"{"kty":"EC","crv":"P-384","x":"AA","y":"AA"}"#, "broken EC P-384"),
        (r#"{"kty":"EC","crv":"P-384","y":"AA"}"#, "`x` is missing"),
        (r#"{"kty":"EC","crv":"P-256","x":"AA"}"#, "`y` is missing"),
        (r#"{"kty":"OKP","crv":"Ed25519","x":"!"}"#, "`x` is not base64url"),
        (r#"{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}"#, "private key"),
        (r#"{"keys":[{"kty":"oct","k":"AA"}]}"#, "unsupported key (oct"),
    ];
    for (json, expected) in cases {
        let error = jwks(json).unwrap_err().to_string();
        assert!(error.contains(expected), "{json}: {error}");
    }
    let deep = "[".repeat(100_000);
    assert!(matches!(jwks(&deep), Err(ImportError::Jwks(_))));
}
