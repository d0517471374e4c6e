//! The anchor, and the roots that follow it.

use super::*;

#[test]
fn nothing_comes_in_without_an_anchor_and_no_anchor_is_replaced() {
    let (place, other) = (Place::publishing(&signers(1), "first"), Place::publishing(&signers(50), "other"));
    let store = Store::open(&place.database()).unwrap();
    assert_eq!((store.anchored().unwrap(), store.load().unwrap()), (None, None));
    assert!(matches!(store.refresh(&place.folder(), NOW), Err(Error::NotAnchored)));
    store.anchor(&place.read(FIRST_ROOT)).unwrap();
    store.anchor(&place.read(FIRST_ROOT)).unwrap();
    assert!(matches!(store.anchor(&other.read(FIRST_ROOT)), Err(Error::AnotherAnchor)));
    assert_eq!(store.anchored().unwrap().unwrap().len(), 64);
    assert_eq!(
        refused(store.refresh(&other.folder(), NOW)),
        Refusal::SameVersion { role: "root".into(), version: 1 }
    );
    assert_eq!(store.load().unwrap(), None);
}

#[test]
fn unsound_roots_cannot_be_anchored() {
    let place = Place::publishing(&signers(1), "first");
    let store = Store::open(&place.database()).unwrap();
    let edited = |edit: &dyn Fn(&mut Value)| {
        let mut root: Value = serde_json::from_slice(&place.read(FIRST_ROOT)).unwrap();
        edit(&mut root["signed"]);
        tuf::signed(root["signed"].clone(), &signers(1).root.keys).unwrap()
    };
    store.anchor(&edited(&|_| {})).unwrap();

    let store = Store::open(&place.database().with_extension("other")).unwrap();
    let id = |root: &Value| root["roles"]["root"]["keyids"][0].clone();
    type Edit = Box<dyn Fn(&mut Value)>;
    let cases: [(&str, Edit); 6] = [
        (
            "a role is missing",
            Box::new(|root| drop(root["roles"].as_object_mut().unwrap().remove("timestamp"))),
        ),
        ("threshold 0", Box::new(|root| root["roles"]["targets"]["threshold"] = json!(0))),
        ("more signatures than keys", Box::new(|root| root["roles"]["targets"]["threshold"] = json!(2))),
        (
            "one key counts twice",
            Box::new(move |root| {
                let key = root["keys"][id(root).as_str().unwrap()].clone();
                root["keys"]["again"] = key;
                root["roles"]["targets"] = json!({"keyids": [id(root), "again"], "threshold": 2});
            }),
        ),
        ("a version that could overflow", Box::new(|root| root["version"] = json!(u64::MAX))),
        ("another kind", Box::new(|root| root["_type"] = json!("targets"))),
    ];
    for (name, edit) in cases {
        assert!(matches!(store.anchor(&edited(&*edit)), Err(Error::Refused(_))), "{name}");
    }
    for junk in [&b""[..], b"{}", b"[", &vec![b' '; METADATA_MAX + 1]] {
        assert!(matches!(store.anchor(junk), Err(Error::Refused(_))));
    }
    let one_of_two = Place::publishing(&two_of_two(1), "first");
    let mut root: Value = serde_json::from_slice(&one_of_two.read(FIRST_ROOT)).unwrap();
    root["signatures"].as_array_mut().unwrap().pop();
    let error = store.anchor(&serde_json::to_vec(&root).unwrap()).unwrap_err();
    assert!(matches!(error, Error::Refused(Refusal::Signatures { found: 1, threshold: 2, .. })), "{error}");
    assert_eq!(store.anchored().unwrap(), None);
}

#[test]
fn rotated_keys_are_followed_only_with_the_old_roots_signature() {
    let (old, new) = (signers(1), signers(50));
    let rotated = |keys: &[ed25519_dalek::SigningKey], version: u64| {
        let mut root = signed_part(&Place::publishing(&new, "second"), FIRST_ROOT);
        root["version"] = json!(version);
        tuf::signed(root, keys).unwrap()
    };
    let both = [old.root.keys.clone(), new.root.keys.clone()].concat();
    let bad = [
        rotated(&new.root.keys, 2),
        rotated(&old.root.keys, 2),
        rotated(&both, 1),
        rotated(&both, 3),
        b"{".to_vec(),
    ];
    for root in bad {
        let place = Place::publishing(&old, "first");
        let store = place.refreshed();
        place.write("2.root.json", &root);
        refused(store.refresh(&place.folder(), NOW));
        assert_eq!(issuer(&store).as_deref(), Some("first"));
    }

    let place = Place::publishing(&old, "first");
    let store = place.refreshed();
    place.write("2.root.json", &rotated(&both, 2));
    // The old roles' signatures hold no longer.
    assert!(matches!(refused(store.refresh(&place.folder(), NOW)), Refusal::Signatures { found: 0, .. }));
    // The version must not fall even now: the new keys sign version 1 with other contents.
    overlay(&Place::publishing(&new, "second"), &place);
    assert!(matches!(refused(store.refresh(&place.folder(), NOW)), Refusal::SameVersion { .. }));
    place.update(&new, "third");
    assert_eq!(store.refresh(&place.folder(), NOW + 10).unwrap().versions(), (Some(1), 2));
    drop(store);
    let store = Store::open(&place.database()).unwrap();
    assert_eq!(issuer(&store).as_deref(), Some("third"));
    assert_eq!(store.refresh(&place.folder(), NOW + 10).unwrap(), Refreshed::Unchanged { version: 2 });
}
