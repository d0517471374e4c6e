//! `qr-bench`: shows pictures to QR readers and tells what each read.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::Parser;
use qr_bench::{
    Result,
    approach::{self, Approach},
    corpus::{self, Selection},
    reader::{self, Reader},
    report,
    run::{self, Record},
    table,
};

/// Reads pictures with QR readers and prints how many codes each read, and in what CPU time.
#[derive(Parser)]
#[command(name = "qr-bench", max_term_width = 100)]
struct Options {
    /// A corpus or the first words of several: photos, photos/boofcv, photos/boofcv-blurred, dcc, rendered,
    /// rendered/defocus, idle, idle/720p, sequences; all if not given
    #[arg(long)]
    corpus: Vec<String>,
    /// A reader's name; all of this build if not given
    #[arg(long)]
    reader: Vec<String>,
    /// Only pictures whose name holds this
    #[arg(long)]
    only: Option<String>,
    /// Name every code that was missed and every false read, one a line, and who read the missed ones
    #[arg(long)]
    list_missed: bool,
    /// Name every picture that takes longer than so many milliseconds, one a line
    #[arg(long, value_name = "MS")]
    list_slower: Option<f64>,
    /// Read every picture so many times and keep the least CPU time
    #[arg(long, default_value_t = 1)]
    repeat: usize,
    /// Only a part of every corpus
    #[arg(long)]
    quick: bool,
    /// Draw other frames
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write qr.md, qr.svg and qr.json into this folder
    #[arg(long)]
    results: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("qr-bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let selection = Selection { names: options.corpus.clone(), quick: options.quick, seed: options.seed };
    let mut entries = corpus::entries(&selection)?;
    entries.retain(|entry| options.only.as_ref().is_none_or(|only| entry.id.contains(only)));
    let mut readers = chosen(&options.reader)?;
    for reader in &readers {
        say(&format!("{}: {}", reader.name, reader.version));
    }
    let names: Vec<&str> = readers.iter().map(|reader| reader.name).collect();
    let mut progress = Progress::new(entries.len() + selection.sequences().len());
    let records = run::run(&entries, &mut readers, options.repeat, |record| {
        progress.step(&record.id);
        tell(record, &names, options);
    })?;
    let approaches: Vec<Approach> = selection
        .sequences()
        .map(|index| {
            progress.step(&format!("approach {index}"));
            approach::watch(index, selection.seed, &mut readers)
        })
        .collect();
    let Some(folder) = &options.results else {
        say(&print(&records, &names));
        if !approaches.is_empty() {
            say(&print_approaches(&approaches, &names));
        }
        return Ok(());
    };
    let run = report::Run::new(&readers, records, approaches);
    say(&report::tables(&run));
    report::write(&run, folder)
}

fn chosen(names: &[String]) -> Result<Vec<Reader>> {
    let mut readers = reader::all();
    if let Some(name) = names.iter().find(|name| !readers.iter().any(|reader| reader.name == *name)) {
        let known: Vec<_> = readers.iter().map(|reader| reader.name).collect();
        return Err(format!("no such reader in this build: {name}; there are {}", known.join(", ")));
    }
    readers.retain(|reader| names.is_empty() || names.iter().any(|name| *name == reader.name));
    Ok(readers)
}

/// Tells of failures and, if asked to, of slow pictures, missed codes and false reads.
fn tell(record: &Record, names: &[&str], options: &Options) {
    let marks = || record.marks.iter().zip(names).filter_map(|(mark, name)| Some((mark.as_ref()?, *name)));
    for (mark, name) in marks() {
        if let Some(failure) = &mark.failure {
            eprintln!("{}: {name}: {failure}", record.id);
        }
        let milliseconds = mark.cpu.as_secs_f64() * 1e3;
        if options.list_slower.is_some_and(|limit| milliseconds > limit) {
            say(&format!("slow {} {name}: {milliseconds:.1} ms", record.id));
        }
        if !options.list_missed {
            continue;
        }
        for miss in &mark.score.missed {
            let missed = |other: &run::Mark| other.score.missed.iter().any(|other| other.code == miss.code);
            let read: Vec<&str> = marks().filter(|(other, _)| !missed(other)).map(|(_, name)| name).collect();
            let read = if read.is_empty() { String::new() } else { format!("; read by {}", read.join(", ")) };
            say(&format!("missed {}#{} {name}: {}{read}", record.id, miss.code, miss.reason));
        }
        for found in &mark.score.false_reads {
            let [x, y] = found.centre;
            say(&format!("false {} {name}: at {x:.0},{y:.0}: {:?}", record.id, found.text));
        }
    }
}

fn print(records: &[Record], names: &[&str]) -> String {
    let head =
        ["corpus", "reader", "pictures", "codes", "read", "rate", "false", "median ms", "p95 ms", "sum ms"];
    let mut rows = BTreeMap::new();
    for corpus in run::corpora(records) {
        for (place, name) in names.iter().enumerate() {
            let Some(tally) = run::tally(records, &corpus, place) else { continue };
            let row = vec![
                corpus.clone(),
                (*name).to_owned(),
                tally.pictures.to_string(),
                tally.codes.to_string(),
                tally.read.to_string(),
                table::rate(tally.rate()),
                tally.false_reads.to_string(),
                table::milliseconds(tally.median()),
                table::milliseconds(tally.p95()),
                format!("{:.0}", tally.milliseconds.iter().sum::<f64>()),
            ];
            rows.insert((corpus.clone(), place), row);
        }
    }
    table::markdown(&head, &rows.into_values().collect::<Vec<_>>())
}

fn print_approaches(approaches: &[Approach], names: &[&str]) -> String {
    let head = ["sequences", "reader", "approaches", "read", "frames", "ms", "false"];
    let row = |(place, name): (usize, &&str)| {
        let sum = approach::summary(approaches, place);
        let counts = [approaches.len(), sum.read].map(|count| count.to_string());
        let [all, read] = counts;
        let (frames, milliseconds) = (sum.frames.to_string(), table::milliseconds(sum.milliseconds));
        vec!["sequences".into(), (*name).into(), all, read, frames, milliseconds, sum.false_reads.to_string()]
    };
    table::markdown(&head, &names.iter().enumerate().map(row).collect::<Vec<_>>())
}

/// Tells every few seconds how far the run is.
struct Progress {
    all: usize,
    done: usize,
    told: Instant,
}

impl Progress {
    const EVERY: Duration = Duration::from_secs(10);

    fn new(all: usize) -> Self {
        Self { all, done: 0, told: Instant::now() }
    }

    fn step(&mut self, id: &str) {
        self.done += 1;
        if self.told.elapsed() >= Self::EVERY {
            self.told = Instant::now();
            eprintln!("{} of {}: {id}", self.done, self.all);
        }
    }
}

fn say(line: &str) {
    // A reader of our output that went away is no reason for a panic.
    let _ = writeln!(io::stdout().lock(), "{line}");
}
