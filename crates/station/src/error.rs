use std::io;
use std::path::PathBuf;

use crate::key_store::KeyStoreError;

/// Why a station cannot be made, opened or asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no station in this folder.
    #[error("no station in {0}: make one with `propusk demo`, or name its folder with --station")]
    NoStation(PathBuf),
    /// A station is never written over.
    #[error("{0} holds a station already: choose another folder")]
    AlreadyThere(PathBuf),
    /// A demo is not laid over a real station.
    #[error("{0} holds a station that is no demo: name another folder for the demo with --station")]
    NotADemo(PathBuf),
    /// A log without settings: nothing that may be thrown away.
    #[error("{0} holds a scan log, but no station.json: move that folder away, or restore the file")]
    Unfinished(PathBuf),
    /// The log is gone; a new one in its place would hide what the old one held.
    #[error("{0} is missing: put the log back, or set up a new station in another folder")]
    LogMissing(PathBuf),
    /// The PINs are gone; an empty store in its place would let whoever comes first in.
    #[error(
        "{0} is missing or empty, but PINs were set here: put it back, or set up a new station in another folder"
    )]
    PinsMissing(PathBuf),
    /// A file of the station cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file of the station holds something else than it should.
    #[error("{path} is damaged ({what}): restore it from a backup, or set the station up anew")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The system's key store does not give, or take, the device's keys.
    #[error(
        "{path}: the device's keys cannot be had: {why}; log in to this user's session or unlock the store, and try again"
    )]
    KeyStore {
        /// The file that names them.
        path: PathBuf,
        /// What the key store says.
        why: KeyStoreError,
    },
    /// The system's key store has forgotten the device's keys.
    #[error(
        "{0}: the system's key store no longer has this device's keys: restore them there, or set up a new station in another folder (this one's log can still be proven with device.pub)"
    )]
    KeyStoreLost(PathBuf),
    /// The file has the device's keys, and the system's key store as well.
    #[error("{path} has the device's keys now, but the system's key store did not forget them: {why}")]
    KeyStoreKeeps {
        /// The file that has them.
        path: PathBuf,
        /// What the key store says.
        why: KeyStoreError,
    },
    /// The keys that open encrypted passes are not to be read.
    #[error("{path} is damaged ({what}): restore it from a backup, or delete it and add its keys anew")]
    ContentKeys {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A file of the station was written by a later version.
    #[error("{path} has format {format}, this program knows up to {known}: update the program")]
    TooNew {
        /// Which file.
        path: PathBuf,
        /// Its format.
        format: i64,
        /// The latest format known here.
        known: i64,
    },
    /// The station's store cannot be read or written.
    #[error("{path}: {source}; check the disk and who may write there")]
    Store {
        /// Which file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
    /// A PIN cannot be hashed.
    #[error("the PIN cannot be kept ({0}): close other programs and try again")]
    Pin(String),
    /// Entries cannot be written out.
    #[error("the export cannot be written: {0}; choose another place")]
    Export(io::Error),
    /// A span of the log cannot be written out with its proof.
    #[error(transparent)]
    ProvenExport(#[from] export::Error),
    /// The trusted keys cannot be read.
    #[error(transparent)]
    Trust(#[from] trust::Error),
    /// The scan log cannot be opened or read.
    #[error(transparent)]
    Log(#[from] scanlog::Error),
    /// The demo authority cannot issue.
    #[error(transparent)]
    Issuer(#[from] issuer::Error),
    /// The demo authority cannot number its passes.
    #[error(transparent)]
    Places(#[from] issuer::PlacesError),
}

impl Error {
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::File { path, source }
    }
}
