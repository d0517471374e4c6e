//! Files that are written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use crate::Error;

/// Who may read a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Its owner alone (0600).
    Private,
    /// Whoever may read the folder.
    Shared,
}

/// Whether there is such a file. Where nobody may look, that is an error and not a no.
pub(crate) fn exists(path: &Path) -> Result<bool, Error> {
    path.try_exists().map_err(Error::file(path))
}

/// Makes a folder and those above it.
pub(crate) fn make_dir(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(Error::file(path))
}

/// Writes a file beside its place, syncs it, and moves it there.
pub(crate) fn write(path: &Path, bytes: &[u8], access: Access) -> Result<(), Error> {
    write_synced(path, bytes, access).map_err(Error::file(path))
}

/// Reads a file of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(Error::file(path))?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(Error::file(path))?;
    if bytes.len() as u64 > limit {
        return Err(Error::Damaged { path: path.to_owned(), what: format!("more than {limit} bytes") });
    }
    Ok(bytes)
}

fn write_synced(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    let mut file = options(access).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    trust::sync_folder(path)
}

fn options(access: Access) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if access == Access::Private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = access;
    options
}
