//! A tree that is put together from left to right out of leaves and of whole subtrees.

use scanlog::Hash;
use scanlog::tree::{Nodes, Place, empty_root, node_hash};

/// The complete subtrees at the right edge of a tree.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    size: u64,
    /// Levels and hashes, each level below the one before.
    subtrees: Vec<(u8, Hash)>,
}

impl Edge {
    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the subtree that stands next on this level: 0 for a leaf. The tree has to be as large as a
    /// multiple of its leaves; `false`, with nothing added, where it is not.
    pub fn push(&mut self, level: u8, hash: Hash) -> bool {
        let leaves = 1_u64.checked_shl(level.into());
        let Some(size) = leaves.and_then(|leaves| self.size.checked_add(leaves)) else { return false };
        if self.subtrees.last().is_some_and(|&(last, _)| last < level) {
            return false;
        }
        let (mut level, mut hash) = (level, hash);
        while let Some((_, left)) = self.subtrees.pop_if(|(last, _)| *last == level) {
            (level, hash) = (level + 1, node_hash(&left, &hash));
        }
        self.subtrees.push((level, hash));
        self.size = size;
        true
    }

    /// The root of the leaves so far (RFC 6962 §2.1).
    pub fn root(&self) -> Hash {
        let mut hashes = self.subtrees.iter().rev().map(|(_, hash)| *hash);
        let smallest = hashes.next();
        smallest.map_or_else(empty_root, |first| hashes.fold(first, |right, left| node_hash(&left, &right)))
    }
}

/// The fewest complete subtrees that cover the leaves from `start` to before `end`, from left to right.
pub fn cover(start: u64, end: u64) -> Vec<Place> {
    let (mut at, mut places) = (start, vec![]);
    while at < end {
        // The largest that begins here and does not reach beyond the end.
        let level = at.trailing_zeros().min((end - at).ilog2());
        places.push((level as u8, at >> level));
        at += 1 << level;
    }
    places
}

/// Their hashes.
pub fn hashes<N: Nodes>(nodes: &N, start: u64, end: u64) -> Result<Vec<Hash>, N::Error> {
    cover(start, end).into_iter().map(|place| nodes.node(place)).collect()
}

#[cfg(test)]
mod tests;
