//! Keys and logs as they come: with one broken key among them, without an end, or owned by somebody else.

mod common;

use std::fs;
use std::process::Command;

use common::Ran;
use tempfile::TempDir;

const FAILED: i32 = 3;

fn run(command: &mut Command) -> Ran {
    command.output().unwrap().into()
}

fn propusk(args: &[&str]) -> Ran {
    common::propusk(args, b"")
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

#[test]
fn lists_of_certificates_and_did_documents_are_told_from_a_jwks() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys.json").display().to_string();
    let did = r##"{"id":"did:web:a.example","verificationMethod":[{"id":"#d2VpcmRraWQ","publicKeyJwk":
        {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}]}"##;
    fs::write(&path, did).unwrap();
    let ran = propusk(&["keys", "show", &path]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert!(ran.out.contains("776569726"), "{}", ran.out);
    for list in
        [r#"{"certificates":[{"kid":"AQID","rawData":"AAAA"}]}"#, r#"[{"kid":"AQID","rawData":"AAAA"}]"#]
    {
        fs::write(&path, list).unwrap();
        check_failed(&propusk(&["keys", "show", &path]), &["key 0", "not an X.509 certificate"]);
    }
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

/// A station that was handed over: its user may read what lies in it, and write nothing.
#[cfg(unix)]
mod handed_over {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;
    use std::path::{Path, PathBuf};

    use rusqlite::Connection;

    use super::*;

    /// A user without any rights of its own (`nobody` on most systems).
    const NOBODY: u32 = 65_534;
    const FILES: [&str; 4] = ["station.json", "device.pub", "scanlog.db", "trust.db"];

    struct HandedOver {
        dir: TempDir,
        /// One of the demo's passes, as text.
        pass: String,
    }

    impl HandedOver {
        /// A copy of a station with some entries, of these files besides [`FILES`].
        /// Its databases have changes that are not in the main files while `also` is copied.
        fn new(also: &[&str]) -> Self {
            let (_kept, station) = demo();
            assert_eq!(propusk(&["demo", "--station", &station, "--play"]).code, 0);
            let [log, trust] =
                ["scanlog.db", "trust.db"].map(|name| Connection::open(format!("{station}/{name}")));
            for database in [&log, &trust] {
                let database = database.as_ref().unwrap();
                database.execute_batch("CREATE TABLE extra (x); DROP TABLE extra").unwrap();
            }
            if also.is_empty() {
                log.unwrap().close().unwrap();
                trust.unwrap().close().unwrap();
            }
            let pass = fs::read_to_string(format!("{station}/demo/passes/1-valid-vaccination.txt")).unwrap();
            let handed_over = Self { dir: tempfile::tempdir().unwrap(), pass };
            fs::create_dir(handed_over.station()).unwrap();
            for name in FILES.iter().chain(also) {
                fs::copy(format!("{station}/{name}"), handed_over.station().join(name)).unwrap();
                handed_over.allow(name, 0o444);
            }
            if handed_over.by_root() {
                // The program may lie where nobody else can reach it.
                fs::copy(env!("CARGO_BIN_EXE_propusk"), handed_over.dir.path().join("propusk")).unwrap();
            }
            handed_over.allow("", 0o555);
            handed_over.allow("..", 0o755);
            handed_over
        }

        fn station(&self) -> PathBuf {
            self.dir.path().join("station")
        }

        fn by_root(&self) -> bool {
            fs::metadata(self.dir.path()).unwrap().uid() == 0
        }

        fn allow(&self, name: &str, mode: u32) {
            fs::set_permissions(self.station().join(name), fs::Permissions::from_mode(mode)).unwrap();
        }

        /// Changes a file in a folder that is closed to writing before and after.
        fn change(&self, change: impl FnOnce(&Path)) {
            self.allow("", 0o755);
            change(&self.station());
            self.allow("", 0o555);
        }

        /// Runs as somebody who is bound by the permissions, whoever runs this test.
        fn propusk(&self, args: &[&str]) -> Ran {
            let mut command = if self.by_root() {
                let mut command = Command::new(self.dir.path().join("propusk"));
                command.uid(NOBODY).gid(NOBODY);
                command
            } else {
                Command::new(env!("CARGO_BIN_EXE_propusk"))
            };
            run(command.args(args).arg("--station").arg(self.station()).current_dir("/"))
        }

        fn files(&self) -> Vec<String> {
            let names = fs::read_dir(self.station()).unwrap();
            let mut names: Vec<_> =
                names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            names.sort();
            names
        }
    }

    impl Drop for HandedOver {
        fn drop(&mut self) {
            // Else its files cannot be removed.
            self.allow("", 0o755);
        }
    }

    const ON_THE_LOG: [&[&str]; 2] = [&["log", "verify"], &["log", "show"]];

    fn on_the_keys(place: &HandedOver) -> [Vec<&str>; 2] {
        [vec!["keys", "show"], vec!["verify", &place.pass]]
    }

    fn check_works(place: &HandedOver) {
        let before = place.files();
        for args in ON_THE_LOG.map(<[_]>::to_vec).into_iter().chain(on_the_keys(place)) {
            let ran = place.propusk(&args);
            assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}: {}", ran.out);
        }
        let proof = place.propusk(&["log", "verify"]);
        assert!(proof.out.starts_with("proven: ") && !proof.out.starts_with("proven: 0 "), "{}", proof.out);
        let verdict = place.propusk(&["verify", &place.pass]);
        assert!(verdict.out.starts_with("accepted"), "{}", verdict.out);
        assert_eq!(place.files(), before);
    }

    #[test]
    fn it_is_verified_and_its_keys_serve() {
        check_works(&HandedOver::new(&[]));
    }

    #[test]
    fn it_is_read_with_its_side_files_too() {
        check_works(&HandedOver::new(&["scanlog.db-wal", "scanlog.db-shm", "trust.db-wal", "trust.db-shm"]));
    }

    #[test]
    fn changes_that_only_a_side_file_has_are_not_passed_over() {
        let place = HandedOver::new(&["scanlog.db-wal", "trust.db-wal"]);
        for args in ON_THE_LOG.map(<[_]>::to_vec).into_iter().chain(on_the_keys(&place)) {
            check_failed(&place.propusk(&args), &["-wal", "copy both"]);
        }
    }

    #[test]
    fn a_file_that_may_not_be_read_is_told_with_what_to_do() {
        let place = HandedOver::new(&[]);
        place.allow("scanlog.db", 0);
        place.allow("trust.db", 0);
        for args in ON_THE_LOG {
            check_failed(&place.propusk(args), &["scanlog.db", "cannot be read", "ask its owner"]);
        }
        for args in on_the_keys(&place) {
            let ran = place.propusk(&args);
            check_failed(&ran, &["trust.db", "ask its owner"]);
            assert!(!ran.err.contains("remove"), "{}", ran.err);
        }
    }

    #[test]
    fn a_folder_that_may_not_be_entered_is_not_called_empty() {
        let place = HandedOver::new(&[]);
        place.allow("", 0);
        for args in ON_THE_LOG.map(<[_]>::to_vec).into_iter().chain(on_the_keys(&place)) {
            let ran = place.propusk(&args);
            check_failed(&ran, &["ermission denied"]);
            assert!(!ran.err.contains("no station") && !ran.err.contains("no scan log"), "{}", ran.err);
        }
    }

    #[test]
    fn without_the_device_s_public_key_a_log_is_shown_but_not_verified() {
        type Change = fn(&Path);
        let changes: [(Change, &str); 5] = [
            (|folder| fs::remove_file(folder.join("device.pub")).unwrap(), "missing"),
            (|folder| replace(folder, b""), "damaged"),
            (|folder| replace(folder, b"\xff\xfe"), "damaged"),
            (|folder| replace(folder, b"not+a+key\n"), "damaged"),
            (|folder| replace(folder, &[b'a'; 1 << 20]), "damaged"),
        ];
        for (change, what) in changes {
            let place = HandedOver::new(&[]);
            place.change(change);
            check_failed(
                &place.propusk(&["log", "verify"]),
                &["device.pub", what, "copy it from the device"],
            );
            let shown = place.propusk(&["log", "show"]);
            assert_eq!((shown.code, shown.err.as_str()), (0, ""));
        }
    }

    fn replace(folder: &Path, bytes: &[u8]) {
        fs::remove_file(folder.join("device.pub")).unwrap();
        fs::write(folder.join("device.pub"), bytes).unwrap();
    }
}

#[test]
fn an_animated_code_is_drawn_in_a_terminal_only_and_of_a_file_only() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().display().to_string();
    check_failed(&propusk(&["keys", "show", "--animate", &folder]), &["not a plain file"]);
    let file = dir.path().join("keys.zip").display().to_string();
    check_failed(
        &propusk(&["keys", "show", "--animate", &file]),
        &["keys.zip", "look whether the name is right"],
    );
    fs::write(&file, "keys").unwrap();
    check_failed(&propusk(&["keys", "show", "--animate", &file]), &["terminal"]);
}
