//! What changed in a status list since its file was published as a whole.

use super::cbor::{self, Item, Map};
use super::{
    DELTA_FORMAT, List, StatusError, bytes_for, check_format, checked_uri, count, places, sha256, shown, zlib,
};

/// Most bytes that the places of a delta take when inflated: a million of them at least. More
/// take no less room than the list itself, which is to be published anew then.
pub const FLIPS_MAX: usize = 4 * 1024 * 1024;
/// Largest file of a delta, in bytes, for what [`super::LIST_MAX`] is for a list's.
pub const DELTA_MAX: usize = FLIPS_MAX + 64 * 1024;

/// The places of a status list whose bit is another than in its base, the file of the list as a
/// whole. Deltas do not build on each other: each is from the base to its own day.
///
/// `flips`, once inflated, is for each of these places, in their order, how many places lie
/// between it and the one before (before the first: how many come before it), as LEB128: seven
/// bits a byte, the lowest first, the highest bit set where more follow. That order and that no
/// place comes twice cannot be written otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delta {
    uri: String,
    base: [u8; 32],
    count: u32,
    /// As they stand in the file, once inflated, and checked against `count`.
    flips: Vec<u8>,
}

impl Delta {
    /// What leads from the list in a base's file to this state of it.
    pub fn between(base: &[u8], now: &List) -> Result<Self, StatusError> {
        let before = List::parse(base)?;
        same_list(&before.uri, &now.uri)?;
        only_grows(before.count, now.count)?;
        let mut changed = now.bits.clone();
        for (byte, before) in changed.iter_mut().zip(&before.bits) {
            *byte ^= before;
        }
        let flips = gaps(places(&changed));
        if flips.len() > FLIPS_MAX {
            return Err(StatusError::TooLarge);
        }
        Ok(Self { uri: now.uri.clone(), base: sha256(base), count: now.count, flips })
    }

    /// Reads a delta's file. Memory and work are bounded by [`DELTA_MAX`] and [`FLIPS_MAX`].
    pub fn parse(file: &[u8]) -> Result<Self, StatusError> {
        if file.len() > DELTA_MAX {
            return Err(StatusError::TooLarge);
        }
        let mut map = Map::read(file).map_err(StatusError::Malformed)?;
        check_format(&mut map, DELTA_FORMAT)?;
        let (uri, count) = (checked_uri(map.text("uri")?)?, count(&mut map)?);
        let base = map.bytes("base")?.try_into();
        let base = base.map_err(|_| StatusError::Malformed("its base is no SHA-256"))?;
        let compressed = map.bytes("flips")?;
        map.end()?;
        let flips = zlib::inflate(compressed, FLIPS_MAX)?;
        check_flips(&flips, count)?;
        Ok(Self { uri, base, count, flips })
    }

    /// Writes the delta's file; [`Self::parse`] reads the same delta from it.
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::write(&[
            ("format", Item::Text(DELTA_FORMAT)),
            ("uri", Item::Text(&self.uri)),
            ("base", Item::Bytes(&self.base)),
            ("count", Item::Number(self.count.into())),
            ("flips", Item::Bytes(&zlib::deflate(&self.flips))),
        ])
    }

    /// The list in the base's file, brought up to date. Any other file is refused.
    pub fn apply(&self, base: &[u8]) -> Result<List, StatusError> {
        let found = sha256(base);
        if found != self.base {
            return Err(StatusError::WrongBase { wanted: shown(&self.base), found: shown(&found) });
        }
        let mut list = List::parse(base)?;
        same_list(&list.uri, &self.uri)?;
        only_grows(list.count, self.count)?;
        list.bits.resize(bytes_for(self.count), 0);
        list.count = self.count;
        for place in self.flips() {
            list.bits[place as usize / 8] ^= 1 << (place % 8); // safe: below `count`
        }
        Ok(list)
    }

    /// The list's URI.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The places whose bit is another, in their order.
    pub fn flips(&self) -> impl Iterator<Item = u32> {
        let mut rest = self.flips.as_slice();
        let mut next = 0;
        std::iter::from_fn(move || {
            let place = next + take_number(&mut rest)?; // safe: checked when it was read or written
            next = place + 1;
            Some(place)
        })
    }
}

fn same_list(wanted: &str, found: &str) -> Result<(), StatusError> {
    if wanted == found {
        return Ok(());
    }
    Err(StatusError::AnotherList { wanted: wanted.into(), found: found.into() })
}

fn only_grows(before: u32, now: u32) -> Result<(), StatusError> {
    if now < before { Err(StatusError::Shrunk { before, now }) } else { Ok(()) }
}

fn check_flips(flips: &[u8], count: u32) -> Result<(), StatusError> {
    let mut rest = flips;
    let mut next = 0_u32;
    while !rest.is_empty() {
        let gap = take_number(&mut rest).ok_or(StatusError::Malformed("a place that is no LEB128"))?;
        let place = next.checked_add(gap).filter(|place| *place < count);
        next = place.ok_or(StatusError::Malformed("a place beyond its count"))? + 1; // safe: below `count`
    }
    Ok(())
}

fn gaps(places: impl Iterator<Item = u32>) -> Vec<u8> {
    let mut bytes = vec![];
    let mut next = 0;
    for place in places {
        push_number(&mut bytes, place - next); // safe: they come in their order
        next = place + 1;
    }
    bytes
}

fn push_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// A number in its shortest form; `None` for any other, and at the end.
fn take_number(rest: &mut &[u8]) -> Option<u32> {
    let mut number = 0_u32;
    for shift in (0..u32::BITS).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        let digits = u32::from(byte & 0x7f);
        number |= digits << shift;
        if number >> shift != digits {
            return None; // more than 32 bits
        }
        if byte & 0x80 == 0 {
            return (digits != 0 || shift == 0).then_some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_and_have_one_form_only() {
        for number in [0, 1, 127, 128, 300, 16_383, 16_384, u32::MAX - 1, u32::MAX] {
            let mut bytes = vec![];
            push_number(&mut bytes, number);
            assert_eq!(take_number(&mut bytes.as_slice()), Some(number));
        }
        let longer: [&[u8]; 6] =
            [&[0x80, 0x00], &[0x81, 0x00], &[0x80], &[], &[0xff, 0xff, 0xff, 0xff, 0x1f], &[0xff; 6]];
        for bytes in longer {
            assert_eq!(take_number(&mut &*bytes), None, "{bytes:x?}");
        }
    }
}
