//! One flat CBOR map of text keys, in the one way that the core deterministic encoding leaves
//! (RFC 8949 §4.2.1): whatever is read here, [`write`] makes the same bytes of it again.

use super::StatusError;

/// Most members that are read: twice what any file of ours has.
const MEMBERS_MAX: u64 = 10;

/// A member's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item<'b> {
    Number(u64),
    Bytes(&'b [u8]),
    Text(&'b str),
}

/// The members that have not been asked for yet.
#[derive(Debug)]
pub(super) struct Map<'b>(Vec<(&'b str, Item<'b>)>);

impl<'b> Map<'b> {
    /// Reads a map that takes all of the bytes.
    pub(super) fn read(bytes: &'b [u8]) -> Result<Self, &'static str> {
        let mut rest = Rest(bytes);
        let (MAP, members @ 0..=MEMBERS_MAX) = rest.head()? else { return Err("no small CBOR map") };
        let mut map: Vec<(&str, Item<'_>)> = vec![];
        for _ in 0..members {
            let Item::Text(key) = rest.item()? else { return Err("a key that is no text") };
            if map.last().is_some_and(|(before, _)| order(before) >= order(key)) {
                return Err("keys out of order, or one twice");
            }
            map.push((key, rest.item()?));
        }
        if rest.0.is_empty() { Ok(Self(map)) } else { Err("more behind its end") }
    }

    pub(super) fn text(&mut self, key: &str) -> Result<&'b str, StatusError> {
        match self.take(key) {
            Some(Item::Text(text)) => Ok(text),
            _ => Err(missing()),
        }
    }

    pub(super) fn number(&mut self, key: &str) -> Result<u64, StatusError> {
        match self.take(key) {
            Some(Item::Number(number)) => Ok(number),
            _ => Err(missing()),
        }
    }

    pub(super) fn bytes(&mut self, key: &str) -> Result<&'b [u8], StatusError> {
        match self.take(key) {
            Some(Item::Bytes(bytes)) => Ok(bytes),
            _ => Err(missing()),
        }
    }

    /// That nothing is left.
    pub(super) fn end(self) -> Result<(), StatusError> {
        if self.0.is_empty() { Ok(()) } else { Err(StatusError::Malformed("a member that is not known")) }
    }

    fn take(&mut self, key: &str) -> Option<Item<'b>> {
        let at = self.0.iter().position(|(name, _)| *name == key)?;
        Some(self.0.remove(at).1)
    }
}

/// Writes a map of these members, of which there are fewer than 24, with no key twice.
pub(super) fn write(members: &[(&str, Item<'_>)]) -> Vec<u8> {
    let mut members = members.to_vec();
    members.sort_by(|(a, _), (b, _)| order(a).cmp(&order(b)));
    let mut bytes = vec![];
    push_head(&mut bytes, MAP, members.len() as u64);
    for (key, item) in &members {
        push(&mut bytes, &Item::Text(key));
        push(&mut bytes, item);
    }
    bytes
}

const NUMBER: u8 = 0;
const BYTES: u8 = 2;
const TEXT: u8 = 3;
const MAP: u8 = 5;

/// Text keys' encodings are ordered by their lengths first: those stand in their first bytes.
fn order(key: &str) -> (usize, &str) {
    (key.len(), key)
}

fn missing() -> StatusError {
    StatusError::Malformed("a member is missing or of another type")
}

fn push(bytes: &mut Vec<u8>, item: &Item<'_>) {
    match item {
        Item::Number(number) => push_head(bytes, NUMBER, *number),
        Item::Bytes(string) => {
            push_head(bytes, BYTES, string.len() as u64);
            bytes.extend_from_slice(string);
        }
        Item::Text(text) => {
            push_head(bytes, TEXT, text.len() as u64);
            bytes.extend_from_slice(text.as_bytes());
        }
    }
}

/// In the shortest form (RFC 8949 §3).
fn push_head(bytes: &mut Vec<u8>, major: u8, argument: u64) {
    let (info, length) = match argument {
        0..24 => (argument as u8, 0),
        24..0x100 => (24, 1),
        0x100..0x1_0000 => (25, 2),
        0x1_0000..0x1_0000_0000 => (26, 4),
        _ => (27, 8),
    };
    bytes.push(major << 5 | info);
    bytes.extend_from_slice(&argument.to_be_bytes()[8 - length..]); // safe: at most 8
}

struct Rest<'b>(&'b [u8]);

impl<'b> Rest<'b> {
    fn item(&mut self) -> Result<Item<'b>, &'static str> {
        let (major, argument) = self.head()?;
        match major {
            NUMBER => Ok(Item::Number(argument)),
            BYTES => Ok(Item::Bytes(self.take(argument)?)),
            TEXT => {
                let text = str::from_utf8(self.take(argument)?);
                text.map(Item::Text).map_err(|_| "text that is not UTF-8")
            }
            _ => Err("an item that is neither number, text nor bytes"),
        }
    }

    /// The type and argument, which must be in its shortest form.
    fn head(&mut self) -> Result<(u8, u64), &'static str> {
        let first = self.take(1)?[0]; // safe: one byte was taken
        let (major, info) = (first >> 5, first & 0x1f);
        let (argument, least) = match info {
            0..24 => (u64::from(info), 0),
            24 => (self.number(1)?, 24),
            25 => (self.number(2)?, 0x100),
            26 => (self.number(4)?, 0x1_0000),
            27 => (self.number(8)?, 0x1_0000_0000),
            _ => return Err("a length that is not said"),
        };
        if argument < least { Err("a number longer than it need be") } else { Ok((major, argument)) }
    }

    fn number(&mut self, length: u64) -> Result<u64, &'static str> {
        Ok(self.take(length)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn take(&mut self, length: u64) -> Result<&'b [u8], &'static str> {
        let split = usize::try_from(length).ok().and_then(|length| self.0.split_at_checked(length));
        let (taken, rest) = split.ok_or("cut off")?;
        self.0 = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_written_in_the_order_and_lengths_of_rfc_8949() {
        let written =
            write(&[("format", Item::Text("f")), ("b", Item::Number(500)), ("aa", Item::Bytes(&[1]))]);
        assert_eq!(written, b"\xa3\x61b\x19\x01\xf4\x62aa\x41\x01\x66format\x61f");
        let mut map = Map::read(&written).unwrap();
        assert_eq!((map.text("format"), map.number("b")), (Ok("f"), Ok(500)));
        assert_eq!(map.bytes("aa"), Ok(&[1][..]));
        assert_eq!(map.end(), Ok(()));
    }

    #[test]
    fn any_other_encoding_is_refused() {
        let table: [(&[u8], &str); 13] = [
            (b"", "cut off"),
            (b"\xa1", "cut off"),
            (b"\xa1\x61a", "cut off"),
            (b"\xa1\x61a\x5b\xff\xff\xff\xff\xff\xff\xff\xff", "cut off"),
            (b"\x80", "no small CBOR map"),
            (b"\xab", "no small CBOR map"),
            (b"\xbf\xff", "a length that is not said"),
            (b"\xa1\x61a\x18\x17", "a number longer than it need be"),
            (b"\xa1\x61a\xf6", "an item that is neither number, text nor bytes"),
            (b"\xa1\x01\x01", "a key that is no text"),
            (b"\xa1\x61\xff\x01", "text that is not UTF-8"),
            (b"\xa2\x61b\x01\x61a\x01", "keys out of order, or one twice"),
            (b"\xa1\x61a\x01\x00", "more behind its end"),
        ];
        for (bytes, problem) in table {
            assert_eq!(Map::read(bytes).map(drop), Err(problem), "{bytes:x?}");
        }
        assert!(Map::read(b"\xa2\x61a\x01\x61a\x01").is_err(), "a key twice");
    }
}
