//! What a change tells of keys.

use credential::{Usages, Validity};

use super::*;
use crate::testing::{NOW, document};

fn key(edit: impl FnOnce(&mut IssuerKey)) -> IssuerKey {
    let mut key = document(&["owner"]).keys.remove(0);
    edit(&mut key);
    key
}

#[test]
fn a_line_has_all_that_is_signed_of_a_key() {
    let new = key(|key| {
        key.usages = Usages { test: true, other: true, ..Usages::default() };
        key.validity = Some(Validity { not_before: 1, not_after: 2 });
        key.demo = true;
    });
    let changes = KeyChanges::between(&[], std::slice::from_ref(&new));
    let line = &changes.added[0];
    assert_eq!(
        (line.usages.as_slice(), line.validity, line.demo),
        (&["test", "other"][..], Some((1, 2)), true)
    );
    assert_eq!(line.sha256, hex::encode(&Sha256::digest(bytes(&new.key))));
}

#[test]
fn a_key_that_stands_in_the_set_twice_is_told_twice() {
    let [tests, recoveries] = [
        key(|key| key.usages = Usages { test: true, ..Usages::default() }),
        key(|key| key.usages = Usages { recovery: true, ..Usages::default() }),
    ];
    let changes = KeyChanges::between(std::slice::from_ref(&tests), &[tests.clone(), recoveries]);
    let usages: Vec<_> = changes.changed.iter().map(|line| line.usages.as_slice()).collect();
    assert_eq!(usages, [["test"], ["recovery"]]);
}

#[test]
fn a_key_that_is_revoked_no_longer_is_told_so() {
    let (revoked, good) = (key(|key| key.revoked_from = Some(NOW)), key(|_| ()));
    let changes = KeyChanges::between(std::slice::from_ref(&revoked), &[good]);
    let line = &changes.changed[0];
    assert_eq!((line.restored, line.revoked_from), (true, Some(NOW)));
    let gone = KeyChanges::between(&[revoked], &[]);
    assert!(!gone.removed[0].restored);
}
