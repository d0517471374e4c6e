//! Data codewords to segments (ISO/IEC 18004:2015 §7.4).

use std::ops::Range;

use super::text::{self, Piece};
use super::{DecodeError, Version};

/// What the data codewords of one symbol hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Payload {
    /// All segments' bytes in order: digits and characters as ASCII, kanji as Shift-JIS.
    pub bytes: Vec<u8>,
    /// The segments in order; headers without data are not among them.
    pub segments: Vec<Segment>,
    /// Place in a series of symbols that carry one message.
    pub structured_append: Option<StructuredAppend>,
    /// Whether the data follow GS1 or another industry's format.
    pub fnc1: Option<Fnc1>,
}

/// A run of data in one mode.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// How the data were packed.
    pub mode: Mode,
    /// The extended channel interpretation in force: the character set's number in AIM's register.
    pub eci: Option<u32>,
    /// Where the segment lies in [`Payload::bytes`].
    pub range: Range<usize>,
}

/// How a segment's data are packed (table 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Digits, three in ten bits.
    Numeric,
    /// 45 characters, two in eleven bits.
    Alphanumeric,
    /// Bytes.
    Byte,
    /// Double-byte Shift-JIS, a character in 13 bits.
    Kanji,
}

/// A symbol's place in a series (§8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StructuredAppend {
    /// Position in the series, from 0.
    pub index: u8,
    /// Symbols in the series, 1 to 16.
    pub count: u8,
    /// All bytes of the whole message combined by exclusive or.
    pub parity: u8,
}

/// The FNC1 modes (§7.4.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fnc1 {
    /// First position: GS1 element strings.
    Gs1,
    /// Second position: the format of the industry with this AIM application indicator.
    Industry(u8),
}

impl Payload {
    /// The bytes as text: UTF-8 wherever they are that as a whole and no ECI says otherwise, else each segment by its
    /// ECI, kanji as Shift-JIS. `None` where a segment's character set is unknown or its bytes are not valid in it;
    /// where the feature `encodings` is off, too, where [`pieces`](Self::pieces) are left to be decoded.
    pub fn text(&self) -> Option<String> {
        text::join(&self.pieces()?)
    }

    /// The same, with encodings that take tables left to the caller. `None` where a character set is unknown or bytes
    /// are not valid in one that takes no tables.
    pub fn pieces(&self) -> Option<Vec<Piece>> {
        text::pieces(self)
    }
}

/// The separator between GS1 elements, which alphanumeric mode writes as `%` (§7.4.8.3).
const GROUP_SEPARATOR: u8 = 0x1d;
/// The alphanumeric characters in order of their values (table 5).
const ALPHANUMERIC: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const MODE_BITS: usize = 4;
/// The greatest number in AIM's register of extended channel interpretations: six digits.
const MAX_ECI: u32 = 999_999;
const TERMINATOR: usize = 0;
/// What fills the codewords after the terminator, in turn (§7.4.10).
const PADDING: [u8; 2] = [0b1110_1100, 0b0001_0001];

/// Reads segments until the terminator or the end of the data; tells, too, whether what follows is the padding that it
/// should be.
pub(super) fn parse(data: &[u8], version: Version) -> Result<(Payload, bool), DecodeError> {
    let mut bits = Bits { data, position: 0 };
    let mut payload = Payload::default();
    let mut eci = None;
    while bits.remaining() >= MODE_BITS {
        let mode = match bits.take(MODE_BITS)? {
            TERMINATOR => break,
            0b0001 => Mode::Numeric,
            0b0010 => Mode::Alphanumeric,
            0b0100 => Mode::Byte,
            0b1000 => Mode::Kanji,
            header => {
                parse_header(header, &mut bits, &mut payload, &mut eci)?;
                continue;
            }
        };
        let start = payload.bytes.len();
        parse_segment(mode, &mut bits, version, &mut payload)?;
        payload.segments.push(Segment { mode, eci, range: start..payload.bytes.len() });
    }
    let padded = bits.rest_is_padding();
    Ok((payload, padded))
}

/// A mode indicator that carries no data of its own.
fn parse_header(
    header: usize,
    bits: &mut Bits<'_>,
    payload: &mut Payload,
    eci: &mut Option<u32>,
) -> Result<(), DecodeError> {
    match header {
        0b0011 => payload.structured_append = Some(bits.take_structured_append()?),
        0b0101 => payload.fnc1 = Some(Fnc1::Gs1),
        0b1001 => payload.fnc1 = Some(Fnc1::Industry(bits.take(8)? as u8)),
        0b0111 => *eci = Some(bits.take_eci()?),
        _ => return Err(DecodeError::Mode { mode: header as u8 }),
    }
    Ok(())
}

fn parse_segment(
    mode: Mode,
    bits: &mut Bits<'_>,
    version: Version,
    payload: &mut Payload,
) -> Result<(), DecodeError> {
    let count_bits = match mode {
        Mode::Numeric => version.by_range(10, 12, 14),
        Mode::Alphanumeric => version.by_range(9, 11, 13),
        Mode::Byte => version.by_range(8, 16, 16),
        Mode::Kanji => version.by_range(8, 10, 12),
    };
    let count = bits.take(count_bits)?;
    let out = &mut payload.bytes;
    match mode {
        Mode::Numeric => numeric(bits, count, out),
        Mode::Alphanumeric => alphanumeric(bits, count, payload.fnc1.is_some(), out),
        Mode::Byte => byte(bits, count, out),
        Mode::Kanji => (0..count).try_for_each(|_| kanji(bits, out)),
    }
}

fn numeric(bits: &mut Bits<'_>, count: usize, out: &mut Vec<u8>) -> Result<(), DecodeError> {
    let mut left = count;
    while left > 0 {
        let digits = left.min(3);
        let (width, limit) = [(4, 10), (7, 100), (10, 1000)][digits - 1];
        let value = bits.take(width)?;
        if value >= limit {
            return Err(DecodeError::Value);
        }
        let all = [value / 100, value / 10 % 10, value % 10].map(|digit| b'0' + digit as u8);
        out.extend_from_slice(&all[3 - digits..]);
        left -= digits;
    }
    Ok(())
}

fn alphanumeric(bits: &mut Bits<'_>, count: usize, fnc1: bool, out: &mut Vec<u8>) -> Result<(), DecodeError> {
    let start = out.len();
    for _ in 0..count / 2 {
        let value = bits.take(11)?;
        out.push(*ALPHANUMERIC.get(value / 45).ok_or(DecodeError::Value)?);
        out.push(ALPHANUMERIC[value % 45]);
    }
    if count % 2 == 1 {
        out.push(*ALPHANUMERIC.get(bits.take(6)?).ok_or(DecodeError::Value)?);
    }
    if fnc1 {
        let raw = out.split_off(start);
        unescape_separators(&raw, out);
    }
    Ok(())
}

fn byte(bits: &mut Bits<'_>, count: usize, out: &mut Vec<u8>) -> Result<(), DecodeError> {
    for _ in 0..count {
        out.push(bits.take(8)? as u8);
    }
    Ok(())
}

/// `%` stands for the separator and `%%` for `%`.
fn unescape_separators(raw: &[u8], out: &mut Vec<u8>) {
    let mut rest = raw.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        let separator = byte == b'%' && rest.next_if_eq(&b'%').is_none();
        out.push(if separator { GROUP_SEPARATOR } else { byte });
    }
}

/// Undoes the packing of §7.4.6: two ranges of Shift-JIS folded into 13 bits.
fn kanji(bits: &mut Bits<'_>, out: &mut Vec<u8>) -> Result<(), DecodeError> {
    let value = bits.take(13)?;
    let folded = ((value / 0xc0) << 8) | (value % 0xc0);
    let code = folded + if folded < 0x1f00 { 0x8140 } else { 0xc140 };
    out.extend_from_slice(&(code as u16).to_be_bytes()); // safe: 13 bits fold to at most 0x2abf
    Ok(())
}

/// The data codewords as a stream of bits, most significant first.
struct Bits<'a> {
    data: &'a [u8],
    position: usize,
}

impl Bits<'_> {
    fn remaining(&self) -> usize {
        self.data.len() * 8 - self.position
    }

    /// The next `count` bits, at most 16.
    fn take(&mut self, count: usize) -> Result<usize, DecodeError> {
        if count > self.remaining() {
            return Err(DecodeError::Truncated);
        }
        let window = (0..3).fold(0, |window, i| {
            let byte = self.data.get(self.position / 8 + i).copied().unwrap_or(0);
            window << 8 | usize::from(byte)
        });
        let below = 24 - self.position % 8 - count;
        self.position += count;
        Ok(window >> below & ((1 << count) - 1))
    }

    /// Whether zeros up to the next codeword and then the padding are all that is left. Where no terminator fitted,
    /// its first bits are such zeros.
    fn rest_is_padding(&self) -> bool {
        let (whole, odd) = (self.position.div_ceil(8), self.position % 8);
        let zeros = odd == 0 || self.data.get(whole - 1).is_none_or(|byte| byte << odd == 0); // safe: odd bits were read
        let rest = self.data.get(whole..).unwrap_or_default();
        zeros && rest.iter().zip(PADDING.iter().cycle()).all(|(byte, padding)| byte == padding)
    }

    fn take_structured_append(&mut self) -> Result<StructuredAppend, DecodeError> {
        let index = self.take(4)? as u8;
        let count = self.take(4)? as u8 + 1;
        let parity = self.take(8)? as u8;
        Ok(StructuredAppend { index, count, parity })
    }

    /// A designator of one, two or three bytes (table 4).
    fn take_eci(&mut self) -> Result<u32, DecodeError> {
        let first = self.take(8)?;
        let value = match first {
            0x00..0x80 => first,
            0x80..0xc0 => (first & 0x3f) << 8 | self.take(8)?,
            0xc0..0xe0 => (first & 0x1f) << 16 | self.take(16)?,
            _ => return Err(DecodeError::Value),
        } as u32; // safe: at most 21 bits
        if value > MAX_ECI { Err(DecodeError::Value) } else { Ok(value) }
    }
}
