//! A coordinator, or whoever carries the request, who wants more signed than is shown.

use serde_json::{Value, json};

use super::*;
use crate::hex;

/// What is said of a request after `edit`.
fn changed(good: &Request, edit: impl Fn(&mut Request)) -> String {
    let mut request = good.clone();
    edit(&mut request);
    told(Request::read(request.to_zip().unwrap()).map(|_| ()))
}

/// The same after `edit` to the body of a role.
fn body(good: &Request, role: RoleName, edit: impl Fn(&mut Value)) -> String {
    changed(good, |request| edit(request.bodies.get_mut(&role).unwrap()))
}

/// The request for a first publication, root and all.
fn first() -> Request {
    let place = Place::new();
    place.draft().set_file("policy.json", b"{}".to_vec()).unwrap();
    place.stage();
    place.request()
}

#[test]
fn a_strangers_key_under_a_signers_name_is_not_signed() {
    let good = first();
    let (anna, mallory) = (card(1).id().unwrap(), signing_key(66).verifying_key());
    let told = body(&good, RoleName::Root, |body| {
        body["keys"][&anna]["keyval"]["public"] = json!(hex::encode(mallory.as_bytes()));
    });
    assert!(told.contains("its root has more in it, or other things, than what is shown"), "{told}");
    // Nor under her name, with a second card of one key.
    let told = changed(&good, |request| {
        request.cards.push(Card::new("Anna", &signing_key(2).verifying_key().to_bytes()).unwrap());
    });
    assert!(told.contains("one key has two names"), "{told}");
    let told = changed(&good, |request| request.cards.retain(|card| card.name() != "Signer 2"));
    assert!(told.contains("nobody's name is given for the key"), "{told}");
}

#[test]
fn a_root_says_nothing_beside_what_is_shown_of_it() {
    let good = first();
    let ids = [1, 9].map(|seed| json!(card(seed).id().unwrap()));
    let stranger = crate::tuf::key_id(&signing_key(66).verifying_key()).unwrap();
    type Edit = Box<dyn Fn(&mut Value)>;
    let unsound: [(Edit, &str); 6] = [
        (Box::new(|body| body["roles"]["root"]["threshold"] = json!(1)), "more than half"),
        (Box::new(|body| body["roles"]["targets"]["threshold"] = json!(0)), "0 of 3 cannot sign"),
        (Box::new(|body| body["roles"]["targets"]["threshold"] = json!(4)), "4 of 3 cannot sign"),
        (Box::new(|body| body["roles"]["snapshot"]["keyids"] = json!([])), "1 of 0 cannot sign"),
        (Box::new(move |body| body["roles"]["targets"]["keyids"][1] = ids[0].clone()), "stands in it twice"),
        (Box::new(|body| body["roles"]["targets"]["keyids"][1] = json!("00")), "nobody's name is given"),
    ];
    for (edit, expected) in unsound {
        let told = body(&good, RoleName::Root, edit);
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let more: [Edit; 6] = [
        Box::new(move |body| body["keys"][&stranger.0] = stranger.1.clone()),
        Box::new(|body| body["keys"] = json!({})),
        Box::new(|body| body["consistent_snapshot"] = json!(false)),
        Box::new(|body| body["roles"]["mirrors"] = json!({"keyids": [], "threshold": 1})),
        Box::new(|body| body["roles"]["root"]["paths"] = json!(["*"])),
        Box::new(|body| body["roles"]["targets"]["keyids"].as_array_mut().unwrap().push(json!(7))),
    ];
    for edit in more {
        let told = body(&good, RoleName::Root, edit);
        assert!(told.contains("than what is shown"), "{told}");
    }
}

#[test]
fn no_role_says_anything_beside_what_is_shown_of_it() {
    let good = first();
    for role in RoleName::ALL {
        for edit in [
            |body: &mut Value| body["custom"] = json!({}),
            |body: &mut Value| body["spec_version"] = json!("1.0.0"),
            |body: &mut Value| body["expires"] = json!("2026-01-05T00:00:00.5Z"),
            |body: &mut Value| body["expires"] = json!("2026-01-05T00:00:00+00:00"),
        ] {
            let told = body(&good, role, edit);
            assert!(told.contains("than what is shown"), "{}: {told}", role.name());
        }
        for expires in ["2036-06-01T00:00:00Z", "2026-01-01T00:00:00Z", "some day"] {
            let told = body(&good, role, |body| body["expires"] = json!(expires));
            assert!(told.contains("holds for no term"), "{expires}: {told}");
        }
    }
    let delegations = json!({"keys": {}, "roles": []});
    let file = json!({"version": 1, "length": 5});
    let targets = |edit: &dyn Fn(&mut Value)| body(&good, RoleName::Targets, edit);
    for told in [
        targets(&|body| body["delegations"] = delegations.clone()),
        targets(&|body| body["targets"]["policy.json"]["custom"] = json!({"a": 1})),
        targets(&|body| body["targets"]["policy.json"]["hashes"]["sha512"] = json!("00")),
        body(&good, RoleName::Snapshot, |body| body["meta"]["other.json"] = file.clone()),
        body(&good, RoleName::Snapshot, |body| body["meta"]["targets.json"]["length"] = json!(5)),
        body(&good, RoleName::Timestamp, |body| body["meta"]["other.json"] = file.clone()),
    ] {
        assert!(told.contains("than what is shown"), "{told}");
    }
}

#[test]
fn a_request_whose_parts_do_not_belong_together_is_not_read() {
    let place = Place::published();
    place.draft().set_keys(&document(&["second"])).unwrap();
    place.stage();
    let good = place.request();
    let changed = |edit: &dyn Fn(&mut Request)| changed(&good, edit);
    let body = |role: RoleName, edit: fn(&mut Value)| body(&good, role, edit);
    assert!(body(RoleName::Targets, |body| body["version"] = json!(7)).contains("does not follow"));
    assert!(body(RoleName::Targets, |body| body["_type"] = json!("snapshot")).contains("does not follow"));
    assert!(
        body(RoleName::Snapshot, |body| body["meta"]["targets.json"]["version"] = json!(1))
            .contains("does not name")
    );
    assert!(body(RoleName::Timestamp, |body| body["meta"] = json!({})).contains("does not name"));
    assert!(
        body(RoleName::Targets, |body| body["targets"]["keys.json"]["length"] = json!(1))
            .contains("not what its targets list")
    );
    assert!(body(RoleName::Targets, |body| body["targets"]["../x"] = json!({})).contains("not a plain file"));
    assert!(changed(&|request| drop(request.bodies.remove(&RoleName::Snapshot))).contains("does not name"));
    assert!(changed(&|request| request.contents.clear()).contains("is missing"));
    assert!(told(Request::read(b"junk".to_vec()).map(|_| ())).contains("no zip file"));
    Request::read(good.to_zip().unwrap()).unwrap();
}

/// Nothing of it is unpacked: the files are not even there.
#[test]
fn a_request_with_more_than_stations_hold_is_refused_unread() {
    let good = first();
    let listing = |count: usize, name: &str, length: usize| {
        let files: serde_json::Map<String, Value> = (0..count)
            .map(|at| {
                (name.replace('#', &at.to_string()), json!({"length": length, "hashes": {"sha256": "00"}}))
            })
            .collect();
        body(&good, RoleName::Targets, |body| body["targets"] = Value::Object(files.clone()))
    };
    assert!(listing(201, "a#.json", 1).contains("lists over 200 files"));
    assert!(listing(9, "a#.json", 8 << 20).contains("all files together is over 67108864 bytes"));
    assert!(listing(17, "hashes.#.bin", 32 << 20).contains("all lists of hashes together is over"));
    assert!(listing(1, "a#.json", (8 << 20) + 1).contains("a0.json is over"));
    assert!(listing(1, "a#.json", 5).contains("is missing"));
}
