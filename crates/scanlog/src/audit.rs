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

mod fault;
mod report;

use ed25519_dalek::VerifyingKey;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::cosignature::Cosigner;
use crate::entry::{Entry, Outcome, Purge, Salt};
use crate::error::one_line;
use crate::note::{self, Note, NoteError};
use crate::tree::{Frontier, Hash, leaf_hash, node_hash};

pub use fault::Fault;
pub use report::{Report, Span, StepBack, Witnessed};

/// The most faults that are listed one by one; the others are counted.
pub const MAX_FAULTS: usize = 100;

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
                let scan = entry.content.outcome != Outcome::Event;
                if scan && self.purges.iter().any(|(_, purge, _)| (purge.from..purge.end).contains(&index)) {
                    self.fault(Fault::Restored { index });
                }
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
            // What does not hold need not be a witness's name, but anything of any length.
            Err(why) => return self.fault(Fault::BadCosignature { name: one_line(&name), size, why }),
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
