//! A repository in one small file, for a stick, a message or an animated QR code.
//!
//! The same repository gives the same bytes: no times, no order of a file system.

mod zip;

use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Refusal};
use crate::hex;
use crate::publish;
use crate::source::{ARCHIVE_MAX, ENTRIES_MAX, Folder, Source};
use crate::target;
use crate::tuf::{self, Files, METADATA_MAX, Verified};

#[cfg(test)]
pub(crate) use zip::write as write_zip;

/// Which targets are packed. The metadata always is, with every root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts<'a> {
    /// All of them.
    All,
    /// Those that a device with the key set of this version does not have yet.
    Since(u64),
    /// Those of these names.
    Only(&'a [String]),
}

/// The newest state of the repository in `folder` as a zip file, which [`crate::source::Archive`]
/// reads. The state is verified first; expired is fine. Refuses a version whose list of
/// targets is not in the folder, and names that are not published.
pub fn package(folder: &Path, parts: Parts<'_>) -> Result<Vec<u8>, Error> {
    let (files, verified) = publish::published(folder)?;
    let held = match parts {
        Parts::All => BTreeSet::new(),
        Parts::Since(version) => {
            let name = format!("{version}.targets.json");
            let targets = Folder::new(folder).read(&name, METADATA_MAX)?.ok_or(Refusal::Missing(name))?;
            tuf::listed(&targets)?.into_values().map(|signed| signed.hash).collect()
        }
        Parts::Only(names) => all_but(&files, names)?,
    };
    pack(&named(&files, &verified).filter(|(name, _)| !is_held(name, &held)).collect::<Vec<_>>())
}

/// The same of what a device has, with its lists of hashes: for another device.
pub(crate) fn of_device(
    files: &Files,
    verified: &Verified,
    lists: &[(String, Vec<u8>)],
) -> Result<Vec<u8>, Error> {
    let lists = lists.iter().map(|(name, bytes)| (path(name, bytes), bytes.as_slice()));
    let mut named: Vec<(String, &[u8])> = named(files, verified).chain(lists).collect();
    named.sort();
    pack(&named)
}

/// A zip file of these files, in this order. Refuses what no device would open.
pub(crate) fn pack(files: &[(String, &[u8])]) -> Result<Vec<u8>, Error> {
    pack_within(files, ARCHIVE_MAX)
}

fn pack_within(files: &[(String, &[u8])], limit: usize) -> Result<Vec<u8>, Error> {
    let refuse = |what: String| {
        let line =
            format!("the zip file would have over {what}, and nobody could open it; leave some files out");
        Err(Error::Ceremony(line))
    };
    if files.len() > ENTRIES_MAX {
        return refuse(format!("{ENTRIES_MAX} entries"));
    }
    let zip = zip::write(files);
    if zip.len() > limit { refuse(format!("{limit} bytes")) } else { Ok(zip) }
}

/// The files of a repository by their names in it, sorted.
pub(crate) fn named<'a>(
    files: &'a Files,
    verified: &Verified,
) -> impl Iterator<Item = (String, &'a [u8])> + use<'a> {
    let first = verified.root.version - files.roots.len() as u64;
    let roots = std::iter::once(&files.anchor).chain(&files.roots);
    let mut named: Vec<(String, &[u8])> = (first..)
        .zip(roots)
        .map(|(version, root)| (format!("{version}.root.json"), root.as_slice()))
        .collect();
    let [_, snapshot, targets] = verified.versions;
    if let Some(current) = &files.current {
        named.push((format!("{snapshot}.snapshot.json"), &current.snapshot));
        named.push((format!("{targets}.targets.json"), &current.targets));
        named.push(("timestamp.json".into(), &current.timestamp));
        named.extend(current.contents.iter().map(|(name, bytes)| (path(name, bytes), bytes.as_slice())));
    }
    named.sort();
    named.into_iter()
}

/// Where a target lies in a repository (TUF 1.0 §5.7.3).
pub(crate) fn path(name: &str, bytes: &[u8]) -> String {
    format!("targets/{}.{name}", hex::encode(&Sha256::digest(bytes)))
}

/// The hashes of the targets that are not among `names`.
fn all_but(files: &Files, names: &[String]) -> Result<BTreeSet<String>, Refusal> {
    let contents = files.current.iter().flat_map(|current| &current.contents);
    let known: BTreeSet<&String> = contents.clone().map(|(name, _)| name).collect();
    match names.iter().find(|name| !known.contains(name)) {
        Some(name) if target::is_name(name) => Err(Refusal::Missing(name.clone())),
        Some(name) => Err(Refusal::UnsafeName(name.clone())),
        None => Ok(contents
            .filter(|(name, _)| !names.contains(name))
            .map(|(_, bytes)| hex::encode(&Sha256::digest(bytes)))
            .collect()),
    }
}

fn is_held(name: &str, held: &BTreeSet<String>) -> bool {
    let hash = name.strip_prefix("targets/").and_then(|name| name.split_once('.'));
    hash.is_some_and(|(hash, _)| held.contains(hash))
}

#[cfg(test)]
mod tests;
