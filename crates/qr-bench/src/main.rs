//! `qr-bench`: a table per corpus and reader.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use qr_bench::{
    Result,
    corpus::{self, Entry},
    picture::Picture,
    reader::{self, Reader, Reading, Scope},
    score::{Score, score},
    stats::Tally,
    table,
};

/// Reads pictures with QR readers and prints how many codes each read, and in what CPU time.
#[derive(Parser)]
#[command(name = "qr-bench", max_term_width = 100)]
struct Options {
    /// A corpus or the first words of several: photos, photos/boofcv, photos/boofcv-blurred, dcc; all if not given
    #[arg(long)]
    corpus: Vec<String>,
    /// A reader's name; all of this build if not given
    #[arg(long)]
    reader: Vec<String>,
    /// Only pictures whose name holds this
    #[arg(long)]
    only: Option<String>,
    /// Name every code that was missed, one a line
    #[arg(long)]
    list_missed: bool,
    /// Read every picture so many times and keep the least CPU time
    #[arg(long, default_value_t = 1)]
    repeat: usize,
}

/// Sums by corpus and reader, both by their place in the run.
type Tallies = BTreeMap<(String, usize), Tally>;

fn main() -> ExitCode {
    qr::hush_caught_panics();
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("qr-bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let mut entries = corpus::entries(&options.corpus)?;
    entries.retain(|entry| options.only.as_ref().is_none_or(|only| entry.id.contains(only)));
    let mut readers = chosen(&options.reader)?;
    for reader in &readers {
        say(&format!("{}: {}", reader.name, reader.version));
    }
    let mut tallies = Tallies::new();
    for entry in &entries {
        let picture = Arc::new(entry.load()?);
        for (place, reader) in readers.iter_mut().enumerate() {
            let reading = read(reader, &picture, options.repeat);
            let score = score(&picture, &reading.found);
            if options.list_missed {
                list(entry, reader.name, &score, &reading);
            }
            for corpus in [Some(entry.corpus.as_str()), entry.total()].into_iter().flatten() {
                tallies.entry((corpus.to_owned(), place)).or_default().add(&score, reading.cpu);
            }
        }
    }
    say(&print(&tallies, &readers));
    Ok(())
}

fn chosen(names: &[String]) -> Result<Vec<Reader>> {
    let mut readers = reader::all();
    if let Some(name) = names.iter().find(|name| !readers.iter().any(|reader| reader.name == *name)) {
        let known: Vec<_> = readers.iter().map(|reader| reader.name).collect();
        return Err(format!("no such reader in this build: {name}; there are {}", known.join(", ")));
    }
    readers.retain(|reader| {
        names.is_empty() && reader.scope == Scope::Pictures || names.iter().any(|name| *name == reader.name)
    });
    Ok(readers)
}

fn read(reader: &mut Reader, picture: &Arc<Picture>, repeat: usize) -> Reading {
    let mut best = reader.read(picture);
    for _ in 1..repeat {
        best.cpu = best.cpu.min(reader.read(picture).cpu);
    }
    best
}

fn list(entry: &Entry, reader: &str, score: &Score, reading: &Reading) {
    for miss in &score.missed {
        let failure = reading.failure.as_deref().map_or(String::new(), |failure| format!(", {failure}"));
        say(&format!("missed {}#{} {reader}: {}{failure}", entry.id, miss.code, miss.reason));
    }
    if score.false_reads > 0 {
        say(&format!("false {} {reader}: {} symbols {:?}", entry.id, score.false_reads, reading.found));
    }
}

fn print(tallies: &Tallies, readers: &[Reader]) -> String {
    let head =
        ["corpus", "reader", "pictures", "codes", "read", "rate", "false", "median ms", "p95 ms", "sum ms"];
    let row = |((corpus, place), tally): (&(String, usize), &Tally)| {
        let sum: Duration = tally.milliseconds.iter().map(|ms| Duration::from_secs_f64(ms / 1e3)).sum();
        vec![
            corpus.clone(),
            readers[*place].name.to_owned(),
            tally.pictures.to_string(),
            tally.codes.to_string(),
            tally.read.to_string(),
            table::rate(tally.rate()),
            tally.false_reads.to_string(),
            table::milliseconds(tally.median()),
            table::milliseconds(tally.p95()),
            sum.as_millis().to_string(),
        ]
    };
    table::markdown(&head, &tallies.iter().map(row).collect::<Vec<_>>())
}

fn say(line: &str) {
    // A reader of our output that went away is no reason for a panic.
    let _ = writeln!(io::stdout().lock(), "{line}");
}
