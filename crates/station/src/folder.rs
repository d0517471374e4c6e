//! Where a station's files lie.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::files::{self, Access};

/// A nameplate is a few lines of JSON; anything larger is not ours.
const MAX_NAMEPLATE_BYTES: u64 = 64 * 1024;

/// The folder of one station.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

/// What a station is called, set once.
#[derive(Serialize, Deserialize)]
pub(crate) struct Nameplate {
    pub(crate) name: String,
    /// The name of its log in checkpoints.
    pub(crate) origin: String,
}

impl Folder {
    /// The station's folder at `root`, which need not exist yet.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The folder of a user's own station, from the environment's variables:
    /// `$XDG_DATA_HOME/propusk`, `%LOCALAPPDATA%\\Propusk`, or
    /// `~/.local/share/propusk` (XDG Base Directory Specification).
    pub fn of_user(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
        let set = |name| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if cfg!(windows) {
            return set("LOCALAPPDATA").map(|dir| dir.join("Propusk"));
        }
        set("XDG_DATA_HOME")
            .filter(|dir| dir.is_absolute())
            .or_else(|| set("HOME").map(|home| home.join(".local/share")))
            .map(|dir| dir.join("propusk"))
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The station's name and that of its log (JSON).
    pub fn nameplate(&self) -> PathBuf {
        self.root.join("station.json")
    }

    /// The device's secret keys, readable by their owner alone.
    pub fn device_key(&self) -> PathBuf {
        self.root.join("device.key")
    }

    /// The keys that open encrypted passes, readable by their owner alone; missing where there are none.
    pub fn content_keys(&self) -> PathBuf {
        self.root.join("content.keys")
    }

    /// The log's name and public key (a C2SP signed-note verifier key), for an inspector to keep.
    pub fn verifier(&self) -> PathBuf {
        self.root.join("device.pub")
    }

    /// The scan log (SQLite).
    pub fn log(&self) -> PathBuf {
        self.root.join("scanlog.db")
    }

    /// The trusted keys' cache (SQLite).
    pub fn trust(&self) -> PathBuf {
        self.root.join("trust.db")
    }

    /// Settings, PINs and counters (SQLite), readable by their owner alone.
    pub fn desk(&self) -> PathBuf {
        self.root.join("desk.db")
    }

    /// Where exports of the log are put.
    pub fn exports(&self) -> PathBuf {
        self.root.join("exports")
    }

    /// The demo authority's folder: its private keys, its published key set, its sample passes.
    pub fn demo(&self) -> PathBuf {
        self.root.join("demo")
    }
}

pub(crate) fn read_nameplate(folder: &Folder) -> Result<Nameplate, Error> {
    let path = folder.nameplate();
    let bytes = match files::read(&path, MAX_NAMEPLATE_BYTES) {
        Err(Error::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            return Err(Error::NoStation(folder.root().to_owned()));
        }
        other => other?,
    };
    serde_json::from_slice(&bytes).map_err(|error| Error::Damaged { path, what: error.to_string() })
}

pub(crate) fn write_nameplate(folder: &Folder, nameplate: &Nameplate) -> Result<(), Error> {
    // safe: a struct of strings always serialises
    let json = serde_json::to_vec_pretty(nameplate).expect("a nameplate serialises");
    files::write(&folder.nameplate(), &json, Access::Shared)
}
