use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::convert::Infallible;

/// A tree in memory, grown by [`append`].
#[derive(Default)]
struct Tree {
    size: u64,
    nodes: BTreeMap<Place, Hash>,
}

impl Nodes for Tree {
    type Error = Infallible;

    fn node(&self, place: Place) -> Result<Hash, Infallible> {
        Ok(self.nodes[&place])
    }
}

impl Tree {
    fn of(leaves: &[Vec<u8>]) -> Self {
        let mut tree = Self::default();
        for data in leaves {
            let Ok(added) = append(&tree, tree.size, leaf_hash(data));
            tree.nodes.extend(added);
            tree.size += 1;
        }
        tree
    }

    fn root(&self, size: u64) -> Hash {
        let Ok(root) = root(self, size);
        root
    }

    fn inclusion(&self, index: u64, size: u64) -> Option<Vec<Hash>> {
        let Ok(proof) = inclusion_proof(self, index, size);
        proof
    }

    fn consistency(&self, old: u64, new: u64) -> Option<Vec<Hash>> {
        let Ok(proof) = consistency_proof(self, old, new);
        proof
    }
}

/// The definition in RFC 6962 §2.1, word by word: slow, and obviously right.
fn defined_root(leaves: &[Vec<u8>]) -> Hash {
    match leaves {
        [] => empty_root(),
        [only] => leaf_hash(only),
        _ => {
            let half = leaves.len().next_power_of_two() / 2;
            node_hash(&defined_root(&leaves[..half]), &defined_root(&leaves[half..]))
        }
    }
}

fn numbered(count: u64) -> Vec<Vec<u8>> {
    (0..count).map(|number| number.to_be_bytes().to_vec()).collect()
}

fn flipped(hash: &Hash) -> Hash {
    let mut other = *hash;
    other[31] ^= 1;
    other
}

/// Every way to spoil one hash of a proof, to leave one out, or to add one.
fn spoiled(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let mut all = vec![[proof, &[[0; 32]]].concat(), [&[[0; 32]], proof].concat()];
    for at in 0..proof.len() {
        let mut flip = proof.to_vec();
        flip[at] = flipped(&proof[at]);
        all.extend([flip, [&proof[..at], &proof[at + 1..]].concat()]);
    }
    all
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn hash(hex: &str) -> Hash {
    bytes(hex).try_into().unwrap()
}

/// The leaves of the Certificate Transparency reference tests.
const CT_LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// The roots of their first 0, 1, 2, … 8.
const CT_ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const A: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const B: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const C: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
const D: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const E: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const F: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";

fn ct_tree() -> Tree {
    Tree::of(&CT_LEAVES.map(bytes))
}

#[test]
fn roots_are_those_of_certificate_transparency() {
    let tree = ct_tree();
    for (size, expected) in CT_ROOTS.iter().enumerate() {
        assert_eq!(tree.root(size as u64), hash(expected), "size {size}");
    }
}

#[test]
fn inclusion_proofs_are_those_of_certificate_transparency() {
    let cases: [(u64, u64, &[&str]); 3] = [(0, 1, &[]), (0, 8, &[A, B, C]), (5, 8, &[D, E, CT_ROOTS[4]])];
    for (index, size, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|hex| hash(hex)).collect();
        assert_eq!(ct_tree().inclusion(index, size), Some(expected), "{index} of {size}");
    }
}

#[test]
fn consistency_proofs_are_those_of_certificate_transparency() {
    let cases: [(u64, u64, &[&str]); 4] =
        [(1, 1, &[]), (1, 8, &[A, B, C]), (6, 8, &[F, E, CT_ROOTS[4]]), (2, 5, &[B, D])];
    for (old, new, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|hex| hash(hex)).collect();
        assert_eq!(ct_tree().consistency(old, new), Some(expected), "{old} to {new}");
    }
}

#[test]
fn every_leaf_of_trees_of_1_to_100_is_proven_and_nothing_else() {
    let leaves = numbered(100);
    let tree = Tree::of(&leaves);
    for size in 1..=100 {
        let root = tree.root(size);
        assert_eq!(root, defined_root(&leaves[..size as usize]));
        for index in 0..size {
            let leaf = leaf_hash(&leaves[index as usize]);
            let proof = tree.inclusion(index, size).unwrap();
            assert!(verify_inclusion(&leaf, index, size, &proof, &root), "{index} of {size}");
            assert!(!verify_inclusion(&flipped(&leaf), index, size, &proof, &root));
            assert!(!verify_inclusion(&leaf, index, size, &proof, &flipped(&root)));
            for bad in spoiled(&proof) {
                assert!(!verify_inclusion(&leaf, index, size, &bad, &root), "{index} of {size}");
            }
        }
    }
}

#[test]
fn a_leaf_is_not_proven_at_another_index() {
    let leaves = numbered(40);
    let tree = Tree::of(&leaves);
    for size in 1..=40 {
        for index in 0..size {
            let (leaf, proof) = (leaf_hash(&leaves[index as usize]), tree.inclusion(index, size).unwrap());
            let elsewhere = |other| verify_inclusion(&leaf, other, size, &proof, &tree.root(size));
            assert_eq!((0..size + 3).filter(|&other| elsewhere(other)).collect::<Vec<_>>(), [index]);
        }
    }
}

#[test]
fn every_earlier_tree_is_proven_a_beginning_and_nothing_else() {
    let leaves = numbered(100);
    let tree = Tree::of(&leaves);
    for new in 1..=100 {
        for old in 1..=new {
            let (old_root, new_root) = (tree.root(old), tree.root(new));
            let proof = tree.consistency(old, new).unwrap();
            assert!(verify_consistency(old, new, &old_root, &new_root, &proof), "{old} to {new}");
            assert!(!verify_consistency(old, new, &flipped(&old_root), &new_root, &proof));
            assert!(!verify_consistency(old, new, &old_root, &flipped(&new_root), &proof));
            for bad in spoiled(&proof) {
                assert!(!verify_consistency(old, new, &old_root, &new_root, &bad), "{old} to {new}");
            }
        }
    }
}

#[test]
fn there_is_no_proof_of_what_is_not_in_the_tree() {
    let tree = Tree::of(&numbered(5));
    assert_eq!(tree.inclusion(5, 5), None);
    assert_eq!(tree.inclusion(0, 0), None);
    assert_eq!(tree.consistency(5, 4), None);
    assert!(!verify_inclusion(&[0; 32], 0, 0, &[], &empty_root()));
    assert!(!verify_consistency(5, 4, &tree.root(5), &tree.root(4), &[]));
    assert!(verify_consistency(0, 5, &empty_root(), &tree.root(5), &[]));
    assert!(!verify_consistency(0, 5, &[0; 32], &tree.root(5), &[]));
}

#[test]
fn a_leaf_cannot_pass_for_a_node() {
    let (left, right) = ([1; 32], [2; 32]);
    assert_ne!(leaf_hash(&[left, right].concat()), node_hash(&left, &right));
}

#[test]
fn an_append_stores_two_hashes_on_average_and_reads_no_more() {
    let tree = Tree::of(&numbered(64));
    assert_eq!(tree.nodes.len(), 127);
    let Ok(added) = append(&Tree::of(&numbered(63)), 63, [0; 32]);
    assert_eq!(added.len(), 7);
}

proptest! {
    #[test]
    fn a_tree_grown_in_memory_has_the_same_root(leaves: Vec<Vec<u8>>) {
        let mut frontier = Frontier::default();
        leaves.iter().for_each(|data| frontier.push(leaf_hash(data)));
        prop_assert_eq!(frontier.root(), defined_root(&leaves));
        prop_assert_eq!(frontier.root(), Tree::of(&leaves).root(leaves.len() as u64));
    }

    #[test]
    fn a_changed_history_is_not_consistent(
        leaves in prop::collection::vec(any::<Vec<u8>>(), 2..60), old in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
    ) {
        let old = old.index(leaves.len()) as u64 + 1;
        let before = Tree::of(&leaves).root(old);
        let mut changed = leaves.clone();
        changed[at.index(old as usize)].push(0);
        let tree = Tree::of(&changed);
        let (new, proof) = (leaves.len() as u64, tree.consistency(old, leaves.len() as u64).unwrap());
        prop_assert!(!verify_consistency(old, new, &before, &tree.root(new), &proof));
    }

    #[test]
    fn hostile_proofs_are_refused_and_never_panic(
        index: u64, size: u64, hashes in prop::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        prop_assert!(!verify_inclusion(&[1; 32], index, size, &hashes, &[2; 32]));
        prop_assert!(!verify_consistency(index, size, &[1; 32], &[2; 32], &hashes));
    }
}
