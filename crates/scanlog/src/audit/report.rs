//! What verifying a log found.

use ed25519_dalek::VerifyingKey;

use super::Fault;
use crate::checkpoint::Checkpoint;
use crate::cosignature::Cosigner;
use crate::tree::Hash;

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
    /// Where an entry's time is before that of the entry before it, at most [`MAX_FAULTS`](super::MAX_FAULTS): the clock was set
    /// back. Nothing is unproven by that.
    pub steps_back: Vec<StepBack>,
    /// How many such places more there are.
    pub more_steps_back: u64,
    /// Everything that does not fit, at most [`MAX_FAULTS`](super::MAX_FAULTS).
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
