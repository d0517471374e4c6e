//! `cargo xtask wasm`: the QR reader for a page's worker: built, measured in bytes, and made to read, frames under
//! Node.js and a camera in Chromium.

use crate::{
    browser::{self, Visit},
    counts, page,
    step::{Result, Steps, cargo, output, program, run, say},
    system::{Purpose, prepare, prepare_toolchain},
    tools::prepare_target,
    tree::{Mark, fingerprint, made, root},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

const TARGET: &str = "wasm32-unknown-unknown";
/// The variable with the compiler's flags for it.
const FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";
/// What cargo makes of the crate.
const MADE: &str = "qr_wasm.wasm";
/// The modules, of which a page loads the one that its browser can run, with their flags: sixteen bytes at once (in
/// every browser since 2023), and without.
const MODULES: [(&str, &str); 2] = [("qr_simd.wasm", "-C target-feature=+simd128"), ("qr.wasm", "")];
/// Where the page takes them from.
const PAGE: &str = "ui/src/lib/eye";
/// What they are made of, beside the lock file.
const SOURCES: [&str; 5] = [
    "crates/qr/Cargo.toml",
    "crates/qr/src",
    "crates/qr-wasm/Cargo.toml",
    "crates/qr-wasm/src",
    "Cargo.toml",
];
/// JavaScript around it, and the check under Node.js.
const WEB: &str = "crates/qr-wasm/web";
/// What a camera sees, drawn by the example `web_frames`.
const FILM: &str = "camera.y4m";
/// Where the shell says what its page may do.
const SHELL: &str = "src-tauri/tauri.conf.json";
/// Bytes of a module when gzipped, of the 300 KB that decoder and page may have together.
const BUDGET: usize = 135_000;

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

/// Sets the machine up, builds the modules, has them read under Node.js and by a page in Chromium, and with `--bench`
/// measures them there.
///
/// # Errors
/// Whatever keeps it from being built; a module above its size; a frame that is not read.
pub fn wasm(options: &Options) -> Result<()> {
    let mut steps = Steps::new(if options.bench { 4 } else { 3 });
    let needs = [Purpose::Build, Purpose::Page, Purpose::Browser];
    steps.run("Debian packages, toolchain", || prepare(&needs).and_then(|()| prepare_toolchain()))?;
    steps.run("the modules", check)?;
    steps.run("a camera's code, read by a page in Chromium", trial)?;
    if options.bench {
        let folder = folder()?;
        let bench = Visit { folder: &folder, page: "bench.html", flags: &[], policy: "" };
        steps.run("their speed in Chromium", || browser::visit(&bench))?;
    }
    Ok(())
}

/// The step of `cargo xtask test`: the modules, and a page that reads with them.
///
/// # Errors
/// As [`wasm`].
pub fn test() -> Result<()> {
    check()?;
    trial()
}

/// Builds the modules, holds them to their size, has them read frames under Node.js.
///
/// # Errors
/// As [`wasm`].
fn check() -> Result<()> {
    modules()?;
    run(cargo(&root())
        .args(["clippy", "--no-deps", "--locked", "--package", "qr-wasm", "--target", TARGET])
        .env(FLAGS, MODULES[0].1)
        .args(["--", "-D", "warnings"]))?;
    let folder = gather()?;
    for (module, _) in MODULES {
        let size = gzipped(&folder.join(module))?;
        say(&format!("      {module}: {:.1} KB gzipped, of {} KB", size as f64 / 1000.0, BUDGET / 1000));
        if size > BUDGET {
            return Err(format!("{module} is {size} bytes gzipped; {BUDGET} are allowed"));
        }
        run(program("node", &folder).args(["check.mjs", module]))?;
    }
    Ok(())
}

/// Has the page's camera read a film by the browser's fake camera, under the shell's content security policy.
///
/// # Errors
/// It cannot be built; a code is not read.
fn trial() -> Result<()> {
    let (folder, web) = (made("trial")?, folder()?);
    page::build_trial(&folder)?;
    for name in ["camera.txt", "card.bmp"] {
        copy(&web.join(name), &folder.join(name))?;
    }
    let film = web.join(FILM);
    let flags = [
        "--use-fake-ui-for-media-stream".into(),
        "--use-fake-device-for-media-stream".into(),
        format!("--use-file-for-fake-video-capture={}", film.display()),
    ];
    browser::visit(&Visit { folder: &folder, page: "index.html", flags: &flags, policy: &policy()? })
}

/// The content security policy that the shell gives the page.
fn policy() -> Result<String> {
    let text = fs::read_to_string(root().join(SHELL)).map_err(|error| format!("{SHELL}: {error}"))?;
    let policy = text.split_once("\"csp\": \"").and_then(|(_, rest)| rest.split_once('"'));
    policy.map(|(policy, _)| policy.to_owned()).ok_or_else(|| format!("{SHELL} has no csp"))
}

/// Builds the modules to where the page takes them from, if a source changed since.
///
/// # Errors
/// The compiler lacks the target and cannot get it; the build fails.
pub fn modules() -> Result<()> {
    let mark = Mark::named("modules")?;
    let sources = sources()?;
    let there = |name: &str| root().join(PAGE).join(name).is_file();
    if mark.is(&sources) && MODULES.iter().all(|(name, _)| there(name)) {
        say("      the reader's modules: unchanged, built before");
        return Ok(());
    }
    prepare_target(TARGET)?;
    for (name, flags) in MODULES {
        run(cargo(&root())
            .args(["rustc", "--lib", "--profile", "wasm", "--crate-type", "cdylib"])
            .args(["--locked", "--package", "qr-wasm", "--target", TARGET])
            .env(FLAGS, flags))?;
        copy(&made(TARGET)?.join("wasm").join(MADE), &root().join(PAGE).join(name))?;
    }
    mark.set(&sources)
}

/// A fingerprint of all that the modules are made of.
fn sources() -> Result<String> {
    let lock = root().join("Cargo.lock");
    let lock = fs::read_to_string(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
    let mut all = output(program("rustc", &root()).arg("--version")).unwrap_or_default();
    all.extend(lock.lines());
    for source in SOURCES {
        let path = root().join(source);
        all += &if path.is_dir() {
            fingerprint(&path, &[])?
        } else {
            fs::read_to_string(&path).map_err(|error| format!("{source}: {error}"))?
        };
    }
    Ok(all)
}

/// Puts the modules, what is around them and the frames into one folder, as a server would have them.
fn gather() -> Result<PathBuf> {
    let folder = folder()?;
    run(cargo(&root())
        .args(["run", "--locked", "--release", "--package", "qr-wasm", "--example", "web_frames", "--"])
        .arg(&folder))?;
    let web = fs::read_dir(root().join(WEB)).map_err(|error| format!("{WEB}: {error}"))?;
    let frames = counts::frames()?;
    let frames = fs::read_dir(&frames).map_err(|error| format!("{}: {error}", frames.display()))?;
    let files = web.chain(frames).filter_map(std::result::Result::ok).map(|entry| entry.path());
    let modules = MODULES.map(|(name, _)| root().join(PAGE).join(name));
    for file in files.chain(modules) {
        copy(&file, &folder.join(file.file_name().unwrap_or_default()))?;
    }
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    match fs::copy(from, to) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{} to {}: {error}", from.display(), to.display())),
    }
}

fn folder() -> Result<PathBuf> {
    made("web")
}

/// The size of a file in bytes when gzipped.
///
/// # Errors
/// gzip cannot be started, or fails.
pub fn gzipped(file: &Path) -> Result<usize> {
    let output = program("gzip", &root()).args(["-9", "--stdout"]).arg(file).output();
    let output = output.map_err(|error| format!("cannot start gzip: {error}"))?;
    if output.status.success() {
        Ok(output.stdout.len())
    } else {
        Err(format!("gzip ended with {}", output.status))
    }
}
