//! An authority's side: a signed, versioned key set in a folder (TUF 1.0).
//!
//! | file | signed by | says |
//! |---|---|---|
//! | `1.root.json` | root | which keys sign for which role; devices anchor it |
//! | `N.targets.json` | targets | length and hash of the key set |
//! | `N.snapshot.json` | snapshot | which targets belong together |
//! | `timestamp.json` | timestamp | which snapshot is the newest |
//! | `targets/HASH.keys.json` | – | the key set |
//!
//! Names carry versions or hashes, so that whoever copies the folder during an
//! update gets the old set or the new one; `timestamp.json` is replaced last.

mod signers;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::document::KeySetDocument;
use crate::error::{Error, Refusal};
use crate::file::{self, Readers};
use crate::hex;
use crate::source::{Folder, Source};
use crate::tuf::{self, Files, METADATA_MAX, SIGNED_AT, Verified};

use signers::NamedRole;
pub use signers::{Role, Signers};

/// The file that devices anchor.
pub const FIRST_ROOT: &str = "1.root.json";

const DAY: i64 = 24 * 60 * 60;
const SPEC_VERSION: &str = "1.0.31";

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

/// Makes a repository with this key set as its version 1. `dir` is made when it is
/// not there; a repository in it is not overwritten. `now` in seconds UTC.
pub fn create(
    dir: &Path,
    signers: &Signers,
    keys: &KeySetDocument,
    terms: Terms,
    now: i64,
) -> Result<(), Error> {
    fs::create_dir_all(dir).map_err(Error::io("make", dir))?;
    if [FIRST_ROOT, "timestamp.json"].iter().any(|name| dir.join(name).symlink_metadata().is_ok()) {
        return Err(Error::RepositoryExists(dir.into()));
    }
    let root = root(signers, terms, now)?;
    let release = Release::sign(signers, keys, terms, now, [1; 3])?;
    tuf::verify(&release.above(Files { anchor: root.clone(), ..Files::default() }))?;
    write(dir, FIRST_ROOT, &root)?;
    release.write(dir)
}

/// Publishes the next version of a repository with this key set, signed at `now`
/// (seconds UTC). The role keys must be the ones that its root names.
pub fn update(
    dir: &Path,
    signers: &Signers,
    keys: &KeySetDocument,
    terms: Terms,
    now: i64,
) -> Result<(), Error> {
    let (files, published) = published(dir)?;
    let is_named = |role: &NamedRole| {
        let keys = published.root.role(role.name);
        keys.is_some_and(|keys| keys.keyids == role.ids && keys.threshold == role.threshold)
    };
    if !signers.named_roles()?.iter().all(is_named) {
        return Err(Error::WrongSigners(dir.into()));
    }
    let release = Release::sign(signers, keys, terms, now, published.versions.map(|version| version + 1))?;
    tuf::verify(&release.above(files))?;
    release.write(dir)
}

/// What the repository holds now, verified. Expired is fine: an update mends that.
fn published(dir: &Path) -> Result<(Files, Verified), Error> {
    let root = Folder::new(dir).read(FIRST_ROOT, METADATA_MAX)?;
    let anchor = root.ok_or_else(|| Refusal::Missing(FIRST_ROOT.into()))?;
    let bare = Files { anchor, ..Files::default() };
    let files = tuf::refresh(&bare, &Folder::new(dir), i64::MIN)?.unwrap_or(bare);
    let verified = tuf::verify(&files)?.ok_or_else(|| Refusal::Missing(tuf::KEYS.into()))?;
    Ok((files, verified))
}

fn root(signers: &Signers, terms: Terms, now: i64) -> Result<Vec<u8>, Refusal> {
    let mut body = body("root", 1, now, terms.root)?;
    body["consistent_snapshot"] = json!(true);
    body["keys"] = signers.public_keys()?;
    for role in signers.named_roles()? {
        body["roles"][role.name] = json!({"keyids": role.ids, "threshold": role.threshold});
    }
    tuf::signed(body, &signers.root.keys)
}

/// One version of a repository below its root.
struct Release {
    versions: [u64; 3],
    timestamp: Vec<u8>,
    snapshot: Vec<u8>,
    targets: Vec<u8>,
    keys: Vec<u8>,
}

impl Release {
    /// `versions` of timestamp, snapshot and targets.
    fn sign(
        signers: &Signers,
        keys: &KeySetDocument,
        terms: Terms,
        now: i64,
        versions: [u64; 3],
    ) -> Result<Self, Refusal> {
        let keys = marked(keys, signers.demo).to_json()?;
        let [timestamp, snapshot, targets] = versions;
        let mut body_targets = body("targets", targets, now, terms.targets)?;
        body_targets["targets"][tuf::KEYS] = pin(&keys);
        let targets = tuf::signed(body_targets, &signers.targets.keys)?;

        let mut body_snapshot = body("snapshot", snapshot, now, terms.snapshot)?;
        body_snapshot["meta"]["targets.json"] = versioned(pin(&targets), versions[2]);
        let snapshot = tuf::signed(body_snapshot, &signers.snapshot.keys)?;

        let mut body_timestamp = body("timestamp", timestamp, now, terms.timestamp)?;
        body_timestamp["meta"]["snapshot.json"] = versioned(pin(&snapshot), versions[1]);
        let timestamp = tuf::signed(body_timestamp, &signers.timestamp.keys)?;
        Ok(Self { versions, timestamp, snapshot, targets, keys })
    }

    /// What a device would keep of it, to verify before anything is published.
    fn above(&self, files: Files) -> Files {
        let Self { timestamp, snapshot, targets, keys, .. } = self;
        let [timestamp, snapshot, targets, keys] = [timestamp, snapshot, targets, keys].map(Clone::clone);
        Files { current: Some(tuf::Current { timestamp, snapshot, targets, keys }), ..files }
    }

    fn write(&self, dir: &Path) -> Result<(), Error> {
        let [_, snapshot, targets] = self.versions;
        let folder = dir.join("targets");
        fs::create_dir_all(&folder).map_err(Error::io("make", &folder))?;
        let hash = hex::encode(&Sha256::digest(&self.keys));
        write(dir, &format!("targets/{hash}.{}", tuf::KEYS), &self.keys)?;
        write(dir, &format!("{targets}.targets.json"), &self.targets)?;
        write(dir, &format!("{snapshot}.snapshot.json"), &self.snapshot)?;
        write(dir, "timestamp.json", &self.timestamp)
    }
}

/// Every key of a demo authority is a demo key, whatever the document says.
fn marked(keys: &KeySetDocument, demo: bool) -> KeySetDocument {
    let mut keys = keys.clone();
    keys.keys.iter_mut().for_each(|key| key.demo |= demo);
    keys
}

/// What every role's metadata begins with (TUF 1.0 §4.3).
fn body(role: &str, version: u64, now: i64, term: i64) -> Result<Value, Refusal> {
    Ok(json!({
        "_type": role,
        "spec_version": SPEC_VERSION,
        "version": version,
        "expires": tuf::time(now.saturating_add(term))?,
        SIGNED_AT: now,
    }))
}

fn pin(bytes: &[u8]) -> Value {
    json!({"length": bytes.len(), "hashes": {"sha256": hex::encode(&Sha256::digest(bytes))}})
}

fn versioned(mut pin: Value, version: u64) -> Value {
    pin["version"] = json!(version);
    pin
}

fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let path = dir.join(name);
    file::write(&path, bytes, Readers::Everybody).map_err(Error::io("write", &path))
}

#[cfg(test)]
mod tests;
