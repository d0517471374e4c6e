//! `propusk issue`: a register of people in, passes out.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use credential::Kind;
use issuer::render::{self, Sheet};
use issuer::{Authority, Issued, Places, Problem, Record, Register};
use station::view::rfc3339;

use crate::exit::{self, Failure, Outcomes};
use crate::files;
use crate::terminal::{self, say, tell};

/// Pixels of a module in a PNG: a typical pass becomes about 600 pixels wide.
const PNG_SCALE: u32 = 6;
/// Progress is told after so many passes.
const TELL_EVERY: u64 = 1_000;
/// The list is synced to the disk after so many lines: a power cut loses no more of them.
const SYNC_EVERY: u32 = 256;
/// Longest authority's key file in bytes; a full one has under 2 KB.
const MAX_AUTHORITY: u64 = 64 * 1024;

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
    /// The kind of rows that name none: the register needs no column `kind` then
    #[arg(long, value_name = "KIND")]
    kind: Option<KindName>,
    /// Which files to write for each pass
    #[arg(long = "as", value_name = "FORMAT", value_delimiter = ',', default_value = "text,png,pdf")]
    formats: Vec<Format>,
    /// Issue as of this time (RFC 3339) instead of the clock's
    #[arg(long, value_name = "RFC3339", value_parser = terminal::parse_time)]
    now: Option<i64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindName {
    /// A vaccination certificate
    Vaccination,
    /// A test certificate
    Test,
    /// A certificate of recovery
    Recovery,
    /// A resident's or benefit card
    Card,
    /// A staff badge
    Badge,
    /// An appointment: a time and a place
    Appointment,
    /// A ticket: for so many uses, in some zones
    Ticket,
}

impl From<KindName> for Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Vaccination => Self::Vaccination,
            KindName::Test => Self::Test,
            KindName::Recovery => Self::Recovery,
            KindName::Card => Self::Card,
            KindName::Badge => Self::Badge,
            KindName::Appointment => Self::Appointment,
            KindName::Ticket => Self::Ticket,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
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
    let authority_file = authority_file(args.authority.as_ref(), args.station.as_ref())?;
    let authority = read_authority(&authority_file)?;
    let formats: BTreeSet<Format> = args.formats.iter().copied().collect();
    let now = args.now.unwrap_or_else(terminal::now);
    let mut register = open_register(&args.register, args.kind.map(Kind::from))?;
    let mut row = register.next();
    if row.is_none() {
        return Err(no_rows(&args.register));
    }
    fs::create_dir_all(&args.out).map_err(Failure::file(&args.out))?;
    let mut places = Places::open(&authority_file)?;
    let mut list = List::open(&args.out)?;
    let (mut issued, mut left_out) = (0_u64, 0_u64);
    while let Some(read) = row {
        let drawn = read.map_err(|error| error.to_string()).and_then(|record| {
            let drawn = Drawn::new(&authority, &record, places.next(), now, &formats);
            drawn.map_err(|error| format!("line {}: {error}", register.line()))
        });
        match drawn {
            Ok(drawn) => {
                hand_out(&drawn, &args.out, &mut places, &mut list)?;
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
        row = register.next();
    }
    list.finish()?;
    say(format!("passes made: {issued}, rows left out: {left_out}, in {}", args.out.display()))?;
    Ok(if left_out > 0 { exit::failed() } else { ExitCode::SUCCESS })
}

/// The key file that was named, or that of a station's demo authority.
pub fn authority_file(named: Option<&PathBuf>, station: Option<&PathBuf>) -> Result<PathBuf, Failure> {
    if let Some(file) = named {
        return Ok(file.clone());
    }
    let dir = terminal::station_dir(station)?;
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
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => Failure::new(format!(
            "{}: there is no such file; name an authority's key file, or make one with `propusk keys new`",
            path.display()
        )),
        _ => Failure::file(path)(error),
    })?;
    let authority = match files::bounded(file, MAX_AUTHORITY).map_err(Failure::file(path))? {
        None => Err(issuer::Error::AuthorityFile(format!("it is longer than {MAX_AUTHORITY} bytes"))),
        Some(bytes) => str::from_utf8(&bytes)
            .map_err(|_| issuer::Error::AuthorityFile("it is not UTF-8 text".into()))
            .and_then(Authority::from_json),
    };
    authority.map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

fn open_register(path: &Path, kind: Option<Kind>) -> Result<Register<Box<dyn Read>>, Failure> {
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(BufReader::new(File::open(path).map_err(Failure::file(path))?))
    };
    let json = path
        .extension()
        .is_some_and(|ending| ["json", "jsonl"].iter().any(|json| ending.eq_ignore_ascii_case(json)));
    let register =
        if json { Register::from_json_of(reader, kind) } else { Register::from_csv_of(reader, kind) };
    register.map_err(|error| match error.problem {
        Problem::NoHeader => no_rows(path),
        _ => Failure::new(format!("{}: {error}", path.display())),
    })
}

fn no_rows(register: &Path) -> Failure {
    Failure::new(format!(
        "{}: there are no rows in it, so that no pass was made; look whether it is the right register",
        register.display()
    ))
}

/// A pass with its files, none of which is written yet.
struct Drawn {
    pass: Issued,
    files: Vec<(&'static str, Vec<u8>)>,
}

impl Drawn {
    fn new(
        authority: &Authority,
        record: &Record,
        place: u64,
        now: i64,
        formats: &BTreeSet<Format>,
    ) -> Result<Self, issuer::Error> {
        let pass = authority.issue_pass(record, place, now)?;
        let sheet = Sheet::new(authority, record, &pass);
        let files = formats.iter().map(|format| Ok((format.ending(), format.draw(&sheet)?)));
        let files = files.collect::<Result<_, issuer::Error>>()?;
        Ok(Self { pass, files })
    }
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Pdf => "pdf",
        }
    }

    fn draw(self, sheet: &Sheet) -> Result<Vec<u8>, issuer::Error> {
        Ok(match self {
            Self::Text => format!("{}\n", sheet.text).into_bytes(),
            Self::Png => render::png(&sheet.text, PNG_SCALE)?,
            Self::Svg => render::svg(&sheet.text)?.into_bytes(),
            Self::Pdf => render::pdf(std::slice::from_ref(sheet))?,
        })
    }
}

/// Its line in the list comes first: a line without its pass is harmless, a pass without its
/// line could never be revoked.
fn hand_out(drawn: &Drawn, out: &Path, places: &mut Places, list: &mut List) -> Result<(), Failure> {
    let index = drawn.pass.status_index;
    let taken = Format::value_variants().iter().map(|format| pass_path(out, index, format.ending()));
    if let Some(path) = taken.into_iter().find(|path| path.exists()) {
        return Err(another_pass(&path));
    }
    places.take()?;
    list.add(&drawn.pass)?;
    for (ending, bytes) in &drawn.files {
        let path = pass_path(out, index, ending);
        let file = File::options().write(true).create_new(true).open(&path);
        file.and_then(|mut file| file.write_all(bytes)).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => another_pass(&path),
            _ => Failure::file(&path)(error),
        })?;
    }
    Ok(())
}

/// A pass's files are named by its place in the status list: names of people do not belong in file names.
fn pass_path(out: &Path, index: u64, ending: &str) -> PathBuf {
    out.join(format!("{index:07}.{ending}"))
}

fn another_pass(path: &Path) -> Failure {
    Failure::new(format!(
        "{}: a pass with this place is there already and is not written over; name another folder with \
         --out, and if that pass is this authority's, correct its .next-place file",
        path.display()
    ))
}

/// A row without a pass: told at once, on standard error, and the rest goes on.
fn complain(register: &Path, error: &str) {
    let line = exit::one_line(&format!("{}: {error}", register.display()));
    let _ = writeln!(io::stderr(), "propusk: {line}");
}

/// The issuer's own list of what was issued: what a later revocation needs.
struct List {
    path: PathBuf,
    file: File,
    unsynced: u32,
}

impl List {
    fn open(out: &Path) -> Result<Self, Failure> {
        let path = out.join("issued.csv");
        let file = File::options().read(true).append(true).create(true).open(&path);
        let mut list = Self { file: file.map_err(Failure::file(&path))?, path, unsynced: 0 };
        match list.last_byte().map_err(Failure::file(&list.path))? {
            None => list.line("status_index,id,issued_at,valid_from,valid_until")?,
            Some(b'\n') => {}
            Some(_) => list.line("")?, // the half line of a run that was cut off
        }
        Ok(list)
    }

    fn add(&mut self, pass: &Issued) -> Result<(), Failure> {
        let [issued_at, from, until] = [pass.issued_at, pass.valid_from, pass.valid_until].map(rfc3339);
        let id = pass.id.replace('"', "\"\"");
        self.line(&format!("{},\"{id}\",{issued_at},{from},{until}", pass.status_index))?;
        self.unsynced += 1;
        if self.unsynced < SYNC_EVERY { Ok(()) } else { self.sync() }
    }

    fn finish(mut self) -> Result<(), Failure> {
        self.sync()
    }

    fn sync(&mut self) -> Result<(), Failure> {
        self.unsynced = 0;
        self.file.sync_all().map_err(Failure::file(&self.path))
    }

    /// Handed to the system in one piece, at once: our own end cannot lose or halve it.
    fn line(&mut self, line: &str) -> Result<(), Failure> {
        self.file.write_all(format!("{line}\n").as_bytes()).map_err(Failure::file(&self.path))
    }

    fn last_byte(&mut self) -> io::Result<Option<u8>> {
        if self.file.seek(SeekFrom::End(0))? == 0 {
            return Ok(None);
        }
        let mut byte = [0];
        self.file.seek(SeekFrom::End(-1))?;
        self.file.read_exact(&mut byte)?;
        Ok(Some(byte[0]))
    }
}
