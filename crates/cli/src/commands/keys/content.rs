//! `propusk keys content-key`: the device's own keys that open encrypted passes. They are secrets, so that they come
//! from a file or standard input, and go into no key set.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use credential::{ContentKey, ContentKeys, Kid, MAX_CONTENT_KEY_FILE};
use key_store::SystemKeyStore;
use serde_json::{Value, json};
use station::{Folder, Station};
use zeroize::Zeroizing;

use crate::exit::{Failure, Outcomes};
use crate::files;
use crate::terminal::{self, say};

const EXPOSED: &str =
    "CARE: other users of this machine may read content.keys: let its owner alone read it (chmod 600)";

#[derive(clap::Subcommand)]
pub enum Command {
    /// Open encrypted passes with another key, too: AES-GCM with 128, 192 or 256 bits
    Add {
        /// The key: a COSE_Key (CBOR), or the key alone in hexadecimal or base64; `-` for standard input
        #[arg(value_name = "FILE|-")]
        file: PathBuf,
        /// The id that passes name it by (default: a COSE_Key's own; without one it is tried on every pass)
        #[arg(long, value_name = "HEX")]
        kid: Option<String>,
        /// The station's folder (default: the user's own)
        #[arg(long, value_name = "DIR")]
        station: Option<PathBuf>,
    },
    /// Show which keys open encrypted passes here, but not the keys themselves
    List {
        /// The station's folder (default: the user's own)
        #[arg(long, value_name = "DIR")]
        station: Option<PathBuf>,
        /// Answer in JSON
        #[arg(long)]
        json: bool,
    },
    /// Delete a key: passes that are encrypted with it cannot be checked any more
    Remove {
        /// The key's id or fingerprint, as `list` shows it
        #[arg(value_name = "ID")]
        which: String,
        /// The station's folder (default: the user's own)
        #[arg(long, value_name = "DIR")]
        station: Option<PathBuf>,
    },
}

pub fn run(command: &Command) -> Outcomes {
    match command {
        Command::Add { file, kid, station } => add(file, kid.as_deref(), station.as_ref()),
        Command::List { station, json } => list(station.as_ref(), *json),
        Command::Remove { which, station } => remove(which, station.as_ref()),
    }
}

/// The content key in a file, or on standard input (`-`).
pub fn read_content_key(path: &Path) -> Result<ContentKey, Failure> {
    let limit = MAX_CONTENT_KEY_FILE as u64;
    let bytes = if path == Path::new("-") {
        let bytes = files::bounded(io::stdin().lock(), limit).map_err(Failure::file(path))?;
        bytes.ok_or_else(|| files::too_long(path, limit))?
    } else {
        files::plain(path, limit, "a file with a content key")?
    };
    let bytes = Zeroizing::new(bytes);
    ContentKey::read(&bytes).map_err(|why| Failure::new(format!("{}: no content key: {why}", path.display())))
}

/// The content keys in these files.
pub fn read_content_keys(paths: &[PathBuf]) -> Result<Vec<ContentKey>, Failure> {
    paths.iter().map(|path| read_content_key(path)).collect()
}

/// Those of a station, and more.
pub fn content_keys(mut keys: Vec<ContentKey>, station: Option<&Path>) -> Result<ContentKeys, Failure> {
    if let Some(dir) = station {
        let own = station::content_keys(&Folder::new(dir))?;
        keys.extend(own.keys().iter().filter(|key| !keys.contains(key)).cloned().collect::<Vec<_>>());
    }
    ContentKeys::new(keys).map_err(|why| Failure::new(format!("content keys: {why}")))
}

fn add(file: &Path, kid: Option<&str>, station: Option<&PathBuf>) -> Outcomes {
    let key = read_content_key(file)?;
    let key = match kid {
        None => key,
        Some(kid) => {
            let kid = Kid::from_hex(kid).ok_or_else(|| Failure::new("--kid: not hexadecimal"))?;
            key.with_kid(kid).map_err(|why| Failure::new(format!("--kid: {why}")))?
        }
    };
    let mut station = open(station)?;
    let line = key_line(&key);
    station.add_content_key(key, terminal::now())?;
    say(format!("added  {line}"))?;
    Ok(ExitCode::SUCCESS)
}

fn list(station: Option<&PathBuf>, json: bool) -> Outcomes {
    let folder = Folder::new(&terminal::station_dir(station)?);
    if !folder.nameplate().try_exists().map_err(Failure::file(&folder.nameplate()))? {
        return Err(station::Error::NoStation(folder.root().to_owned()).into());
    }
    let keys = station::content_keys(&folder)?;
    if json {
        say(json!({ "content_keys": keys.keys().iter().map(key_json).collect::<Vec<_>>() }))?;
        return Ok(ExitCode::SUCCESS);
    }
    if keys.keys().is_empty() {
        say("no content keys: encrypted passes cannot be opened here")?;
    }
    keys.keys().iter().try_for_each(|key| say(key_line(key)))?;
    if station::are_content_keys_exposed(&folder) {
        say(EXPOSED)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn remove(which: &str, station: Option<&PathBuf>) -> Outcomes {
    let mut station = open(station)?;
    let gone = station.remove_content_keys(&which.to_ascii_lowercase(), terminal::now())?;
    gone.iter().try_for_each(|key| say(format!("removed  {}", key_line(key))))?;
    Ok(ExitCode::SUCCESS)
}

fn open(station: Option<&PathBuf>) -> Result<Station, Failure> {
    let dir = terminal::station_dir(station)?;
    Ok(Station::open(&dir, &SystemKeyStore, terminal::random())?.not_before(station::RELEASED_AT))
}

fn key_line(key: &ContentKey) -> String {
    let kid = key.kid().map_or("for passes of any id".to_owned(), |kid| format!("id {kid}"));
    format!("{}  {}  {kid}", key.fingerprint(), key.algorithm())
}

fn key_json(key: &ContentKey) -> Value {
    json!({
        "fingerprint": key.fingerprint(),
        "algorithm": key.algorithm(),
        "kid": key.kid().map(Kid::to_string),
    })
}
