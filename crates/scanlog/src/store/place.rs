//! Which files are at a log's path: on Unix they can be deleted or replaced while SQLite has them open,
//! and it would go on writing to files that nobody can find any more.

use std::path::{Path, PathBuf};

/// The files of a log, as far as they can be told apart.
pub struct Place {
    /// Whatever the working folder is, and with links followed, as SQLite has it.
    path: PathBuf,
    log: Option<Id>,
    side: Option<Id>,
}

/// What became of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// They are where they were.
    Same,
    /// The log is, its side file is not.
    LogOnly,
    /// There is no log.
    Nothing,
    /// There is another file.
    Another,
}

impl Place {
    /// The files of a log that was just opened.
    pub fn of(path: &Path) -> Self {
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        Self { log: id(&path), side: id(&side(&path)), path }
    }

    /// What is there now.
    pub fn look(&self) -> Found {
        match id(&self.path) {
            None => Found::Nothing,
            log if log != self.log => Found::Another,
            _ if id(&side(&self.path)) != self.side => Found::LogOnly,
            _ => Found::Same,
        }
    }
}

fn side(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// A file's device and number.
#[cfg(unix)]
type Id = (u64, u64);

#[cfg(unix)]
fn id(path: &Path) -> Option<Id> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// Elsewhere an open file can be neither deleted nor replaced.
#[cfg(not(unix))]
type Id = ();

#[cfg(not(unix))]
fn id(path: &Path) -> Option<Id> {
    path.exists().then_some(())
}
