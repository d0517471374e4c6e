//! Apple's Keychain.

use security_framework::base::Error;
use security_framework::passwords;
use security_framework_sys::base::{errSecAuthFailed, errSecItemNotFound};
use station::{KeyStore, KeyStoreError};
use zeroize::Zeroizing;

use crate::SERVICE;

/// `errSecNotAvailable` and `errSecInteractionNotAllowed`, which the bindings have no names for (`SecBase.h`).
const NOT_AVAILABLE: i32 = -25291;
const INTERACTION_NOT_ALLOWED: i32 = -25308;

/// The system's key store.
#[derive(Clone, Copy, Debug)]
pub struct SystemKeyStore;

impl KeyStore for SystemKeyStore {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        let options = passwords::PasswordOptions::new_generic_password(SERVICE, name);
        match passwords::generic_password(options) {
            Err(why) if why.code() == errSecItemNotFound => Ok(None),
            other => other.map(|secret| Some(Zeroizing::new(secret))).map_err(error),
        }
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        passwords::set_generic_password(SERVICE, name, secret).map_err(error)
    }

    fn remove(&self, name: &str) -> Result<(), KeyStoreError> {
        match passwords::delete_generic_password(SERVICE, name) {
            Err(why) if why.code() != errSecItemNotFound => Err(error(why)),
            _ => Ok(()),
        }
    }
}

fn error(why: Error) -> KeyStoreError {
    match why.code() {
        NOT_AVAILABLE => KeyStoreError::Missing,
        code if [errSecAuthFailed, INTERACTION_NOT_ALLOWED].contains(&code) => KeyStoreError::Locked,
        _ => KeyStoreError::Failed(why.to_string()),
    }
}
