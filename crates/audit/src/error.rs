//! What keeps work on a fleet from being done.

use std::io;
use std::path::{Path, PathBuf};

/// One line each: what is wrong and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An export cannot be looked at.
    #[error(transparent)]
    Export(#[from] export::Error),
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file of the fleet is not as this program writes it.
    #[error("{}: damaged ({what}); make the fleet anew from its exports", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// There is no fleet.
    #[error("{}: there is no fleet here; make one with `propusk audit import EXPORT… --into FLEET`", .0.display())]
    NoFleet(PathBuf),
    /// A query cannot be answered.
    #[error("{0}")]
    Query(String),
}

/// Names the file in an error.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    |source| Error::File { path, source }
}
