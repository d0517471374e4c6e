//! `propusk keys`: trusted keys shown, and an authority's own made.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use credential::{IssuerKey, PublicKey};
use issuer::{Algorithm, Authority, Places};
use serde_json::{Value, json};
use station::view::rfc3339;
use trust::{KeySetDocument, Trusted};

use crate::commands::animate;
use crate::exit::{Failure, Outcomes};
use crate::terminal::{self, say};

/// The largest key file that is read: the EU's list of some thousand certificates has about 5 MB.
const MAX_KEY_FILE_BYTES: u64 = 32 << 20;
/// How many of the keys that are left out are named one by one.
const MAX_WARNINGS: usize = 20;

#[derive(clap::Subcommand)]
pub enum Command {
    /// Show the keys that a station trusts, or those in a file or folder; or a file as an animated QR code
    Show {
        /// A key file (JWKS, key set, PEM, DER) or a folder with a published key set
        #[arg(value_name = "PATH", conflicts_with = "station")]
        path: Option<PathBuf>,
        /// The station's folder (default: the user's own)
        #[arg(long, value_name = "DIR")]
        station: Option<PathBuf>,
        /// Answer in JSON
        #[arg(long)]
        json: bool,
        /// Draw a file (at most 4 MiB, such as a zip of a published key set) as an animated QR code, until Ctrl-C
        #[arg(long, value_name = "FILE", conflicts_with_all = ["path", "station", "json"])]
        animate: Option<PathBuf>,
        /// Pictures a second
        #[arg(long, value_name = "N", requires = "animate", default_value_t = animate::FPS)]
        #[arg(value_parser = clap::value_parser!(u8).range(1..=30))]
        fps: u8,
    },
    /// Make an issuing authority: its private key, and its public key for those who shall trust it
    New(New),
}

#[derive(clap::Args)]
pub struct New {
    /// The authority's name, as people will read it
    #[arg(long)]
    name: String,
    /// Its country (two capital letters)
    #[arg(long)]
    country: String,
    /// Where its list of revoked passes will be found
    #[arg(long, value_name = "URI")]
    status_uri: String,
    /// Sign with ES256, which foreign verifiers read too, instead of Ed25519
    #[arg(long)]
    es256: bool,
    /// The file for the private key; the public key goes beside it, as FILE with the ending .keys.json
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub fn run(command: &Command) -> Outcomes {
    match command {
        Command::Show { animate: Some(path), fps, .. } => animate::run(path, &contents(path)?, *fps),
        Command::Show { path: Some(path), json, .. } => show_keys(&read(path)?, *json),
        Command::Show { station, json, .. } => show_station(&terminal::station_dir(station.as_ref())?, *json),
        Command::New(args) => new(args),
    }
}

/// The keys in a file (JWKS, key set document, PEM, DER) or a folder with a published key set.
/// Naming it is trusting it: a folder's own first root is taken as the anchor.
pub fn read(path: &Path) -> Result<Vec<IssuerKey>, Failure> {
    if path.is_dir() {
        return published(path);
    }
    let bytes = contents(path)?;
    match bytes.trim_ascii_start().first() {
        Some(b'{' | b'[') => json_keys(path, &bytes),
        _ => certificates(path, &bytes),
    }
}

/// The keys of the X.509 certificates in a PEM or DER file.
pub fn read_certificates(path: &Path) -> Result<Vec<IssuerKey>, Failure> {
    certificates(path, &contents(path)?)
}

fn certificates(path: &Path, bytes: &[u8]) -> Result<Vec<IssuerKey>, Failure> {
    let keys = if bytes.windows(11).any(|window| window == b"-----BEGIN ") {
        trust::import::pem(bytes)
    } else {
        trust::import::certificate(bytes).map(|key| vec![key])
    };
    keys.map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

/// The keys of a key set document or a JWK Set. The JWKs that are left out are named on standard error.
fn json_keys(path: &Path, bytes: &[u8]) -> Result<Vec<IssuerKey>, Failure> {
    let document = match KeySetDocument::parse(bytes) {
        Ok(document) => return Ok(document.keys),
        Err(error) => error,
    };
    let set = trust::import::jwks(&String::from_utf8_lossy(bytes)).map_err(|jwks| {
        Failure::new(format!("{}: neither a key set ({document}) nor a JWKS ({jwks})", path.display()))
    })?;
    warn_of(path, &set.left_out);
    Ok(set.keys)
}

fn warn_of(path: &Path, left_out: &[String]) {
    let more = left_out.len().saturating_sub(MAX_WARNINGS);
    let more = (more > 0).then(|| format!("{more} keys more"));
    for line in left_out.iter().take(MAX_WARNINGS).chain(&more) {
        let line = credential::display::escape(&format!("{}: left out: {line}", path.display()));
        // Where standard error is closed, nobody wants to know.
        let _ = writeln!(io::stderr(), "propusk: {line}");
    }
}

/// The keys that a station trusts; `None` before an admin has anchored any.
pub fn of_station(dir: &Path) -> Result<Option<Trusted>, Failure> {
    let folder = station::Folder::new(dir);
    let there = |path: PathBuf| path.try_exists().map_err(Failure::file(&path));
    if !there(folder.nameplate())? {
        return Err(station::Error::NoStation(dir.to_owned()).into());
    }
    if !there(folder.trust())? {
        return Ok(None);
    }
    Ok(trust::Store::open_read_only(&folder.trust())?.load()?)
}

fn published(dir: &Path) -> Result<Vec<IssuerKey>, Failure> {
    let root = dir.join(trust::publish::FIRST_ROOT);
    let store = trust::Store::in_memory()?;
    store.anchor(&contents(&root)?)?;
    store.refresh(dir, terminal::now())?;
    Ok(store.load()?.map(|trusted| trusted.keys.keys().to_vec()).unwrap_or_default())
}

/// A plain file's bytes. Anything else is not even opened: a device has no end, and a pipe may never begin.
fn contents(path: &Path) -> Result<Vec<u8>, Failure> {
    if !fs::metadata(path).map_err(Failure::file(path))?.is_file() {
        return Err(Failure::new(format!("{}: not a plain file: name a file with keys", path.display())));
    }
    let mut bytes = vec![];
    File::open(path)
        .and_then(|file| file.take(MAX_KEY_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(Failure::file(path))?;
    if bytes.len() as u64 > MAX_KEY_FILE_BYTES {
        return Err(Failure::new(format!("{}: more than {MAX_KEY_FILE_BYTES} bytes", path.display())));
    }
    Ok(bytes)
}

fn show_station(dir: &Path, json: bool) -> Outcomes {
    let Some(trusted) = of_station(dir)? else {
        say("no keys: nothing has been trusted here yet, so nothing can be accepted")?;
        return Ok(ExitCode::SUCCESS);
    };
    if json {
        say(json!({
            "version": trusted.version,
            "signed_at": rfc3339(trusted.signed_at),
            "expires_at": rfc3339(trusted.expires_at),
            "demo": trusted.demo,
            "keys": trusted.keys.keys().iter().map(key_json).collect::<Vec<_>>(),
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let demo = if trusted.demo { ", DEMO AUTHORITY" } else { "" };
    say(format!(
        "key set version {}, signed {}, good until {}{demo}",
        trusted.version,
        rfc3339(trusted.signed_at),
        rfc3339(trusted.expires_at)
    ))?;
    show_keys(trusted.keys.keys(), false)
}

fn show_keys(keys: &[IssuerKey], json: bool) -> Outcomes {
    if json {
        say(json!({ "keys": keys.iter().map(key_json).collect::<Vec<_>>() }))?;
    } else {
        for key in keys {
            say(key_line(key))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn key_line(key: &IssuerKey) -> String {
    let until = key.validity.map(|validity| format!("  until {}", rfc3339(validity.not_after)));
    format!(
        "{}  {:<7} {:<2}  {}{}{}  signs {}",
        key.kid,
        algorithm(&key.key),
        key.country.as_deref().map(credential::display::escape).unwrap_or_default(),
        credential::display::escape(&key.issuer),
        if key.demo { " (DEMO)" } else { "" },
        until.unwrap_or_default(),
        kinds(key).join(", "),
    )
}

fn key_json(key: &IssuerKey) -> Value {
    json!({
        "kid": key.kid.to_string(),
        "algorithm": algorithm(&key.key),
        "issuer": key.issuer,
        "country": key.country,
        "not_before": key.validity.map(|validity| rfc3339(validity.not_before)),
        "not_after": key.validity.map(|validity| rfc3339(validity.not_after)),
        "kinds": kinds(key),
        "demo": key.demo,
    })
}

fn kinds(key: &IssuerKey) -> Vec<&'static str> {
    let usages = key.usages;
    let named: Vec<_> =
        [(usages.vaccination, "vaccination"), (usages.test, "test"), (usages.recovery, "recovery")]
            .into_iter()
            .filter_map(|(allowed, kind)| allowed.then_some(kind))
            .collect();
    if named.is_empty() { vec!["vaccination", "test", "recovery"] } else { named }
}

fn algorithm(key: &PublicKey) -> &'static str {
    match key {
        PublicKey::Ed25519(_) => "EdDSA",
        PublicKey::P256(_) | PublicKey::P384(_) => "ES256",
        PublicKey::Rsa(_) => "PS256",
    }
}

fn new(args: &New) -> Outcomes {
    let algorithm = if args.es256 { Algorithm::Es256 } else { Algorithm::EdDsa };
    let mut seed = [0; 32];
    terminal::random()(&mut seed);
    let authority = Authority::generate(&args.name, &args.country, algorithm, seed, false, &args.status_uri)?;
    let public = args.out.with_extension("keys.json");
    write_private(&args.out, authority.to_json().as_bytes())?;
    Places::create(&args.out)?;
    let document = KeySetDocument::new(vec![authority.issuer_key()]).to_json()?;
    fs::write(&public, document).map_err(Failure::file(&public))?;
    say(format!("private key: {} (guard it: whoever has it can issue in this name)", args.out.display()))?;
    say(format!("public key:  {} (id {})", public.display(), authority.kid()))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a file that only its owner can read, and never over another.
fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(Failure::file(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Failure::file(path))
}
