//! An authority's side: a signed, versioned key set in a folder (TUF 1.0).
//!
//! | file | signed by | says |
//! |---|---|---|
//! | `1.root.json` | root | which keys sign for which role; devices anchor it |
//! | `N.targets.json` | targets | length and hash of the key set and of every other file |
//! | `N.snapshot.json` | snapshot | which targets belong together |
//! | `timestamp.json` | timestamp | which snapshot is the newest |
//! | `targets/HASH.keys.json` | – | the key set |
//! | `targets/HASH.NAME` | – | another file, by its name ([`crate::target`]) |
//!
//! Names carry versions or hashes, so that whoever copies the folder during an
//! update gets the old set or the new one; `timestamp.json` is replaced last.

pub(crate) mod bodies;
mod contents;
mod signers;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::error::{Error, Refusal};
use crate::file::{self, Readers};
use crate::package;
use crate::source::{Folder, Source};
use crate::target::KEYS;
use crate::tuf::{self, Current, Files, METADATA_MAX, Verified};

use bodies::{NamedRole, Signing};
pub use contents::Contents;
pub use signers::{Role, Signers};

/// The file that devices anchor.
pub const FIRST_ROOT: &str = "1.root.json";
/// The file that is replaced last.
const TIMESTAMP: &str = "timestamp.json";

const DAY: i64 = 24 * 60 * 60;

/// For how long each role's signature holds, in seconds. A device without a network
/// is refreshed by hand, so the short ones are long by the habits of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Root: a year.
    pub root: i64,
    /// Targets: ninety days.
    pub targets: i64,
    /// Snapshot: ninety days.
    pub snapshot: i64,
    /// Timestamp: thirty days. It decides how long a lost refresh goes unnoticed.
    pub timestamp: i64,
}

impl Default for Terms {
    fn default() -> Self {
        Self { root: 365 * DAY, targets: 90 * DAY, snapshot: 90 * DAY, timestamp: 30 * DAY }
    }
}

/// Makes a repository with this key set, or with all of these files, as its version 1. `dir` is made when it is
/// not there; a repository in it is not overwritten. `now` in seconds UTC.
pub fn create(
    dir: &Path,
    signers: &Signers,
    contents: impl Into<Contents>,
    terms: Terms,
    now: i64,
) -> Result<(), Error> {
    fs::create_dir_all(dir).map_err(Error::io("make", dir))?;
    if [FIRST_ROOT, TIMESTAMP].iter().any(|name| dir.join(name).symlink_metadata().is_ok()) {
        return Err(Error::RepositoryExists(dir.into()));
    }
    let root = root(signers, terms, now)?;
    let current = sign(signers, contents.into(), terms, now, [1; 3])?;
    publish(dir, Files { anchor: root, current: Some(current), ..Files::default() })
}

/// Publishes the next version of a repository with this key set, or with all of these files, signed at `now`
/// (seconds UTC). The role keys must be the ones that its root names.
pub fn update(
    dir: &Path,
    signers: &Signers,
    contents: impl Into<Contents>,
    terms: Terms,
    now: i64,
) -> Result<(), Error> {
    let (files, published) = published(dir)?;
    let is_named = |role: &NamedRole| {
        let keys = published.root.role(role.name);
        keys.is_some_and(|keys| keys.keyids == role.ids && keys.threshold == role.threshold)
    };
    if !signers.roster()?.roles.iter().all(is_named) {
        return Err(Error::WrongSigners(dir.into()));
    }
    let versions = published.versions.map(|version| version + 1);
    let current = sign(signers, contents.into(), terms, now, versions)?;
    publish(dir, Files { current: Some(current), ..files })
}

/// What the repository in this folder holds now, verified. Expired is fine: an update mends that.
pub(crate) fn published(dir: &Path) -> Result<(Files, Verified), Error> {
    Ok(published_in(&Folder::new(dir))?.ok_or_else(|| Refusal::Missing(FIRST_ROOT.into()))?)
}

/// The same of any source; `None` where nothing is published.
pub(crate) fn published_in(source: &dyn Source) -> Result<Option<(Files, Verified)>, Error> {
    let Some(anchor) = source.read(FIRST_ROOT, METADATA_MAX)? else { return Ok(None) };
    let files = tuf::refresh(&Files { anchor, ..Files::default() }, source, i64::MIN)?;
    Ok(Some(files.ok_or_else(|| Refusal::Missing(KEYS.into()))?))
}

/// Copies the newest state of the repository in `from` to a folder, or to a zip file where `to` ends in `.zip`.
/// What else lies in that folder stays.
pub fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let (files, verified) = published(from)?;
    if to.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) {
        let zip = package::package(from, package::Parts::All)?;
        return file::write(to, &zip, Readers::Everybody).map_err(Error::io("write", to));
    }
    write_all(to, &files, &verified)
}

/// Writes every file so that who reads at any time gets the old state or the new one: the timestamp last,
/// and the roots, which may change who signs it, right before.
pub(crate) fn write_all(dir: &Path, files: &Files, verified: &Verified) -> Result<(), Error> {
    let folder = dir.join("targets");
    fs::create_dir_all(&folder).map_err(Error::io("make", &folder))?;
    let mut named: Vec<(String, &[u8])> = package::named(files, verified).collect();
    named.sort_by_key(|(name, _)| (name == TIMESTAMP, name.ends_with("root.json")));
    named.into_iter().try_for_each(|(name, bytes)| write(dir, &name, bytes))
}

fn root(signers: &Signers, terms: Terms, now: i64) -> Result<Vec<u8>, Refusal> {
    let signing = Signing { version: 1, now, term: terms.root };
    tuf::signed(bodies::root(&signers.roster()?, signing)?, &signers.root.keys)
}

/// What stands below a root. `versions` of timestamp, snapshot and targets.
fn sign(
    signers: &Signers,
    contents: Contents,
    terms: Terms,
    now: i64,
    versions: [u64; 3],
) -> Result<Current, Refusal> {
    let contents = contents.files(signers.demo)?;
    let signing = |at: usize, term| Signing { version: versions[at], now, term };
    let targets = bodies::targets(&contents, signing(2, terms.targets))?;
    let targets = tuf::signed(targets, &signers.targets.keys)?;
    let snapshot = bodies::snapshot(versions[2], Some(&targets), signing(1, terms.snapshot))?;
    let snapshot = tuf::signed(snapshot, &signers.snapshot.keys)?;
    let timestamp = bodies::timestamp(versions[1], Some(&snapshot), signing(0, terms.timestamp))?;
    let timestamp = tuf::signed(timestamp, &signers.timestamp.keys)?;
    Ok(Current { timestamp, snapshot, targets, contents, lists: BTreeSet::new() })
}

/// Writes what a device would take, and nothing else.
fn publish(dir: &Path, files: Files) -> Result<(), Error> {
    let verified = tuf::verify(&files)?.ok_or_else(|| Refusal::Missing(KEYS.into()))?;
    write_all(dir, &files, &verified)
}

fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let path = dir.join(name);
    file::write(&path, bytes, Readers::Everybody).map_err(Error::io("write", &path))
}

#[cfg(test)]
mod tests;
