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
    let purged = station.purge(terminal::now())?;
    match (at.json, purged.erased) {
        (true, erased) => say(serde_json::json!({
            "keep_days": days,
            "entry": erased.map(|(entry, _)| entry),
            "from": erased.map(|(_, purge)| purge.from),
            "last": erased.map(|(_, purge)| purge.end - 1),
            "erased": erased.map_or(0, |(_, purge)| purge.erased),
            "wiped": purged.wiped,
        }))?,
        (false, None) => say(format!("no scan is older than {days} days"))?,
        (false, Some((entry, purge))) => say(format!(
            "{} scans erased among entries {} to {}: older than {days} days; entry {entry} tells of it",
            purge.erased,
            purge.from,
            purge.end - 1,
        ))?,
    }
    if !purged.wiped {
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
