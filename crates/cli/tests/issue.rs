//! `propusk issue`: what is on disk whatever happens, and what a bad register is told.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const FAILED: i32 = 3;
const HEAD: &str = "family_name,given_name,date_of_birth,kind,vaccinated_on\n";
const NOW: &str = "2026-11-21T10:00:00Z";

/// An authority's folder.
struct Office {
    dir: TempDir,
}

impl Office {
    fn new() -> Self {
        let office = Self { dir: tempfile::tempdir().unwrap() };
        let args =
            ["keys", "new", "--name", "Clinic", "--country", "RU", "--status-uri", "https://c.example/s"];
        let made =
            propusk(args.into_iter().map(str::to_owned).chain(["--out".into(), office.at("clinic.json")]));
        assert!(made.status.success(), "{}", err(&made));
        office
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn at(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    fn args(&self, register: &str, authority: &str) -> Vec<String> {
        let (register, authority, out) = (self.at(register), self.at(authority), self.at("out"));
        ["issue", &register, "--authority", &authority, "--out", &out, "--as", "text", "--now", NOW]
            .map(str::to_owned)
            .into()
    }

    /// Issues a register of this name and text.
    fn issue(&self, name: &str, text: &str) -> Output {
        self.write(name, text);
        propusk(self.args(name, "clinic.json"))
    }

    /// The places of the passes in the folder.
    fn passes(&self) -> BTreeSet<u64> {
        let files = fs::read_dir(self.path("out")).unwrap().map(|entry| entry.unwrap().path());
        let passes = files.filter(|path| path.extension().is_some_and(|ending| ending != "csv"));
        passes.map(|path| path.file_stem().unwrap().to_str().unwrap().parse().unwrap()).collect()
    }

    /// The places in the list of what was issued.
    fn listed(&self) -> BTreeSet<u64> {
        let list = fs::read_to_string(self.path("out/issued.csv")).unwrap();
        list.lines().skip(1).map(|line| line.split(',').next().unwrap().parse().unwrap()).collect()
    }
}

fn propusk(args: impl IntoIterator<Item = String>) -> Output {
    Command::new(env!("CARGO_BIN_EXE_propusk")).args(args).stdin(Stdio::null()).output().unwrap()
}

fn out(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

fn register(rows: usize) -> String {
    HEAD.to_owned() + &"Ivanov,Ivan,1990-01-01,vaccination,2026-10-01\n".repeat(rows)
}

#[test]
fn a_killed_run_leaves_no_pass_that_its_list_lacks() {
    let office = Office::new();
    office.write("many.csv", register(5_000));
    let mut child: Child = Command::new(env!("CARGO_BIN_EXE_propusk"))
        .args(office.args("many.csv", "clinic.json"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let since = Instant::now();
    while !office.path("out/0000020.txt").exists() && since.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let (passes, listed) = (office.passes(), office.listed());
    assert!((20..5_000).contains(&passes.len()), "{} passes", passes.len());
    assert!(passes.is_subset(&listed), "{} passes, {} in the list", passes.len(), listed.len());
    // The next run goes on behind everything that was handed out.
    assert!(office.issue("one.csv", &register(1)).status.success());
    assert!(office.passes().last() > passes.last());
}

#[test]
fn a_list_that_ends_in_half_a_line_is_gone_on_with_on_a_line_of_its_own() {
    let office = Office::new();
    fs::create_dir(office.path("out")).unwrap();
    office.write("out/issued.csv", "status_index,id,issued_at,valid_from,valid_until\n7,\"UR");
    assert!(office.issue("one.csv", &register(1)).status.success());
    assert_eq!(office.listed(), [0, 7].into());
}

#[test]
fn places_that_are_not_known_any_more_are_not_begun_anew() {
    let office = Office::new();
    assert!(office.issue("one.csv", &register(1)).status.success());
    let pass = fs::read(office.path("out/0000000.txt")).unwrap();
    fs::remove_file(office.path("clinic.next-place")).unwrap();
    let ran = office.issue("one.csv", &register(1));
    assert_eq!(ran.status.code(), Some(FAILED));
    assert!(err(&ran).contains("clinic.next-place") && err(&ran).contains("backup"), "{}", err(&ran));
    assert_eq!(err(&ran).lines().count(), 1);
    assert_eq!(office.listed(), [0].into());

    // Even a wrong count writes over nothing.
    office.write("clinic.next-place", "0\n");
    let ran = office.issue("one.csv", &register(1));
    assert_eq!(ran.status.code(), Some(FAILED));
    assert!(err(&ran).contains("0000000.txt") && err(&ran).contains("not written over"), "{}", err(&ran));
    assert_eq!(fs::read(office.path("out/0000000.txt")).unwrap(), pass);
}

#[test]
fn a_register_without_rows_fails_alike_in_every_form() {
    let office = Office::new();
    for (name, text) in [
        ("r.csv", HEAD),
        ("r.csv", ""),
        ("r.csv", "\u{feff}"),
        ("r.json", ""),
        ("r.json", "[]"),
        ("r.json", " \n"),
        ("r.jsonl", ""),
    ] {
        let ran = office.issue(name, text);
        assert_eq!(ran.status.code(), Some(FAILED), "{name} {text:?}: {}", out(&ran));
        assert!(err(&ran).contains(&format!("{name}: there are no rows")), "{text:?}: {}", err(&ran));
        assert!(!office.path("out").exists(), "{name} {text:?}");
    }
}

#[test]
fn rows_after_a_bad_one_become_passes() {
    let good = r#"{"family_name":"A","date_of_birth":"1990","kind":"v","vaccinated_on":"2026-10-01"}"#;
    for (name, text) in [
        ("r.json", format!("[{good},\nnonsense,\n{good}]")),
        ("r.jsonl", format!("{good}\n{{\"family_name\": \"A\n{good}\n")),
    ] {
        let office = Office::new();
        let ran = office.issue(name, &text);
        assert_eq!(ran.status.code(), Some(FAILED));
        assert!(out(&ran).starts_with("passes made: 2, rows left out: 1"), "{}{}", out(&ran), err(&ran));
        assert!(err(&ran).contains("line 2: "), "{}", err(&ran));
    }
}

#[test]
fn letters_are_readable_in_messages_and_what_is_hidden_is_escaped_once() {
    let office = Office::new();
    let table = [
        ("田,B,1990,vaccination,2026-10-01", "`田` has no ICAO transliteration"),
        ("A,B,1990,вечеринка,2026-10-01", "`вечеринка` cannot be read"),
        ("A,B,1990,a\u{202e}b\u{1b},2026-10-01", "`a\\u{202e}b\\u{1b}` cannot be read"),
        ("A,B,1990,й,2026-10-01", "`й` cannot be read"),
    ];
    for (row, message) in table {
        let ran = office.issue("r.csv", &format!("{HEAD}{row}\n"));
        assert!(err(&ran).contains(message), "{row}: {}", err(&ran));
    }
    let ran = office.issue("r.csv", "им\u{202e}я\n");
    assert!(err(&ran).contains("no column `им\\u{202e}я`"), "{}", err(&ran));
}

#[test]
fn an_authority_file_that_is_none_is_refused_with_what_to_do() {
    let office = Office::new();
    office.write("r.csv", register(1));
    office.write("binary.json", [0xff, 0xfe, 0x00]);
    office.write("large.json", vec![b' '; 1 << 20]);
    fs::create_dir(office.path("folder.json")).unwrap();
    let mut table = vec![
        (office.at("binary.json"), "not an authority's key file"),
        (office.at("large.json"), "not an authority's key file"),
        (office.at("folder.json"), "folder"),
        (office.at("missing.json"), "propusk keys new"),
    ];
    if cfg!(unix) {
        table.push(("/dev/zero".into(), "not an authority's key file"));
    }
    for (authority, message) in table {
        let mut args = office.args("r.csv", "clinic.json");
        args[3].clone_from(&authority);
        let ran = propusk(args);
        assert_eq!(ran.status.code(), Some(FAILED));
        assert!(err(&ran).contains(message) && err(&ran).contains(&authority), "{}", err(&ran));
        assert_eq!(err(&ran).lines().count(), 1, "{}", err(&ran));
    }
}
