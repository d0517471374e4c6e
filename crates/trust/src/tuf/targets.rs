//! The targets that the targets role vouches for (TUF 1.0 §5.7).

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};
use sigstore_tuf::TrustedMetadataSet;

use super::{Contents, Current, malformed, required};
use crate::error::{Error, Refusal};
use crate::hex;
use crate::source::Source;
use crate::store::hash_rows::Digest;
use crate::target::{self, KEYS};

/// What is signed of one target.
pub(super) struct Pin {
    pub name: String,
    pub length: usize,
    /// SHA-256, lower-case hexadecimal.
    pub hash: String,
}

/// Every target, within the limits, `keys.json` among them.
pub(super) fn pins(set: &TrustedMetadataSet) -> Result<Vec<Pin>, Refusal> {
    let role = set.targets_role("targets").ok_or_else(|| malformed("targets.json", "it is not there"))?;
    if !role.targets.contains_key(KEYS) {
        return Err(malformed("targets.json", "it does not list keys.json"));
    }
    let length = |file: &sigstore_tuf::TargetFile| usize::try_from(file.length).unwrap_or(usize::MAX);
    target::check(role.targets.iter().map(|(name, file)| (name.as_str(), length(file))))?;
    role.targets.iter().map(|(name, file)| pin(name, length(file), file)).collect()
}

fn pin(name: &str, length: usize, file: &sigstore_tuf::TargetFile) -> Result<Pin, Refusal> {
    let hash = file.hashes.get("sha256").map(|hash| hash.to_ascii_lowercase()).unwrap_or_default();
    if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(malformed("targets.json", format!("{name} has no SHA-256")));
    }
    Ok(Pin { name: name.into(), length, hash })
}

/// The bytes of every target: of those with a hash that is here already from here, and
/// only of the others from `source`, which may leave the former out. A list of hashes that is
/// here already stays where it is.
pub(super) fn fetch(
    set: &TrustedMetadataSet,
    trusted: Option<&Current>,
    source: &dyn Source,
) -> Result<Contents, Error> {
    let consistent = set.root().consistent_snapshot;
    let (mut contents, mut lists) = (BTreeMap::new(), BTreeSet::new());
    for pin in pins(set)? {
        let kept = |digest: &Digest| trusted.is_some_and(|trusted| trusted.lists.contains(digest));
        match pin.list().filter(kept) {
            Some(digest) => drop(lists.insert(digest)),
            None => {
                let (name, bytes) = pin.fetch(consistent, trusted, source)?;
                contents.insert(name, bytes);
            }
        }
    }
    Ok((contents, lists))
}

impl Pin {
    fn fetch(
        self,
        consistent: bool,
        trusted: Option<&Current>,
        source: &dyn Source,
    ) -> Result<(String, Vec<u8>), Error> {
        let pin = self;
        let kept = trusted.and_then(|trusted| trusted.contents.values().find(|bytes| pin.fits(bytes)));
        let bytes = match kept {
            Some(bytes) => bytes.clone(),
            None => required(source, &pin.path(consistent), pin.length).map_err(|error| pin.longer(error))?,
        };
        if !pin.fits(&bytes) {
            return Err(pin.differs().into());
        }
        Ok((pin.name, bytes))
    }
}

/// Whether these are the signed targets, all of them and no others. Of a list of hashes in the
/// store's rows only its hash is looked at here. Gives the lists of hashes by `<id>`.
pub(super) fn check(set: &TrustedMetadataSet, current: &Current) -> Result<Vec<(String, Digest)>, Refusal> {
    let Current { contents, lists, .. } = current;
    let (pins, mut stored) = (pins(set)?, BTreeSet::new());
    for pin in &pins {
        if let Some(digest) = pin.list().filter(|digest| lists.contains(digest)) {
            stored.insert(digest);
            continue;
        }
        let bytes = contents.get(&pin.name).ok_or_else(|| Refusal::Missing(pin.name.clone()))?;
        if !pin.fits(bytes) {
            return Err(pin.differs());
        }
    }
    let listed = |name: &String| pins.iter().any(|pin| pin.name == *name);
    if !contents.keys().all(listed) || stored.len() != lists.len() {
        return Err(malformed("targets.json", "there are files that it does not list"));
    }
    let list = |pin: &Pin| Some((target::hashes_id(&pin.name)?.to_owned(), pin.list()?));
    Ok(pins.iter().filter_map(list).collect())
}

impl Pin {
    /// Where a repository keeps it (TUF 1.0 §5.7.3).
    fn path(&self, consistent: bool) -> String {
        let Self { name, hash, .. } = self;
        if consistent { format!("targets/{hash}.{name}") } else { format!("targets/{name}") }
    }

    fn is_hashes(&self) -> bool {
        target::hashes_id(&self.name).is_some()
    }

    /// Of a list of hashes, what its rows are found by.
    fn list(&self) -> Option<Digest> {
        let bytes = self.is_hashes().then(|| hex::decode(&self.hash))??;
        Digest::try_from(bytes).ok()
    }

    fn fits(&self, bytes: &[u8]) -> bool {
        bytes.len() == self.length && hex::encode(&Sha256::digest(bytes)) == self.hash
    }

    fn differs(&self) -> Refusal {
        malformed(&self.name, "its length or hash is not the signed one")
    }

    /// A file with more bytes than were signed for is another file, not a large one.
    fn longer(&self, error: Error) -> Error {
        match error {
            Error::Refused(Refusal::TooLarge { .. }) => self.differs().into(),
            error => error,
        }
    }
}
