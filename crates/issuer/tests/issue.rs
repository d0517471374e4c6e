//! What stands in an issued pass, read back by other code.

mod common;

use common::{Key, NOW, STATUS, at, authority, born, dcc_text, decode, entry_text, number};
use common::{recovery, test, vaccination};
use issuer::{Algorithm, Authority, Error, Expiry, Facts, Record, TestResult, Vaccination, uvci};
use proptest::prelude::*;

const BOTH: [Algorithm; 2] = [Algorithm::EdDsa, Algorithm::Es256];
const DAY: i64 = 86_400;

#[test]
fn header_names_algorithm_and_key_and_nothing_else() {
    for (algorithm, number) in [(Algorithm::EdDsa, 0x27), (Algorithm::Es256, 0x26)] {
        let authority = authority(algorithm);
        let text = authority.issue(&vaccination(), 1, NOW).unwrap();
        let decoded = decode(&authority, &text);
        let mut expected = vec![0xa2, 0x01, number, 0x04, 0x48];
        expected.extend_from_slice(&authority.kid().0);
        assert_eq!(decoded.cose.protected.original_data, Some(expected));
        assert!(decoded.cose.unprotected.is_empty());
        assert_eq!(decoded.cose.signature.len(), 64);
    }
}

#[test]
fn claims_hold_issuer_times_status_and_certificate() {
    let authority = authority(Algorithm::EdDsa);
    let claims = decode(&authority, &authority.issue(&vaccination(), 8_999_999, NOW).unwrap()).claims;
    assert_eq!(at(&claims, &[Key::Int(1)]).unwrap().as_text(), Some("RU"));
    assert_eq!(number(&claims, &[Key::Int(6)]), Some(NOW));
    assert_eq!(number(&claims, &[Key::Int(4)]), Some(NOW + 365 * DAY));
    assert_eq!(at(&claims, &[Key::Int(5)]), None);
    let status = |key| [Key::Int(65_535), Key::Text("status_list"), Key::Text(key)];
    assert_eq!(number(&claims, &status("idx")), Some(8_999_999));
    assert_eq!(at(&claims, &status("uri")).unwrap().as_text(), Some(STATUS));
    assert_eq!(dcc_text(&claims, &["ver"]), Some("1.3.0"));
    assert_eq!(dcc_text(&claims, &["dob"]), Some("1984-03-17"));
    assert_eq!(dcc_text(&claims, &["nam", "fn"]), Some("Щербакова"));
    assert_eq!(dcc_text(&claims, &["nam", "fnt"]), Some("SHCHERBAKOVA"));
    assert_eq!(dcc_text(&claims, &["nam", "gnt"]), Some("IULIIA<SERGEEVNA"));
}

#[test]
fn every_kind_has_its_fields() {
    let authority = authority(Algorithm::EdDsa);
    type Case<'a> = (Record, &'a str, &'a [(&'a str, &'a str)]);
    let cases: [Case<'_>; 3] = [
        (
            vaccination(),
            "v",
            &[
                ("tg", "840539006"),
                ("vp", "J07BX03"),
                ("mp", "Sputnik-V"),
                ("dt", "2026-11-01"),
                ("co", "RU"),
            ],
        ),
        (
            test(),
            "t",
            &[
                ("tt", "LP6464-4"),
                ("sc", "2026-11-18T05:30:00Z"),
                ("tr", "260415000"),
                ("tc", "Поликлиника № 5"),
            ],
        ),
        (
            recovery(),
            "r",
            &[("fr", "2026-09-02"), ("df", "2026-09-13"), ("du", "2027-03-01"), ("is", "Test Authority")],
        ),
    ];
    for (record, group, fields) in cases {
        let claims = decode(&authority, &authority.issue(&record, 3, NOW).unwrap()).claims;
        for (key, value) in fields {
            assert_eq!(entry_text(&claims, group, key), Some(*value), "{group}.{key}");
        }
    }
}

#[test]
fn later_start_becomes_not_before_and_earlier_start_does_not() {
    let authority = authority(Algorithm::EdDsa);
    for (from, nbf, exp) in [
        (NOW + DAY, Some(NOW + DAY), NOW + 11 * DAY),
        (NOW - DAY, None, NOW + 10 * DAY),
        (NOW, None, NOW + 10 * DAY),
    ] {
        let record = Record { valid_from: Some(from), expiry: Expiry::Days(10), ..vaccination() };
        let claims = decode(&authority, &authority.issue(&record, 0, NOW).unwrap()).claims;
        assert_eq!(number(&claims, &[Key::Int(5)]), nbf);
        assert_eq!(number(&claims, &[Key::Int(4)]), Some(exp));
    }
}

#[test]
fn same_record_and_place_give_the_same_text() {
    for algorithm in BOTH {
        let authority = authority(algorithm);
        let issue = |index| authority.issue(&vaccination(), index, NOW).unwrap();
        assert_eq!(issue(5), issue(5));
        assert_ne!(issue(5), issue(6));
    }
}

#[test]
fn payload_is_deterministic_cbor() {
    let authority = authority(Algorithm::EdDsa);
    for record in [vaccination(), test(), recovery()] {
        let record = Record { valid_from: Some(NOW + 1), ..record };
        let decoded = decode(&authority, &authority.issue(&record, 70_000, NOW).unwrap());
        assert_sorted(&decoded.claims);
        let mut again = Vec::new();
        ciborium::into_writer(&decoded.claims, &mut again).unwrap(); // shortest forms
        assert_eq!(again, decoded.payload);
    }
}

/// RFC 8949 §4.2.1: keys rise strictly in the order of their encodings.
fn assert_sorted(value: &ciborium::Value) {
    if let Some(entries) = value.as_map() {
        let keys: Vec<Vec<u8>> = entries
            .iter()
            .map(|(key, _)| {
                let mut bytes = Vec::new();
                ciborium::into_writer(key, &mut bytes).unwrap();
                bytes
            })
            .collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:?}");
        entries.iter().for_each(|(_, value)| assert_sorted(value));
    }
    value.as_array().into_iter().flatten().for_each(assert_sorted);
}

#[test]
fn made_ids_differ_and_have_a_right_checksum() {
    let authority = authority(Algorithm::EdDsa);
    let ids: std::collections::HashSet<String> =
        (0..2_000).map(|index| authority.certificate_id(index)).collect();
    assert_eq!(ids.len(), 2_000);
    for id in &ids {
        assert!(id.starts_with("URN:UVCI:01:RU:") && id.len() == 33, "{id}");
        assert_eq!(uvci::checksum_holds(id), Some(true), "{id}");
    }
}

#[test]
fn record_that_is_no_basis_for_a_pass_is_refused_by_field() {
    let authority = authority(Algorithm::EdDsa);
    let dose = |dose, doses| {
        let Facts::Vaccination(vaccination) = vaccination().facts else { unreachable!() };
        Record {
            facts: Facts::Vaccination(Vaccination { dose, doses, ..vaccination }),
            ..common::vaccination()
        }
    };
    let no_centre = || {
        let Facts::Test(test) = test().facts else { unreachable!() };
        Record { facts: Facts::Test(TestResult { centre: None, ..test }), ..common::test() }
    };
    let cases = [
        (Record { family_name: "王".into(), ..vaccination() }, "family_name_latin"),
        (Record { family_name: "А".repeat(81), ..vaccination() }, "family_name_latin"),
        (
            Record { given_name: "A\u{202e}B".into(), given_name_latin: Some("AB".into()), ..vaccination() },
            "given_name",
        ),
        (Record { family_name: " ".into(), given_name: "'".into(), ..vaccination() }, "family_name"),
        (Record { id: Some("urn:uvci".into()), ..vaccination() }, "id"),
        (Record { id: Some("A".repeat(81)), ..vaccination() }, "id"),
        (Record { country: Some("RUS".into()), ..vaccination() }, "country"),
        (Record { issuer: Some(" ".into()), ..vaccination() }, "issuer"),
        (Record { disease: String::new(), ..vaccination() }, "disease"),
        (dose(0, 2), "dose"),
        (dose(1, 10), "doses"),
        (no_centre(), "test_centre"),
    ];
    for (record, field) in cases {
        match authority.issue(&record, 0, NOW) {
            Err(Error::Field { field: found, .. }) => assert_eq!(found, field, "{record:?}"),
            other => panic!("{field}: {other:?}"),
        }
    }
}

#[test]
fn validity_that_ends_before_it_begins_is_refused() {
    let authority = authority(Algorithm::EdDsa);
    for expiry in [Expiry::At(NOW), Expiry::At(NOW - 1), Expiry::At(i64::MIN), Expiry::Days(0)] {
        let record = Record { expiry, ..vaccination() };
        let error = authority.issue(&record, 0, NOW).unwrap_err();
        assert!(matches!(error, Error::NeverValid { .. }), "{error:?}");
    }
    for (expiry, from, now) in [(Expiry::At(i64::MAX), None, NOW), (Expiry::Days(9), Some(i64::MAX - 5), NOW)]
    {
        let record = Record { expiry, valid_from: from, ..vaccination() };
        assert!(authority.issue(&record, 0, now).is_err());
    }
}

#[test]
fn authority_file_round_trips_and_hides_nothing_but_from_debug() {
    for algorithm in BOTH {
        let authority = authority(algorithm);
        let json = authority.to_json();
        let again = Authority::from_json(&json).unwrap();
        assert_eq!(again.issuer_key(), authority.issuer_key());
        assert_eq!(again.status_uri(), STATUS);
        assert!(again.demo());
        assert_eq!(again.issue(&test(), 9, NOW), authority.issue(&test(), 9, NOW));
        let secret = json.split("\"private_key\": \"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!(secret.len(), 44);
        assert!(!format!("{authority:?}").contains(secret));
    }
}

#[test]
fn spoilt_authority_file_is_refused_without_its_key_in_the_message() {
    let json = authority(Algorithm::Es256).to_json();
    let secret = json.split("\"private_key\": \"").nth(1).unwrap().split('"').next().unwrap();
    let changes: [(&str, &str); 7] = [
        ("propusk-authority-1", "propusk-authority-9"),
        ("\"ES256\"", "\"EdDSA\""), // the same bytes are another key with another id
        ("\"kid\": \"", "\"kid\": \"00"),
        (secret, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), // zero is no scalar
        (secret, "//////////////////////////////////////////8="), // nor is a number above the order
        ("\"RU\"", "\"ru\""),
        ("\"demo\"", "\"extra\": 1, \"demo\""),
    ];
    for (from, to) in changes {
        let spoilt = json.replace(from, to);
        assert_ne!(spoilt, *json);
        let message = Authority::from_json(&spoilt).unwrap_err().to_string();
        assert!(!message.contains(secret) && !message.contains('\n'), "{message}");
    }
    assert!(Authority::from_json(&json[..json.len() / 2]).is_err());
    assert!(Authority::from_json("").is_err());
}

#[test]
fn authority_with_a_bad_name_country_or_uri_is_not_made() {
    for (name, country, uri) in [
        ("", "RU", STATUS),
        ("a\nb", "RU", STATUS),
        (&*"x".repeat(81), "RU", STATUS),
        ("A", "Ru", STATUS),
        ("A", "RUS", STATUS),
        ("A", "RU", ""),
        ("A", "RU", "no uri"),
    ] {
        assert!(Authority::generate(name, country, Algorithm::EdDsa, [1; 32], false, uri).is_err(), "{name}");
    }
}

#[test]
fn key_id_is_the_digest_of_the_spki() {
    // Computed with OpenSSL: `openssl pkey -pubout -outform DER | sha256sum`.
    for (algorithm, kid) in [(Algorithm::EdDsa, ED25519_KID), (Algorithm::Es256, P256_KID)] {
        assert_eq!(authority(algorithm).kid().to_string(), kid, "{algorithm:?}");
    }
}

const ED25519_KID: &str = "324be2dea8bc4446";
const P256_KID: &str = "ce97ec20d43661a1";

#[test]
fn every_seed_makes_a_p256_key() {
    for seed in [[0; 32], [0xff; 32], [1; 32]] {
        let authority = Authority::generate("A", "RU", Algorithm::Es256, seed, false, STATUS).unwrap();
        decode(&authority, &authority.issue(&vaccination(), 0, NOW).unwrap());
    }
}

fn name() -> impl Strategy<Value = String> {
    // Letters of any script, with the signs that occur in names.
    "[\\p{Latin}\\p{Cyrillic}\\p{Greek}\\p{Han}\\p{Georgian}' -]{0,40}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_record_comes_back_as_it_was(
        family in name(), given in name(), latin in "[A-Z]{1,40}( [A-Z]{1,39})?",
        year in 1900_u16..=2026, index: u64, days in 1_u32..40_000, es256: bool,
    ) {
        let authority = authority(BOTH[usize::from(es256)]);
        let record = Record {
            family_name: family.clone(),
            given_name: given.clone(),
            family_name_latin: Some(latin.clone()),
            given_name_latin: Some(String::new()),
            date_of_birth: born(&year.to_string()),
            expiry: Expiry::Days(days),
            ..vaccination()
        };
        let claims = decode(&authority, &authority.issue(&record, index, NOW).unwrap()).claims;
        let written = |name: &str| Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        prop_assert_eq!(dcc_text(&claims, &["nam", "fn"]).map(str::to_owned), written(&family));
        prop_assert_eq!(dcc_text(&claims, &["nam", "gn"]).map(str::to_owned), written(&given));
        prop_assert_eq!(dcc_text(&claims, &["nam", "fnt"]).map(str::to_owned), Some(latin.replace(' ', "<")));
        let idx = at(&claims, &[Key::Int(65_535), Key::Text("status_list"), Key::Text("idx")]).unwrap();
        prop_assert_eq!(idx.as_integer().unwrap(), index.into());
        prop_assert_eq!(number(&claims, &[Key::Int(4)]), Some(NOW + i64::from(days) * DAY));
    }

    #[test]
    fn hostile_names_are_refused_or_transliterated_but_never_panic(family: String, given: String) {
        let record = Record { family_name: family, given_name: given, ..vaccination() };
        if let Ok(text) = authority(Algorithm::EdDsa).issue(&record, 0, NOW) {
            let claims = decode(&authority(Algorithm::EdDsa), &text).claims;
            let latin = dcc_text(&claims, &["nam", "fnt"]).unwrap();
            prop_assert!(latin.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'<'));
        }
    }
}
