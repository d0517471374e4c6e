use super::*;
use scanlog::tree::{append, leaf_hash, root};
use std::collections::BTreeMap;
use std::convert::Infallible;

#[derive(Default)]
struct Tree(BTreeMap<Place, Hash>);

impl Nodes for Tree {
    type Error = Infallible;

    fn node(&self, place: Place) -> Result<Hash, Infallible> {
        Ok(self.0[&place])
    }
}

fn tree(size: u64) -> Tree {
    let mut tree = Tree::default();
    for number in 0..size {
        let Ok(added) = append(&tree, number, leaf_hash(&number.to_be_bytes()));
        tree.0.extend(added);
    }
    tree
}

#[test]
fn a_range_with_the_subtrees_around_it_gives_the_root() {
    for size in 0..40 {
        let tree = tree(size);
        for start in 0..=size {
            for end in start..=size {
                let mut edge = Edge::default();
                let Ok(before) = hashes(&tree, 0, start);
                let Ok(behind) = hashes(&tree, end, size);
                for (place, hash) in cover(0, start).iter().zip(before) {
                    assert!(edge.push(place.0, hash));
                }
                let Ok(at_start) = root(&tree, start);
                assert_eq!((edge.size(), edge.root()), (start, at_start));
                (start..end).for_each(|number| assert!(edge.push(0, tree.0[&(0, number)])));
                for (place, hash) in cover(end, size).iter().zip(behind) {
                    assert!(edge.push(place.0, hash));
                }
                let Ok(whole) = root(&tree, size);
                assert_eq!((edge.size(), edge.root()), (size, whole), "{start}..{end} of {size}");
            }
        }
    }
}

#[test]
fn what_is_around_a_range_is_few() {
    assert_eq!(cover(0, 1 << 40).len(), 1);
    assert!(cover(12_345, 9_000_000_000).len() < 80);
    assert_eq!(cover(7, 7), []);
    assert!(cover(1, u64::MAX).len() < 128);
}

#[test]
fn a_subtree_that_does_not_fit_is_refused() {
    let mut edge = Edge::default();
    assert!(edge.push(0, [0; 32]));
    assert!(!edge.push(1, [0; 32]), "begins at leaf 1");
    assert!(!edge.push(64, [0; 32]));
    assert_eq!(edge.size(), 1);
    let mut edge = Edge::default();
    assert!(edge.push(63, [0; 32]));
    assert!(!edge.push(63, [0; 32]), "more leaves than can be counted");
}
