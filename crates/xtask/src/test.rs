//! `cargo xtask test`: everything that has to pass, one step after the other.

use crate::{
    arm, counts, fuzz, page, platforms,
    step::{Result, Steps, cargo, run, say},
    system::{Purpose, prepare, prepare_toolchain},
    tree::{fingerprint, root},
    wasm,
};
use std::env;

/// The features of the whole-system tests that need more than cargo: a virtual machine, a window.
const FEATURES: [&str; 2] = ["--features", "propusk-tests/rig,propusk-tests/window"];

/// What brings a database engine, which takes longer to build than everything else together: a step of its own.
const ENGINE: &str = "propusk-audit";
const ENGINE_EXCLUDED: [&str; 2] = ["--exclude", ENGINE];

/// Public vectors and photographs, too big and too foreign for the repository; they lie beside it.
const SHARED: &str = "../shared/vectors";

/// Types for the page, written by a test of the station.
const TYPES: &str = "ui/src/lib/types";

struct Step {
    name: &'static str,
    title: &'static str,
    needs: &'static [Purpose],
    work: fn() -> Result<()>,
}

const STEPS: &[Step] = &[
    Step { name: "format", title: "format: cargo fmt --check", needs: &[], work: format },
    Step { name: "page", title: "page: types, unit tests, build", needs: &[Purpose::Page], work: page },
    Step { name: "clippy", title: "clippy: no warnings", needs: COMPILE, work: clippy },
    Step { name: "build", title: "build: everything that is tested", needs: COMPILE, work: build },
    Step { name: "tests", title: "tests: unit, property, vectors, frames", needs: COMPILE, work: tests },
    Step {
        name: "fuzz",
        title: "fuzz: hostile input for the QR reader and the judge",
        needs: &[Purpose::Build],
        work: fuzz::short,
    },
    Step {
        name: "fleet",
        title: "fleet: the logs of many stations, by SQL",
        needs: &[Purpose::Build],
        work: fleet,
    },
    Step { name: "counts", title: "counts: instructions a frame", needs: COUNT, work: counts::check },
    Step { name: "arm", title: arm::TITLE, needs: CROSS, work: arm::tests },
    Step {
        name: "platforms",
        title: "platforms: other systems, checked by the compiler",
        needs: platforms::NEEDS,
        work: platforms::check_all,
    },
    Step { name: "wasm", title: "wasm: the QR reader in a worker", needs: WASM, work: wasm::test },
    Step { name: "rig", title: "rig: a real USB camera and its faults", needs: RIG, work: rig },
    Step {
        name: "window",
        title: "window: the page driven end to end, on a desktop and a phone",
        needs: WINDOW,
        work: window,
    },
];

const COMPILE: &[Purpose] = &[Purpose::Build, Purpose::Window, Purpose::Page];
const COUNT: &[Purpose] = &[Purpose::Build, Purpose::Count];
const CROSS: &[Purpose] = &[Purpose::Build, Purpose::Cross];
const WASM: &[Purpose] = &[Purpose::Build, Purpose::Page, Purpose::Browser];
const RIG: &[Purpose] = &[Purpose::Build, Purpose::Window, Purpose::Page, Purpose::Rig];
const WINDOW: &[Purpose] =
    &[Purpose::Build, Purpose::Window, Purpose::Page, Purpose::Driver, Purpose::Browser];

/// Which steps to take.
pub struct Plan(Vec<&'static Step>);

impl Plan {
    /// Reads the words after `test`: every step, or those named by `--only`.
    ///
    /// # Errors
    /// An unknown option or step.
    pub fn parse(words: &[String]) -> Result<Self> {
        let mut only = Vec::new();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--only" => only.push(named(words.next().map_or("", String::as_str))?),
                _ => return Err(format!("unknown option {word}; there is only `--only STEP`")),
            }
        }
        let chosen = |step: &&Step| only.is_empty() || only.contains(&step.name);
        Ok(Self(STEPS.iter().filter(chosen).collect()))
    }

    fn needs(&self) -> Vec<Purpose> {
        self.0.iter().flat_map(|step| step.needs.iter().copied()).collect()
    }
}

/// The names of all steps, in their order.
pub fn names() -> String {
    STEPS.iter().map(|step| step.name).collect::<Vec<_>>().join(", ")
}

/// Sets the machine up, takes the steps, closes with the time of each.
///
/// # Errors
/// The first step that failed.
pub fn test(plan: &Plan) -> Result<()> {
    let mut steps = Steps::new(plan.0.len() + 1);
    let outcome = steps.run("set-up: Debian packages, toolchain", || set_up(&plan.needs())).and_then(|()| {
        plan.0.iter().try_for_each(|step| {
            let again = || format!("\n      again, this step alone: cargo xtask test --only {}", step.name);
            steps.run(step.title, step.work).map_err(|failure| failure + &again())
        })
    });
    say(&steps.summary());
    outcome?;
    say("  all passed");
    Ok(())
}

fn named(name: &str) -> Result<&'static str> {
    let known = STEPS.iter().find(|step| step.name == name).map(|step| step.name);
    known.ok_or_else(|| format!("no such step: {name:?}; there are {}", names()))
}

fn set_up(needs: &[Purpose]) -> Result<()> {
    prepare(needs)?;
    prepare_toolchain()
}

fn format() -> Result<()> {
    run(cargo(&root()).args(["fmt", "--all", "--", "--check"]))
}

fn page() -> Result<()> {
    page::check()?;
    page::build()?;
    page::weigh()
}

/// Clippy and the build both embed the page: it comes first.
fn clippy() -> Result<()> {
    page::build()?;
    let what = ["clippy", "--locked", "--workspace", "--all-targets"];
    run(cargo(&root()).args(what).args(ENGINE_EXCLUDED).args(FEATURES).args(["--", "-D", "warnings"]))
}

/// Programs and tests in one go: built apart, shared crates would come twice with differing features.
fn build() -> Result<()> {
    page::build()?;
    let what = ["build", "--locked", "--workspace", "--all-targets"];
    run(cargo(&root()).args(what).args(ENGINE_EXCLUDED))
}

fn tests() -> Result<()> {
    shared_material()?;
    page::build()?;
    let types = fingerprint(&root().join(TYPES), &[])?;
    run(cargo(&root()).args(["test", "--locked", "--workspace"]).args(ENGINE_EXCLUDED))?;
    if fingerprint(&root().join(TYPES), &[])? == types {
        return Ok(());
    }
    Err(format!("{TYPES} did not match the Rust types; it does now: look at the change and commit it"))
}

/// The engine takes most of the time, so that nothing but its tests is built with it, and that once.
fn fleet() -> Result<()> {
    run(cargo(&root()).args(["test", "--locked", "--package", ENGINE]))
}

fn rig() -> Result<()> {
    build()?;
    whole_system(&["camera_rig"])
}

/// The window as staff have it, what is behind the door, and the page as a phone has it.
///
/// # Errors
/// It cannot be built, or a test fails.
pub fn window() -> Result<()> {
    build()?;
    whole_system(&["window", "revival", "office", "phone", "key_store"])
}

/// Whole-system tests, with their output shown: they take long, and tell what they do.
fn whole_system(names: &[&str]) -> Result<()> {
    let chosen = names.iter().flat_map(|name| ["--test", name]);
    run(cargo(&root())
        .args(["test", "--locked", "--workspace"])
        .args(ENGINE_EXCLUDED)
        .args(chosen)
        .args(FEATURES)
        .args(["--", "--nocapture"]))
}

/// Says whether the public material is there. Where every test has to run, it has to be.
fn shared_material() -> Result<()> {
    if root().join(SHARED).is_dir() {
        say(&format!("      public vectors: {SHARED}"));
        return Ok(());
    }
    if env::var_os("CI").is_some() {
        return Err(format!("{SHARED} is missing beside the repository, and CI must not skip its tests"));
    }
    say(&format!("      {SHARED} is not there: tests over public vectors say that they skip them"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Vec<&'static str>> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Plan::parse(&words).map(|plan| plan.0.iter().map(|step| step.name).collect())
    }

    #[test]
    fn everything_runs_unless_a_step_is_named() {
        assert_eq!(parse(&[]).expect("no words").len(), STEPS.len());
        let some = parse(&["--only", "window", "--only", "format"]).expect("known steps");
        assert_eq!(some, ["format", "window"]);
    }

    #[test]
    fn unknown_steps_and_options_are_refused() {
        for words in [&["--only", "no-such-step"][..], &["--only"], &["--fast"]] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }
}
