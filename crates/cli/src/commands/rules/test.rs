//! `propusk rules test DIR`: rules held to the tests that their authors wrote.
//!
//! The layout is that of the EU's public `dgc-business-rules-testdata`: a folder a rule, with
//! `rule.json` and `tests/*.json` in it, in folders of whatever kind.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use certlogic::BusinessRule;
use serde::Deserialize;
use serde_json::{Value, json};

use super::report::{Finding, Report, What};
use crate::exit::{Failure, Outcomes};
use crate::files;
use crate::terminal::{self, say};

/// The largest file that is read: a test with all value sets in it has some 10 KB.
const MAX_FILE_BYTES: u64 = 4 << 20;

#[derive(clap::Args)]
pub struct Args {
    /// The folder: of one rule, of a country's, or of all
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

/// A test as it is written.
#[derive(Deserialize)]
struct Case {
    name: Option<String>,
    payload: Value,
    #[serde(default)]
    external: Value,
    expected: Value,
}

pub fn run(args: &Args) -> Outcomes {
    let mut report = Report::default();
    for folder in rule_folders(&args.folder)? {
        test_rule(&folder, &mut report)?;
    }
    if report.tests == 0 && report.is_good() {
        return Err(Failure::new(format!(
            "{}: no tests found: name a folder with RULE/rule.json and RULE/tests/*.json in it",
            args.folder.display()
        )));
    }
    tell(&report, args.json)?;
    Ok(if report.is_good() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn tell(report: &Report, json: bool) -> Result<(), Failure> {
    if json {
        return Ok(say(serde_json::to_string(report)?)?);
    }
    for warning in &report.warnings {
        // Where standard error is closed, nobody wants to know.
        let _ = writeln!(io::stderr(), "propusk: warning: {warning}");
    }
    for failure in &report.failures {
        say(failure)?;
    }
    Ok(say(report.summary())?)
}

/// The folders with a rule in them, in order of their names. Links are not followed: they could lead in circles.
fn rule_folders(root: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = vec![];
    let mut left = vec![root.to_owned()];
    while let Some(folder) = left.pop() {
        for (path, kind) in entries(&folder)? {
            let name = path.file_name().unwrap_or_default();
            if kind.is_dir() && !name.as_encoded_bytes().starts_with(b".") {
                left.push(path);
            } else if kind.is_file() && name == "rule.json" {
                found.push(folder.clone());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The tests beside a rule, in order of their names.
fn test_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let folder = folder.join("tests");
    if !folder.is_dir() {
        return Ok(vec![]);
    }
    let is_test = |(path, kind): &(PathBuf, fs::FileType)| {
        kind.is_file() && path.extension().is_some_and(|e| e == "json")
    };
    let mut files: Vec<_> = entries(&folder)?.into_iter().filter(is_test).map(|(path, _)| path).collect();
    files.sort();
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<(PathBuf, fs::FileType)>, Failure> {
    let entry =
        |entry: io::Result<fs::DirEntry>| entry.and_then(|entry| Ok((entry.path(), entry.file_type()?)));
    let entries = fs::read_dir(folder).and_then(|entries| entries.map(entry).collect());
    entries.map_err(Failure::file(folder))
}

fn test_rule(folder: &Path, report: &mut Report) -> Result<(), Failure> {
    report.rules += 1;
    let file = folder.join("rule.json");
    let value = read(&file)?;
    let name = value.as_ref().ok().and_then(|value| value["Identifier"].as_str());
    let name = name.map_or_else(|| folder_name(folder), str::to_owned);
    let rule = value.map_err(|error| vec![error]).and_then(|value| BusinessRule::parse(&value));
    let rule = match rule {
        Ok(rule) => rule,
        Err(faults) => {
            let error = format!("this rule cannot be used: {}", faults.join("; "));
            report.failures.push(Finding::of_rule(&name, &file, What::Unfit { error }));
            return Ok(());
        }
    };
    let mut warnings = rule.warnings();
    let tests = test_files(folder)?;
    if tests.is_empty() {
        warnings.push("it has no tests".to_owned());
    }
    let doubt = |warning| Finding::of_rule(&name, &file, What::Doubtful { warning });
    report.warnings.extend(warnings.into_iter().map(doubt));
    for test in &tests {
        run_test(&rule, test, report)?;
    }
    Ok(())
}

fn run_test(rule: &BusinessRule, file: &Path, report: &mut Report) -> Result<(), Failure> {
    report.tests += 1;
    let case = read(file)?.and_then(|value| Case::deserialize(value).map_err(|error| error.to_string()));
    let finding = |test, what| Finding { test, ..Finding::of_rule(&rule.identifier, file, what) };
    let case = match case {
        Ok(case) => case,
        Err(error) => {
            let error = format!("not a test: {error}");
            report.failures.push(finding(None, What::Unfit { error }));
            return Ok(());
        }
    };
    if let Some(warning) = out_of_time(rule, &case.external) {
        report.warnings.push(finding(case.name.clone(), What::Doubtful { warning }));
    }
    let expected = case.expected;
    let what = match rule.logic.evaluate(&json!({ "payload": case.payload, "external": case.external })) {
        Ok(got) if got == expected => {
            report.passed += 1;
            return Ok(());
        }
        Ok(got) => What::Differs { expected, got },
        Err(error) => What::Stopped { expected, error: error.to_string() },
    };
    report.failures.push(finding(case.name, what));
    Ok(())
}

/// A rule is not asked at a time when it does not hold, so such a test shows nothing.
fn out_of_time(rule: &BusinessRule, external: &Value) -> Option<String> {
    let clock = external.get("validationClock")?.as_str()?;
    match terminal::parse_time(clock) {
        Ok(now) if rule.holds_at(now) => None,
        Ok(_) => Some(format!("validationClock {clock} lies outside ValidFrom and ValidTo")),
        Err(error) => Some(format!("validationClock: {error}")),
    }
}

/// A file's JSON; the inner error is its author's to mend.
fn read(path: &Path) -> Result<Result<Value, String>, Failure> {
    let bytes = File::open(path).and_then(|file| files::bounded(file, MAX_FILE_BYTES));
    let Some(bytes) = bytes.map_err(Failure::file(path))? else {
        return Ok(Err(format!("a file of more than {MAX_FILE_BYTES} bytes")));
    };
    let json = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    Ok(serde_json::from_slice(json).map_err(|error| format!("no JSON: {error}")))
}

fn folder_name(folder: &Path) -> String {
    folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned()
}
