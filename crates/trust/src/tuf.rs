//! The Update Framework (TUF 1.0): the only module that knows `sigstore-tuf`.
//!
//! That library keeps the state of what is trusted and checks each new file
//! against it. Its own client around that state logs and passes over a cache that
//! fails to verify or to be written, which a device that has only its cache must
//! not do; so the order of the client workflow (TUF 1.0 §5) stands here, and every
//! deviation from it ends the refresh.

mod crypto;
mod roots;
mod sign;
mod targets;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp as Instant;
use sigstore_tuf::{Metadata, Role, Root, Timestamp, TrustedMetadataSet};

use crate::document::KeySetDocument;
use crate::error::{Error, Refusal};
use crate::source::Source;
use crate::store::hash_rows::Digest;
use crate::target::KEYS;

use roots::{first_root, follow_roots, trusted_roots};

pub(crate) use sign::{envelope, key_id, message, seconds, signed, time};

/// Largest metadata file of any role, in bytes. Ours have about two thousand.
pub(crate) const METADATA_MAX: usize = 256 * 1024;
/// The signed attribute of each role that says when it was signed, seconds UTC.
pub(crate) const SIGNED_AT: &str = "x-propusk-signed-at";

/// Everything that a device keeps, as it was signed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Files {
    /// The root that was trusted first.
    pub anchor: Vec<u8>,
    /// The roots since, each one version above the one before.
    pub roots: Vec<Vec<u8>>,
    /// The key set in use and what vouches for it.
    pub current: Option<Current>,
}

/// The targets in use and the metadata that vouches for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Current {
    pub timestamp: Vec<u8>,
    pub snapshot: Vec<u8>,
    pub targets: Vec<u8>,
    /// Each target's bytes by its name; `keys.json` among them. Of the lists of hashes only those that
    /// are not in the store yet.
    pub contents: BTreeMap<String, Vec<u8>>,
    /// The lists of hashes that are in the store.
    pub lists: BTreeSet<Digest>,
}

/// [`Current::contents`] and [`Current::lists`].
type Contents = (BTreeMap<String, Vec<u8>>, BTreeSet<Digest>);

/// A key set whose whole chain of signatures holds.
#[derive(Clone, Debug)]
pub(crate) struct Verified {
    pub document: KeySetDocument,
    /// The versions of timestamp, snapshot and targets; the last is the key set's.
    pub versions: [u64; 3],
    /// When the newest of the roles was signed, seconds UTC; 0 where none says.
    pub signed_at: i64,
    /// When the first of the roles expires, seconds UTC.
    pub expires_at: i64,
    /// The trusted root.
    pub root: Root,
    /// The lists of hashes, by the `<id>` of their names.
    pub hash_lists: Vec<(String, Digest)>,
}

/// Whether a root can be anchored: signed by its own keys, with sound roles.
pub(crate) fn check_anchor(bytes: &[u8]) -> Result<(), Refusal> {
    first_root(bytes).map(|_| ())
}

/// Verifies the files from the anchor on. Times are not looked at.
pub(crate) fn verify(files: &Files) -> Result<Option<Verified>, Refusal> {
    verified(files, KeySetDocument::parse_unread)
}

/// Follows the workflow of TUF 1.0 §5 from what is trusted to what `source` has.
/// `None` when that is what is trusted already.
pub(crate) fn refresh(
    files: &Files,
    source: &dyn Source,
    now: i64,
) -> Result<Option<(Files, Verified)>, Error> {
    let Some(next) = follow_roles(files, source, now)? else { return Ok(None) };
    // Every key is looked at once, here: what is in use is loaded without that.
    let verified =
        verified(&next, KeySetDocument::parse)?.ok_or_else(|| malformed(KEYS, "nothing to verify"))?;
    if verified.expires_at <= now {
        return Err(Refusal::Expired { role: "key set".into(), at: verified.expires_at, now }.into());
    }
    Ok(Some((next, verified)))
}

fn follow_roles(files: &Files, source: &dyn Source, now: i64) -> Result<Option<Files>, Error> {
    let (mut set, mut next) = (trusted_roots(files)?, files.clone());
    follow_roots(&mut set, &mut next.roots, source)?;
    fresh(set.root(), "root", now)?;
    let trusted = files.current.as_ref();
    seed(&mut set, trusted);

    let timestamp = required(source, "timestamp.json", METADATA_MAX)?;
    match set.update_timestamp(&timestamp, instant(now)) {
        Err(sigstore_tuf::Error::EqualVersion { .. }) => {
            return unchanged(&set, trusted, &timestamp, now, next.roots.len() > files.roots.len())
                .map(|roots_changed| roots_changed.then_some(next));
        }
        other => other.map_err(|error| refusal("timestamp.json", error, now))?,
    }
    let current = fetch(&mut set, timestamp, trusted, source, now)?;
    forward_only(trusted, &current)?;
    next.current = Some(current);
    Ok(Some(next))
}

fn verified(
    files: &Files,
    read: fn(&[u8]) -> Result<KeySetDocument, crate::document::DocumentError>,
) -> Result<Option<Verified>, Refusal> {
    let mut set = trusted_roots(files)?;
    let Some(current) = &files.current else { return Ok(None) };
    let hash_lists = follow(&mut set, current)?;
    let keys = current.contents.get(KEYS).ok_or_else(|| Refusal::Missing(KEYS.into()))?;
    summary(&set, read(keys)?, hash_lists).map(Some)
}

/// What is signed of one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    /// In bytes.
    pub length: usize,
    /// SHA-256, hexadecimal.
    pub hash: String,
}

/// The targets that this metadata lists, by name. Nothing is verified.
pub(crate) fn listed(targets_json: &[u8]) -> Result<BTreeMap<String, Signed>, Refusal> {
    let targets = parse::<sigstore_tuf::Targets>("targets.json", targets_json)?;
    let signed = |(name, file): (&String, &sigstore_tuf::TargetFile)| {
        let hash = file.hashes.get("sha256").cloned().unwrap_or_default();
        (name.clone(), Signed { length: usize::try_from(file.length).unwrap_or(usize::MAX), hash })
    };
    Ok(targets.signed().targets.iter().map(signed).collect())
}

/// Makes the versions in use the floor for new ones. When a new root replaced
/// the keys that signed them, they are no floor any more (TUF 1.0 §5.3.11).
fn seed(set: &mut TrustedMetadataSet, trusted: Option<&Current>) {
    if let Some(trusted) = trusted {
        let _ = set
            .update_timestamp(&trusted.timestamp, Instant::MIN)
            .and_then(|()| set.update_snapshot(&trusted.snapshot, Instant::MIN));
    }
}

/// The timestamp has the version in use. Whether there is still something new, a root.
fn unchanged(
    set: &TrustedMetadataSet,
    trusted: Option<&Current>,
    timestamp: &[u8],
    now: i64,
    new_roots: bool,
) -> Result<bool, Error> {
    let trusted = trusted.map_or(&[][..], |trusted| &trusted.timestamp);
    let offered = parse::<Timestamp>("timestamp.json", timestamp)?;
    same(&parse::<Timestamp>("timestamp.json", trusted)?, &offered, "timestamp")?;
    if let Some(timestamp) = set.timestamp() {
        fresh(timestamp, "timestamp", now)?;
    }
    Ok(new_roots)
}

/// TUF 1.0 §5.5 to §5.7: what the timestamp pins, down to each target that is not here yet.
fn fetch(
    set: &mut TrustedMetadataSet,
    timestamp: Vec<u8>,
    trusted: Option<&Current>,
    source: &dyn Source,
    now: i64,
) -> Result<Current, Error> {
    let consistent = set.root().consistent_snapshot;
    let name = |version: u64, role: &str| {
        if consistent { format!("{version}.{role}.json") } else { format!("{role}.json") }
    };
    let pin = set.timestamp().and_then(Timestamp::snapshot_meta).map_or(0, |pin| pin.version);
    let snapshot = required(source, &name(pin, "snapshot"), METADATA_MAX)?;
    set.update_snapshot(&snapshot, instant(now)).map_err(|error| refusal("snapshot.json", error, now))?;

    let pin =
        set.snapshot().and_then(|snapshot| snapshot.meta.get("targets.json")).map_or(0, |pin| pin.version);
    let targets = required(source, &name(pin, "targets"), METADATA_MAX)?;
    set.update_targets(&targets, instant(now)).map_err(|error| refusal("targets.json", error, now))?;

    let (contents, lists) = targets::fetch(set, trusted, source)?;
    Ok(Current { timestamp, snapshot, targets, contents, lists })
}

/// Verifies what was accepted before, from an already trusted root.
fn follow(set: &mut TrustedMetadataSet, current: &Current) -> Result<Vec<(String, Digest)>, Refusal> {
    let fail = |name: &'static str| move |error| refusal(name, error, 0);
    set.update_timestamp(&current.timestamp, Instant::MIN).map_err(fail("timestamp.json"))?;
    set.update_snapshot(&current.snapshot, Instant::MIN).map_err(fail("snapshot.json"))?;
    set.update_targets(&current.targets, Instant::MIN).map_err(fail("targets.json"))?;
    targets::check(set, current)
}

fn summary(
    set: &TrustedMetadataSet,
    document: KeySetDocument,
    hash_lists: Vec<(String, Digest)>,
) -> Result<Verified, Refusal> {
    let root = set.root();
    let (Some(timestamp), Some(snapshot), Some(targets)) =
        (set.timestamp(), set.snapshot(), set.targets_role("targets"))
    else {
        return Err(malformed("targets.json", "not all roles are there"));
    };
    let expiries = [root.expires, timestamp.expires, snapshot.expires, targets.expires];
    let said = [&root.extra, &timestamp.extra, &snapshot.extra, &targets.extra];
    let signed_at = said.iter().filter_map(|extra| extra.get(SIGNED_AT)?.as_i64()).max().unwrap_or(0);
    let expires_at = expiries.iter().map(|at| at.as_second()).min().unwrap_or(0);
    if signed_at > expires_at {
        return Err(malformed("timestamp.json", "it was signed after it expires"));
    }
    let versions = [timestamp.version, snapshot.version, targets.version];
    Ok(Verified { document, versions, signed_at, expires_at, root: root.clone(), hash_lists })
}

/// Equal versions must have equal contents, and the key set's version never falls,
/// not even when new keys sign: an authority that starts over needs a new anchor.
fn forward_only(trusted: Option<&Current>, offered: &Current) -> Result<(), Refusal> {
    use sigstore_tuf::{Snapshot, Targets};
    let Some(trusted) = trusted else { return Ok(()) };
    let (old, new) =
        (parse::<Snapshot>("snapshot.json", &trusted.snapshot)?, parse("snapshot.json", &offered.snapshot)?);
    same(&old, &new, "snapshot")?;
    let (old, new) =
        (parse::<Targets>("targets.json", &trusted.targets)?, parse("targets.json", &offered.targets)?);
    same(&old, &new, "targets")?;
    let (trusted, offered) = (old.signed().version, new.signed().version);
    if offered < trusted {
        return Err(Refusal::Older { role: "targets".into(), trusted, offered });
    }
    Ok(())
}

/// Refuses other contents under the version that is in use.
fn same<T: Role>(trusted: &Metadata<T>, offered: &Metadata<T>, role: &str) -> Result<(), Refusal> {
    let version = trusted.signed().version();
    if version == offered.signed().version() && trusted.signed_canonical() != offered.signed_canonical() {
        return Err(Refusal::SameVersion { role: role.into(), version });
    }
    Ok(())
}

fn required(source: &dyn Source, name: &str, limit: usize) -> Result<Vec<u8>, Error> {
    source.read(name, limit)?.ok_or_else(|| Refusal::Missing(name.into()).into())
}

fn parse<T: Role>(name: &str, bytes: &[u8]) -> Result<Metadata<T>, Refusal> {
    Metadata::from_slice(bytes).map_err(|error| refusal(name, error, 0))
}

/// Expired means that `now` has reached its end (TUF 1.0 §5.3.10): the library
/// takes one second longer.
fn fresh<T: Role>(role: &T, name: &str, now: i64) -> Result<(), Refusal> {
    let at = role.expires().as_second();
    if at <= now { Err(Refusal::Expired { role: name.into(), at, now }) } else { Ok(()) }
}

fn instant(now: i64) -> Instant {
    Instant::from_second(now).unwrap_or(if now < 0 { Instant::MIN } else { Instant::MAX })
}

fn refusal(name: &str, error: sigstore_tuf::Error, now: i64) -> Refusal {
    use sigstore_tuf::Error as Tuf;
    match error {
        Tuf::ThresholdNotMet { role, found, threshold } => Refusal::Signatures { role, found, threshold },
        Tuf::Rollback { role, trusted, new } => Refusal::Older { role, trusted, offered: new },
        Tuf::Expired { role, expires } => Refusal::Expired { role, at: expires.as_second(), now },
        other => malformed(name, chain(&other)),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    std::iter::once(error.to_string()).chain(causes.map(ToString::to_string)).collect::<Vec<_>>().join(": ")
}

fn malformed(name: &str, reason: impl Into<String>) -> Refusal {
    Refusal::Malformed { name: name.into(), reason: reason.into() }
}
