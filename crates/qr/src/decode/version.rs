//! Versions and what depends on them alone: ISO/IEC 18004:2015 tables 1, 3, 9 and annex E.

use super::{DecodeError, Ecc};
use crate::grid::{MAX_SIDE, MAX_VERSION, MIN_SIDE};

/// A version, 1 to 40: the size of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u8);

impl Version {
    /// The version whose side is `side` modules.
    pub(crate) fn from_side(side: usize) -> Result<Self, DecodeError> {
        if !(MIN_SIDE..=MAX_SIDE).contains(&side) || !(side - MIN_SIDE).is_multiple_of(4) {
            return Err(DecodeError::Side { side });
        }
        Ok(Self(((side - 17) / 4) as u8)) // safe: at most 40
    }

    /// 1 to 40.
    pub fn number(self) -> u8 {
        self.0
    }

    /// Modules along one side.
    pub fn side(self) -> usize {
        17 + 4 * usize::from(self.0)
    }

    /// Picks by the three ranges that the widths of character counts go by (table 3).
    pub(super) fn by_range<T>(self, up_to_9: T, up_to_26: T, up_to_40: T) -> T {
        match self.0 {
            ..=9 => up_to_9,
            10..=26 => up_to_26,
            _ => up_to_40,
        }
    }

    /// Centres of alignment patterns along either axis (annex E); none in version 1.
    pub(crate) fn alignment_centres(self) -> Vec<usize> {
        if self.0 == 1 {
            return Vec::new();
        }
        let gaps = usize::from(self.0) / 7 + 1;
        let last = self.side() - 7;
        // The gaps are even and equal but for the first, which takes what is left over.
        let gap = if self.0 == 32 { 26 } else { (last - 6).div_ceil(2 * gaps) * 2 };
        std::iter::once(6).chain((0..gaps).rev().map(|back| last - back * gap)).collect()
    }

    /// Error correction codewords in each block, and the number of blocks (table 9).
    pub(super) fn blocks(self, ecc: Ecc) -> (usize, usize) {
        let version = usize::from(self.0) - 1; // safe: a version is at least 1
        let level = ecc as usize;
        (ECC_CODEWORDS[level][version].into(), BLOCKS[level][version].into())
    }

    /// The most wrong codewords that a block is mended of when their places are not known: half its error correction
    /// codewords, but for the small symbols in which table 9 keeps some of them to detect misdecodes.
    pub(super) fn errors_allowed(self, ecc: Ecc) -> usize {
        let kept = match (self.0, ecc) {
            (1, Ecc::L) => 3,
            (1, Ecc::M) | (2, Ecc::L) => 2,
            (1, Ecc::Q | Ecc::H) | (3, Ecc::L) => 1,
            _ => 0,
        };
        (self.blocks(ecc).0 - kept) / 2 // safe: table 9 has at least 7
    }
}

/// The lowest version whose symbols carry version information.
const FIRST_WITH_INFORMATION: u8 = 7;
const INFORMATION_BITS: usize = 18;
/// The Golay code (18,6) has a distance of 8, so three wrong bits still have one nearest word (annex D.2).
const MAX_WRONG_BITS: u32 = 3;
/// x¹² + x¹¹ + x¹⁰ + x⁹ + x⁸ + x⁵ + x² + 1.
const GENERATOR: u32 = 0b1_1111_0010_0101;

/// The version that 18 bits of version information mean, most significant first, and how many of the bits are wrong;
/// `None` when none is within three bits (ISO/IEC 18004:2015 §7.10 and annex D).
pub fn version_information(word: u32) -> Option<(Version, u32)> {
    let distance = |version: Version| (information(version) ^ word).count_ones();
    let nearest = (FIRST_WITH_INFORMATION..=MAX_VERSION as u8).map(Version).min_by_key(|&v| distance(v))?;
    Some((nearest, distance(nearest))).filter(|&(_, wrong)| wrong <= MAX_WRONG_BITS)
}

/// The 18 bits that name a version, most significant first.
pub(super) fn information(version: Version) -> u32 {
    let data = u32::from(version.0) << 12;
    let rest = (12..18)
        .rev()
        .fold(data, |rest, bit| if rest >> bit & 1 == 1 { rest ^ GENERATOR << (bit - 12) } else { rest });
    data | rest
}

/// Column, row and colour of each module of both copies of a version's information (figure 27); none where it has none.
pub(super) fn modules(version: Version) -> impl Iterator<Item = (usize, usize, bool)> {
    let word = information(version);
    let bits = if version.0 < FIRST_WITH_INFORMATION { 0 } else { INFORMATION_BITS };
    let far = version.side() - 11; // safe: the smallest side is 21
    (0..bits).flat_map(move |bit| {
        let (along, across, dark) = (bit / 3, far + bit % 3, word >> bit & 1 == 1);
        [(along, across, dark), (across, along, dark)]
    })
}

/// Error correction codewords per block, by level and version.
#[rustfmt::skip]
const ECC_CODEWORDS: [[u8; 40]; 4] = [
    [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
     28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
    [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
     26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28],
    [13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30,
     28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
    [17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28,
     30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
];

/// Blocks, by level and version.
#[rustfmt::skip]
const BLOCKS: [[u8; 40]; 4] = [
    [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8,
     8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25],
    [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
     17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49],
    [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20,
     23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68],
    [1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25,
     25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_information_is_read_with_up_to_three_wrong_bits_and_no_more() {
        for number in FIRST_WITH_INFORMATION..=MAX_VERSION as u8 {
            let word = information(Version(number));
            for (a, b, c) in (0..18).flat_map(|a| (0..=a).flat_map(move |b| (0..=b).map(move |c| (a, b, c))))
            {
                let wrong = (1 << a) | (1 << b) | (1 << c);
                let expected = (Version(number), u32::count_ones(wrong));
                assert_eq!(version_information(word ^ wrong), Some(expected), "{number}: {wrong:018b}");
            }
        }
        // Any two words differ in eight bits, so four wrong ones are as near to another word or to none.
        let near = |word: u32| version_information(word).is_some_and(|(version, _)| version.number() == 7);
        assert!((0..15).all(|bit| !near(information(Version(7)) ^ 0b1111 << bit)));
    }

    #[test]
    fn the_example_of_the_standard_is_version_7() {
        assert_eq!(information(Version(7)), 0b00_0111_1100_1001_0100);
        assert_eq!(version_information(0b00_0111_1100_1001_0100), Some((Version(7), 0)));
        assert_eq!(version_information(0), None);
    }
}
