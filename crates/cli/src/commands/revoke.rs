//! `propusk revoke`: an authority's passes taken back, its status list published, and what others
//! publish of theirs made ready to be published.

mod hash_lists;
mod list;
mod target;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use issuer::issued::{self, IssuedLine, PlacesById};
use issuer::{Authority, Mark, RevokedPasses};

use super::issue::{authority_file, read_authority};
use crate::exit::{Failure, Outcomes};
use crate::files;
use crate::terminal::{self, say};

/// The longest file of passes to revoke, in bytes: a million lines of `issued.csv`.
const MAX_FILE: u64 = 256 << 20;

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Identifiers of certificates, such as URN:UVCI:01:RU:0123456789ABCDEF#4
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Places in the status list (column status_index of issued.csv)
    #[arg(long = "index", value_name = "N")]
    places: Vec<u64>,
    /// A file with one pass a line: identifier, place, or line of issued.csv; `-` for standard input
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// The lists to look identifiers up in; without any, only those that the authority made itself are found
    #[arg(long, value_name = "ISSUED.CSV")]
    issued: Vec<PathBuf>,
    /// Why, in a few words: kept beside the key and shown by --list, never published
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    /// Let the passes count again
    #[arg(long)]
    restore: bool,
    /// Show what is revoked, and what was restored
    #[arg(long, conflicts_with_all = ["ids", "places", "from", "restore", "publish"])]
    list: bool,
    /// Answer in JSON
    #[arg(long, requires = "list")]
    json: bool,
    /// Write the status list that stations get, e.g. status.clinic.cbor
    #[arg(long, value_name = "FILE", conflicts_with_all = ["ids", "places", "from", "restore"])]
    publish: Option<PathBuf>,
    /// Write only what changed since this status list was published as a whole
    #[arg(long, value_name = "STATUS LIST", requires = "publish")]
    delta_of: Option<PathBuf>,
    /// The authority's private key file; the demo authority's when left out
    #[arg(long, value_name = "FILE")]
    authority: Option<PathBuf>,
    /// The station whose demo authority it is, when no authority is named (default: the user's own)
    #[arg(long, value_name = "DIR", conflicts_with = "authority")]
    station: Option<PathBuf>,
    /// Note this time (RFC 3339) instead of the clock's
    #[arg(long, value_name = "RFC3339", value_parser = terminal::parse_time)]
    now: Option<i64>,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Make lists of revoked hashes out of others' (EU batches in JSON, or text with one a line)
    Import(hash_lists::Args),
}

pub fn run(args: &Args) -> Outcomes {
    if let Some(Command::Import(args)) = &args.command {
        return hash_lists::import(args);
    }
    let file = authority_file(args.authority.as_ref(), args.station.as_ref())?;
    let authority = read_authority(&file)?;
    let mut passes = RevokedPasses::open(&file, &authority)?;
    if args.list {
        list::show(&passes, args.json)
    } else if let Some(target) = &args.publish {
        target::publish(&authority, &passes, target, args.delta_of.as_deref())
    } else {
        mark(args, &authority, &mut passes)
    }
}

fn mark(args: &Args, authority: &Authority, passes: &mut RevokedPasses) -> Outcomes {
    let named = Named::read(args)?;
    let found = named.look_up(args, authority, passes.given_out())?;
    let at = args.now.unwrap_or_else(terminal::now);
    let mark = |(place, id): (u64, Option<String>)| Mark {
        place,
        revoked: !args.restore,
        at,
        id,
        reason: args.reason.clone(),
    };
    let asked = found.len();
    let changed = passes.mark(found.into_iter().map(mark).collect())?;
    let (done, before) = if args.restore { ("restored", "not revoked") } else { ("revoked", "revoked") };
    say(format!("passes {done}: {changed}, {before} before: {}", asked - changed))?;
    if changed > 0 {
        say("stations learn it from the status list: write that with --publish, and publish it")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The passes that the command names, in the three ways in which it can.
#[derive(Default)]
struct Named {
    ids: BTreeSet<String>,
    places: Vec<u64>,
    lines: Vec<IssuedLine>,
}

impl Named {
    fn read(args: &Args) -> Result<Self, Failure> {
        let mut named = Self { places: args.places.clone(), ..Self::default() };
        named.ids.extend(args.ids.iter().cloned());
        if let Some(path) = &args.from {
            named.read_lines(&contents(path)?);
        }
        if named.ids.is_empty() && named.places.is_empty() && named.lines.is_empty() {
            return Err(Failure::new(
                "no pass is named: give identifiers, --index N or --from FILE; or --list, --publish FILE",
            ));
        }
        Ok(named)
    }

    fn read_lines(&mut self, text: &str) {
        let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with("status_index,")) {
            if let Ok(place) = line.parse() {
                self.places.push(place);
            } else if let Some(issued) = IssuedLine::parse(line) {
                self.lines.push(issued);
            } else {
                self.ids.insert(line.to_owned());
            }
        }
    }

    /// The places, each with the identifier that it was found by.
    fn look_up(
        self,
        args: &Args,
        authority: &Authority,
        given_out: u64,
    ) -> Result<Vec<(u64, Option<String>)>, Failure> {
        let mut found: Vec<_> = self.places.into_iter().map(|place| (place, None)).collect();
        let mut lines = self.lines;
        for (id, places) in find(&self.ids, &args.issued, authority, given_out)? {
            lines.extend(places.into_iter().map(|place| IssuedLine { place, id: id.clone() }));
        }
        for line in lines {
            if !authority.can_have_issued(&line) {
                return Err(another_authority(&line));
            }
            found.push((line.place, Some(line.id)));
        }
        Ok(found)
    }
}

fn find(
    ids: &BTreeSet<String>,
    lists: &[PathBuf],
    authority: &Authority,
    given_out: u64,
) -> Result<PlacesById, Failure> {
    let mut found = PlacesById::new();
    if ids.is_empty() {
        return Ok(found);
    }
    for path in lists {
        let list = BufReader::new(File::open(path).map_err(Failure::file(path))?);
        for (id, places) in issued::find(list, ids).map_err(Failure::file(path))? {
            found.entry(id).or_default().extend(places);
        }
    }
    if lists.is_empty() {
        found = authority.find_made(ids, given_out);
    }
    let missing: Vec<_> = ids.iter().filter(|id| !found.contains_key(*id)).collect();
    match missing.as_slice() {
        [] => Ok(found),
        [first, ..] => Err(unknown(first, missing.len(), lists)),
    }
}

fn unknown(id: &str, missing: usize, lists: &[PathBuf]) -> Failure {
    let more = if missing > 1 { format!(" (and {} more)", missing - 1) } else { String::new() };
    Failure::new(match lists {
        [] => format!(
            "{id}{more}: this authority made no certificate with this identifier; if the register gave it, name the \
             list that it stands in with --issued ISSUED.CSV. Nothing was changed"
        ),
        _ => format!(
            "{id}{more}: not in the lists that were named; name the one it stands in. Nothing was changed"
        ),
    })
}

fn another_authority(line: &IssuedLine) -> Failure {
    Failure::new(format!(
        "{}: this authority makes another identifier for place {}, so this list is another authority's: name the \
         authority's own, or, if the register gave the identifier, --index {}. Nothing was changed",
        line.id, line.place, line.place
    ))
}

fn contents(path: &Path) -> Result<String, Failure> {
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(Failure::file(path))?)
    };
    let bytes = files::bounded(reader, MAX_FILE).map_err(Failure::file(path))?;
    let bytes = bytes
        .ok_or_else(|| Failure::new(format!("{}: more than {MAX_FILE} bytes: divide it", path.display())))?;
    String::from_utf8(bytes).map_err(|_| Failure::new(format!("{}: not UTF-8 text", path.display())))
}
