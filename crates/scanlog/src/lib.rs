//! The scan log: entries, their Merkle tree, its signed checkpoint, and the store.
