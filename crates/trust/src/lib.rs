//! Trusted keys: signed, versioned sets, rolled forward only.
//!
//! Nothing is trusted until somebody with the right to do so anchors a root
//! ([`Store::anchor`]). From then on a key set comes in only when the
//! authority's roles signed it (The Update Framework, TUF 1.0) and only when it
//! is newer than the one in use ([`Store::refresh`]); [`Store::load`] verifies
//! the whole chain of signatures again each time, out of the device's own cache.
//!
//! - [`import`]: X.509, PEM and JWK into issuers' keys. Pure.
//! - [`document`]: the published form of a key set, a target of a TUF repository. Pure.
//! - [`target`]: what else is published with it, by name. Pure.
//! - [`publish`]: an authority's side: role keys, and a signed repository in a folder.
//! - [`ceremony`]: the same by several people, each of whom signs on their own machine.
//! - [`package()`]: the same in one small file, for a carrier.
//! - [`source`]: where a repository is read from: a folder, a zip file, bytes.
//! - [`status`] and [`hashes`]: who has been revoked, by place and by hash. Pure.
//! - [`Revocations`]: both together, for judging passes.
//! - [`Store`]: a device's side: the anchor, the cache, refreshing; [`change`] says what that does.
//!
//! Who can write the store's file can put a whole older state, or another anchor
//! with a set of its own, in its place: that no signature shows. An edit of
//! anything in it does show.

pub mod ceremony;
pub mod change;
pub mod document;
pub mod hashes;
pub mod import;
pub mod package;
pub mod publish;
pub mod source;
pub mod status;

pub mod target;

mod error;
mod file;
mod hex;
mod key;
mod revocations;
mod store;
mod tuf;

/// The SHA-256 of a root's file in lower-case hexadecimal: what people compare before they anchor it.
pub fn fingerprint(root_json: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(&Sha256::digest(root_json))
}

#[cfg(test)]
mod testing;

pub use change::Change;
pub use document::KeySetDocument;
pub use error::{Error, Refusal};
pub use file::sync_folder;
pub use key::KeyError;
pub use package::{Parts, package};
pub use revocations::{HashList, Lookup, Revocations};
pub use store::{Refreshed, Store, Trusted, hash_rows};
