//! A zip file of one file (PKWARE's APPNOTE.TXT), bounded.

use flate2::Crc;

use crate::inflate::{MAX_INFLATED, inflate_raw};
use crate::refusal::Refusal;

const NAME: &[u8] = b"certificate.json";

/// Lengths of what stands around a file (§4.3.7, §4.3.12, §4.3.16), without what has a length of its own.
const LOCAL: usize = 30;
const CENTRAL: usize = 46;
const END: usize = 22;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// What a file may say of itself (§4.4.4): how hard it was deflated, that its sizes follow it, that its name is UTF-8.
const FLAGS: u16 = 0b1000_0000_1110;

/// The one `certificate.json` in it.
pub(super) fn certificate(file: &[u8]) -> Result<Vec<u8>, Refusal> {
    let directory = directory(file).ok_or(broken("no zip file of one file"))?;
    let entry = Entry::read(directory).ok_or(broken("its directory"))?;
    let data =
        entry.data(file, file.len() - END - directory.len()).ok_or(broken("its directory does not fit"))?;
    let bytes = match entry.method {
        STORED => data.to_vec(),
        DEFLATED => inflate_raw(data).map_err(|refusal| match refusal {
            Refusal::BrokenZlib => broken("its contents"),
            other => other,
        })?,
        _ => return Err(broken("packed in a way that is not known")),
    };
    let mut crc = Crc::new();
    crc.update(&bytes);
    if bytes.len() != entry.size || crc.sum() != entry.crc {
        return Err(broken("not what was packed"));
    }
    Ok(bytes)
}

/// The directory, which ends where the end of the file's record begins: of one disk, one entry, without a comment.
fn directory(file: &[u8]) -> Option<&[u8]> {
    let end = file.len().checked_sub(END)?;
    let (before, record) = file.split_at(end);
    let one = [0, 0, 0, 0, 1, 0, 1, 0];
    if !record.starts_with(b"PK\x05\x06") || record.get(4..12)? != one || u16_at(record, 20)? != 0 {
        return None;
    }
    let (length, start) = (u32_at(record, 12)?, u32_at(record, 16)?);
    before.get(start..).filter(|directory| directory.len() == length)
}

struct Entry {
    flags: u16,
    method: u16,
    crc: u32,
    packed: usize,
    size: usize,
}

impl Entry {
    fn read(directory: &[u8]) -> Option<Self> {
        let entry = Self {
            flags: u16_at(directory, 8)?,
            method: u16_at(directory, 10)?,
            crc: u32::try_from(u32_at(directory, 16)?).ok()?,
            packed: u32_at(directory, 20)?,
            size: u32_at(directory, 24)?,
        };
        let (name, extra, comment) = (u16_at(directory, 28)?, u16_at(directory, 30)?, u16_at(directory, 32)?);
        let whole =
            directory.len() == CENTRAL + usize::from(name) + usize::from(extra) + usize::from(comment);
        let named = directory.get(CENTRAL..)?.starts_with(NAME) && usize::from(name) == NAME.len();
        let first = u16_at(directory, 34)? == 0 && u32_at(directory, 42)? == 0;
        let good =
            directory.starts_with(b"PK\x01\x02") && whole && named && first && entry.flags & !FLAGS == 0;
        (good && entry.size <= MAX_INFLATED).then_some(entry)
    }

    /// Its packed bytes, which stand after its own header, before the directory at `end`.
    fn data<'f>(&self, file: &'f [u8], end: usize) -> Option<&'f [u8]> {
        let same = u16_at(file, 6)? == self.flags && u16_at(file, 8)? == self.method;
        let (name, extra) = (usize::from(u16_at(file, 26)?), usize::from(u16_at(file, 28)?));
        let named = file.get(LOCAL..LOCAL + name)? == NAME;
        let start = LOCAL + name + extra;
        (file.starts_with(b"PK\x03\x04") && same && named).then_some(())?;
        file.get(..end)?.get(start..start.checked_add(self.packed)?)
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)?).ok()
}

fn broken(fault: &'static str) -> Refusal {
    Refusal::BrokenZip { fault }
}

#[cfg(test)]
mod tests;
