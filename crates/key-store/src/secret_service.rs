//! The Secret Service of a Linux desktop (GNOME Keyring, KWallet, KeePassXC), over the user's D-Bus.

use std::collections::HashMap;

use dbus_secret_service::{Collection, EncryptionType, Error, Item, SecretService};
use station::{KeyStore, KeyStoreError};
use zeroize::Zeroizing;

use crate::SERVICE;

/// How long somebody has to unlock the store when its secret is wanted, in seconds.
const UNLOCK_SECONDS: u64 = 60;
/// A prompt that may take this long is not shown.
const NO_PROMPT: u64 = 0;
/// What a secret is, in the service's terms.
const CONTENT_TYPE: &str = "application/octet-stream";

/// The system's key store.
#[derive(Clone, Copy, Debug)]
pub struct SystemKeyStore;

impl KeyStore for SystemKeyStore {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        let service = connect(UNLOCK_SECONDS)?;
        let found = service.search_items(attributes(name)).map_err(error)?;
        let Some(item) = found.unlocked.first().or(found.locked.first()) else {
            return Ok(None);
        };
        item.ensure_unlocked().map_err(error)?;
        item.get_secret().map(|secret| Some(Zeroizing::new(secret))).map_err(error)
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        let service = connect(NO_PROMPT)?;
        let collection = kept(&service)?;
        let label = format!("Propusk device key {name}");
        collection.create_item(&label, attributes(name), secret, true, CONTENT_TYPE).map(drop).map_err(error)
    }

    fn remove(&self, name: &str) -> Result<(), KeyStoreError> {
        let service = connect(UNLOCK_SECONDS)?;
        let found = service.search_items(attributes(name)).map_err(error)?;
        found.unlocked.iter().chain(&found.locked).try_for_each(Item::delete).map_err(error)
    }
}

/// The secrets cross the user's own bus, on which nobody else listens: encrypting them once more hides them from nobody
/// who could not ask the service for them.
fn connect(prompt_seconds: u64) -> Result<SecretService, KeyStoreError> {
    SecretService::connect_with_max_prompt_timeout(EncryptionType::Plain, prompt_seconds).map_err(|why| {
        match why {
            // No bus, or nobody on it who offers this.
            Error::Dbus(_) | Error::Unavailable => KeyStoreError::Missing,
            why => error(why),
        }
    })
}

/// The collection that outlives the session.
fn kept(service: &SecretService) -> Result<Collection<'_>, KeyStoreError> {
    let collection = match service.get_default_collection() {
        Err(Error::NoResult) => return Err(KeyStoreError::Missing),
        other => other.map_err(error)?,
    };
    if collection.is_locked().map_err(error)? { Err(KeyStoreError::Locked) } else { Ok(collection) }
}

fn attributes(name: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", name)])
}

fn error(why: Error) -> KeyStoreError {
    match why {
        Error::Locked | Error::Prompt => KeyStoreError::Locked,
        Error::Unavailable => KeyStoreError::Missing,
        why => KeyStoreError::Failed(why.to_string()),
    }
}
