//! A repository in a zip file (APPNOTE 6.3): a plain subset, and nothing that a file says of itself is relied on.
//!
//! No more than what is asked for is ever unpacked, and of that no more than its
//! limit, so that small files which unpack to huge ones (zip bombs) cost nothing.

mod directory;

use std::io::Read;
use std::path::Path;

use flate2::read::DeflateDecoder;

use super::{Source, is_plain};
use crate::error::{Error, Refusal};
use crate::file::{self, Found};
use crate::target::{HASHES_TOTAL_MAX, TOTAL_MAX};

use directory::{Directory, Entry, Method};

/// Largest zip file, in bytes: all that a set may have, lists of hashes too, unpacked, and its metadata.
pub const ARCHIVE_MAX: usize = TOTAL_MAX + HASHES_TOTAL_MAX + METADATA_ROOM;
/// Room for metadata and a zip file's own headers, in bytes: every root of twenty years has half a megabyte.
const METADATA_ROOM: usize = 8 * 1024 * 1024;
// What a zip file says of its lengths has 32 bits.
const _: () = assert!(ARCHIVE_MAX < u32::MAX as usize);
/// Most entries: every root of twenty years and every target, several versions of it.
pub const ENTRIES_MAX: usize = 4096;

/// A repository in a zip file. It may lie in a folder inside it, as it does when a folder was packed.
#[derive(Clone)]
pub struct Archive {
    bytes: Vec<u8>,
    directory: Directory,
}

impl Archive {
    /// The repository in a zip file's bytes. Refuses what is no zip file or a broken one, and
    /// one with encrypted or overlapping entries, links, two entries of one name, or names that lead elsewhere.
    pub fn new(bytes: Vec<u8>) -> Result<Self, Error> {
        if bytes.len() > ARCHIVE_MAX {
            return Err(Refusal::TooLarge { name: "the zip file".into(), limit: ARCHIVE_MAX }.into());
        }
        let directory = Directory::read(&bytes).map_err(Refusal::Archive)?;
        Ok(Self { bytes, directory })
    }

    /// The repository in a zip file.
    pub fn open(path: &Path) -> Result<Self, Error> {
        match file::read(path, ARCHIVE_MAX).map_err(Error::io("read", path))? {
            Found::Bytes(bytes) => Self::new(bytes),
            Found::Nothing => Err(Refusal::Missing(path.display().to_string()).into()),
            Found::TooLarge => {
                Err(Refusal::TooLarge { name: path.display().to_string(), limit: ARCHIVE_MAX }.into())
            }
            Found::NotPlain => Err(Refusal::UnsafeName(path.display().to_string()).into()),
        }
    }

    fn unpack(&self, name: &str, entry: &Entry, limit: usize) -> Result<Vec<u8>, Refusal> {
        // safe: the range was checked when the directory was read
        let packed = &self.bytes[entry.data.clone()];
        let mut bytes = vec![];
        let read = match entry.method {
            Method::Stored => packed.take(limit as u64 + 1).read_to_end(&mut bytes),
            Method::Deflated => DeflateDecoder::new(packed).take(limit as u64 + 1).read_to_end(&mut bytes),
        };
        read.map_err(|_| Refusal::Archive(format!("is damaged: {name} does not unpack")))?;
        if bytes.len() > limit {
            return Err(Refusal::TooLarge { name: name.into(), limit });
        }
        let mut crc = flate2::Crc::new();
        crc.update(&bytes);
        if bytes.len() as u64 != u64::from(entry.length) || crc.sum() != entry.crc {
            return Err(Refusal::Archive(format!("is damaged: {name} does not unpack to what it says")));
        }
        Ok(bytes)
    }
}

impl Source for Archive {
    fn read(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, Error> {
        if !is_plain(name) {
            return Err(Refusal::UnsafeName(name.into()).into());
        }
        let Some(entry) = self.directory.get(name) else { return Ok(None) };
        Ok(Some(self.unpack(name, entry, limit)?))
    }
}

impl std::fmt::Debug for Archive {
    /// Without the contents.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
