//! What keeps an export from being made or looked at.

use std::io;
use std::path::{Path, PathBuf};

use scanlog::note::NoteError;

use crate::manifest::ManifestError;

/// One line each: what is wrong and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] scanlog::Error),
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Something is there already.
    #[error("{}: an export needs a folder of its own; name one that is not there yet or is empty", .0.display())]
    NotEmpty(PathBuf),
    /// The folder has no manifest.
    #[error("{}: there is no export here, or its {name} is gone; name the folder that was exported to", .0.display(), name = crate::MANIFEST)]
    NoManifest(PathBuf),
    /// Its manifest cannot be used.
    #[error("{}: {source}", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Why.
        source: ManifestError,
    },
    /// The log is not what its head was signed over.
    #[error(
        "the log is not proven ({0}); nothing is exported: run `propusk log verify`, and keep the log's file for inspection"
    )]
    NotProven(String),
    /// The origin cannot sign.
    #[error("the log's name cannot sign an export: {0}")]
    Origin(NoteError),
    /// Parquet was not built in.
    #[error("this program was built without Parquet; choose csv or jsonl")]
    NoParquet,
    /// Parquet cannot be written.
    #[error("{}: {what}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

/// Names the file in an error.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    |source| Error::File { path, source }
}
