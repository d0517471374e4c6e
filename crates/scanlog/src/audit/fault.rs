//! What can be wrong with a log, one name each.

use crate::checkpoint::CheckpointError;

/// One thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An entry is not the one that was logged.
    #[error("entry {index} was edited")]
    Edited {
        /// Which.
        index: u64,
    },
    /// An entry stands where another belongs.
    #[error("entry {from} was moved to {to}")]
    Moved {
        /// Where it was logged.
        from: u64,
        /// Where it stands.
        to: u64,
    },
    /// An entry that cannot be read.
    #[error("entry {index} is unreadable: {field}")]
    Unreadable {
        /// Which.
        index: i64,
        /// The first field that is wrong.
        field: &'static str,
    },
    /// Entries are missing from the middle.
    #[error("entries {from} to {to} are missing", to = end - 1)]
    Missing {
        /// The first of them.
        from: u64,
        /// The one after the last.
        end: u64,
    },
    /// Others are missing than an entry tells were erased.
    #[error("entry {entry} tells that {told} scans were erased, and {missing} entries are missing there")]
    Purge {
        /// The entry that tells.
        entry: u64,
        /// How many it tells of.
        told: u64,
        /// How many are missing in its range.
        missing: u64,
    },
    /// A scan that was erased is there again. In its stead an event may be missing that never was to be erased.
    #[error("entry {index} was put back after it had been erased")]
    Restored {
        /// Which.
        index: u64,
    },
    /// Entries are missing from the end.
    #[error("the log was truncated: {entries} entries of {signed} that were signed")]
    Truncated {
        /// How far the entries go.
        entries: u64,
        /// How far they went when the head was signed.
        signed: u64,
    },
    /// The log is one of an earlier time.
    #[error(
        "the log was put back to {entries} entries of {noted}, or its side file (-wal) is missing or damaged"
    )]
    Forgotten {
        /// How many entries were signed.
        entries: u64,
        /// How many it had, by the file beside it.
        noted: u64,
    },
    /// An entry that the head was not signed over.
    #[error("entry {index} was inserted: the signed head does not cover it")]
    Inserted {
        /// Which.
        index: i64,
    },
    /// A stored hash is not that of its children.
    #[error("tree hash {position} on level {level} is wrong")]
    TreeHash {
        /// Level, 0 for leaves.
        level: u8,
        /// Position on its level.
        position: u64,
    },
    /// Stored hashes are missing.
    #[error("tree hashes {from} to {to} on level {level} are missing", to = end - 1)]
    MissingTreeHashes {
        /// Level, 0 for leaves.
        level: u8,
        /// The first of them.
        from: u64,
        /// The one after the last.
        end: u64,
    },
    /// A stored hash that the tree has no place for.
    #[error("tree hash {position} on level {level} does not belong to the tree")]
    ExtraTreeHash {
        /// Level, 0 for leaves.
        level: i64,
        /// Position on its level.
        position: i64,
    },
    /// The tallies by which entries are counted and found are not those of the entries.
    #[error("the counts by which entries are found are wrong: a list or a number on a screen may be")]
    Tally,
    /// The entries as they stand do not give the signed root.
    #[error("the entries do not give the signed root")]
    Root,
    /// There is no head.
    #[error("the signed head is missing")]
    NoHead,
    /// The head cannot be read, or belongs to another log.
    #[error("the signed head is malformed: {0}")]
    BadHead(CheckpointError),
    /// The head's signature is wrong.
    #[error("the signature of the head is wrong")]
    BadSignature,
    /// The head was signed by a key other than the expected one.
    #[error("the head was signed by another key than the expected one")]
    OtherSigner,
    /// Entries that were cosigned are not here.
    #[error(
        "entries are missing that {name} has seen: {seen} then, {signed} signed now; the log was cut off or put back from a backup"
    )]
    Unwitnessed {
        /// Who saw them.
        name: String,
        /// How many.
        seen: u64,
        /// How many the head has.
        signed: u64,
    },
    /// Entries are not those that were cosigned.
    #[error("the first {size} entries are not those that {name} has seen: the log was rewritten")]
    Rewritten {
        /// Who saw others.
        name: String,
        /// How many.
        size: u64,
    },
    /// A stored cosignature does not hold.
    #[error("the cosignature of {name} over {size} entries does not hold: {why}")]
    BadCosignature {
        /// Under whose name.
        name: String,
        /// Over how many entries, as the file has it.
        size: u64,
        /// What is wrong.
        why: CheckpointError,
    },
    /// The file itself is damaged.
    #[error("the file is damaged: {0}")]
    Storage(String),
}
