//! `propusk log export`: entries to take away, with their proof.

use std::path::PathBuf;
use std::process::ExitCode;

use export::{Format, Request};
use key_store::SystemKeyStore;
use serde_json::json;

use super::{Place, folder, hex};
use crate::exit::{Failure, Outcomes};
use crate::terminal::{self, parse_time, say};

#[derive(clap::Args)]
pub struct Args {
    /// The folder to export to; it must not be there yet, or be empty
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// How entries are written
    #[arg(long, value_enum, default_value_t = As::Csv)]
    format: As,
    /// From this time on (RFC 3339); by default from the first entry
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    from: Option<i64>,
    /// Before this time (RFC 3339); by default to the last entry
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    until: Option<i64>,
    #[command(flatten)]
    at: Place,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum As {
    /// A table, safe to open in a spreadsheet
    Csv,
    /// JSON, an object a line
    Jsonl,
    /// Columns for databases (Apache Parquet)
    Parquet,
}

pub fn run(args: &Args) -> Outcomes {
    let folder = folder(&args.at)?;
    if args.from.zip(args.until).is_some_and(|(from, until)| until < from) {
        return Err(Failure::new("--until is before --from: give them the other way round"));
    }
    let format = match args.format {
        As::Csv => Format::Csv,
        As::Jsonl => Format::JsonLines,
        As::Parquet => Format::Parquet,
    };
    let request = Request { from: args.from, until: args.until, format, exported_at: terminal::now() };
    let reader = scanlog::Reader::open(&folder.log())?;
    let device = station::device_key(&folder, &SystemKeyStore)?;
    let mut progress = terminal::progress("export");
    let manifest = export::export(&reader, &device.signing, &request, &args.to, &mut |done, all| {
        progress.at(done, all);
    })?;
    drop(progress);
    let count = manifest.end - manifest.first;
    if args.at.json {
        say(json!({
            "folder": args.to.display().to_string(),
            "origin": manifest.log.name,
            "key": manifest.log.to_string(),
            "first": manifest.first,
            "end": manifest.end,
            "size": manifest.size,
            "root": hex(manifest.root),
        }))?;
    } else {
        let range = match count {
            0 => "no entry is in that time; that the log has so many is proven".to_owned(),
            _ => format!("entries {} to {}", manifest.first, manifest.end - 1),
        };
        say(format!("exported {count} of {} entries to {}", manifest.size, args.to.display()))?;
        say(format!("  {range}"))?;
        say(format!("  signed by {}", credential::display::escape(&manifest.log.name)))?;
        say(format!("next: propusk log verify {}", args.to.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}
