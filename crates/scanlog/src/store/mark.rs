//! The file beside the log: it holds the writer's lock, and says how many entries the log had.
//!
//! What is missing from the end cannot be seen from within: SQLite passes over a side file (`-wal`)
//! that is gone or damaged, and reads an earlier state, which was signed as well. So the number of
//! entries is noted here once an entry is on disk. It is never synced, so that it may lag behind
//! after a power cut, and it never runs ahead. Whoever takes both files back to an earlier state is
//! found out by a checkpoint that somebody else has seen, not by this.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::{At, Error};

/// The number's digits: enough for any.
const DIGITS: usize = 20;

/// The lock that one writer holds, and the note that it writes.
pub struct Mark(File);

impl Mark {
    /// Takes the lock of the log at `path`. The system releases it when the process ends.
    pub fn lock(path: &Path) -> Result<Self, Error> {
        let name = beside(path);
        let file =
            File::options().create(true).truncate(false).read(true).write(true).open(&name).at(&name)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(Error::InUse(path.to_owned())),
            Err(TryLockError::Error(source)) => Err(Error::io(&name, source)),
        }
    }

    /// How many entries were noted; 0 where nothing legible was.
    pub fn noted(&mut self) -> u64 {
        self.0.seek(SeekFrom::Start(0)).map_or(0, |_| read(&mut self.0))
    }

    /// Notes that the log has so many entries. That this fails takes nothing from an entry that is on disk.
    pub fn note(&mut self, entries: u64) {
        let line = format!("{entries:0DIGITS$}\n");
        let _ = self.0.seek(SeekFrom::Start(0)).and_then(|_| self.0.write_all(line.as_bytes()));
    }
}

/// How many entries were noted of the log at `path`, which a writer may have open; 0 where nothing legible was.
pub fn noted(path: &Path) -> u64 {
    let read = || File::open(beside(path)).map_or(0, |mut file| read(&mut file));
    // A number that is being written could be half of one and half of the next.
    read().min(read())
}

fn read(file: &mut File) -> u64 {
    let mut digits = [0; DIGITS];
    let read = file.read_exact(&mut digits).ok().and_then(|()| std::str::from_utf8(&digits).ok());
    read.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}
