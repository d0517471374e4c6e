//! The ceremony of keys/README.md, command by command.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use carrier::{Receiver, Sender, Taken};
use qr::{Luma, Scanner};
use qrcode::{Color, EcLevel, QrCode};
use tempfile::TempDir;

#[path = "ceremony/mishaps.rs"]
mod mishaps;

/// A folder in which everybody's files lie.
struct Room(TempDir);

impl Room {
    fn new() -> Self {
        let room = Self(tempfile::tempdir().unwrap());
        for name in ["anna", "boris", "clara", "dora", "machine"] {
            fs::write(room.path(&format!("{name}.pass")), format!("passphrase of {name}\n")).unwrap();
        }
        room
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// Runs `line` as a shell would, without quotes: `_` stands for a space in an argument.
    fn run(&self, line: &str) -> Output {
        let args = line.split_ascii_whitespace().map(|arg| arg.replace('_', " "));
        Command::new(env!("CARGO_BIN_EXE_propusk")).args(args).current_dir(self.0.path()).output().unwrap()
    }

    fn done(&self, line: &str) -> String {
        let output = self.run(line);
        let (out, err) = text(&output);
        assert!(output.status.success(), "{line}\n{out}{err}");
        out
    }

    /// Fails with one line that has `expected` in it.
    fn refused(&self, line: &str, expected: &str) {
        let output = self.run(line);
        let (out, err) = text(&output);
        assert_eq!(output.status.code(), Some(3), "{line}\n{out}{err}");
        assert_eq!(err.lines().count(), 1, "{line}\n{err}");
        assert!(err.contains(expected), "{line}\n{expected:?} is not in: {err}");
    }

    fn signers(&self) {
        for name in ["anna", "boris", "clara", "machine"] {
            let out = self.done(&format!(
                "keys signer new --name {name} --out {name}.key --passphrase-file {name}.pass"
            ));
            assert!(out.contains("key id:"), "{out}");
        }
    }

    fn sign(&self, who: &str) {
        self.done(&format!(
            "keys sign authority/staged/request.zip --key {who}.key --passphrase-file {who}.pass --out {who}.sig.json --yes"
        ));
        self.done(&format!("keys import-signature authority {who}.sig.json"));
    }

    /// Two of three, an issuer, and a first publication.
    fn published(&self) {
        self.signers();
        self.done("keys init authority --root anna.pub boris.pub clara.pub --threshold 2 --snapshot machine.pub --timestamp machine.pub");
        self.done(
            "keys new --name Clinic --country RU --status-uri https://clinic.example/s --out clinic.json",
        );
        self.done("keys add-issuer authority clinic.keys.json");
        self.publish();
    }

    /// Two sign what is in the draft, and it is published.
    fn publish(&self) {
        self.done("keys stage authority");
        ["anna", "clara", "machine"].iter().for_each(|who| self.sign(who));
        self.done("keys publish authority public");
    }

    /// Issues one pass; gives the file with its text.
    fn pass(&self) -> String {
        let register = "family_name,given_name,date_of_birth,kind,vaccinated_on\nIvanov,Ivan,1990-01-01,vaccination,2026-10-01\n";
        fs::write(self.path("people.csv"), register).unwrap();
        self.done("issue people.csv --authority clinic.json --out passes --as text");
        let mut files = fs::read_dir(self.path("passes")).unwrap().map(|entry| entry.unwrap().path());
        let pass = files.find(|path| path.extension().is_some_and(|ending| ending == "txt")).unwrap();
        pass.display().to_string()
    }

    /// A station that trusts the authority, and uses what it published first.
    fn station(&self) {
        self.published();
        let told =
            self.run("station new --key-in-file --name Door --root public/1.root.json --station station");
        assert!(text(&told).1.contains("nobody is there to ask"), "{told:?}");
        let (out, _) = text(&told);
        let digits: String = out.lines().nth(1).unwrap().split_whitespace().collect();
        assert_eq!(digits.len(), 64, "{out}");
        self.done(&format!(
            "station new --key-in-file --name Door --root public/1.root.json --station station --sha256 {digits}"
        ));
        self.done("keys refresh public --station station --yes");
    }

    fn version(&self) -> u64 {
        let out = self.done("keys show --station station --json");
        serde_json::from_str::<serde_json::Value>(&out).unwrap()["version"].as_u64().unwrap()
    }
}

fn text(output: &Output) -> (String, String) {
    (String::from_utf8_lossy(&output.stdout).into(), String::from_utf8_lossy(&output.stderr).into())
}

#[test]
fn two_of_three_set_up_an_authority_and_a_station_accepts_its_passes() {
    let room = Room::new();
    room.station();
    let pass = room.pass();
    let verdict = room.done(&format!("verify --station station {pass}"));
    assert!(verdict.starts_with("accepted"), "{verdict}");
    let shown = room.done("keys show --station station");
    assert!(shown.contains("Clinic") && shown.contains("key set version 1"), "{shown}");
    let again = room.done("keys refresh public --station station --yes");
    assert!(again.contains("offered: the same"), "{again}");
}

#[test]
fn one_signature_too_few_is_refused_and_told() {
    let room = Room::new();
    room.signers();
    room.done("keys init authority --root anna.pub boris.pub clara.pub --threshold 2 --timestamp machine.pub --snapshot machine.pub");
    room.done("keys stage authority");
    room.refused("keys publish authority public", "root has 0 of 2 signatures");
    room.sign("anna");
    room.sign("machine");
    room.refused("keys publish authority public", "has 1 of 2 signatures; ask for more: boris, clara");
    assert!(!Path::new(&room.path("public")).exists());
    let status = room.done("keys status authority");
    assert!(status.contains("being signed") && status.contains("root has 1 of 2"), "{status}");
    room.refused("keys stage authority", "another request is being signed");
    room.refused(
        "keys sign authority/staged/request.zip --key anna.key --passphrase-file boris.pass --yes",
        "passphrase is wrong",
    );
}

#[test]
fn signers_are_rotated_and_revoked_and_the_station_follows() {
    let room = Room::new();
    room.station();
    room.done("keys signer new --name dora --out dora.key --passphrase-file dora.pass");
    room.done(
        "keys rotate authority --root anna.pub boris.pub dora.pub --targets anna.pub boris.pub dora.pub",
    );
    room.done("keys stage authority");
    ["boris", "dora", "machine"].iter().for_each(|who| room.sign(who));
    room.refused(
        "keys publish authority public",
        "of those who sign for the root in use) has 1 of 2 signatures",
    );
    room.sign("clara");
    room.done("keys publish authority public");
    let out = room.done("keys refresh public --station station --yes");
    assert!(out.contains("who signs changes") && out.contains("version 2 is in use now"), "{out}");

    room.done("keys revoke-signer authority dora");
    room.done("keys stage authority");
    ["anna", "boris", "machine"].iter().for_each(|who| room.sign(who));
    room.done("keys publish authority public");
    room.done("keys refresh public --station station --yes");
    assert_eq!(room.version(), 3);
    room.done("keys stage authority");
    room.refused(
        "keys sign authority/staged/request.zip --key dora.key --passphrase-file dora.pass --yes",
        "not asked to sign",
    );
}

#[test]
fn an_issuer_is_revoked_and_retired_and_files_go_along() {
    let room = Room::new();
    room.station();
    let shown = room.done("keys show authority/keys.json");
    let kid = shown.split_whitespace().next().unwrap().to_owned();
    room.done(&format!("keys revoke-issuer authority {kid} --from 2026-01-01"));
    fs::write(room.path("bad.json"), "{}").unwrap();
    room.refused("keys add-target authority policy.json bad.json", "policy");
    let policy = include_str!("../../../keys/policies/anything-genuine.json");
    fs::write(room.path("policy.json"), policy).unwrap();
    room.done("keys add-target authority policy.json policy.json");
    room.refused("keys add-target authority Policy.json policy.json", "not a plain file of a key set");
    room.refused("keys retire authority 00ff", "no key has the id 00ff");
    room.done("keys stage authority");
    ["anna", "boris", "machine"].iter().for_each(|who| room.sign(who));
    room.done("keys publish authority public.zip");
    let looked = room.done("keys refresh public.zip --station station --dry-run");
    assert!(looked.contains("key REVOKED") && looked.contains("new file: policy.json"), "{looked}");
    assert_eq!(room.version(), 1);
    room.refused("keys refresh public.zip --station station", "say --yes");
    let out = room.done("keys refresh public.zip --station station --yes --json");
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&answer["updated"], &answer["change"]["to"]["version"]), (&true.into(), &2.into()));
    assert!(room.done("keys show --station station").contains("REVOKED from 2026-01-01"));

    room.done(&format!("keys retire authority {kid}"));
    room.done("keys remove-target authority policy.json");
    room.done("keys stage authority");
    ["anna", "boris", "machine"].iter().for_each(|who| room.sign(who));
    room.done("keys publish authority public");
    room.done("keys package authority --out small.zip --since 2");
    let out = room.done("keys refresh small.zip --station station --yes");
    assert!(out.contains("key no longer trusted") && out.contains("file gone: policy.json"), "{out}");
}

#[test]
fn a_renewal_needs_the_machines_key_alone() {
    let room = Room::new();
    room.station();
    room.refused(
        "keys renew authority --key anna.key --passphrase-file anna.pass",
        "does not sign for the timestamp",
    );
    room.done("keys renew authority --key machine.key --passphrase-file machine.pass --to public");
    let out = room.done("keys refresh public --station station --yes");
    assert!(out.contains("keys and files stay the same"), "{out}");
    assert_eq!(room.version(), 1);
}

#[test]
fn older_and_foreign_sets_are_refused_and_the_old_keys_stay() {
    let room = Room::new();
    room.station();
    fs::rename(room.path("public"), room.path("first")).unwrap();
    room.done("keys stage authority");
    ["anna", "boris", "machine"].iter().for_each(|who| room.sign(who));
    room.done("keys publish authority public");
    room.done("keys refresh public --station station --yes");
    room.refused("keys refresh first --station station --yes", "older than version 2 in use");
    let other = Room::new();
    other.published();
    let foreign = other.path("public");
    room.refused(&format!("keys refresh {foreign} --station station --yes"), "differs from the one in use");
    room.refused("keys refresh nowhere --station station --yes", "look whether the name is right");
    room.refused("keys refresh http://example.org/keys --station station --yes", "only https://");
    room.refused("keys refresh public --station nowhere --yes", "nowhere");
    room.refused(
        "station new --key-in-file --name Two --root public/1.root.json --station two --sha256 00",
        "not the root whose SHA-256",
    );
    assert_eq!(room.version(), 2);
}

/// Serves the files of a folder on this machine, `requests` of them, and tells its address.
fn serve(folder: std::path::PathBuf, requests: usize) -> String {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().take(requests) {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap();
            let line = String::from_utf8_lossy(&request[..length]).into_owned();
            let name = line.split(' ').nth(1).unwrap().trim_start_matches('/').to_owned();
            let (status, body) = match fs::read(folder.join(name)) {
                Ok(body) => ("200 OK", body),
                Err(_) => ("404 Not Found", vec![]),
            };
            let head =
                format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    address
}

#[test]
fn keys_come_from_an_address_as_from_a_folder() {
    let room = Room::new();
    room.station();
    for (what, version) in [("", 2), ("/small.zip", 3)] {
        room.done("keys stage authority");
        ["anna", "boris", "machine"].iter().for_each(|who| room.sign(who));
        room.done("keys publish authority public");
        room.done("keys package authority --out small.zip --since 1");
        let folder = if what.is_empty() { room.path("public") } else { room.path("") };
        let address = serve(folder.into(), 20);
        room.done(&format!("keys refresh {address}{what} --station station --yes"));
        assert_eq!(room.version(), version);
    }
    room.refused(
        "keys refresh http://127.0.0.1:1/keys --station station --yes",
        "check the address and the network",
    );
}

/// A code as luma, three pixels a module, and how many pixels it is wide.
fn drawn(text: &str) -> (Vec<u8>, usize) {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).unwrap();
    let (modules, width) = (code.to_colors(), code.width());
    let side = 3 * (width + 8);
    let light = |x: usize, y: usize| {
        let module = |at: usize| (at / 3).checked_sub(4).filter(|at| *at < width);
        module(x).zip(module(y)).is_none_or(|(x, y)| modules[y * width + x] == Color::Light)
    };
    let pixel = |at: usize| if light(at % side, at / side) { 255 } else { 0 };
    ((0..side * side).map(pixel).collect(), side)
}

/// The pictures of an animated code, drawn and read as codes are; of five, the camera misses one.
fn over_screen_and_camera(content: &[u8]) -> Vec<u8> {
    let (mut sender, mut receiver) = (Sender::new(content).unwrap(), Receiver::new());
    for shown in 0..10_000 {
        let frame = sender.next_frame();
        if shown % 5 == 2 {
            continue;
        }
        let (pixels, side) = drawn(&frame);
        let luma = Luma::new(&pixels, side, side, side).unwrap();
        let text = Scanner::new().scan(luma, || false).next().unwrap().text.unwrap();
        if let Taken::Whole(content) = receiver.take(&text).unwrap() {
            return content;
        }
    }
    panic!("it never arrives")
}

#[test]
fn keys_and_a_revocation_are_carried_by_animated_codes_and_the_pass_is_refused() {
    let room = Room::new();
    room.published();
    let out = room.run("station new --key-in-file --name Door --root public/1.root.json --station station");
    let digits: String = text(&out).0.lines().nth(1).unwrap().split_whitespace().collect();
    room.done(&format!(
        "station new --key-in-file --name Door --root public/1.root.json --station station --sha256 {digits}"
    ));
    let carry = |name: &str| {
        let content = fs::read(room.path(name)).unwrap();
        fs::write(room.path("arrived.zip"), over_screen_and_camera(&content)).unwrap();
        room.done("keys refresh arrived.zip --station station --yes");
    };
    room.done("keys package authority --out first.zip");
    carry("first.zip");
    let pass = room.pass();
    let verdict = room.done(&format!("verify --station station {pass}"));
    assert!(verdict.starts_with("accepted"), "{verdict}");

    room.done("revoke --authority clinic.json --index 0 --reason stolen");
    room.done("revoke --authority clinic.json --publish status.clinic.cbor");
    room.done("keys add-target authority status.clinic.cbor status.clinic.cbor");
    room.publish();
    room.done("keys package authority --out second.zip --since 1");
    carry("second.zip");
    let told = room.run(&format!("verify --station station --json {pass}"));
    let verdict: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(
        (told.status.code(), &verdict["reason"]),
        (Some(1), &serde_json::json!("revoked")),
        "{verdict}"
    );
    assert_eq!(verdict["evidence"]["list"], "https://clinic.example/s", "{verdict}");
}
