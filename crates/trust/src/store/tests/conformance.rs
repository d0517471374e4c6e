//! The cases of the public suite for TUF clients (theupdateframework/tuf-conformance), and which test
//! here covers each. The suite drives a program over HTTP, and cannot be installed from a package
//! registry; so its cases are told here by name.
//!
//! | case | covered by |
//! |---|---|
//! | `test_basic_init_and_refresh`, `test_implicit_refresh` | `an_anchored_set_loads_without_its_folder`; all is fetched at once, nothing on demand |
//! | `test_invalid_initial_root`, `test_unsigned_initial_root` | `anchor::unsound_roots_cannot_be_anchored` |
//! | `test_timestamp_content_changes`, `test_timestamp_eq_versions_check` | `the_same_version_with_other_contents_is_refused`: an error, where the suite also allows keeping silent |
//! | `test_new_targets_hash_mismatch`, `test_new_targets_version_mismatch`, `test_new_snapshot_version_mismatch` | `targets::parts_of_two_versions_do_not_mix`, `tampering::a_flipped_byte_in_an_update_never_changes_its_keys` |
//! | `test_custom_fields` | [`fields_that_nobody_knows_are_signed_along`] |
//! | `test_new_timestamp_version_rollback`, `test_simple_snapshot_rollback` | `an_older_set_is_refused`, `targets::parts_of_two_versions_do_not_mix` |
//! | `test_snapshot_rollback`, `test_targets_rollback` | [`an_older_part_under_newer_ones_is_refused`] |
//! | `test_new_timestamp_fast_forward_recovery`, `test_new_snapshot_fast_forward_recovery` | [`versions_may_begin_anew_when_their_keys_were_replaced`] |
//! | `test_new_targets_fast_forward_recovery` | not followed: the key set's version never falls, not even then (`anchor::rotated_keys_are_followed_only_with_the_old_roots_signature`); an authority that has to go back makes a new anchor |
//! | `test_root_expired`, `test_timestamp_expired`, `test_snapshot_expired`, `test_targets_expired` | `each_roles_expiry_is_kept_to_the_second`; a root is not kept alone: all of a refresh takes effect or nothing of it |
//! | `test_expired_metadata` | [`an_expired_set_is_replaced_by_a_newer_one`] |
//! | `test_root_has_keys_but_not_snapshot`, `test_snapshot_threshold` | `one_signature_too_few_is_refused_in_every_role`, `anchor::unsound_roots_cannot_be_anchored` |
//! | `test_duplicate_keys_root` | `anchor::unsound_roots_cannot_be_anchored` |
//! | `test_wrong_hashing_algorithm` | [`fields_that_nobody_knows_are_signed_along`] |
//! | `test_root_rotation`, `test_non_root_rotations` | [`a_root_follows_when_enough_of_both_sign`], `another_authoritys_key_is_refused_in_every_role` |
//! | `test_client_downloads_expected_file`, `test_multiple_changes_to_target` | `targets::further_files_come_change_and_go_with_the_key_set` |
//! | `test_repository_substitutes_target_file` | `targets::a_missing_or_damaged_further_file_leaves_everything_as_it_was`, `targets::only_files_that_are_not_here_yet_are_read` |
//! | `test_client_downloads_expected_file_in_sub_dir`, `test_quoting_issues` | refused: names are flat (`targets::tricky_names_and_sizes_are_refused_unread_though_they_are_signed`) |
//! | `test_updater_delegation_graphs`, `test_delegated_expiration` | none: delegated roles are not followed; a target that only a delegated role lists is not there |
//! | `test_static_repositories` | none: those repositories have no `keys.json` |
//! | keys of the types `rsassa-pss-sha256`, `ecdsa-sha2-nistp384` | none: role keys are Ed25519 or ECDSA P-256, others do not count |

use super::*;
use crate::testing::signing_key;

/// Signs `body` of `role` again with `keys`, as this file of the place.
fn resign(place: &Place, file: &str, keys: &[ed25519_dalek::SigningKey], edit: impl FnOnce(&mut Value)) {
    let from = if place.files().iter().any(|name| name == file) { file } else { "timestamp.json" };
    let mut body = signed_part(place, from);
    edit(&mut body);
    place.write(file, &tuf::signed(body, keys).unwrap());
}

/// A root of `version` whose root role is `keys` with this threshold, signed by `by`.
fn root(place: &Place, version: u64, keys: &[u8], threshold: usize, by: &[u8]) -> Vec<u8> {
    let mut body = signed_part(place, FIRST_ROOT);
    let named = |seed: &u8| tuf::key_id(&signing_key(*seed).verifying_key()).unwrap();
    for seed in keys {
        let (id, entry) = named(seed);
        body["keys"][id] = entry;
    }
    let ids: Vec<String> = keys.iter().map(|seed| named(seed).0).collect();
    body["roles"]["root"] = json!({"keyids": ids, "threshold": threshold});
    body["version"] = json!(version);
    tuf::signed(body, &by.iter().map(|seed| signing_key(*seed)).collect::<Vec<_>>()).unwrap()
}

/// A root role: its keys, how many must sign, and who signed.
type Signed<'a> = (&'a [u8], usize, &'a [u8]);

#[test]
fn a_root_follows_when_enough_of_both_sign() {
    let five = &[10, 11, 12, 13, 14];
    let other_five = &[10, 11, 13, 14, 15];
    let cases: [(Signed<'_>, Signed<'_>, bool); 13] = [
        ((&[11], 1, &[11]), (&[12], 1, &[12, 11]), true),
        ((&[11], 1, &[13, 11, 14]), (&[12], 1, &[13, 12, 11, 14]), true),
        ((five, 3, &[10, 12, 14]), (five, 3, &[10, 14, 11]), true),
        ((five, 3, &[10, 12, 14]), (other_five, 3, &[10, 14, 11]), true),
        ((five, 3, &[10, 12, 14]), (&[15, 16, 17, 18, 19], 3, &[10, 12, 14, 15, 16, 17]), true),
        ((&[11, 12, 13], 1, &[11]), (&[11, 12, 13], 2, &[11, 12]), true),
        ((&[11, 12, 13], 2, &[11, 12]), (&[11, 12, 13], 1, &[11, 12]), true),
        ((&[11], 1, &[11]), (&[12], 1, &[12, 13, 14]), false),
        ((&[11], 1, &[11]), (&[12], 1, &[11, 13, 14]), false),
        ((five, 3, &[10, 12, 14]), (other_five, 3, &[10, 12, 14]), false),
        ((five, 3, &[10, 12, 14]), (other_five, 3, &[10, 14, 15]), false),
        ((&[11, 12, 13], 1, &[11]), (&[11, 12, 13], 2, &[12]), false),
        ((&[11, 12, 13], 2, &[11, 12]), (&[11, 12, 13], 1, &[11]), false),
    ];
    for (number, ((keys, threshold, by), (next_keys, next_threshold, next_by), follows)) in
        cases.into_iter().enumerate()
    {
        let place = Place::publishing(&signers(1), "first");
        place.write(FIRST_ROOT, &root(&place, 1, keys, threshold, by));
        let store = place.refreshed();
        place.write("2.root.json", &root(&place, 2, next_keys, next_threshold, next_by));
        let result = store.preview(&Folder::new(&place.folder()), NOW);
        match result {
            Ok(change) if follows => assert_eq!(change.to.root, 2, "case {number}"),
            Err(Error::Refused(Refusal::Signatures { .. })) if !follows => {}
            other => panic!("case {number}: {other:?}"),
        }
    }
}

#[test]
fn a_root_that_is_missing_in_the_chain_ends_it() {
    let place = Place::publishing(&signers(1), "first");
    place.write(FIRST_ROOT, &root(&place, 1, &[11], 1, &[11]));
    let store = place.refreshed();
    let second = root(&place, 2, &[12], 1, &[11, 12]);
    place.write("3.root.json", &root(&place, 3, &[13], 1, &[12, 13]));
    let folder = Folder::new(&place.folder());
    assert_eq!(store.preview(&folder, NOW).unwrap().to.root, 1, "no further than the roots lead");
    // The third in the place of the second is no successor of the first.
    place.write("2.root.json", &place.read("3.root.json"));
    refused(store.refresh(&place.folder(), NOW));
    assert_eq!(issuer(&store).as_deref(), Some("first"));
    place.write("2.root.json", &second);
    assert_eq!(store.preview(&folder, NOW).unwrap().to.root, 3);
}

#[test]
fn fields_that_nobody_knows_are_signed_along() {
    let signers = signers(1);
    let place = Place::publishing(&signers, "first");
    let store = place.refreshed();
    let mut body = signed_part(&place, FIRST_ROOT);
    (body["version"], body["custom-field"]) = (json!(2), json!("value"));
    let id = body["roles"]["root"]["keyids"][0].as_str().unwrap().to_owned();
    body["keys"][&id]["keyid_hash_algorithms"] = json!(["md5"]);
    body["roles"]["root"]["another-field"] = json!({"a": 1});
    place.write("2.root.json", &tuf::signed(body.clone(), &signers.root.keys).unwrap());
    assert_eq!(store.preview(&Folder::new(&place.folder()), NOW).unwrap().to.root, 2);
    let mut unsigned: Value = serde_json::from_slice(&place.read("2.root.json")).unwrap();
    unsigned["signed"]["custom-field"] = json!("other");
    place.write("2.root.json", &serde_json::to_vec(&unsigned).unwrap());
    assert!(matches!(refused(store.refresh(&place.folder(), NOW)), Refusal::Signatures { .. }));
}

#[test]
fn an_older_part_under_newer_ones_is_refused() {
    let signers = signers(1);
    for (file, role) in [("1.snapshot.json", "snapshot"), ("1.targets.json", "targets")] {
        let place = Place::publishing(&signers, "first");
        let first = place.read(file);
        place.update(&signers, "second");
        let store = place.refreshed();
        place.write(file, &first);
        if role == "targets" {
            resign(&place, "3.snapshot.json", &signers.snapshot.keys, |body| {
                *body = signed_part(&place, "2.snapshot.json");
                (body["version"], body["meta"]) = (json!(3), json!({"targets.json": {"version": 1}}));
            });
        }
        resign(&place, "timestamp.json", &signers.timestamp.keys, |body| {
            let version = if role == "targets" { 3 } else { 1 };
            (body["version"], body["meta"]) = (json!(3), json!({"snapshot.json": {"version": version}}));
        });
        let refusal = refused(store.refresh(&place.folder(), NOW));
        assert!(matches!(&refusal, Refusal::Older { trusted: 2, offered: 1, .. }), "{role}: {refusal}");
        assert_eq!(issuer(&store).as_deref(), Some("second"));
    }
}

#[test]
fn versions_may_begin_anew_when_their_keys_were_replaced() {
    let (old, new) = (signers(1), signers(50));
    let place = Place::publishing(&old, "first");
    // Somebody had the keys of timestamp and snapshot, and went far ahead.
    resign(&place, "900.snapshot.json", &old.snapshot.keys, |body| {
        *body = signed_part(&place, "1.snapshot.json");
        body["version"] = json!(900);
    });
    resign(&place, "timestamp.json", &old.timestamp.keys, |body| {
        (body["version"], body["meta"]) = (json!(900), json!({"snapshot.json": {"version": 900}}));
    });
    let store = place.refreshed();
    let mut root = signed_part(&place, FIRST_ROOT);
    for role in ["timestamp", "snapshot"] {
        let keys = if role == "timestamp" { &new.timestamp.keys } else { &new.snapshot.keys };
        let (id, entry) = tuf::key_id(&keys[0].verifying_key()).unwrap();
        root["keys"][&id] = entry;
        root["roles"][role]["keyids"] = json!([id]);
    }
    root["version"] = json!(2);
    place.write("2.root.json", &tuf::signed(root, &old.root.keys).unwrap());
    resign(&place, "2.snapshot.json", &new.snapshot.keys, |body| {
        *body = signed_part(&place, "1.snapshot.json");
        body["version"] = json!(2);
    });
    resign(&place, "timestamp.json", &new.timestamp.keys, |body| {
        (body["version"], body["meta"]) = (json!(2), json!({"snapshot.json": {"version": 2}}));
    });
    store.refresh(&place.folder(), NOW).unwrap();
    assert_eq!((issuer(&store).as_deref(), store.load().unwrap().unwrap().version), (Some("first"), 1));
}

#[test]
fn an_expired_set_is_replaced_by_a_newer_one() {
    let signers = signers(1);
    let place = Place::publishing(&signers, "first");
    let store = place.refreshed();
    let later = NOW + Terms::default().timestamp + 1;
    assert!(store.load().unwrap().unwrap().expires_at < later);
    publish::update(&place.folder(), &signers, document(&["second"]), Terms::default(), later).unwrap();
    store.refresh(&place.folder(), later).unwrap();
    assert_eq!(issuer(&store).as_deref(), Some("second"));
}
