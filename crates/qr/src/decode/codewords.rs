//! From modules to corrected data codewords (ISO/IEC 18004:2015 §7.5–7.8).

use super::reed_solomon::{self, MAX_BLOCK};
use super::{DecodeError, Ecc, Version};
use crate::BitGrid;

/// Where a version keeps its data: everything that is not a function pattern.
pub(super) struct Layout {
    side: usize,
    function: Vec<bool>,
}

impl Layout {
    pub(super) fn new(version: Version) -> Self {
        let side = version.side();
        let mut layout = Self { side, function: vec![false; side * side] };
        layout.reserve_finders();
        layout.reserve_alignment(&version.alignment_centres());
        if version.number() >= 7 {
            layout.reserve(side - 11, 0, 3, 6);
            layout.reserve(0, side - 11, 6, 3);
        }
        layout
    }

    /// Whether the module belongs to a function pattern or to format or version information.
    pub(super) fn is_function(&self, x: usize, y: usize) -> bool {
        self.function[y * self.side + x]
    }

    /// The codewords in placement order, unmasked.
    pub(super) fn read(&self, grid: &BitGrid, mask: u8) -> Vec<u8> {
        let mut codewords = Vec::with_capacity(self.side * self.side / 8);
        let (mut byte, mut filled) = (0u8, 0);
        for (x, y) in placement(self.side).filter(|&(x, y)| !self.is_function(x, y)) {
            byte = byte << 1 | u8::from(grid.is_dark(x, y) != is_masked(mask, x, y));
            filled += 1;
            if filled == 8 {
                codewords.push(byte);
                filled = 0;
            }
        }
        codewords
    }

    /// Finders with their separators and format information, and the timing patterns.
    fn reserve_finders(&mut self) {
        let side = self.side;
        self.reserve(0, 0, 9, 9);
        self.reserve(side - 8, 0, 8, 9);
        self.reserve(0, side - 8, 9, 8);
        self.reserve(6, 0, 1, side);
        self.reserve(0, 6, side, 1);
    }

    /// Alignment patterns at every crossing but the three under finders.
    fn reserve_alignment(&mut self, centres: &[usize]) {
        let last = self.side - 7;
        for &x in centres {
            for &y in centres {
                let under_finder = matches!((x, y), (6, 6)) || (x, y) == (6, last) || (x, y) == (last, 6);
                if !under_finder {
                    self.reserve(x - 2, y - 2, 5, 5);
                }
            }
        }
    }

    fn reserve(&mut self, left: usize, top: usize, width: usize, height: usize) {
        for row in self.function.chunks_exact_mut(self.side).skip(top).take(height) {
            row[left..left + width].fill(true);
        }
    }
}

/// Modules in placement order: columns in pairs from the right, upwards first, the timing column left out.
fn placement(side: usize) -> impl Iterator<Item = (usize, usize)> {
    let pairs = (0..side / 2).map(move |pair| {
        let right = side - 1 - 2 * pair;
        if right <= 6 { right - 1 } else { right }
    });
    pairs.enumerate().flat_map(move |(pair, right)| {
        let upwards = pair % 2 == 0;
        (0..side).flat_map(move |step| {
            let y = if upwards { side - 1 - step } else { step };
            [(right, y), (right - 1, y)]
        })
    })
}

/// The data masks of table 10; `x` is the table's j, `y` its i.
fn is_masked(mask: u8, x: usize, y: usize) -> bool {
    let product = x * y;
    let rest = match mask {
        0 => (x + y) % 2,
        1 => y % 2,
        2 => x % 3,
        3 => (x + y) % 3,
        4 => (y / 2 + x / 3) % 2,
        5 => product % 2 + product % 3,
        6 => (product % 2 + product % 3) % 2,
        _ => ((x + y) % 2 + product % 3) % 2,
    };
    rest == 0
}

/// Takes the blocks apart, mends each, and returns the data codewords with the number of mended codewords.
pub(super) fn correct(raw: &[u8], version: Version, ecc: Ecc) -> Result<(Vec<u8>, usize), DecodeError> {
    let (parity, blocks) = version.blocks(ecc);
    let short_data = raw.len() / blocks - parity;
    // The last blocks are one data codeword longer when the codewords do not divide evenly.
    let first_long = blocks - raw.len() % blocks;
    let mut data = Vec::with_capacity(raw.len() - parity * blocks);
    let mut corrected = 0;
    let mut buffer = [0; MAX_BLOCK];
    for block in 0..blocks {
        let long = usize::from(block >= first_long);
        let length = short_data + long + parity;
        let codewords = &mut buffer[..length];
        for (i, codeword) in codewords.iter_mut().enumerate() {
            *codeword = raw[interleaved(i, block, blocks, short_data, first_long, long)];
        }
        corrected += reed_solomon::correct(codewords, parity).ok_or(DecodeError::Errors { block })?;
        data.extend_from_slice(&codewords[..short_data + long]);
    }
    Ok((data, corrected))
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
