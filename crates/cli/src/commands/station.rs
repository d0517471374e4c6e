//! `propusk station`: a device that is set up at one door.

use std::path::PathBuf;
use std::process::ExitCode;

use key_store::SystemKeyStore;
use station::{Folder, KeyPlace, KeyStore, NoKeyStore, Station};
use trust::{Store, fingerprint};

use super::keys;
use crate::exit::{Failure, Outcomes};
use crate::terminal::{self, say};

#[derive(clap::Subcommand)]
pub enum Command {
    /// Set up a station that trusts one authority, after its root was compared with what it made public
    New(New),
    /// Show where the device's secret key lies, or move it
    Key(Key),
}

#[derive(clap::Args)]
pub struct New {
    /// The station's name: its log is signed under it
    #[arg(long)]
    name: String,
    /// The authority's first root, 1.root.json
    #[arg(long, value_name = "FILE")]
    root: PathBuf,
    /// The station's folder (default: the user's own); made if it is not there
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
    /// The root's SHA-256 as the authority made it public, instead of comparing by eye
    #[arg(long, value_name = "HEX")]
    sha256: Option<String>,
    /// Do not ask
    #[arg(long, conflicts_with = "sha256")]
    yes: bool,
    /// Keep the device's key in a file although the system has a key store: for a door whose machine starts with
    /// nobody to unlock one
    #[arg(long)]
    key_in_file: bool,
}

#[derive(clap::Args)]
pub struct Key {
    /// The station's folder (default: the user's own)
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
    /// Move it there
    #[arg(long, value_enum)]
    to: Option<Place>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Place {
    /// The key store of the system: it opens for its user alone
    KeyStore,
    /// A file that its owner alone may read
    File,
}

pub fn run(command: &Command) -> Outcomes {
    match command {
        Command::New(args) => new(args),
        Command::Key(args) => key(args),
    }
}

fn new(args: &New) -> Outcomes {
    let dir = terminal::station_dir(args.station.as_ref())?;
    let root = keys::contents(&args.root)?;
    let found = fingerprint(&root);
    // Whether it can be trusted at all, before anybody compares anything.
    Store::in_memory()?.anchor(&root)?;
    say(format!("SHA-256 of {}:", args.root.display()))?;
    say(format!("  {}", grouped(&found)))?;
    if !is_compared(args, &found)? {
        say("no station was made")?;
        return Ok(ExitCode::FAILURE);
    }
    let key_store: &dyn KeyStore = if args.key_in_file { &NoKeyStore } else { &SystemKeyStore };
    Station::create(&dir, &args.name, key_store, &mut terminal::random())?;
    let folder = Folder::new(&dir);
    Store::open(&folder.trust())?.anchor(&root)?;
    say(format!("station {} made in {}", credential::display::escape(&args.name), dir.display()))?;
    say(format!("  {}", words(station::key_place(&folder)?)))?;
    say("next: propusk keys refresh SOURCE")?;
    Ok(ExitCode::SUCCESS)
}

fn key(args: &Key) -> Outcomes {
    let folder = Folder::new(&terminal::station_dir(args.station.as_ref())?);
    match args.to {
        Some(Place::KeyStore) => station::keys_to_key_store(&folder, &SystemKeyStore)?,
        Some(Place::File) => station::keys_to_file(&folder, &SystemKeyStore)?,
        None => {}
    }
    say(words(station::key_place(&folder)?))?;
    Ok(ExitCode::SUCCESS)
}

fn words(place: KeyPlace) -> &'static str {
    match place {
        KeyPlace::KeyStore => "the device's key is in the system's key store",
        KeyPlace::File => "the device's key is in the file device.key, which its owner alone may read",
        KeyPlace::ExposedFile => {
            "CARE: the device's key is in the file device.key, which other users of this machine may read (chmod 600)"
        }
    }
}

fn is_compared(args: &New, found: &str) -> Result<bool, Failure> {
    if let Some(expected) = &args.sha256 {
        let digits: String = expected.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.to_ascii_lowercase() != found {
            return Err(Failure::new(
                "this is not the root whose SHA-256 was given: get it from the authority again, and trust neither until they agree",
            ));
        }
        return Ok(true);
    }
    Ok(args.yes || terminal::ask("Is that the one which the authority has made public, digit for digit?")?)
}

/// In groups of four, as people compare it.
fn grouped(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
