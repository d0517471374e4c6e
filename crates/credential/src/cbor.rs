//! CBOR (RFC 8949) in two steps: a scan that bounds what the parser can be made to do, then the parser.
//!
//! The parser (`ciborium`) recurses, takes the last of several equal map keys,
//! and leaves what follows the first item unread. The scan refuses all of that
//! beforehand, in one pass without recursion.

use std::collections::BTreeSet;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ciborium::Value;

/// How deep arrays, maps and tags may nest. A DCC in its COSE_Sign1 needs 5.
const MAX_DEPTH: usize = 24;

/// What is wrong with an item, and where (bytes from the start).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not well-formed, or beyond a limit.
    Broken { what: &'static str, at: usize },
    /// A map has this key twice.
    DuplicateKey { key: String, at: usize },
}

/// Exactly one item.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, Fault> {
    check(bytes)?;
    // Well-formed by now; text that is not UTF-8 is what is left.
    ciborium::from_reader(bytes).map_err(|_| Fault::Broken { what: "text that is not UTF-8", at: 0 })
}

/// A map's value for an integer key.
pub(crate) fn by_number(map: &[(Value, Value)], key: i64) -> Option<&Value> {
    map.iter().find(|(k, _)| k.as_integer() == Some(key.into())).map(|(_, value)| value)
}

/// A map's value for a text key.
pub(crate) fn by_name<'v>(map: &'v [(Value, Value)], key: &str) -> Option<&'v Value> {
    map.iter().find(|(k, _)| k.as_text() == Some(key)).map(|(_, value)| value)
}

/// The same as JSON: bytes in base64url, numbers that JSON has none for as null, tags left out.
pub(crate) fn to_json(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::Integer(number) => {
            let number = i128::from(*number);
            i64::try_from(number).map_or_else(|_| number.to_string().into(), Json::from)
        }
        Value::Bytes(bytes) => BASE64_URL_SAFE_NO_PAD.encode(bytes).into(),
        Value::Float(number) => Json::from(*number),
        Value::Text(text) => text.as_str().into(),
        Value::Bool(value) => (*value).into(),
        Value::Tag(_, inner) => to_json(inner),
        Value::Array(items) => items.iter().map(to_json).collect(),
        Value::Map(pairs) => pairs.iter().map(|(key, value)| (key_name(key), to_json(value))).collect(),
        _ => Json::Null,
    }
}

fn key_name(key: &Value) -> String {
    match key {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => i128::from(*number).to_string(),
        _ => String::new(),
    }
}

/// Whether `bytes` are exactly one well-formed item within the limits. In linear
/// time, and in memory for [`MAX_DEPTH`] levels and the keys of their maps.
fn check(bytes: &[u8]) -> Result<(), Fault> {
    let mut scan = Scan { bytes, at: 0, open: Vec::with_capacity(MAX_DEPTH) };
    loop {
        scan.item()?;
        while scan.open.last().is_some_and(Level::is_full) {
            scan.open.pop();
        }
        if scan.open.is_empty() {
            return if scan.at == bytes.len() { Ok(()) } else { Err(scan.broken("more than one item")) };
        }
    }
}

struct Scan<'b> {
    bytes: &'b [u8],
    at: usize,
    open: Vec<Level<'b>>,
}

/// An array, map, tag or string of chunks whose items are being read.
struct Level<'b> {
    /// Items still to come; `None` until a break.
    left: Option<u64>,
    kind: Within<'b>,
}

enum Within<'b> {
    Items,
    Pairs { keys: BTreeSet<Key<'b>>, key_next: bool },
    Chunks { major: u8 },
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'b> {
    Number { negative: bool, argument: u64 },
    Text(&'b [u8]),
}

/// An item's first byte and argument (RFC 8949 §3).
struct Head {
    major: u8,
    info: u8,
    argument: u64,
}

const INDEFINITE: u8 = 31;

impl<'b> Scan<'b> {
    fn item(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let head = self.head()?;
        if (head.major, head.info) == (7, INDEFINITE) {
            return self.end_level();
        }
        self.count(start, &head)?;
        match (head.major, head.info) {
            (2 | 3, INDEFINITE) => self.open(None, Within::Chunks { major: head.major }),
            (2 | 3, _) => self.skip(head.argument),
            (4, INDEFINITE) => self.open(None, Within::Items),
            (4, _) => self.open(Some(self.fitting(head.argument, 1)?), Within::Items),
            (5, INDEFINITE) => self.open(None, pairs()),
            (5, _) => self.open(Some(self.fitting(head.argument, 2)?), pairs()),
            (6, _) => self.open(Some(1), Within::Items),
            _ => Ok(()),
        }
    }

    fn head(&mut self) -> Result<Head, Fault> {
        let first = self.take(1)?[0]; // safe: one byte was taken
        let (major, info) = (first >> 5, first & 0x1f);
        let argument = match info {
            0..=23 => u64::from(info),
            24..=27 => self.take(1 << (info - 24))?.iter().fold(0, |n, byte| n << 8 | u64::from(*byte)),
            INDEFINITE if !matches!(major, 0 | 1 | 6) => 0,
            _ => return Err(self.broken("a reserved length")),
        };
        if major == 7 && matches!(info, 0..=19 | 24) {
            return Err(self.broken("an unassigned simple value"));
        }
        Ok(Head { major, info, argument })
    }

    /// Counts an item towards the level that it stands in.
    fn count(&mut self, start: usize, head: &Head) -> Result<(), Fault> {
        let bytes = self.bytes;
        let at = self.at;
        let broken = |what| Err(Fault::Broken { what, at: start });
        let Some(level) = self.open.last_mut() else { return Ok(()) };
        match &mut level.kind {
            Within::Items => {}
            Within::Chunks { major } if *major == head.major && head.info != INDEFINITE => {}
            Within::Chunks { .. } => return broken("a string in pieces of another kind"),
            Within::Pairs { keys, key_next } => {
                if *key_next {
                    let Some(key) = key(bytes, at, head) else {
                        return broken("a map key that is neither number nor text");
                    };
                    let shown = key.to_string();
                    if !keys.insert(key) {
                        return Err(Fault::DuplicateKey { key: shown, at: start });
                    }
                }
                *key_next = !*key_next;
            }
        }
        if let Some(left) = &mut level.left {
            *left -= 1; // safe: a full level is never on top
        }
        Ok(())
    }

    fn open(&mut self, left: Option<u64>, kind: Within<'b>) -> Result<(), Fault> {
        if self.open.len() == MAX_DEPTH {
            return Err(self.broken("nested too deep"));
        }
        self.open.push(Level { left, kind });
        Ok(())
    }

    fn end_level(&mut self) -> Result<(), Fault> {
        match self.open.pop() {
            Some(Level { left: None, kind: Within::Pairs { key_next: false, .. } }) => {
                Err(self.broken("a map key without a value"))
            }
            Some(Level { left: None, .. }) => Ok(()),
            _ => Err(self.broken("an end of nothing")),
        }
    }

    /// The number of items, if that many of at least one byte each can follow.
    fn fitting(&self, count: u64, items_each: u64) -> Result<u64, Fault> {
        let left = (self.bytes.len() - self.at) as u64; // safe: `at` never passes the end
        match count.checked_mul(items_each) {
            Some(items) if items <= left => Ok(items),
            _ => Err(self.broken("cut off")),
        }
    }

    fn skip(&mut self, length: u64) -> Result<(), Fault> {
        let length = usize::try_from(length).map_err(|_| self.broken("cut off"))?;
        self.take(length).map(drop)
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8], Fault> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or_else(|| self.broken("cut off"))?;
        let taken = &self.bytes[self.at..end]; // safe: both within
        self.at = end;
        Ok(taken)
    }

    fn broken(&self, what: &'static str) -> Fault {
        Fault::Broken { what, at: self.at }
    }
}

impl Level<'_> {
    fn is_full(&self) -> bool {
        self.left == Some(0)
    }
}

impl std::fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number { negative: false, argument } => write!(f, "{argument}"),
            Self::Number { negative: true, argument } => write!(f, "{}", -1 - i128::from(*argument)),
            Self::Text(text) => f.write_str(&String::from_utf8_lossy(text)),
        }
    }
}

fn pairs<'b>() -> Within<'b> {
    Within::Pairs { keys: BTreeSet::new(), key_next: true }
}

/// A map key by its value, whatever the length in which its number is written.
fn key<'b>(bytes: &'b [u8], at: usize, head: &Head) -> Option<Key<'b>> {
    match (head.major, head.info) {
        (0 | 1, _) => Some(Key::Number { negative: head.major == 1, argument: head.argument }),
        (3, 0..=27) => {
            let end = at.checked_add(usize::try_from(head.argument).ok()?)?;
            bytes.get(at..end).map(Key::Text)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
