//! `propusk issue`: a register of people in, passes out.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use issuer::render::{self, Sheet};
use issuer::{Authority, Issued, Places, Register};
use station::view::rfc3339;

use crate::exit::{self, Failure, Outcomes};
use crate::terminal::{self, say, tell};

/// Pixels of a module in a PNG: a typical pass becomes about 600 pixels wide.
const PNG_SCALE: u32 = 6;
/// Progress is told after so many passes.
const TELL_EVERY: u64 = 1_000;

#[derive(clap::Args)]
pub struct Args {
    /// Register of people: CSV or JSON (by its ending), or `-` for CSV on standard input
    #[arg(value_name = "REGISTER")]
    register: PathBuf,
    /// The authority's private key file (see `propusk keys new`); the demo authority's when left out
    #[arg(long, value_name = "FILE")]
    authority: Option<PathBuf>,
    /// The station whose demo authority issues, when no authority is named (default: the user's own)
    #[arg(long, value_name = "DIR", conflicts_with = "authority")]
    station: Option<PathBuf>,
    /// Folder for the passes, made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Which files to write for each pass
    #[arg(long = "as", value_name = "FORMAT", value_delimiter = ',', default_value = "text,png,pdf")]
    formats: Vec<Format>,
    /// Issue as of this time (RFC 3339) instead of the clock's
    #[arg(long, value_name = "RFC3339", value_parser = terminal::parse_time)]
    now: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
enum Format {
    /// The code's text
    Text,
    /// A picture of the code
    Png,
    /// A drawing of the code
    Svg,
    /// A page to print
    Pdf,
}

pub fn run(args: &Args) -> Outcomes {
    let authority_file = authority_file(args)?;
    let authority = read_authority(&authority_file)?;
    let formats: BTreeSet<Format> = args.formats.iter().copied().collect();
    let now = args.now.unwrap_or_else(terminal::now);
    let mut register = open_register(&args.register)?;
    fs::create_dir_all(&args.out).map_err(Failure::file(&args.out))?;
    let mut places = Places::open(&authority_file)?;
    let mut list = List::open(&args.out)?;
    let (mut issued, mut left_out) = (0_u64, 0_u64);
    while let Some(row) = register.next() {
        let row = row.map_err(|error| error.to_string());
        let pass = row.and_then(|record| {
            let pass = authority.issue_pass(&record, places.next(), now);
            pass.map(|pass| (record, pass)).map_err(|error| format!("line {}: {error}", register.line()))
        });
        match pass {
            Ok((record, pass)) => {
                places.take()?;
                write_pass(&args.out, &formats, &Sheet::new(&authority, &record, &pass), pass.status_index)?;
                list.add(&pass)?;
                issued += 1;
            }
            Err(error) => {
                complain(&args.register, &error);
                left_out += 1;
            }
        }
        if (issued + left_out) % TELL_EVERY == 0 {
            tell(&format!("{issued} passes made"));
        }
    }
    list.finish()?;
    say(format!("passes made: {issued}, rows left out: {left_out}, in {}", args.out.display()))?;
    Ok(if left_out > 0 { exit::failed() } else { ExitCode::SUCCESS })
}

fn authority_file(args: &Args) -> Result<PathBuf, Failure> {
    if let Some(file) = &args.authority {
        return Ok(file.clone());
    }
    let dir = terminal::station_dir(args.station.as_ref())?;
    let file = station::demo::authority_file(&station::Folder::new(&dir));
    if !file.exists() {
        return Err(Failure::new(format!(
            "no demo authority in {}: name an authority with --authority FILE, or make a demo with `propusk demo`",
            dir.display()
        )));
    }
    Ok(file)
}

/// Reads an authority's private key file.
pub fn read_authority(path: &Path) -> Result<Authority, Failure> {
    let text = fs::read_to_string(path).map_err(Failure::file(path))?;
    Authority::from_json(&text).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

fn open_register(path: &Path) -> Result<Register<Box<dyn Read>>, Failure> {
    if path == Path::new("-") {
        return Ok(Register::from_csv(Box::new(std::io::stdin()) as Box<dyn Read>)?);
    }
    let file = File::open(path).map_err(Failure::file(path))?;
    let reader: Box<dyn Read> = Box::new(BufReader::new(file));
    let json = path
        .extension()
        .is_some_and(|ending| ["json", "jsonl"].iter().any(|json| ending.eq_ignore_ascii_case(json)));
    let register = if json { Register::from_json(reader) } else { Register::from_csv(reader) };
    register.map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

/// A pass's files are named by its place in the status list: names of people do not belong in file names.
fn write_pass(out: &Path, formats: &BTreeSet<Format>, sheet: &Sheet, index: u64) -> Result<(), Failure> {
    for format in formats {
        let (ending, bytes) = match format {
            Format::Text => ("txt", format!("{}\n", sheet.text).into_bytes()),
            Format::Png => ("png", render::png(&sheet.text, PNG_SCALE)?),
            Format::Svg => ("svg", render::svg(&sheet.text)?.into_bytes()),
            Format::Pdf => ("pdf", render::pdf(std::slice::from_ref(sheet))?),
        };
        let path = out.join(format!("{index:07}.{ending}"));
        fs::write(&path, bytes).map_err(Failure::file(&path))?;
    }
    Ok(())
}

/// A row without a pass: told at once, on standard error, and the rest goes on.
fn complain(register: &Path, error: &str) {
    let line = credential::display::escape(&format!("{}: {error}", register.display()));
    let _ = writeln!(std::io::stderr(), "propusk: {line}");
}

/// The issuer's own list of what was issued: what a later revocation needs.
struct List {
    path: PathBuf,
    file: BufWriter<File>,
}

impl List {
    fn open(out: &Path) -> Result<Self, Failure> {
        let path = out.join("issued.csv");
        let new = !path.exists();
        let file = File::options().append(true).create(true).open(&path).map_err(Failure::file(&path))?;
        let mut list = Self { path, file: BufWriter::new(file) };
        if new {
            list.line("status_index,id,issued_at,valid_from,valid_until")?;
        }
        Ok(list)
    }

    fn add(&mut self, pass: &Issued) -> Result<(), Failure> {
        let [issued_at, from, until] = [pass.issued_at, pass.valid_from, pass.valid_until].map(rfc3339);
        let id = pass.id.replace('"', "\"\"");
        self.line(&format!("{},\"{id}\",{issued_at},{from},{until}", pass.status_index))
    }

    fn finish(mut self) -> Result<(), Failure> {
        let synced = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        synced.map_err(Failure::file(&self.path))
    }

    fn line(&mut self, line: &str) -> Result<(), Failure> {
        writeln!(self.file, "{line}").map_err(Failure::file(&self.path))
    }
}
