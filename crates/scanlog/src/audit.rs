//! Compares what is stored with what was signed, and names every difference.
//!
//! Three checks that together leave no room: every entry gives the leaf that is
//! stored for it; every stored hash is that of its two children; and the root
//! of the entries as they stand is the one under the device's signature. So a
//! fault is named where it is, and hiding it one floor up only moves it there.
//! Of an entry that was erased only its leaf is left to be proven, and only
//! within what an entry tells was erased; elsewhere it is missing.
//!
//! What no file alone can show: a log that was put back to an earlier state as
//! a whole, or replaced by another that the same key signed. For that a witness
//! compares its checkpoint with the last that it saw, and cosigns; what is
//! cosigned is proven by two devices, and what came since by this one alone.

use ed25519_dalek::VerifyingKey;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::cosignature::Cosigner;
use crate::entry::{Entry, Purge, Salt};
use crate::note::{self, Note, NoteError};
use crate::tree::{Frontier, Hash, leaf_hash, node_hash};

/// The most faults that are listed one by one; the others are counted.
pub const MAX_FAULTS: usize = 100;

/// What verifying a log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Entries found.
    pub entries: u64,
    /// Entries of which only the leaf is left, as a later entry tells.
    pub erased: u64,
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
    /// What witnesses have cosigned and what still stands, the smallest first.
    pub witnessed: Vec<Witnessed>,
    /// Where an entry's time is before that of the entry before it, at most [`MAX_FAULTS`]: the clock was set
    /// back. Nothing is unproven by that.
    pub steps_back: Vec<StepBack>,
    /// How many such places more there are.
    pub more_steps_back: u64,
    /// Everything that does not fit, at most [`MAX_FAULTS`].
    pub faults: Vec<Fault>,
    /// How many faults more there are.
    pub more_faults: u64,
}

/// A head that a witness has cosigned, and that this log goes on from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witnessed {
    /// Who. The name and key are the file's word: whether it is an inspector's, only who knows the key can tell.
    pub witness: Cosigner,
    /// How many entries were there.
    pub size: u64,
    /// When it was cosigned, seconds UTC, by the witness's clock.
    pub at: i64,
}

/// Entries that were first cosigned together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    /// The first of them.
    pub from: u64,
    /// The one after the last.
    pub end: u64,
    /// By whom, and when.
    pub by: &'a Witnessed,
}

/// An entry whose time is before that of the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepBack {
    /// The entry.
    pub index: u64,
    /// The time before, seconds UTC.
    pub from: i64,
    /// Its own.
    pub to: i64,
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

impl Report {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        self.faults.is_empty()
    }

    /// Which entries have been proven since when and by whom, in order. What is behind the last rests on this
    /// device's word alone.
    pub fn spans(&self) -> Vec<Span<'_>> {
        let mut by_time: Vec<_> = self.witnessed.iter().collect();
        by_time.sort_by_key(|witnessed| (witnessed.at, witnessed.size));
        let mut spans: Vec<Span<'_>> = vec![];
        for by in by_time {
            let from = spans.last().map_or(0, |span| span.end);
            if by.size > from {
                spans.push(Span { from, end: by.size, by });
            }
        }
        spans
    }

    /// How many entries at the end nobody has cosigned.
    pub fn unwitnessed(&self) -> u64 {
        let seen = self.witnessed.iter().map(|witnessed| witnessed.size).max().unwrap_or(0);
        self.checkpoint.as_ref().map_or(self.entries, |head| head.size).saturating_sub(seen)
    }
}

/// What is known of a log that is as it was signed.
pub(crate) struct Whole {
    pub entries: u64,
    pub erased: u64,
    pub root: Hash,
    pub steps_back: Vec<StepBack>,
    pub more_steps_back: u64,
}

/// A stored cosignature.
pub(crate) struct CosignedRow {
    pub size: u64,
    pub name: String,
    pub key: Option<[u8; 32]>,
    pub note: String,
}

/// The stored head.
pub(crate) struct Head {
    pub origin: String,
    pub signer: Option<[u8; 32]>,
    pub note: String,
}

impl CosignedRow {
    /// The head that both signed, and who the other is.
    pub fn open(
        &self,
        origin: &str,
        signer: &VerifyingKey,
    ) -> Result<(Checkpoint, Witnessed), CheckpointError> {
        let head = Checkpoint::open(&self.note, origin, signer)?;
        let key = self.key.and_then(|key| VerifyingKey::from_bytes(&key).ok()).ok_or(NoteError::Verifier)?;
        let name = note::checked_name(&self.name)?.to_owned();
        let witness = Cosigner { name, key };
        let at = witness.verify(&Note::parse(&self.note)?)?;
        if self.size != head.size {
            return Err(CheckpointError::Text("size"));
        }
        let size = head.size;
        Ok((head, Witnessed { witness, size, at }))
    }
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
    /// The time of the entry before, seconds UTC.
    last_at: i64,
    frontier: Frontier,
    misfits: Vec<(Entry, Salt, Hash)>,
    /// What was erased by which entry, and how many entries are missing there.
    purges: Vec<(u64, Purge, u64)>,
    /// The place that comes next among the nodes.
    next_node: (u8, u64),
}

impl Audit {
    /// Begins with the head. `entries`: one more than the highest index stored,
    /// which stands in for the signed size when there is none. `purges`: what was erased, and the entries that
    /// tell of it, in order.
    pub fn new(
        head: Option<Head>,
        expected: Option<&VerifyingKey>,
        entries: u64,
        purges: &[(u64, Purge)],
    ) -> Self {
        let report = Report {
            entries: 0,
            erased: 0,
            root: [0; 32],
            checkpoint: None,
            signer: None,
            signer_expected: false,
            witnessed: vec![],
            steps_back: vec![],
            more_steps_back: 0,
            faults: vec![],
            more_faults: 0,
        };
        let (frontier, misfits) = (Frontier::default(), vec![]);
        let (size, last_at, next_node) = (entries, i64::MIN, (0, 0));
        let purges = purges.iter().map(|&(entry, purge)| (entry, purge, 0)).collect();
        let mut audit = Self { report, size, next: 0, last_at, frontier, misfits, purges, next_node };
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
            Ok((entry, salt)) => {
                self.time(index, entry.content.at);
                self.content(entry, salt, row.leaf);
            }
        }
    }

    fn time(&mut self, index: u64, at: i64) {
        if at < self.last_at {
            let step = StepBack { index, from: self.last_at, to: at };
            if self.report.steps_back.len() < MAX_FAULTS {
                self.report.steps_back.push(step);
            } else {
                self.report.more_steps_back += 1;
            }
        }
        self.last_at = at;
    }

    /// The next place before an entry's that holds nothing and may.
    pub fn erased_before(&self, index: i64) -> Option<u64> {
        let before =
            u64::try_from(index).ok().is_some_and(|index| self.next < index && self.next < self.size);
        let erased = |(_, purge, _): &(u64, Purge, u64)| (purge.from..purge.end).contains(&self.next);
        (before && self.purges.iter().any(erased)).then_some(self.next)
    }

    /// There is no entry at the next place, but the leaf of one that was erased.
    pub fn erased(&mut self, leaf: Option<Hash>) {
        let place = self.next;
        let purge = self.purges.iter_mut().find(|(_, purge, _)| (purge.from..purge.end).contains(&place));
        if let Some((_, _, missing)) = purge {
            *missing += 1;
        }
        if let Some(leaf) = leaf {
            self.frontier.push(leaf);
        }
        self.report.erased += 1;
        self.next = place + 1;
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

    /// A stored cosignature. `root`: that of the stored tree at its size, where it has one.
    pub fn cosignature(&mut self, row: CosignedRow, root: impl FnOnce(u64) -> Option<Hash>) {
        let (name, size) = (row.name.clone(), row.size);
        // Without a head that holds, there is nothing to compare with.
        let Some(signed) = self.report.checkpoint.clone() else { return };
        let signer = self.report.signer.ok_or(CheckpointError::Note(NoteError::NotSigned));
        let (seen, witnessed) = match signer.and_then(|signer| row.open(&signed.origin, &signer)) {
            Ok(cosigned) => cosigned,
            Err(why) => return self.fault(Fault::BadCosignature { name, size, why }),
        };
        if seen.size > signed.size {
            return self.fault(Fault::Unwitnessed { name, seen: seen.size, signed: signed.size });
        }
        if root(seen.size) == Some(seen.root) {
            self.report.witnessed.push(witnessed);
        } else {
            self.fault(Fault::Rewritten { name, size: seen.size });
        }
    }

    /// Whether the head holds, and over how many entries it was signed.
    pub fn signed(&self) -> Option<Checkpoint> {
        self.report.checkpoint.clone().filter(|_| self.report.faults.is_empty())
    }

    /// What was found, where every entry and hash turned out to be as it was signed.
    pub fn finish_whole(mut self, whole: Whole) -> Report {
        let Whole { entries, erased, root, steps_back, more_steps_back } = whole;
        self.report = Report { entries, erased, root, steps_back, more_steps_back, ..self.report };
        self.report
    }

    /// How many entries the log had, by the file beside it.
    pub fn noted(&mut self, noted: u64) {
        if self.size < noted {
            self.fault(Fault::Forgotten { entries: self.size, noted });
        }
    }

    /// What was found.
    pub fn finish(mut self, tallied: bool, storage: Vec<String>) -> Report {
        self.nodes_missing_before((64, 0));
        if self.next < self.size {
            self.fault(Fault::Truncated { entries: self.next, signed: self.size });
        }
        for (entry, purge, missing) in std::mem::take(&mut self.purges) {
            if missing != purge.erased {
                self.fault(Fault::Purge { entry, told: purge.erased, missing });
            }
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
        // Where entries are not as they were, neither are their tallies: that is no news.
        if !tallied && self.report.holds() {
            self.fault(Fault::Tally);
        }
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
