//! The scan log: entries, their Merkle tree, its signed checkpoint, and the store.
//!
//! [`Log::append`] returns when the entry, its place in the tree and a new
//! signed checkpoint are on disk, all in one transaction. [`verify`] recomputes
//! the lot from the file alone and names everything that does not fit.
//!
//! | module | does | knows nothing of |
//! |---|---|---|
//! | [`entry`] | what an entry holds, its bytes, its commitment | the tree, SQL |
//! | [`tree`] | RFC 6962 hashes and proofs | entries, storage |
//! | [`note`], [`checkpoint`] | C2SP signed notes and tree heads | entries, storage |
//! | [`cosignature`] | C2SP cosignatures of tree heads | entries, storage |
//! | [`witness`] | the inspector's side: cosigns what goes on from what it saw | entries, storage |
//! | [`identity`] | keyed hashes that stand in for certificates and people | everything else |
//! | [`anomaly`] | what in a log an inspector should look at | SQL, the tree |
//! | `audit` | compares rows with what was signed | SQL |
//! | [`sqlite`] | how a SQLite file is opened | tables |
//! | `store` | the only SQL | what a certificate is |
//!
//! Time, keys and salts are passed in. No name and no text of a certificate
//! can reach the log: every text field is a short `snake_case` word.

pub mod anomaly;
mod audit;
pub mod checkpoint;
pub mod cosignature;
pub mod entry;
mod error;
pub mod identity;
pub mod note;
pub mod sqlite;
mod store;
pub mod tree;
pub mod witness;

pub use anomaly::{Anomaly, What};
pub use audit::{Fault, MAX_FAULTS, Report, Span, StepBack, Witnessed};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use entry::{Entry, NewEntry, Outcome, Purge, Salt};
pub use error::Error;
pub use identity::DeviceKey;
pub use store::{
    Appended, BadAnswer, Bucket, Counts, Filter, Leaf, Log, MAX_BUCKETS, MAX_PAGE, Page, Purged, Reader,
    Snapshot, Statistics, anomalies, exists, verify,
};
pub use tree::Hash;

/// Reading a log needs only its signer's public key, re-exported so that
/// callers need not depend on the signature crate for it.
pub use ed25519_dalek::{SigningKey, VerifyingKey};
