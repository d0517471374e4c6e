//! Codewords in placement order to data codewords (ISO/IEC 18004:2015 §7.6).

use super::reed_solomon::{self, MAX_BLOCK};
use super::{Ecc, Version};

/// What came of mending the blocks.
pub(super) struct Mended {
    /// The data codewords, where all blocks were mended.
    pub(super) data: Vec<u8>,
    /// Codewords that had to be changed.
    pub(super) corrected: usize,
    /// The first block that could not be mended.
    pub(super) failed: Option<usize>,
    pub(super) blocks: usize,
    pub(super) mended: usize,
    /// Codewords in placement order, unmasked; only those of mended blocks.
    pub(super) known: Vec<Option<u8>>,
}

/// Takes the blocks apart and mends each.
pub(super) fn correct(raw: &[u8], version: Version, ecc: Ecc) -> Mended {
    let (parity, blocks) = version.blocks(ecc);
    let short_data = raw.len() / blocks - parity;
    // The last blocks are one data codeword longer when the codewords do not divide evenly.
    let first_long = blocks - raw.len() % blocks;
    let data = Vec::with_capacity(raw.len() - parity * blocks);
    let mut all =
        Mended { data, corrected: 0, failed: None, blocks, mended: 0, known: vec![None; raw.len()] };
    let mut buffer = [0; MAX_BLOCK];
    for block in 0..blocks {
        let long = usize::from(block >= first_long);
        let length = short_data + long + parity;
        let codewords = &mut buffer[..length];
        for (i, codeword) in codewords.iter_mut().enumerate() {
            *codeword = raw[interleaved(i, block, blocks, short_data, first_long, long)];
        }
        let Some(corrected) = reed_solomon::correct(codewords, parity) else {
            all.failed.get_or_insert(block);
            continue;
        };
        all.mended += 1;
        all.corrected += corrected;
        all.data.extend_from_slice(&codewords[..short_data + long]);
        for (i, &codeword) in codewords.iter().enumerate() {
            all.known[interleaved(i, block, blocks, short_data, first_long, long)] = Some(codeword);
        }
    }
    all
}

/// Where codeword `i` of a block stands among all (§7.6): by columns, short blocks skipping the last data column.
fn interleaved(
    i: usize,
    block: usize,
    blocks: usize,
    short_data: usize,
    first_long: usize,
    long: usize,
) -> usize {
    if i < short_data {
        i * blocks + block
    } else if i < short_data + long {
        short_data * blocks + block - first_long
    } else {
        let long_blocks = blocks - first_long;
        short_data * blocks + long_blocks + (i - short_data - long) * blocks + block
    }
}
