use proptest::prelude::*;

use super::import::{Batch, ImportError, batches, lines};
use super::*;
use crate::hex;

fn of_hex<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}

/// Three public certificates of dgc-testdata, with the hashes that the Corona-Warn-App tests for
/// (RevocationCalculationSampleData.json): UCI, country, signed bytes, and their hashes.
#[test]
fn hashes_are_those_of_other_verifiers() {
    let table = [
        (
            ("DE", "URN:UVCI:01DE/A23234242/50CUH2UMZUJW382VP58G2Q#F"),
            "55717147109d4fe7f57328a9c8e89ee9434e18a64745d56279b08713fb7aedbd",
            "423bd0a847634ce8dea5dd5e9400f287",
            "7dfb27c9adf0551f0600585a9641a026",
            "2698afff2cdbd017bc957b6fa1764ac7",
        ),
        (
            ("DE", "URN:UVCI:01DE/A42234539/43CUH2UMZUJW382VP58G2Q#F"),
            "0783a38fdbddf4d9e25bad173097def0ab6e55a69ab603c4069baaefeb1cca30",
            "54a90383b0e792489835caec8befd2a4",
            "eeabbcbbb1637ddf343458f1f41842da",
            "b80307723714cb7cd9a653a0bc56c89d",
        ),
    ];
    for ((country, uci), r, by_uci, by_both, by_signature) in table {
        assert_eq!(hash(uci.as_bytes()), of_hex(by_uci));
        assert_eq!(hash(format!("{country}{uci}").as_bytes()), of_hex(by_both));
        assert_eq!(hash(&of_hex::<32>(r)), of_hex(by_signature));
    }
}

#[test]
fn a_file_reads_as_it_was_written_whatever_the_order() {
    let kid = Kid(vec![1, 2, 3]);
    let file = write(Kind::Signature, Some(&kid), Some("DE"), vec![[9; 16], [1; 16], [9; 16]]).unwrap();
    let list = List::parse(&file).unwrap();
    let head = Head { kind: Kind::Signature, kid: Some(kid), country: Some("DE".into()), count: 2 };
    assert_eq!((list.head(), list.hashes()), (&head, &[[1; 16], [9; 16]][..]));
    assert!(list.contains(&[1; 16]) && list.contains(&[9; 16]) && !list.contains(&[2; 16]));
    let expected = [&b"PrHash/1\x03\x03\x01\x02\x03\x02DE\0\0\0\x02"[..], &[1; 16], &[9; 16]].concat();
    assert_eq!(file, expected);
    assert!(List::parse(&write(Kind::Uci, None, None, vec![]).unwrap()).unwrap().hashes().is_empty());
}

#[test]
fn whatever_is_not_the_format_is_refused() {
    let good = [&b"PrHash/1\x01\x00\x00\0\0\0\x02"[..], &[1; 16], &[9; 16]].concat();
    assert!(List::parse(&good).is_ok());
    let with = |at: usize, bytes: &[u8]| {
        let mut file = good.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        file
    };
    let misfit = malformed("its length does not fit");
    let order = malformed("hashes out of order, or one twice");
    let table = [
        (vec![], HashesError::Format),
        (with(7, b"2"), HashesError::Format),
        (with(8, &[0]), malformed("another kind of hashes")),
        (with(8, &[4]), malformed("another kind of hashes")),
        (with(9, &[200]), malformed("cut off")),
        (with(10, &[2]), malformed("a country that is not two capital letters")),
        (with(10, &[1]), malformed("a country that is not two capital letters")),
        (with(14, &[1]), misfit.clone()),
        (with(14, &[3]), misfit.clone()),
        (with(11, &[0xff; 4]), HashesError::TooLarge),
        (with(15, &[9; 16]), order.clone()),
        (with(15, &[10]), order),
        (good[..good.len() - 1].to_vec(), misfit.clone()),
        ([good.as_slice(), &[0]].concat(), misfit),
    ];
    for (file, problem) in table {
        assert_eq!(List::parse(&file).map(drop), Err(problem), "{file:x?}");
    }
    assert!(write(Kind::Uci, Some(&Kid(vec![0; 256])), None, vec![]).is_err());
    for country in ["de", "DEU", "D", "\u{430}"] {
        assert!(write(Kind::Uci, None, Some(country), vec![]).is_err(), "{country}");
    }
}

const BATCH: &str = r#"{"country": "DE", "expires": "2026-11-01T00:00:00Z", "kid": "9cWXDDA52FQ=", "hashType": "SIGNATURE",
    "more": 1, "entries": [{"hash": "AAAAAAAAAAAAAAAAAAAAAA=="}, {"hash": "AQEBAQEBAQEBAQEBAQEBAQ==", "more": 2}]}"#;

#[test]
fn batches_of_the_eu_are_read_alone_in_arrays_and_in_a_row() {
    let batch = Batch {
        country: "DE".into(),
        expires: 1_793_491_200,
        kid: Some(Kid(vec![0xf5, 0xc5, 0x97, 0x0c, 0x30, 0x39, 0xd8, 0x54])),
        kind: Kind::Signature,
        hashes: vec![[0; 16], [1; 16]],
    };
    let unknown = BATCH.replace("9cWXDDA52FQ=", UNKNOWN).replace("SIGNATURE", "COUNTRYCODEUCI");
    let other = Batch { kid: None, kind: Kind::CountryUci, ..batch.clone() };
    let expected = Ok(vec![batch.clone(), other]);
    assert_eq!(batches(BATCH.as_bytes()), Ok(vec![batch]));
    assert_eq!(batches(format!("[{BATCH}, {unknown}]").as_bytes()), expected);
    assert_eq!(batches(format!("{BATCH}\n{unknown}\n").as_bytes()), expected);
}

const UNKNOWN: &str = "UNKNOWN_KID";

#[test]
fn a_batch_of_another_form_is_refused_by_its_number() {
    let table = [
        ("\"DE\"", "\"de\"", "country"),
        ("2026-11-01T00:00:00Z", "tomorrow", "expires"),
        ("9cWXDDA52FQ=", "%", "kid"),
        ("SIGNATURE", "signature", "hashType"),
        ("AQEBAQEBAQEBAQEBAQEBAQ==", "AQEB", "entry 2"),
        ("AQEBAQEBAQEBAQEBAQEBAQ==", "AQEBAQEBAQEBAQEBAQEBAQEB", "entry 2"),
    ];
    for (good, bad, named) in table {
        let error = batches(format!("[{BATCH}, {}]", BATCH.replace(good, bad)).as_bytes()).unwrap_err();
        let ImportError::Batch { batch: 2, problem } = &error else { panic!("{error}") };
        assert!(problem.contains(named), "{error}");
    }
    for text in ["", "[]", "{}", "[1]", "MIIC", &BATCH[..50], &format!("{BATCH}x")] {
        assert!(matches!(batches(text.as_bytes()), Err(ImportError::Json(_))), "{text:.60}");
    }
}

#[test]
fn a_line_is_a_hash_or_an_identifier_and_no_mistyped_hash_is_taken_for_one() {
    let text =
        "\u{feff}01010101010101010101010101010101\r\n\nAQEBAQEBAQEBAQEBAQEBAQ==\n URN:UVCI:01:RU:A#B \n";
    let expected = vec![[1; 16], [1; 16], hash(b"URN:UVCI:01:RU:A#B")];
    assert_eq!(lines(text, Kind::Uci), Ok(expected));
    let hashes = &text[..text.find(" URN").unwrap()];
    assert_eq!(lines(hashes, Kind::Signature), Ok(vec![[1; 16]; 2]));
    for (text, kind) in [
        ("0101010101010101010101010101010", Kind::Uci),
        ("0101", Kind::Uci),
        ("AQEBAQEBAQEBAQEBAQEBAQEB", Kind::Uci),
        ("Hash", Kind::Uci),
        ("URN:UVCI:01:RU:A#B", Kind::Signature),
        ("URN:UVCI:01:RU:A#B", Kind::CountryUci),
    ] {
        assert!(
            matches!(lines(&format!("\n{text}"), kind), Err(ImportError::Line { line: 2, .. })),
            "{text}"
        );
    }
}

proptest! {
    #[test]
    fn a_list_is_the_set_of_its_hashes(hashes in proptest::collection::btree_set(any::<Hash>(), 0..300), other in any::<Hash>()) {
        let file = write(Kind::Uci, None, None, hashes.iter().rev().copied().collect()).unwrap();
        let list = List::parse(&file).unwrap();
        prop_assert!(list.hashes().iter().eq(&hashes));
        prop_assert!(hashes.iter().all(|hash| list.contains(hash)));
        prop_assert_eq!(list.contains(&other), hashes.contains(&other));
    }

    #[test]
    fn what_is_damaged_is_read_or_refused_and_never_panics(at in any::<prop::sample::Index>(), with in 1..=255_u8) {
        let mut file = write(Kind::Uci, Some(&Kid(vec![1; 8])), Some("DE"), vec![[1; 16], [2; 16], [3; 16]]).unwrap();
        let at = at.index(file.len());
        prop_assert!(List::parse(&file[..at]).is_err());
        file[at] ^= with;
        let _ = List::parse(&file);
    }

    #[test]
    fn any_text_is_refused_and_never_panics(text in ".{0,200}") {
        prop_assert!(batches(text.as_bytes()).is_err());
        let _ = lines(&text, Kind::Uci);
    }
}
