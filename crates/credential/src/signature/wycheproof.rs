//! Project Wycheproof's vectors against what verifies passes: none is accepted that must not be, none refused that
//! is good.

use serde_json::Value;
use wycheproof::{ecdsa, eddsa, rsa_pss_verify as pss};

use super::holds;
use crate::key::PublicKey;
use crate::testing::hex;

/// The key of a group, how many vectors its file has, and the file.
type Row = (fn(&Value) -> PublicKey, usize, &'static str);

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap()
}

fn ed25519(group: &Value) -> PublicKey {
    PublicKey::Ed25519(crate::Lazy::unread(&hex(text(group, "/publicKey/pk"))))
}

fn p256(group: &Value) -> PublicKey {
    PublicKey::P256(crate::Lazy::unread(&hex(text(group, "/publicKey/uncompressed"))))
}

/// Without the zero that keeps a number positive in ASN.1.
fn rsa(group: &Value) -> PublicKey {
    let number = |pointer| {
        let bytes = hex(text(group, pointer));
        bytes.iter().skip_while(|byte| **byte == 0).copied().collect::<Vec<u8>>()
    };
    PublicKey::rsa(&number("/publicKey/modulus"), &number("/publicKey/publicExponent"))
}

#[test]
fn every_vector_comes_to_its_result() {
    let table: [Row; 5] = [
        (ed25519, 151, eddsa::TestName::Ed25519.json_data()),
        (p256, 262, ecdsa::TestName::EcdsaSecp256r1Sha256P1363.json_data()),
        (rsa, 108, pss::TestName::RsaPss2048Sha256Mgf1SaltLen32.json_data()),
        (rsa, 108, pss::TestName::RsaPss3072Sha256Mgf1SaltLen32.json_data()),
        (rsa, 108, pss::TestName::RsaPss4096Sha256Mgf1SaltLen32.json_data()),
    ];
    for (key, count, file) in table {
        let file: Value = serde_json::from_str(file).unwrap();
        let mut seen = 0;
        for group in file["testGroups"].as_array().unwrap() {
            let key = key(group);
            assert!(key.is_sound());
            for test in group["tests"].as_array().unwrap() {
                let held = holds(&key, &hex(text(test, "/msg")), &hex(text(test, "/sig")));
                assert_eq!(held, text(test, "/result") == "valid", "{key:?}: {test}");
                seen += 1;
            }
        }
        assert_eq!(seen, count);
    }
}

/// A salt of another length, another hash: another algorithm, whose good signatures are not ours.
#[test]
fn pss_with_other_parameters_is_refused() {
    for file in [
        pss::TestName::RsaPss2048Sha256Mgf1SaltLen0.json_data(),
        pss::TestName::RsaPss2048Sha384Mgf1SaltLen48.json_data(),
        pss::TestName::RsaPss2048Sha256Mgf1Sha1_20.json_data(),
    ] {
        let file: Value = serde_json::from_str(file).unwrap();
        for group in file["testGroups"].as_array().unwrap() {
            let tests = group["tests"].as_array().unwrap().iter();
            for test in tests.filter(|test| test["result"] == "valid") {
                let held = holds(&rsa(group), &hex(text(test, "/msg")), &hex(text(test, "/sig")));
                assert!(!held, "{test}");
            }
        }
    }
}
