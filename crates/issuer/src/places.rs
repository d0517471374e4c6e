//! Which places of an authority's status list are taken, kept in a file beside
//! its key: no two passes may ever share one, whatever is interrupted.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Places are set aside in blocks before they are used, so that a crash wastes
/// at most a block (32 bytes of the list) and never gives a place out twice.
const BLOCK: u64 = 256;

/// Longest count in bytes: a `u64` has at most 20 digits.
const MAX_COUNT: u64 = 64;

/// Why a place could not be given out.
#[derive(Debug, Error)]
pub enum PlacesError {
    /// The file beside the authority's key cannot be read or written.
    #[error("{path}: {source}; this folder has to be one that this user can write to")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// There is no file beside the authority's key.
    #[error(
        "{0}: the count of places given out is missing; restore it from a backup, or write into it a number \
         that is above every status_index in this authority's lists issued.csv (0 if it never issued)"
    )]
    Missing(PathBuf),
    /// The file does not hold a number.
    #[error("{0}: not a number; restore it from a backup, for a place given out twice revokes two people")]
    Damaged(PathBuf),
    /// Another process gives out this authority's places.
    #[error("{0}: this authority is issuing already; wait for that to end")]
    Busy(PathBuf),
}

/// The places that follow the last one given out. Kept beside the authority's key file.
pub struct Places {
    path: PathBuf,
    next: u64,
    reserved: u64,
    /// Two processes must not give out the same places; the system releases the lock however we end.
    _lock: File,
}

impl Places {
    /// Begins a new authority's count, once its key file is written. A count that is there
    /// already is kept: beginning further on wastes places, going back would give them out twice.
    pub fn create(authority_file: &Path) -> Result<(), PlacesError> {
        let path = count_file(authority_file);
        let created = File::options().write(true).create_new(true).open(&path);
        match created.and_then(|mut file| writeln!(file, "0").and_then(|()| file.sync_all())) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            done => done.map_err(file_error(&path)),
        }
    }

    /// Goes on where the authority's last run ended.
    pub fn open(authority_file: &Path) -> Result<Self, PlacesError> {
        let path = count_file(authority_file);
        let lock = lock(&path.with_extension("lock"))?;
        let next = read(&path)?;
        let mut places = Self { path, next, reserved: next, _lock: lock };
        places.reserve()?;
        Ok(places)
    }

    /// How many places have been given out. While passes are being issued, up to a block more:
    /// those are set aside already.
    pub fn given_out(authority_file: &Path) -> Result<u64, PlacesError> {
        read(&count_file(authority_file))
    }

    /// The place that the next pass will have; set aside on disk already.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Takes that place.
    pub fn take(&mut self) -> Result<(), PlacesError> {
        self.next = self.next.checked_add(1).ok_or_else(|| PlacesError::Damaged(self.path.clone()))?;
        if self.next == self.reserved { self.reserve() } else { Ok(()) }
    }

    fn reserve(&mut self) -> Result<(), PlacesError> {
        let reserved = self.next.saturating_add(BLOCK);
        self.write(reserved)?;
        self.reserved = reserved;
        Ok(())
    }

    fn write(&self, number: u64) -> Result<(), PlacesError> {
        let beside = self.path.with_extension("next-place.new");
        let written = File::create(&beside)
            .and_then(|mut file| writeln!(file, "{number}").and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&beside, &self.path));
        written.map_err(file_error(&self.path))
    }
}

impl Drop for Places {
    /// Gives back what was set aside and not used. Should that fail, a few places stay unused.
    fn drop(&mut self) {
        let _ = self.write(self.next);
    }
}

fn count_file(authority_file: &Path) -> PathBuf {
    authority_file.with_extension("next-place")
}

fn read(path: &Path) -> Result<u64, PlacesError> {
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => PlacesError::Missing(path.to_owned()),
        _ => file_error(path)(error),
    })?;
    let mut bytes = vec![];
    file.take(MAX_COUNT).read_to_end(&mut bytes).map_err(file_error(path))?;
    let number = str::from_utf8(&bytes).ok().and_then(|text| text.trim().parse().ok());
    number.ok_or_else(|| PlacesError::Damaged(path.to_owned()))
}

fn lock(path: &Path) -> Result<File, PlacesError> {
    let file = File::options().create(true).append(true).open(path).map_err(file_error(path))?;
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => PlacesError::Busy(path.to_owned()),
        TryLockError::Error(error) => file_error(path)(error),
    })?;
    Ok(file)
}

fn file_error(path: &Path) -> impl FnOnce(io::Error) -> PlacesError {
    let path = path.to_owned();
    |source| PlacesError::File { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_place_is_given_out_twice_not_even_after_a_crash() {
        let dir = tempfile::tempdir().unwrap();
        let authority = dir.path().join("authority.json");
        Places::create(&authority).unwrap();
        let mut first = Places::open(&authority).unwrap();
        first.take().unwrap();
        first.take().unwrap();
        drop(first);
        let mut second = Places::open(&authority).unwrap();
        assert_eq!(second.next(), 2);
        for _ in 0..BLOCK + 3 {
            second.take().unwrap();
        }
        let given = second.next();
        // A crash: the lock goes with the process, nothing is tidied up.
        second._lock.unlock().unwrap();
        std::mem::forget(second);
        assert!(Places::open(&authority).unwrap().next() >= given);
    }

    #[test]
    fn two_runs_at_once_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let authority = dir.path().join("authority.json");
        Places::create(&authority).unwrap();
        let _first = Places::open(&authority).unwrap();
        assert!(matches!(Places::open(&authority), Err(PlacesError::Busy(_))));
    }

    #[test]
    fn a_damaged_count_is_refused_instead_of_beginning_at_zero() {
        let dir = tempfile::tempdir().unwrap();
        let authority = dir.path().join("authority.json");
        for damaged in [&b"many"[..], b"", b"-1", b"\xff", &[b'1'; 100], b"18446744073709551616"] {
            fs::write(authority.with_extension("next-place"), damaged).unwrap();
            assert!(matches!(Places::open(&authority), Err(PlacesError::Damaged(_))), "{damaged:?}");
        }
    }

    #[test]
    fn a_missing_count_is_refused_instead_of_beginning_at_zero() {
        let dir = tempfile::tempdir().unwrap();
        let authority = dir.path().join("authority.json");
        assert!(matches!(Places::open(&authority), Err(PlacesError::Missing(_))));
        assert!(!authority.with_extension("next-place").exists());
    }

    #[test]
    fn creating_a_count_keeps_one_that_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let authority = dir.path().join("authority.json");
        Places::create(&authority).unwrap();
        let mut places = Places::open(&authority).unwrap();
        places.take().unwrap();
        drop(places);
        Places::create(&authority).unwrap();
        assert_eq!(Places::open(&authority).unwrap().next(), 1);
    }
}
