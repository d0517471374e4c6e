//! `propusk keys signer`: the key of a person who signs for an authority.

use std::path::PathBuf;
use std::process::ExitCode;

use trust::ceremony::{Card, Cost, SealedKey};

use super::{show, words};
use crate::exit::{Failure, Outcomes};
use crate::terminal::{self, say};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Make a signer's key, sealed under a passphrase, and its public part beside it
    New(New),
    /// Show whose key a file holds, and its id
    Show {
        /// A signer's key (.key) or its public part (.pub)
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(clap::Args)]
pub struct New {
    /// The signer's name, as the others will read it
    #[arg(long)]
    name: String,
    /// The file for the sealed key; the public part goes beside it, as FILE with the ending .pub
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Read the passphrase from this file (`-`: standard input) instead of asking for it
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

pub fn run(command: &Command) -> Outcomes {
    match command {
        Command::New(args) => new(args),
        Command::Show { file } => {
            let bytes = show::contents(file)?;
            let card = match Card::from_json(&bytes) {
                Ok(card) => card,
                Err(card) => SealedKey::load(file).map_err(|_| card)?.card().clone(),
            };
            say(words::signer(card.name(), &card.id()?))?;
            say(format!("key id: {}", card.id()?))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn new(args: &New) -> Outcomes {
    let public = args.out.with_extension("pub");
    if public == args.out || public.symlink_metadata().is_ok() {
        let line = format!("{} would be written over; name another file with --out", public.display());
        return Err(Failure::new(line));
    }
    let passphrase = terminal::new_passphrase(args.passphrase_file.as_deref())?;
    let key = SealedKey::generate(&args.name, &passphrase, Cost::default(), terminal::random())?;
    key.save(&args.out)?;
    std::fs::write(&public, key.card().to_json()).map_err(Failure::file(&public))?;
    say(format!("sealed key:  {} (keep it, and a copy elsewhere; nobody else gets it)", args.out.display()))?;
    say(format!("public part: {} (for the coordinator)", public.display()))?;
    say(format!("key id:      {} (say it to the coordinator by another way)", key.card().id()?))?;
    Ok(ExitCode::SUCCESS)
}
