//! `propusk-audit simulate`: what a fleet costs as it grows.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use audit::import::{Options, import};
use audit::questions::QUESTIONS;
use audit::simulate::{Plan, station};
use audit::sql::{Answer, Database};
use audit::{Error, Fleet};
use export::Format;

use crate::{progress, say};

/// How often it is said what the work costs.
const STEPS: u64 = 5;
/// How many stations' exports lie on disk at once.
const BATCH: u64 = 25;

#[derive(clap::Args)]
pub struct Args {
    /// The fleet's folder; it must not be there yet
    #[arg(long, value_name = "FLEET")]
    into: PathBuf,
    /// How many stations
    #[arg(long, default_value_t = 20)]
    devices: u64,
    /// How many days each
    #[arg(long, default_value_t = 10)]
    days: u64,
    /// How many entries a day each
    #[arg(long, default_value_t = 100)]
    entries_a_day: u64,
    /// Another number makes other stations
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Keep the exports in this folder; otherwise each is deleted once it is taken in
    #[arg(long, value_name = "FOLDER")]
    exports: Option<PathBuf>,
}

/// What was spent so far.
#[derive(Clone, Copy, Default)]
struct Spent {
    making: Duration,
    taking: Duration,
    exported: u64,
    entries: u64,
}

pub fn run(args: &Args) -> Result<ExitCode, Error> {
    if args.into.exists() {
        return Err(Error::Query(format!("{}: name a fleet that is not there yet", args.into.display())));
    }
    let (fleet, entries_a_day) = (Fleet::new(&args.into), args.entries_a_day.max(1));
    let (devices, days, seed, format) = (args.devices, args.days, args.seed, Format::Parquet);
    let plan = Plan { devices, days, entries_a_day, seed, format };
    let beside = args.exports.clone().unwrap_or_else(|| args.into.with_extension("exports"));
    say("   entries   making them     proving and taking in     exports        fleet    (a million entries)");
    let (mut bar, mut spent, mut told) = (progress("simulate"), Spent::default(), Spent::default());
    for first in (0..devices).step_by(BATCH as usize) {
        let end = devices.min(first + BATCH);
        batch(&plan, first..end, &fleet, &beside, args.exports.is_none(), &mut spent)?;
        bar.at(end, devices);
        if end * STEPS / devices > first * STEPS / devices {
            tell(&spent, &told, &fleet)?;
            told = spent;
        }
    }
    drop(bar);
    let _ = std::fs::remove_dir(&beside);
    questions(&fleet)
}

fn batch(
    plan: &Plan,
    devices: Range<u64>,
    fleet: &Fleet,
    beside: &Path,
    delete: bool,
    spent: &mut Spent,
) -> Result<(), Error> {
    let started = Instant::now();
    let made = devices.map(|device| station(plan, device, beside)).collect::<Result<Vec<_>, _>>()?;
    let making = started.elapsed();
    let folders: Vec<PathBuf> = made.iter().map(|(folder, _)| folder.clone()).collect();
    let started = Instant::now();
    let outcome = import(fleet, &folders, Options { keys: &[], progress: &mut |_, _| {} })?;
    if let Some(finding) = outcome.findings.first() {
        return Err(Error::Query(format!("a simulated station does not fit: {finding}")));
    }
    spent.taking += started.elapsed();
    spent.making += making;
    spent.exported += made.iter().map(|(_, manifest)| manifest.entries.length).sum::<u64>();
    spent.entries += outcome.entries;
    for folder in folders.into_iter().filter(|_| delete) {
        std::fs::remove_dir_all(&folder).map_err(|source| Error::File { path: folder, source })?;
    }
    Ok(())
}

/// The cost of what came since it was last told, for each million entries.
fn tell(spent: &Spent, told: &Spent, fleet: &Fleet) -> Result<(), Error> {
    let millions = (spent.entries - told.entries) as f64 / 1e6;
    let seconds = |now: Duration, then: Duration| (now - then).as_secs_f64() / millions;
    let exported = (spent.exported - told.exported) as f64 / 1e6 / millions;
    let size = size(&fleet.entries())? as f64 / 1e6 / (spent.entries as f64 / 1e6);
    say(&format!(
        "{:>10}   {:>8.1} s   {:>18.1} s   {exported:>10.0} MB   {size:>7.0} MB",
        spent.entries,
        seconds(spent.making, told.making),
        seconds(spent.taking, told.taking),
    ));
    Ok(())
}

fn questions(fleet: &Fleet) -> Result<ExitCode, Error> {
    let started = Instant::now();
    let database = Database::open(fleet)?;
    say(&format!("open: {:.1} s", started.elapsed().as_secs_f64()));
    for question in QUESTIONS {
        let started = Instant::now();
        let rows = database.ask(question.sql, Answer::Csv, &mut std::io::sink())?;
        say(&format!("{}: {rows} rows, {:.1} s", question.name, started.elapsed().as_secs_f64()));
    }
    Ok(ExitCode::SUCCESS)
}

/// Bytes of all files below a folder.
fn size(folder: &Path) -> Result<u64, Error> {
    let failed = |source| Error::File { path: folder.to_owned(), source };
    let mut sum = 0;
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        sum += if kind.is_dir() { size(&entry.path())? } else { entry.metadata().map_err(failed)?.len() };
    }
    Ok(sum)
}
