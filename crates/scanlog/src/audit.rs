//! Compares what is stored with what was signed, and names every difference.
//!
//! Three checks that together leave no room: every entry gives the leaf that is
//! stored for it; every stored hash is that of its two children; and the root
//! of the entries as they stand is the one under the device's signature. So a
//! fault is named where it is, and hiding it one floor up only moves it there.
//!
//! What no file alone can show: a log that was put back to an earlier state as
//! a whole, or replaced by another that the same key signed. For that, compare
//! its checkpoint with one that was seen before.

use ed25519_dalek::VerifyingKey;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::entry::{Entry, Salt};
use crate::note::NoteError;
use crate::tree::{Frontier, Hash, leaf_hash, node_hash};

/// The most faults that are listed one by one; the others are counted.
pub const MAX_FAULTS: usize = 100;

/// What verifying a log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Entries found.
    pub entries: u64,
    /// The root of the tree over the entries found, recomputed.
    pub root: Hash,
    /// The tree head that was signed; `None` when its signature or text is bad.
    /// Whoever knows the log's origin compares it: one key may sign several logs.
    pub checkpoint: Option<Checkpoint>,
    /// The key that signed it. `None` when it did not hold.
    pub signer: Option<VerifyingKey>,
    /// Whether that key is the one that the caller expected, not merely the one
    /// that the file names.
    pub signer_expected: bool,
    /// Everything that does not fit, at most [`MAX_FAULTS`].
    pub faults: Vec<Fault>,
    /// How many faults more there are.
    pub more_faults: u64,
}

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
    /// The file itself is damaged.
    #[error("the file is damaged: {0}")]
    Storage(String),
}

impl Report {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        self.faults.is_empty()
    }
}

/// The stored head.
pub(crate) struct Head {
    pub origin: String,
    pub signer: Option<[u8; 32]>,
    pub note: String,
}

/// A stored entry with the leaf that is stored for it.
pub(crate) struct Row {
    pub index: i64,
    pub content: Result<(Entry, Salt), &'static str>,
    pub leaf: Option<Hash>,
}

/// A stored hash with those of its children.
pub(crate) struct NodeRow {
    pub level: i64,
    pub position: i64,
    pub hash: Option<Hash>,
    pub children: Option<(Hash, Hash)>,
}

/// A verification under way. Feed it entries, then nodes, each in order.
pub(crate) struct Audit {
    report: Report,
    /// How many entries there should be.
    size: u64,
    /// The index that comes next.
    next: u64,
    frontier: Frontier,
    misfits: Vec<(Entry, Salt, Hash)>,
    /// The place that comes next among the nodes.
    next_node: (u8, u64),
}

impl Audit {
    /// Begins with the head. `entries`: one more than the highest index stored,
    /// which stands in for the signed size when there is none.
    pub fn new(head: Option<Head>, expected: Option<&VerifyingKey>, entries: u64) -> Self {
        let report = Report {
            entries: 0,
            root: [0; 32],
            checkpoint: None,
            signer: None,
            signer_expected: false,
            faults: vec![],
            more_faults: 0,
        };
        let (frontier, misfits) = (Frontier::default(), vec![]);
        let mut audit = Self { report, size: entries, next: 0, frontier, misfits, next_node: (0, 0) };
        match head {
            Some(head) => audit.head(&head, expected),
            None => audit.fault(Fault::NoHead),
        }
        audit
    }

    fn head(&mut self, head: &Head, expected: Option<&VerifyingKey>) {
        // Even an unproven size tells where the entries should end.
        if let Ok(claimed) = Checkpoint::unverified(&head.note) {
            self.size = claimed.size;
        }
        let recorded = head.signer.and_then(|key| VerifyingKey::from_bytes(&key).ok());
        let Some(key) = expected.copied().or(recorded) else {
            return self.fault(Fault::BadSignature);
        };
        match Checkpoint::open(&head.note, &head.origin, &key) {
            Ok(checkpoint) => {
                self.report.checkpoint = Some(checkpoint);
                self.report.signer = Some(key);
                self.report.signer_expected = expected.is_some();
            }
            Err(CheckpointError::Note(NoteError::BadSignature)) => self.fault(Fault::BadSignature),
            Err(CheckpointError::Note(NoteError::NotSigned)) => self.fault(Fault::OtherSigner),
            Err(why) => self.fault(Fault::BadHead(why)),
        }
        if self.report.checkpoint.is_some() && recorded != Some(key) {
            self.fault(Fault::OtherSigner);
        }
    }

    /// The next entry, in the order of indices.
    pub fn entry(&mut self, row: Row) {
        self.report.entries += 1;
        let index = match u64::try_from(row.index) {
            Ok(index) if index < self.size => index,
            _ => return self.inserted(row),
        };
        if index > self.next {
            self.fault(Fault::Missing { from: self.next, end: index });
        }
        self.next = index + 1;
        match row.content {
            Err(field) => self.fault(Fault::Unreadable { index: row.index, field }),
            Ok((entry, salt)) => self.content(entry, salt, row.leaf),
        }
    }

    fn inserted(&mut self, row: Row) {
        self.fault(Fault::Inserted { index: row.index });
        if let Ok((entry, salt)) = row.content {
            self.frontier.push(leaf_hash(&entry.commitment(&salt)));
        }
    }

    fn content(&mut self, entry: Entry, salt: Salt, stored: Option<Hash>) {
        let leaf = leaf_hash(&entry.commitment(&salt));
        self.frontier.push(leaf);
        match stored {
            Some(stored) if stored != leaf && self.misfits.len() < MAX_FAULTS => {
                self.misfits.push((entry, salt, stored));
            }
            Some(stored) if stored != leaf => self.fault(Fault::Edited { index: entry.index }),
            _ => {}
        }
    }

    /// The next stored hash, in the order of level and position.
    pub fn node(&mut self, row: &NodeRow) {
        let place = u8::try_from(row.level).ok().zip(u64::try_from(row.position).ok());
        let place = place.filter(|&(level, position)| position < self.width(level));
        let Some((level, position)) = place else {
            return self.fault(Fault::ExtraTreeHash { level: row.level, position: row.position });
        };
        self.nodes_missing_before((level, position));
        self.next_node = (level, position + 1);
        let children = row.children.map(|(left, right)| node_hash(&left, &right));
        if row.hash.is_none() || (level > 0 && children.is_some() && row.hash != children) {
            self.fault(Fault::TreeHash { level, position });
        }
    }

    /// How many entries the log had, by the file beside it.
    pub fn noted(&mut self, noted: u64) {
        if self.size < noted {
            self.fault(Fault::Forgotten { entries: self.size, noted });
        }
    }

    /// What was found.
    pub fn finish(mut self, storage: Vec<String>) -> Report {
        self.nodes_missing_before((64, 0));
        if self.next < self.size {
            self.fault(Fault::Truncated { entries: self.next, signed: self.size });
        }
        for index in 0..self.misfits.len() {
            let fault = self.misfit(index);
            self.fault(fault);
        }
        self.report.root = self.frontier.root();
        if self.report.checkpoint.as_ref().is_some_and(|signed| signed.root != self.report.root) {
            self.fault(Fault::Root);
        }
        storage.into_iter().for_each(|line| self.fault(Fault::Storage(line)));
        self.report
    }

    /// An entry that does not give its leaf: logged elsewhere, or edited?
    fn misfit(&self, which: usize) -> Fault {
        let (entry, salt, _) = &self.misfits[which];
        let to = entry.index;
        let belongs = |(other, _, leaf): &&(Entry, Salt, Hash)| {
            let moved = entry.content.at_index(other.index);
            leaf_hash(&moved.commitment(salt)) == *leaf
        };
        match self.misfits.iter().find(belongs) {
            Some((other, _, _)) => Fault::Moved { from: other.index, to },
            None => Fault::Edited { index: to },
        }
    }

    fn nodes_missing_before(&mut self, (level, position): (u8, u64)) {
        let (mut row, mut from) = self.next_node;
        while row < level {
            self.nodes_missing(row, from, self.width(row));
            (row, from) = (row + 1, 0);
        }
        self.nodes_missing(level, from, position);
    }

    fn nodes_missing(&mut self, level: u8, from: u64, end: u64) {
        if from < end {
            self.fault(Fault::MissingTreeHashes { level, from, end });
        }
    }

    /// How many complete subtrees the tree has on this level.
    fn width(&self, level: u8) -> u64 {
        self.size.checked_shr(level.into()).unwrap_or(0)
    }

    fn fault(&mut self, fault: Fault) {
        if self.report.faults.len() < MAX_FAULTS {
            self.report.faults.push(fault);
        } else {
            self.report.more_faults += 1;
        }
    }
}
