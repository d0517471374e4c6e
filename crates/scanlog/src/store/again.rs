//! Writing a log again whose file is gone: first beside its place (`NAME.again`), then under its name.
//!
//! Between the two the power may go. What lies beside is the log then, where it is whole; where there is a log,
//! it is a copy that no purge would reach, and is deleted.

use ed25519_dalek::VerifyingKey;
use rusqlite::Connection;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::Reader;
use crate::error::{At, Error};

/// Whether a log lies at a path, or one that was being written again there and gets its name when it is opened.
pub fn exists(path: &Path) -> io::Result<bool> {
    Ok(path.try_exists()? || again(path).try_exists()?)
}

/// Writes all of it, or nothing.
pub(super) fn write(connection: &Connection, path: &Path) -> Result<(), Error> {
    forget(path).at(path)?;
    let again = again(path);
    let text = again.to_str().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidFilename));
    connection.execute("VACUUM INTO ?1", [text.at(path)?]).at(path)?;
    File::options().write(true).open(&again).and_then(|file| file.sync_all()).at(path)?;
    name(path).at(path)
}

/// Gives a log of this key that was written again its name, if it is whole and has no fewer entries than were noted.
pub(super) fn finish(path: &Path, key: &VerifyingKey, noted: u64) -> Result<(), Error> {
    let again = again(path);
    let found = Reader::open(&again).and_then(|reader| reader.verify(Some(key)));
    let whole = found
        .is_ok_and(|report| report.holds() && report.checkpoint.is_some_and(|signed| signed.size >= noted));
    if !whole {
        return Err(Error::Forgotten { path: path.to_owned(), entries: 0, noted });
    }
    // Reading may have left them.
    remove_side_files(&again).at(path)?;
    name(path).at(path)
}

/// Deletes what was written again and has no name.
pub(super) fn forget(path: &Path) -> io::Result<()> {
    let again = again(path);
    remove_side_files(&again)?;
    remove(&again)
}

/// The side files there belong to the file that is gone, and would be taken for the new one's.
fn name(path: &Path) -> io::Result<()> {
    remove_side_files(path)?;
    fs::rename(again(path), path)?;
    sync_folder(path)
}

/// A name is on disk when its folder is.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Elsewhere a folder cannot be opened.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

fn again(path: &Path) -> PathBuf {
    with(path, ".again")
}

fn remove_side_files(path: &Path) -> io::Result<()> {
    remove(&with(path, "-wal"))?;
    remove(&with(path, "-shm"))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
