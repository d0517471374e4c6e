//! The keys that open encrypted passes, from the command line.

mod common;

use std::fs;

use common::Ran;

/// A Claim 169 of nobody who is trusted, encrypted (A256GCM) with 32 bytes 5, which it names `a`.
const TEXT: &str = concat!(
    "NCFKXNY-TJCIXDF/RHAH4M+1JF2EAJ-267WPS*CUQDE JXOAY%FLXVV%2+JN/ME6/RM:L3HSL2HOSR8%0 .4B4G$4I",
    "NLERULJKI*RN/ VWT4NLN4493DPBM8O+I%-OO1UA8J0%989FW45A4MS4LT$15XH-ENGZVT*SK5SR38.YEGPKO49$ZI",
    "OBLX:LX0W5CCE5C+07B6U51TJ/37UI2DR2ST7TUP1J:MRY5CQ28I/J*+KADQDCQI76*U7A%U*UM-1HO/NELV9SNNPB",
    "P$SUX2R1E610J3323",
);

fn propusk(args: &[&str], input: &str) -> Ran {
    common::propusk(args, input.as_bytes())
}

/// What was judged: the reason's name.
fn reason(args: &[&str]) -> String {
    let ran = propusk(&[&["verify", TEXT, "--json"], args].concat(), "");
    let verdict: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    verdict["reason"].as_str().unwrap().to_owned()
}

#[test]
fn a_key_is_added_listed_used_and_removed() {
    let dir = tempfile::tempdir().unwrap();
    let station = dir.path().join("station").display().to_string();
    let keys = |args: &[&str], input: &str| {
        let all = [&["keys", "content-key"], args, &["--station", &station]].concat();
        propusk(&all, input)
    };
    assert_eq!(keys(&["list"], "").code, 3, "there is no station yet");
    assert_eq!(propusk(&["demo", "--station", &station], "").code, 0);
    assert!(keys(&["list"], "").out.starts_with("no content keys"));
    assert_eq!(reason(&["--station", &station]), "encrypted");

    let (right, wrong) = ("05".repeat(32), "06".repeat(32));
    let added = keys(&["add", "-", "--kid", "61"], &format!("{right}\n"));
    assert!(added.code == 0 && added.out.contains("A256GCM  id 61"), "{} {}", added.out, added.err);
    // It was opened: what is in it is signed by somebody whom the demo does not trust.
    assert_eq!(reason(&["--station", &station]), "unknown_key");

    let listed = keys(&["list", "--json"], "");
    let listed: serde_json::Value = serde_json::from_str(&listed.out).unwrap();
    let key = &listed["content_keys"][0];
    assert_eq!((&key["kid"], &key["algorithm"]), (&"61".into(), &"A256GCM".into()));
    assert!(!listed.to_string().contains(&right[..16]) && !added.out.contains(&right[..16]));

    for (args, input, part) in [
        (&["add", "-"][..], "no key", "no content key"),
        (&["add", "-", "--kid", "6"], &right, "--kid"),
        (&["add", "-", "--kid", "61"], &right, "there already"),
        (&["add", "-"], &"0".repeat(2000), "more than 1024 bytes"),
        (&["remove", "62"], "", "no content key"),
    ] {
        let ran = keys(args, input);
        assert!(ran.code == 3 && ran.err.contains(part), "{part}: {} {}", ran.code, ran.err);
        assert!(!ran.err.contains(&right[..16]), "{}", ran.err);
    }
    assert_eq!(keys(&["remove", "61"], "").code, 0);
    assert_eq!(reason(&["--station", &station]), "encrypted");
    assert_eq!(keys(&["add", "-", "--kid", "61"], &wrong).code, 0);
    assert_eq!(reason(&["--station", &station]), "not_decrypted");
}

#[test]
fn a_key_can_be_named_for_one_answer() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        let path = dir.path().join(name);
        fs::write(&path, content).unwrap();
        path.display().to_string()
    };
    let keys = file(
        "keys.json",
        r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"x","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#,
    );
    let (right, wrong) = (file("right", &"05".repeat(32)), file("wrong", &"06".repeat(32)));
    assert_eq!(reason(&["--keys", &keys]), "encrypted");
    assert_eq!(reason(&["--keys", &keys, "--content-key", &wrong]), "encrypted");
    assert_eq!(reason(&["--keys", &keys, "--content-key", &wrong, "--content-key", &right]), "unknown_key");
}
