//! `cargo xtask bench qr`: our QR reader and the others side by side, on one core.

use crate::{
    step::{Result, Steps, cargo, find, program, run, say},
    system::{Purpose, prepare},
    tree::root,
};
use std::{fs, path::PathBuf, process::Command};

/// What is built, and how.
const BENCH: [&str; 7] = ["--locked", "--release", "--package", "qr-bench", "--features", "peers", "--quiet"];
/// Where the figures of a complete run are kept.
const RESULTS: &str = "crates/qr-bench/results";
/// Where those of a partial run go, so that they do not pass for a complete one.
const PARTIAL: &str = "target/qr-bench";

/// What `cargo xtask bench` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// For the benchmark itself.
    arguments: Vec<String>,
}

impl Options {
    /// Reads the words after `bench`: `qr`, then what narrows the run.
    ///
    /// # Errors
    /// Another benchmark than `qr`, an unknown option, or one without its name.
    pub fn parse(words: &[String]) -> Result<Self> {
        let Some(("qr", rest)) = words.split_first().map(|(first, rest)| (first.as_str(), rest)) else {
            return Err("bench what? There is `bench qr`".into());
        };
        let mut arguments = Vec::new();
        let mut rest = rest.iter();
        while let Some(word) = rest.next() {
            arguments.push(word.clone());
            match word.as_str() {
                "--quick" => {}
                "--corpus" | "--reader" => {
                    arguments.push(rest.next().ok_or_else(|| format!("{word} needs a name"))?.clone());
                }
                _ => {
                    return Err(format!(
                        "unknown option {word}; there are --quick, --corpus NAME, --reader NAME"
                    ));
                }
            }
        }
        Ok(Self { arguments })
    }

    fn results(&self) -> PathBuf {
        root().join(if self.arguments.is_empty() { RESULTS } else { PARTIAL })
    }
}

/// Sets the machine up, builds every reader, shows them all pictures, writes tables, plot and figures.
///
/// # Errors
/// Whatever keeps the readers from being built, or a picture from being shown.
pub fn bench(options: &Options) -> Result<()> {
    let mut steps = Steps::new(3);
    steps.run("Debian packages", || prepare(&[Purpose::Build, Purpose::Bench]))?;
    steps.run("every reader (minutes, the first time)", || run(cargo(&root()).arg("build").args(BENCH)))?;
    let results = options.results();
    steps.run("every picture to every reader", || {
        run(pinned()?
            .arg("run")
            .args(BENCH)
            .arg("--")
            .arg("--results")
            .arg(&results)
            .args(&options.arguments))
    })?;
    say(&steps.summary());
    say(&format!("  tables, plot and figures: {}/qr.md, qr.svg, qr.json", results.display()));
    Ok(())
}

/// Cargo on one core alone, where the system can do that: readers must not be compared across unequal cores.
fn pinned() -> Result<Command> {
    let plain = cargo(&root());
    if find("taskset").is_none() {
        say("      no taskset here: the system may move the readers from core to core");
        return Ok(plain);
    }
    let status =
        fs::read_to_string("/proc/self/status").map_err(|error| format!("/proc/self/status: {error}"))?;
    let core = last_core(&status).ok_or("/proc/self/status does not tell which cores may be used")?;
    let mut command = program("taskset", &root());
    command.args(["--cpu-list", core]).arg(plain.get_program());
    Ok(command)
}

/// The last core that this process may run on: the first is where the system's own work tends to be.
fn last_core(status: &str) -> Option<&str> {
    let cores = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
    cores.trim().rsplit([',', '-']).next().filter(|core| !core.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Result<Options> {
        Options::parse(&words.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_complete_run_is_kept_and_a_partial_one_is_not_taken_for_it() {
        let table = [
            ("qr", "", RESULTS),
            ("qr --quick", "--quick", PARTIAL),
            ("qr --corpus dcc --reader ours", "--corpus dcc --reader ours", PARTIAL),
        ];
        for (words, arguments, folder) in table {
            let options = parse(words).expect(words);
            assert_eq!(options.arguments.join(" "), arguments);
            assert!(options.results().ends_with(folder), "{words}");
        }
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for words in ["", "pdf", "qr --fast", "qr --corpus"] {
            assert!(parse(words).is_err(), "{words}");
        }
    }

    #[test]
    fn the_last_core_is_that_of_the_system_s_list() {
        let table = [
            ("Name:\tx\nCpus_allowed_list:\t0-1\n", Some("1")),
            ("Cpus_allowed_list:\t0-3,8-11\n", Some("11")),
            ("Cpus_allowed_list:\t2\n", Some("2")),
            ("Cpus_allowed_list:\t\n", None),
            ("Name:\tx\n", None),
        ];
        for (status, core) in table {
            assert_eq!(last_core(status), core, "{status:?}");
        }
    }
}
