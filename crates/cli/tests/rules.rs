//! `propusk rules`: results a line each, and authors' tests held to their rules.

mod common;

use std::fs;
use std::path::Path;

use common::{Ran, propusk};
use serde_json::{Value, json};
use tempfile::TempDir;

const FAILED_TESTS: i32 = 1;
const FAILED: i32 = 3;

/// Runs `propusk rules`.
fn asked(args: &[&str], input: &[u8]) -> Ran {
    propusk(&[&["rules"], args].concat(), input)
}

fn eval(input: &str) -> (i32, Vec<Value>) {
    let ran = asked(&["eval", "--batch"], input.as_bytes());
    (ran.code, ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn rule() -> Value {
    json!({
        "Identifier": "VR-XX-0001",
        "Type": "Acceptance",
        "Country": "XX",
        "Version": "1.0.0",
        "SchemaVersion": "1.0.0",
        "Engine": "CERTLOGIC",
        "EngineVersion": "0.7.5",
        "CertificateType": "Vaccination",
        "Description": [{ "lang": "en", "desc": "All doses must have been given." }],
        "ValidFrom": "2021-06-01T00:00:00Z",
        "ValidTo": "2030-06-01T00:00:00Z",
        "AffectedFields": ["v.0.dn", "v.0.sd"],
        "Logic": { ">=": [{ "var": "payload.v.0.dn" }, { "var": "payload.v.0.sd" }] },
    })
}

fn case(doses: i64, expected: bool) -> Value {
    json!({
        "name": format!("{doses} of 2"),
        "payload": { "v": [{ "dn": doses, "sd": 2 }] },
        "external": { "validationClock": "2021-07-01T00:00:00Z", "valueSets": {} },
        "expected": expected,
    })
}

/// A folder of rules in the public layout.
struct Rules(TempDir);

impl Rules {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(self, file: &str, content: impl ToString) -> Self {
        let path = self.0.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content.to_string()).unwrap();
        self
    }

    fn test(&self, args: &[&str]) -> Ran {
        asked(&[&["test", &self.path("")], args].concat(), b"")
    }

    fn path(&self, file: &str) -> String {
        self.0.path().join(file).display().to_string()
    }
}

#[test]
fn each_line_is_answered_by_its_result_in_order() {
    let input = [
        json!({ "id": 1, "logic": { "+": [1, { "var": "x" }] }, "data": { "x": 2 } }),
        json!({ "id": "rule", "rule": rule(), "data": case(1, false) }),
        json!({ "id": [2], "rule": { "var": "" }, "data": [null] }),
        json!({ "logic": { "var": "x" } }),
        json!({ "id": 5, "logic": { "plusTime": ["2020-02-29", 1, "year"] }, "data": null }),
    ];
    let (code, answers) = eval(&input.map(|line| line.to_string()).join("\n"));
    assert_eq!(code, 0);
    assert_eq!(
        answers,
        [
            json!({ "id": 1, "result": 3 }),
            json!({ "id": "rule", "result": false }),
            json!({ "id": [2], "result": [null] }),
            json!({ "id": null, "result": null }),
            json!({ "id": 5, "result": "2021-03-01T00:00:00.000Z" }),
        ]
    );
}

#[test]
fn what_goes_wrong_in_a_rule_is_an_answer() {
    let input = [
        json!({ "id": 1, "logic": { "<": [1, "2"] } }),
        json!({ "id": 2, "logic": { "foo": [null] } }),
        json!({ "id": 3, "logic": null }),
        json!({ "logic": [null, 1.5] }),
    ];
    let (code, answers) = eval(&input.map(|line| line.to_string()).join("\n"));
    assert_eq!(code, 0);
    assert_eq!(
        answers,
        [
            json!({ "id": 1, "error": "\"<\" wants integers, not a string" }),
            json!({ "id": 2, "error": "not valid CertLogic: unrecognised operator: \"foo\"" }),
            json!({ "id": 3, "error": "not valid CertLogic: invalid CertLogic expression" }),
            json!({ "id": null, "line": 4, "error": "not valid CertLogic: invalid CertLogic expression (and 1 more)" }),
        ]
    );
}

#[test]
fn a_bad_line_is_told_by_its_number_and_the_rest_goes_on() {
    let deep = format!(r#"{{"id": "deep", "logic": {}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let long = format!(r#"{{"id": 7, "logic": "{}"}}"#, "x".repeat(17 << 20));
    let lines = [
        "nonsense",
        "",
        r#"{"id": 3}"#,
        r#"{"id": 4, "logic": 1, "rule": 1}"#,
        "[1, 2, 3]",
        &deep,
        &long,
        "\u{feff}{\"id\": 1.10, \"logic\": true}\r",
    ];
    let ran = asked(&["eval", "--batch"], lines.join("\n").as_bytes());
    assert_eq!(ran.code, FAILED);
    let answers: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = answers.iter().map(|answer| (&answer["id"], answer["line"].as_u64())).collect();
    let (null, deep) = (Value::Null, json!("deep"));
    assert_eq!(
        told[..6],
        [
            (&null, Some(1)),
            (&json!(3), None),
            (&json!(4), None),
            (&null, Some(5)),
            (&deep, None),
            (&null, Some(7))
        ]
    );
    assert!(answers[..6].iter().all(|answer| answer["error"].is_string()));
    assert_eq!(answers[1]["error"], "neither \"rule\" nor \"logic\"");
    assert!(answers[4]["error"].as_str().unwrap().starts_with("recursion limit exceeded"));
    assert!(ran.out.ends_with("{\"id\":1.10,\"result\":true}\n"));
}

#[test]
fn lines_come_from_a_file_too() {
    let rules = Rules::new().with("lines.jsonl", r#"{"id": 1, "logic": {"!": [0]}}"#);
    let ran = asked(&["eval", "--batch", &rules.path("lines.jsonl")], b"");
    assert_eq!((ran.code, ran.out.as_str()), (0, "{\"id\":1,\"result\":true}\n"));
    let ran = asked(&["eval", "--batch", "-"], br#"{"id": 1, "logic": 1}"#);
    assert_eq!((ran.code, ran.out.as_str()), (0, "{\"id\":1,\"result\":1}\n"));
    for args in
        [&["eval"][..], &["eval", "--batch", "/nonexistent"], &["test", "/nonexistent"], &["test"], &[]]
    {
        assert_eq!(asked(args, b"").code, FAILED, "{args:?}");
    }
}

#[test]
fn every_rule_of_a_folder_is_tested() {
    let rules = Rules::new()
        .with("XX/VR-XX-0001/rule.json", rule())
        .with("XX/VR-XX-0001/tests/test001.json", case(1, false))
        .with("XX/VR-XX-0001/tests/test002.json", case(2, true))
        .with("XX/VR-XX-0001/tests/notes.csv", "no test")
        .with(".git/VR-XX-0009/rule.json", "no rule");
    for folder in ["", "XX", "XX/VR-XX-0001"] {
        let ran = asked(&["test", &rules.path(folder)], b"");
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        assert_eq!(ran.out, "rules: 1; tests: 2, passed: 2, failed: 0\n");
        assert_eq!(ran.err, "");
    }
}

#[test]
fn each_failure_is_a_line_with_rule_test_expected_and_got() {
    let mut nameless = case(2, false);
    nameless.as_object_mut().unwrap().remove("name");
    let mut stopped = case(2, true);
    stopped["payload"] = json!({});
    let rules = Rules::new()
        .with("a/rule.json", rule())
        .with("a/tests/test001.json", case(1, true))
        .with("a/tests/test002.json", nameless)
        .with("a/tests/test003.json", stopped)
        .with("a/tests/test004.json", "{}")
        .with("a/tests/test005.json", case(2, true));
    let ran = rules.test(&[]);
    assert_eq!(ran.code, FAILED_TESTS);
    let file = |number| rules.path(&format!("a/tests/test00{number}.json"));
    let expected = [
        format!("VR-XX-0001: 1 of 2 ({}): expected true, got false", file(1)),
        format!("VR-XX-0001: {}: expected false, got true", file(2)),
        format!(
            "VR-XX-0001: 2 of 2 ({}): expected true, got an error: \">=\" wants integers, not null",
            file(3)
        ),
        format!("VR-XX-0001: {}: not a test: missing field `payload`", file(4)),
        "rules: 1; tests: 5, passed: 1, failed: 4".to_owned(),
    ];
    assert_eq!(ran.out.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_rule_that_cannot_be_used_is_a_failure() {
    let mut old = rule();
    old["Logic"] = json!({ "==": [1, 1] });
    let mut bare = rule();
    bare.as_object_mut().unwrap().retain(|field, _| field == "Logic");
    let rules = Rules::new()
        .with("a/rule.json", old)
        .with("a/tests/test001.json", case(1, true))
        .with("b/rule.json", bare)
        .with("c/rule.json", "{");
    let ran = rules.test(&[]);
    assert_eq!(ran.code, FAILED_TESTS);
    let lines: Vec<_> = ran.out.lines().collect();
    let file = |folder: &str| Path::new(&rules.path(folder)).join("rule.json").display().to_string();
    let unrecognised =
        format!("VR-XX-0001: {}: this rule cannot be used: Logic: unrecognised operator: \"==\"", file("a"));
    assert_eq!(lines[0], unrecognised);
    let missing =
        format!("b: {}: this rule cannot be used: Identifier is missing; Type is missing;", file("b"));
    assert!(lines[1].starts_with(&missing), "{}", lines[1]);
    assert!(lines[2].starts_with(&format!("c: {}: this rule cannot be used: no JSON: EOF", file("c"))));
    assert_eq!(lines[3], "rules: 3; tests: 0, passed: 0, failed: 0; rules that cannot be used: 3");
}

#[test]
fn what_is_doubtful_is_warned_of_and_no_failure() {
    let mut doubtful = rule();
    doubtful["AffectedFields"] = json!(["v.0.dn", "v.0.dt"]);
    let mut late = case(2, true);
    late["external"]["validationClock"] = json!("2031-01-01T00:00:00Z");
    let rules = Rules::new()
        .with("a/rule.json", doubtful)
        .with("a/tests/test001.json", late)
        .with("b/rule.json", rule());
    let ran = rules.test(&[]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    let told = |what: &str| ran.err.lines().filter(|line| line.ends_with(what)).count();
    assert!(ran.err.lines().all(|line| line.starts_with("propusk: warning: VR-XX-0001: ")), "{}", ran.err);
    assert_eq!(told("rule.json: AffectedFields lacks \"v.0.sd\""), 1);
    assert_eq!(told("rule.json: AffectedFields names \"v.0.dt\", which Logic does not use"), 1);
    assert_eq!(told("validationClock 2031-01-01T00:00:00Z lies outside ValidFrom and ValidTo"), 1);
    assert_eq!(told("rule.json: it has no tests"), 1);
    assert_eq!(ran.err.lines().count(), 4);
}

#[test]
fn a_folder_without_tests_is_an_error() {
    for rules in [
        Rules::new(),
        Rules::new().with("a/rule.json", rule()),
        Rules::new().with("a/tests/1.json", case(1, true)),
    ] {
        let ran = rules.test(&[]);
        assert_eq!((ran.code, ran.out.as_str()), (FAILED, ""));
        assert!(ran.err.contains(": no tests found: "), "{}", ran.err);
    }
}

#[test]
fn the_report_comes_in_json_too() {
    let rules = Rules::new()
        .with("a/rule.json", rule())
        .with("a/tests/test001.json", case(1, true))
        .with("a/tests/test002.json", case(2, true))
        .with("b/rule.json", rule());
    let ran = rules.test(&["--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (FAILED_TESTS, ""));
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let failure = json!({
        "rule": "VR-XX-0001",
        "file": rules.path("a/tests/test001.json"),
        "test": "1 of 2",
        "expected": true,
        "got": false,
    });
    let warning =
        json!({ "rule": "VR-XX-0001", "file": rules.path("b/rule.json"), "warning": "it has no tests" });
    let expected =
        json!({ "rules": 2, "tests": 2, "passed": 1, "failures": [failure], "warnings": [warning] });
    assert_eq!(report, expected);
}

#[test]
fn a_name_cannot_write_to_the_terminal() {
    let mut named = case(1, true);
    named["name"] = json!("one\ntwo \u{1b}[31m");
    let rules = Rules::new().with("a/rule.json", rule()).with("a/tests/test001.json", named);
    let ran = rules.test(&[]);
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}'));
}
