//! `propusk log purge|destruction`: what is erased after its time, and the record of it.

use std::path::PathBuf;
use std::process::ExitCode;

use key_store::SystemKeyStore;
use station::Station;

use super::{Place, folder};
use crate::commands::letter::Out;
use crate::exit::{Failure, Outcomes};
use crate::terminal::{self, say};

#[derive(clap::Args)]
pub struct Record {
    #[command(flatten)]
    out: Out,
    /// The station's folder (default: the user's own)
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
}

pub fn purge(at: &Place) -> Outcomes {
    let mut station = open(at)?;
    let days = station.settings().keep_days;
    let mut steps = vec![];
    // A window erases so many at a time that the door does not wait; here nobody does.
    let wiped = loop {
        let purged = station.purge(terminal::now())?;
        steps.extend(purged.erased);
        if !purged.more {
            break purged.wiped;
        }
    };
    let erased: u64 = steps.iter().map(|(_, purge)| purge.erased).sum();
    let ends = steps.first().zip(steps.last());
    let ends = ends.map(|((_, first), (entry, last))| (entry, first.from, last.end - 1));
    match (at.json, ends) {
        (true, ends) => say(serde_json::json!({
            "keep_days": days,
            "entry": ends.map(|(entry, ..)| entry),
            "from": ends.map(|(_, from, _)| from),
            "last": ends.map(|(.., last)| last),
            "erased": erased,
            "wiped": wiped,
        }))?,
        (false, None) => say(format!("no scan is older than {days} days"))?,
        (false, Some((entry, from, last))) => say(format!(
            "{erased} scans erased among entries {from} to {last}: older than {days} days; entry {entry} tells of it",
        ))?,
    }
    if !wiped {
        return Err(Failure::new(
            "traces of erased scans are left in scanlog.db-wal, because another program is reading the log: close it and \
             run this again",
        ));
    }
    Ok(ExitCode::SUCCESS)
}

pub fn record(args: &Record) -> Outcomes {
    let station = open(&Place { station: args.station.clone(), json: false })?;
    args.out.give(&station.destruction_record(terminal::now())?)?;
    Ok(ExitCode::SUCCESS)
}

fn open(at: &Place) -> Result<Station, Failure> {
    let folder = folder(at)?;
    Ok(Station::open(folder.root(), &SystemKeyStore, terminal::random())?.not_before(station::RELEASED_AT))
}
