//! The public DCC test data of 27 countries against their own expected results.
//!
//! Each file says what its text must come to, step by step. Whatever step is first
//! expected to fail must be the step that refuses; where none is, the pass must be
//! accepted. [`EXCEPTIONS`] names the files that come to something else, and why.

use credential::{Outcome, Stage, Verdict};
use serde_json::Value;

mod dcc_vectors;
use dcc_vectors::Vector;

/// How many files there are.
const FILES: usize = 226;

/// File, the reason that its verdict gives instead, and why that is right.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("ES/2DCode/raw/1101.json", "not_yet_valid", BEFORE_ISSUE),
    ("ES/2DCode/raw/1102.json", "not_yet_valid", BEFORE_ISSUE),
    ("ES/2DCode/raw/1103.json", "not_yet_valid", BEFORE_ISSUE),
    ("ES/2DCode/raw/2101.json", "not_yet_valid", BEFORE_ISSUE),
    ("ES/2DCode/raw/2102.json", "not_yet_valid", BEFORE_ISSUE),
    ("ES/2DCode/raw/2103.json", "not_yet_valid", BEFORE_ISSUE),
    ("LI/2DCode/raw/4.json", "usage_not_allowed", OTHER_USAGE),
    ("LU/2DCode/raw/INCERT_R_DCC_Recovery.json", "not_yet_valid", BEFORE_ISSUE),
    ("common/2DCode/raw/Q1.json", "accepted", BROKEN_PICTURE),
];

const BEFORE_ISSUE: &str = "the clock lies before iat, and the file expects nothing of the expiry check";
const OTHER_USAGE: &str =
    "a test under a certificate for vaccinations, and the file expects nothing of the key usage";
const BROKEN_PICTURE: &str = "its picture is broken; the text that should be in it is good";

/// What an expected result of `false` means: the steps of which one must refuse.
const EXPECTATIONS: &[(&str, &[Stage])] = &[
    ("EXPECTEDPICTUREDECODE", &[Stage::Text]),
    ("EXPECTEDUNPREFIX", &[Stage::Text]),
    ("EXPECTEDB45DECODE", &[Stage::Base45]),
    ("EXPECTEDCOMPRESSION", &[Stage::Inflate]),
    // CBO2 is no COSE message at all, which its authors count as a signature that does not verify.
    ("EXPECTEDVERIFY", &[Stage::Cose, Stage::Signature]),
    ("EXPECTEDDECODE", &[Stage::Cose, Stage::Cwt]),
    ("EXPECTEDVALIDOBJECT", &[Stage::Schema]),
    ("EXPECTEDVALIDJSON", &[Stage::Schema]),
    ("EXPECTEDSCHEMAVALIDATION", &[Stage::Schema]),
    ("EXPECTEDEXPIRATIONCHECK", &[Stage::Time]),
    // Misspelt in seven files.
    ("EXPTECTEDEXPIRED", &[Stage::Time]),
    ("EXPECTEDKEYUSAGE", &[Stage::Usage]),
    // About encoding, not about judging.
    ("EXPECTEDENCODE", &[]),
    // Three files repeat the group's name inside the group.
    ("EXPECTEDRESULTS", &[]),
];

#[test]
fn every_public_dcc_vector_gives_its_expected_result() {
    let Some(vectors) = dcc_vectors::all() else { return };
    assert_eq!(vectors.len(), FILES);
    let wrong: Vec<String> = vectors.iter().filter_map(disagreement).collect();
    assert!(wrong.is_empty(), "{} of {FILES} disagree:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_exception_names_a_file() {
    let Some(vectors) = dcc_vectors::all() else { return };
    for (file, _, _) in EXCEPTIONS {
        assert!(vectors.iter().any(|vector| vector.name == *file), "{file}");
    }
}

/// Where the verdict is not what the file, or its exception, expects.
fn disagreement(vector: &Vector) -> Option<String> {
    let verdict = vector.judged();
    let met = met(vector, &verdict);
    let as_expected = match EXCEPTIONS.iter().find(|(file, _, _)| *file == vector.name) {
        Some((_, reason, _)) => !met && verdict.reason() == *reason,
        None => met,
    };
    let (reason, stage) = (verdict.reason(), verdict.stage().name());
    (!as_expected).then(|| format!("{}: {reason} at {stage}, {:?}", vector.name, verdict.evidence()))
}

/// Whether the verdict is what the file's own expected results say.
fn met(vector: &Vector, verdict: &Verdict) -> bool {
    match failing_stages(vector) {
        Some(stages) => verdict.outcome() != Outcome::Accepted && stages.contains(&verdict.stage()),
        None => verdict.outcome() == Outcome::Accepted,
    }
}

/// The steps of which one must refuse, where the file expects a failure.
fn failing_stages(vector: &Vector) -> Option<&'static [Stage]> {
    let expected = &vector.expected;
    for name in expected.keys() {
        assert!(EXPECTATIONS.iter().any(|(known, _)| known == name), "{name} means nothing to this test");
    }
    let (_, stages) =
        EXPECTATIONS.iter().find(|(name, _)| expected.get(*name) == Some(&Value::Bool(false)))?;
    Some(stages)
}
