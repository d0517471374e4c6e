//! Issued passes against the lists of revoked ones that `trust` reads: what names a pass, and what does not.

use credential::{Context, Evidence, InForce, KeySet, Pass, Verdict, judge_text};
use issuer::{Algorithm, Authority, Register};
use rusqlite::Connection;
use trust::hashes::{self, Kind};
use trust::status::List;
use trust::{HashList, Revocations, hash_rows};

const URI: &str = "https://clinic.example/status";
/// 2026-11-21T10:00:00Z.
const NOW: i64 = 1_795_255_200;

fn authority(algorithm: Algorithm) -> Authority {
    Authority::generate("Clinic", "RU", algorithm, [7; 32], false, URI).unwrap()
}

/// The text of the pass at a place.
fn text(authority: &Authority, place: u64) -> String {
    let csv = "family_name,given_name,date_of_birth,kind,vaccinated_on\n\
               Ivanov,Ivan,1990-01-01,vaccination,2026-10-01\n";
    let record = Register::from_csv(csv.as_bytes()).unwrap().next().unwrap().unwrap();
    authority.issue(&record, place, NOW).unwrap()
}

fn judged(authority: &Authority, place: u64, lists: &Revocations, rows: &Connection) -> Verdict {
    let keys = KeySet::new(vec![authority.issuer_key()]);
    let revocation = lists.over(rows);
    judge_text(
        &text(authority, place),
        Context { keys: &keys, revocation: &revocation, policy: InForce::Nothing },
        NOW,
    )
}

fn pass(authority: &Authority, place: u64) -> Pass {
    judged(authority, place, &Revocations::default(), &database()).pass().unwrap().clone()
}

fn database() -> Connection {
    let rows = Connection::open_in_memory().unwrap();
    rows.execute_batch(hash_rows::TABLES).unwrap();
    rows
}

fn hash_list(rows: &mut Connection, kind: Kind, hashes: Vec<hashes::Hash>) -> HashList {
    let transaction = rows.transaction().unwrap();
    let file = hashes::write(kind, None, None, hashes).unwrap();
    let file = hash_rows::put(&transaction, &file).unwrap();
    transaction.commit().unwrap();
    HashList { name: format!("list of {}", kind.name()), kind, file }
}

fn list_of(verdict: &Verdict) -> String {
    let evidence = verdict.evidence();
    let [("list", Evidence::Text(list))] = evidence.as_slice() else { panic!("{verdict:?}") };
    list.clone()
}

#[test]
fn the_pass_at_a_revoked_place_is_refused_and_its_neighbours_are_not() {
    let (authority, rows) = (authority(Algorithm::EdDsa), database());
    let lists = Revocations::new(vec![List::new(URI, 10, [4]).unwrap()], vec![]);
    for place in [0, 3, 5, 9, 10, 1 << 40] {
        assert_eq!(judged(&authority, place, &lists, &rows).reason(), "accepted", "{place}");
    }
    let verdict = judged(&authority, 4, &lists, &rows);
    assert_eq!((verdict.reason(), list_of(&verdict)), ("revoked", URI.into()));
}

#[test]
fn a_list_of_another_uri_says_nothing_of_a_pass() {
    let (authority, rows) = (authority(Algorithm::EdDsa), database());
    let other = List::new("https://other.example/status", 10, 0..10).unwrap();
    let lists = Revocations::new(vec![other], vec![]);
    assert_eq!(judged(&authority, 4, &lists, &rows).reason(), "accepted");
    assert_eq!(lists.unchecked(&pass(&authority, 4)), Some(URI));
    let both = Revocations::new([lists.status(), &[List::new(URI, 1, []).unwrap()]].concat(), vec![]);
    assert_eq!(both.unchecked(&pass(&authority, 4)), None);
}

#[test]
fn of_two_lists_with_one_uri_either_revokes() {
    let (authority, rows) = (authority(Algorithm::EdDsa), database());
    let lists = [1, 2].map(|place| List::new(URI, 10, [place]).unwrap());
    let lists = Revocations::new(lists.into(), vec![]);
    let reasons = [0, 1, 2].map(|place| judged(&authority, place, &lists, &rows).reason());
    assert_eq!(reasons, ["accepted", "revoked", "revoked"]);
}

#[test]
fn every_kind_of_hash_hits_its_pass_alone() {
    for algorithm in [Algorithm::EdDsa, Algorithm::Es256] {
        let authority = authority(algorithm);
        let bad = pass(&authority, 1);
        let expected = [
            (Kind::Uci, hashes::hash(bad.id.as_bytes())),
            (Kind::CountryUci, hashes::hash(format!("RU{}", bad.id).as_bytes())),
            (Kind::Signature, hashes::hash(bad.signature())),
        ];
        for (kind, hash) in expected {
            let mut rows = database();
            let list = hash_list(&mut rows, kind, vec![hash]);
            let lists = Revocations::new(vec![], vec![list.clone()]);
            let verdict = judged(&authority, 1, &lists, &rows);
            assert_eq!((verdict.reason(), list_of(&verdict)), ("revoked", list.name));
            assert_eq!(judged(&authority, 2, &lists, &rows).reason(), "accepted");
            // The same bytes on a list of another kind are another thing.
            let other = if kind == Kind::Uci { Kind::Signature } else { Kind::Uci };
            let list = hash_list(&mut rows, other, vec![hash]);
            let lists = Revocations::new(vec![], vec![list]);
            assert_eq!(judged(&authority, 1, &lists, &rows).reason(), "accepted");
        }
    }
}

#[test]
fn a_list_that_is_gone_makes_nothing_green_and_others_still_revoke() {
    let mut rows = database();
    let authority = authority(Algorithm::EdDsa);
    let bad = hash_list(&mut rows, Kind::Uci, Kind::Uci.hashes(&pass(&authority, 1)));
    let gone = HashList { name: "gone".into(), kind: Kind::Uci, file: [0; 32] };
    let lists = Revocations::new(vec![List::new(URI, 10, [3]).unwrap()], vec![gone, bad]);
    let reasons = [1, 2, 3].map(|place| judged(&authority, place, &lists, &rows).reason());
    assert_eq!(reasons, ["revoked", "revocation_unreadable", "revoked"]);
    assert_eq!(list_of(&judged(&authority, 2, &lists, &rows)), "gone");
}
