//! Lists of revoked hashes out of what others publish.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use credential::Kid;
use trust::hashes::{self, Hash, Kind, import};

use super::target;
use crate::exit::{Failure, Outcomes};
use crate::terminal::{self, say};

/// The largest file that is read, in bytes: as many hashes in base64, with their JSON, as half of the
/// largest list has.
const MAX_FILE: u64 = 384 << 20;

#[derive(clap::Args)]
pub struct Args {
    /// Batches of the EU gateway (JSON without its signature), or text with one hash or identifier a line
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// What the lines of text are the hashes of
    #[arg(long, value_name = "KIND", default_value = "uci")]
    kind: HashKind,
    /// The name of the lists: hashes.ID-KIND.bin
    #[arg(long, value_name = "ID")]
    id: String,
    /// Folder for the lists, made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Leave out batches that have expired by this time (RFC 3339) instead of the clock's
    #[arg(long, value_name = "RFC3339", value_parser = terminal::parse_time)]
    now: Option<i64>,
}

#[derive(Clone, Copy, ValueEnum)]
enum HashKind {
    /// Certificates' identifiers
    Uci,
    /// Countries' codes with certificates' identifiers
    CountryUci,
    /// Signatures
    Signature,
}

impl HashKind {
    fn kind(self) -> Kind {
        match self {
            Self::Uci => Kind::Uci,
            Self::CountryUci => Kind::CountryUci,
            Self::Signature => Kind::Signature,
        }
    }
}

/// What was read of one kind, and where it is from.
#[derive(Default)]
struct Collected {
    hashes: Vec<Hash>,
    kids: BTreeSet<Option<Kid>>,
    countries: BTreeSet<Option<String>>,
}

pub fn import(args: &Args) -> Outcomes {
    if !is_name(&args.id) {
        return Err(Failure::new("--id may have letters, digits, `-` and `_` only, up to 64 of them"));
    }
    let now = args.now.unwrap_or_else(terminal::now);
    let mut collected = BTreeMap::<Kind, Collected>::new();
    let mut expired = 0;
    for path in &args.files {
        expired += read(path, args.kind.kind(), now, &mut collected)?;
    }
    fs::create_dir_all(&args.out).map_err(Failure::file(&args.out))?;
    for (kind, collected) in collected {
        write(&args.out.join(format!("hashes.{}-{}.bin", args.id, kind.name())), kind, collected)?;
    }
    if expired > 0 {
        say(format!("batches left out, because they have expired: {expired}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads one file, and returns how many of its batches have expired.
fn read(
    path: &Path,
    kind: Kind,
    now: i64,
    collected: &mut BTreeMap<Kind, Collected>,
) -> Result<usize, Failure> {
    let bytes = contents(path)?;
    let failed = |error: import::ImportError| Failure::new(format!("{}: {error}", path.display()));
    if !matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'[')) {
        let text = str::from_utf8(&bytes);
        let text = text.map_err(|_| Failure::new(format!("{}: not UTF-8 text", path.display())))?;
        let hashes = import::lines(text, kind).map_err(failed)?;
        collected.entry(kind).or_default().add(hashes, None, None);
        return Ok(0);
    }
    let mut expired = 0;
    for batch in import::batches(&bytes).map_err(failed)? {
        if batch.expires < now {
            expired += 1;
        } else {
            let collected = collected.entry(batch.kind).or_default();
            collected.add(batch.hashes, batch.kid, Some(batch.country));
        }
    }
    Ok(expired)
}

impl Collected {
    fn add(&mut self, hashes: Vec<Hash>, kid: Option<Kid>, country: Option<String>) {
        self.hashes.extend(hashes);
        self.kids.insert(kid);
        self.countries.insert(country);
    }
}

fn write(path: &Path, kind: Kind, collected: Collected) -> Result<(), Failure> {
    let (kid, country) = (the_one(collected.kids), the_one(collected.countries));
    let file = hashes::write(kind, kid.as_ref(), country.as_deref(), collected.hashes)?;
    let count = hashes::List::parse(&file)?.head().count;
    target::write(path, &file)?;
    say(format!("list of revoked hashes: {} ({} bytes), hashes: {count}", path.display(), file.len()))?;
    Ok(())
}

/// Whose a list is, where all of it is one's.
fn the_one<T>(of: BTreeSet<Option<T>>) -> Option<T> {
    let mut of = of.into_iter();
    match (of.next(), of.next()) {
        (Some(one), None) => one,
        _ => None,
    }
}

/// What the name of a target may have on every system.
fn is_name(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn contents(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = vec![];
    let file = File::open(path).map_err(Failure::file(path))?;
    file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(Failure::file(path))?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Failure::new(format!("{}: more than {MAX_FILE} bytes: divide it", path.display())));
    }
    Ok(bytes)
}
