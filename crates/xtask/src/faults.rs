//! `cargo xtask faults`: the scan log under faults, in the numbers that no ordinary test run has time for.

use crate::{
    step::{Result, Steps, cargo, run, say},
    system::{Purpose, prepare},
    tree::root,
};

/// How often, for the tests that ask.
const COUNT: &str = "SCANLOG_FAULTS";

/// A kind of fault.
#[derive(Debug, PartialEq, Eq)]
struct Suite {
    name: &'static str,
    title: &'static str,
    /// How often when nothing else is said; `None` where that is no matter of choice.
    count: Option<u64>,
    /// The arguments of `cargo test -p scanlog`.
    test: &'static [&'static str],
}

const SUITES: &[Suite] = &[
    Suite {
        name: "kills",
        title: "kill -9 while appending",
        count: Some(10_000),
        test: &["--test", "kill", "--"],
    },
    Suite {
        name: "power",
        title: "power cuts",
        count: Some(1_000),
        test: &["--test", "faults", "--", "--nocapture", "power::"],
    },
    Suite {
        name: "disk",
        title: "a fault at every access to the disk, a full disk",
        count: None,
        test: &[
            "--test",
            "faults",
            "--",
            "--nocapture",
            "--test-threads=1",
            "access::",
            "medium::",
            "gone::",
            "message::",
        ],
    },
    Suite {
        name: "flips",
        title: "every bit of the file flipped",
        count: None,
        test: &["--test", "faults", "--", "--nocapture", "flips::"],
    },
];

/// What `cargo xtask faults` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Options(Vec<(&'static Suite, Option<u64>)>);

impl Options {
    /// Reads the words after `faults`: everything, or one kind and how often.
    ///
    /// # Errors
    /// An unknown kind, or a number where there is none to choose.
    pub fn parse(words: &[String]) -> Result<Self> {
        let Some((name, rest)) = words.split_first() else {
            return Ok(Self(SUITES.iter().map(|suite| (suite, suite.count)).collect()));
        };
        let suite = SUITES.iter().find(|suite| suite.name == name);
        let suite = suite.ok_or_else(|| format!("no such fault: {name}; there are {}", names()))?;
        let count = match (rest, suite.count) {
            ([], count) => count,
            ([number], Some(_)) => Some(positive(number)?),
            _ => {
                return Err(format!(
                    "`faults {name}` takes {}",
                    if suite.count.is_some() { "one number" } else { "no number" }
                ));
            }
        };
        Ok(Self(vec![(suite, count)]))
    }
}

/// The names of all kinds.
pub fn names() -> String {
    SUITES.iter().map(|suite| suite.name).collect::<Vec<_>>().join(", ")
}

fn positive(word: &str) -> Result<u64> {
    let number = word.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| format!("{word}: how often is a number from 1 on"))
}

/// Runs what was asked for, each with its progress shown.
///
/// # Errors
/// An entry was lost, or a fault passed over in silence.
pub fn faults(options: &Options) -> Result<()> {
    let mut steps = Steps::new(options.0.len() + 1);
    steps.run("Debian packages", || prepare(&[Purpose::Build]))?;
    for (suite, count) in &options.0 {
        steps.run(suite.title, || test(suite, *count))?;
    }
    say(&steps.summary());
    Ok(())
}

fn test(suite: &Suite, count: Option<u64>) -> Result<()> {
    let mut command = cargo(&root());
    command.args(["test", "--locked", "-p", "scanlog"]).args(suite.test);
    let count = count.map_or_else(|| "all".to_owned(), |count| count.to_string());
    run(command.env(COUNT, count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &str) -> Result<Vec<(&'static str, Option<u64>)>> {
        let words: Vec<_> = words.split_whitespace().map(str::to_owned).collect();
        Options::parse(&words)
            .map(|options| options.0.iter().map(|(suite, count)| (suite.name, *count)).collect())
    }

    #[test]
    fn everything_is_run_unless_one_kind_is_named() {
        assert_eq!(parse("").map(|all| all.len()), Ok(SUITES.len()));
        assert_eq!(parse("kills"), Ok(vec![("kills", Some(10_000))]));
        assert_eq!(parse("power 7"), Ok(vec![("power", Some(7))]));
        assert_eq!(parse("flips"), Ok(vec![("flips", None)]));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for words in ["fire", "kills 0", "kills many", "kills 1 2", "flips 3"] {
            assert!(parse(words).is_err(), "{words}");
        }
    }
}
