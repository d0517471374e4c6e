//! What a system keeps secrets in for its user, as a station sees it.

use zeroize::Zeroizing;

/// A system's key store: the Secret Service of a Linux desktop, a Keychain, the Credential Manager of Windows.
///
/// Secrets lie there under a name. Setting one that is there replaces it; removing one that is not there is no error.
pub trait KeyStore {
    /// The secret under this name, or `None` where the store has none. The user may be asked to unlock the store.
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError>;

    /// Keeps a secret. Nobody is asked for anything: a store that is locked refuses.
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError>;

    /// Forgets a secret.
    fn remove(&self, name: &str) -> Result<(), KeyStoreError>;
}

/// Why a key store gives or takes nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyStoreError {
    /// The system has none, or none is running for this user.
    #[error("this system has no key store that is running for this user")]
    Missing,
    /// It is there, and locked.
    #[error("the system's key store is locked")]
    Locked,
    /// It said something else.
    #[error("the system's key store failed ({0})")]
    Failed(String),
}

/// A system without a key store.
#[derive(Clone, Copy, Debug)]
pub struct NoKeyStore;

impl KeyStore for NoKeyStore {
    fn get(&self, _: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        Err(KeyStoreError::Missing)
    }

    fn set(&self, _: &str, _: &[u8]) -> Result<(), KeyStoreError> {
        Err(KeyStoreError::Missing)
    }

    fn remove(&self, _: &str) -> Result<(), KeyStoreError> {
        Err(KeyStoreError::Missing)
    }
}
