//! `cargo xtask counts qr`: instructions that the QR reader takes for a frame, counted by valgrind.
//!
//! Unlike times, counts hardly differ from run to run and from machine to machine, so a change that costs a few per
//! cent is seen even on shared machines.

use crate::{
    step::{Result, Steps, cargo, output, program, run, say},
    system::{Purpose, prepare},
    tools::host,
    tree::{made, root},
};
use std::{
    env::consts::ARCH,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The counts that later ones are held to.
const ACCEPTED: &str = "crates/qr/counts.txt";
/// Compilers and C libraries that differ a little count a little differently; more than this share is our doing.
const TOLERANCE: f64 = 0.03;
/// Counts are those of this architecture.
const ARCHITECTURE: &str = "x86_64";
/// Kinds of frames.
const FRAMES: [&str; 2] = ["idle", "reading"];
/// Kinds of scanners, and how often each frame is scanned in the two runs whose difference is the cost of scanning. A
/// video's frames differ in effort: many of them are one frame's fair share.
const SCANNERS: [(&str, [u64; 2]); 2] = [("video", [4, 12]), ("single", [1, 2])];

/// What `cargo xtask counts` was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    accept: bool,
}

impl Options {
    /// Reads the words after `counts`: `qr`, and whether the counts are to be accepted.
    ///
    /// # Errors
    /// Anything but `qr`, or an unknown option.
    pub fn parse(words: &[String]) -> Result<Self> {
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["qr"] => Ok(Self { accept: false }),
            ["qr", "--accept"] => Ok(Self { accept: true }),
            _ => Err("count what? There are `counts qr` and `counts qr --accept`".into()),
        }
    }
}

/// One kind's count: instructions of a frame, the mean over all frames of the kind.
#[derive(Debug, PartialEq, Eq)]
struct Count {
    frame: String,
    scanner: String,
    instructions: u64,
}

/// Sets the machine up, counts, and compares with what was accepted, or accepts.
///
/// # Errors
/// Whatever keeps the reader from being counted; a frame of a code that is not read; a count above what was accepted.
pub fn counts(options: &Options) -> Result<()> {
    let mut steps = Steps::new(2);
    steps.run("Debian packages", || prepare(&[Purpose::Build, Purpose::Count]))?;
    steps.run("instructions a frame of 1280 × 720", || if options.accept { accept() } else { check() })
}

/// The step of `cargo xtask test`: counts and compares.
///
/// # Errors
/// As [`counts`].
pub fn check() -> Result<()> {
    let (counted, accepted) = (counted()?, accepted()?);
    if ARCH != ARCHITECTURE {
        say(&format!("      counts were accepted on {ARCHITECTURE}, this is {ARCH}: not compared"));
        return Ok(());
    }
    let worse: Vec<String> = counted.iter().filter_map(|count| complaint(count, &accepted)).collect();
    if worse.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}.\nWhere that is worth it, say so: `cargo xtask counts qr --accept` rewrites {ACCEPTED}, made with {}; \
         this is {}",
        worse.join(", "),
        accepted_compiler()?,
        compiler()
    ))
}

fn accept() -> Result<()> {
    let lines: String = counted()?
        .iter()
        .map(|Count { frame, scanner, instructions }| format!("{frame} {scanner} {instructions}\n"))
        .collect();
    let text = format!("{}\n{}\n{lines}", HEADING, heading_of_compiler());
    fs::write(root().join(ACCEPTED), text).map_err(|error| format!("{ACCEPTED}: {error}"))?;
    say(&format!("      written to {ACCEPTED}"));
    Ok(())
}

const HEADING: &str =
    "# Instructions that reading takes for a frame of 1280 × 720, by `cargo xtask counts qr --accept`.";
const COMPILER: &str = "# Made with ";

fn heading_of_compiler() -> String {
    format!("{COMPILER}{}", compiler())
}

fn compiler() -> String {
    let version = output(program("rustc", &root()).arg("--version")).unwrap_or_default();
    format!("{} for {}", version.trim(), host().unwrap_or_default())
}

fn accepted_compiler() -> Result<String> {
    let compiler =
        |text: String| text.lines().find_map(|line| line.strip_prefix(COMPILER)).map(str::to_owned);
    Ok(compiler(accepted_text()?).unwrap_or_else(|| "an unknown compiler".into()))
}

fn accepted_text() -> Result<String> {
    fs::read_to_string(root().join(ACCEPTED)).map_err(|error| format!("{ACCEPTED}: {error}"))
}

fn accepted() -> Result<Vec<Count>> {
    parse(&accepted_text()?).ok_or_else(|| format!("{ACCEPTED} is not what `--accept` writes"))
}

fn parse(text: &str) -> Option<Vec<Count>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split(' ').map(str::to_owned);
            let (frame, scanner) = (words.next()?, words.next()?);
            Some(Count { frame, scanner, instructions: words.next()?.parse().ok()? })
        })
        .collect()
}

/// What is wrong with a count, if anything.
fn complaint(count: &Count, accepted: &[Count]) -> Option<String> {
    let Count { frame, scanner, instructions } = count;
    let Some(before) = accepted.iter().find(|before| (&before.frame, &before.scanner) == (frame, scanner))
    else {
        return Some(format!("{frame} {scanner} was never accepted"));
    };
    let change = *instructions as f64 / before.instructions as f64 - 1.0;
    say(&format!("      {frame:8} {scanner:7} {:+.1} % against what was accepted", change * 100.0));
    if change < -TOLERANCE {
        say("                       keep it that way: `cargo xtask counts qr --accept`");
    }
    (change > TOLERANCE)
        .then(|| format!("{frame} {scanner} takes {:.1} % more than accepted", change * 100.0))
}

fn millions(instructions: u64) -> String {
    format!("{:.3} million", instructions as f64 / 1e6)
}

fn counted() -> Result<Vec<Count>> {
    let frames = frames()?;
    run(cargo(&root()).args([
        "build",
        "--locked",
        "--release",
        "--package",
        "qr",
        "--example",
        "scan_files",
    ]))?;
    let kinds = FRAMES.iter().flat_map(|frame| SCANNERS.map(|(scanner, times)| (frame, scanner, times)));
    kinds.map(|(frame, scanner, times)| counted_kind(&frames, frame, scanner, times)).collect()
}

fn counted_kind(folder: &Path, frame: &str, scanner: &str, times: [u64; 2]) -> Result<Count> {
    let files = pictures(folder, frame)?;
    expect_texts(&files, scanner, times[1])?;
    let [few, many] = times.map(|times| instructions(&files, scanner, times));
    let more = many?.checked_sub(few?).ok_or("more scans took fewer instructions")?;
    let instructions = more / (times[1] - times[0]) / files.len() as u64; // safe: neither is 0
    say(&format!("      {frame:8} {scanner:7} {:>12}", millions(instructions)));
    Ok(Count { frame: frame.into(), scanner: scanner.into(), instructions })
}

/// Draws the frames into `target/counts` and says where they are.
///
/// # Errors
/// They cannot be drawn.
pub fn frames() -> Result<PathBuf> {
    let folder = made("counts")?;
    let example = ["run", "--locked", "--release", "--package", "frames", "--example", "measure", "--"];
    run(cargo(&root()).args(example).arg(&folder))?;
    Ok(folder)
}

/// The pictures of a kind of frame, in order.
fn pictures(folder: &Path, frame: &str) -> Result<Vec<PathBuf>> {
    let fail = |error| format!("{}: {error}", folder.display());
    let is_one = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(frame) && name.ends_with(".pgm")
    };
    let entries = fs::read_dir(folder).map_err(fail)?;
    let mut files: Vec<PathBuf> =
        entries.filter_map(std::result::Result::ok).map(|entry| entry.path()).filter(is_one).collect();
    files.sort();
    if files.is_empty() { Err(format!("no {frame} frames in {}", folder.display())) } else { Ok(files) }
}

/// What is counted has to do its work: every frame has to give its text, and frames without one nothing.
fn expect_texts(files: &[PathBuf], scanner: &str, times: u64) -> Result<()> {
    let read = output(scan(scanner, times).args(files)).ok_or("scan_files failed")?;
    if read.lines().count() != files.len() {
        return Err(format!("scan_files said this of {} files:\n{read}", files.len()));
    }
    for (file, read) in files.iter().zip(read.lines()) {
        let text = fs::read_to_string(file.with_extension("txt")).unwrap_or_default();
        if read != text {
            return Err(format!("{} ({scanner}) was read as {read:?} instead of {text:?}", file.display()));
        }
    }
    Ok(())
}

fn instructions(files: &[PathBuf], scanner: &str, times: u64) -> Result<u64> {
    let scan = scan(scanner, times);
    let mut valgrind = program("valgrind", &root());
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    let result = valgrind.arg(scan.get_program()).args(scan.get_args()).args(files).output();
    let output = result.map_err(|error| format!("cannot start valgrind: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stderr);
    let collected = if output.status.success() { collected(&printed) } else { None };
    collected.ok_or_else(|| format!("valgrind failed:\n{printed}"))
}

/// The number that callgrind prints at its end.
fn collected(printed: &str) -> Option<u64> {
    printed.lines().find_map(|line| line.split_once("Collected :"))?.1.trim().parse().ok()
}

fn scan(scanner: &str, times: u64) -> Command {
    let program_path = made(".").map(|target| target.join("release/examples/scan_files")).unwrap_or_default();
    let mut command = program(&program_path.to_string_lossy(), &root());
    command.args([scanner, &times.to_string()]);
    command
}
