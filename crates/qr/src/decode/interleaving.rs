//! How the codewords of a symbol are dealt out to its blocks (ISO/IEC 18004:2015 §7.6).

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::OnceLock;

use super::layout::Layout;
use super::{Ecc, Version};
use crate::grid::MAX_VERSION;

/// The blocks of a version and level.
pub(super) struct Interleaving {
    /// For each codeword, block after block, its place among all in placement order.
    order: Vec<u16>,
    /// Error correction codewords in each block.
    parity: usize,
    blocks: usize,
    /// Codewords in a short block.
    short: usize,
    /// The first block that is one data codeword longer: the last ones are when codewords do not divide evenly.
    first_long: usize,
}

impl Interleaving {
    /// The one table of `version` and `ecc`.
    pub(super) fn of(version: Version, ecc: Ecc) -> &'static Self {
        static TABLES: [[OnceLock<Interleaving>; 4]; MAX_VERSION] =
            [const { [const { OnceLock::new() }; 4] }; MAX_VERSION];
        let place = usize::from(version.number()) - 1; // safe: 1 to 40
        TABLES[place][ecc as usize].get_or_init(|| Self::new(version, ecc))
    }

    fn new(version: Version, ecc: Ecc) -> Self {
        let codewords = Layout::of(version).codewords();
        let (parity, blocks) = version.blocks(ecc);
        let (short, first_long) = (codewords / blocks, blocks - codewords % blocks);
        let mut table = Self { order: vec![0; codewords], parity, blocks, short, first_long };
        let mut dealt = 0;
        for i in 0..=short {
            let short_data = short - parity;
            for block in 0..blocks {
                let long = usize::from(block >= first_long);
                // The column of data that only long blocks have stands between data and error correction.
                let codeword = match i.cmp(&short_data) {
                    Ordering::Less => i,
                    Ordering::Equal if long == 0 => continue,
                    Ordering::Equal => i,
                    Ordering::Greater => i - 1 + long,
                };
                let start = table.range(block).start;
                table.order[start + codeword] = dealt;
                dealt += 1;
            }
        }
        table
    }

    /// For each codeword, block after block, its place among all in placement order.
    pub(super) fn order(&self) -> &[u16] {
        &self.order
    }

    /// Error correction codewords in each block.
    pub(super) fn parity(&self) -> usize {
        self.parity
    }

    pub(super) fn blocks(&self) -> usize {
        self.blocks
    }

    /// Where a block lies among the codewords of all.
    pub(super) fn range(&self, block: usize) -> Range<usize> {
        let start = |block: usize| block * self.short + block.saturating_sub(self.first_long);
        start(block)..start(block + 1)
    }
}
