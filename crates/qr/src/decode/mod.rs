//! Decoding: a grid of modules becomes a payload. Never sees a pixel.
//!
//! The steps follow ISO/IEC 18004:2015 §12: format information, unmasking, codewords in placement
//! order, blocks, error correction, segments. The work is linear in the size of the grid, whatever
//! it holds.

mod codewords;
mod format;
mod payload;
mod reed_solomon;
mod text;
mod version;

#[cfg(test)]
mod tests;

use crate::BitGrid;
pub use format::{Ecc, Format};
pub use payload::{Fnc1, Mode, Payload, Segment, StructuredAppend};
pub use version::Version;

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

/// Decodes `grid`, as it is or, failing that, mirrored.
///
/// # Errors
/// The first failure of the grid as it is.
pub fn decode(grid: &BitGrid) -> Result<Decoded, DecodeError> {
    let version = Version::from_side(grid.side())?;
    let layout = codewords::Layout::new(version);
    let straight = decode_oriented(grid, version, &layout, false);
    straight.or_else(|first| {
        decode_oriented(&grid.transposed(), version, &layout, true).map_err(|_mirrored| first)
    })
}

fn decode_oriented(
    grid: &BitGrid,
    version: Version,
    layout: &codewords::Layout,
    mirrored: bool,
) -> Result<Decoded, DecodeError> {
    let mut failure = DecodeError::Format;
    for format in format::candidates(grid) {
        let raw = layout.read(grid, format.mask);
        match codewords::correct(&raw, version, format.ecc) {
            Ok((data, corrected)) => {
                let payload = payload::parse(&data, version)?;
                return Ok(Decoded { version, format, mirrored, corrected, payload });
            }
            Err(error) => failure = error,
        }
    }
    Err(failure)
}
