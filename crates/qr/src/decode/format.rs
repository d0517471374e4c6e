//! Format information: level and mask, twice in every symbol (ISO/IEC 18004:2015 §7.9, annex C).

use crate::{SoftGrid, order};

/// Error correction level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ecc {
    /// Mends about 7 % of the codewords.
    L,
    /// Mends about 15 %.
    M,
    /// Mends about 25 %.
    Q,
    /// Mends about 30 %.
    H,
}

impl Ecc {
    /// The level's letter.
    pub fn letter(self) -> char {
        match self {
            Self::L => 'L',
            Self::M => 'M',
            Self::Q => 'Q',
            Self::H => 'H',
        }
    }
}

/// The format information of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Error correction level.
    pub ecc: Ecc,
    /// Data mask pattern, 0 to 7.
    pub mask: u8,
}

impl Format {
    /// The format that five data bits mean (table 12).
    fn from_data(data: u16) -> Self {
        let ecc = match data >> 3 {
            0b01 => Ecc::L,
            0b00 => Ecc::M,
            0b11 => Ecc::Q,
            _ => Ecc::H,
        };
        Self { ecc, mask: (data & 7) as u8 }
    }

    /// The five data bits.
    fn data(self) -> u16 {
        let level = match self.ecc {
            Ecc::L => 0b01,
            Ecc::M => 0b00,
            Ecc::Q => 0b11,
            Ecc::H => 0b10,
        };
        level << 3 | u16::from(self.mask)
    }
}

/// x¹⁰ + x⁸ + x⁵ + x⁴ + x² + x + 1.
const GENERATOR: u16 = 0b101_0011_0111;
const XOR_MASK: u16 = 0b101_0100_0001_0010;

/// Formats that are tried at most: those that damage leaves in doubt.
const MAX_CANDIDATES: usize = 6;
/// How far, as a share of the best there could be, a score may fall short of the best one found. Two words of the code
/// differ in 7 of 15 bits, so where nothing is damaged the second best falls short by 0.9.
const MAX_SHORTFALL: f32 = 0.4;

/// A format that a grid may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) format: Format,
    pub(super) mirrored: bool,
    /// How well its modules agree with the levels, by weight: up to 1.
    pub(super) score: f32,
}

/// The formats that both copies together may mean, seen straight or mirrored, the likeliest first.
pub(super) fn candidates(grid: &SoftGrid) -> impl Iterator<Item = Candidate> {
    let all = both_ways(grid.side(), &|x, y| grid.level(x, y)).collect();
    let all = order::greatest(all, usize::MAX, |candidate: &Candidate| candidate.score);
    let least = all.first().map_or(0.0, |best| (best.score - MAX_SHORTFALL).max(f32::MIN_POSITIVE));
    all.into_iter().take_while(move |candidate| candidate.score >= least).take(MAX_CANDIDATES)
}

/// How well the levels agree with the likeliest format: up to 1.
pub(super) fn agreement(side: usize, level: &impl Fn(usize, usize) -> i8) -> f32 {
    both_ways(side, level).map(|candidate| candidate.score).fold(f32::MIN, f32::max)
}

fn both_ways<L: Fn(usize, usize) -> i8>(side: usize, level: &L) -> impl Iterator<Item = Candidate> {
    [false, true].into_iter().flat_map(move |mirrored| formats(side, level, mirrored))
}

/// All 32 formats; the sum of levels is the likelihood's logarithm where noise is Gaussian.
fn formats<L: Fn(usize, usize) -> i8>(
    side: usize,
    level: &L,
    mirrored: bool,
) -> impl Iterator<Item = Candidate> + use<L> {
    let level = |(x, y)| f32::from(if mirrored { level(y, x) } else { level(x, y) });
    let copies = copies(side).map(|copy| copy.map(level));
    let bits: [f32; 15] = std::array::from_fn(|i| copies[0][i] + copies[1][i]);
    // The module that is dark in every symbol lies elsewhere in a mirrored one.
    let dark = level((8, side - 8));
    let most = copies.iter().flatten().map(|level| level.abs()).sum::<f32>() + dark.abs();
    (0..32).map(move |data| {
        let word = encode(data);
        let sum = bits.iter().zip((0..15).rev()).map(|(bit, i)| if word >> i & 1 == 1 { *bit } else { -bit });
        let score = (sum.sum::<f32>() + dark) / most.max(1.0);
        Candidate { format: Format::from_data(data), mirrored, score }
    })
}

/// Column, row and colour of each module of both copies.
pub(super) fn modules(side: usize, format: Format) -> impl Iterator<Item = (usize, usize, bool)> {
    let word = encode(format.data());
    copies(side).into_iter().flat_map(move |copy| {
        copy.into_iter().zip((0..15).rev()).map(move |((x, y), bit)| (x, y, word >> bit & 1 == 1))
    })
}

/// The modules of both copies, most significant bit first (figure 25).
fn copies(side: usize) -> [[(usize, usize); 15]; 2] {
    let last = side - 1; // safe: decoding starts with a known side
    let around_top_left = |i| match i {
        0..6 => (i, 8),
        6 => (7, 8),
        7 => (8, 8),
        8 => (8, 7),
        _ => (8, 14 - i),
    };
    let split = |i| if i < 7 { (8, last - i) } else { (last + i - 14, 8) };
    [std::array::from_fn(around_top_left), std::array::from_fn(split)]
}

fn encode(data: u16) -> u16 {
    let mut rest = data << 10;
    for bit in (10..15).rev() {
        if rest >> bit & 1 == 1 {
            rest ^= GENERATOR << (bit - 10);
        }
    }
    (data << 10 | rest) ^ XOR_MASK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_is_level_m_with_mask_5() {
        let format = Format { ecc: Ecc::M, mask: 5 };
        assert_eq!(encode(format.data()), 0b100_0000_1100_1110);
        assert!((0..32).all(|data| Format::from_data(data).data() == data));
    }

    #[test]
    fn words_differ_in_seven_bits_at_least_also_from_those_seen_mirrored() {
        for (a, b) in (0..32).flat_map(|a| (0..a).map(move |b| (a, b))) {
            assert!((encode(a) ^ encode(b)).count_ones() >= 7, "{a} and {b}");
        }
    }
}
