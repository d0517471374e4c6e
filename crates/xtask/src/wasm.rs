//! `cargo xtask wasm`: the QR reader for a page's worker: built, measured in bytes, and made to read.

use crate::{
    browser, counts,
    step::{Result, Steps, cargo, program, run, say},
    system::{Purpose, prepare},
    tools::prepare_target,
    tree::{made, root},
};
use std::{fs, path::PathBuf};

const TARGET: &str = "wasm32-unknown-unknown";
/// Sixteen bytes at once: in every browser since 2023.
const FEATURES: (&str, &str) =
    ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "-C target-feature=+simd128");
/// What cargo makes of the crate.
const MODULE: &str = "qr_wasm.wasm";
/// JavaScript around it, and the check under Node.js.
const WEB: &str = "crates/qr-wasm/web";
/// Bytes of the module when gzipped, of the 300 KB that decoder and page may have together.
const BUDGET: usize = 260_000;

/// What `cargo xtask wasm` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    bench: bool,
}

impl Options {
    /// Reads the words after `wasm`: nothing, or `--bench`.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(words: &[String]) -> Result<Self> {
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => Ok(Self { bench: false }),
            ["--bench"] => Ok(Self { bench: true }),
            _ => Err("unknown option; there are `wasm` and `wasm --bench`".into()),
        }
    }
}

/// Sets the machine up, builds the module, has it read under Node.js, and with `--bench` measures it in Chromium.
///
/// # Errors
/// Whatever keeps it from being built; a module above its size; a frame that is not read.
pub fn wasm(options: &Options) -> Result<()> {
    let mut steps = Steps::new(if options.bench { 3 } else { 2 });
    let needs = [Purpose::Build, Purpose::Page, Purpose::Browser];
    let needed = if options.bench { &needs[..] } else { &needs[..2] };
    steps.run("Debian packages", || prepare(needed))?;
    steps.run("the module", check)?;
    if options.bench {
        steps.run("in Chromium", || browser::bench(&folder()?))?;
    }
    Ok(())
}

/// The step of `cargo xtask test`: builds the module, holds it to its size, has it read frames under Node.js.
///
/// # Errors
/// As [`wasm`].
pub fn check() -> Result<()> {
    prepare_target(TARGET)?;
    let what = ["--locked", "--package", "qr-wasm", "--target", TARGET];
    run(cargo(&root())
        .args(["clippy", "--no-deps"])
        .args(what)
        .envs([FEATURES])
        .args(["--", "-D", "warnings"]))?;
    run(cargo(&root())
        .args(["rustc", "--lib", "--profile", "wasm", "--crate-type", "cdylib"])
        .args(what)
        .envs([FEATURES]))?;
    let folder = gather()?;
    let size = gzipped(&folder.join(MODULE))?;
    say(&format!("      {MODULE}: {:.1} KB gzipped, of {} KB", size as f64 / 1000.0, BUDGET / 1000));
    if size > BUDGET {
        return Err(format!("{MODULE} is {size} bytes gzipped; {BUDGET} are allowed"));
    }
    run(program("node", &folder).arg("check.mjs"))
}

/// Puts the module, what is around it and the frames into one folder, as a server would have them.
fn gather() -> Result<PathBuf> {
    let folder = folder()?;
    let module = made(".")?.join(TARGET).join("wasm").join(MODULE);
    let web = fs::read_dir(root().join(WEB)).map_err(|error| format!("{WEB}: {error}"))?;
    let frames = counts::frames()?;
    let frames = fs::read_dir(&frames).map_err(|error| format!("{}: {error}", frames.display()))?;
    let files = web.chain(frames).filter_map(std::result::Result::ok).map(|entry| entry.path());
    for file in files.chain([module]) {
        let to = folder.join(file.file_name().unwrap_or_default());
        fs::copy(&file, &to).map_err(|error| format!("{} to {}: {error}", file.display(), to.display()))?;
    }
    Ok(folder)
}

fn folder() -> Result<PathBuf> {
    made("web")
}

fn gzipped(file: &std::path::Path) -> Result<usize> {
    let output = program("gzip", &root()).args(["-9", "--stdout"]).arg(file).output();
    let output = output.map_err(|error| format!("cannot start gzip: {error}"))?;
    if output.status.success() {
        Ok(output.stdout.len())
    } else {
        Err(format!("gzip ended with {}", output.status))
    }
}
