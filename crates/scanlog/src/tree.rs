//! The Merkle tree of RFC 6962 §2.1: hashes, proofs, and their verification.
//!
//! Storage is somebody else's: this module reads through [`Nodes`] and says
//! what to store. What is stored are the hashes of complete subtrees. The one
//! at `(level, position)` covers the 2^level leaves from position · 2^level;
//! once complete it never changes, so that appending only adds.

use sha2::{Digest, Sha256};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// Where a complete subtree stands: level (0 for leaves) and position within it.
pub type Place = (u8, u64);

/// Reads hashes of complete subtrees.
pub trait Nodes {
    /// What reading can fail with.
    type Error;

    /// The hash at a place that is complete in the tree as it is stored.
    fn node(&self, place: Place) -> Result<Hash, Self::Error>;
}

/// MTH({}): the root of the empty tree.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// MTH({d}) = SHA-256(0x00 ‖ d)
pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new().chain_update([0x00]).chain_update(data).finalize().into()
}

/// SHA-256(0x01 ‖ left ‖ right)
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([0x01]).chain_update(left).chain_update(right).finalize().into()
}

/// What to store for the leaf that becomes number `size` (from 0): the leaf and
/// every subtree that it completes. Two on average, log₂(size) + 1 at most.
pub fn append<N: Nodes>(nodes: &N, size: u64, leaf: Hash) -> Result<Vec<(Place, Hash)>, N::Error> {
    let mut added = vec![((0, size), leaf)];
    let (mut level, mut position, mut hash) = (0, size, leaf);
    while position % 2 == 1 {
        hash = node_hash(&nodes.node((level, position - 1))?, &hash);
        (level, position) = (level + 1, position / 2);
        added.push(((level, position), hash));
    }
    Ok(added)
}

/// MTH(D\[0:size\])
pub fn root<N: Nodes>(nodes: &N, size: u64) -> Result<Hash, N::Error> {
    if size == 0 { Ok(empty_root()) } else { range(nodes, 0, size) }
}

/// PATH(index, D\[0:size\]), RFC 6962 §2.1.1. `None` when there is no such leaf.
pub fn inclusion_proof<N: Nodes>(nodes: &N, index: u64, size: u64) -> Result<Option<Vec<Hash>>, N::Error> {
    if index >= size {
        return Ok(None);
    }
    let (mut start, mut end) = (0, size);
    let mut proof = vec![];
    while end - start > 1 {
        let middle = start + split(end - start);
        let other = if index < middle { (middle, end) } else { (start, middle) };
        proof.push(range(nodes, other.0, other.1)?);
        (start, end) = if index < middle { (start, middle) } else { (middle, end) };
    }
    proof.reverse();
    Ok(Some(proof))
}

/// PROOF(old, D\[0:new\]), RFC 6962 §2.1.2. Empty from nothing and to itself;
/// `None` when `old` is above `new`.
pub fn consistency_proof<N: Nodes>(nodes: &N, old: u64, new: u64) -> Result<Option<Vec<Hash>>, N::Error> {
    if old > new {
        return Ok(None);
    }
    if old == 0 {
        return Ok(Some(vec![]));
    }
    let (mut start, mut end, mut proof) = (0, new, vec![]);
    while old < end {
        let middle = start + split(end - start);
        if old <= middle {
            proof.push(range(nodes, middle, end)?);
            end = middle;
        } else {
            proof.push(range(nodes, start, middle)?);
            start = middle;
        }
    }
    // A subtree that begins the tree is the old tree itself, whose root the verifier has.
    if start > 0 {
        proof.push(range(nodes, start, end)?);
    }
    proof.reverse();
    Ok(Some(proof))
}

/// Whether `leaf` is number `index` of the tree of that size and root (RFC 9162 §2.1.3.2).
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut position, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if position % 2 == 1 || position == last {
            hash = node_hash(sibling, &hash);
            skip_right_edge(&mut position, &mut last);
        } else {
            hash = node_hash(&hash, sibling);
        }
        (position, last) = (position / 2, last / 2);
    }
    last == 0 && hash == *root
}

/// Whether the tree of size `new` begins with the tree of size `old` (RFC 9162 §2.1.4.2).
pub fn verify_consistency(old: u64, new: u64, old_root: &Hash, new_root: &Hash, proof: &[Hash]) -> bool {
    if old > new {
        return false;
    }
    if old == 0 {
        return proof.is_empty() && *old_root == empty_root();
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    let (seed, rest) = match (old.is_power_of_two(), proof.split_first()) {
        (true, _) => (old_root, proof),
        (false, Some(split)) => split,
        (false, None) => return false,
    };
    let (mut position, mut last) = (old - 1, new - 1);
    let shift = position.trailing_ones();
    (position, last) = (position.checked_shr(shift).unwrap_or(0), last.checked_shr(shift).unwrap_or(0));
    let (mut old_hash, mut new_hash) = (*seed, *seed);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if position % 2 == 1 || position == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            skip_right_edge(&mut position, &mut last);
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        (position, last) = (position / 2, last / 2);
    }
    last == 0 && old_hash == *old_root && new_hash == *new_root
}

/// A tree that is grown in memory, leaf by leaf, keeping only the hashes of the
/// complete subtrees at its right edge.
#[derive(Clone, Debug, Default)]
pub struct Frontier {
    /// The number of leaves so far.
    size: u64,
    /// One per bit that is set in `size`, the largest subtree first.
    edge: Vec<Hash>,
}

impl Frontier {
    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            // safe: one hash per set bit of `size`
            let left = self.edge.pop().expect("safe: one hash per set bit of size");
            hash = node_hash(&left, &hash);
        }
        self.edge.push(hash);
        self.size += 1;
    }

    /// The root of the leaves so far.
    pub fn root(&self) -> Hash {
        self.root_before(None).unwrap_or_else(empty_root)
    }

    /// The root where what was pushed are roots of complete subtrees of one size, and behind them comes the root
    /// of fewer leaves than that. `None` where there is neither.
    pub fn root_before(&self, last: Option<Hash>) -> Option<Hash> {
        let mut hashes = last.into_iter().chain(self.edge.iter().rev().copied());
        let smallest = hashes.next()?;
        Some(hashes.fold(smallest, |right, left| node_hash(&left, &right)))
    }
}

/// The largest power of two below `len`, which is at least 2.
fn split(len: u64) -> u64 {
    1 << (len - 1).ilog2()
}

/// MTH(D\[start:end\]) of a range that the recursion of RFC 6962 §2.1 meets,
/// so that `start` is a multiple of the power of two at or above its length.
fn range<N: Nodes>(nodes: &N, start: u64, end: u64) -> Result<Hash, N::Error> {
    let len = end - start;
    if len.is_power_of_two() {
        let level = len.ilog2() as u8;
        return nodes.node((level, start >> level));
    }
    let middle = start + split(len);
    Ok(node_hash(&range(nodes, start, middle)?, &range(nodes, middle, end)?))
}

/// Climbs past the levels where a last node without a sibling moves up unhashed.
fn skip_right_edge(position: &mut u64, last: &mut u64) {
    while position.is_multiple_of(2) && *position != 0 {
        (*position, *last) = (*position / 2, *last / 2);
    }
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
