//! `propusk witness`: an inspector's device.

mod home;

use std::path::PathBuf;
use std::process::ExitCode;

use scanlog::witness::{Request, Signing};
use station::view::rfc3339;

use super::letter::{self, Out};
use crate::exit::{Failure, Outcomes, one_line};
use crate::terminal::{self, say};
use home::Home;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Make this device's key and its book of what it has seen
    New {
        /// The inspector's name in cosignatures: a URL without scheme, spaces or plus, such as inspection.example/anna
        #[arg(long)]
        name: String,
        /// The folder for both, made if it is not there
        #[arg(value_name = "DIR")]
        home: PathBuf,
    },
    /// Cosign a station's log, if it goes on from what this device saw of it
    Cosign(Cosign),
    /// Show this device's public key, and the logs it has seen
    Show {
        /// The folder of key and book
        #[arg(value_name = "DIR")]
        home: PathBuf,
    },
}

#[derive(clap::Args)]
pub struct Cosign {
    /// The folder of key and book
    #[arg(value_name = "DIR")]
    home: PathBuf,
    /// The station's request: a text, a picture of its QR code, or `-` for standard input
    #[arg(value_name = "FILE")]
    request: PathBuf,
    /// Let in a log that was not seen before: its key was compared with what its station shows
    #[arg(long)]
    new_log: bool,
    /// Go on, although another history was shown under the log's key: how it came about was found out
    #[arg(long)]
    settled: bool,
    #[command(flatten)]
    out: Out,
}

pub fn run(command: &Command) -> Outcomes {
    match command {
        Command::New { name, home } => {
            let home = Home::create(home, name)?;
            say(format!("key {} made in {}", home.cosigner()?.hex_id(), home.path().display()))?;
            say(home.cosigner()?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Cosign(args) => cosign(args),
        Command::Show { home } => show(&Home::open(home)?),
    }
}

fn cosign(args: &Cosign) -> Outcomes {
    let text = letter::read(&args.request)?;
    let request = Request::parse(&text).map_err(|why| {
        Failure::new(format!("{}: this is no station's request: {why}", args.request.display()))
    })?;
    let home = Home::open(&args.home)?;
    let mut book = home.book()?;
    if args.settled {
        book.settle(&request.verifier.name);
    }
    let signing = Signing { name: home.name(), key: home.key(), now: terminal::now() };
    let answer = book.cosign(&request, signing, args.new_log);
    // First on disk, then out of hand; a refusal may have left evidence.
    home.keep(&book)?;
    let answer = match answer {
        Ok(answer) => answer,
        Err(refusal) => {
            say(format!("REFUSED: {}", one_line(&refusal.to_string())))?;
            return Ok(ExitCode::FAILURE);
        }
    };
    args.out.give(&answer.to_string())?;
    Ok(ExitCode::SUCCESS)
}

fn show(home: &Home) -> Outcomes {
    say(home.cosigner()?)?;
    say(format!("key {}", home.cosigner()?.hex_id()))?;
    for (seen, head) in home.book()?.logs() {
        let conflict = if seen.conflict.is_some() { "  ANOTHER HISTORY WAS SHOWN" } else { "" };
        let (origin, key) = (one_line(&head.origin), seen.verifier.hex_id());
        say(format!("{} entries  {}  {origin} (key {key}){conflict}", head.size, rfc3339(seen.at)))?;
    }
    Ok(ExitCode::SUCCESS)
}
