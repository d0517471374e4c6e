//! `cargo xtask fleet`: the logs of many stations, simulated; the same questions to DataFusion and to Apache Spark.

use crate::{
    step::{Result, Steps, cargo, output, program, run, say},
    system::{Purpose, prepare},
    tree::{made, root},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Apache Spark with its Python side, from PyPI.
const SPARK: &str = "pyspark==4.1.0";
/// The ready-made questions, as `propusk-audit` has them.
const QUESTIONS: &str = "crates/audit/sql";
/// A fleet that is large enough for two workers to share, and small enough for every run.
const SMALL: [&str; 6] = ["--devices", "20", "--days", "10", "--entries-a-day", "60"];

/// What `cargo xtask fleet` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Options {
    /// Compare the two engines.
    Compare,
    /// Let a fleet grow, with these options for `propusk-audit simulate`.
    Simulate(Vec<String>),
}

impl Options {
    /// Reads the words after `fleet`.
    ///
    /// # Errors
    /// An unknown option.
    pub fn parse(words: &[String]) -> Result<Self> {
        let Some((first, rest)) = words.split_first() else { return Ok(Self::Compare) };
        if first != "simulate" {
            return Err(format!("unknown word {first}; there are `fleet` and `fleet simulate`"));
        }
        let known = ["--devices", "--days", "--entries-a-day", "--seed"];
        for pair in rest.chunks(2) {
            let number = pair.get(1).is_some_and(|number| number.parse::<u64>().is_ok());
            if !known.contains(&pair[0].as_str()) || !number {
                return Err(format!("{} needs to be one of {} with a number", pair[0], known.join(", ")));
            }
        }
        Ok(Self::Simulate(rest.to_vec()))
    }
}

/// Does what was asked for.
///
/// # Errors
/// Something cannot be installed or built, or the two engines do not agree.
pub fn fleet(options: &Options) -> Result<()> {
    match options {
        Options::Compare => compare(),
        Options::Simulate(arguments) => simulate(arguments),
    }
}

fn compare() -> Result<()> {
    let mut steps = Steps::new(4);
    steps.run("set-up: Java, Python", || prepare(&[Purpose::Build, Purpose::Spark]))?;
    let python = steps.run("set-up: Apache Spark", spark)?;
    let folder = made("fleet")?;
    let (fleet, answers) = (fresh(&folder.join("small"))?, fresh(&folder.join("answers"))?);
    steps.run("DataFusion: a simulated fleet, and questions to it", || {
        run(audit(false).args(["simulate", "--into"]).arg(&fleet).args(SMALL))?;
        ask(&fleet, &answers)
    })?;
    steps.run("Spark: the same questions, two workers", || {
        let script = root().join("crates/xtask/src/fleet_spark.py");
        run(program(&python.to_string_lossy(), &root()).arg(script).arg(fleet.join("entries")).arg(&answers))
    })?;
    say(&steps.summary());
    say("  equal");
    Ok(())
}

fn simulate(arguments: &[String]) -> Result<()> {
    prepare(&[Purpose::Build])?;
    let fleet = fresh(&made("fleet")?.join("grown"))?;
    let outcome = run(audit(true).args(["simulate", "--into"]).arg(&fleet).args(arguments));
    fs::remove_dir_all(&fleet).map_err(|error| format!("{}: {error}", fleet.display()))?;
    outcome
}

/// `propusk-audit`, built first.
fn audit(release: bool) -> std::process::Command {
    let mut command = cargo(&root());
    command.args(["run", "--locked", "--quiet", "--package", "propusk-audit"]);
    if release {
        command.arg("--release");
    }
    command.arg("--");
    command
}

/// The questions' SQL and DataFusion's answers, side by side.
fn ask(fleet: &Path, answers: &Path) -> Result<()> {
    fs::create_dir_all(answers).map_err(|error| format!("{}: {error}", answers.display()))?;
    let folder = root().join(QUESTIONS);
    let failed = |error| format!("{}: {error}", folder.display());
    for file in fs::read_dir(&folder).map_err(failed)? {
        let path = file.map_err(failed)?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let question =
            ["report", &fleet.to_string_lossy(), "--only", &name, "--output", "json"].map(str::to_owned);
        let answer = output(audit(false).args(question)).ok_or_else(|| format!("{name} was not answered"))?;
        fs::copy(&path, answers.join(format!("{name}.sql"))).map_err(failed)?;
        fs::write(answers.join(format!("{name}.jsonl")), answer).map_err(failed)?;
    }
    Ok(())
}

/// Python with Spark, in a folder of its own.
fn spark() -> Result<PathBuf> {
    let folder = made("fleet-venv")?;
    let python = folder.join("bin/python3");
    let there = output(program(&python.to_string_lossy(), &root()).args(["-m", "pip", "freeze"]))
        .is_some_and(|packages| packages.lines().any(|line| line == SPARK));
    if there {
        say(&format!("      {SPARK}: installed before"));
        return Ok(python);
    }
    run(program("python3", &root()).args(["-m", "venv"]).arg(&folder))?;
    run(program(&python.to_string_lossy(), &root()).args(["-m", "pip", "install", "--quiet", SPARK]))?;
    Ok(python)
}

/// This folder, with nothing in it from before.
fn fresh(folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    Ok(folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Options> {
        Options::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn nothing_compares_and_simulate_takes_numbers() {
        assert_eq!(parse(&[]), Ok(Options::Compare));
        let words = ["--devices", "1000", "--days", "100"];
        let expected = Ok(Options::Simulate(words.map(str::to_owned).to_vec()));
        assert_eq!(parse(&[&["simulate"], &words[..]].concat()), expected);
    }

    #[test]
    fn other_words_are_refused() {
        for words in [
            &["grow"][..],
            &["simulate", "--devices"],
            &["simulate", "--into", "3"],
            &["simulate", "--days", "x"],
        ] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }
}
