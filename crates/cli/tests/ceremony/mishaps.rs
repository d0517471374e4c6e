//! What may go wrong on the way, and what signers have to see.

use super::*;

/// An Ed25519 key (RFC 8037, appendix A).
const KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
/// Another: the one of RFC 8032, section 7.1, test 2.
const OTHER_KEY: &str = "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw";
/// SHA-256 of the first.
const KEY_SHA256: &str = "21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9";

impl Room {
    fn key_set(&self, name: &str, keys: &[String]) {
        let keys = keys.join(",");
        fs::write(self.path(name), format!(r#"{{"format":"propusk-key-set/1","keys":[{keys}]}}"#)).unwrap();
    }

    fn drafted(&self) {
        self.signers();
        self.done("keys init authority --root anna.pub boris.pub clara.pub --threshold 2 --snapshot machine.pub --timestamp machine.pub");
    }
}

fn key(kid: &str, key: &str, more: &str) -> String {
    format!(r#"{{"kid":"{kid}","type":"ed25519","key":"{key}"{more}}}"#)
}

#[test]
fn who_signs_sees_every_key_and_file_and_all_of_it() {
    let room = Room::new();
    room.drafted();
    let more = r#","issuer":"Clinic","not_before":0,"not_after":86399,"usages":["test"]"#;
    let keys: Vec<_> = (0..60).map(|kid| key(&format!("{kid:02x}"), KEY, more)).collect();
    room.key_set("many.json", &keys);
    room.done("keys add-issuer authority many.json");
    fs::write(room.path("notes.json"), "{}").unwrap();
    room.done("keys add-target authority notes.json notes.json");
    room.done("keys stage authority");
    let shown = room.run("keys sign authority/staged/request.zip --key anna.key --passphrase-file anna.pass");
    let (shown, _) = text(&shown);
    let line = |kid: u8| {
        format!(
            "new key: {kid:02x} Clinic, signs test from 1970-01-01T00:00:00Z to 1970-01-01T23:59:59Z, SHA-256 of the key {KEY_SHA256}\n"
        )
    };
    for kid in 0..60 {
        assert!(shown.contains(&line(kid)), "{kid:02x}: {shown}");
    }
    let file = "new file: notes.json, 2 bytes, SHA-256 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    assert!(shown.contains(file), "{shown}");
    assert!(room.done("keys show many.json --json").contains(KEY_SHA256));
}

#[test]
fn the_earlier_revocation_stays_when_a_key_is_added_once_more() {
    let room = Room::new();
    room.drafted();
    let revoked_from = |file: &str| {
        room.done(&format!("keys add-issuer authority {file}"));
        let out = room.done("keys show authority/keys.json --json");
        let shown: serde_json::Value = serde_json::from_str(&out).unwrap();
        shown["keys"][0]["revoked_from"].as_str().map(str::to_owned)
    };
    room.key_set("good.json", &[key("01", KEY, "")]);
    room.key_set("late.json", &[key("01", KEY, r#","revoked_from":200"#)]);
    room.key_set("early.json", &[key("01", KEY, r#","revoked_from":100"#)]);
    assert_eq!(revoked_from("good.json"), None);
    let (late, early) = ("1970-01-01T00:03:20Z", "1970-01-01T00:01:40Z");
    for (file, expected) in
        [("late.json", late), ("good.json", late), ("early.json", early), ("late.json", early)]
    {
        assert_eq!(revoked_from(file).as_deref(), Some(expected), "{file}");
    }
}

/// A JWK's id is read in every way that there is: whoever has the key chooses by which id its passes name it.
#[test]
fn a_stolen_key_goes_under_all_its_ids() {
    let room = Room::new();
    room.drafted();
    let jwk = format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"d2VpcmRraWQ=","x":"{KEY}"}}"#);
    fs::write(room.path("jwks.json"), format!(r#"{{"keys":[{jwk}]}}"#)).unwrap();
    room.key_set("other.json", &[key("01", OTHER_KEY, "")]);
    room.done("keys add-issuer authority jwks.json other.json");
    // `weirdkid`, and the base64 of it as text.
    let (bytes, text) = ("77656972646b6964", "64325670636d52726157513d");
    let revoked = || {
        let shown = room.done("keys show authority/keys.json");
        let revoked = shown.lines().filter(|line| line.contains("REVOKED"));
        revoked.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let told = room.done(&format!("keys revoke-issuer authority {bytes} --from 2026-01-01"));
    assert!(told.contains("2 ids") && told.contains(text), "{told}");
    assert_eq!(revoked(), [bytes, text]);
    // Once more, and under an id of a new list.
    room.key_set("new.json", &[key("0a", KEY, "")]);
    room.done("keys add-issuer authority new.json jwks.json");
    assert_eq!(revoked(), [bytes, text, "0a"]);
    let told = room.done("keys retire authority 0a");
    assert!(told.contains("3 ids") && told.contains(bytes), "{told}");
    let left = room.done("keys show authority/keys.json");
    assert!(left.starts_with("01 ") && left.lines().count() == 1, "{left}");
}

#[test]
fn of_two_owners_keys_with_one_id_one_is_chosen() {
    let room = Room::new();
    room.drafted();
    let owned = |bytes: &str, owner: &str, country: &str| {
        key("01", bytes, &format!(r#","issuer":"{owner}","country":"{country}""#))
    };
    room.key_set("two.json", &[owned(KEY, "Clinic", "RU"), owned(OTHER_KEY, "Klinik", "DE")]);
    room.done("keys add-issuer authority two.json");
    let before = fs::read(room.path("authority/keys.json")).unwrap();
    for command in ["retire authority 01", "revoke-issuer authority 01 --from 2026-01-01"] {
        room.refused(
            &format!("keys {command}"),
            "2 keys have the id 01: Clinic (RU); Klinik (DE); choose with --issuer",
        );
        room.refused(&format!("keys {command} --country FR"), "no key of that owner has the id 01");
    }
    assert_eq!(fs::read(room.path("authority/keys.json")).unwrap(), before);
    room.done("keys revoke-issuer authority 01 --from 2026-01-01 --issuer Klinik");
    let shown = room.done("keys show authority/keys.json");
    let revoked: Vec<_> = shown.lines().filter(|line| line.contains("REVOKED")).collect();
    assert!(matches!(revoked[..], [line] if line.contains("Klinik")), "{shown}");
    room.done("keys retire authority 01 --country RU");
    let shown = room.done("keys show authority/keys.json");
    assert!(shown.contains("Klinik") && !shown.contains("Clinic"), "{shown}");
    room.done("keys add-issuer authority two.json");
    room.done("keys retire authority 01 --all");
    assert_eq!(room.done("keys show authority/keys.json"), "");
}

#[test]
fn a_copy_that_failed_is_made_by_the_same_command() {
    let room = Room::new();
    room.published();
    fs::write(room.path("full"), "a file where a folder is needed").unwrap();
    room.done("keys stage authority");
    ["anna", "clara", "machine"].iter().for_each(|who| room.sign(who));
    room.refused("keys publish authority full", "only the copy is missing");
    fs::remove_file(room.path("full")).unwrap();
    let out = room.done("keys publish authority full");
    assert!(out.contains("what is published already is copied once more"), "{out}");
    assert!(Path::new(&room.path("full/2.targets.json")).exists());
    room.refused("keys publish authority", "nothing is being signed");
    fs::write(room.path("other"), "").unwrap();
    let renew = "keys renew authority --key machine.key --passphrase-file machine.pass --to other";
    room.refused(renew, "only the copy is missing");
    fs::remove_file(room.path("other")).unwrap();
    room.done(renew);
    assert!(Path::new(&room.path("other/timestamp.json")).exists());
}

#[test]
fn status_tells_what_ends_first_and_a_renewal_leaves_nothing_staged() {
    let room = Room::new();
    room.drafted();
    assert!(room.done("keys status authority").contains("nothing is published yet"));
    room.publish();
    let status = room.done("keys status authority");
    assert!(status.contains("published: root version 1, good until "), "{status}");
    assert!(status.contains("ends first: timestamp, on ") && status.contains("keys renew"), "{status}");
    room.done("keys rotate authority --timestamp-days 120 --snapshot-days 120");
    room.publish();
    let status = room.done("keys status authority");
    assert!(
        status.contains("ends first: targets, on ") && status.contains("before that: propusk keys stage\n"),
        "{status}"
    );
    room.done("keys renew authority --key machine.key --passphrase-file machine.pass");
    assert!(!Path::new(&room.path("authority/staged/request.zip")).exists());
}

#[cfg(unix)]
#[test]
fn a_renewal_that_fails_drops_its_request() {
    let room = Room::new();
    room.published();
    // Nothing can be written where the timestamp's next version is made ready.
    let taken = room.path("authority/published/timestamp.json.partial");
    fs::create_dir(&taken).unwrap();
    let renew = "keys renew authority --key machine.key --passphrase-file machine.pass";
    room.refused(renew, "timestamp.json");
    assert!(room.done("keys status authority").contains("nothing is being signed"));
    fs::remove_dir(&taken).unwrap();
    room.done(renew);
}

#[test]
fn a_bad_root_leaves_no_station_behind() {
    let room = Room::new();
    fs::write(room.path("1.root.json"), "{}").unwrap();
    room.refused("station new --key-in-file --name Door --root 1.root.json --station station --yes", "root");
    assert!(!Path::new(&room.path("station")).exists());
}

#[test]
fn a_new_authority_writes_over_nothing() {
    let room = Room::new();
    fs::write(room.path("clinic.keys.json"), "precious").unwrap();
    let new = "keys new --name Clinic --country RU --status-uri https://clinic.example/s --out clinic.json";
    room.refused(new, "clinic.keys.json is there already");
    assert!(!Path::new(&room.path("clinic.json")).exists());
    assert_eq!(fs::read_to_string(room.path("clinic.keys.json")).unwrap(), "precious");
}

#[test]
fn keys_are_shown_with_their_own_kind_and_use() {
    let room = Room::new();
    // The base point of the curve (SEC 2, section 2.5.1).
    let p384 = "A6qHyiK-iwU3jrHHHvMgrXRuHTtii6ebmFn3QeCCVCo4VQLyXb9VKWw6VF44cnYKtw";
    let p384 = format!(r#"{{"kid":"02","type":"p384","key":"{p384}"}}"#);
    room.key_set("keys.json", &[key("01", KEY, r#","usages":["other"]"#), p384]);
    let shown = room.done("keys show keys.json");
    assert!(shown.contains("signs other\n") && shown.contains("ES256 (P-384)"), "{shown}");
    assert!(shown.contains("signs vaccination, test, recovery\n"), "{shown}");
}
