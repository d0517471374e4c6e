//! The Credential Manager of Windows.

use std::collections::HashMap;

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use station::{KeyStore, KeyStoreError};
use windows_native_keyring_store::Store;
use zeroize::Zeroizing;

use crate::SERVICE;

/// The system's key store.
#[derive(Clone, Copy, Debug)]
pub struct SystemKeyStore;

impl KeyStore for SystemKeyStore {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        match entry(name)?.get_secret() {
            Err(Error::NoEntry) => Ok(None),
            other => other.map(|secret| Some(Zeroizing::new(secret))).map_err(error),
        }
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        entry(name)?.set_secret(secret).map_err(error)
    }

    fn remove(&self, name: &str) -> Result<(), KeyStoreError> {
        match entry(name)?.delete_credential() {
            Err(Error::NoEntry) => Ok(()),
            other => other.map_err(error),
        }
    }
}

/// On this machine alone: a device key that roams with its user would make two devices of one.
fn entry(name: &str) -> Result<Entry, KeyStoreError> {
    let here = HashMap::from([("persistence", "LocalMachine")]);
    Store::new().and_then(|store| store.build(SERVICE, name, Some(&here))).map_err(error)
}

fn error(why: Error) -> KeyStoreError {
    match why {
        Error::NoStorageAccess(_) => KeyStoreError::Locked,
        why => KeyStoreError::Failed(why.to_string()),
    }
}
