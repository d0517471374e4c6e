//! An inspector takes the log away: exports, their proof without the device, and the report.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::propusk;
use serde_json::Value;
use tempfile::TempDir;

const NOT_PROVEN: i32 = 1;
const FAILED: i32 = 3;

/// Two demo stations on which the sample passes were shown.
struct Place(TempDir);

impl Place {
    fn new(stations: &[&str]) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for station in stations {
            place.play(station);
        }
        place
    }

    fn play(&self, station: &str) {
        assert_eq!(propusk(&["demo", "--play", "--station", &self.path(station)], b"").code, 0);
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    fn export(&self, station: &str, to: &str, more: &[&str]) -> PathBuf {
        let (from, to) = (self.path(station), self.path(to));
        let ran = propusk(&[&["log", "export", "--station", &from, "--to", &to], more].concat(), b"");
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        to.into()
    }

    fn key(&self, station: &str) -> String {
        self.path(&format!("{station}/device.pub"))
    }
}

/// The code and the output of the proof of an export.
fn verify(export: &Path, more: &[&str]) -> (i32, String) {
    let ran = propusk(&[&["log", "verify", &export.display().to_string()], more].concat(), b"");
    (ran.code, ran.out)
}

#[test]
fn an_export_in_any_format_is_proven_without_the_device() {
    let place = Place::new(&["door"]);
    let key = fs::read_to_string(place.key("door")).unwrap();
    let exports =
        ["csv", "jsonl", "parquet"].map(|format| place.export("door", format, &["--format", format]));
    fs::remove_dir_all(place.path("door")).unwrap();
    for export in &exports {
        let (code, out) = verify(export, &["--key", key.trim_end()]);
        assert_eq!(code, 0, "{out}");
        assert!(
            out.starts_with("proven: 10 entries, the whole log, none changed, missing or added"),
            "{out}"
        );
        assert!(out.contains("with the key that you gave"), "{out}");
        let (_, out) = verify(export, &[]);
        assert!(out.contains("with the key that the export itself names: compare it"), "{out}");
    }
    let roots = exports.map(|export| {
        let (_, out) = verify(&export, &["--json"]);
        serde_json::from_str::<Value>(&out).unwrap()["root"].clone()
    });
    assert!(roots.iter().all(|root| root == &roots[0]));
}

#[test]
fn what_was_done_to_an_export_is_named() {
    let place = Place::new(&["door", "gate"]);
    type Change = fn(&str) -> String;
    let table: [(&str, &str, Change, &str); 4] = [
        ("edited", "entries.csv", |text| text.replacen(",refused,", ",accepted,", 1), "was edited"),
        (
            "left-out",
            "entries.csv",
            |text| {
                text.lines()
                    .filter(|line| !line.starts_with("3,"))
                    .map(|line| line.to_owned() + "\r\n")
                    .collect()
            },
            "entries 3 to 3 are missing",
        ),
        (
            "truncated",
            "entries.csv",
            |text| text.lines().take(6).map(|line| line.to_owned() + "\r\n").collect(),
            "truncated: the entries end before 5, they were signed up to 9",
        ),
        ("manifest", "manifest.txt", |text| text.replacen("size 10", "size 8", 1), "manifest.txt"),
    ];
    for (name, file, change, expected) in table {
        let export = place.export("door", name, &[]);
        let path = export.join(file);
        let before = fs::read_to_string(&path).unwrap();
        let after = change(&before);
        assert_ne!(before, after, "{name}");
        fs::write(&path, after).unwrap();
        let ran =
            propusk(&["log", "verify", &export.display().to_string(), "--key", &place.key("door")], b"");
        let told = format!("{}{}", ran.out, ran.err);
        assert!([NOT_PROVEN, FAILED].contains(&ran.code) && told.contains(expected), "{name}: {told}");
        assert!(!told.contains("proven: "), "{name}: {told}");
    }
    let export = place.export("door", "whole", &[]);
    let (code, out) = verify(&export, &["--key", &place.key("gate")]);
    assert_eq!(code, NOT_PROVEN);
    assert!(out.contains("it is an export of another log than the expected one"), "{out}");
}

#[test]
fn a_span_of_time_is_proven_without_the_rest() {
    let place = Place::new(&["door"]);
    let early = place.export("door", "early", &["--until", "2020-01-01"]);
    let (code, out) = verify(&early, &[]);
    assert_eq!(code, 0);
    assert!(out.starts_with("proven: no entry was exported of the 10 that the log had"), "{out}");
    let late = place.export("door", "late", &["--from", "2020-01-01", "--format", "jsonl"]);
    assert_eq!(fs::read_to_string(late.join("entries.jsonl")).unwrap().lines().count(), 10);
    assert_eq!(verify(&late, &[]).0, 0);
}

#[test]
fn what_cannot_be_done_is_one_line() {
    let place = Place::new(&["door"]);
    let export = place.export("door", "export", &[]);
    let (door, export) = (place.path("door"), export.display().to_string());
    let cases: [&[&str]; 4] = [
        &["log", "export", "--station", &door, "--to", &export],
        &[
            "log",
            "export",
            "--station",
            &door,
            "--to",
            "/tmp/x",
            "--from",
            "2021-01-02",
            "--until",
            "2021-01-01",
        ],
        &["log", "verify", &door],
        &["log", "verify", &export, "--key", "/nowhere.pub"],
    ];
    for case in cases {
        let ran = propusk(case, b"");
        assert_eq!(
            (ran.code, ran.err.lines().count(), ran.out.as_str()),
            (FAILED, 1, ""),
            "{case:?}: {}",
            ran.err
        );
    }
}

#[test]
fn the_report_is_a_pdf_of_the_log_or_of_an_export_and_says_when_it_is_not_proven() {
    let place = Place::new(&["door"]);
    let (door, out) = (place.path("door"), place.path("report.pdf"));
    let ran = propusk(&["log", "report", "--station", &door, "--out", &out, "--lang", "ru"], b"");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.starts_with("report of 10 scans in "), "{}", ran.out);
    assert!(fs::read(&out).unwrap().starts_with(b"%PDF-"));
    let export = place.export("door", "export", &[]);
    let table = export.join("entries.csv");
    let text = fs::read_to_string(&table).unwrap().replacen(",refused,", ",accepted,", 1);
    fs::write(table, text).unwrap();
    let ran = propusk(&["log", "report", &export.display().to_string(), "--out", &out], b"");
    assert_eq!(ran.code, NOT_PROVEN);
    assert!(ran.out.contains("NOT PROVEN"), "{}", ran.out);
}

#[test]
fn the_program_for_many_stations_is_looked_for_beside_this_one() {
    let ran = propusk(&["audit", "--help"], b"");
    let beside = Path::new(env!("CARGO_BIN_EXE_propusk")).with_file_name("propusk-audit");
    if beside.is_file() {
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.contains("exports of many stations"), "{}", ran.out);
    } else {
        assert_eq!((ran.code, ran.err.lines().count()), (FAILED, 1));
        assert!(ran.err.contains("cargo build --release -p propusk-audit"), "{}", ran.err);
    }
}
