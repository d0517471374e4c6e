//! What is certain of a symbol that could not be decoded.

use super::format::{self, Candidate, Format};
use super::layout::Layout;
use super::version::Version;

/// The true colours of modules that error correction vouches for, though other blocks of the symbol could not be
/// mended: ground for sampling the rest anew.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    version: Version,
    mirrored: bool,
    format: Format,
    /// Codewords in placement order, masked as they are drawn; `None` for those of blocks that were not mended.
    codewords: Vec<Option<u8>>,
}

impl Known {
    /// From codewords in placement order, unmasked.
    pub(super) fn new(version: Version, candidate: Candidate, mut codewords: Vec<Option<u8>>) -> Self {
        let Candidate { format, mirrored, .. } = candidate;
        for (codeword, mask) in codewords.iter_mut().zip(Layout::of(version).mask(format.mask)) {
            *codeword = codeword.map(|value| value ^ mask);
        }
        Self { version, mirrored, format, codewords }
    }

    /// Column, row and true colour (`true` is dark) of each module known, in the coordinates of the grid as it was
    /// handed in: those of mended blocks and of both copies of the format information, but no function patterns
    /// ([`function_pattern`](super::function_pattern)).
    pub fn modules(&self) -> impl Iterator<Item = (usize, usize, bool)> {
        let layout = Layout::of(self.version);
        let places = layout.places(self.mirrored).chunks_exact(8);
        let data =
            self.codewords.iter().zip(places).filter_map(|(codeword, eight)| Some(((*codeword)?, eight)));
        let data = data.flat_map(|(codeword, eight)| {
            eight.iter().zip((0..8).rev()).map(move |(&place, bit)| (place, codeword >> bit & 1 == 1))
        });
        let data = data.map(|(place, dark)| {
            let (x, y) = layout.module(place);
            (x, y, dark)
        });
        let information = format::modules(self.version.side(), self.format);
        let mirrored = self.mirrored;
        data.chain(information.map(move |(x, y, dark)| if mirrored { (y, x, dark) } else { (x, y, dark) }))
    }
}
