//! What is published besides the key set.

use std::cell::RefCell;

use super::*;
use crate::publish::Contents;
use crate::target;

/// The folder's files, noting each that is asked for.
struct Noting<'a> {
    folder: &'a Folder,
    asked: RefCell<Vec<String>>,
}

impl Source for Noting<'_> {
    fn read(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, Error> {
        self.asked.borrow_mut().push(name.to_owned());
        self.folder.read(name, limit)
    }
}

fn contents(name: &str, files: &[(&str, &[u8])]) -> Contents {
    let keys = Contents::new(document(&[name]));
    files.iter().fold(keys, |contents, (name, bytes)| contents.with(name, bytes.to_vec()).unwrap())
}

fn update(place: &Place, contents: Contents) {
    publish::update(&place.folder(), &signers(1), contents, Terms::default(), NOW + 10).unwrap();
}

fn names(store: &Store) -> Vec<String> {
    store.load().unwrap().unwrap().targets().map(str::to_owned).collect()
}

#[test]
fn further_files_come_change_and_go_with_the_key_set() {
    let place = Place::publishing(&signers(1), "first");
    let store = place.refreshed();
    assert_eq!(names(&store), [KEYS]);
    update(
        &place,
        contents("first", &[("policy.json", b"{}"), ("more.eu.bin", b"12"), ("texts.a.json", b"x")]),
    );
    let Refreshed::Updated(change) = store.refresh(&place.folder(), NOW).unwrap() else { panic!("updated") };
    let listed = |lines: &[crate::change::TargetLine]| -> Vec<(String, usize)> {
        lines.iter().map(|line| (line.name.clone(), line.length)).collect()
    };
    let all = [("more.eu.bin".to_owned(), 2), ("policy.json".to_owned(), 2), ("texts.a.json".to_owned(), 1)];
    assert_eq!(listed(&change.targets.added), all);
    assert_eq!(names(&store), [KEYS, "more.eu.bin", "policy.json", "texts.a.json"]);

    update(&place, contents("first", &[("policy.json", b"{ }"), ("more.eu.bin", b"12")]));
    let preview = store.preview(&Folder::new(&place.folder()), NOW).unwrap();
    let Refreshed::Updated(change) = store.refresh(&place.folder(), NOW).unwrap() else { panic!("updated") };
    assert_eq!(*change, preview);
    assert_eq!(listed(&change.targets.changed), [("policy.json".to_owned(), 3)]);
    assert_eq!(listed(&change.targets.removed), [("texts.a.json".to_owned(), 1)]);
    assert!(change.targets.added.is_empty() && change.keys == Default::default());
    let trusted = Store::open(&place.database()).unwrap().load().unwrap().unwrap();
    assert_eq!(trusted.target("policy.json"), Some(&b"{ }"[..]));
    assert_eq!((trusted.target("more.eu.bin"), trusted.target("texts.a.json")), (Some(&b"12"[..]), None));
}

#[test]
fn only_files_that_are_not_here_yet_are_read() {
    let place = Place::publishing(&signers(1), "first");
    update(&place, contents("first", &[("policy.json", b"{}"), ("more.eu.bin", b"12")]));
    let store = place.refreshed();
    update(&place, contents("first", &[("policy.json", b"{ }"), ("more.fr.bin", b"12")]));
    let folder = Folder::new(&place.folder());
    let noting = Noting { folder: &folder, asked: RefCell::default() };
    store.refresh_from(&noting, NOW).unwrap();
    let asked = noting.asked.into_inner();
    let targets: Vec<&String> = asked.iter().filter(|name| name.starts_with("targets/")).collect();
    assert!(matches!(targets[..], [one] if one.ends_with(".policy.json")), "{targets:?}");
    assert_eq!(names(&store), [KEYS, "more.fr.bin", "policy.json"]);
}

#[test]
fn a_missing_or_damaged_further_file_leaves_everything_as_it_was() {
    let place = Place::publishing(&signers(1), "first");
    let store = place.refreshed();
    update(&place, contents("second", &[("policy.json", b"{\"a\":1}")]));
    let name = place.files().into_iter().find(|name| name.ends_with("policy.json")).unwrap();
    for bytes in [&b"{\"a\":2}"[..], b"{\"a\":1} ", b""] {
        place.write(&name, bytes);
        let refusal = refused(store.refresh(&place.folder(), NOW));
        assert!(matches!(&refusal, Refusal::Malformed { name, .. } if name == "policy.json"), "{refusal}");
    }
    fs::remove_file(place.folder().join(&name)).unwrap();
    assert_eq!(refused(store.refresh(&place.folder(), NOW)), Refusal::Missing(name));
    assert_eq!((issuer(&store).as_deref(), names(&store)), (Some("first"), vec![KEYS.to_owned()]));
}

/// Signs this `targets` member as version 2 of the place's repository.
fn signed_targets(place: &Place, targets: &Value) {
    let signers = signers(1);
    let mut body = signed_part(place, "1.targets.json");
    (body["version"], body["targets"]) = (json!(2), targets.clone());
    place.write("2.targets.json", &tuf::signed(body, &signers.targets.keys).unwrap());
    let mut snapshot = signed_part(place, "1.snapshot.json");
    (snapshot["version"], snapshot["meta"]) = (json!(2), json!({"targets.json": {"version": 2}}));
    place.write("2.snapshot.json", &tuf::signed(snapshot, &signers.snapshot.keys).unwrap());
    let mut timestamp = signed_part(place, "timestamp.json");
    (timestamp["version"], timestamp["meta"]) = (json!(2), json!({"snapshot.json": {"version": 2}}));
    place.write("timestamp.json", &tuf::signed(timestamp, &signers.timestamp.keys).unwrap());
}

/// Signed by the right keys, and refused before anything of that name or size is read.
#[test]
fn tricky_names_and_sizes_are_refused_unread_though_they_are_signed() {
    let sha256 = "ab".repeat(32);
    let file = |length: usize| json!({"length": length, "hashes": {"sha256": sha256}});
    let keys =
        signed_part(&Place::publishing(&signers(1), "first"), "1.targets.json")["targets"][KEYS].clone();
    let many: serde_json::Map<String, Value> = (0..COUNT_MAX)
        .map(|at| (format!("a{at}.json"), file(1)))
        .chain([(KEYS.into(), keys.clone())])
        .collect();
    let heavy = (0..9).map(|at| (format!("a{at}.json"), file(target::SIZE_MAX)));
    let heavy: serde_json::Map<String, Value> = heavy.chain([(KEYS.into(), keys.clone())]).collect();
    let lists = (0..17).map(|at| (format!("hashes.a{at}.bin"), file(target::HASHES_SIZE_MAX)));
    let lists: serde_json::Map<String, Value> = lists.chain([(KEYS.into(), keys.clone())]).collect();
    let cases = [
        (json!({KEYS: keys, "../../escape": file(1)}), "../../escape"),
        (json!({KEYS: keys, "/etc/passwd": file(1)}), "/etc/passwd"),
        (json!({KEYS: keys, "Policy.json": file(1)}), "Policy.json"),
        (json!({KEYS: keys, "policy.json": file(target::SIZE_MAX + 1)}), "policy.json is over 8388608 bytes"),
        (json!({KEYS: keys, "hashes.a.bin": file(target::HASHES_SIZE_MAX + 1)}), "is over 33554432 bytes"),
        (json!({KEYS: keys, "policy.json": {"length": u64::MAX, "hashes": {"sha256": sha256}}}), "is over"),
        (Value::Object(lists), "all lists of hashes together is over 536870912 bytes"),
        (Value::Object(heavy), "all files together is over 67108864 bytes"),
        (Value::Object(many), "lists over 200 files"),
        (json!({"policy.json": file(1)}), "does not list keys.json"),
        (json!({KEYS: keys, "policy.json": {"length": 1, "hashes": {}}}), "policy.json has no SHA-256"),
    ];
    for (targets, expected) in cases {
        let place = Place::publishing(&signers(1), "first");
        let store = place.refreshed();
        signed_targets(&place, &targets);
        let told = refused(store.refresh(&place.folder(), NOW)).to_string();
        assert!(told.contains(expected), "{expected:?}: {told}");
        assert_eq!(issuer(&store).as_deref(), Some("first"));
    }
}

/// Newer metadata over older files, and the other way round.
#[test]
fn parts_of_two_versions_do_not_mix() {
    let place = Place::publishing(&signers(1), "first");
    let store = place.refreshed();
    update(&place, contents("second", &[("policy.json", b"2")]));
    let second: Vec<(String, Vec<u8>)> =
        place.files().into_iter().map(|name| (name.clone(), place.read(&name))).collect();
    update(&place, contents("third", &[("policy.json", b"3")]));
    let timestamp = place.read("timestamp.json");
    let old = |ending: &str| second.iter().find(|(name, _)| name.ends_with(ending)).unwrap().1.clone();
    for (name, bytes) in
        [("3.snapshot.json", old("2.snapshot.json")), ("3.targets.json", old("2.targets.json"))]
    {
        let good = place.read(name);
        place.write(name, &bytes);
        refused(store.refresh(&place.folder(), NOW));
        place.write(name, &good);
    }
    place.write("timestamp.json", &old("timestamp.json"));
    fs::remove_file(place.folder().join("2.snapshot.json")).unwrap();
    assert_eq!(refused(store.refresh(&place.folder(), NOW)), Refusal::Missing("2.snapshot.json".into()));
    assert_eq!(issuer(&store).as_deref(), Some("first"));
    place.write("timestamp.json", &timestamp);
    store.refresh(&place.folder(), NOW).unwrap();
    assert_eq!(issuer(&store).as_deref(), Some("third"));
}

/// The store of an earlier version, which had the key set as its only target.
#[test]
fn a_store_of_the_first_layout_keeps_its_keys() {
    let place = Place::publishing(&signers(1), "first");
    let store = place.refreshed();
    let (files, _) = store.in_use(&store.begin(TransactionBehavior::Deferred).unwrap()).unwrap();
    drop(store);
    let path = place.database().with_extension("old");
    let old = Connection::open(&path).unwrap();
    old.execute_batch(MIGRATIONS[0]).unwrap();
    old.execute("INSERT INTO anchor (id, root) VALUES (1, ?1)", [&files.anchor]).unwrap();
    let current = files.current.unwrap();
    old.execute(
        "INSERT INTO current (id, timestamp, snapshot, targets, keys) VALUES (1, ?1, ?2, ?3, ?4)",
        (&current.timestamp, &current.snapshot, &current.targets, &current.contents[KEYS]),
    )
    .unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    drop(old);
    let told = Store::open_read_only(&path).unwrap_err().to_string();
    assert!(told.contains("layout 1") && told.contains("open it once"), "{told}");
    let store = Store::open(&path).unwrap();
    assert_eq!(issuer(&store).as_deref(), Some("first"));
    place.update(&signers(1), "second");
    store.refresh(&place.folder(), NOW).unwrap();
    assert_eq!(issuer(&Store::open_read_only(&path).unwrap()).as_deref(), Some("second"));
}

#[test]
fn a_change_names_the_keys_that_come_go_differ_and_are_revoked() {
    let lines = |lines: &[crate::change::KeyLine]| -> Vec<String> {
        lines.iter().map(|line| line.issuer.clone()).collect()
    };
    let place = Place::publishing(&signers(1), "unused");
    let of = |edit: &dyn Fn(&mut KeySetDocument)| {
        let mut keys = document(&["stays", "goes", "differs", "revoked"]);
        edit(&mut keys);
        Contents::new(keys)
    };
    update(&place, of(&|_| {}));
    let store = place.refreshed();
    update(
        &place,
        of(&|keys| {
            keys.keys.remove(1);
            keys.keys[1].validity = None;
            keys.keys[2].revoked_from = Some(NOW);
            keys.keys.push(credential::IssuerKey {
                kid: credential::Kid(vec![9]),
                issuer: "comes".into(),
                ..keys.keys[0].clone()
            });
        }),
    );
    let folder = Folder::new(&place.folder());
    let change = store.preview(&folder, NOW).unwrap();
    assert_eq!(lines(&change.keys.added), ["comes"]);
    assert_eq!(lines(&change.keys.removed), ["goes"]);
    assert_eq!(lines(&change.keys.changed), ["differs"]);
    assert_eq!(lines(&change.keys.revoked), ["revoked"]);
    assert_eq!(change.keys.revoked[0].revoked_from, Some(NOW));
    assert_eq!((change.from.as_ref().unwrap().version, change.to.version, change.to.keys), (2, 3, 4));
    assert_eq!(issuer(&store).as_deref(), Some("stays"), "a preview changes nothing");
    assert_eq!(store.load().unwrap().unwrap().version, 2);
    store.refresh_from(&folder, NOW).unwrap();
    assert!(store.preview(&folder, NOW).unwrap().is_empty());
    let trusted = store.load().unwrap().unwrap();
    assert!(trusted.keys.keys().iter().any(|key| key.revoked_from == Some(NOW)));
}

#[test]
fn a_key_that_is_none_is_refused_before_it_is_in_use() {
    let place = Place::publishing(&signers(1), "first");
    let store = place.refreshed();
    let broken = br#"{"format":"propusk-key-set/1","keys":[{"kid":"01","type":"p256","key":"BAQE"}]}"#;
    assert!(KeySetDocument::parse_unread(broken).is_ok() && KeySetDocument::parse(broken).is_err());
    let path = crate::package::path(KEYS, broken);
    let hash = &path["targets/".len()..][..64];
    place.write(&path, broken);
    signed_targets(&place, &json!({KEYS: {"length": broken.len(), "hashes": {"sha256": hash}}}));
    assert!(matches!(refused(store.refresh(&place.folder(), NOW)), Refusal::Document(_)));
    assert_eq!(issuer(&store).as_deref(), Some("first"));
}

/// A disk that fills up halfway: SQLite's page limit fails the write as a full disk does.
#[test]
fn a_full_disk_leaves_the_old_keys() {
    let place = Place::publishing(&signers(1), "first");
    let store = place.refreshed();
    update(&place, contents("second", &[("policy.json", &[7; 1 << 20])]));
    let pages: i64 = store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    store.connection.pragma_update_and_check(None, "max_page_count", pages + 20, |_| Ok(())).unwrap();
    let error = store.refresh(&place.folder(), NOW).unwrap_err();
    assert!(matches!(error, Error::Store { .. }) && error.to_string().contains("check the disk"), "{error}");
    assert_eq!((issuer(&store).as_deref(), names(&store)), (Some("first"), vec![KEYS.to_owned()]));
    store
        .connection
        .pragma_update_and_check(None, "max_page_count", i64::from(i32::MAX), |_| Ok(()))
        .unwrap();
    store.refresh(&place.folder(), NOW).unwrap();
    assert_eq!(issuer(&store).as_deref(), Some("second"));
}

fn hash_list(people: std::ops::Range<u8>) -> Vec<u8> {
    let hashes = people.map(|person| crate::hashes::hash(&[person])).collect();
    crate::hashes::write(crate::hashes::Kind::Uci, None, None, hashes).unwrap()
}

fn status_list(revoked: &[u32]) -> crate::status::List {
    crate::status::List::new("https://example.org/s", 100, revoked.iter().copied()).unwrap()
}

#[test]
fn revocation_lists_come_with_the_keys_and_are_fetched_once() {
    let place = Place::publishing(&signers(1), "first");
    let base = status_list(&[3]).to_bytes();
    update(&place, contents("first", &[("hashes.eu.bin", &hash_list(0..9)), ("status.a.cbor", &base)]));
    let store = place.refreshed();
    let trusted = store.load().unwrap().unwrap();
    assert_eq!(trusted.revocations.hashes()[0].name, "eu");
    let holds = |file| hash_rows::contains(&store.connection, file, &crate::hashes::hash(&[8])).unwrap();
    assert!(holds(&trusted.revocations.hashes()[0].file));
    assert!(trusted.revocations.status()[0].is_revoked(3) && !trusted.revocations.status()[0].is_revoked(4));

    let delta = crate::status::Delta::between(&base, &status_list(&[3, 4])).unwrap().to_bytes();
    let files: &[(&str, &[u8])] =
        &[("hashes.eu.bin", &hash_list(0..9)), ("status.a.cbor", &base), ("status.a.delta.cbor", &delta)];
    update(&place, contents("first", files));
    let folder = Folder::new(&place.folder());
    let noting = Noting { folder: &folder, asked: RefCell::default() };
    store.refresh_from(&noting, NOW).unwrap();
    let asked = noting.asked.into_inner();
    let targets: Vec<&String> = asked.iter().filter(|name| name.starts_with("targets/")).collect();
    assert!(matches!(targets[..], [one] if one.ends_with(".delta.cbor")), "{targets:?}");
    let trusted = Store::open(&place.database()).unwrap().load().unwrap().unwrap();
    assert!(trusted.revocations.status()[0].is_revoked(4));
    assert_eq!(trusted.revocations.hashes().len(), 1);

    let again = Store::in_memory().unwrap();
    again.anchor(&place.read(FIRST_ROOT)).unwrap();
    again.refresh_from(&crate::source::Archive::new(store.package().unwrap()).unwrap(), NOW).unwrap();
    assert_eq!(again.load().unwrap().unwrap().revocations, trusted.revocations);

    update(&place, contents("first", &[("status.a.cbor", &base)]));
    store.refresh(&place.folder(), NOW).unwrap();
    assert!(store.load().unwrap().unwrap().revocations.hashes().is_empty());
    assert!(hash_rows::stored(&store.connection).unwrap().is_empty());
}

#[test]
fn lists_of_revoked_cards_come_as_their_issuers_publish_them() {
    let place = Place::publishing(&signers(1), "first");
    let list: &[u8] = br#"{"kid":"k","method":"rid","ctr":1,"rids":["abc","def.1687450765"]}"#;
    update(&place, contents("first", &[("cards.a.json", list)]));
    let cards = place.refreshed().load().unwrap().unwrap().revocations.cards().to_vec();
    assert_eq!(cards, [credential::shc::RevokedCards::parse(list).unwrap()]);
}

#[test]
fn a_set_with_a_list_that_cannot_be_read_is_not_used() {
    let base = status_list(&[3]).to_bytes();
    let delta = crate::status::Delta::between(&base, &status_list(&[3, 4])).unwrap().to_bytes();
    let cases: [&[(&str, &[u8])]; 5] = [
        &[("hashes.eu.bin", b"12")],
        &[("status.a.cbor", b"x")],
        &[("cards.a.json", br#"{"kid":"k","method":"rid","rids":["."]}"#)],
        &[("status.a.delta.cbor", &delta)],
        &[("status.a.cbor", &status_list(&[5]).to_bytes()), ("status.a.delta.cbor", &delta)],
    ];
    for files in cases {
        let place = Place::publishing(&signers(1), "first");
        let store = place.refreshed();
        update(&place, contents("second", files));
        let refusal = refused(store.refresh(&place.folder(), NOW));
        assert!(matches!(refusal, Refusal::Malformed { .. }), "{refusal}");
        assert!(store.preview(&Folder::new(&place.folder()), NOW).is_err());
        assert_eq!(issuer(&store).as_deref(), Some("first"));
    }
}

#[test]
fn an_edited_list_of_hashes_shows_when_it_is_loaded() {
    let place = Place::publishing(&signers(1), "first");
    update(&place, contents("first", &[("hashes.eu.bin", &hash_list(0..9))]));
    let store = place.refreshed();
    store.connection.execute("UPDATE hash_row SET hashes = substr(hashes, 1, 128)", []).unwrap();
    assert!(matches!(store.load(), Err(Error::Tampered(_))));
    store.connection.execute_batch("DELETE FROM hash_row; DELETE FROM hash_list").unwrap();
    assert!(matches!(store.load(), Err(Error::Tampered(Refusal::Missing(_)))));
}
