//! What a repository publishes.

use std::collections::BTreeMap;

use crate::document::KeySetDocument;
use crate::error::{Error, Refusal};
use crate::target::{self, KEYS};

/// A key set and the files that belong to it. Each version of a repository has all of its files anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    keys: KeySetDocument,
    files: BTreeMap<String, Vec<u8>>,
}

impl Contents {
    /// This key set alone.
    pub fn new(keys: KeySetDocument) -> Self {
        Self { keys, files: BTreeMap::new() }
    }

    /// With a further file, in the place of an earlier one of its name. Refuses names that no
    /// target may have ([`target::is_name`]), `keys.json`, files over their limit, and more or larger ones than
    /// devices take.
    pub fn with(mut self, name: &str, bytes: Vec<u8>) -> Result<Self, Error> {
        if name == KEYS {
            return Err(Refusal::UnsafeName(name.into()).into());
        }
        self.files.insert(name.into(), bytes);
        // The key set is one more, of a length that is not known yet.
        check(&self.files, [(KEYS, 0)])?;
        Ok(self)
    }

    /// Every file by its name, as it is published. Every key of a demo authority is a demo
    /// key, whatever the document says.
    pub(crate) fn files(self, demo: bool) -> Result<BTreeMap<String, Vec<u8>>, Refusal> {
        let Self { mut keys, mut files } = self;
        keys.keys.iter_mut().for_each(|key| key.demo |= demo);
        files.insert(KEYS.into(), keys.to_json()?);
        check(&files, [])?;
        Ok(files)
    }
}

fn check<const N: usize>(
    files: &BTreeMap<String, Vec<u8>>,
    more: [(&'static str, usize); N],
) -> Result<(), Refusal> {
    let files = files.iter().map(|(name, bytes)| (name.as_str(), bytes.len()));
    target::check(files.chain(more))
}

impl From<KeySetDocument> for Contents {
    fn from(keys: KeySetDocument) -> Self {
        Self::new(keys)
    }
}

impl From<&KeySetDocument> for Contents {
    fn from(keys: &KeySetDocument) -> Self {
        Self::new(keys.clone())
    }
}
