use super::*;
use crate::store::Leaf;

fn leaves(log: &Reader, from: u64, to: u64) -> Vec<Leaf> {
    let mut found = vec![];
    log.leaves(from, to, |leaf| {
        found.push(leaf);
        true
    })
    .unwrap();
    found
}

#[test]
fn a_leaf_is_the_entry_its_salt_and_its_hash_in_the_tree() {
    let fixture = Fixture::new(9);
    let log = fixture.open().unwrap();
    let found = leaves(&log, 3, 6);
    assert_eq!(found, (3..6).map(|n| Leaf::new(n, scan(n as i64), salt(n))).collect::<Vec<_>>());
    let hash = |n| tree::Nodes::node(&*log, (0, n)).unwrap();
    assert!(found.iter().all(|leaf| leaf.holds() && leaf.hash == hash(leaf.index)));
}

#[test]
fn an_edited_leaf_does_not_hold() {
    let fixture = Fixture::new(4);
    fixture.tamper("UPDATE entry SET outcome = 0 WHERE position = 2");
    let log = Reader::open(&fixture.path).unwrap();
    assert_eq!(leaves(&log, 0, 4).iter().map(Leaf::holds).collect::<Vec<_>>(), [true, true, false, true]);
}

#[test]
fn a_span_of_time_is_a_range_of_indices() {
    let fixture = Fixture::new(10);
    let log = fixture.open().unwrap();
    for (from, until, expected) in [
        (None, None, Some((0, 10))),
        (Some(3), None, Some((3, 10))),
        (None, Some(3), Some((0, 3))),
        (Some(3), Some(4), Some((3, 4))),
        (Some(4), Some(4), None),
        (Some(10), None, None),
        (None, Some(i64::MIN), None),
    ] {
        assert_eq!(log.span(from, until).unwrap(), expected, "{from:?} {until:?}");
    }
}

#[test]
fn a_snapshot_does_not_see_what_is_appended_later() {
    let fixture = Fixture::new(2);
    let mut log = fixture.open().unwrap();
    let reader = Reader::open(&fixture.path).unwrap();
    let snapshot = reader.snapshot().unwrap();
    assert_eq!(reader.len().unwrap(), 2);
    log.append(&scan(2), salt(2)).unwrap();
    assert_eq!((reader.len().unwrap(), leaves(&reader, 0, 9).len()), (2, 2));
    drop(snapshot);
    assert_eq!(reader.len().unwrap(), 3);
}

#[test]
fn whatever_is_asked_is_answered_within_a_held_snapshot_as_without() {
    let fixture = Fixture::new(20);
    let (reader, other) = (Reader::open(&fixture.path).unwrap(), Reader::open(&fixture.path).unwrap());
    let filter = Filter { from: Some(3), ..Filter::default() };
    let _snapshot = reader.snapshot().unwrap();
    assert_eq!(reader.span(Some(3), Some(9)).unwrap(), Some((3, 9)));
    assert_eq!(reader.count_since(2, 3, 9).unwrap(), other.count_since(2, 3, 9).unwrap());
    assert_eq!(reader.statistics(0, 20, 5).unwrap(), other.statistics(0, 20, 5).unwrap());
    assert_eq!(reader.journal(&filter, None, 5).unwrap(), other.journal(&filter, None, 5).unwrap());
}
