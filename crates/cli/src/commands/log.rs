//! `propusk log`: what was scanned here, the proof of it, and what an inspector and a data-protection officer need.

mod anomalies;
mod export;
mod exported;
mod proof;
mod report;
mod retention;
mod witnessed;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use scanlog::Entry;
use serde_json::{Value, json};
use station::Folder;
use station::view::rfc3339;

use crate::exit::{Failure, Outcomes};
use crate::terminal::{self, say};

/// What `verify` says besides: whoever has the key can sign another log.
const KEY_EXPOSED: &str =
    "  CARE: other users of this machine may read device.key: let its owner alone read it (chmod 600)";

/// One line: a name and a key of 32 bytes.
const MAX_VERIFIER_BYTES: u64 = 4096;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Show the last entries, newest first
    Show {
        /// How many entries at the most
        #[arg(long, default_value_t = 20, value_name = "N")]
        last: u64,
        #[command(flatten)]
        at: Place,
    },
    /// Prove that no entry was changed, added or taken away, and that the device signed them
    Verify {
        /// An export's folder, instead of a station's
        #[arg(value_name = "EXPORT", conflicts_with = "station")]
        export: Option<PathBuf>,
        /// With an export: the station's public key, its device.pub or the text in it
        #[arg(long, value_name = "KEY", requires = "export")]
        key: Option<String>,
        #[command(flatten)]
        at: Place,
    },
    /// Write entries to a folder that proves itself without the device
    Export(export::Args),
    /// Write a report to print (PDF) on a log or an export of one
    Report(report::Args),
    /// Write what an inspector's device needs to cosign the log: a text that one QR code holds
    Checkpoint(witnessed::Checkpoint),
    /// Take an inspector's cosignature into the log
    Witnessed(witnessed::Take),
    /// List what an inspector should look at: one person often, refusals in a row, gaps, steps of the clock
    Anomalies(anomalies::Args),
    /// Erase scans that are older than they are kept; the station does so by itself once a day
    Purge {
        #[command(flatten)]
        at: Place,
    },
    /// Write the signed record of what was erased, for a data-protection officer
    Destruction(retention::Record),
}

#[derive(clap::Args)]
pub struct Place {
    /// The station's folder (default: the user's own)
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
    /// Answer in JSON
    #[arg(long)]
    json: bool,
}

pub fn run(command: &Command) -> Outcomes {
    match command {
        Command::Show { last, at } => show(*last, at),
        Command::Verify { export: Some(export), key, at } => exported::run(export, key.as_deref(), at.json),
        Command::Verify { at, .. } => verify(at),
        Command::Export(args) => export::run(args),
        Command::Report(args) => report::run(args),
        Command::Checkpoint(args) => witnessed::checkpoint(args),
        Command::Witnessed(args) => witnessed::take(args),
        Command::Anomalies(args) => anomalies::run(args),
        Command::Purge { at } => retention::purge(at),
        Command::Destruction(args) => retention::record(args),
    }
}

fn show(last: u64, at: &Place) -> Outcomes {
    let log = scanlog::Reader::open(&folder(at)?.log())?;
    for entry in log.newest(None, u32::try_from(last).unwrap_or(u32::MAX))? {
        if at.json { say(entry_json(&entry))? } else { say(entry_line(&entry))? }
    }
    Ok(ExitCode::SUCCESS)
}

fn verify(at: &Place) -> Outcomes {
    let folder = folder(at)?;
    let expected = verifier(&folder)?;
    let report = scanlog::verify(&folder.log(), Some(&expected.key))?;
    let origin = report.checkpoint.as_ref().map(|checkpoint| checkpoint.origin.as_str());
    let proven = report.holds() && origin == Some(&expected.name);
    if at.json {
        say(proof::json(&report, proven))?;
    } else {
        say(proof::lines(&report, proven, &expected.name))?;
        // A folder that was copied to be proven may come without its secrets.
        if station::key_place(&folder).is_ok_and(|place| place == station::KeyPlace::ExposedFile) {
            say(KEY_EXPOSED)?;
        }
    }
    Ok(if proven { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn folder(at: &Place) -> Result<Folder, Failure> {
    let folder = Folder::new(&terminal::station_dir(at.station.as_ref())?);
    if !folder.log().try_exists().map_err(Failure::file(&folder.log()))? {
        return Err(Failure::new(format!(
            "no scan log in {}: name the station's folder with --station DIR",
            folder.root().display()
        )));
    }
    Ok(folder)
}

/// The public key that the device left when it was set up.
fn verifier(folder: &Folder) -> Result<scanlog::note::Verifier, Failure> {
    let path = folder.verifier();
    let unusable = |what: &str| {
        Failure::new(format!(
            "{}: the device's public key is {what}, and without it nothing is proven: copy it from the device",
            path.display()
        ))
    };
    let bytes = match device_file(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(unusable("missing")),
        bytes => bytes.map_err(Failure::file(&path))?,
    };
    let text = std::str::from_utf8(&bytes).map_err(|_| unusable("damaged (no text)"))?;
    scanlog::note::Verifier::parse(text.trim_end()).map_err(|error| unusable(&format!("damaged ({error})")))
}

/// The start of a plain file: a pipe is not opened, it may never begin.
fn device_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    if std::fs::metadata(path)?.is_file() {
        File::open(path)?.take(MAX_VERIFIER_BYTES).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn entry_line(entry: &Entry) -> String {
    let content = &entry.content;
    let about = match content.outcome {
        // Of an event, the stage is the role that it is about.
        scanlog::Outcome::Event => Some(&content.stage),
        _ => content.kind.as_ref(),
    };
    format!(
        "{:>6}  {}  {:<11}  {}{}{}{}",
        entry.index,
        rfc3339(content.at),
        content.outcome.name(),
        content.reason,
        about.map(|about| format!(" ({about})")).unwrap_or_default(),
        content.operator.map(|number| format!("  operator {number}")).unwrap_or_default(),
        if content.demo { "  DEMO" } else { "" },
    )
}

fn entry_json(entry: &Entry) -> Value {
    let content = &entry.content;
    json!({
        "index": entry.index,
        "at": rfc3339(content.at),
        "verdict": content.outcome.name(),
        "reason": content.reason,
        "stage": content.stage,
        "kind": content.kind,
        "identity": content.identity.map(hex),
        "person": content.person.map(hex),
        "key_set_version": content.key_set_version,
        "demo": content.demo,
        "operator": content.operator,
    })
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
