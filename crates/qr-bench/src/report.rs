//! What a run gave, for people and for programs.

mod page;
mod plot;
mod raw;
mod versus;

use std::path::Path;

use crate::{Result, approach::Approach, reader::Reader, run::Record};

/// A reader's name and what was measured under it.
#[derive(Clone, Debug)]
pub struct Measured {
    /// As in tables.
    pub name: String,
    /// Library, version, settings.
    pub version: String,
}

/// Everything that one run gave.
pub struct Run {
    /// Ours first.
    pub readers: Vec<Measured>,
    /// Picture by picture.
    pub records: Vec<Record>,
    /// Approach by approach.
    pub approaches: Vec<Approach>,
    /// Where it ran: processor, commit.
    pub setting: Vec<(&'static str, String)>,
}

impl Run {
    /// What these readers gave.
    pub fn new(readers: &[Reader], records: Vec<Record>, approaches: Vec<Approach>) -> Self {
        let measured =
            |reader: &Reader| Measured { name: reader.name.to_owned(), version: reader.version.clone() };
        Self { readers: readers.iter().map(measured).collect(), records, approaches, setting: setting() }
    }
}

/// All tables, in Markdown.
pub fn tables(run: &Run) -> String {
    page::page(run)
}

/// Writes `qr.md`, `qr.svg` and `qr.json` into `folder`.
///
/// # Errors
/// A file cannot be written.
pub fn write(run: &Run, folder: &Path) -> Result<()> {
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    std::fs::create_dir_all(folder).map_err(told)?;
    for (name, content) in
        [("qr.md", page::page(run)), ("qr.svg", plot::svg(run)), ("qr.json", raw::json(run))]
    {
        std::fs::write(folder.join(name), content).map_err(told)?;
    }
    Ok(())
}

/// The sums that the main table and the plot show, as far as they were run, with what they are.
const COLUMNS: [(&str, &str); 4] = [
    ("photos/zxing", "ZXing's photographs"),
    ("photos/boofcv", "BoofCV's photographs"),
    ("dcc", "DCC vectors"),
    ("rendered", "camera-like frames"),
];

fn setting() -> Vec<(&'static str, String)> {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")).and_then(|line| line.split_once(": "));
    let git = std::process::Command::new("git").args(["describe", "--always", "--dirty"]).output();
    let commit = git.ok().filter(|output| output.status.success());
    let commit = commit.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    vec![
        ("processor", model.map_or_else(|| std::env::consts::ARCH.into(), |(_, name)| name.to_owned())),
        ("commit", commit.unwrap_or_else(|| "unknown".into())),
    ]
}
