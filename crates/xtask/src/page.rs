//! The page: its npm packages, its checks, its build. What has not changed is not done again.

use crate::{
    step::{Result, output, program, run, say},
    tree::{Mark, fingerprint, root},
    wasm,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The oldest Node.js that the page's build tools run on; Debian 12 has it.
pub const OLDEST_NODE: u32 = 18;

/// Bytes of page and reader together when gzipped: what a phone's webview has to take in.
const BUDGET: usize = 300_000;

/// What lies in the page's folder without being its source.
const NOT_SOURCE: [&str; 3] = ["node_modules", "dist", ".svelte-kit"];

/// JavaScript around the QR reader's module, which the page has in common with the reader's own checks.
const READER: &str = "crates/qr-wasm/web";

/// The major version of the Node.js on `PATH`.
pub fn node_version() -> Option<u32> {
    major(&output(program("node", &root()).arg("--version"))?)
}

/// Installs the packages that the lock file names, if it changed since.
///
/// # Errors
/// npm fails, or the lock file cannot be read.
pub fn install() -> Result<()> {
    let lock_file = folder().join("package-lock.json");
    let lock = fs::read_to_string(&lock_file).map_err(|error| format!("{}: {error}", lock_file.display()))?;
    let mark = Mark::named("page-packages")?;
    if mark.is(&lock) && folder().join("node_modules").is_dir() {
        say("      npm packages: as locked");
        return Ok(());
    }
    run(npm().args(["ci", "--no-audit", "--no-fund"]))?;
    mark.set(&lock)
}

/// Builds the page into `ui/dist`, if a source changed since.
///
/// # Errors
/// As [`install`]; the build fails.
pub fn build() -> Result<()> {
    install()?;
    wasm::modules()?;
    let mark = Mark::named("page")?;
    let sources = fingerprint(&folder(), &NOT_SOURCE)? + &fingerprint(&root().join(READER), &[])?;
    if mark.is(&sources) && folder().join("dist/index.html").is_file() {
        say("      page: unchanged, built before");
        return Ok(());
    }
    run(npm().args(["run", "build"]))?;
    mark.set(&sources)
}

/// Holds the built page to its size: all of it, every language and the reader, of which a browser loads one.
///
/// # Errors
/// It is not built; it is too big.
pub fn weigh() -> Result<()> {
    let dist = folder().join("dist");
    let listed = |error: std::io::Error| format!("{}: {error}", dist.display());
    let assets = fs::read_dir(dist.join("assets")).map_err(listed)?;
    let files = assets.filter_map(std::result::Result::ok).map(|entry| entry.path());
    let (readers, others): (Vec<_>, Vec<_>) =
        files.partition(|file| file.extension().is_some_and(|ending| ending == "wasm"));
    let sizes =
        |files: Vec<PathBuf>| files.iter().map(|file| wasm::gzipped(file)).collect::<Result<Vec<_>>>();
    let page = sizes(others)?.iter().sum::<usize>() + wasm::gzipped(&dist.join("index.html"))?;
    let reader = sizes(readers)?.into_iter().max().unwrap_or_default();
    let kilobytes = |bytes: usize| bytes as f64 / 1000.0;
    say(&format!(
        "      page: {:.1} KB gzipped, its reader {:.1} KB, of {} KB together",
        kilobytes(page),
        kilobytes(reader),
        BUDGET / 1000
    ));
    let size = page + reader;
    if size <= BUDGET {
        Ok(())
    } else {
        Err(format!("page and reader are {size} bytes gzipped; {BUDGET} are allowed"))
    }
}

/// Builds the trial of the page's camera into a folder.
///
/// # Errors
/// As [`install`]; the build fails.
pub fn build_trial(folder: &Path) -> Result<()> {
    install()?;
    let build =
        ["exec", "--", "vite", "build", "--config", "vite.trial.config.ts", "--emptyOutDir", "--outDir"];
    run(npm().args(build).arg(folder))
}

/// Checks the page's types and runs its unit tests.
///
/// # Errors
/// As [`install`]; a check or a test fails.
pub fn check() -> Result<()> {
    install()?;
    run(npm().args(["run", "check"]))?;
    run(npm().args(["run", "test"]))
}

fn folder() -> PathBuf {
    root().join("ui")
}

fn npm() -> Command {
    program("npm", &folder())
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_are_read() {
        for (printed, expected) in [("v18.20.4\n", Some(18)), ("v22.0.0", Some(22)), ("nothing", None)] {
            assert_eq!(major(printed), expected, "{printed:?}");
        }
    }
}
