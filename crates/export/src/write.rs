//! Making an export.

use std::io::Write;
use std::path::{Path, PathBuf};

use scanlog::note::Verifier;
use scanlog::{Checkpoint, Hash, Leaf, Reader, SigningKey};

use crate::edge::hashes;
use crate::error::at;
use crate::files::mark;
use crate::format::{Format, Rows};
use crate::manifest::Manifest;
use crate::{CHECKPOINT, Error, MANIFEST};

/// What is to be exported.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// From this second UTC on; from the first entry where there is none.
    pub from: Option<i64>,
    /// Before this second UTC; to the last entry where there is none.
    pub until: Option<i64>,
    /// How entries are written.
    pub format: Format,
    /// When this happens, seconds UTC.
    pub exported_at: i64,
}

/// An export that is being written, leaf by leaf.
pub struct Writer {
    folder: PathBuf,
    format: Format,
    rows: Rows,
}

/// What is known of an export besides its leaves.
pub struct Seal<'a> {
    /// The log's signed head.
    pub checkpoint: &'a str,
    /// When, seconds UTC.
    pub exported_at: i64,
    /// The range: its first index, and the one behind its last.
    pub range: (u64, u64),
    /// What was asked for, from and until, seconds UTC.
    pub asked: (Option<i64>, Option<i64>),
    /// The hashes of the subtrees before the range.
    pub before: Vec<Hash>,
    /// The hashes of the subtrees behind the range.
    pub behind: Vec<Hash>,
}

/// Exports a range of a log into a folder that is not there yet or is empty. `progress` is told how many entries of
/// how many are written. A range of time is that of indices from the first to the last entry within it.
pub fn export(
    reader: &Reader,
    device: &SigningKey,
    request: &Request,
    folder: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Manifest, Error> {
    let _snapshot = reader.snapshot()?;
    let (note, origin) = (reader.checkpoint()?, reader.origin()?);
    let head = Checkpoint::open(&note, &origin, &device.verifying_key())
        .map_err(|why| Error::NotProven(format!("its signed head: {why}")))?;
    let (first, end) = range(reader, request, head.size)?;
    if let Some(entry) = reader.untold(&head, first, end)? {
        return Err(Error::NotProven(format!("entry {entry} does not tell which entries were erased")));
    }
    let seal = Seal {
        checkpoint: &note,
        exported_at: request.exported_at,
        range: (first, end),
        asked: (request.from, request.until),
        before: hashes(reader, 0, first)?,
        behind: hashes(reader, end, head.size)?,
    };
    let mut writer = Writer::create(folder, request.format)?;
    let (mut next, mut failure) = (first, None);
    reader.leaves(first, end, |leaf| {
        failure = writer.proven(&leaf, next).err();
        next += 1;
        progress(next - first, end - first);
        failure.is_none()
    })?;
    match failure {
        Some(failure) => Err(failure),
        None if next < end => Err(Error::NotProven(format!("entry {next} is missing"))),
        None => writer.finish(&head, device, seal),
    }
}

fn range(reader: &Reader, request: &Request, size: u64) -> Result<(u64, u64), Error> {
    if request.from.is_none() && request.until.is_none() {
        return Ok((0, size));
    }
    // Of nothing, it is proven that the log has so many entries, and none is shown.
    let (first, end) = reader.span(request.from, request.until)?.unwrap_or((size, size));
    if end <= size {
        Ok((first, end))
    } else {
        Err(Error::NotProven(format!("{end} entries, {size} signed")))
    }
}

impl Writer {
    /// Begins an export in a folder that is not there yet or is empty.
    pub fn create(folder: &Path, format: Format) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(at(folder))?;
        if std::fs::read_dir(folder).map_err(at(folder))?.next().is_some() {
            return Err(Error::NotEmpty(folder.to_owned()));
        }
        let rows = Rows::create(&folder.join(format.file()), format)?;
        Ok(Self { folder: folder.to_owned(), format, rows })
    }

    /// Adds a leaf; they come in order and without gaps.
    pub fn write(&mut self, leaf: &Leaf) -> Result<(), Error> {
        self.rows.write(&self.folder.join(self.format.file()), leaf)
    }

    fn proven(&mut self, leaf: &Leaf, expected: u64) -> Result<(), Error> {
        if leaf.index != expected {
            return Err(Error::NotProven(format!("entry {expected} is missing")));
        }
        if !leaf.holds() {
            return Err(Error::NotProven(format!("entry {expected} was edited")));
        }
        self.write(leaf)
    }

    /// Ends the export. The signed manifest is written last: without one, a folder is no export.
    pub fn finish(self, head: &Checkpoint, device: &SigningKey, seal: Seal<'_>) -> Result<Manifest, Error> {
        let [entries, checkpoint] = [self.format.file(), CHECKPOINT].map(|name| self.folder.join(name));
        self.rows.finish(&entries)?;
        put(&checkpoint, seal.checkpoint)?;
        let manifest = Manifest {
            log: Verifier { name: head.origin.clone(), key: device.verifying_key() },
            format: self.format,
            exported_at: seal.exported_at,
            size: head.size,
            root: head.root,
            first: seal.range.0,
            end: seal.range.1,
            from: seal.asked.0,
            until: seal.asked.1,
            before: seal.before,
            behind: seal.behind,
            entries: mark(&entries).map_err(at(&entries))?,
            checkpoint: mark(&checkpoint).map_err(at(&checkpoint))?,
        };
        let note = manifest.sign(device).map_err(Error::Origin)?;
        put(&self.folder.join(MANIFEST), &note)?;
        Ok(manifest)
    }
}

/// Writes a small file that is not there yet; it is on disk when this returns.
fn put(path: &Path, text: &str) -> Result<(), Error> {
    let mut file = std::fs::File::create_new(path).map_err(at(path))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(at(path))
}

#[cfg(test)]
mod tests;
