//! One way to read a grid: as it is or mirrored, with one format.

use super::effort::Effort;
use super::format::Candidate;
use super::interleaving::Interleaving;
use super::known::Known;
use super::layout::Layout;
use super::mend::{self, Weights};
use super::reed_solomon::Syndromes;
use super::{Ecc, Version};
use crate::{SoftGrid, order};

/// The codewords of a grid, read with one format, and how far they were mended.
pub(super) struct Reading {
    pub(super) version: Version,
    pub(super) candidate: Candidate,
    interleaving: &'static Interleaving,
    /// Unmasked, block after block.
    codewords: Vec<u8>,
    /// How many codewords of each block had to be changed; `None` while it is not mended.
    changed: Vec<Option<usize>>,
    /// Blocks that were tried by colours.
    tried: usize,
    /// Whether levels were needed, not colours alone.
    pub(super) by_levels: bool,
}

impl Reading {
    /// Unmasks `raw`, the codewords in placement order, and deals them out.
    pub(super) fn new(raw: &[u8], version: Version, candidate: Candidate) -> Self {
        let interleaving = Interleaving::of(version, candidate.format.ecc);
        let mask = Layout::of(version).mask(candidate.format.mask);
        let codeword = |&place: &u16| raw[usize::from(place)] ^ mask[usize::from(place)];
        let codewords = interleaving.order().iter().map(codeword).collect();
        let changed = vec![None; interleaving.blocks()];
        Self { version, candidate, interleaving, codewords, changed, tried: 0, by_levels: false }
    }

    /// Mends, of the first `blocks`, those that colours alone suffice for.
    pub(super) fn mend_by_colours(&mut self, blocks: usize) {
        let parity = self.interleaving.parity();
        let errors = self.version.errors_allowed(self.ecc());
        let untried = self.tried..blocks.min(self.blocks());
        self.tried = untried.end.max(self.tried);
        for number in untried {
            let block = &mut self.codewords[self.interleaving.range(number)];
            self.changed[number] = match Syndromes::of(block, parity) {
                None => Some(0),
                Some(syndromes) => {
                    syndromes.solve(block.len(), &[], errors).map(|errata| errata.apply(block))
                }
            };
        }
    }

    /// Mends the other blocks by the levels of their modules, the surest first; gives up when that cannot be mended
    /// and no other was. `effort` is counted down.
    pub(super) fn mend_by_levels(&mut self, grid: &SoftGrid, effort: &mut Effort<'_>) {
        let open = (0..self.blocks()).filter(|&block| self.changed[block].is_none());
        let open = open.map(|block| (block, self.weights(grid, block))).collect();
        let sureness = |(_, weights): &(usize, Vec<Weights>)| {
            weights.iter().flatten().map(|&weight| f32::from(weight)).sum::<f32>()
                / weights.len().max(1) as f32
        };
        let open = order::greatest(open, usize::MAX, sureness);
        for (number, weights) in open {
            let block = &mut self.codewords[self.interleaving.range(number)];
            self.changed[number] = mend::mend(block, &weights, self.interleaving.parity(), effort);
            self.by_levels |= self.changed[number].is_some();
            if effort.is_spent() || self.mended() == 0 {
                return;
            }
        }
    }

    /// The levels of a block's modules, without their sign.
    fn weights(&self, grid: &SoftGrid, block: usize) -> Vec<Weights> {
        let places = Layout::of(self.version).places(self.candidate.mirrored);
        let weights = |&codeword: &u16| {
            let start = 8 * usize::from(codeword);
            std::array::from_fn(|bit| grid.levels()[usize::from(places[start + bit])].saturating_abs() as u8)
        };
        self.interleaving.order()[self.interleaving.range(block)].iter().map(weights).collect()
    }

    fn ecc(&self) -> Ecc {
        self.candidate.format.ecc
    }

    pub(super) fn blocks(&self) -> usize {
        self.changed.len()
    }

    /// Blocks that were mended.
    pub(super) fn mended(&self) -> usize {
        self.changed.iter().flatten().count()
    }

    /// Codewords that were changed in mended blocks.
    pub(super) fn corrected(&self) -> usize {
        self.changed.iter().flatten().sum()
    }

    /// The data codewords, or the first block that is not mended.
    pub(super) fn data(&self) -> Result<Vec<u8>, usize> {
        if let Some(block) = self.changed.iter().position(Option::is_none) {
            return Err(block);
        }
        let parity = self.interleaving.parity();
        let ranges = (0..self.blocks()).map(|block| self.interleaving.range(block));
        Ok(ranges.flat_map(|range| &self.codewords[range.start..range.end - parity]).copied().collect())
    }

    /// The modules of mended blocks, if any.
    pub(super) fn known(&self) -> Option<Known> {
        let mut codewords = vec![None; self.codewords.len()];
        for (block, _) in self.changed.iter().enumerate().filter(|(_, changed)| changed.is_some()) {
            for i in self.interleaving.range(block) {
                codewords[usize::from(self.interleaving.order()[i])] = Some(self.codewords[i]);
            }
        }
        (self.mended() > 0).then(|| Known::new(self.version, self.candidate, codewords))
    }
}
