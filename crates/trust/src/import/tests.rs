use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use credential::{Format, PublicKey, Scope, Usages, Validity};
use sha2::{Digest, Sha256};

use super::*;

mod jwk;
mod keys;
mod list;

const ALL: Usages = Usages { test: true, vaccination: true, recovery: true, other: false };
const ED25519_SEED: [u8; 32] = [7; 32];

/// One DER element (ITU-T X.690): tag, length, contents.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let len = contents.len();
    let header = match len {
        0..=127 => vec![tag, len as u8],
        128..=255 => vec![tag, 0x81, len as u8],
        _ => vec![tag, 0x82, (len >> 8) as u8, len as u8],
    };
    [header, contents].concat()
}

const ID_ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];
const ID_COMMON_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x03];
const ID_COUNTRY: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x06];
const ID_ORGANIZATION: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x0a];
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const UTF8: u8 = 0x0c;

/// What varies between the certificates that the tests make.
struct Made {
    not_before: (u8, &'static str),
    not_after: (u8, &'static str),
    subject: Vec<(&'static [u8], u8, &'static [u8])>,
    usages: Option<Vec<Vec<u8>>>,
    info: Vec<u8>,
}

impl Default for Made {
    fn default() -> Self {
        Self {
            not_before: (UTC_TIME, "210503180000Z"),
            not_after: (UTC_TIME, "210602180000Z"),
            subject: vec![(ID_COMMON_NAME, UTF8, b"Signer 1")],
            usages: None,
            info: ed25519_info(),
        }
    }
}

fn ed25519_info() -> Vec<u8> {
    let key = ed25519_dalek::SigningKey::from_bytes(&ED25519_SEED).verifying_key();
    spki(&[ID_ED25519], key.as_bytes())
}

fn spki(algorithm: &[&[u8]], key: &[u8]) -> Vec<u8> {
    der(0x30, &[&der(0x30, algorithm), &der(0x03, &[&[0], key])])
}

impl Made {
    fn der(&self) -> Vec<u8> {
        let algorithm = der(0x30, &[ID_ED25519]);
        let time = |(tag, text): (u8, &str)| der(tag, &[text.as_bytes()]);
        let attribute =
            |(id, tag, value): &(&[u8], u8, &[u8])| der(0x31, &[&der(0x30, &[id, &der(*tag, &[value])])]);
        let subject: Vec<u8> = self.subject.iter().flat_map(attribute).collect();
        let body = der(
            0x30,
            &[
                &der(0xa0, &[&[2, 1, 2]]),
                &[2, 1, 1],
                &algorithm,
                &der(0x30, &[]),
                &der(0x30, &[&time(self.not_before), &time(self.not_after)]),
                &der(0x30, &[&subject]),
                &self.info,
                &self.extensions(),
            ],
        );
        der(0x30, &[&body, &algorithm, &der(0x03, &[&[0; 65]])])
    }

    fn extensions(&self) -> Vec<u8> {
        let Some(usages) = &self.usages else { return vec![] };
        let ids: Vec<u8> = usages.iter().flat_map(|id| der(6, &[id])).collect();
        let value = der(4, &[&der(0x30, &[&ids])]);
        let extension = der(0x30, &[&[6, 3, 0x55, 0x1d, 0x25], &value]);
        der(0xa3, &[&der(0x30, &[&extension])])
    }
}

fn usage(variant: bool, kind: u8) -> Vec<u8> {
    let arc: &[u8] = if variant { &[0x00, 0x8e, 0x37] } else { &[0x8e, 0x37] };
    [&[0x2b, 6, 1, 4, 1][..], arc, &[0x8f, 0x65, 1, kind]].concat()
}

#[test]
fn certificate_gives_kid_key_validity_and_owner() {
    let der = Made {
        subject: vec![
            (ID_COUNTRY, 0x13, b"ru"),
            (ID_ORGANIZATION, UTF8, "Министерство".as_bytes()),
            (ID_COMMON_NAME, UTF8, b"Signer 1"),
        ],
        ..Made::default()
    }
    .der();
    let key = certificate(&der).unwrap();
    assert_eq!(key.kid.0, Sha256::digest(&der)[..8]);
    assert!(matches!(key.key, PublicKey::Ed25519(_)));
    assert_eq!(key.validity, Some(Validity { not_before: 1_620_064_800, not_after: 1_622_656_800 }));
    assert_eq!((key.issuer.as_str(), key.country.as_deref()), ("Министерство", Some("RU")));
    assert_eq!((key.usages, key.demo), (Usages::default(), false));
}

#[test]
fn validity_times_follow_rfc_5280() {
    let cases = [
        (UTC_TIME, "491231235959Z", Some(2_524_607_999)), // 2049
        (UTC_TIME, "700101000000Z", None),                // 1970, before notBefore
        (UTC_TIME, "500101000000Z", None),                // 1950, before the epoch
        (GENERALIZED_TIME, "20500101000000Z", Some(2_524_608_000)),
        (GENERALIZED_TIME, "20240229235959Z", Some(1_709_251_199)), // leap day
        (GENERALIZED_TIME, "20230229235959Z", None),
        (GENERALIZED_TIME, "99991231235959Z", Some(253_402_300_799)),
        (GENERALIZED_TIME, "20500101000000", None), // without Z
        (GENERALIZED_TIME, "20500101000000.5Z", None),
        (UTC_TIME, "2106021800Z", None), // without seconds
        (UTC_TIME, "210602180000+0200", None),
    ];
    for (tag, text, expected) in cases {
        let key = certificate(&Made { not_after: (tag, text), ..Made::default() }.der());
        assert_eq!(key.ok().map(|key| key.validity.unwrap().not_after), expected, "{text}");
    }
}

#[test]
fn usages_are_read_from_both_arcs() {
    let only_test = Usages { test: true, ..Usages::default() };
    let recovery_vaccination = Usages { test: false, ..ALL };
    let vds_nc = vec![0x67, 0x81, 0x08, 0x01, 0x01, 0x0e, 0x02];
    let other = Usages { other: true, ..Usages::default() };
    let cases: [(Vec<Vec<u8>>, Usages); 8] = [
        (vec![vds_nc.clone()], other),
        (vec![vds_nc, usage(false, 1)], Usages { test: true, ..other }),
        (vec![usage(false, 1)], only_test),
        (vec![usage(true, 1)], only_test),
        (vec![usage(false, 3), usage(true, 2)], recovery_vaccination),
        (vec![usage(false, 1), usage(false, 2), usage(false, 3)], ALL),
        (vec![vec![0x2b, 6, 1, 5, 5, 7, 3, 2]], Usages::default()), // clientAuth
        (vec![vec![], usage(false, 1)], only_test),                 // an empty identifier
    ];
    for (usages, expected) in cases {
        let key = certificate(&Made { usages: Some(usages.clone()), ..Made::default() }.der()).unwrap();
        assert_eq!(key.usages, expected, "{usages:x?}");
    }
}

#[test]
fn names_lose_control_characters_and_excess() {
    let long = "я".repeat(500);
    let cases: [(u8, &[u8], &str); 5] = [
        (UTF8, "a\u{1b}[31mb\n".as_bytes(), "a[31mb"),
        (UTF8, b"  ", ""),
        (0x1e, &[0x04, 0x14, 0x04, 0x30], "Да"), // BMPString
        (0x14, &[0x4b, 0xf6, 0x6e], "K\u{f6}n"), // TeletexString in Latin-1
        (0x02, &[1], ""),                        // an INTEGER is no name
    ];
    for (tag, value, expected) in cases {
        let value = value.to_vec().leak();
        let key =
            certificate(&Made { subject: vec![(ID_ORGANIZATION, tag, value)], ..Made::default() }.der());
        assert_eq!(key.unwrap().issuer, expected, "{value:x?}");
    }
    let subject = vec![(ID_ORGANIZATION, UTF8, &*long.into_bytes().leak())];
    assert_eq!(certificate(&Made { subject, ..Made::default() }.der()).unwrap().issuer.chars().count(), 200);
}

#[test]
fn oversized_input_is_refused_unread() {
    let too_large = |result: Result<Vec<IssuerKey>, ImportError>| {
        assert!(matches!(result, Err(ImportError::TooLarge { .. })), "{result:?}");
    };
    too_large(certificate(&vec![0; CERTIFICATE_MAX + 1]).map(|key| vec![key]));
    too_large(pem(&vec![b' '; FILE_MAX + 1]));
    too_large(jwks(&" ".repeat(FILE_MAX + 1)).map(|set| set.keys));
    too_large(jwks(&format!(r#"{{"keys":[{}0]}}"#, "0,".repeat(KEYS_MAX))).map(|set| set.keys));
}

#[test]
fn pem_gives_every_certificate_and_passes_over_the_rest() {
    let block = |made: Made| {
        let body = STANDARD
            .encode(made.der())
            .as_bytes()
            .chunks(64)
            .map(|l| [l, b"\r\n"].concat())
            .collect::<Vec<_>>();
        [
            b"-----BEGIN CERTIFICATE-----\r\n".to_vec(),
            body.concat(),
            b"-----END CERTIFICATE-----\r\n".to_vec(),
        ]
        .concat()
    };
    let second = Made { subject: vec![(ID_COMMON_NAME, UTF8, b"Signer 2")], ..Made::default() };
    let other = b"subject=none\n-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n".to_vec();
    let keys = pem(&[block(Made::default()), other.clone(), block(second)].concat()).unwrap();
    assert_eq!(keys.iter().map(|key| key.issuer.as_str()).collect::<Vec<_>>(), ["Signer 1", "Signer 2"]);

    for bad in [
        &other[..],
        b"",
        b"\xff",
        b"-----BEGIN CERTIFICATE-----",
        b"-----BEGIN CERTIFICATE-----*-----END CERTIFICATE-----",
    ] {
        assert!(matches!(pem(bad), Err(ImportError::Pem(_))), "{bad:?}");
    }
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_the_import_panic(
        noise in proptest::collection::vec(proptest::num::u8::ANY, 0..200),
        at in 0_usize..300,
        text in ".{0,80}",
    ) {
        let _ = certificate(&noise);
        let _ = pem(&noise);
        let _ = jwks(&text);
        let mut der = Made { usages: Some(vec![usage(true, 2)]), ..Made::default() }.der();
        for (offset, byte) in noise.iter().take(4).enumerate() {
            let place = (at + offset * 7) % der.len();
            der[place] ^= byte;
        }
        let _ = certificate(&der);
    }
}

/// The certificates of the public DCC vectors, by the file that has them.
fn vectors(dir: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            vectors(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let json: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            if let Some(certificate) = json["TESTCTX"]["CERTIFICATE"].as_str() {
                found.insert(path.display().to_string(), STANDARD.decode(certificate).unwrap());
            }
        }
    }
}

/// The files of the public vectors whose keys are P-384 ones.
const ON_P384: [&str; 3] = ["ES/2DCode/raw/401.json", "ES/2DCode/raw/402.json", "ES/2DCode/raw/403.json"];

#[test]
fn every_certificate_of_the_public_dcc_vectors_imports() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/dgc");
    if !dir.is_dir() {
        eprintln!("SKIPPED: the public vectors are not at {}", dir.display());
        assert!(std::env::var_os("CI").is_none(), "CI must not skip the vectors");
        return;
    }
    let mut found = BTreeMap::new();
    vectors(&dir, &mut found);
    assert_eq!(found.len(), 226);
    for (file, der) in found {
        let key = certificate(&der).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(key.kid.0, Sha256::digest(&der)[..8], "{file}");
        let on_p384 = ON_P384.iter().any(|name| file.ends_with(name));
        assert_eq!(matches!(key.key, PublicKey::P384(_)), on_p384, "{file}");
    }
}
