use super::*;
use proptest::prelude::*;

fn small() -> Entry {
    let new = NewEntry {
        at: -2,
        outcome: Outcome::Refused,
        reason: "expired".to_owned(),
        stage: "time".to_owned(),
        kind: Some("test".to_owned()),
        identity: Some([0xaa; 32]),
        person: None,
        key_set_version: 3,
        demo: true,
        operator: None,
    };
    new.at_index(0x0102)
}

fn with_operator() -> Entry {
    NewEntry { operator: Some(0x0a0b), ..small().content }.at_index(0x0102)
}

fn event() -> Entry {
    NewEntry { outcome: Outcome::Event, kind: None, identity: None, ..small().content }.at_index(0x0102)
}

prop_compose! {
    fn any_entry()(
        index: u64, at: i64, code in 0..4u8, reason in "[a-z0-9_]{1,64}", stage in "[a-z0-9_]{1,64}",
        kind in proptest::option::of("[a-z0-9_]{1,64}"), identity: Option<[u8; 32]>, person: Option<[u8; 32]>,
        key_set_version: u64, demo: bool, operator: Option<u32>,
    ) -> Entry {
        let outcome = Outcome::from_code(code).unwrap();
        let content =
            NewEntry { at, outcome, reason, stage, kind, identity, person, key_set_version, demo, operator };
        Entry { index, content }
    }
}

#[test]
fn version_1_of_the_encoding_is_these_bytes() {
    let mut expected = vec![1];
    expected.extend([0, 0, 0, 0, 0, 0, 1, 2]);
    expected.extend([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe]);
    expected.push(1);
    expected.extend([0, 0, 0, 0, 0, 0, 0, 3]);
    expected.push(1 | 2 | 8);
    expected.extend([0xaa; 32]);
    expected.extend(b"\x07expired\x04time\x04test");
    assert_eq!(small().encode(), expected);
}

#[test]
fn version_2_adds_operators_and_events() {
    let mut expected = small().encode();
    (expected[0], expected[26]) = (2, 1 | 2 | 8 | 16);
    expected.extend([0, 0, 0x0a, 0x0b]);
    assert_eq!(with_operator().encode(), expected);

    let mut expected = small().encode();
    (expected[0], expected[17], expected[26]) = (2, 3, 1);
    expected.drain(27..59);
    expected.truncate(expected.len() - 5);
    assert_eq!(event().encode(), expected);
}

#[test]
fn an_entry_has_the_first_version_that_can_hold_it() {
    for (entry, other) in [(small(), 2), (with_operator(), 1), (event(), 1)] {
        let mut bytes = entry.encode();
        bytes[0] = other;
        assert_eq!(Entry::decode(&bytes), Err(DecodeError::Value("version")));
    }
}

#[test]
fn a_commitment_is_sha_256_of_salt_and_encoding() {
    let salt = [9; 32];
    let expected: Hash = Sha256::digest([salt.to_vec(), small().encode()].concat()).into();
    assert_eq!(small().commitment(&salt), expected);
    assert_ne!(small().commitment(&[8; 32]), expected);
}

#[test]
fn other_encodings_are_not_taken() {
    let good = small().encode();
    let changed = |at: usize, to: u8| {
        let mut bytes = good.clone();
        bytes[at] = to;
        bytes
    };
    let cases = [
        (changed(0, 0), DecodeError::Value("version")),
        (changed(0, 3), DecodeError::Value("version")),
        (changed(17, 4), DecodeError::Value("outcome")),
        (changed(26, 0x2b), DecodeError::Value("flags")),
        (changed(26, 0x1b), DecodeError::Short("operator")),
        (changed(59, 0), DecodeError::Value("reason")),
        (changed(59, 255), DecodeError::Short("reason")),
        (changed(60, b'E'), DecodeError::Value("reason")),
        (changed(60, 0xff), DecodeError::Value("reason")),
        ([good.as_slice(), &[0]].concat(), DecodeError::Trailing(1)),
    ];
    for (bytes, expected) in cases {
        assert_eq!(Entry::decode(&bytes), Err(expected));
    }
}

#[test]
fn an_encoding_that_ends_early_is_not_taken() {
    let good = small().encode();
    for len in 0..good.len() {
        assert!(matches!(Entry::decode(&good[..len]), Err(DecodeError::Short(_))), "{len}");
    }
}

#[test]
fn only_words_may_stand_in_the_log() {
    let new = |reason: &str, kind: Option<&str>, version| NewEntry {
        at: 0,
        outcome: Outcome::Accepted,
        reason: reason.to_owned(),
        stage: "rules".to_owned(),
        kind: kind.map(str::to_owned),
        identity: None,
        person: None,
        key_set_version: version,
        demo: false,
        operator: None,
    };
    assert_eq!(new("accepted", Some("test"), 1).check(), Ok(()));
    let long = "a".repeat(MAX_WORD + 1);
    for bad in ["", "Anna Ivanova", "Анна", "a-b", "a\n", &long] {
        assert_eq!(new(bad, None, 1).check(), Err(BadEntry::Word("reason")), "{bad:?}");
        assert_eq!(new("a", Some(bad), 1).check(), Err(BadEntry::Word("kind")), "{bad:?}");
    }
    assert_eq!(new("a", None, u64::MAX).check(), Err(BadEntry::TooBig("key set version")));
}

proptest! {
    #[test]
    fn an_entry_comes_back_from_its_bytes(entry in any_entry()) {
        prop_assert_eq!(Entry::decode(&entry.encode()), Ok(entry));
    }

    #[test]
    fn whatever_is_decoded_has_no_other_encoding(
        entry in any_entry(), at in any::<prop::sample::Index>(), to: u8,
    ) {
        let mut bytes = entry.encode();
        let at = at.index(bytes.len());
        bytes[at] = to;
        if let Ok(decoded) = Entry::decode(&bytes) {
            prop_assert_eq!(decoded.encode(), bytes);
        }
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes: Vec<u8>) {
        if let Ok(decoded) = Entry::decode(&bytes) {
            prop_assert_eq!(decoded.encode(), bytes);
        }
    }
}
