//! `propusk` as a user runs it: what it prints, and its exit code.

mod common;

use std::fs;
use std::path::Path;

use common::propusk;
use serde_json::{Value, json};
use tempfile::TempDir;

const ACCEPTED: i32 = 0;
const REFUSED: i32 = 1;
const CANNOT_TELL: i32 = 2;
const FAILED: i32 = 3;

/// A demo station, and its folder as text.
fn demo() -> (TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let station = dir.path().join("station").display().to_string();
    assert_eq!(propusk(&["demo", "--station", &station], b"").code, 0);
    (dir, station)
}

fn pass(station: &str, file: &str) -> String {
    format!("{station}/demo/passes/{file}")
}

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_verdict_has_its_exit_code_from_a_picture_a_text_and_standard_input() {
    let (_dir, station) = demo();
    let table = [
        ("1-valid-vaccination", ACCEPTED, "accepted"),
        ("4-expired", REFUSED, "expired"),
        ("7-tampered", REFUSED, "bad_signature"),
        ("8-unknown-issuer", CANNOT_TELL, "unknown_key"),
        ("9-not-a-certificate", REFUSED, "not_a_certificate"),
    ];
    for (name, code, reason) in table {
        let text = fs::read_to_string(pass(&station, &format!("{name}.txt"))).unwrap();
        let picture = pass(&station, &format!("{name}.png"));
        let bytes = fs::read(&picture).unwrap();
        let inputs = [(picture.as_str(), &b""[..]), (&text, b""), ("-", text.as_bytes()), ("-", &bytes)];
        for (input, stdin) in inputs {
            let ran = propusk(&["verify", "--station", &station, "--json", input], stdin);
            assert_eq!(ran.code, code, "{name}: {}{}", ran.out, ran.err);
            assert_eq!(lines(&ran.out)[0]["reason"], reason, "{name}");
        }
    }
}

#[test]
fn a_pass_is_judged_as_of_the_named_time() {
    let (_dir, station) = demo();
    let picture = pass(&station, "1-valid-vaccination.png");
    let ran = propusk(&["verify", "--station", &station, "--now", "2099-01-01T00:00:00Z", &picture], b"");
    assert_eq!(ran.code, REFUSED);
    assert!(ran.out.starts_with("refused: expired"), "{}", ran.out);
}

/// The demo's key set lasts longer than its sample passes, so a pass that lasts longer still is issued.
#[test]
fn keys_that_are_too_old_cannot_tell() {
    let (dir, station) = demo();
    let (csv, out) =
        (dir.path().join("r.csv").display().to_string(), dir.path().join("out").display().to_string());
    let register = "family_name,given_name,date_of_birth,kind,vaccinated_on,valid_until\n\
                    Ivanova,Maria,1990,vaccination,2026-10-01,2090-01-01\n";
    fs::write(&csv, register).unwrap();
    let made = propusk(&["issue", &csv, "--station", &station, "--out", &out, "--as", "text"], b"");
    assert_eq!(made.code, 0, "{}", made.err);
    let files = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
    let text = files.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "txt")).unwrap();
    let ran = propusk(
        &["verify", "--station", &station, "--now", "2080-01-01T00:00:00Z", text.to_str().unwrap()],
        b"",
    );
    assert_eq!(ran.code, CANNOT_TELL, "{}", ran.out);
    assert!(ran.out.starts_with("cannot tell: keys_too_old"), "{}", ran.out);
}

#[test]
fn keys_come_from_a_published_folder_too() {
    let (_dir, station) = demo();
    let keys = format!("{station}/demo/keys");
    let ran = propusk(&["verify", "--keys", &keys, &pass(&station, "2-valid-recovery.png")], b"");
    assert_eq!(ran.code, ACCEPTED, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("DEMO AUTHORITY"));
}

#[test]
fn misuse_and_unreadable_input_get_one_line_and_code_3() {
    let (dir, station) = demo();
    let garbage = dir.path().join("garbage.png");
    fs::write(&garbage, b"\x89PNG\r\n\x1a\nno").unwrap();
    let blank = dir.path().join("blank.pgm");
    fs::write(&blank, [b"P5 64 64 255\n".as_slice(), &[200; 64 * 64]].concat()).unwrap();
    let (garbage, blank) = (garbage.display().to_string(), blank.display().to_string());
    let table: &[&[&str]] = &[
        &["verify", "--station", &station, "nosuch.png"],
        &["verify", "--station", &station, &garbage],
        &["verify", "--station", &station, &blank],
        &["verify", "--station", "/nonexistent", "HC1:"],
        &["verify", "--keys", "/nonexistent", "HC1:"],
        &["verify", "--certificate", &blank, "HC1:"],
        &["verify", "--keys", &blank, "HC1:"],
        &["log", "show", "--station", "/nonexistent"],
        &["log", "verify", "--station", "/nonexistent"],
        &["keys", "show", "/nonexistent"],
        &["issue", "/nonexistent", "--station", &station, "--out", "/tmp"],
        &["issue", &garbage, "--station", &station, "--out", &garbage],
        &["camera", "watch", "--demo", "--station", "/nonexistent"],
    ];
    for args in table {
        let ran = propusk(args, b"");
        assert_eq!(ran.code, FAILED, "{args:?}: {}", ran.out);
        assert_eq!(ran.err.trim_end().lines().count(), 1, "{args:?}: {}", ran.err);
        assert!(ran.err.starts_with("propusk: "), "{args:?}: {}", ran.err);
    }
}

#[test]
fn a_wrong_command_line_is_code_3_and_help_is_code_0() {
    for args in [&[][..], &["nonsense"], &["verify"], &["scan"], &["verify", "--now", "soon", "HC1:"]] {
        assert_eq!(propusk(args, b"").code, FAILED, "{args:?}");
    }
    for args in [&["--help"][..], &["--version"], &["verify", "--help"]] {
        assert_eq!(propusk(args, b"").code, 0, "{args:?}");
    }
}

#[test]
fn scan_answers_each_picture_and_goes_on_after_an_unreadable_one() {
    let (dir, station) = demo();
    let text = dir.path().join("text.png");
    fs::write(&text, "no picture").unwrap();
    let (first, bad, last) = (
        pass(&station, "1-valid-vaccination.png"),
        text.display().to_string(),
        pass(&station, "4-expired.png"),
    );
    let ran = propusk(&["scan", "--json", &first, &bad, &last], b"");
    assert_eq!(ran.code, FAILED);
    let answers = lines(&ran.out);
    assert_eq!(answers.len(), 3);
    assert!(answers[1]["error"].is_string() && answers[1]["file"] == json!(bad));
    for (answer, file) in [(&answers[0], &first), (&answers[2], &last)] {
        let symbol = &answer["symbols"][0];
        assert_eq!(answer["file"], json!(file));
        assert_eq!(symbol["text"], json!(fs::read_to_string(file.replace(".png", ".txt")).unwrap()));
        assert_eq!(symbol["corners"].as_array().unwrap().len(), 4);
        assert!(answer["ms"].as_f64().unwrap() > 0.0 && answer["width"].as_u64().unwrap() > 100);
        assert!(symbol["version"].as_u64().unwrap() > 5 && symbol["ecc"].is_string());
    }
    assert_eq!(propusk(&["scan", &first], b"").code, 0);
}

#[test]
fn batch_answers_in_order_and_goes_on_after_bad_lines() {
    let text = "HC1:NOT BASE45 AT ALL ::";
    let long = "x".repeat(17 << 20);
    let input = [
        json!({"id": 1, "text": "https://example.org"}).to_string(),
        "not json".to_owned(),
        json!({"id": "b", "text": text, "certificates": ["AAAA", "%%"]}).to_string(),
        String::new(),
        json!({"id": "no text"}).to_string(),
        json!({"id": "when", "text": text, "now": "yesterday"}).to_string(),
        long,
        json!({"id": [2], "text": "", "now": "2021-07-02T07:44:21+0000"}).to_string(),
        r#"["array", "HC1:", null, [], null]"#.to_owned(),
        "\u{feff}{\"id\": 12345678901234567890123, \"text\": \"\", \"certificates\": null, \"jwks\": null}\r"
            .to_owned(),
        r#"{"id": 1.10, "text": "\ud800"}"#.to_owned(),
    ]
    .join("\n");
    let ran = propusk(&["verify", "--batch"], input.as_bytes());
    assert_eq!(ran.code, FAILED);
    let answers = lines(&ran.out);
    let errors: Vec<bool> = answers.iter().map(|answer| answer["error"].is_string()).collect();
    assert_eq!(errors, [false, true, false, true, true, true, false, true, false, true]);
    assert_eq!(answers[0]["id"], 1);
    assert_eq!(answers[0]["verdict"], "refused");
    assert_eq!(answers[0]["stage"], "text");
    assert_eq!(answers[1]["id"], Value::Null);
    assert_eq!((&answers[2]["id"], &answers[2]["stage"]), (&json!("b"), &json!("base45")));
    assert_eq!(answers[2]["warnings"].as_array().unwrap().len(), 2);
    assert_eq!(answers[3]["id"], "no text");
    assert_eq!(answers[4]["id"], "when");
    assert_eq!(answers[6]["id"], json!([2]));
    assert_eq!(answers[7]["id"], Value::Null);
    let id = |line: usize| ran.out.lines().nth(line).unwrap();
    assert!(id(8).starts_with(r#"{"id":12345678901234567890123,"verdict":"refused","reason":"#), "{}", id(8));
    assert!(id(9).starts_with(r#"{"id":1.10,"error":"#), "{}", id(9));
}

#[test]
fn batch_trusts_nothing_but_its_lines() {
    let (_dir, station) = demo();
    let text = fs::read_to_string(pass(&station, "1-valid-vaccination.txt")).unwrap();
    let input = json!({"id": 1, "text": text}).to_string();
    let ran = propusk(&["verify", "--batch"], input.as_bytes());
    assert_eq!(ran.code, 0);
    assert_eq!(lines(&ran.out)[0]["verdict"], "cannot_tell");
    let log = propusk(&["log", "show", "--station", &station], b"");
    assert!(log.code == FAILED || log.out.is_empty(), "{}", log.out);
}

#[test]
fn an_authority_issues_a_register_and_its_passes_verify() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).display().to_string();
    for (file, flag) in [("clinic", None), ("abroad", Some("--es256"))] {
        let (authority, out) = (at(&format!("{file}.json")), at(file));
        let mut args = vec!["keys", "new", "--name", "Клиника № 3", "--country", "RU"];
        args.extend(["--status-uri", "https://example.org/s", "--out", &authority]);
        args.extend(flag);
        assert_eq!(propusk(&args, b"").code, 0);
        assert_eq!(propusk(&args, b"").code, FAILED, "a private key is never written over");
        let register = "family_name;given_name;date_of_birth;kind;vaccinated_on\n\
                        Иванова;Мария;1990-01-31;vaccination;2026-10-01\n\
                        Петров;Пётр;31.12.1980;vaccination;not a date\n\
                        Сидоров;Олег;1985-05-05;vaccination;01.11.2026\n";
        let csv = at("register.csv");
        fs::write(&csv, register).unwrap();
        let args = ["issue", &csv, "--authority", &authority, "--out", &out, "--as", "text,png,svg,pdf"];
        let ran = propusk(&args, b"");
        assert_eq!(ran.code, FAILED, "{}", ran.err);
        assert!(ran.err.contains("line 3, column vaccinated_on"), "{}", ran.err);
        assert!(ran.out.starts_with("passes made: 2, rows left out: 1"), "{}", ran.out);
        let keys = at(&format!("{file}.keys.json"));
        for index in ["0000000", "0000001"] {
            for ending in ["txt", "png", "svg", "pdf"] {
                assert!(Path::new(&format!("{out}/{index}.{ending}")).exists(), "{index}.{ending}");
            }
            let ran = propusk(&["verify", "--keys", &keys, &format!("{out}/{index}.png")], b"");
            assert_eq!(ran.code, ACCEPTED, "{}{}", ran.out, ran.err);
        }
        // A second run takes the next places of the status list.
        propusk(&args, b"");
        assert!(Path::new(&format!("{out}/0000003.png")).exists());
        assert_eq!(fs::read_to_string(format!("{out}/issued.csv")).unwrap().lines().count(), 5);
    }
}

#[test]
fn the_demo_authority_issues_passes_that_its_station_accepts() {
    let (dir, station) = demo();
    let csv = dir.path().join("r.csv").display().to_string();
    fs::write(&csv, "фамилия;имя;дата рождения;вид\nИванова;Мария;31.01.1990;вакцинация\n").unwrap();
    let out = dir.path().join("out").display().to_string();
    let ran = propusk(&["issue", &csv, "--station", &station, "--out", &out], b"");
    assert_eq!(ran.code, FAILED, "a vaccination without its date: {}", ran.out);
    fs::write(&csv, "фамилия;имя;дата рождения;вид;дата вакцинации\nИванова;Мария;;вакцинация;01.10.2026\n")
        .unwrap();
    let ran = propusk(&["issue", &csv, "--station", &station, "--out", &out, "--as", "text"], b"");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let text = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
    let text = text.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "txt")).unwrap();
    let ran = propusk(&["verify", "--station", &station, "-"], &fs::read(text).unwrap());
    assert_eq!(ran.code, ACCEPTED, "{}", ran.out);
}

#[test]
fn a_demo_played_in_the_terminal_is_in_the_log_and_proven() {
    let (_dir, station) = demo();
    let ran = propusk(&["demo", "--station", &station, "--play", "--json"], b"");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let played = lines(&ran.out);
    let log = propusk(&["log", "show", "--station", &station, "--json"], b"");
    let newest_first: Vec<_> = lines(&log.out).iter().rev().map(|entry| entry["reason"].clone()).collect();
    assert_eq!(newest_first, played.iter().map(|entry| entry["reason"].clone()).collect::<Vec<_>>());
    let proof = propusk(&["log", "verify", "--station", &station, "--json"], b"");
    assert_eq!(proof.code, 0);
    assert_eq!(lines(&proof.out)[0]["entries"], json!(played.len()));
    assert_eq!(lines(&proof.out)[0]["proven"], true);
}

#[test]
fn a_camera_that_is_not_there_is_a_failure_and_the_demo_camera_reads_its_samples() {
    let (_dir, station) = demo();
    let ran = propusk(&["camera", "watch", "--device", "nosuch", "--seconds", "1"], b"");
    assert_eq!(ran.code, FAILED);
    assert!(ran.err.contains("nosuch"), "{}", ran.err);
    let ran = propusk(
        &["camera", "watch", "--demo", "--station", &station, "--codes", "1", "--seconds", "60"],
        b"",
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.out.trim_end(), fs::read_to_string(pass(&station, "1-valid-vaccination.txt")).unwrap());
}

#[test]
fn a_log_that_was_edited_is_not_proven() {
    let (_dir, station) = demo();
    propusk(&["demo", "--station", &station, "--play"], b"");
    let log = rusqlite::Connection::open(format!("{station}/scanlog.db")).unwrap();
    log.execute("UPDATE entry SET outcome = 0 WHERE position = 3", []).unwrap();
    drop(log);
    let proof = propusk(&["log", "verify", "--station", &station], b"");
    assert_eq!(proof.code, REFUSED);
    assert!(proof.out.starts_with("NOT PROVEN") && proof.out.contains("entry 3 was edited"), "{}", proof.out);
    let played = propusk(&["demo", "--station", &station, "--play"], b"");
    assert_eq!(played.code, REFUSED, "{}", played.out);
}

#[test]
fn a_hostile_log_gets_no_terminal_escapes_onto_the_screen() {
    let (_dir, station) = demo();
    propusk(&["demo", "--station", &station, "--play"], b"");
    let log = rusqlite::Connection::open(format!("{station}/scanlog.db")).unwrap();
    let escapes = |text: &str| text.chars().any(|c| c.is_control() && c != '\n');
    for column in ["reason", "stage", "kind"] {
        log.execute(&format!("UPDATE entry SET {column} = char(27) || '[2Jaccepted'"), []).unwrap();
        let shown = propusk(&["log", "show", "--station", &station], b"");
        assert_eq!((shown.code, shown.out.as_str()), (FAILED, ""), "{column}");
        assert!(shown.err.contains(column) && !escapes(&shown.err), "{column}: {}", shown.err);
        log.execute(&format!("UPDATE entry SET {column} = 'a'"), []).unwrap();
    }
    // An index that does not fit its entries is a fault, and SQLite says which one it is.
    log.execute_batch(
        "CREATE INDEX \"\u{1b}[2J\" ON entry (at + 1); PRAGMA writable_schema = 1;
         UPDATE sqlite_schema SET sql = replace(sql, '+ 1', '+ 2') WHERE name LIKE '%[2J'",
    )
    .unwrap();
    drop(log);
    let proof = propusk(&["log", "verify", "--station", &station], b"");
    assert_eq!(proof.code, REFUSED);
    assert!(proof.out.contains("[2J") && !escapes(&proof.out), "{}", proof.out);
}
