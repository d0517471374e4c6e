//! `propusk log checkpoint|witnessed`: to an inspector's device and back.

use std::path::PathBuf;
use std::process::ExitCode;

use key_store::SystemKeyStore;
use scanlog::{Reader, Witnessed};
use station::Station;
use station::view::rfc3339;

use super::{Place, folder, verifier};
use crate::commands::letter::{self, Out};
use crate::exit::{Failure, Outcomes, one_line};
use crate::terminal::{self, say};

#[derive(clap::Args)]
pub struct Checkpoint {
    /// For this inspector, by the name of their device (default: whoever cosigned last)
    #[arg(long, value_name = "NAME", conflicts_with = "since")]
    witness: Option<String>,
    /// For a device that has seen so many entries (0: one that has not been here)
    #[arg(long, value_name = "N")]
    since: Option<u64>,
    #[command(flatten)]
    out: Out,
    /// The station's folder (default: the user's own)
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
}

#[derive(clap::Args)]
pub struct Take {
    /// The inspector's answer: a text, a picture of its QR code, or `-` for standard input
    #[arg(value_name = "FILE")]
    answer: PathBuf,
    /// Take a device that has not cosigned here before: its key was compared with what it shows itself
    #[arg(long)]
    new_witness: bool,
    /// The station's folder (default: the user's own)
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
}

pub fn checkpoint(args: &Checkpoint) -> Outcomes {
    let folder = folder(&Place { station: args.station.clone(), json: false })?;
    let reader = Reader::open(&folder.log())?;
    let witnesses = reader.witnesses()?;
    for witnessed in &witnesses {
        terminal::tell(&seen(witnessed));
    }
    let since = match (&args.witness, args.since) {
        (Some(name), _) => named(&witnesses, name)?,
        (None, Some(since)) => since,
        (None, None) => witnesses.iter().max_by_key(|witnessed| witnessed.at).map_or(0, |last| last.size),
    };
    args.out.give(&reader.witness_request(verifier(&folder)?, since)?.to_string())?;
    Ok(ExitCode::SUCCESS)
}

pub fn take(args: &Take) -> Outcomes {
    let answer = letter::read(&args.answer)?;
    let dir = terminal::station_dir(args.station.as_ref())?;
    let mut station =
        Station::open(&dir, &SystemKeyStore, terminal::random())?.not_before(station::RELEASED_AT);
    let taken = station.take_cosignature(&answer, args.new_witness, terminal::now())?;
    say(format!("taken: {}", seen(&taken)))?;
    Ok(ExitCode::SUCCESS)
}

/// How many entries the device with this name has seen.
fn named(witnesses: &[Witnessed], name: &str) -> Result<u64, Failure> {
    let found =
        witnesses.iter().filter(|witnessed| witnessed.witness.name == name).map(|witnessed| witnessed.size);
    found.max().ok_or_else(|| {
        Failure::new(format!("{name} has not cosigned here: say --since 0 for a device that is new here"))
    })
}

fn seen(Witnessed { witness, size, at }: &Witnessed) -> String {
    format!(
        "{} (key {}) has seen {size} entries, {}",
        one_line(&witness.name),
        witness.hex_id(),
        rfc3339(*at)
    )
}
