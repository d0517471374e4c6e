//! Trusted keys: signed, versioned sets, rolled forward only.
//!
//! Nothing is trusted until somebody with the right to do so anchors a root
//! ([`Store::anchor`]). From then on a key set comes in only when the
//! authority's roles signed it (The Update Framework, TUF 1.0) and only when it
//! is newer than the one in use ([`Store::refresh`]); [`Store::load`] verifies
//! the whole chain of signatures again each time, out of the device's own cache.
//!
//! - [`import`]: X.509, PEM and JWK into issuers' keys. Pure.
//! - [`document`]: the published form of a key set, a target inside a TUF repository. Pure.
//! - [`publish`]: an authority's side: role keys, and a signed repository in a folder.
//! - [`Store`]: a device's side: the anchor, the cache, refreshing.

pub mod import;

mod key;

pub use key::KeyError;
