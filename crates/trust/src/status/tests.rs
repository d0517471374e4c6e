use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const URI: &str = "https://clinic.example/status";

fn list(count: u32, revoked: &[u32]) -> List {
    List::new(URI, count, revoked.iter().copied()).unwrap()
}

/// A list's file with one member another.
fn with(member: &str, item: Item<'_>) -> Vec<u8> {
    let bits = zlib::deflate(&[0b101]);
    let mut members = vec![
        ("format", Item::Text(LIST_FORMAT)),
        ("uri", Item::Text(URI)),
        ("count", Item::Number(3)),
        ("lst", Item::Bytes(&bits)),
    ];
    members.retain(|(name, _)| *name != member);
    members.push((member, item));
    cbor::write(&members)
}

fn delta_with(member: &str, item: Item<'_>) -> Vec<u8> {
    let flips = zlib::deflate(&[0, 1]);
    let mut members = vec![
        ("format", Item::Text(DELTA_FORMAT)),
        ("uri", Item::Text(URI)),
        ("count", Item::Number(3)),
        ("base", Item::Bytes(&[7; 32])),
        ("flips", Item::Bytes(&flips)),
    ];
    members.retain(|(name, _)| *name != member);
    members.push((member, item));
    cbor::write(&members)
}

fn malformed(problem: &'static str) -> StatusError {
    StatusError::Malformed(problem)
}

/// draft-ietf-oauth-status-list-17 §4.1 and §4.2: sixteen statuses, their two bytes, and the
/// zlib stream of its example.
#[test]
fn the_drafts_example_reads_as_it_says() {
    const STATUSES: [u32; 16] = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1];
    const LST: [u8; 10] = [0x78, 0xda, 0xdb, 0xb9, 0x18, 0x00, 0x02, 0x17, 0x01, 0x5d];
    let file = cbor::write(&[
        ("format", Item::Text(LIST_FORMAT)),
        ("uri", Item::Text(URI)),
        ("count", Item::Number(16)),
        ("lst", Item::Bytes(&LST)),
    ]);
    let read = List::parse(&file).unwrap();
    for (place, status) in (0..).zip(STATUSES) {
        assert_eq!(read.is_revoked(place), status == 1, "{place}");
    }
    let revoked = (0..16).filter(|place| STATUSES[*place as usize] == 1);
    assert_eq!(read, List::new(URI, 16, revoked).unwrap());
    assert_eq!(read.bits, [0xb9, 0xa3]);
}

#[test]
fn places_beyond_the_list_are_not_revoked() {
    let list = list(3, &[0, 1, 2]);
    for place in [3, 7, 8, u64::from(u32::MAX), u64::MAX] {
        assert!(!list.is_revoked(place), "{place}");
    }
    assert_eq!(List::new(URI, 3, [3]), Err(StatusError::Place { place: 3, count: 3 }));
}

#[test]
fn a_list_of_nothing_is_one() {
    let empty = list(0, &[]);
    assert_eq!(List::parse(&empty.to_bytes()), Ok(empty.clone()));
    assert!(!empty.is_revoked(0));
}

#[test]
fn whatever_is_not_the_schema_is_refused() {
    let bits = |bytes: &[u8]| zlib::deflate(bytes);
    let format = |found: &str| StatusError::Format { found: found.into(), expected: LIST_FORMAT };
    let misfit = || malformed("its bits do not fit its count");
    let missing = || malformed("a member is missing or of another type");
    assert!(List::parse(&with("count", Item::Number(3))).is_ok());
    let table = [
        (with("format", Item::Text("propusk-status-list/2")), format("propusk-status-list/2")),
        (with("format", Item::Text(DELTA_FORMAT)), format(DELTA_FORMAT)),
        (with("format", Item::Number(1)), missing()),
        (with("count", Item::Number(2)), misfit()),
        (with("count", Item::Number(9)), misfit()),
        (with("count", Item::Number(0)), malformed("it inflates to more than it says")),
        (with("count", Item::Number(u64::from(PLACES_MAX) + 1)), StatusError::TooLarge),
        (with("count", Item::Number(u64::MAX)), StatusError::TooLarge),
        (with("count", Item::Text("3")), missing()),
        (with("lst", Item::Bytes(&bits(&[0b1000]))), misfit()),
        (with("lst", Item::Bytes(&bits(&[]))), misfit()),
        (with("lst", Item::Bytes(&bits(&[0; 2]))), malformed("it inflates to more than it says")),
        (with("lst", Item::Bytes(&bits(&vec![0; 1 << 22]))), malformed("it inflates to more than it says")),
        (with("lst", Item::Bytes(&[])), malformed("its zlib stream is broken")),
        (with("lst", Item::Bytes(&[bits(&[5]), vec![0]].concat())), malformed("its zlib stream is broken")),
        (with("uri", Item::Text("")), StatusError::Uri),
        (with("uri", Item::Text("a:\u{1b}b")), StatusError::Uri),
        (with("uri", Item::Text(&"u".repeat(URI_MAX + 1))), StatusError::Uri),
        (with("ttl", Item::Number(1)), malformed("a member that is not known")),
        ([with("count", Item::Number(3)), vec![0]].concat(), malformed("more behind its end")),
        (vec![0; LIST_MAX + 1], StatusError::TooLarge),
        (vec![], malformed("cut off")),
    ];
    for (file, problem) in table {
        assert_eq!(List::parse(&file), Err(problem), "{:x?}", &file[..file.len().min(80)]);
    }
}

#[test]
fn a_delta_that_is_not_the_schema_is_refused() {
    let flips = |bytes: &[u8]| zlib::deflate(bytes);
    let no_number = || malformed("a place that is no LEB128");
    assert_eq!(
        Delta::parse(&delta_with("count", Item::Number(3))).unwrap().flips().collect::<Vec<_>>(),
        [0, 2]
    );
    let table = [
        (delta_with("format", Item::Text(LIST_FORMAT)), None),
        (delta_with("base", Item::Bytes(&[7; 31])), Some(malformed("its base is no SHA-256"))),
        (delta_with("count", Item::Number(2)), Some(malformed("a place beyond its count"))),
        (
            delta_with("flips", Item::Bytes(&flips(&[0, 0, 0, 0]))),
            Some(malformed("a place beyond its count")),
        ),
        (
            delta_with("flips", Item::Bytes(&flips(&[0xff, 0xff, 0xff, 0xff, 0x0f]))),
            Some(malformed("a place beyond its count")),
        ),
        (
            delta_with("flips", Item::Bytes(&flips(&[0, 0xff, 0xff, 0xff, 0xff, 0x0f]))),
            Some(malformed("a place beyond its count")),
        ),
        (delta_with("flips", Item::Bytes(&flips(&[0x80, 0x00]))), Some(no_number())),
        (delta_with("flips", Item::Bytes(&flips(&[0, 0x80]))), Some(no_number())),
        (
            delta_with("flips", Item::Bytes(&flips(&vec![0; FLIPS_MAX + 1]))),
            Some(malformed("it inflates to more than it says")),
        ),
        (delta_with("more", Item::Number(1)), Some(malformed("a member that is not known"))),
        (vec![0; DELTA_MAX + 1], Some(StatusError::TooLarge)),
    ];
    for (file, problem) in table {
        let read = Delta::parse(&file);
        match problem {
            Some(problem) => assert_eq!(read, Err(problem)),
            None => assert!(matches!(read, Err(StatusError::Format { .. })), "{read:?}"),
        }
    }
}

#[test]
fn a_delta_for_another_base_is_refused() {
    let (base, other) = (list(10, &[1]).to_bytes(), list(10, &[2]).to_bytes());
    let delta = Delta::between(&base, &list(10, &[1, 3])).unwrap();
    assert_eq!(delta.apply(&base), Ok(list(10, &[1, 3])));
    assert!(matches!(delta.apply(&other), Err(StatusError::WrongBase { .. })));
    assert!(matches!(List::load(&other, Some(&delta.to_bytes())), Err(StatusError::WrongBase { .. })));
    // A state that a delta led to is no base for it either.
    assert!(matches!(delta.apply(&list(10, &[1, 3]).to_bytes()), Err(StatusError::WrongBase { .. })));
}

#[test]
fn a_delta_of_another_list_or_a_shorter_one_is_neither_made_nor_applied() {
    let base = list(10, &[1]).to_bytes();
    let foreign = List::new("https://other.example/s", 10, [1]).unwrap();
    assert!(matches!(Delta::between(&base, &foreign), Err(StatusError::AnotherList { .. })));
    assert_eq!(Delta::between(&base, &list(9, &[])), Err(StatusError::Shrunk { before: 10, now: 9 }));
    let delta = |uri: &str, count: u64| {
        let file = cbor::write(&[
            ("format", Item::Text(DELTA_FORMAT)),
            ("uri", Item::Text(uri)),
            ("count", Item::Number(count)),
            ("base", Item::Bytes(&sha256(&base))),
            ("flips", Item::Bytes(&zlib::deflate(&[0]))),
        ]);
        Delta::parse(&file).unwrap().apply(&base)
    };
    assert_eq!(delta(URI, 12), Ok(list(12, &[0, 1])));
    assert!(matches!(delta("https://other.example/s", 12), Err(StatusError::AnotherList { .. })));
    assert_eq!(delta(URI, 9), Err(StatusError::Shrunk { before: 10, now: 9 }));
}

#[test]
fn a_delta_lets_a_list_grow_and_restores_too() {
    let base = list(3, &[0, 2]).to_bytes();
    let now = list(100, &[2, 3, 99]);
    let delta = Delta::between(&base, &now).unwrap();
    assert_eq!(delta.flips().collect::<Vec<_>>(), [0, 3, 99]);
    assert_eq!(List::load(&base, Some(&delta.to_bytes())), Ok(now));
    assert_eq!(List::load(&base, None), Ok(list(3, &[0, 2])));
}

fn places_below(count: u32) -> impl Strategy<Value = BTreeSet<u32>> {
    proptest::collection::btree_set(0..count.max(1), 0..200)
        .prop_map(move |places| places.into_iter().filter(|place| *place < count).collect())
}

fn any_list() -> impl Strategy<Value = (u32, BTreeSet<u32>)> {
    (0..5000_u32).prop_flat_map(|count| (Just(count), places_below(count)))
}

proptest! {
    #[test]
    fn a_list_is_the_set_of_its_places((count, revoked) in any_list()) {
        let list = List::new(URI, count, revoked.iter().copied()).unwrap();
        prop_assert_eq!(list.revoked().collect::<BTreeSet<_>>(), revoked.clone());
        prop_assert_eq!(list.revoked_count() as usize, revoked.len());
        for place in 0..count + 20 {
            prop_assert_eq!(list.is_revoked(place.into()), revoked.contains(&place));
        }
        prop_assert_eq!(List::parse(&list.to_bytes()), Ok(list));
    }

    #[test]
    fn a_delta_leads_from_its_base_to_its_list((count, revoked) in any_list(), more in 0..500_u32, next in places_below(5000)) {
        let base = List::new(URI, count, revoked).unwrap().to_bytes();
        let now = List::new(URI, count + more, next.into_iter().filter(|place| *place < count + more)).unwrap();
        let delta = Delta::between(&base, &now).unwrap();
        prop_assert_eq!(Delta::parse(&delta.to_bytes()), Ok(delta.clone()));
        prop_assert_eq!(delta.apply(&base), Ok(now));
    }

    #[test]
    fn what_is_damaged_is_read_or_refused_and_never_panics((count, revoked) in any_list(), at in any::<prop::sample::Index>(), with in 1..=255_u8) {
        let base = List::new(URI, count, revoked.iter().copied()).unwrap();
        let delta = Delta::between(&list(0, &[]).to_bytes(), &base).unwrap().to_bytes();
        for file in [base.to_bytes(), delta] {
            let mut file = file;
            let at = at.index(file.len());
            file[at] ^= with;
            let _ = List::parse(&file);
            if let Ok(delta) = Delta::parse(&file) {
                let _ = (delta.flips().count(), delta.apply(&list(0, &[]).to_bytes()));
            }
            let _ = List::parse(&file[..at]);
            let _ = Delta::parse(&file[..at]);
        }
    }

    #[test]
    fn any_bytes_are_refused_and_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(List::parse(&bytes).is_err());
        prop_assert!(Delta::parse(&bytes).is_err());
    }
}
