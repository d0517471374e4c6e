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
    /// target may have ([`target::is_name`]), `keys.json`, and files over their limit.
    pub fn with(mut self, name: &str, bytes: Vec<u8>) -> Result<Self, Error> {
        let limit = target::limit(name);
        if !target::is_name(name) || name == KEYS {
            return Err(Refusal::UnsafeName(name.into()).into());
        }
        if bytes.len() > limit {
            return Err(Refusal::TooLarge { name: name.into(), limit }.into());
        }
        self.files.insert(name.into(), bytes);
        Ok(self)
    }

    /// Every file by its name, as it is published. Every key of a demo authority is a demo
    /// key, whatever the document says.
    pub(crate) fn files(self, demo: bool) -> Result<BTreeMap<String, Vec<u8>>, Refusal> {
        let Self { mut keys, mut files } = self;
        keys.keys.iter_mut().for_each(|key| key.demo |= demo);
        files.insert(KEYS.into(), keys.to_json()?);
        Ok(files)
    }
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
