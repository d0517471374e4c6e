//! `propusk keys refresh`: a station takes newer keys into use, after it has shown what changes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;
use trust::source::Source;
use trust::{Change, Refreshed, Store};

use super::{web, words};
use crate::exit::{Failure, Outcomes};
use crate::terminal::{self, say};

#[derive(clap::Args)]
pub struct Args {
    /// The published keys: a folder, a zip file, or the address of either (https://…)
    #[arg(value_name = "SOURCE")]
    source: String,
    /// The station's folder (default: the user's own)
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
    /// Only show what would change
    #[arg(long)]
    dry_run: bool,
    /// Answer in JSON; changes nothing without --yes
    #[arg(long)]
    json: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub fn run(args: &Args) -> Outcomes {
    let folder = station::Folder::new(&terminal::station_dir(args.station.as_ref())?);
    if !folder.nameplate().try_exists().map_err(Failure::file(&folder.nameplate()))? {
        return Err(station::Error::NoStation(folder.root().to_owned()).into());
    }
    let store = Store::open(&folder.trust())?;
    let source = Kept { source: web::open(&args.source)?, files: RefCell::default() };
    let now = terminal::now();
    let change = store.preview(&source, now)?;
    if !args.json {
        words::change(&change).into_iter().try_for_each(say)?;
    }
    if change.is_empty() || args.dry_run {
        return told(args, &change, false);
    }
    if args.json && !args.yes {
        return Err(Failure::new(
            "--json asks nothing: say --yes to take the keys into use, or --dry-run to look",
        ));
    }
    if !args.yes && !terminal::ask("Take these keys into use?")? {
        say("nothing was changed")?;
        return Ok(ExitCode::FAILURE);
    }
    match store.refresh_from(&source, now)? {
        Refreshed::Updated(change) => told(args, &change, true),
        Refreshed::Unchanged { .. } => told(args, &change, false),
    }
}

fn told(args: &Args, change: &Change, updated: bool) -> Outcomes {
    if args.json {
        say(json!({"updated": updated, "change": change}))?;
    } else if updated {
        say(format!("key set version {} is in use now", change.to.version))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What was shown is what comes into use, whatever happens to the source in between.
struct Kept {
    source: Box<dyn Source>,
    files: RefCell<BTreeMap<String, Option<Vec<u8>>>>,
}

impl Source for Kept {
    fn read(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, trust::Error> {
        if let Some(kept) = self.files.borrow().get(name) {
            return Ok(kept.clone());
        }
        let bytes = self.source.read(name, limit)?;
        self.files.borrow_mut().insert(name.to_owned(), bytes.clone());
        Ok(bytes)
    }
}
