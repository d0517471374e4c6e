//! Lists of revoked hashes out of what others publish.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use credential::Kid;
use trust::hashes::{self, Hash, Kind, import};
use trust::target;

use crate::exit::{Failure, Outcomes};
use crate::files;
use crate::terminal::{self, say};

/// The largest file that is read, in bytes: with base64 and JSON, half as many hashes again as the largest list has.
const MAX_FILE: u64 = 128 << 20;

/// Every kind that a list can be of.
const KINDS: [Kind; 3] = [Kind::Uci, Kind::CountryUci, Kind::Signature];

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
    if args.id.is_empty() || !KINDS.into_iter().all(|kind| target::is_name(&name(&args.id, kind))) {
        let most = target::NAME_MAX - KINDS.map(|kind| name("", kind).len()).into_iter().max().unwrap_or(0);
        return Err(Failure::new(format!(
            "--id may have small letters, digits, dashes and dots only, no two dots in a row, and up to {most} of them"
        )));
    }
    let now = args.now.unwrap_or_else(terminal::now);
    let mut collected = BTreeMap::<Kind, Collected>::new();
    let mut expired = 0;
    for path in &args.files {
        expired += read(path, args.kind.kind(), now, &mut collected)?;
    }
    fs::create_dir_all(&args.out).map_err(Failure::file(&args.out))?;
    let lists = collected.into_iter().map(|(kind, collected)| list(name(&args.id, kind), kind, collected));
    for (name, file) in lists.collect::<Result<Vec<_>, _>>()? {
        write(&args.out.join(name), &file)?;
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

/// A list under its name. Refused where it could not be published.
fn list(name: String, kind: Kind, collected: Collected) -> Result<(String, Vec<u8>), Failure> {
    let (kid, country) = (the_one(collected.kids), the_one(collected.countries));
    let file = hashes::write(kind, kid.as_ref(), country.as_deref(), collected.hashes)?;
    let limit = target::limit(&name);
    if file.len() > limit {
        return Err(Failure::new(format!(
            "{name} would have {} bytes, and a list that is published has at most {limit}: divide the files among several --id",
            file.len()
        )));
    }
    Ok((name, file))
}

fn write(path: &Path, file: &[u8]) -> Result<(), Failure> {
    let count = hashes::List::parse(file)?.head().count;
    super::target::write(path, file)?;
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

fn name(id: &str, kind: Kind) -> String {
    format!("hashes.{id}-{}.bin", kind.name())
}

fn contents(path: &Path) -> Result<Vec<u8>, Failure> {
    let bytes = File::open(path).and_then(|file| files::bounded(file, MAX_FILE));
    bytes
        .map_err(Failure::file(path))?
        .ok_or_else(|| Failure::new(format!("{}: more than {MAX_FILE} bytes: divide it", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_could_not_be_published_is_not_made() {
        let of = |count: u128| {
            let collected =
                Collected { hashes: (0..count).map(u128::to_be_bytes).collect(), ..Collected::default() };
            list(name("eu", Kind::Uci), Kind::Uci, collected)
        };
        let (name, file) = of(1).unwrap();
        assert_eq!(
            (name.as_str(), hashes::List::parse(&file).unwrap().head().count),
            ("hashes.eu-uci.bin", 1)
        );
        let refused = of(target::HASHES_SIZE_MAX as u128 / 16).unwrap_err().to_string();
        assert!(refused.contains("has at most 33554432: divide"), "{refused}");
    }
}
