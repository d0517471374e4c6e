//! `propusk-audit`: the logs of many stations. `propusk audit` runs it.
//!
//! Exit codes: 0 done and nothing amiss, 1 something does not fit, 3 usage or I/O error.

mod growth;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use audit::import::{Imported, Options, import};
use audit::questions::{QUESTIONS, named};
use audit::sql::{Answer, Database};
use audit::{Error, Fleet};
use clap::{Parser, Subcommand, ValueEnum};
use export::Progress;
use scanlog::note::Verifier;

/// Work with the exports of many stations.
#[derive(Parser)]
#[command(name = "propusk-audit", version, about, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done and nothing amiss, 1 something does not fit, 3 usage or I/O error."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Take exports in (`propusk log export`), where they are proven and fit what is known
    Import {
        /// Folders of exports
        #[arg(required = true, value_name = "EXPORT")]
        exports: Vec<PathBuf>,
        /// The fleet's folder; made if it is not there
        #[arg(long, value_name = "FLEET")]
        into: PathBuf,
        /// Stations' public keys (device.pub files): then no others count
        #[arg(long, value_name = "FILE")]
        key: Vec<PathBuf>,
    },
    /// Answer a query over the tables `entries` and `stations`
    Sql {
        /// The fleet's folder
        fleet: PathBuf,
        /// The query, or @FILE
        query: String,
        /// How the answer is written
        #[arg(long, value_enum, default_value_t = As::Table)]
        output: As,
    },
    /// Answer the ready-made questions, or one of them
    Report {
        /// The fleet's folder
        fleet: PathBuf,
        /// stations, days, hours, reasons, operators or anomalies; all of them where none is named
        #[arg(long)]
        only: Option<String>,
        /// How the answers are written
        #[arg(long, value_enum, default_value_t = As::Table)]
        output: As,
    },
    /// Make exports of stations that never were, take them in, and tell what it costs
    Simulate(growth::Args),
    /// Print the SQL of a ready-made question
    Question {
        /// Its name
        name: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum As {
    Table,
    Csv,
    Json,
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(3) } else { ExitCode::SUCCESS };
        }
    };
    run(cli.command).unwrap_or_else(|failure| {
        let _ = writeln!(io::stderr(), "propusk-audit: {failure}");
        ExitCode::from(3)
    })
}

fn run(command: Command) -> Result<ExitCode, Error> {
    match command {
        Command::Import { exports, into, key } => take_in(&exports, &Fleet::new(&into), &key),
        Command::Sql { fleet, query, output } => {
            let query = match query.strip_prefix('@') {
                Some(path) => std::fs::read_to_string(path)
                    .map_err(|source| Error::File { path: path.into(), source })?,
                None => query,
            };
            Database::open(&Fleet::new(&fleet))?.ask(&query, output.into(), &mut io::stdout().lock())?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Report { fleet, only, output } => {
            report(&Fleet::new(&fleet), only.as_deref(), output.into())
        }
        Command::Simulate(args) => growth::run(&args),
        Command::Question { name } => {
            say(question(&name)?.sql.trim_end());
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn take_in(exports: &[PathBuf], fleet: &Fleet, keys: &[PathBuf]) -> Result<ExitCode, Error> {
    let keys = keys.iter().map(verifier).collect::<Result<Vec<_>, _>>()?;
    let mut bar = progress("import");
    let options = Options { keys: &keys, progress: &mut |done, total| bar.at(done, total) };
    let Imported { exports: taken, entries, findings } = import(fleet, exports, options)?;
    drop(bar);
    say(&format!("{taken} of {} exports proven and taken in, {entries} new entries", exports.len()));
    if keys.is_empty() {
        say("  by the keys that the exports themselves name, or that this fleet knows from before");
    }
    findings.iter().for_each(|finding| say(&format!("  {}", one_line(&finding.to_string()))));
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn verifier(path: &PathBuf) -> Result<Verifier, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::File { path: path.clone(), source })?;
    Verifier::parse(text.trim_end()).map_err(|why| Error::Damaged {
        path: path.clone(),
        what: format!("not a station's public key: {why}"),
    })
}

fn report(fleet: &Fleet, only: Option<&str>, answer: Answer) -> Result<ExitCode, Error> {
    let database = Database::open(fleet)?;
    let questions =
        only.map_or_else(|| Ok(QUESTIONS.to_vec()), |name| question(name).map(|one| vec![one]))?;
    for question in questions {
        if answer == Answer::Table {
            say(&format!("\n{}", question.title));
        }
        database.ask(question.sql, answer, &mut io::stdout().lock())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn question(name: &str) -> Result<audit::questions::Question, Error> {
    let names = QUESTIONS.map(|question| question.name).join(", ");
    named(name).ok_or_else(|| Error::Query(format!("there is no question {name}: choose one of {names}")))
}

fn progress(what: &str) -> Progress<'static> {
    let seen = io::stderr().is_terminal();
    Progress::new(seen.then(|| Box::new(io::stderr()) as Box<dyn Write>), what)
}

/// A line without anything that a terminal would obey.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '?' } else { letter }).collect()
}

fn say(line: &str) {
    // Whoever reads no further has seen enough.
    let _ = writeln!(io::stdout().lock(), "{line}");
}

impl From<As> for Answer {
    fn from(output: As) -> Self {
        match output {
            As::Table => Self::Table,
            As::Csv => Self::Csv,
            As::Json => Self::Json,
        }
    }
}
