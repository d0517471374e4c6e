//! A system whose key store is not known here.

/// The system's key store.
pub use station::NoKeyStore as SystemKeyStore;
