//! One frame's text.
//!
//! `PSK1:` and the base45 of: 16 bytes that name the transfer (the first of the content's SHA-256), 3 bytes of length,
//! 1 of block and 3 of symbol number (RFC 6330, 3.2; all most significant first), the symbol, and 4 bytes of the
//! SHA-256 of all that. The last is needed: a QR code's own correction mends what is near another code as well, and one
//! wrong symbol spoils the whole content.

use sha2::{Digest, Sha256};

use crate::layout::{Layout, MAX_SYMBOL_BYTES};
use crate::{Error, Id};

/// What every frame begins with, before the digit of its format and a colon.
const NAME: &str = "PSK";
const FORMAT: char = '1';
const PREFIX: &str = "PSK1:";
const LENGTH_BYTES: usize = 3;
const NUMBER_BYTES: usize = 3;
const CHECK_BYTES: usize = 4;
const HEAD_BYTES: usize = size_of::<Id>() + LENGTH_BYTES + 1 + NUMBER_BYTES;
/// Most characters of a frame: version 40 at level L (ISO/IEC 18004, table 7).
pub(crate) const MAX_CHARS: usize = 4296;

/// Whether a text is (or was meant to be) a frame of an animated code, of whatever format: only
/// [`Receiver::take`](crate::Receiver::take) tells whether it can be used. Looks at five characters.
pub fn is_frame(text: &str) -> bool {
    format(text).is_some()
}

/// One symbol, and what it is part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) id: Id,
    pub(crate) layout: Layout,
    pub(crate) block: usize,
    /// The symbol's number within its block: below the block's symbols a piece of content, from
    /// [`Layout::first_repair`] on a repair symbol.
    pub(crate) number: u32,
    pub(crate) symbol: Vec<u8>,
}

impl Frame {
    /// # Errors
    /// [`Error::NotAFrame`], [`Error::Format`], [`Error::Damaged`], and what [`Layout::new`] refuses.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        match format(text).ok_or(Error::NotAFrame)? {
            FORMAT if text.len() <= MAX_CHARS => {}
            FORMAT => return Err(Error::Damaged),
            other => return Err(Error::Format(other)),
        }
        let bytes = base45::decode(&text[PREFIX.len()..]).map_err(|_| Error::Damaged)?;
        let (body, sum) = bytes.split_last_chunk::<CHECK_BYTES>().ok_or(Error::Damaged)?;
        if *sum != check(body) {
            return Err(Error::Damaged);
        }
        let (id, rest) = body.split_first_chunk().ok_or(Error::Damaged)?;
        let (&[l0, l1, l2, block, n0, n1, n2], symbol) = rest.split_first_chunk().ok_or(Error::Damaged)?;
        let length = u32::from_be_bytes([0, l0, l1, l2]) as usize; // safe: 24 bits
        let layout = Layout::new(length, symbol.len())?;
        let (block, number) = (usize::from(block), u32::from_be_bytes([0, n0, n1, n2]));
        let padding = |number: u32| {
            (layout.block(block).1..layout.first_repair(block) as usize).contains(&(number as usize))
        };
        if block >= layout.blocks() || padding(number) {
            return Err(Error::Damaged);
        }
        Ok(Self { id: *id, layout, block, number, symbol: symbol.to_vec() })
    }

    pub(crate) fn text(&self) -> String {
        let mut bytes = Vec::with_capacity(HEAD_BYTES + self.symbol.len() + CHECK_BYTES);
        bytes.extend_from_slice(&self.id);
        bytes.extend_from_slice(&(self.layout.length as u32).to_be_bytes()[1..]); // safe: at most MAX_BYTES
        bytes.push(self.block as u8); // safe: at most MAX_BLOCKS
        bytes.extend_from_slice(&self.number.to_be_bytes()[1..]);
        bytes.extend_from_slice(&self.symbol);
        bytes.extend_from_slice(&check(&bytes));
        format!("{PREFIX}{}", base45::encode(&bytes))
    }
}

/// Bytes of a symbol for which a frame of so many characters has room.
///
/// # Errors
/// [`Error::Room`]
pub(crate) fn symbol_room(chars: usize) -> Result<usize, Error> {
    let letters = chars.checked_sub(PREFIX.len()).ok_or(Error::Room(chars))?;
    // Two bytes are three characters, a last one alone is two (RFC 9285).
    let bytes = letters / 3 * 2 + letters % 3 / 2;
    match bytes.checked_sub(HEAD_BYTES + CHECK_BYTES) {
        Some(room) if (1..=MAX_SYMBOL_BYTES).contains(&room) && chars <= MAX_CHARS => Ok(room),
        _ => Err(Error::Room(chars)),
    }
}

/// The digit of a frame's format.
fn format(text: &str) -> Option<char> {
    let mut rest = text.strip_prefix(NAME)?.chars();
    let digit = rest.next().filter(char::is_ascii_digit)?;
    (rest.next() == Some(':')).then_some(digit)
}

fn check(body: &[u8]) -> [u8; CHECK_BYTES] {
    let digest = Sha256::digest(body);
    std::array::from_fn(|i| digest[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(length: usize, symbol: usize) -> Frame {
        let layout = Layout::new(length, symbol).unwrap();
        Frame { id: [7; 16], layout, block: 0, number: 0, symbol: vec![255; symbol] }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for (length, symbol) in [(1, 1), (4096, 512), (crate::MAX_BYTES, 2000)] {
            let frame = frame(length, symbol);
            assert_eq!(Frame::parse(&frame.text()), Ok(frame));
        }
    }

    #[test]
    fn a_frame_fills_its_room_and_no_more() {
        for chars in (60..120).chain((120..MAX_CHARS).step_by(61)) {
            let symbol = symbol_room(chars).unwrap();
            let length = frame(symbol, symbol).text().len();
            assert!(length <= chars && length + 2 > chars, "{chars}: {length}");
        }
        for chars in [0, 4, 45, MAX_CHARS + 1, usize::MAX] {
            assert_eq!(symbol_room(chars), Err(Error::Room(chars)));
        }
    }

    #[test]
    fn frames_of_any_format_are_known_and_other_texts_are_not() {
        for text in ["PSK1:", "PSK2:ABC", &frame(9, 9).text()] {
            assert!(is_frame(text), "{text}");
        }
        for text in ["", "PSK", "PSK1", "psk1:", "PSKé:", "HC1:6BF", "PSK11:", " PSK1:"] {
            assert!(!is_frame(text), "{text}");
            assert_eq!(Frame::parse(text), Err(Error::NotAFrame));
        }
        assert_eq!(Frame::parse("PSK2:ABC"), Err(Error::Format('2')));
    }

    #[test]
    fn numbers_that_only_pad_a_block_and_blocks_that_are_not_there_are_refused() {
        let frame = frame(4096, 600);
        let (own, repair) = (frame.layout.block(0).1 as u32, frame.layout.first_repair(0));
        for number in [0, own - 1, repair, (1 << 24) - 1] {
            assert!(Frame::parse(&Frame { number, ..frame.clone() }.text()).is_ok(), "{number}");
        }
        for number in own..repair {
            assert_eq!(Frame::parse(&Frame { number, ..frame.clone() }.text()), Err(Error::Damaged));
        }
        assert_eq!(Frame::parse(&Frame { block: 1, ..frame }.text()), Err(Error::Damaged));
    }

    /// Spaces at a text's end are lost on many ways.
    #[test]
    fn no_frame_ends_with_a_space() {
        for symbol in 1..200 {
            for byte in [0, 36, 255] {
                let frame = Frame { symbol: vec![byte; symbol], ..frame(symbol, symbol) };
                assert!(!frame.text().ends_with(' '));
            }
        }
    }
}
