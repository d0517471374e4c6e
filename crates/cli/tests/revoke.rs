//! `propusk revoke`: who is taken back, what is kept of it, and what stations get.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use trust::hashes::{self, Kind};
use trust::status::{Delta, List};

const FAILED: i32 = 3;
const HEAD: &str = "family_name,given_name,date_of_birth,kind,vaccinated_on,id\n";
const NOW: &str = "2026-11-21T10:00:00Z";
const URI: &str = "https://c.example/s";

/// An authority's folder with six passes issued, the last two with the register's own identifier.
struct Office(TempDir);

impl Office {
    fn new() -> Self {
        let office = Self::without_passes();
        let rows = "Ivanov,Ivan,1990-01-01,vaccination,2026-10-01,\n".repeat(4)
            + &"Ivanov,Ivan,1990-01-01,vaccination,2026-10-01,URN:UVCI:01:RU:OWN#A\n".repeat(2);
        office.issue(&rows);
        office
    }

    fn without_passes() -> Self {
        let office = Self(tempfile::tempdir().unwrap());
        let made = propusk([
            "keys",
            "new",
            "--name",
            "Clinic",
            "--country",
            "RU",
            "--status-uri",
            URI,
            "--out",
            &office.at("clinic.json"),
        ]);
        assert!(made.status.success(), "{}", err(&made));
        office
    }

    fn issue(&self, rows: &str) {
        self.write("register.csv", format!("{HEAD}{rows}"));
        let (register, authority, out) = (self.at("register.csv"), self.at("clinic.json"), self.at("out"));
        let args =
            ["issue", &register, "--authority", &authority, "--out", &out, "--as", "text", "--now", NOW];
        let issued = propusk(args);
        assert!(issued.status.success(), "{}", err(&issued));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn at(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    fn revoke(&self, args: &[&str]) -> Output {
        let authority = self.at("clinic.json");
        propusk(["revoke", "--authority", &authority, "--now", NOW].iter().chain(args))
    }

    #[track_caller]
    fn done(&self, args: &[&str]) -> String {
        let ran = self.revoke(args);
        assert!(ran.status.success(), "{}", err(&ran));
        out(&ran).lines().next().unwrap_or_default().to_owned()
    }

    /// The one line that says why it did not work. Nothing was changed.
    #[track_caller]
    fn failed(&self, args: &[&str]) -> String {
        let before = fs::read(self.path("clinic.revoked")).ok();
        let ran = self.revoke(args);
        assert_eq!(ran.status.code(), Some(FAILED), "{}", out(&ran));
        assert_eq!(err(&ran).lines().count(), 1, "{}", err(&ran));
        if before.is_some() {
            assert_eq!(fs::read(self.path("clinic.revoked")).ok(), before);
        }
        err(&ran).to_owned()
    }

    /// The identifier of the certificate at a place.
    fn id(&self, place: usize) -> String {
        let list = fs::read_to_string(self.path("out/issued.csv")).unwrap();
        list.lines().nth(place + 1).unwrap().split('"').nth(1).unwrap().to_owned()
    }

    fn revoked(&self) -> Vec<u64> {
        let shown: Value = serde_json::from_str(out(&self.revoke(&["--list", "--json"]))).unwrap();
        let passes = shown["passes"].as_array().unwrap().iter();
        passes
            .filter(|pass| pass["revoked"] == true)
            .map(|pass| pass["status_index"].as_u64().unwrap())
            .collect()
    }
}

fn propusk<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_propusk")).args(args).stdin(Stdio::null()).output().unwrap()
}

fn out(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn passes_are_revoked_by_place_identifier_and_file() {
    let office = Office::new();
    assert_eq!(office.done(&["--index", "0", "--index", "2"]), "passes revoked: 2, revoked before: 0");
    assert_eq!(office.done(&[&office.id(1)]), "passes revoked: 1, revoked before: 0");
    assert_eq!(office.revoked(), [0, 1, 2]);
    // An identifier of the register's, issued twice, is both passes.
    let list = office.at("out/issued.csv");
    assert_eq!(
        office.done(&["URN:UVCI:01:RU:OWN#A", "--issued", &list]),
        "passes revoked: 2, revoked before: 0"
    );
    assert_eq!(office.revoked(), [0, 1, 2, 4, 5]);

    let issued = fs::read_to_string(&list).unwrap();
    let lines: Vec<_> = issued.lines().collect();
    office
        .write("some.txt", format!("\u{feff}{}\r\n\r\n2\r\n{}\r\n{}\r\n", lines[0], lines[4], office.id(1)));
    assert_eq!(office.done(&["--from", &office.at("some.txt")]), "passes revoked: 1, revoked before: 2");
    assert_eq!(office.revoked(), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn a_restored_pass_is_kept_with_when_and_why() {
    let office = Office::new();
    office.done(&["--index", "3", "--reason", "потерян"]);
    let line = office.done(&["--index", "3", "--index", "4", "--restore", "--reason", "found \u{202e}again"]);
    assert_eq!(line, "passes restored: 1, not revoked before: 1");
    assert!(office.revoked().is_empty());
    let shown = office.revoke(&["--list"]);
    assert!(
        out(&shown).contains("3  restored  2026-11-21T10:00:00Z    found \\u{202e}again"),
        "{}",
        out(&shown)
    );
    assert!(out(&shown).ends_with("passes revoked: 0, of 6 places given out\n"), "{}", out(&shown));
    assert!(fs::read_to_string(office.path("clinic.revoked")).unwrap().contains("потерян"));
}

#[test]
fn what_is_published_says_what_is_revoked_and_deltas_lead_to_it() {
    let office = Office::new();
    office.done(&["--index", "1"]);
    let (base, delta) = (office.at("status.c.cbor"), office.at("status.c.delta.cbor"));
    assert!(
        office
            .done(&["--publish", &base])
            .ends_with("places: 6, revoked: 1, for passes that name https://c.example/s")
    );
    let whole = fs::read(&base).unwrap();
    assert_eq!(List::parse(&whole), List::new(URI, 6, [1]));

    office.issue("Ivanov,Ivan,1990-01-01,vaccination,2026-10-01,\n");
    office.done(&["--index", "6"]);
    office.done(&["--index", "1", "--restore"]);
    office.done(&["--publish", &delta, "--delta-of", &base]);
    let now = List::load(&whole, Some(&fs::read(&delta).unwrap())).unwrap();
    assert_eq!(now, List::new(URI, 7, [6]).unwrap());
    // A newer delta, or a whole list, is written over the old one.
    office.done(&["--index", "0"]);
    office.done(&["--publish", &delta, "--delta-of", &base]);
    assert_eq!(Delta::parse(&fs::read(&delta).unwrap()).unwrap().flips().collect::<Vec<_>>(), [0, 1, 6]);
    office.done(&["--publish", &base]);
    assert_eq!(List::parse(&fs::read(&base).unwrap()), List::new(URI, 7, [0, 6]));
}

#[test]
fn whatever_cannot_be_done_is_said_in_one_line_and_changes_nothing() {
    let office = Office::new();
    office.done(&["--index", "1"]);
    let other = Office::new();
    let (base, authority) = (office.at("base.cbor"), office.at("clinic.json"));
    other.done(&["--publish", &other.at("base.cbor")]);
    office.write("base.cbor", fs::read(other.path("base.cbor")).unwrap());
    let (foreign_id, foreign_list) = (other.id(2), other.at("out/issued.csv"));
    let key = fs::read(&authority).unwrap();
    let table: [(&[&str], &str); 12] = [
        (&[], "no pass is named"),
        (&["--index", "6"], "place 6 was never issued"),
        (&["--index", "0", "--index", "99"], "place 99 was never issued"),
        (&["URN:UVCI:01:RU:NOBODY"], "--issued"),
        (&["URN:UVCI:01:RU:NOBODY", "--issued", &office.at("out/issued.csv")], "not in the lists"),
        (&["URN:UVCI:01:RU:OWN#A"], "--issued"),
        (&[&foreign_id], "made no certificate with this identifier"),
        (&[&foreign_id, "--issued", &foreign_list], "another authority's"),
        (&["URN:UVCI:01:RU:OWN#A", "--issued", &office.at("nowhere.csv")], "nowhere.csv"),
        (&["--index", "1", "--reason", "a\nb"], "reason"),
        (&["--publish", &authority], "not written over"),
        (&["--publish", &office.at("d.cbor"), "--delta-of", &office.at("nowhere.cbor")], "no such file"),
    ];
    for (args, message) in table {
        let line = office.failed(args);
        assert!(line.contains(message), "{args:?}: {line}");
    }
    assert_eq!(fs::read(&authority).unwrap(), key);
    // The base of an authority with another list.
    office.write("base.cbor", List::new("https://other.example/s", 6, []).unwrap().to_bytes());
    assert!(
        office
            .failed(&["--publish", &office.at("d.cbor"), "--delta-of", &base])
            .contains("another status list")
    );
}

#[test]
fn the_revoked_passes_of_another_authority_are_not_taken_for_ours() {
    let (office, other) = (Office::new(), Office::new());
    other.done(&["--index", "1"]);
    office.write("clinic.revoked", fs::read(other.path("clinic.revoked")).unwrap());
    assert!(office.failed(&["--index", "1"]).contains("keep each beside its own key file"));
}

#[test]
fn a_list_that_is_held_is_refused() {
    let office = Office::new();
    office.done(&["--index", "1"]);
    let held = fs::File::options().write(true).open(office.path("clinic.revoked")).unwrap();
    held.lock().unwrap();
    assert!(office.failed(&["--index", "2"]).contains("another program is revoking"));
}

/// The program is killed at some time while it revokes many passes: afterwards there are the first
/// so many of them, and once more all of them can be revoked.
#[test]
fn a_killed_run_leaves_whole_lines_and_can_be_done_again() {
    let office = Office::without_passes();
    office.write("clinic.next-place", "100000\n");
    let places: String = (0..100_000).map(|place| format!("{place}\n")).collect();
    office.write("all.txt", places);
    let file = office.path("clinic.revoked");
    for killed_at in [1_u64, 1 << 19] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_propusk"))
            .args(["revoke", "--authority", &office.at("clinic.json"), "--from", &office.at("all.txt")])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let since = Instant::now();
        let size = || fs::metadata(&file).map_or(0, |file| file.len());
        while size() < killed_at
            && child.try_wait().unwrap().is_none()
            && since.elapsed() < Duration::from_secs(60)
        {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let revoked = office.revoked();
        assert!(revoked.iter().copied().eq(0..revoked.len() as u64), "{} revoked", revoked.len());
    }
    office.done(&["--from", &office.at("all.txt")]);
    assert_eq!(office.revoked().len(), 100_000);
}

const BATCH: &str = r#"{"country": "DE", "expires": "2026-12-01T00:00:00Z", "kid": "9cWXDDA52FQ=",
    "hashType": "SIGNATURE", "entries": [{"hash": "AQEBAQEBAQEBAQEBAQEBAQ=="}]}"#;

fn import(office: &Office, args: &[&str]) -> Output {
    let out = office.at("lists");
    let id: &[&str] = if args.contains(&"--id") { &[] } else { &["--id", "eu"] };
    propusk(["revoke", "import", "--out", &out, "--now", NOW].iter().chain(id).chain(args))
}

#[test]
fn batches_and_lines_become_one_list_of_each_kind() {
    let office = Office(tempfile::tempdir().unwrap());
    let french = BATCH.replace("DE", "FR").replacen("AQEB", "AgEB", 1);
    let expired = BATCH.replace("2026-12", "2026-11").replacen("AQEB", "AwEB", 1);
    office.write("eu.json", format!("[{BATCH}, {french}, {expired}, {BATCH}]"));
    office.write("ours.txt", "URN:UVCI:01:RU:A#B\n0f0e0d0c0b0a09080706050403020100\n");
    let ran = import(&office, &[&office.at("eu.json"), &office.at("ours.txt")]);
    assert!(ran.status.success(), "{}", err(&ran));
    assert!(out(&ran).contains("expired: 1"), "{}", out(&ran));
    let file = fs::read(office.path("lists/hashes.eu-signature.bin")).unwrap();
    let list = hashes::List::parse(&file).unwrap();
    let mut second = [1; 16];
    second[0] = 2;
    assert_eq!(list.hashes(), [[1; 16], second]);
    assert_eq!((list.head().kind, &list.head().country), (Kind::Signature, &None));
    assert_eq!(list.head().kid.as_ref().unwrap().to_string(), "f5c5970c3039d854");
    let file = fs::read(office.path("lists/hashes.eu-uci.bin")).unwrap();
    assert!(hashes::List::parse(&file).unwrap().contains(&hashes::hash(b"URN:UVCI:01:RU:A#B")));
    // Once more, over the old ones.
    assert!(import(&office, &[&office.at("eu.json")]).status.success());
}

#[test]
fn what_is_no_list_of_others_is_refused_in_one_line() {
    let office = Office(tempfile::tempdir().unwrap());
    office.write("bad.json", BATCH.replace("AQEB", "!"));
    office.write("bad.txt", "0f0e0d0c0b0a09080706050403020100\n0f0e\n");
    office.write("id.txt", "URN:UVCI:01:RU:A#B\n");
    office.write("binary", [0xff, 0xfe]);
    let table: [(&[&str], &str); 9] = [
        (&[&office.at("bad.json")], "bad.json: batch 1: entry 1"),
        (&[&office.at("bad.txt")], "bad.txt: line 2"),
        (&[&office.at("id.txt"), "--kind", "signature"], "id.txt: line 1"),
        (&[&office.at("binary")], "not UTF-8"),
        (&[&office.at("nowhere")], "nowhere"),
        (&[&office.at("id.txt"), "--id", "../eu"], "--id may have small letters"),
        (&[&office.at("id.txt"), "--id", "EU"], "--id may have small letters"),
        (&[&office.at("id.txt"), "--id", "e_u"], "--id may have small letters"),
        (&[&office.at("id.txt"), "--id", &"e".repeat(78)], "up to 77 of them"),
    ];
    for (args, message) in table {
        let ran = import(&office, args);
        assert!(!ran.status.success());
        assert!(err(&ran).contains(message), "{args:?}: {}", err(&ran));
        assert!(!office.path("lists/hashes.eu-uci.bin").exists(), "{args:?}");
    }
}
