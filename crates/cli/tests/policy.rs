//! Policies on the command line: checked, and judged by.

mod common;

use std::fs;
use std::path::Path;

use common::Ran;
use serde_json::Value;
use tempfile::TempDir;

const REFUSED: i32 = 1;
const FAILED: i32 = 3;

fn propusk(args: &[&str]) -> (i32, String, String) {
    let Ran { code, out, err } = common::propusk(args, b"");
    (code, out, err)
}

fn shipped(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../keys/policies").join(name).display().to_string()
}

/// A demo station, its folder, and one of its passes as text.
fn demo(pass: &str) -> (TempDir, String, String) {
    let dir = tempfile::tempdir().unwrap();
    let station = dir.path().join("station").display().to_string();
    assert_eq!(propusk(&["demo", "--station", &station]).0, 0);
    let text = fs::read_to_string(format!("{station}/demo/passes/{pass}")).unwrap();
    (dir, station, text.trim_end().to_owned())
}

#[test]
fn every_shipped_policy_is_valid_and_nothing_about_it_is_doubtful() {
    for name in ["russian-region-2021.json", "eu-2022.json", "anything-genuine.json"] {
        let (code, out, err) = propusk(&["rules", "check", &shipped(name)]);
        assert_eq!((code, err.as_str()), (0, ""), "{name}");
        assert!(out.starts_with("valid: "), "{out}");
    }
    let (_, out, _) = propusk(&["rules", "check", &shipped("eu-2022.json")]);
    assert_eq!(out.lines().next(), Some("valid: European Union, 2022, accepts in EU; rules: 7"));
    assert!(out.contains("\nmode 2g (2G: vaccinated or recovered): vaccination, recovery\n"), "{out}");
    assert!(out.contains("\nrule VR-EU-0003 1.0.0 looks at: v.0.dn, v.0.dt, v.0.sd\n"), "{out}");
}

#[test]
fn what_is_wrong_with_a_policy_is_told_in_one_line_and_what_is_doubtful_besides() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("policy.json");
    let path = file.display().to_string();
    let good = fs::read_to_string(shipped("russian-region-2021.json")).unwrap();
    fs::write(&file, good.replace("\"default_mode\": \"qr_or_pcr\"", "\"default_mode\": \"2g\"")).unwrap();
    let (code, out, _) = propusk(&["rules", "check", &path]);
    assert_eq!((code, out), (REFUSED, format!("{path}: not valid: default_mode: there is no mode \"2g\"\n")));
    fs::write(&file, good.replace("valueSets.pcr-tests", "valueSets.pcr")).unwrap();
    let (code, _, err) = propusk(&["rules", "check", &path]);
    let missing = "warning: rule ru-pcr 1.0.0: there is no value set \"pcr\", so it holds nothing\n";
    let unused = "warning: value set \"pcr-tests\": no rule looks into it\n";
    assert_eq!((code, err), (0, format!("{missing}{unused}")));
    assert_eq!(propusk(&["rules", "check", "/nowhere.json"]).0, FAILED);
}

#[test]
fn verify_judges_by_a_policy_in_the_mode_that_is_named() {
    let (_dir, station, text) = demo("3-valid-test.txt");
    let policy = shipped("eu-2022.json");
    let verify = |more: &[&str]| {
        let (code, out, err) = propusk(&[&["verify", &text, "--station", &station, "--json"], more].concat());
        assert_eq!(err, "");
        (code, serde_json::from_str::<Value>(&out).unwrap())
    };
    assert_eq!(verify(&[]).1["reason"], "accepted");
    let (code, answer) = verify(&["--policy", &policy, "--mode", "2g"]);
    assert_eq!(
        (code, &answer["reason"], &answer["stage"]),
        (REFUSED, &"kind_not_accepted".into(), &"rules".into())
    );
    assert_eq!(answer["evidence"]["mode"]["en"], "2G: vaccinated or recovered");
    assert_eq!(answer["evidence"]["kind"], "test");
}

#[test]
fn a_policy_or_mode_that_is_none_judges_nothing() {
    let policy = shipped("eu-2022.json");
    let (code, out, err) =
        propusk(&["verify", "HC1:", "--certificate", &policy, "--policy", &policy, "--mode", "4g"]);
    assert_eq!(
        (code, out.as_str(), err.as_str()),
        (FAILED, "", "propusk: --mode 4g: this policy has 3g, 2g\n")
    );
    let (code, _, err) = propusk(&["verify", "HC1:", "--policy", &shipped("../README.md")]);
    assert_eq!(code, FAILED);
    assert!(err.contains("README.md: no policy: no JSON: "), "{err}");
    assert_eq!(propusk(&["verify", "HC1:", "--mode", "2g"]).0, FAILED);
}
