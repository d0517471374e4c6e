//! Runs targets without a fuzzer: every seed, every finding, and pseudo-random changes of them for a while.
//!
//! `replay TARGET SECONDS [FOLDER]...`: the scripts in the folders are run and changed too. The same scripts come in
//! the same order every time; how many there are depends on the machine. A script that fails is kept in the working
//! folder. `replay TARGET --write FOLDER` writes the seeds there, for a fuzzer to begin with.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use credential_fuzz::mutate::Random;
use credential_fuzz::mutate::mutated;
use credential_fuzz::{TARGETS, Target};

type Result<T> = std::result::Result<T, String>;

/// Changes come from this; another number gives other ones.
const SEED: u64 = 20_240_229;
/// Between two lines of progress.
const PULSE: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("replay: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> Result<()> {
    let [name, second, rest @ ..] = words else {
        return Err("usage: replay TARGET SECONDS [FOLDER]... | replay TARGET --write FOLDER".into());
    };
    let target = TARGETS.iter().find(|target| target.name == *name);
    let target = target.ok_or_else(|| format!("no such target: {name}"))?;
    match (*second, rest) {
        ("--write", [folder]) => write_seeds(target, Path::new(folder)),
        (seconds, folders) => {
            let seconds = seconds.parse().map_err(|error| format!("{seconds}: {error}"))?;
            replay(target, Duration::from_secs(seconds), folders)
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

fn replay(target: &Target, time: Duration, folders: &[&str]) -> Result<()> {
    let mut scripts = (target.seeds)();
    for folder in folders {
        scripts.extend(read(Path::new(folder))?);
    }
    for script in &scripts {
        attempt(target, script)?;
    }
    println!("{}: {} scripts as they are", target.name, scripts.len());
    let random = &mut Random::new(SEED);
    let (start, mut pulse, mut changed) = (Instant::now(), PULSE, 0_u64);
    while start.elapsed() < time {
        attempt(target, &mutated(&scripts, random))?;
        changed += 1;
        if start.elapsed() > pulse {
            println!("{}: {changed} changed", target.name);
            pulse += PULSE;
        }
    }
    println!("{}: {} scripts as they are and {changed} changed: nothing found", target.name, scripts.len());
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

fn attempt(target: &Target, script: &[u8]) -> Result<()> {
    if catch_unwind(AssertUnwindSafe(|| (target.run)(script))).is_ok() {
        return Ok(());
    }
    let path = PathBuf::from(format!("found-by-replay-{}", target.name));
    let kept = fs::write(&path, script).map_or_else(|error| error.to_string(), |()| "kept".into());
    Err(format!("{} failed on {} ({kept}): {script:?}", target.name, path.display()))
}
