//! Keys read from files, folders and stations, and shown.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use credential::{IssuerKey, PublicKey};
use serde_json::{Value, json};
use station::view::rfc3339;
use trust::change::fingerprint;
use trust::{KeySetDocument, Store, Trusted, import};

use crate::exit::{Failure, Outcomes};
use crate::files;
use crate::terminal::{self, say};

/// The largest key file that is read: the EU's list of some thousand certificates has about 5 MB.
const MAX_KEY_FILE_BYTES: u64 = 32 << 20;
/// How many of the keys that are left out are named one by one.
const MAX_WARNINGS: usize = 20;

/// The keys in a file (JWKS, key set document, list of certificates, did.json, PEM, DER) or a folder with a published key set.
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
        import::pem(bytes)
    } else {
        import::certificate(bytes).map(|key| vec![key])
    };
    keys.map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

/// The keys of a key set document, a JWK Set, a list of certificates or a DID document. Those that are left
/// out are named on standard error.
fn json_keys(path: &Path, bytes: &[u8]) -> Result<Vec<IssuerKey>, Failure> {
    let document = match KeySetDocument::parse(bytes) {
        Ok(document) => return Ok(document.keys),
        Err(error) => error,
    };
    let json = String::from_utf8_lossy(bytes);
    let set = match form(&json) {
        Form::List => import::trust_list(&json),
        Form::Did => import::did(&json),
        Form::Jwks => import::jwks(&json),
    };
    let set = set.map_err(|other| {
        Failure::new(format!("{}: neither a key set ({document}) nor a JWKS ({other})", path.display()))
    })?;
    warn_of(path, &set.left_out);
    Ok(set.keys)
}

/// What JSON that is no key set looks like.
enum Form {
    List,
    Did,
    Jwks,
}

fn form(json: &str) -> Form {
    let value: Value = serde_json::from_str(json).unwrap_or_default();
    let first = value.as_array().and_then(|entries| entries.first());
    if value.get("certificates").is_some() || first.is_some_and(|entry| entry.get("rawData").is_some()) {
        Form::List
    } else if value.get("verificationMethod").is_some() {
        Form::Did
    } else {
        Form::Jwks
    }
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
pub fn of_station(dir: &Path) -> Result<Option<(Store, Trusted)>, Failure> {
    let folder = station::Folder::new(dir);
    let there = |path: PathBuf| path.try_exists().map_err(Failure::file(&path));
    if !there(folder.nameplate())? {
        return Err(station::Error::NoStation(dir.to_owned()).into());
    }
    if !there(folder.trust())? {
        return Ok(None);
    }
    let store = Store::open_read_only(&folder.trust())?;
    Ok(store.load()?.map(|trusted| (store, trusted)))
}

fn published(dir: &Path) -> Result<Vec<IssuerKey>, Failure> {
    let root = dir.join(trust::publish::FIRST_ROOT);
    let store = trust::Store::in_memory()?;
    store.anchor(&contents(&root)?)?;
    store.refresh(dir, terminal::now())?;
    Ok(store.load()?.map(|trusted| trusted.keys.keys().to_vec()).unwrap_or_default())
}

/// A plain file's bytes, as many as a key file may have.
pub fn contents(path: &Path) -> Result<Vec<u8>, Failure> {
    files::plain(path, MAX_KEY_FILE_BYTES, "a file with keys")
}

pub fn show_station(dir: &Path, json: bool) -> Outcomes {
    let Some((_, trusted)) = of_station(dir)? else {
        say("no keys: nothing has been trusted here yet, so nothing can be accepted")?;
        return Ok(ExitCode::SUCCESS);
    };
    if json {
        say(json!({
            "version": trusted.version,
            "signed_at": rfc3339(trusted.signed_at),
            "expires_at": rfc3339(trusted.expires_at),
            "demo": trusted.demo,
            "files": trusted.targets().collect::<Vec<_>>(),
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

pub fn show_keys(keys: &[IssuerKey], json: bool) -> Outcomes {
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
    let revoked = key.revoked_from.map(|from| format!("  REVOKED from {}", rfc3339(from)));
    let until = key.validity.map(|validity| format!("  until {}", rfc3339(validity.not_after)));
    format!(
        "{}  {:<7} {:<2}  {}{}{}  signs {}",
        key.kid,
        algorithm(&key.key),
        key.country.as_deref().map(credential::display::escape).unwrap_or_default(),
        credential::display::escape(&key.issuer),
        if key.demo { " (DEMO)" } else { "" },
        until.into_iter().chain(revoked).collect::<String>(),
        kinds(key).join(", "),
    )
}

fn key_json(key: &IssuerKey) -> Value {
    json!({
        "kid": key.kid.to_string(),
        "algorithm": algorithm(&key.key),
        "sha256": fingerprint(&key.key),
        "issuer": key.issuer,
        "country": key.country,
        "not_before": key.validity.map(|validity| rfc3339(validity.not_before)),
        "not_after": key.validity.map(|validity| rfc3339(validity.not_after)),
        "revoked_from": key.revoked_from.map(rfc3339),
        "kinds": kinds(key),
        "formats": key.scope.formats.iter().map(|format| format.name()).collect::<Vec<_>>(),
        "iss": key.scope.issuer,
        "demo": key.demo,
    })
}

fn kinds(key: &IssuerKey) -> Vec<&'static str> {
    let named: Vec<_> = key.usages.names().collect();
    if named.is_empty() { vec!["vaccination", "test", "recovery"] } else { named }
}

fn algorithm(key: &PublicKey) -> &'static str {
    match key {
        PublicKey::Ed25519(_) => "EdDSA",
        PublicKey::P256(_) => "ES256",
        PublicKey::P384(_) => "ES256 (P-384)",
        PublicKey::Rsa(_) => "PS256",
    }
}
