//! The public DCC test data of 27 countries against their own expected results.
//!
//! Each file says what its text must come to, step by step. Whatever step is first
//! expected to fail must be the step that refuses; where none is, the pass must be
//! accepted. [`EXCEPTIONS`] names the files that come to something else, and why.

use std::path::{Path, PathBuf};
use std::{env, fs};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use credential::{Context, KeySet, NothingRevoked, Outcome, Stage, Verdict, judge_text};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

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
    ("ES/2DCode/raw/401.json", "unknown_key", P384),
    ("ES/2DCode/raw/402.json", "unknown_key", P384),
    ("ES/2DCode/raw/403.json", "unknown_key", P384),
    ("LI/2DCode/raw/4.json", "usage_not_allowed", OTHER_USAGE),
    ("LU/2DCode/raw/INCERT_R_DCC_Recovery.json", "not_yet_valid", BEFORE_ISSUE),
    ("common/2DCode/raw/Q1.json", "accepted", BROKEN_PICTURE),
];

const BEFORE_ISSUE: &str = "the clock lies before iat, and the file expects nothing of the expiry check";
const P384: &str =
    "signed with a P-384 key, which the specification does not allow and no key set of ours can hold";
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
    let Some(folder) = vectors() else { return };
    let files = files(&folder);
    assert_eq!(files.len(), FILES, "files under {}", folder.display());
    let wrong: Vec<String> = files.iter().filter_map(|file| disagreement(&folder, file)).collect();
    assert!(wrong.is_empty(), "{} of {} disagree:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

#[test]
fn every_exception_names_a_file() {
    let Some(folder) = vectors() else { return };
    for (file, _, _) in EXCEPTIONS {
        assert!(folder.join(file).is_file(), "{file}");
    }
}

/// Where the verdict is not what the file, or its exception, expects.
fn disagreement(folder: &Path, file: &Path) -> Option<String> {
    let name = file.strip_prefix(folder).ok()?.to_string_lossy().replace('\\', "/");
    let vector: Value = read(file);
    let verdict = judged(&vector);
    let met = met(&vector, &verdict);
    let as_expected = match EXCEPTIONS.iter().find(|(file, _, _)| *file == name) {
        Some((_, reason, _)) => !met && verdict.reason() == *reason,
        None => met,
    };
    let told =
        format!("{name}: {} at {}, {:?}", verdict.reason(), verdict.stage().name(), verdict.evidence());
    (!as_expected).then_some(told)
}

/// Whether the verdict is what the file's own expected results say.
fn met(vector: &Value, verdict: &Verdict) -> bool {
    match failing_stages(vector) {
        Some(stages) => verdict.outcome() != Outcome::Accepted && stages.contains(&verdict.stage()),
        None => verdict.outcome() == Outcome::Accepted,
    }
}

/// The steps of which one must refuse, where the file expects a failure.
fn failing_stages(vector: &Value) -> Option<&'static [Stage]> {
    let expected = vector["EXPECTEDRESULTS"].as_object().expect("expected results");
    for name in expected.keys() {
        assert!(EXPECTATIONS.iter().any(|(known, _)| known == name), "{name} means nothing to this test");
    }
    let (_, stages) =
        EXPECTATIONS.iter().find(|(name, _)| expected.get(*name) == Some(&Value::Bool(false)))?;
    Some(stages)
}

fn judged(vector: &Value) -> Verdict {
    let context = &vector["TESTCTX"];
    let text = vector["PREFIX"].as_str().expect("a text");
    let der = BASE64_STANDARD.decode(context["CERTIFICATE"].as_str().expect("a certificate"));
    // A certificate that we cannot use is no trusted key.
    let key = trust::import::certificate(&der.expect("base64"));
    let keys = KeySet::new(key.into_iter().collect());
    let now = clock(context["VALIDATIONCLOCK"].as_str().expect("a clock"));
    judge_text(text, Context { keys: &keys, revocation: &NothingRevoked }, now)
}

/// Seconds UTC of a clock that is RFC 3339, in some files without its offset or its offset's colon.
fn clock(text: &str) -> i64 {
    let forms = [text.to_owned(), format!("{text}Z"), text.replace("+0000", "Z")];
    let time = forms.iter().find_map(|form| OffsetDateTime::parse(form, &Rfc3339).ok());
    time.expect(text).unix_timestamp()
}

/// The vectors' folder. They are not part of this repository: without them the test says
/// so, and in CI it fails.
fn vectors() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors/dgc");
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(env::var("CI").as_deref() != Ok("true"), "CI must not skip the vectors: {}", folder.display());
    eprintln!("SKIPPED: no public vectors at {}", folder.display());
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = vec![];
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            match entry.extension() {
                _ if entry.is_dir() => folders.push(entry),
                Some(extension) if extension == "json" => files.push(entry),
                _ => {}
            }
        }
    }
    files.sort();
    files
}

fn read(file: &Path) -> Value {
    let bytes = fs::read(file).expect("a file");
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    serde_json::from_slice(text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
