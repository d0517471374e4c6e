//! Tickets from the register to the door: issued, admitted, and refused the second time.

mod common;

use std::fs;
use std::path::Path;

use common::propusk;
use serde_json::Value;

const REFUSED: i32 = 1;
const FAILED: i32 = 3;

#[test]
fn a_ticket_is_admitted_as_often_as_it_says_and_verifying_alone_uses_nothing_up() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).display().to_string();
    let (station, out, register) = (at("station"), at("tickets"), at("tickets.csv"));
    assert_eq!(propusk(&["demo", "--station", &station], b"").code, 0);
    fs::write(&register, "title,valid_days,zones,uses\nConcert,30,Main;Tent,1\nConcert,30,,\n").unwrap();
    let issued = propusk(
        &[
            "issue",
            &register,
            "--kind",
            "ticket",
            "--station",
            &station,
            "--out",
            &out,
            "--as",
            "text,png,svg,pdf",
        ],
        b"",
    );
    assert_eq!((issued.code, issued.err.as_str()), (0, ""), "{}", issued.out);
    let mut tickets: Vec<_> = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path()).collect();
    tickets.retain(|path| path.extension().is_some_and(|ending| ending == "png"));
    tickets.sort();
    let [once, often] = [0, 1].map(|at: usize| tickets[at].display().to_string());
    let verify = |ticket: &str, more: &[&str]| {
        let ran = propusk(&[&["verify", ticket, "--station", &station, "--json"], more].concat(), b"");
        assert_eq!(ran.err, "");
        (ran.code, serde_json::from_str::<Value>(&ran.out).unwrap())
    };
    for _ in 0..2 {
        let (code, answer) = verify(&once, &[]);
        assert_eq!((code, &answer["claims"]["claims"]["pass"]["uses"]), (0, &1.into()));
    }
    let (code, first) = verify(&once, &["--admit"]);
    assert_eq!((code, &first["uses"]["used"], &first["entry"]), (0, &1.into(), &0.into()));
    let later = ["--admit", "--now", "2035-01-01T00:00:00Z"];
    assert_eq!(verify(&once, &later).1["reason"], "expired");
    let soon = first["at"].as_str().unwrap().to_owned();
    let minute = station::view::rfc3339(time(&soon) + 60);
    let (code, second) = verify(&once, &["--admit", "--now", &minute]);
    assert_eq!((code, &second["reason"]), (REFUSED, &"already_used".into()));
    assert_eq!(second["evidence"]["at"], first["at"]);
    assert_eq!(second["evidence"]["uses"], 1);
    for _ in 0..2 {
        let (code, answer) = verify(&often, &["--admit", "--now", &minute]);
        assert_eq!((code, &answer["uses"]), (0, &Value::Null));
    }
    let lines = propusk(&["verify", &once, "--station", &station, "--admit", "--now", &minute], b"").out;
    assert!(lines.starts_with("refused: already_used (at step rules)\n"), "{lines}");
    assert!(lines.contains("\n  title: Concert\n  zones: Main, Tent\n  uses: 1\n"), "{lines}");
    let log = propusk(&["log", "verify", "--station", &station], b"");
    assert_eq!(log.code, 0, "{}", log.out);
    assert!(Path::new(&once.replace(".png", ".pdf")).exists());
}

#[test]
fn admitting_needs_a_station_that_is_named() {
    assert_eq!(propusk(&["verify", "PP1:X", "--admit"], b"").code, FAILED);
    let none = propusk(&["verify", "PP1:X", "--admit", "--station", "/nowhere"], b"");
    assert_eq!(none.code, FAILED, "{}", none.err);
}

/// Seconds of an RFC 3339 time in UTC to the second.
fn time(text: &str) -> i64 {
    certlogic::timestamp::parse(text).unwrap()
}
