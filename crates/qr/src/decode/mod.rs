//! Decoding: a grid of modules becomes a payload. Never sees a pixel.
//!
//! The steps follow ISO/IEC 18004:2015 §12: format information, unmasking, codewords in placement order, blocks, error
//! correction, segments. By the colours of modules alone the work is linear in the size of the grid, whatever it holds.
//! Where that does not do, blocks are mended by levels: how sure each module is ([`SoftGrid`]). That work is bounded by
//! the caller, is spent on what may be a symbol only, and mends no further than chance could hardly have done.

mod effort;
mod format;
mod galois;
mod interleaving;
mod known;
mod layout;
mod mend;
mod miscorrection;
mod ordered;
mod payload;
mod plausible;
mod reading;
mod reed_solomon;
mod text;
mod version;

#[cfg(test)]
mod tests;

use crate::{BitGrid, SoftGrid};
use effort::Effort;
pub use format::{Ecc, Format};
pub use known::Known;
use layout::Layout;
pub use payload::{Fnc1, Mode, Payload, Segment, StructuredAppend};
use reading::Reading;
pub use text::Piece;
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
    /// Nothing is known of the modules of the format information.
    #[error("the format information is not to be seen")]
    Format,
    /// A block holds more wrong codewords than its error correction codewords suffice for.
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
    /// Codewords after the terminator that are not padding, in a symbol that was not mended by colours alone.
    #[error("what follows the segments is no padding")]
    Padding,
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

impl Failure {
    fn of(reading: &Reading, error: DecodeError) -> Self {
        let format::Candidate { format, mirrored, .. } = reading.candidate;
        let (blocks, mended) = (reading.blocks(), reading.mended());
        Self { error, mirrored, format: Some(format), known: reading.known(), blocks, mended }
    }
}

impl From<DecodeError> for Failure {
    fn from(error: DecodeError) -> Self {
        Self { error, mirrored: false, format: None, known: None, blocks: 0, mended: 0 }
    }
}

/// Decodes `grid`, as it is or mirrored, by the colours of its modules.
///
/// # Errors
/// The failure that came furthest.
pub fn decode(grid: &BitGrid) -> Result<Decoded, DecodeError> {
    decode_soft(&SoftGrid::from(grid), 0).map_err(|failure| failure.error)
}

/// Blocks that show whether a format is the right one: with a wrong one none is mended.
const PROBED: usize = 4;

/// Decodes `grid`, as it is or mirrored, going by how sure each module is.
///
/// `attempts` bounds the work spent on blocks that plain error correction cannot mend, in decodings of one block with
/// erasures (one to two microseconds each). With 0, only colours count; a few dozen serve where parts are hidden; a
/// few hundred for each block where all is blurred or noisy.
///
/// # Errors
/// The failure that came furthest, with the modules that are certain nevertheless.
pub fn decode_soft(grid: &SoftGrid, attempts: usize) -> Result<Decoded, Failure> {
    decode_in_time(grid, attempts, &mut || false)
}

/// The same, with no further attempts once time is up.
pub(crate) fn decode_in_time(
    grid: &SoftGrid,
    attempts: usize,
    time_is_up: &mut dyn FnMut() -> bool,
) -> Result<Decoded, Failure> {
    let effort = &mut Effort::new(attempts, time_is_up);
    let version = Version::from_side(grid.side())?;
    let layout = Layout::of(version);
    let mut raw = [None, None];
    let mut readings = Vec::new();
    for candidate in format::candidates(grid) {
        let raw = raw[usize::from(candidate.mirrored)]
            .get_or_insert_with(|| layout.read(grid.levels(), candidate.mirrored));
        let mut reading = Reading::new(raw, version, candidate);
        reading.mend_by_colours(PROBED);
        if reading.mended() > 0 {
            return read_on(vec![reading], grid, effort);
        }
        readings.push(reading);
    }
    if !plausible::plausible(grid, version) {
        let failure = readings.first().map(|first| Failure::of(first, DecodeError::Errors { block: 0 }));
        return Err(failure.unwrap_or(DecodeError::Format.into()));
    }
    readings.iter_mut().for_each(|reading| reading.mend_by_colours(usize::MAX));
    if let Some(right) = readings.iter().position(|reading| reading.mended() > 0) {
        readings = vec![readings.swap_remove(right)];
    }
    read_on(readings, grid, effort)
}

/// Mends what is left, first by colours, then by levels, reading after reading, until one is complete.
fn read_on(readings: Vec<Reading>, grid: &SoftGrid, effort: &mut Effort<'_>) -> Result<Decoded, Failure> {
    let mut failure = Failure::from(DecodeError::Format);
    for mut reading in readings {
        reading.mend_by_colours(usize::MAX);
        if !effort.is_spent() {
            reading.mend_by_levels(grid, effort);
        }
        match read(&reading) {
            Ok(decoded) => return Ok(decoded),
            Err(error) if failure.format.is_none() || reading.mended() > failure.mended => {
                failure = Failure::of(&reading, error);
            }
            Err(_) => {}
        }
    }
    Err(failure)
}

/// What a reading says, once all its blocks are mended.
fn read(reading: &Reading) -> Result<Decoded, DecodeError> {
    let data = reading.data().map_err(|block| DecodeError::Errors { block })?;
    let (payload, padded) = payload::parse(&data, reading.version)?;
    if reading.by_levels && !padded {
        return Err(DecodeError::Padding);
    }
    let format::Candidate { format, mirrored, .. } = reading.candidate;
    Ok(Decoded { version: reading.version, format, mirrored, corrected: reading.corrected(), payload })
}

/// How well the modules of the format information agree with the likeliest format, by weight: up to 1. `level` is asked
/// for no other modules.
pub(crate) fn format_agreement(side: usize, level: impl Fn(usize, usize) -> i8) -> f32 {
    format::agreement(side, &level)
}

/// The modules of version information (both copies) that are dark, and those that are light, in symbols of `version`.
pub(crate) fn version_modules(version: Version) -> impl Iterator<Item = (usize, usize, bool)> {
    version::modules(version)
}

/// The modules that are the same in every symbol of `version`, row by row: `Some(true)` is dark. Those of finder
/// patterns with their separators, timing and alignment patterns, version information and the one dark module.
pub fn function_pattern(version: Version) -> &'static [Option<bool>] {
    Layout::of(version).pattern()
}
