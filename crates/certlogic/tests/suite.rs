//! The specification's own test suites.
//!
//! They are not part of this repository: without them the tests say so and do nothing, and in CI
//! they fail.

use std::path::PathBuf;
use std::{env, fs};

use certlogic::{Expression, validate};
use serde_json::Value;

/// How many assertions the test suite has.
const ASSERTIONS: usize = 232;

/// How many of them it says to skip: `in` on a null, which the specification makes an error, and a
/// `reduce` that sees the data around it. They hold here too: nothing else in the suite speaks against it.
const SKIPPED: usize = 14;

/// How many cases the validation suite has.
const VALIDATIONS: usize = 23;

struct Assertion {
    name: String,
    expression: Value,
    data: Value,
    expected: Value,
    skipped: bool,
}

#[test]
fn every_assertion_of_the_test_suite_holds() {
    let Some(assertions) = assertions() else { return };
    let skipped = assertions.iter().filter(|assertion| assertion.skipped).count();
    assert_eq!((assertions.len(), skipped), (ASSERTIONS, SKIPPED));
    let wrong: Vec<_> = assertions.iter().filter_map(disagreement).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_expression_of_the_test_suite_is_valid() {
    let Some(assertions) = assertions() else { return };
    for Assertion { name, expression, .. } in &assertions {
        assert_eq!(validate(expression), [], "{name}");
    }
}

#[test]
fn every_case_of_the_validation_suite_gives_its_issues() {
    let Some(files) = files("validation-testSuite") else { return };
    let cases: Vec<_> = files.iter().flat_map(|(name, suite)| cases(name, suite)).collect();
    assert_eq!(cases.len(), VALIDATIONS);
    for (name, case) in cases {
        let expr = &case["certLogicExpression"];
        let found: Vec<_> =
            validate(expr).iter().map(|issue| (issue.expr.clone(), issue.message.clone())).collect();
        let issues = case["issues"].as_array().expect("issues");
        let wanted: Vec<_> = issues
            .iter()
            .map(|issue| (issue["expr"].clone(), issue["message"].as_str().expect("a message").to_owned()))
            .collect();
        assert_eq!(found, wanted, "{name}");
        assert_eq!(Expression::parse(expr).is_ok(), wanted.is_empty(), "{name}");
    }
}

fn disagreement(assertion: &Assertion) -> Option<String> {
    let Assertion { name, expression, data, expected, .. } = assertion;
    let came = evaluated(expression, data);
    (came.as_ref() != Ok(expected))
        .then(|| format!("{name}: {expression} on {data}: {came:?}, not {expected}"))
}

fn evaluated(expression: &Value, data: &Value) -> Result<Value, String> {
    let expression = Expression::parse(expression).map_err(|issues| format!("{issues:?}"))?;
    expression.evaluate(data).map_err(|error| error.to_string())
}

fn assertions() -> Option<Vec<Assertion>> {
    let mut all = vec![];
    for (file, suite) in files("testSuite")? {
        for (name, case) in cases(&file, &suite) {
            for assertion in case["assertions"].as_array().expect("assertions") {
                let of_its_own = assertion.get("certLogicExpression");
                all.push(Assertion {
                    name: name.clone(),
                    expression: of_its_own.unwrap_or(&case["certLogicExpression"]).clone(),
                    data: assertion["data"].clone(),
                    expected: assertion["expected"].clone(),
                    skipped: [&suite, case, assertion].iter().any(|level| level["directive"] == "skip"),
                });
            }
        }
    }
    Some(all)
}

fn cases<'s>(file: &str, suite: &'s Value) -> Vec<(String, &'s Value)> {
    let cases = suite["cases"].as_array().expect("cases");
    cases.iter().enumerate().map(|(index, case)| (format!("{file}, case {index}"), case)).collect()
}

fn files(folder: &str) -> Option<Vec<(String, Value)>> {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/certlogic").join(folder);
    if !folder.is_dir() {
        assert!(env::var_os("CI").is_none(), "CI must not skip the vectors: {}", folder.display());
        eprintln!("SKIPPED: no public vectors at {}", folder.display());
        return None;
    }
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let suite = serde_json::from_slice(&fs::read(&path).expect("a file")).expect("JSON");
        (path.file_name().expect("a name").to_string_lossy().into_owned(), suite)
    };
    Some(paths.into_iter().map(read).collect())
}
