//! Files: bounded reads, and writes that are either whole or not there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Who may read a file that is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Whoever the system lets.
    Everybody,
    /// Its owner only (mode 600).
    Owner,
}

/// What a bounded read found.
pub(crate) enum Found {
    /// The file's contents.
    Bytes(Vec<u8>),
    /// No such file.
    Nothing,
    /// More than the limit.
    TooLarge,
    /// A link, device, folder or pipe.
    NotPlain,
}

/// Reads a plain file of at most `limit` bytes. Links are not followed, and
/// nothing is opened that could block.
pub(crate) fn read(path: &Path, limit: usize) -> io::Result<Found> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(error),
    };
    if !metadata.is_file() {
        return Ok(Found::NotPlain);
    }
    let mut bytes = vec![];
    File::open(path)?.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(if bytes.len() > limit { Found::TooLarge } else { Found::Bytes(bytes) })
}

/// Writes a file so that after a power cut it is there with all of its bytes, or
/// as it was: a temporary file beside it, synced, renamed, and the folder synced.
pub(crate) fn write(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".partial");
    let temporary = PathBuf::from(temporary);
    let written = write_synced(&temporary, bytes, readers).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // The first error is the one to tell; a leftover is overwritten next time.
        let _ = fs::remove_file(&temporary);
    }
    written?;
    sync_folder(path)
}

/// The same of a file that is not there yet: refused ([`io::ErrorKind::AlreadyExists`]) where it is, even when two
/// processes make it at once. The name is taken by an empty file first, because not every file system that keys
/// are kept on can rename without replacing.
pub(crate) fn create(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    options(readers).write(true).create_new(true).open(path)?;
    let written = write(path, bytes, readers);
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(path);
    }
    written
}

fn write_synced(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = options(readers).write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(unix)]
fn options(readers: Readers) -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = OpenOptions::new();
    if readers == Readers::Owner {
        options.mode(0o600);
    }
    options
}

#[cfg(not(unix))]
fn options(_: Readers) -> OpenOptions {
    OpenOptions::new()
}

/// A file that was made or renamed is there after a power cut once its folder is synced.
#[cfg(unix)]
pub fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

/// Nothing to do on systems whose folders cannot be opened.
#[cfg(not(unix))]
pub fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    #[test]
    fn of_many_that_make_a_file_at_once_one_does_and_its_bytes_stay() {
        const MANY: u8 = 16;
        let dir = tempfile::tempdir().unwrap();
        let (path, start) = (dir.path().join("key"), Barrier::new(MANY.into()));
        let made: Vec<u8> = thread::scope(|scope| {
            let make = |number: u8| {
                let (path, start) = (&path, &start);
                scope.spawn(move || {
                    start.wait();
                    match create(path, &[number; 1000], Readers::Owner) {
                        Ok(()) => Some(number),
                        Err(error) => {
                            assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
                            None
                        }
                    }
                })
            };
            let threads: Vec<_> = (0..MANY).map(make).collect();
            threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(made.len(), 1);
        assert_eq!(fs::read(&path).unwrap(), [made[0]; 1000]);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "something is left beside it");
    }
}
