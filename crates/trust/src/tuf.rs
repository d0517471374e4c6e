//! The Update Framework (TUF 1.0): the only module that knows `sigstore-tuf`.
//!
//! That library keeps the state of what is trusted and checks each new file
//! against it. Its own client around that state logs and passes over a cache that
//! fails to verify or to be written, which a device that has only its cache must
//! not do; so the order of the client workflow (TUF 1.0 §5) stands here, and every
//! deviation from it ends the refresh.

mod crypto;
mod sign;

use jiff::Timestamp as Instant;
use sha2::{Digest, Sha256};
use sigstore_tuf::{Metadata, Role, Root, Timestamp, TrustedMetadataSet};

use crate::document::{DOCUMENT_MAX, KeySetDocument};
use crate::error::{Error, Refusal};
use crate::hex;
use crate::source::Source;

pub(crate) use sign::{key_id, signed, time};

/// Largest metadata file of any role, in bytes. Ours have about two thousand.
pub(crate) const METADATA_MAX: usize = 256 * 1024;
/// Most new roots in one refresh: a rotation a month for twenty years.
const ROOTS_MAX: usize = 240;
/// Highest version of a first root. Later ones grow by one, so none overflows.
const ROOT_VERSION_MAX: u64 = 1 << 32;
/// The target that holds the key set.
pub(crate) const KEYS: &str = "keys.json";
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

/// A key set and the metadata that vouches for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Current {
    pub timestamp: Vec<u8>,
    pub snapshot: Vec<u8>,
    pub targets: Vec<u8>,
    pub keys: Vec<u8>,
}

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
}

/// Whether a root can be anchored: signed by its own keys, with sound roles.
pub(crate) fn check_anchor(bytes: &[u8]) -> Result<(), Refusal> {
    first_root(bytes).map(|_| ())
}

/// Verifies the files from the anchor on. Times are not looked at.
pub(crate) fn verify(files: &Files) -> Result<Option<Verified>, Refusal> {
    let mut set = trusted_roots(files)?;
    match &files.current {
        Some(current) => follow(&mut set, current).map(Some),
        None => Ok(None),
    }
}

/// Follows the workflow of TUF 1.0 §5 from what is trusted to what `source` has.
/// `None` when that is what is trusted already.
pub(crate) fn refresh(files: &Files, source: &dyn Source, now: i64) -> Result<Option<Files>, Error> {
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
    let current = fetch(&mut set, timestamp, source, now)?;
    forward_only(trusted, &current)?;
    next.current = Some(current);
    let verified = verify(&next)?.ok_or_else(|| malformed(KEYS, "nothing to verify"))?;
    if verified.expires_at <= now {
        return Err(Refusal::Expired { role: "key set".into(), at: verified.expires_at, now }.into());
    }
    Ok(Some(next))
}

fn first_root(bytes: &[u8]) -> Result<TrustedMetadataSet, Refusal> {
    crypto::install();
    if bytes.len() > METADATA_MAX {
        return Err(Refusal::TooLarge { name: "root.json".into(), limit: METADATA_MAX });
    }
    let set = TrustedMetadataSet::from_root(bytes).map_err(|error| refusal("root.json", error, 0))?;
    if set.root().version > ROOT_VERSION_MAX {
        return Err(malformed("root.json", "its version is too high"));
    }
    sound(set.root())?;
    Ok(set)
}

fn trusted_roots(files: &Files) -> Result<TrustedMetadataSet, Refusal> {
    let mut set = first_root(&files.anchor)?;
    for root in &files.roots {
        set.update_root(root).map_err(|error| refusal("root.json", error, 0))?;
        sound(set.root())?;
    }
    Ok(set)
}

/// What the library leaves to the authority: no role may count one key twice, or
/// need more signatures than it has keys.
fn sound(root: &Root) -> Result<(), Refusal> {
    for name in ["root", "timestamp", "snapshot", "targets"] {
        let role = root.role(name).ok_or_else(|| malformed("root.json", format!("no role {name}")))?;
        let mut keys: Vec<&str> = role
            .keyids
            .iter()
            .filter_map(|id| root.keys.get(id))
            .map(|key| key.keyval.public.as_str())
            .collect();
        let listed = keys.len();
        keys.sort_unstable();
        keys.dedup();
        if keys.len() != listed || role.threshold == 0 || role.threshold > listed {
            return Err(malformed("root.json", format!("role {name} has unsound keys or threshold")));
        }
    }
    Ok(())
}

/// TUF 1.0 §5.3: every root after the trusted one, each signed by the one before.
fn follow_roots(
    set: &mut TrustedMetadataSet,
    roots: &mut Vec<Vec<u8>>,
    source: &dyn Source,
) -> Result<(), Error> {
    let name = |version: u64| format!("{version}.root.json");
    let version = set.root().version;
    if let Some(bytes) = source.read(&name(version), METADATA_MAX)? {
        same(&parse::<Root>("root.json", set.root_bytes())?, &parse("root.json", &bytes)?, "root")?;
    }
    for _ in 0..ROOTS_MAX {
        let name = name(set.root().version + 1);
        let Some(bytes) = source.read(&name, METADATA_MAX)? else { return Ok(()) };
        set.update_root(&bytes).map_err(|error| refusal(&name, error, 0))?;
        sound(set.root())?;
        roots.push(bytes);
    }
    Err(malformed("root.json", "too many new roots").into())
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

/// TUF 1.0 §5.5 to §5.7: what the timestamp pins, down to the key set.
fn fetch(
    set: &mut TrustedMetadataSet,
    timestamp: Vec<u8>,
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

    let (_, hash) = target(set)?;
    let path = if consistent { format!("targets/{hash}.{KEYS}") } else { format!("targets/{KEYS}") };
    let keys = required(source, &path, DOCUMENT_MAX)?;
    Ok(Current { timestamp, snapshot, targets, keys })
}

/// Verifies a key set that was accepted before, from an already trusted root.
fn follow(set: &mut TrustedMetadataSet, current: &Current) -> Result<Verified, Refusal> {
    let fail = |name: &'static str| move |error| refusal(name, error, 0);
    set.update_timestamp(&current.timestamp, Instant::MIN).map_err(fail("timestamp.json"))?;
    set.update_snapshot(&current.snapshot, Instant::MIN).map_err(fail("snapshot.json"))?;
    set.update_targets(&current.targets, Instant::MIN).map_err(fail("targets.json"))?;
    let (length, hash) = target(set)?;
    if current.keys.len() as u64 != length || hex::encode(&Sha256::digest(&current.keys)) != hash {
        return Err(malformed(KEYS, "its length or hash is not the signed one"));
    }
    summary(set, KeySetDocument::parse(&current.keys)?)
}

fn summary(set: &TrustedMetadataSet, document: KeySetDocument) -> Result<Verified, Refusal> {
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
    Ok(Verified { document, versions, signed_at, expires_at, root: root.clone() })
}

/// The length and the SHA-256 (lower-case hex) that the targets role signed for the key set.
fn target(set: &TrustedMetadataSet) -> Result<(u64, String), Refusal> {
    let target = set
        .targets_role("targets")
        .and_then(|targets| targets.target(KEYS))
        .ok_or_else(|| malformed("targets.json", "it does not list keys.json"))?;
    let hash = target.hashes.get("sha256").map(|hash| hash.to_ascii_lowercase()).unwrap_or_default();
    if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(malformed("targets.json", "keys.json has no SHA-256"));
    }
    Ok((target.length, hash))
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
