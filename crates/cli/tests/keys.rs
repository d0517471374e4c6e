//! Keys and logs as they come: with one broken key among them, without an end, or owned by somebody else.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

const FAILED: i32 = 3;

struct Ran {
    code: i32,
    out: String,
    err: String,
}

fn run(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn propusk(args: &[&str]) -> Ran {
    run(Command::new(env!("CARGO_BIN_EXE_propusk")).args(args))
}

/// Refused with one line that has all of these parts.
fn check_failed(ran: &Ran, parts: &[&str]) {
    assert_eq!((ran.code, ran.out.as_str()), (FAILED, ""), "{}", ran.err);
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    for part in parts {
        assert!(ran.err.contains(part), "{part:?} is not in: {}", ran.err);
    }
}

/// A demo station, and its folder as text.
fn demo() -> (TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let station = dir.path().join("station").display().to_string();
    assert_eq!(propusk(&["demo", "--station", &station]).code, 0);
    (dir, station)
}

#[test]
fn one_broken_jwk_is_named_and_the_others_are_trusted() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.json").display().to_string();
    let good =
        r#"{"kty":"OKP","crv":"Ed25519","kid":"good","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let bad = r#"{"kty":"OKP","crv":"Ed25519","kid":"bad","x":"!"}"#;
    for set in [format!(r#"{{"keys":[{bad},{good}]}}"#), format!("[{bad},{good}]")] {
        fs::write(&path, set).unwrap();
        let ran = propusk(&["keys", "show", &path]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.contains("EdDSA"), "{}", ran.out);
        assert_eq!(ran.err, format!("propusk: {path}: left out: key 0: `x` is not base64url\n"));
    }
    fs::write(&path, format!("[{bad},{bad}]")).unwrap();
    check_failed(&propusk(&["keys", "show", &path]), &["no usable key", "key 0", "key 1"]);
    fs::write(&path, format!("[{good}{}]", ",1".repeat(1000))).unwrap();
    let ran = propusk(&["keys", "show", &path]);
    assert_eq!((ran.code, ran.err.lines().count()), (0, 21), "{}", ran.err);
    assert!(ran.err.contains("980 keys more"), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn what_is_no_plain_file_is_not_read_as_keys() {
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe").display().to_string();
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in ["/dev/zero", "/dev/null", &pipe] {
        check_failed(&propusk(&["keys", "show", path]), &[path, "not a plain file"]);
        for option in ["--keys", "--certificate"] {
            check_failed(&propusk(&["verify", option, path, "HC1:"]), &[path, "not a plain file"]);
        }
    }
    let folder = dir.path().display().to_string();
    check_failed(&propusk(&["verify", "--certificate", &folder, "HC1:"]), &["not a plain file"]);
}

#[test]
fn a_key_file_over_the_limit_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.json");
    fs::File::create(&path).unwrap().set_len((32 << 20) + 1).unwrap();
    check_failed(&propusk(&["keys", "show", &path.display().to_string()]), &["more than 33554432 bytes"]);
}
