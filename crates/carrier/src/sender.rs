//! From bytes to frames.

use raptorq::SourceBlockEncoder;

use crate::frame::{Frame, symbol_room};
use crate::layout::Layout;
use crate::{Error, FRAME_CHARS, Id, id};

/// Where symbol numbers, 24 bits wide, begin anew (RFC 6330, 3.2).
const NUMBERS: u32 = 1 << 24;

/// Content as an endless series of frame texts ([`Iterator`]): first its own symbols, block by block in turn, then
/// repair symbols, each of which stands for any other. The same content gives the same frames.
#[derive(Clone, Debug)]
pub struct Sender {
    id: Id,
    layout: Layout,
    blocks: Vec<Block>,
    /// Frames that were made.
    made: usize,
}

#[derive(Clone, Debug)]
struct Block {
    /// The symbols, one after another.
    bytes: Vec<u8>,
    encoder: SourceBlockEncoder,
    /// The next symbol's number.
    next: u32,
}

impl Sender {
    /// Content of 1 to [`MAX_BYTES`](crate::MAX_BYTES) bytes in frames of at most [`FRAME_CHARS`] characters.
    ///
    /// # Errors
    /// [`Error::Empty`] and [`Error::TooLong`].
    pub fn new(content: &[u8]) -> Result<Self, Error> {
        Self::with_room(content, FRAME_CHARS)
    }

    /// The same in frames of at most `chars` characters, all of which are of one length: as short as the number of
    /// symbols allows.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::TooLong`]; [`Error::Room`] for less than 54 or more than 4296 characters;
    /// [`Error::TooManySymbols`] where that makes more than [`MAX_SYMBOLS`](crate::MAX_SYMBOLS).
    pub fn with_room(content: &[u8], chars: usize) -> Result<Self, Error> {
        let room = symbol_room(chars)?;
        let symbols = content.len().div_ceil(room).max(1);
        let layout = Layout::new(content.len(), content.len().div_ceil(symbols).max(1))?;
        let blocks = (0..layout.blocks()).map(|block| Block::new(content, &layout, block)).collect();
        Ok(Self { id: id(content), layout, blocks, made: 0 })
    }

    /// How many frames a receiver needs at least.
    pub fn needed(&self) -> usize {
        self.layout.symbols()
    }

    /// The next frame's text: letters of a QR code's alphanumeric mode.
    pub fn next_frame(&mut self) -> String {
        let block = self.made % self.blocks.len();
        self.made = self.made.wrapping_add(1);
        let first_repair = self.layout.first_repair(block);
        let (number, symbol) = self.blocks[block].next_symbol(self.layout.symbol, first_repair);
        Frame { id: self.id, layout: self.layout, block, number, symbol }.text()
    }
}

impl Iterator for Sender {
    type Item = String;

    /// Never ends.
    fn next(&mut self) -> Option<String> {
        Some(self.next_frame())
    }
}

impl Block {
    fn new(content: &[u8], layout: &Layout, block: usize) -> Self {
        let (first, count) = layout.block(block);
        let from = first * layout.symbol;
        let to = (from + count * layout.symbol).min(content.len());
        let mut bytes = content[from..to].to_vec();
        bytes.resize(count * layout.symbol, 0);
        // safe: at most MAX_BLOCKS
        let encoder = SourceBlockEncoder::new2(block as u8, &layout.parameters(), &bytes);
        Self { bytes, encoder, next: 0 }
    }

    fn next_symbol(&mut self, size: usize, first_repair: u32) -> (u32, Vec<u8>) {
        let number = self.next;
        if let Some(own) = self.bytes.chunks(size).nth(number as usize) {
            let last = (number as usize + 1) * size == self.bytes.len();
            self.next = if last { first_repair } else { number + 1 };
            return (number, own.to_vec());
        }
        self.next = if number + 1 < NUMBERS { number + 1 } else { 0 };
        let mut packets = self.encoder.repair_packets(number - first_repair, 1);
        // safe: one was asked for
        (number, packets.swap_remove(0).split().1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_anew_and_never_repeat_before() {
        let mut sender = Sender::new(&[9; 5000]).unwrap();
        let first: Vec<_> = sender.by_ref().take(300).collect();
        let distinct: std::collections::HashSet<_> = first.iter().collect();
        assert_eq!(distinct.len(), first.len());
        sender.blocks[0].next = NUMBERS - 1;
        sender.next_frame();
        assert_eq!(sender.next_frame(), first[0]);
    }

    #[test]
    fn frames_are_of_one_length_within_their_room() {
        for (length, chars) in [(1, 60), (4096, 1249), (1300, 758), (100_000, 395)] {
            let lengths: std::collections::HashSet<_> =
                Sender::with_room(&vec![3; length], chars).unwrap().take(40).map(|text| text.len()).collect();
            assert!(lengths.len() == 1 && lengths.iter().all(|length| *length <= chars), "{lengths:?}");
        }
    }
}
