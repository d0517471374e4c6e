//! One content on its way.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use raptorq::{EncodingPacket, PayloadId, SourceBlockDecoder};

use crate::frame::Frame;
use crate::layout::Layout;
use crate::{Error, Id, id};

/// How often a block is tried to be solved. Each symbol beyond those needed leaves one failure of some 256 (RFC 6330
/// promises 1, 10⁻² and 10⁻⁴ for 0, 1 and 2), and each failure waits for one symbol more than the last: who fails this
/// often was sent symbols that were chosen to.
const MAX_TRIES: usize = 6;

/// What has arrived of one content.
#[derive(Clone, Debug)]
pub(crate) struct Transfer {
    pub(crate) id: Id,
    layout: Layout,
    blocks: Vec<Block>,
}

/// A part of the content that is solved by itself.
#[derive(Clone, Debug)]
enum Block {
    Open {
        symbols: BTreeMap<u32, Vec<u8>>,
        tries: usize,
        /// How many symbols there are to be before the next try.
        enough: usize,
    },
    Solved(Vec<u8>),
}

impl Transfer {
    pub(crate) fn new(frame: &Frame) -> Self {
        let open =
            |block| Block::Open { symbols: BTreeMap::new(), tries: 0, enough: frame.layout.block(block).1 };
        Self { id: frame.id, layout: frame.layout, blocks: (0..frame.layout.blocks()).map(open).collect() }
    }

    /// Whether a frame is of this transfer.
    pub(crate) fn is_of(&self, frame: &Frame) -> bool {
        (self.id, self.layout) == (frame.id, frame.layout)
    }

    /// Takes a frame of this transfer. Returns the content once it is whole.
    ///
    /// # Errors
    /// [`Error::Conflict`], and nothing has changed; [`Error::Spoilt`], and this transfer is of no use any more.
    pub(crate) fn take(&mut self, frame: Frame) -> Result<Option<Vec<u8>>, Error> {
        let Block::Open { symbols, tries, enough } = &mut self.blocks[frame.block] else { return Ok(None) };
        match symbols.entry(frame.number) {
            Entry::Vacant(place) => place.insert(frame.symbol),
            Entry::Occupied(known) if *known.get() == frame.symbol => return Ok(None),
            Entry::Occupied(_) => return Err(Error::Conflict),
        };
        if symbols.len() < *enough {
            return Ok(None);
        }
        match solve(&self.layout, frame.block, symbols) {
            Some(bytes) => self.blocks[frame.block] = Block::Solved(bytes),
            None if *tries + 1 == MAX_TRIES => return Err(Error::Spoilt),
            None => {
                *tries += 1;
                *enough = symbols.len() + *tries;
            }
        }
        self.content()
    }

    /// Distinct symbols that arrived and are of use, and how many make the content. Never falls.
    pub(crate) fn progress(&self) -> (usize, usize) {
        let useful = |(place, block): (usize, &Block)| {
            let needed = self.layout.block(place).1;
            match block {
                Block::Open { symbols, .. } => symbols.len().min(needed),
                Block::Solved(_) => needed,
            }
        };
        (self.blocks.iter().enumerate().map(useful).sum(), self.layout.symbols())
    }

    /// All blocks together, once they are solved and are what was announced.
    fn content(&self) -> Result<Option<Vec<u8>>, Error> {
        let mut content = Vec::new();
        for block in &self.blocks {
            let Block::Solved(bytes) = block else { return Ok(None) };
            content.extend_from_slice(bytes);
        }
        content.truncate(self.layout.length);
        if id(&content) == self.id { Ok(Some(content)) } else { Err(Error::Spoilt) }
    }
}

/// A block's bytes, if its symbols are enough.
fn solve(layout: &Layout, block: usize, symbols: &BTreeMap<u32, Vec<u8>>) -> Option<Vec<u8>> {
    let number = block as u8; // safe: at most MAX_BLOCKS
    let length = (layout.block(block).1 * layout.symbol) as u64;
    let packet =
        |(id, symbol): (&u32, &Vec<u8>)| EncodingPacket::new(PayloadId::new(number, *id), symbol.clone());
    SourceBlockDecoder::new2(number, &layout.parameters(), length).decode(symbols.iter().map(packet))
}
