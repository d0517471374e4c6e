//! What a zip file says is in it: its central directory (APPNOTE 6.3, §4.3.12), checked against the rest.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ENTRIES_MAX;

const END: &[u8; 4] = b"PK\x05\x06";
const CENTRAL: &[u8; 4] = b"PK\x01\x02";
const LOCAL: &[u8; 4] = b"PK\x03\x04";
/// Lengths of the fixed parts, in bytes (§4.3.16, §4.3.12, §4.3.7).
const END_LEN: usize = 22;
const CENTRAL_LEN: usize = 46;
const LOCAL_LEN: usize = 30;
/// Flags of encrypted entries (§4.4.4): bits 0, 6 and 13.
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;
/// `version made by`, high byte (§4.4.2): attributes are those of Unix.
const UNIX: u16 = 3;
/// What kind of file a Unix mode stands for: its bits, a folder, a plain file (inode(7)).
const KIND: u32 = 0o170_000;
const FOLDER: u32 = 0o040_000;
const PLAIN: u32 = 0o100_000;

/// The entries of a zip file, by name.
#[derive(Clone, Debug)]
pub(super) struct Directory {
    entries: BTreeMap<Vec<u8>, Entry>,
    /// The folder inside the file that holds the repository, with the slash behind it.
    prefix: Vec<u8>,
}

/// One file in it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub method: Method,
    /// Where its packed bytes lie.
    pub data: Range<usize>,
    /// Claimed: CRC-32 and length in bytes once it is unpacked.
    pub crc: u32,
    pub length: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Stored,
    Deflated,
}

impl Directory {
    /// The error says what is wrong, to stand behind "the zip file".
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let (mut rest, start) = central(bytes)?;
        let mut entries = BTreeMap::new();
        let mut taken = vec![];
        while !rest.is_empty() {
            let (name, entry, after) = next(bytes, start, rest)?;
            rest = after;
            taken.extend(entry.iter().map(|(whole, _)| whole.clone()));
            if taken.len() > ENTRIES_MAX {
                return Err(format!("has over {ENTRIES_MAX} entries"));
            }
            let Some((_, entry)) = entry else { continue };
            if is_system(name) {
                continue;
            }
            if entries.insert(name.to_vec(), entry).is_some() {
                return Err(format!("has two entries {}", shown(name)));
            }
        }
        taken.sort_by_key(|range| range.start);
        if taken.is_sorted_by(|one, next| one.end <= next.start) {
            let prefix = prefix(&entries);
            Ok(Self { entries, prefix })
        } else {
            Err("has entries that share bytes".into())
        }
    }

    /// The file of this name inside the repository.
    pub(super) fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(&[&self.prefix, name.as_bytes()].concat())
    }
}

/// The directory's bytes, and where they start.
fn central(bytes: &[u8]) -> Result<(&[u8], usize), String> {
    let newest = bytes.len().saturating_sub(END_LEN);
    let oldest = newest.saturating_sub(usize::from(u16::MAX));
    let is_end = |at: &usize| {
        let record = &bytes[*at..];
        record.starts_with(END) && u16_at(record, 20).map(usize::from) == Some(record.len() - END_LEN)
    };
    let end = (oldest..=newest)
        .rev()
        .filter(|at| bytes.len() - at >= END_LEN)
        .find(is_end)
        .ok_or("is no zip file, or cut off")?;
    let record = &bytes[end..];
    let number = |at| u16_at(record, at).unwrap_or_default();
    let (size, start) = (u32_at(record, 12).unwrap_or_default(), u32_at(record, 16).unwrap_or_default());
    if number(10) == u16::MAX || start == u32::MAX {
        return Err("is of the kind for huge files (ZIP64)".into());
    }
    if number(4) != 0 || number(6) != 0 || number(8) != number(10) {
        return Err("is one part of several".into());
    }
    let start = start as usize;
    if start.checked_add(size as usize) != Some(end) {
        return Err("is damaged: its list of entries is not where it should be".into());
    }
    Ok((&bytes[start..end], start)) // safe: start + size == end
}

/// An entry's name; the bytes that it takes up and where they lie (none for a folder); and what comes after it.
type Next<'a> = (&'a [u8], Option<(Range<usize>, Entry)>, &'a [u8]);

/// The first entry of `list`, the rest of the directory that starts at `start` in `bytes`.
fn next<'a>(bytes: &[u8], start: usize, list: &'a [u8]) -> Result<Next<'a>, String> {
    let damaged = || "is damaged: its list of entries breaks off".to_owned();
    if !list.starts_with(CENTRAL) || list.len() < CENTRAL_LEN {
        return Err(damaged());
    }
    let short = |at| u16_at(list, at).unwrap_or_default();
    let long = |at| u32_at(list, at).unwrap_or_default();
    let name_end = CENTRAL_LEN + usize::from(short(28));
    let name = list.get(CENTRAL_LEN..name_end).ok_or_else(damaged)?;
    let rest = list.get(name_end + usize::from(short(30)) + usize::from(short(32))..).ok_or_else(damaged)?;
    if leads_elsewhere(name) {
        return Err(format!("has an entry whose name leads elsewhere: {}", shown(name)));
    }
    if short(8) & ENCRYPTED != 0 {
        return Err(format!("is encrypted: {}", shown(name)));
    }
    let kind = if short(4) >> 8 == UNIX { (long(38) >> 16) & KIND } else { 0 };
    if ![0, FOLDER, PLAIN].contains(&kind) {
        return Err(format!("has a link or device in it: {}", shown(name)));
    }
    if name.ends_with(b"/") {
        return Ok((name, None, rest));
    }
    let method = match short(10) {
        0 => Method::Stored,
        8 => Method::Deflated,
        other => return Err(format!("has an entry packed in an unusual way ({other}): {}", shown(name))),
    };
    let (whole, data) = local(bytes, start, name, long(42) as usize, long(20))
        .ok_or_else(|| format!("is damaged: {} is not where it should be", shown(name)))?;
    Ok((name, Some((whole, Entry { method, data, crc: long(16), length: long(24) })), rest))
}

/// Where the entry at `at` lies, its own header included, and where its packed bytes do. Both end before the
/// directory at `start`.
fn local(
    bytes: &[u8],
    start: usize,
    name: &[u8],
    at: usize,
    packed: u32,
) -> Option<(Range<usize>, Range<usize>)> {
    let header = bytes.get(at..start)?;
    let (name_len, extra_len) = (u16_at(header, 26)?, u16_at(header, 28)?);
    let named =
        header.starts_with(LOCAL) && header.get(LOCAL_LEN..LOCAL_LEN + usize::from(name_len))? == name;
    let data = data(name_len, extra_len, packed, header.len())?;
    named.then(|| (at..at + data.end, at + data.start..at + data.end)) // safe: data.end <= header.len()
}

/// Where the packed bytes lie behind a local header with a name and an extra field of these lengths, when
/// they end within `room` bytes of its start. In the 32 bits of the format (§4.3.7), whatever a machine has.
fn data(name_len: u16, extra_len: u16, packed: u32, room: usize) -> Option<Range<usize>> {
    let begin = LOCAL_LEN as u32 + u32::from(name_len) + u32::from(extra_len);
    let end = begin.checked_add(packed)?;
    let range = usize::try_from(begin).ok()?..usize::try_from(end).ok()?;
    (range.end <= room).then_some(range)
}

/// Where a repository begins: beside the outermost `timestamp.json`.
fn prefix(entries: &BTreeMap<Vec<u8>, Entry>) -> Vec<u8> {
    let folders = entries.keys().filter_map(|name| name.strip_suffix(b"timestamp.json"));
    folders
        .filter(|folder| folder.is_empty() || folder.ends_with(b"/"))
        .min_by_key(|folder| folder.len())
        .unwrap_or_default()
        .to_vec()
}

/// Absolute, upwards, or in the words of another system.
fn leads_elsewhere(name: &[u8]) -> bool {
    let path = name.strip_suffix(b"/").unwrap_or(name);
    name.iter().any(|byte| b"\\:".contains(byte) || byte.is_ascii_control())
        || path.split(|byte| *byte == b'/').any(|part| [&b""[..], b".", b".."].contains(&part))
}

/// What a system packs along without being asked.
fn is_system(name: &[u8]) -> bool {
    name.starts_with(b"__MACOSX/") || name.ends_with(b".DS_Store")
}

fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name).chars().take(80).collect()
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_le_bytes(*chunk))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_beyond_32_bits_do_not_come_round_again() {
        let end = |name, extra, packed| data(name, extra, packed, usize::MAX).map(|range| range.end as u64);
        let largest = u64::from(u32::MAX);
        assert_eq!(end(0, 0, u32::MAX - 30), Some(largest));
        for (name, extra, packed) in [(0, 0, u32::MAX - 29), (0, 0, u32::MAX), (u16::MAX, u16::MAX, u32::MAX)]
        {
            assert_eq!(end(name, extra, packed), None, "{name} {extra} {packed}");
        }
        assert_eq!(data(3, 4, 5, 42), Some(37..42));
        assert_eq!(data(3, 4, 5, 41), None);
    }
}
