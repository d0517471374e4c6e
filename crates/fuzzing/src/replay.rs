//! Runs targets without a fuzzer: every seed, every finding, and pseudo-random changes of them for a while.
//!
//! `replay TARGET SECONDS [FOLDER]...`: the inputs in the folders are run and changed too. The same inputs come in
//! the same order every time; how many there are depends on the machine. A input that fails is kept in the working
//! folder. `replay TARGET --write FOLDER` writes the seeds there, for a fuzzer to begin with.

#![allow(clippy::print_stdout)] // progress is what a replay shows

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::{Random, Target, mutated};

type Result<T> = std::result::Result<T, String>;

/// Changes come from this; another number gives other ones.
const SEED: u64 = 20_240_229;
/// Between two lines of progress.
const PULSE: Duration = Duration::from_secs(10);

/// Does what the command line asks for; `longest` is the most bytes that an input may have.
pub fn main(targets: &[Target], longest: usize) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(targets, longest, &words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("replay: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(targets: &[Target], longest: usize, words: &[&str]) -> Result<()> {
    let [name, second, rest @ ..] = words else {
        return Err("usage: replay TARGET SECONDS [FOLDER]... | replay TARGET --write FOLDER".into());
    };
    let target = targets.iter().find(|target| target.name == *name);
    let target = target.ok_or_else(|| format!("no such target: {name}"))?;
    match (*second, rest) {
        ("--write", [folder]) => write_seeds(target, Path::new(folder)),
        (seconds, folders) => {
            let seconds = seconds.parse().map_err(|error| format!("{seconds}: {error}"))?;
            replay(target, longest, Duration::from_secs(seconds), folders)
        }
    }
}

fn write_seeds(target: &Target, folder: &Path) -> Result<()> {
    for (number, seed) in (target.seeds)().iter().enumerate() {
        let path = folder.join(format!("seed-{number:03}"));
        fs::write(&path, seed).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

fn replay(target: &Target, longest: usize, time: Duration, folders: &[&str]) -> Result<()> {
    let mut inputs = (target.seeds)();
    for folder in folders {
        inputs.extend(read(Path::new(folder))?);
    }
    for input in &inputs {
        attempt(target, input)?;
    }
    println!("{}: {} inputs as they are", target.name, inputs.len());
    let random = &mut Random::new(SEED);
    let (start, mut pulse, mut changed) = (Instant::now(), PULSE, 0_u64);
    while start.elapsed() < time {
        attempt(target, &mutated(&inputs, longest, random))?;
        changed += 1;
        if start.elapsed() > pulse {
            println!("{}: {changed} changed", target.name);
            pulse += PULSE;
        }
    }
    println!("{}: {} inputs as they are and {changed} changed: nothing found", target.name, inputs.len());
    Ok(())
}

/// The files of a folder in the order of their names; none where there is no folder.
fn read(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let fail = |error: std::io::Error| format!("{}: {error}", folder.display());
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(fail)?;
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<Vec<PathBuf>>>()
        .map_err(fail)?;
    paths.retain(|path| path.is_file());
    paths.sort();
    paths.iter().map(|path| fs::read(path).map_err(fail)).collect()
}

fn attempt(target: &Target, input: &[u8]) -> Result<()> {
    if catch_unwind(AssertUnwindSafe(|| (target.run)(input))).is_ok() {
        return Ok(());
    }
    let path = PathBuf::from(format!("found-by-replay-{}", target.name));
    let kept = fs::write(&path, input).map_or_else(|error| error.to_string(), |()| "kept".into());
    Err(format!("{} failed on {} ({kept}): {input:?}", target.name, path.display()))
}
