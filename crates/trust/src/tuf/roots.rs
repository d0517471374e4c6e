//! The chain of roots, from the one that was anchored (TUF 1.0 §5.3).

use sigstore_tuf::{Root, TrustedMetadataSet};

use super::{Files, METADATA_MAX, crypto, malformed, parse, refusal, same};
use crate::error::{Error, Refusal};
use crate::source::Source;

/// Most new roots in one refresh: a rotation a month for twenty years.
const ROOTS_MAX: usize = 240;
/// Highest version of a first root. Later ones grow by one, so none overflows.
const ROOT_VERSION_MAX: u64 = 1 << 32;

/// Whether a root can be anchored: signed by its own keys, with sound roles.
pub(super) fn first_root(bytes: &[u8]) -> Result<TrustedMetadataSet, Refusal> {
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

/// Follows the stored roots. Each was accepted before.
pub(super) fn trusted_roots(files: &Files) -> Result<TrustedMetadataSet, Refusal> {
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
pub(super) fn follow_roots(
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
