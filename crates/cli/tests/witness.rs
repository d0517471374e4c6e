//! `propusk log checkpoint`, `witness` and what comes of them: two devices as two people use them.

mod common;

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use common::{Ran, propusk};
use serde_json::Value;
use tempfile::TempDir;

struct Place {
    dir: TempDir,
    station: String,
    home: String,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name).display().to_string();
        let place = Self { station: at("station"), home: at("anna"), dir };
        assert_eq!(propusk(&["demo", "--station", &place.station], b"").code, 0);
        let made = propusk(&["witness", "new", "--name", "inspection.example/anna", &place.home], b"");
        assert_eq!(made.code, 0, "{}", made.err);
        place
    }

    fn file(&self, name: &str) -> String {
        self.dir.path().join(name).display().to_string()
    }

    fn scan(&self) {
        let ran = propusk(&["demo", "--station", &self.station, "--play"], b"");
        assert_eq!(ran.code, 0, "{}", ran.err);
    }

    /// The request as text, for whoever cosigned last or since so many entries.
    fn request(&self, more: &[&str]) -> String {
        let ran = propusk(&[&["log", "checkpoint", "--station", &self.station], more].concat(), b"");
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out
    }

    fn cosign(&self, request: &str, more: &[&str]) -> Ran {
        propusk(&[&["witness", "cosign", &self.home, "-"], more].concat(), request.as_bytes())
    }

    fn take(&self, answer: &str, more: &[&str]) -> Ran {
        propusk(&[&["log", "witnessed", "-", "--station", &self.station], more].concat(), answer.as_bytes())
    }

    fn verify(&self) -> Ran {
        propusk(&["log", "verify", "--station", &self.station], b"")
    }

    /// The whole way, from the second time on.
    fn visit(&self) {
        let answer = self.cosign(&self.request(&[]), &[]);
        assert_eq!(answer.code, 0, "{}", answer.out);
        assert_eq!(self.take(&answer.out, &[]).code, 0);
    }

    fn first_visit(&self) {
        let answer = self.cosign(&self.request(&[]), &["--new-log"]);
        let taken = self.take(&answer.out, &["--new-witness"]);
        assert_eq!((answer.code, taken.code), (0, 0), "{}{}", answer.out, taken.err);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target)
        } else {
            fs::copy(entry.path(), target).map(|_| ()).unwrap()
        }
    }
}

#[test]
fn an_inspector_cosigns_and_the_proof_says_so_in_words() {
    let place = Place::new();
    place.scan();
    assert!(place.verify().out.contains("on this device's word alone: no inspector"));
    let refused = place.cosign(&place.request(&[]), &[]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.out.starts_with("REFUSED:") && refused.out.contains("was never seen before"),
        "{}",
        refused.out
    );
    let answer = place.cosign(&place.request(&[]), &["--new-log"]);
    let unknown = place.take(&answer.out, &[]);
    assert_eq!(unknown.code, 3);
    assert!(unknown.err.contains("has not cosigned here before"), "{}", unknown.err);
    assert_eq!(place.take(&answer.out, &["--new-witness"]).code, 0);
    place.scan();
    place.visit();
    place.scan();
    let proof = place.verify();
    assert_eq!(proof.code, 0, "{}", proof.out);
    let proven: Vec<_> = proof.out.lines().filter(|line| line.contains("proven since")).collect();
    assert_eq!(proven.len(), 2, "{}", proof.out);
    assert!(
        proven[0].starts_with("  entries 0 to ") && proven[0].contains("by inspection.example/anna (key ")
    );
    assert!(proof.out.contains("entries rest on this device's word alone"), "{}", proof.out);
    let json = propusk(&["log", "verify", "--json", "--station", &place.station], b"");
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((json["witnessed"].as_array().unwrap().len(), &json["proven"]), (2, &Value::Bool(true)));
    let shown = propusk(&["witness", "show", &place.home], b"");
    assert!(
        shown.out.contains("propusk.invalid/") && !shown.out.contains("ANOTHER HISTORY"),
        "{}",
        shown.out
    );
}

#[test]
fn request_and_answer_go_as_pictures_of_one_code_each() {
    let place = Place::new();
    place.scan();
    let picture = |text: &str, name: &str| {
        let code = qrcode::QrCode::with_error_correction_level(text.trim_end(), qrcode::EcLevel::L).unwrap();
        let (quiet, scale) = (4, 4);
        let side = (code.width() + 2 * quiet) * scale;
        let dark = |at: usize| (at / scale).checked_sub(quiet).filter(|at| *at < code.width());
        let pixel = |x: usize, y: usize| match dark(x).zip(dark(y)) {
            Some(at) if code[at] == qrcode::Color::Dark => 0,
            _ => 255,
        };
        let pixels: Vec<u8> = (0..side * side).map(|at| pixel(at % side, at / side)).collect();
        let path = place.file(name);
        fs::write(&path, [format!("P5 {side} {side} 255\n").as_bytes(), &pixels].concat()).unwrap();
        path
    };
    let request = picture(&place.request(&[]), "request.pgm");
    let answer = propusk(&["witness", "cosign", &place.home, &request, "--new-log"], b"");
    assert_eq!(answer.code, 0, "{}{}", answer.out, answer.err);
    let answer = picture(&answer.out, "answer.pgm");
    let taken = propusk(&["log", "witnessed", &answer, "--new-witness", "--station", &place.station], b"");
    assert_eq!(taken.code, 0, "{}", taken.err);
    let drawn = propusk(&["log", "checkpoint", "--qr", "--station", &place.station], b"");
    assert!(drawn.out.contains('█'), "{}", drawn.out);
}

#[test]
fn a_backup_that_was_put_back_is_refused_by_the_inspector_and_named_by_the_log() {
    let place = Place::new();
    place.scan();
    place.first_visit();
    let backup = place.file("backup");
    copy(Path::new(&place.station), Path::new(&backup));
    place.scan();
    place.visit();
    // As it was, then gone on with.
    fs::remove_dir_all(&place.station).unwrap();
    copy(Path::new(&backup), Path::new(&place.station));
    let shrunk = place.cosign(&place.request(&[]), &[]);
    assert!(shrunk.code == 1 && shrunk.out.contains("has shrunk"), "{}", shrunk.out);
    for _ in 0..3 {
        place.scan();
    }
    let seen = propusk(&["witness", "show", &place.home], b"").out;
    let seen = seen.lines().last().unwrap().split(' ').next().unwrap().to_owned();
    let other = place.cosign(&place.request(&["--since", &seen]), &[]);
    assert!(other.code == 1 && other.out.contains("does not go on from"), "{}", other.out);
    let shown = propusk(&["witness", "show", &place.home], b"");
    assert!(shown.out.contains("ANOTHER HISTORY WAS SHOWN"), "{}", shown.out);
}

#[test]
fn a_damaged_or_missing_book_is_never_taken_for_an_empty_one() {
    let place = Place::new();
    let book = Path::new(&place.home).join("book.json");
    for damage in
        [Some("{}"), Some(r#"{"format":1,"logs":[{"log":"a","checkpoint":"b","cosigned_at":1}]}"#), None]
    {
        match damage {
            Some(text) => fs::write(&book, text).unwrap(),
            None => fs::remove_file(&book).unwrap(),
        }
        let ran = place.cosign(&place.request(&[]), &["--new-log"]);
        assert_eq!(ran.code, 3, "{damage:?}: {}", ran.out);
        assert!(ran.err.contains("book.json"), "{}", ran.err);
    }
}

#[test]
fn nothing_is_old_enough_to_be_erased_at_a_new_station_and_the_record_says_so() {
    let place = Place::new();
    place.scan();
    let purge = propusk(&["log", "purge", "--station", &place.station], b"");
    assert_eq!((purge.code, purge.out.trim_end()), (0, "no scan is older than 30 days"));
    let record = place.file("record.txt");
    let ran = propusk(&["log", "destruction", "--out", &record, "--station", &place.station], b"");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let record = fs::read_to_string(record).unwrap();
    assert!(record.contains("Уничтожено записей: 0.") && record.contains("— propusk.invalid/"), "{record}");
    let again = propusk(
        &["log", "destruction", "--out", &place.file("record.txt"), "--station", &place.station],
        b"",
    );
    assert_eq!(again.code, 3, "nothing is written over");
}

#[test]
fn anomalies_are_listed_with_their_entries() {
    let place = Place::new();
    let none = propusk(&["log", "anomalies", "--station", &place.station], b"");
    assert_eq!((none.code, none.out.trim_end()), (0, "nothing to look at"));
    place.scan();
    // A place that opens two hours from now, for an hour.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 60;
    let clock = |minute: u64| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    let hours = format!("{}-{}", clock(now + 120), clock(now + 180));
    let found = propusk(&["log", "anomalies", "--json", "--open", &hours, "--station", &place.station], b"");
    let found: Vec<Value> = found.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(found.iter().any(|anomaly| anomaly["name"] == "outside_hours"), "{found:?}");
    let bad = propusk(&["log", "anomalies", "--open", "9-18", "--station", &place.station], b"");
    assert_eq!(bad.code, 3);
}
