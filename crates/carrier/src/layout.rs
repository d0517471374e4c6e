//! How content is cut into blocks and symbols.

use raptorq::{ObjectTransmissionInformation, extended_source_block_symbols, partition};

use crate::Error;

/// Most bytes of content: at 8 frames a second a quarter of an hour, for which nobody holds up a phone.
pub const MAX_BYTES: usize = 4 << 20;
/// Most symbols that content is cut into: [`MAX_BYTES`] in frames of 155 characters.
pub const MAX_SYMBOLS: usize = MAX_BLOCKS * BLOCK_SYMBOLS;
/// Most symbols that are solved together. Frames may be chosen so that solving takes the third power of this.
pub(crate) const BLOCK_SYMBOLS: usize = 1024;
const MAX_BLOCKS: usize = 64;
/// Most bytes of a symbol: no QR code has more characters than 4296 (ISO/IEC 18004, table 7).
pub(crate) const MAX_SYMBOL_BYTES: usize = 2864;

/// Content of a length, cut into symbols of one size, and these into blocks as equal as can be (RFC 6330, 4.4.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Bytes of content.
    pub(crate) length: usize,
    /// Bytes a symbol; the last one is filled up with zeros.
    pub(crate) symbol: usize,
}

impl Layout {
    /// # Errors
    /// [`Error::Empty`], [`Error::TooLong`], [`Error::TooManySymbols`], [`Error::Damaged`] for a symbol's size.
    pub(crate) fn new(length: usize, symbol: usize) -> Result<Self, Error> {
        if length == 0 {
            return Err(Error::Empty);
        }
        if length > MAX_BYTES {
            return Err(Error::TooLong(length));
        }
        if symbol == 0 || symbol > MAX_SYMBOL_BYTES {
            return Err(Error::Damaged);
        }
        let layout = Self { length, symbol };
        if layout.symbols() > MAX_SYMBOLS { Err(Error::TooManySymbols(layout.symbols())) } else { Ok(layout) }
    }

    /// Symbols of all the content.
    pub(crate) fn symbols(&self) -> usize {
        self.length.div_ceil(self.symbol)
    }

    pub(crate) fn blocks(&self) -> usize {
        self.symbols().div_ceil(BLOCK_SYMBOLS)
    }

    /// The first symbol of a block, counted from the content's begin, and how many it has.
    pub(crate) fn block(&self, block: usize) -> (usize, usize) {
        // safe: at most MAX_SYMBOLS and MAX_BLOCKS
        let (long, short, longs, _) = partition(self.symbols() as u32, self.blocks() as u8);
        let (long, short, longs) = (long as usize, short as usize, longs as usize);
        if block < longs { (block * long, long) } else { (longs * long + (block - longs) * short, short) }
    }

    /// The number of a block's first repair symbol. Those between its own and this one are never sent: they pad the
    /// block with zeros (RFC 6330, 5.3.1).
    pub(crate) fn first_repair(&self, block: usize) -> u32 {
        extended_source_block_symbols(self.block(block).1 as u32) // safe: at most BLOCK_SYMBOLS
    }

    /// The same for the library, with sub-blocks and alignment of no effect.
    pub(crate) fn parameters(&self) -> ObjectTransmissionInformation {
        // safe: at most MAX_BYTES, MAX_SYMBOL_BYTES and MAX_BLOCKS
        ObjectTransmissionInformation::new(self.length as u64, self.symbol as u16, self.blocks() as u8, 1, 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_follow_each_other_and_hold_every_symbol() {
        for (length, symbol) in [(1, 1), (1024, 1), (1025, 1), (4096, 600), (MAX_BYTES, 700), (3_000_001, 97)]
        {
            let layout = Layout::new(length, symbol).unwrap();
            let mut next = 0;
            for block in 0..layout.blocks() {
                let (first, count) = layout.block(block);
                assert_eq!(first, next);
                assert!((1..=BLOCK_SYMBOLS).contains(&count));
                next += count;
            }
            assert_eq!(next, layout.symbols());
        }
    }

    #[test]
    fn what_is_too_much_is_refused() {
        assert_eq!(Layout::new(0, 1), Err(Error::Empty));
        assert_eq!(Layout::new(MAX_BYTES + 1, 1000), Err(Error::TooLong(MAX_BYTES + 1)));
        assert_eq!(Layout::new(MAX_BYTES, 1), Err(Error::TooManySymbols(MAX_BYTES)));
        assert_eq!(Layout::new(1, 0), Err(Error::Damaged));
        assert_eq!(Layout::new(1, MAX_SYMBOL_BYTES + 1), Err(Error::Damaged));
    }
}
