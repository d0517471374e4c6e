//! Whether what was seen of one log fits together: a log only grows, and what it once was stays its beginning.

use std::collections::BTreeMap;

use scanlog::Hash;
use serde::{Deserialize, Serialize};

/// What is known of the history of one log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The root at each size that it was seen with, in hexadecimal.
    pub roots: BTreeMap<u64, String>,
    /// The ranges of indices that are known, from the first to behind the last; ordered, and apart from each other.
    pub ranges: Vec<(u64, u64)>,
    /// The largest size that was signed.
    pub size: u64,
    /// When each size was seen, seconds UTC by the device's clock.
    pub seen: BTreeMap<i64, u64>,
}

/// One thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// Two histories under one name.
    #[error("FORK: the log signed two histories; they differ within the first {size} entries")]
    Fork {
        /// A size at which both are known.
        size: u64,
    },
    /// It was longer once, by the device's clock: an older state was put back, or the clock was ahead.
    #[error("ROLLED BACK: the log had {before} entries on {}, and {after} later, on {}, unless the device's clock was ahead before", export::rfc3339(*at), export::rfc3339(*later))]
    RolledBack {
        /// Entries before.
        before: u64,
        /// When that was, seconds UTC.
        at: i64,
        /// Entries after.
        after: u64,
        /// When that was, seconds UTC.
        later: i64,
    },
    /// Entries that nobody brought.
    #[error("GAP: entries {from} to {} are in no export", end - 1)]
    Gap {
        /// The first of them.
        from: u64,
        /// The one behind the last.
        end: u64,
    },
    /// It cannot be told whether an export belongs to the history that is known.
    #[error("UNCOMPARED: no other export has the root at {size} entries; import it together with the others")]
    Uncompared {
        /// The export's size.
        size: u64,
    },
}

/// What an export shows of its log's history.
pub struct Sight<'a> {
    /// The range of indices that it has.
    pub range: (u64, u64),
    /// How many entries the log had.
    pub size: u64,
    /// When it was exported, seconds UTC.
    pub exported_at: i64,
    /// The roots that its entries give.
    pub roots: &'a BTreeMap<u64, Hash>,
}

impl History {
    /// The sizes at which a further export should know its root.
    pub fn sizes(&self) -> Vec<u64> {
        self.roots.keys().copied().collect()
    }

    /// Takes an export in, unless it contradicts what is known: then nothing changes.
    pub fn add(&mut self, sight: &Sight<'_>) -> Result<Option<Misfit>, Misfit> {
        let known = |size: &u64| self.roots.get(size);
        let mut shared =
            sight.roots.iter().filter(|(size, _)| **size > 0 && known(size).is_some()).peekable();
        let compared = self.roots.keys().all(|size| *size == 0) || shared.peek().is_some();
        if let Some((size, _)) = shared.find(|(size, root)| known(size) != Some(&hex(root))) {
            return Err(Misfit::Fork { size: *size });
        }
        self.roots.extend(sight.roots.iter().map(|(size, root)| (*size, hex(root))));
        self.size = self.size.max(sight.size);
        self.seen
            .entry(sight.exported_at)
            .and_modify(|size| *size = sight.size.max(*size))
            .or_insert(sight.size);
        self.cover(sight.range);
        Ok((!compared).then_some(Misfit::Uncompared { size: sight.size }))
    }

    /// Whether the entry is there already.
    pub fn has(&self, index: u64) -> bool {
        let behind = self.ranges.partition_point(|(first, _)| *first <= index);
        behind > 0 && self.ranges.get(behind - 1).is_some_and(|(_, end)| index < *end)
    }

    /// What is missing, and whether it was ever longer than later.
    pub fn misfits(&self) -> Vec<Misfit> {
        let mut found = vec![];
        let mut longest: Option<(u64, i64)> = None;
        for (&later, &after) in &self.seen {
            match longest {
                Some((before, at)) if after < before => {
                    found.push(Misfit::RolledBack { before, at, after, later });
                }
                _ => longest = Some((after, later)),
            }
        }
        let mut next = 0;
        for &(first, end) in self.ranges.iter().chain([&(self.size, self.size)]) {
            if first > next {
                found.push(Misfit::Gap { from: next, end: first });
            }
            next = end.max(next);
        }
        found
    }

    fn cover(&mut self, (first, end): (u64, u64)) {
        if first < end {
            self.ranges.push((first, end));
        }
        self.ranges.sort_unstable();
        let mut apart: Vec<(u64, u64)> = vec![];
        for (first, end) in self.ranges.drain(..) {
            match apart.last_mut() {
                Some(last) if first <= last.1 => last.1 = last.1.max(end),
                _ => apart.push((first, end)),
            }
        }
        self.ranges = apart;
    }
}

fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The root at a size, of the history of this name.
    fn roots(history: u8, sizes: &[u64]) -> BTreeMap<u64, Hash> {
        sizes.iter().map(|size| (*size, [history.wrapping_add(*size as u8); 32])).collect()
    }

    fn add(
        history: &mut History,
        range: (u64, u64),
        size: u64,
        exported_at: i64,
        roots: &BTreeMap<u64, Hash>,
    ) -> Result<Option<Misfit>, Misfit> {
        history.add(&Sight { range, size, exported_at, roots })
    }

    #[test]
    fn exports_that_follow_each_other_fit() {
        let mut history = History::default();
        assert_eq!(add(&mut history, (0, 5), 5, 1, &roots(0, &[0, 5])), Ok(None));
        assert_eq!(add(&mut history, (5, 9), 9, 2, &roots(0, &[5, 9])), Ok(None));
        assert_eq!((history.misfits(), history.ranges.clone()), (vec![], vec![(0, 9)]));
        assert!(history.has(0) && history.has(8) && !history.has(9));
    }

    #[test]
    fn a_fork_is_found_and_changes_nothing() {
        let mut history = History::default();
        add(&mut history, (0, 9), 9, 1, &roots(0, &[5, 9])).unwrap();
        let before = history.clone();
        let fork = add(&mut history, (0, 5), 5, 2, &roots(7, &[5]));
        assert_eq!((fork, history), (Err(Misfit::Fork { size: 5 }), before));
    }

    #[test]
    fn a_log_that_was_longer_once_is_rolled_back() {
        let mut history = History::default();
        add(&mut history, (0, 9), 9, 10, &roots(0, &[5, 9])).unwrap();
        add(&mut history, (0, 5), 5, 20, &roots(0, &[5])).unwrap();
        assert_eq!(history.misfits(), [Misfit::RolledBack { before: 9, at: 10, after: 5, later: 20 }]);
    }

    #[test]
    fn gaps_are_named_in_the_middle_and_at_the_end() {
        let mut history = History::default();
        add(&mut history, (2, 5), 9, 1, &roots(0, &[2, 5, 9])).unwrap();
        add(&mut history, (6, 7), 9, 2, &roots(0, &[6, 7, 9])).unwrap();
        let gap = |from, end| Misfit::Gap { from, end };
        assert_eq!(history.misfits(), [gap(0, 2), gap(5, 6), gap(7, 9)]);
    }

    #[test]
    fn what_cannot_be_compared_is_said() {
        let mut history = History::default();
        add(&mut history, (0, 9), 9, 10, &roots(0, &[9])).unwrap();
        let said = add(&mut history, (12, 15), 15, 20, &roots(0, &[12, 15]));
        assert_eq!(said, Ok(Some(Misfit::Uncompared { size: 15 })));
    }
}
