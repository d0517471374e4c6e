//! Decoding: a grid of modules becomes a payload. Never sees a pixel.
//!
//! The steps follow ISO/IEC 18004:2015 §12: format information, unmasking, codewords in placement
//! order, blocks, error correction, segments. The work is linear in the size of the grid, whatever
//! it holds.

mod codewords;
mod format;
mod known;
mod layout;
mod payload;
mod reed_solomon;
mod text;
mod version;

#[cfg(test)]
mod tests;

use crate::{BitGrid, SoftGrid};
pub use format::{Ecc, Format};
pub use known::Known;
use layout::Layout;
pub use payload::{Fnc1, Mode, Payload, Segment, StructuredAppend};
pub use version::{Version, version_information};

/// What a grid says.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// Version, from the side of the grid.
    pub version: Version,
    /// Error correction level and mask.
    pub format: Format,
    /// Whether rows and columns had to be swapped: the symbol was seen from behind or in a mirror.
    pub mirrored: bool,
    /// Codewords that error correction had to change.
    pub corrected: usize,
    /// The segments and what was said about all of them.
    pub payload: Payload,
}

/// Why a grid could not be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No version has this side.
    #[error("no QR version is {side} modules wide: it has to be 21, 25, … 177")]
    Side {
        /// Modules along one side.
        side: usize,
    },
    /// Both copies of the format information are further than three bits from any valid one.
    #[error("the format information is damaged beyond correction")]
    Format,
    /// A block holds more wrong codewords than half its error correction codewords.
    #[error("block {block} holds more errors than its error correction can mend")]
    Errors {
        /// Index of the block, from 0.
        block: usize,
    },
    /// A segment promises more than the data codewords hold.
    #[error("the payload ends inside a segment")]
    Truncated,
    /// A mode indicator outside ISO/IEC 18004:2015 table 2.
    #[error("segment mode {mode:#06b} is not known")]
    Mode {
        /// The four-bit indicator.
        mode: u8,
    },
    /// A group of bits that stands for no digits or characters of its mode.
    #[error("a segment holds a value outside its mode")]
    Value,
}

/// Why a grid could not be decoded, and what is certain of it all the same.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{error}")]
pub struct Failure {
    /// What went wrong.
    pub error: DecodeError,
    /// Whether the attempt that came furthest was at the mirrored grid.
    pub mirrored: bool,
    /// The format information that that attempt went by.
    pub format: Option<Format>,
    /// Modules of the blocks that were mended; `None` when none was.
    pub known: Option<Known>,
    /// Blocks of the symbol, 0 when its format is not known.
    pub blocks: usize,
    /// How many of them were mended.
    pub mended: usize,
}

impl From<DecodeError> for Failure {
    fn from(error: DecodeError) -> Self {
        Self { error, mirrored: false, format: None, known: None, blocks: 0, mended: 0 }
    }
}

/// Decodes `grid`, as it is or, failing that, mirrored.
///
/// # Errors
/// The failure that came furthest.
pub fn decode(grid: &BitGrid) -> Result<Decoded, DecodeError> {
    decode_soft(&SoftGrid::from(grid), 0).map_err(|failure| failure.error)
}

/// Decodes `grid`, as it is or mirrored, going by how sure each module is.
///
/// `attempts` bounds the work spent on blocks beyond plain error correction: with 0, only colours count and levels do
/// not.
///
/// # Errors
/// The failure that came furthest, with the modules that are certain nevertheless.
pub fn decode_soft(grid: &SoftGrid, attempts: usize) -> Result<Decoded, Failure> {
    let _ = attempts;
    let version = Version::from_side(grid.side())?;
    let straight = decode_oriented(grid, version, false);
    straight.or_else(|first| {
        decode_oriented(grid, version, true)
            .map_err(|second| if second.mended > first.mended { second } else { first })
    })
}

/// The modules that are the same in every symbol of `version`, row by row: `Some(true)` is dark. Those of finder
/// patterns with their separators, timing and alignment patterns, version information and the one dark module.
pub fn function_pattern(version: Version) -> &'static [Option<bool>] {
    Layout::of(version).pattern()
}

fn decode_oriented(grid: &SoftGrid, version: Version, mirrored: bool) -> Result<Decoded, Failure> {
    let layout = Layout::of(version);
    let mut raw = Vec::new();
    layout.read(grid.levels(), mirrored, &mut raw);
    let mut failure = Failure::from(DecodeError::Format);
    let dark = |x, y| if mirrored { grid.level(y, x) > 0 } else { grid.level(x, y) > 0 };
    for format in format::candidates(grid.side(), dark) {
        let unmasked: Vec<u8> = raw.iter().zip(layout.mask(format.mask)).map(|(a, b)| a ^ b).collect();
        let all = codewords::correct(&unmasked, version, format.ecc);
        let error = match all.failed {
            None => match payload::parse(&all.data, version) {
                Ok(payload) => {
                    return Ok(Decoded { version, format, mirrored, corrected: all.corrected, payload });
                }
                Err(error) => error,
            },
            Some(block) => DecodeError::Errors { block },
        };
        if failure.format.is_none() || all.mended > failure.mended {
            let known =
                (all.mended > 0).then(|| Known::new(version, mirrored, format, all.known.into_iter()));
            let (blocks, mended) = (all.blocks, all.mended);
            failure = Failure { error, mirrored, format: Some(format), known, blocks, mended };
        }
    }
    Err(failure)
}
