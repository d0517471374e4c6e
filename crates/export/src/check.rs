//! Checks an export without the device: everything that does not fit is named.
//!
//! The manifest's signature proves which range of which log was exported; each row gives its leaf; the leaves, with the
//! hashes of the subtrees around them, give the root that the log's signed head has. So rows that were edited, left
//! out, added or moved show, and where the file was written anew as a whole, its hash and the root do not fit.
//!
//! What no export alone can show: that the device signed another history to somebody else, or left entries behind the
//! last one untold. For that, exports are compared with each other, and with what witnesses cosigned.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use scanlog::note::{MAX_NOTE, NoteError, Verifier};
use scanlog::{Checkpoint, CheckpointError, Hash, Leaf};

use crate::edge::{Edge, cover};
use crate::error::at;
use crate::files::{self, Marking};
use crate::format::{BadRow, Format, read_text};
use crate::manifest::{FileMark, Manifest};
use crate::{CHECKPOINT, Error, MANIFEST};

/// The most faults that are listed one by one; the others are counted.
pub const MAX_FAULTS: usize = 100;

/// What checking an export found.
#[derive(Clone, Debug)]
pub struct Check {
    /// What the export says that it is. Proven where [`Check::holds`].
    pub manifest: Manifest,
    /// Whether the key was one that the caller expected, not merely the one that the export names.
    pub key_expected: bool,
    /// Rows found.
    pub entries: u64,
    /// Those of them whose content was erased: their hash is still in the tree.
    pub erased: u64,
    /// The roots of the log at the sizes that were asked for, where the export has them.
    pub roots: BTreeMap<u64, Hash>,
    /// Everything that does not fit, at most [`MAX_FAULTS`].
    pub faults: Vec<Fault>,
    /// How many faults more there are.
    pub more_faults: u64,
}

/// One thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nobody that is expected signed it.
    #[error("{MANIFEST} is not signed by the expected key")]
    OtherKey,
    /// The expected key belongs to another log.
    #[error("it is an export of another log than the expected one")]
    OtherLog,
    /// The manifest was changed.
    #[error("{MANIFEST} was changed after it was signed")]
    ManifestChanged,
    /// The head cannot be used.
    #[error("{CHECKPOINT}, the log's signed head, is not genuine: {0}")]
    Head(CheckpointError),
    /// The head is that of another state of the log.
    #[error("{CHECKPOINT} is signed over {size} entries or another history than {MANIFEST} says")]
    OtherHead {
        /// The size that the head has.
        size: u64,
    },
    /// A file is not there, or cannot be read.
    #[error("{name} cannot be read: {what}")]
    File {
        /// Which.
        name: &'static str,
        /// What the system says.
        what: String,
    },
    /// A file is not the one that was exported.
    #[error("{name} was changed after it was signed: {found} bytes, {signed} were exported")]
    Changed {
        /// Which.
        name: &'static str,
        /// Its bytes.
        found: u64,
        /// The bytes that it had.
        signed: u64,
    },
    /// A row that cannot be read.
    #[error("row {place} cannot be read: {what}")]
    Row {
        /// Where: a line from 1 on, or a row of a Parquet file.
        place: u64,
        /// What is wrong.
        what: String,
    },
    /// An entry is not the one that was logged.
    #[error("entry {index} was edited")]
    Edited {
        /// Which.
        index: u64,
    },
    /// An entry that the export does not have.
    #[error("entry {index} was added: it is not in the range that was exported")]
    Added {
        /// Which.
        index: u64,
    },
    /// An entry that is there twice, or too late.
    #[error("entry {index} stands behind entry {behind}")]
    Misplaced {
        /// Which.
        index: u64,
        /// The entry before it.
        behind: u64,
    },
    /// Entries are missing.
    #[error("entries {from} to {to} are missing", to = end - 1)]
    Missing {
        /// The first of them.
        from: u64,
        /// The one behind the last.
        end: u64,
    },
    /// Entries are missing from the end.
    #[error("truncated: the entries end before {from}, they were signed up to {to}", to = end - 1)]
    Truncated {
        /// The first that is missing.
        from: u64,
        /// The one behind the last.
        end: u64,
    },
    /// The entries do not give the root.
    #[error("the entries do not give the signed root")]
    Root,
}

impl Check {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        self.faults.is_empty()
    }

    fn fault(&mut self, fault: Fault) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
        } else {
            self.more_faults += 1;
        }
    }
}

/// The manifest of the export in this folder, with its text. Nobody vouches for it yet.
pub fn manifest(folder: &Path) -> Result<(Manifest, String), Error> {
    let path = folder.join(MANIFEST);
    let note = files::text(&path, MAX_NOTE as u64).map_err(|why| match why.kind() {
        io::ErrorKind::NotFound => Error::NoManifest(folder.to_owned()),
        _ => at(&path)(why),
    })?;
    let manifest = Manifest::unverified(&note).map_err(|source| Error::Manifest { path, source })?;
    Ok((manifest, note))
}

/// Checks the export in this folder. With `expected`, only that log's key counts; without, the export's own word for
/// its key is taken, and the outcome says so. `each` gets every entry that stands in its place, before it is known
/// whether the export holds. `sizes` are those at which the log's root is wanted.
pub fn check(
    folder: &Path,
    expected: Option<&Verifier>,
    sizes: &[u64],
    each: &mut dyn FnMut(&Leaf),
) -> Result<Check, Error> {
    let (manifest, note) = manifest(folder)?;
    let (key_expected, roots) = (expected.is_some(), BTreeMap::new());
    let mut check =
        Check { manifest, key_expected, entries: 0, erased: 0, roots, faults: vec![], more_faults: 0 };
    signature(&mut check, &note, expected);
    head(&mut check, folder, expected);
    entries(check, folder, sizes, each)
}

fn signature(check: &mut Check, note: &str, expected: Option<&Verifier>) {
    let named = &check.manifest.log;
    if expected.is_some_and(|expected| expected.name != named.name) {
        check.fault(Fault::OtherLog);
    }
    match check.manifest.is_signed_in(note, &expected.unwrap_or(&check.manifest.log).key) {
        Ok(()) => {}
        Err(NoteError::NotSigned) => check.fault(Fault::OtherKey),
        Err(_) => check.fault(Fault::ManifestChanged),
    }
}

fn head(check: &mut Check, folder: &Path, expected: Option<&Verifier>) {
    let path = folder.join(CHECKPOINT);
    let signed = check.manifest.checkpoint;
    match files::mark(&path) {
        Ok(found) => changed(check, CHECKPOINT, found, signed),
        Err(why) => return check.fault(Fault::File { name: CHECKPOINT, what: why.to_string() }),
    }
    let note = files::text(&path, MAX_NOTE as u64).unwrap_or_default();
    let log = &check.manifest.log;
    match Checkpoint::open(&note, &log.name, &expected.unwrap_or(log).key) {
        Ok(head) if (head.size, head.root) == (check.manifest.size, check.manifest.root) => {}
        Ok(head) => check.fault(Fault::OtherHead { size: head.size }),
        Err(why) => check.fault(Fault::Head(why)),
    }
}

fn changed(check: &mut Check, name: &'static str, found: FileMark, signed: FileMark) {
    if found != signed {
        check.fault(Fault::Changed { name, found: found.length, signed: signed.length });
    }
}

fn entries(check: Check, folder: &Path, sizes: &[u64], each: &mut dyn FnMut(&Leaf)) -> Result<Check, Error> {
    let format = check.manifest.format;
    let (name, signed) = (format.file(), check.manifest.entries);
    let mut run = Run::new(check, sizes, each);
    match read(&folder.join(name), format, &mut |row| run.row(row)) {
        Ok(found) => changed(&mut run.check, name, found, signed),
        Err(Unread::Library) => return Err(Error::NoParquet),
        Err(Unread::File(why)) => run.check.fault(Fault::File { name, what: why.to_string() }),
    }
    Ok(run.finish())
}

enum Unread {
    File(io::Error),
    #[cfg_attr(feature = "parquet", expect(dead_code, reason = "built with Parquet"))]
    Library,
}

fn read(path: &Path, format: Format, take: crate::format::Take<'_>) -> Result<FileMark, Unread> {
    if format == Format::Parquet {
        return read_columns(path, take);
    }
    let mut input = Marking::new(files::plain(path).map_err(Unread::File)?);
    read_text(format, &mut input, take).and_then(|()| input.finish()).map_err(Unread::File)
}

#[cfg(feature = "parquet")]
fn read_columns(path: &Path, take: crate::format::Take<'_>) -> Result<FileMark, Unread> {
    let found = files::mark(path).map_err(Unread::File)?;
    crate::format::columns::read(files::plain(path).map_err(Unread::File)?, take);
    Ok(found)
}

#[cfg(not(feature = "parquet"))]
fn read_columns(_: &Path, _: crate::format::Take<'_>) -> Result<FileMark, Unread> {
    Err(Unread::Library)
}

/// A check under way: the tree as it grows, row by row.
struct Run<'a> {
    check: Check,
    edge: Edge,
    /// Sizes at which the root is wanted, the next one last.
    sizes: Vec<u64>,
    /// The index that comes next.
    next: u64,
    /// Whether the leaves so far are all there.
    whole: bool,
    each: &'a mut dyn FnMut(&Leaf),
}

impl<'a> Run<'a> {
    fn new(check: Check, sizes: &[u64], each: &'a mut dyn FnMut(&Leaf)) -> Self {
        let next = check.manifest.first;
        let mut sizes: Vec<u64> = sizes.iter().copied().filter(|size| *size >= next).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        let mut run = Self { check, edge: Edge::default(), sizes, next, whole: true, each };
        run.subtrees(0, next, run.check.manifest.before.clone());
        run.roots();
        run
    }

    fn row(&mut self, row: Result<Leaf, BadRow>) -> bool {
        match row {
            Ok(leaf) => self.leaf(&leaf),
            Err(BadRow { place, what }) => self.check.fault(Fault::Row { place, what }),
        }
        true
    }

    fn leaf(&mut self, leaf: &Leaf) {
        self.check.entries += 1;
        let (index, manifest) = (leaf.index, &self.check.manifest);
        if index < manifest.first || index >= manifest.end {
            return self.check.fault(Fault::Added { index });
        }
        if index < self.next {
            return self.check.fault(Fault::Misplaced { index, behind: self.next - 1 });
        }
        if index > self.next {
            self.check.fault(Fault::Missing { from: self.next, end: index });
            self.whole = false;
        }
        self.next = index + 1;
        if !leaf.holds() {
            self.check.fault(Fault::Edited { index });
        }
        self.check.erased += u64::from(leaf.content.is_none());
        self.whole = self.whole && self.edge.push(0, leaf.hash);
        self.roots();
        (self.each)(leaf);
    }

    fn roots(&mut self) {
        while self.whole && self.sizes.last() == Some(&self.edge.size()) {
            self.check.roots.insert(self.edge.size(), self.edge.root());
            self.sizes.pop();
        }
    }

    fn subtrees(&mut self, start: u64, end: u64, hashes: Vec<Hash>) {
        for ((level, _), hash) in cover(start, end).into_iter().zip(hashes) {
            self.whole = self.whole && self.edge.push(level, hash);
        }
    }

    fn finish(mut self) -> Check {
        let (end, size) = (self.check.manifest.end, self.check.manifest.size);
        if self.next < end {
            self.check.fault(Fault::Truncated { from: self.next, end });
            self.whole = false;
        }
        self.subtrees(end, size, self.check.manifest.behind.clone());
        if self.whole && self.edge.root() != self.check.manifest.root {
            self.check.fault(Fault::Root);
        }
        let (size, root) = (self.check.manifest.size, self.check.manifest.root);
        if self.check.holds() {
            self.check.roots.insert(size, root);
        }
        self.check
    }
}

#[cfg(test)]
mod tests;
