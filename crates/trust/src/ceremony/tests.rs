//! Ceremonies of three people, two of whom must sign.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::publish::FIRST_ROOT;
use crate::source::Folder;
use crate::testing::{NOW, document, signing_key};
use crate::{Error, Refusal, Store};

mod hostile;
mod sealed;

fn card(seed: u8) -> Card {
    Card::new(&format!("Signer {seed}"), &signing_key(seed).verifying_key().to_bytes()).unwrap()
}

fn holders(threshold: usize, seeds: &[u8]) -> Holders {
    Holders::new(threshold, 30, seeds.iter().map(|seed| card(*seed)).collect())
}

/// Root and targets by two of 1, 2 and 3; snapshot and timestamp by 9.
fn plan() -> Plan {
    let [root, targets] = [(); 2].map(|()| holders(2, &[1, 2, 3]));
    Plan { root, targets, snapshot: holders(1, &[9]), timestamp: holders(1, &[9]) }
}

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let draft = Draft::create(&place.dir(), plan()).unwrap();
        draft.set_keys(&document(&["first"])).unwrap();
        place
    }

    fn published() -> Self {
        let place = Self::new();
        place.stage();
        place.sign(&[1, 2, 9]);
        place.draft().publish(NOW).unwrap();
        place
    }

    fn dir(&self) -> PathBuf {
        self.0.path().join("draft")
    }

    fn draft(&self) -> Draft {
        Draft::open(&self.dir()).unwrap()
    }

    fn stage(&self) {
        self.draft().stage(Staging::Everything { renew_root: false }, NOW).unwrap();
    }

    fn request(&self) -> Request {
        Request::read(fs::read(self.draft().request_path()).unwrap()).unwrap()
    }

    fn signed(&self, seed: u8) -> Signatures {
        self.request().sign(&signing_key(seed), &format!("Signer {seed}")).unwrap()
    }

    fn sign(&self, seeds: &[u8]) {
        for seed in seeds {
            self.draft().import(&self.signed(*seed)).unwrap();
        }
    }

    fn device(&self) -> Store {
        let store = Store::in_memory().unwrap();
        store.anchor(&fs::read(self.draft().repository().join(FIRST_ROOT)).unwrap()).unwrap();
        store.refresh(&self.draft().repository(), NOW).unwrap();
        store
    }
}

fn told<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn two_of_three_publish_what_devices_take() {
    let place = Place::new();
    place.draft().set_file("policy.json", b"{}".to_vec()).unwrap();
    place.stage();
    let review = place.request().review().unwrap();
    assert_eq!((review.authority.as_ref(), review.key_count, review.roles.len()), (None, 1, 4));
    assert_eq!(
        (review.keys.added[0].issuer.as_str(), review.targets.added[0].name.as_str()),
        ("first", "policy.json")
    );
    assert_eq!(review.holders[0].signers[0].0, "Signer 1");
    let imported = place.draft().import(&place.signed(1)).unwrap();
    assert_eq!(imported.added, [RoleName::Root, RoleName::Targets]);
    let line = imported.missing[0].line();
    assert!(line.contains("root has 1 of 2 signatures") && line.contains("Signer 2, Signer 3"), "{line}");
    place.sign(&[3, 9]);
    let change = place.draft().publish(NOW).unwrap();
    assert_eq!((change.from.as_ref(), change.to.version), (None, 1));
    let trusted = place.device().load().unwrap().unwrap();
    assert_eq!(
        (trusted.keys.keys()[0].issuer.as_str(), trusted.target("policy.json")),
        ("first", Some(&b"{}"[..]))
    );
    assert!(place.draft().request().unwrap().is_none());
}

#[test]
fn one_signature_too_few_publishes_nothing() {
    let place = Place::new();
    place.stage();
    place.sign(&[1, 9]);
    assert!(told(place.draft().publish(NOW)).contains("root has 1 of 2 signatures"));
    assert!(!place.draft().repository().join("timestamp.json").exists());
    // The same person twice is one.
    assert!(place.draft().import(&place.signed(1)).unwrap().added.is_empty());
    assert!(place.draft().publish(NOW).is_err());
    place.sign(&[2]);
    place.draft().publish(NOW).unwrap();
}

#[test]
fn signatures_by_strangers_for_other_requests_and_broken_ones_are_refused() {
    let place = Place::new();
    place.stage();
    assert!(told(place.request().sign(&signing_key(50), "Stranger")).contains("not asked to sign"));
    let good = place.signed(1);
    let mut forged = good.clone();
    forged.signer = card(50);
    assert!(told(place.draft().import(&forged)).contains("does not sign for it"));
    // Another's name over a key is not what counts; another's key is.
    forged.signer = card(2);
    assert!(told(place.draft().import(&forged)).contains("does not hold"));
    let mut broken = good.clone();
    broken.signatures[1].signature.replace_range(..2, "zz");
    assert!(told(place.draft().import(&broken)).contains("does not hold"));
    assert_eq!(place.draft().missing().unwrap()[0].have, 0, "nothing of a bad file is taken");
    let own_role = place.signed(9);
    let mut other_role = own_role.clone();
    other_role.signatures[0].role = RoleName::Targets;
    assert!(told(place.draft().import(&other_role)).contains("does not sign for it"));

    place.draft().unstage().unwrap();
    place.draft().set_keys(&document(&["other"])).unwrap();
    place.stage();
    assert!(told(place.draft().import(&good)).contains("another request"));
}

#[test]
fn what_is_being_signed_stays_what_it_is() {
    let place = Place::new();
    place.stage();
    place.draft().set_keys(&document(&["too late"])).unwrap();
    place.sign(&[1, 2, 9]);
    assert!(
        told(place.draft().stage(Staging::Everything { renew_root: false }, NOW)).contains("another request")
    );
    place.draft().publish(NOW).unwrap();
    assert_eq!(place.device().load().unwrap().unwrap().keys.keys()[0].issuer, "first");
}

#[test]
fn a_new_root_needs_those_of_the_old_one_too() {
    let place = Place::published();
    let device = place.device();
    let mut draft = place.draft();
    // Two of three are new: none of the pairs can be the same.
    let plan = Plan { root: holders(2, &[3, 4, 5]), targets: holders(2, &[3, 4, 5]), ..plan() };
    draft.set_plan(plan).unwrap();
    place.stage();
    place.sign(&[4, 5, 9]);
    let missing = place.draft().missing().unwrap();
    assert!(
        matches!(&missing[..], [one] if one.of_old_root && one.have == 0 && one.need == 2),
        "{missing:?}"
    );
    place.sign(&[1]);
    assert!(told(place.draft().publish(NOW)).contains("of those who sign for the root in use"));
    place.sign(&[3]);
    place.draft().publish(NOW).unwrap();
    let change = device.preview(&Folder::new(&place.draft().repository()), NOW).unwrap();
    assert_eq!((change.from.unwrap().root, change.to.root, change.to.version), (1, 2, 2));
    device.refresh(&place.draft().repository(), NOW).unwrap();
    assert_eq!(place.device().load().unwrap(), device.load().unwrap());
}

#[test]
fn a_revoked_signer_is_asked_no_more() {
    let place = Place::published();
    let plan = place.draft().plan().without("Signer 3").unwrap();
    assert_eq!((plan.root.signers.len(), plan.targets.signers.len()), (2, 2));
    place.draft().set_plan(plan.clone()).unwrap();
    place.stage();
    place.sign(&[1, 2, 9]);
    place.draft().publish(NOW).unwrap();
    place.device();
    place.stage();
    assert!(told(place.request().sign(&signing_key(3), "Signer 3")).contains("not asked"));
    assert!(told(plan.without("Signer 1").map(|_| ())).contains("2 of 1 cannot sign"));
    assert!(told(plan.without("Nobody").map(|_| ())).contains("nobody who signs is called"));
}

#[test]
fn the_timestamps_key_renews_alone() {
    let place = Place::published();
    let device = place.device();
    let until = device.load().unwrap().unwrap().expires_at;
    let later = NOW + 1000;
    for snapshot in [false, true] {
        place.draft().stage(Staging::Renewal { snapshot }, later).unwrap();
        place.sign(&[9]);
        let change = place.draft().publish(later).unwrap();
        assert_eq!((change.from.unwrap().version, change.to.version), (1, 1));
        device.refresh(&place.draft().repository(), later).unwrap();
    }
    assert_eq!(device.load().unwrap().unwrap().expires_at, until, "the root's end comes first");
    let mut plan = plan();
    plan.timestamp = holders(1, &[8]);
    place.draft().set_plan(plan).unwrap();
    assert!(
        told(place.draft().stage(Staging::Renewal { snapshot: false }, later))
            .contains("who signs has changed")
    );
    assert!(
        told(Place::new().draft().stage(Staging::Renewal { snapshot: false }, NOW))
            .contains("nothing is published yet")
    );
}

#[test]
fn what_is_published_says_which_role_ends_first() {
    assert!(Place::new().draft().published().unwrap().is_empty());
    let place = Place::new();
    let mut draft = place.draft();
    draft.set_plan(Plan { targets: Holders { days: 7, ..plan().targets }, ..plan() }).unwrap();
    place.stage();
    place.sign(&[1, 2, 9]);
    place.draft().publish(NOW).unwrap();
    assert!(!place.dir().join("staged").exists());
    let roles = place.draft().published().unwrap();
    let order = [RoleName::Root, RoleName::Targets, RoleName::Snapshot, RoleName::Timestamp];
    assert_eq!(roles.iter().map(|role| role.role).collect::<Vec<_>>(), order);
    let first = roles.iter().min_by_key(|role| role.expires_at()).unwrap();
    assert_eq!((first.role, first.version), (RoleName::Targets, 1));
    assert_eq!(first.expires_at(), Some(NOW + 7 * 24 * 60 * 60));
}

/// Copies every file of a folder, with those in the folders inside.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        copy_one(&path, &to);
    }
}

fn copy_one(from: &Path, to: &Path) {
    if from.is_dir() {
        copy(from, to);
    } else {
        fs::copy(from, to).unwrap();
    }
}

/// What lies there when the machine stops after each of the files that are written.
#[test]
fn a_publication_that_breaks_off_is_ended_by_doing_it_again() {
    let place = Place::published();
    let mut draft = place.draft();
    draft.set_plan(Plan { timestamp: holders(1, &[8]), ..plan() }).unwrap();
    draft.set_keys(&document(&["second"])).unwrap();
    place.stage();
    place.sign(&[1, 2, 8, 9]);
    let ended = tempfile::tempdir().unwrap();
    copy(&place.dir(), ended.path());
    Draft::open(ended.path()).unwrap().publish(NOW).unwrap();
    let published = ended.path().join("published");
    let new = ["targets", "2.targets.json", "2.snapshot.json", "2.root.json"];
    for count in 1..=new.len() {
        for name in &new[..count] {
            let (from, to) = (published.join(name), place.draft().repository().join(name));
            copy_one(&from, &to);
        }
        assert!(place.draft().request().unwrap().is_some() && place.draft().missing().unwrap().is_empty());
        if count == new.len() {
            assert!(told(place.draft().unstage()).contains("broke off"));
        }
    }
    place.draft().publish(NOW).unwrap();
    place.device();
    // It broke off when all was written, and only the request was still there.
    copy(&ended.path().join("published"), &place.draft().repository());
    assert!(told(place.draft().publish(NOW)).contains("nothing is being signed"));
}

#[test]
fn unsound_plans_are_refused() {
    let cases = [
        (Plan { root: holders(1, &[1, 2, 3]), ..plan() }, "more than half"),
        (Plan { root: holders(4, &[1, 2, 3]), ..plan() }, "4 of 3 cannot sign"),
        (Plan { targets: holders(0, &[1]), ..plan() }, "0 of 1 cannot sign"),
        (Plan { targets: holders(1, &[]), ..plan() }, "1 of 0 cannot sign"),
        (Plan { timestamp: holders(1, &[1, 1]), ..plan() }, "one key stands in it twice"),
        (Plan { timestamp: Holders::new(1, 0, vec![card(1)]), ..plan() }, "a term is"),
        (Plan { timestamp: Holders::new(1, 4000, vec![card(1)]), ..plan() }, "a term is"),
    ];
    let dir = tempfile::tempdir().unwrap();
    for (plan, expected) in cases {
        let line = told(Draft::create(dir.path(), plan));
        assert!(line.contains(expected), "{expected}: {line}");
    }
    assert!(told(Draft::open(dir.path())).contains("no draft is there"));
    Draft::create(dir.path(), plan()).unwrap();
    assert!(told(Draft::create(dir.path(), plan())).contains("holds a draft already"));
}

/// A whole new list, with the delta of the list before it still beside it: no station would take that.
#[test]
fn what_stations_refuse_is_not_laid_out_to_be_signed() {
    use crate::status::{Delta, List};
    let place = Place::published();
    let list = |revoked: &[u32]| List::new("https://c.example/s", 100, revoked.iter().copied()).unwrap();
    let old = list(&[1]).to_bytes();
    let delta = Delta::between(&old, &list(&[1, 2])).unwrap().to_bytes();
    place.draft().set_file("status.c.cbor", old.clone()).unwrap();
    place.draft().set_file("status.c.delta.cbor", delta).unwrap();
    place.stage();
    place.sign(&[1, 2, 9]);
    place.draft().publish(NOW).unwrap();
    let everything = Staging::Everything { renew_root: false };
    place.draft().set_file("status.c.cbor", list(&[1, 2, 3]).to_bytes()).unwrap();
    let line = told(place.draft().stage(everything, NOW));
    assert!(line.contains("status.c.cbor") && place.draft().request().unwrap().is_none(), "{line}");
    place.draft().remove_file("status.c.cbor").unwrap();
    let line = told(place.draft().stage(everything, NOW));
    assert!(line.contains("the list that it changes is not there"), "{line}");
    place.draft().remove_file("status.c.delta.cbor").unwrap();
    place.stage();
    place.sign(&[1, 2, 9]);
    place.draft().publish(NOW).unwrap();
    place.device();
}

#[test]
fn files_that_no_target_may_be_are_refused() {
    let place = Place::new();
    for name in ["../x", "keys.json", "Policy.json", "", "a/b"] {
        assert!(
            matches!(place.draft().set_file(name, vec![]), Err(Error::Refused(Refusal::UnsafeName(_)))),
            "{name}"
        );
    }
    let large = vec![0; crate::target::SIZE_MAX + 1];
    assert!(matches!(
        place.draft().set_file("policy.json", large),
        Err(Error::Refused(Refusal::TooLarge { .. }))
    ));
    place.draft().set_file("policy.json", vec![1]).unwrap();
    place.draft().remove_file("policy.json").unwrap();
    // One file by one all would fit; all of them and the key set do not.
    for at in 0..200 {
        fs::write(place.dir().join("files").join(format!("a{at}.json")), b"x").unwrap();
    }
    assert!(told(place.draft().contents()).contains("lists over 200 files"));
    fs::remove_file(place.dir().join("files/a0.json")).unwrap();
    place.draft().contents().unwrap();
    assert!(told(place.draft().set_file("b.json", vec![1])).contains("lists over 200 files"));
    assert!(matches!(place.draft().remove_file("policy.json"), Err(Error::Io { .. })));
}
