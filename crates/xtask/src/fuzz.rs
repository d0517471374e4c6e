//! `cargo xtask fuzz qr|credential`: hostile input for the QR reader or the judge of passes, by libFuzzer for long, or by a plain replay for a minute.

use crate::{
    step::{Result, Steps, cargo, program, run, say},
    system::{Purpose, prepare},
    tools::{host, installed},
    tree::{made, root},
};
use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A crate whose targets are a workspace of their own, in its folder `fuzz`.
#[derive(Debug, PartialEq, Eq)]
struct Package {
    /// The crate's name.
    name: &'static str,
    /// The names of its targets, which no other package's have.
    targets: &'static [&'static str],
    /// What they try.
    what: &'static str,
    /// The longest input, in bytes.
    longest: u32,
}

/// All of them.
const PACKAGES: [Package; 2] = [
    Package { name: "qr", targets: &["grid", "frame"], what: "the reader", longest: 1024 },
    // As long as a text may be.
    Package {
        name: "credential",
        targets: &["judge_text", "judge_signed"],
        what: "the judge",
        longest: 8192,
    },
];

impl Package {
    fn folder(&self) -> String {
        format!("crates/{}/fuzz", self.name)
    }

    fn manifest(&self) -> PathBuf {
        root().join(self.folder()).join("Cargo.toml")
    }

    /// Inputs that once failed, a folder for each target.
    fn findings(&self) -> String {
        format!("{}/findings", self.folder())
    }
}

/// Of crates.io.
const CARGO_FUZZ: (&str, &str) = ("cargo-fuzz", "0.13.2");

/// Executions of each target when nothing else is said: some minutes.
const EXECUTIONS: u64 = 200_000;
/// The most that libFuzzer can count.
const MOST_EXECUTIONS: u64 = i32::MAX as u64;
/// What libFuzzer is to hold a target to: seconds for an input, megabytes of memory.
const LIMITS: [&str; 2] = ["-timeout=20", "-rss_limit_mb=2048"];
/// Fast inputs come more often, so that more are run in the same time.
const PREFER_FAST: &str = "-entropic_scale_per_exec_time=1";
/// The line in which it says how many executions there were.
const EXECUTED: &str = "stat::number_of_executed_units:";

/// Seconds that the replay changes inputs of each target.
const REPLAY: u64 = 15;

/// What `cargo xtask fuzz` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    package: &'static Package,
    executions: u64,
    targets: Vec<&'static str>,
}

impl Options {
    /// Reads the words after `fuzz`: a crate, then how much of what.
    ///
    /// # Errors
    /// A crate that has no targets, an unknown option or target, or a number that is none.
    pub fn parse(words: &[String]) -> Result<Self> {
        let known = |name: &String| PACKAGES.iter().find(|package| package.name == name);
        let found = words.split_first().and_then(|(first, rest)| Some((known(first)?, rest)));
        let (package, rest) = found.ok_or("fuzz what? There are `fuzz qr` and `fuzz credential`")?;
        let mut options = Self { package, executions: EXECUTIONS, targets: Vec::new() };
        let mut rest = rest.iter();
        while let Some(word) = rest.next() {
            let value = rest.next().ok_or_else(|| format!("{word} needs a value"))?;
            match word.as_str() {
                "--executions" => options.executions = count(value)?,
                "--target" => options.targets.push(named(package, value)?),
                _ => return Err(format!("unknown option {word}; there are --executions N, --target NAME")),
            }
        }
        if options.targets.is_empty() {
            options.targets = package.targets.to_vec();
        }
        Ok(options)
    }
}

fn count(value: &str) -> Result<u64> {
    let count = value.parse().ok().filter(|count| (1..=MOST_EXECUTIONS).contains(count));
    count.ok_or_else(|| format!("{value}: executions are a number from 1 to {MOST_EXECUTIONS}"))
}

fn named(package: &Package, value: &str) -> Result<&'static str> {
    let known = package.targets.iter().find(|target| **target == value).copied();
    known.ok_or_else(|| format!("no such target: {value}; there are {}", package.targets.join(", ")))
}

/// Sets the machine up, builds the targets under libFuzzer, runs each.
///
/// # Errors
/// Whatever keeps the targets from being built; an input that made a target fail.
pub fn fuzz(options: &Options) -> Result<()> {
    let mut steps = Steps::new(3 + options.targets.len());
    steps.run("Debian packages", || prepare(&[Purpose::Build]))?;
    let cargo_fuzz = steps.run("cargo-fuzz", || installed(CARGO_FUZZ.0, CARGO_FUZZ.1))?;
    steps.run("the targets, instrumented", || build(options.package, &cargo_fuzz))?;
    for target in &options.targets {
        steps.run(&format!("{target}: {} executions", options.executions), || {
            fuzz_target(options.package, target, options.executions)
        })?;
    }
    say(&steps.summary());
    Ok(())
}

/// No sanitizer: what is tried has no unsafe code for one to watch, and without it a stable toolchain will do. Compared
/// values are not traced: scripts have no magic ones to find, and tracing takes more time than reading.
fn build(package: &Package, cargo_fuzz: &Path) -> Result<()> {
    run(program(&cargo_fuzz.to_string_lossy(), &root().join(package.folder()))
        .args(["build", "--sanitizer", "none", "--no-trace-compares", "--fuzz-dir", ".", "--target-dir"])
        .arg(built()?))
}

fn fuzz_target(package: &Package, target: &str, executions: u64) -> Result<()> {
    let corpus = folder(&format!("corpus/{target}"))?;
    let failed = folder(&format!("failed/{target}"))?;
    run(replay(package, target)?.arg("--write").arg(&corpus))?;
    let path = built()?.join(host()?).join("release").join(target);
    let mut command = program(&path.to_string_lossy(), &folder(".")?);
    command.arg(&corpus);
    command.args(Some(root().join(package.findings()).join(target)).filter(|findings| findings.is_dir()));
    command
        .args(LIMITS)
        .arg(PREFER_FAST)
        .arg(format!("-max_len={}", package.longest))
        .args([format!("-runs={executions}"), "-print_final_stats=1".into()]);
    command.arg(format!("-artifact_prefix={}/", failed.display()));
    let (executed, passed) = watched(&mut command)?;
    let altogether = tally(target, executed)?;
    say(&format!("      {target}: {executed} executions, {altogether} on this machine so far"));
    if passed {
        return Ok(());
    }
    Err(format!(
        "{target} failed; the input is in {}. Mend {}, then keep the input in {}/{target} under a name that says what \
         it is: `cargo xtask test` runs it from then on",
        failed.display(),
        package.what,
        package.findings()
    ))
}

/// Runs a target with its output shown; how many executions there were, and whether all passed.
fn watched(command: &mut Command) -> Result<(u64, bool)> {
    let start = |error| format!("cannot start the target: {error}");
    let mut child = command.stderr(Stdio::piped()).spawn().map_err(start)?;
    let mut executed = 0;
    // safe to take: it was piped just above. libFuzzer prints input bytes too, which need not be UTF-8.
    for line in child.stderr.take().into_iter().flat_map(|stderr| BufReader::new(stderr).split(b'\n')) {
        let line = line.map_err(|error| format!("the target's output: {error}"))?;
        let line = String::from_utf8_lossy(&line);
        executed = executions(&line).unwrap_or(executed);
        say(&line);
    }
    let status = child.wait().map_err(|error| format!("the target: {error}"))?;
    Ok((executed, status.success()))
}

fn executions(line: &str) -> Option<u64> {
    line.strip_prefix(EXECUTED)?.trim().parse().ok()
}

/// Adds to the number of executions of a target so far.
fn tally(target: &str, executed: u64) -> Result<u64> {
    let path = folder(".")?.join(format!("executions-{target}.txt"));
    let before = fs::read_to_string(&path).ok().and_then(|text| text.trim().parse::<u64>().ok()).unwrap_or(0);
    let sum = before.saturating_add(executed);
    fs::write(&path, format!("{sum}\n")).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(sum)
}

/// The step of `cargo xtask test`: the same targets without libFuzzer, over seeds, findings and changes of them.
///
/// # Errors
/// The targets are not formatted, or clippy complains; an input fails.
pub fn short() -> Result<()> {
    PACKAGES.iter().try_for_each(short_of)
}

fn short_of(package: &Package) -> Result<()> {
    let manifest = package.manifest();
    let plain = ["--locked", "--no-default-features"];
    run(cargo(&root()).args(["fmt", "--check", "--manifest-path"]).arg(&manifest))?;
    run(cargo(&root())
        .args(["clippy", "--all-targets", "--target-dir"])
        .arg(built()?)
        .args(plain)
        .arg("--manifest-path")
        .arg(&manifest)
        .args(["--", "-D", "warnings"]))?;
    run(cargo(&root())
        .args(["test", "--release", "--lib", "--target-dir"])
        .arg(built()?)
        .args(plain)
        .arg("--manifest-path")
        .arg(&manifest))?;
    package.targets.iter().try_for_each(|target| {
        let findings = root().join(package.findings()).join(target);
        run(replay(package, target)?.arg(REPLAY.to_string()).arg(findings))
    })
}

/// The replay of a target, built and waiting for its last words.
fn replay(package: &Package, target: &str) -> Result<Command> {
    let mut command = cargo(&folder(".")?);
    command.args(["run", "--quiet", "--release", "--locked", "--no-default-features", "--example", "replay"]);
    command.arg("--manifest-path").arg(package.manifest());
    command.arg("--target-dir").arg(built()?).args(["--", target]);
    Ok(command)
}

fn built() -> Result<PathBuf> {
    folder("build")
}

/// A folder in `target/fuzz`.
fn folder(name: &str) -> Result<PathBuf> {
    made(&format!("fuzz/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Result<Options> {
        Options::parse(&words.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn all_targets_are_run_unless_one_is_named() {
        let table = [
            ("qr", 0, EXECUTIONS, PACKAGES[0].targets),
            ("qr --executions 100000000 --target grid", 0, 100_000_000, &["grid"]),
            ("qr --target frame", 0, EXECUTIONS, &["frame"]),
            ("credential --target judge_text", 1, EXECUTIONS, &["judge_text"]),
        ];
        for (words, at, executions, targets) in table {
            let options = Options { package: &PACKAGES[at], executions, targets: targets.to_vec() };
            assert_eq!(parse(words), Ok(options), "{words}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for words in [
            "",
            "pdf",
            "qr --target pdf",
            "qr --target judge_text",
            "qr --executions 0",
            "qr --executions 1e8",
            "qr --fast 1",
            "qr --target",
        ] {
            assert!(parse(words).is_err(), "{words}");
        }
    }

    #[test]
    fn executions_are_read_from_the_last_lines_of_libfuzzer() {
        let table =
            [("stat::number_of_executed_units: 7287", Some(7287)), ("#7287 DONE cov: 12", None), ("", None)];
        for (line, expected) in table {
            assert_eq!(executions(line), expected, "{line}");
        }
    }

    #[test]
    fn targets_are_those_of_the_package() {
        for package in &PACKAGES {
            let manifest = fs::read_to_string(package.manifest()).expect("the package is there");
            for target in package.targets {
                assert!(manifest.contains(&format!("path = \"fuzz_targets/{target}.rs\"")), "{target}");
            }
            assert_eq!(manifest.matches("path = \"fuzz_targets/").count(), package.targets.len());
        }
    }
}
