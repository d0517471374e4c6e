//! What can go wrong with a log's file: one line each, what is wrong and what to do.

use std::path::{Path, PathBuf};

use crate::entry::BadEntry;
use crate::note::NoteError;

/// Characters that are shown of what SQLite says: our own limit, as much as a screen has room for.
const MAX_DETAIL: usize = 200;

/// Why a log could not be opened, read or appended to. What failed to be
/// appended is not in the log, unless the disk failed while it was being
/// synced: then it may turn out to be there after all, but never in part.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such file.
    #[error("{}: there is no log here; check the path", .0.display())]
    NotFound(PathBuf),
    /// A file, but not one of ours.
    #[error("{}: this is not a scan log; choose another file", .0.display())]
    NotALog(PathBuf),
    /// Written by a later version.
    #[error("{}: this log has format {version}, this program knows up to {known}; update the program", path.display())]
    TooNew {
        /// The log.
        path: PathBuf,
        /// Its format.
        version: i64,
        /// The latest format known here.
        known: i64,
    },
    /// Another process, or this one, has it open for appending.
    #[error("{}: the log is open in another window or program; close that one first", .0.display())]
    InUse(PathBuf),
    /// Somebody held the database's lock for too long.
    #[error("{}: the log is locked by another program; try again", .0.display())]
    Locked(PathBuf),
    /// It cannot be written to.
    #[error("{}: the log cannot be written; check the permissions of the file and its folder", .0.display())]
    ReadOnly(PathBuf),
    /// It cannot even be read.
    #[error("{}: the log cannot be read ({why}); ask its owner for permission to read the file and its folder", path.display())]
    Unreadable {
        /// The log.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// Its last entries are still in SQLite's side file, which cannot be read here.
    #[error("{}: the last entries are still in the file that ends in -wal; copy both to a writable folder", .0.display())]
    Pending(PathBuf),
    /// No space left.
    #[error("{}: the disk is full; free some space, nothing was lost", .0.display())]
    Full(PathBuf),
    /// The file is damaged.
    #[error("{}: the log is damaged ({detail}); set up a new station in another folder, and keep this one for the inspector", path.display())]
    Corrupt {
        /// The log.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// Its entries are not those that its checkpoint was signed over. Appending
    /// would sign a second history.
    #[error("{}: the log does not match its signed head ({detail}); nothing is appended: set up a new station in another folder, and keep this one for the inspector", path.display())]
    HeadMismatch {
        /// The log.
        path: PathBuf,
        /// What does not match.
        detail: String,
    },
    /// It had more entries before: it or its side file is gone or damaged, or it was put back to an earlier state.
    #[error(
        "{}: entries {entries} to {last} are missing; put back the log and the file that ends in -wal, or set up a new station in another folder, and keep this one for the inspector",
        path.display(), last = noted.saturating_sub(1)
    )]
    Forgotten {
        /// The log.
        path: PathBuf,
        /// How many entries it has.
        entries: u64,
        /// How many it had.
        noted: u64,
    },
    /// Its file, or its side file, was deleted or moved away while it was open. What was in it has been saved.
    #[error("{}: the log's file was deleted or moved while in use, and has been written again; start the program again", .0.display())]
    Gone(PathBuf),
    /// Another file was put in its place while it was open.
    #[error("{}: another file was put in the log's place while it was in use; put the log back and start the program again", .0.display())]
    Replaced(PathBuf),
    /// It was signed by another device's key.
    #[error("{}: the log belongs to another device; set up a new station in another folder, and keep this one for the inspector", .0.display())]
    OtherDevice(PathBuf),
    /// It has another origin.
    #[error("{}: the log is called {found}, not {expected}; open it under its own name", path.display())]
    OtherOrigin {
        /// The log.
        path: PathBuf,
        /// The origin that was asked for.
        expected: String,
        /// The origin in the log.
        found: String,
    },
    /// The origin cannot name a log.
    #[error("{0:?} cannot name a log: {1}")]
    Origin(String, NoteError),
    /// The entry cannot stand in a log.
    #[error("this entry cannot be logged: {0}")]
    Entry(#[from] BadEntry),
    /// An answer of a witness that is not taken.
    #[error("this cosignature is not taken: {0}")]
    Answer(#[from] crate::store::BadAnswer),
    /// More buckets of time than are counted at once, or a span that ends before it begins.
    #[error("this span cannot be counted: choose a shorter one, or longer steps; at most {max}", max = crate::MAX_BUCKETS)]
    Buckets,
    /// Another failure of the file system.
    #[error("{}: {source}; check the disk", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Another failure of the database, as a rule the disk's.
    #[error("{}: {}; check the disk and its cables, then start the program again", path.display(), told(source))]
    Sql {
        /// The log.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}

impl Error {
    pub(crate) fn sql(path: &Path, source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Locked(path),
            Some(Code::ReadOnly | Code::PermissionDenied) => Self::ReadOnly(path),
            Some(Code::DiskFull) => Self::Full(path),
            Some(Code::NotADatabase) => Self::NotALog(path),
            // Our SQL is fixed: where it does not run or brings other types, the file is not as we made it.
            Some(Code::DatabaseCorrupt | Code::ConstraintViolation | Code::Unknown) | None => {
                Self::Corrupt { path, detail: one_line(&source.to_string()) }
            }
            Some(_) => Self::Sql { path, source },
        }
    }

    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        use std::io::ErrorKind as Kind;
        let path = path.to_owned();
        match source.kind() {
            Kind::NotFound => Self::NotFound(path),
            Kind::PermissionDenied | Kind::ReadOnlyFilesystem => Self::ReadOnly(path),
            Kind::StorageFull | Kind::QuotaExceeded => Self::Full(path),
            _ => Self::Io { path, source },
        }
    }
}

/// What SQLite means, with its extended code for whoever looks into it (<https://sqlite.org/rescode.html>).
fn told(source: &rusqlite::Error) -> String {
    let code = source.sqlite_error().map_or(0, |error| error.extended_code);
    match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::SystemIoFailure) => format!("the disk reports an error (SQLite {code})"),
        Some(rusqlite::ErrorCode::CannotOpen) => {
            format!("the file or its folder cannot be opened (SQLite {code})")
        }
        _ => one_line(&source.to_string()),
    }
}

/// A text of SQLite's, which may quote a hostile file, as something to show: one line of bounded length
/// without control characters.
pub(crate) fn one_line(text: &str) -> String {
    let visible = |character: char| if character.is_control() { ' ' } else { character };
    let words: String = text.chars().map(visible).collect();
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_DETAIL) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Names the file in an error.
pub(crate) trait At<T> {
    fn at(self, path: &Path) -> Result<T, Error>;
}

impl<T> At<T> for rusqlite::Result<T> {
    fn at(self, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::sql(path, source))
    }
}

impl<T> At<T> for std::io::Result<T> {
    fn at(self, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::io(path, source))
    }
}
