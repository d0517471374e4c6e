//! Where a fleet's files lie, and what is known of its stations.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::error::at;
use crate::history::History;

/// The longest file about a station that is read; each export adds some 100 bytes.
const MAX_STATION_BYTES: u64 = 64 << 20;
/// The most characters of a log's name that a folder's name shows.
const SHOWN: usize = 60;

/// The folder of a fleet.
#[derive(Clone, Debug)]
pub struct Fleet {
    root: PathBuf,
}

/// What is known of one station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Station {
    /// The name of its log.
    pub origin: String,
    /// The name and key, as in its `device.pub`.
    pub key: String,
    /// Of what its log was seen.
    pub history: History,
}

/// A station in one line, for SQL.
#[derive(Serialize)]
struct Line<'a> {
    station: &'a str,
    origin: &'a str,
    entries: u64,
    signed_entries: u64,
    last_exported: String,
    misfits: usize,
}

impl Fleet {
    /// The fleet in this folder, which need not exist yet.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The entries, in Hive's layout.
    pub fn entries(&self) -> PathBuf {
        self.root.join("entries")
    }

    /// The stations, a line each.
    pub fn list(&self) -> PathBuf {
        self.root.join("stations.jsonl")
    }

    /// Where entries lie that are not proven yet. It is emptied before each export.
    pub(crate) fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    /// Whether there is one.
    pub fn check(&self) -> Result<(), Error> {
        if self.list().is_file() { Ok(()) } else { Err(Error::NoFleet(self.root.clone())) }
    }

    /// Every station, by the name of its folder.
    pub fn stations(&self) -> Result<BTreeMap<String, Station>, Error> {
        let folder = self.root.join("stations");
        let mut stations = BTreeMap::new();
        if !folder.is_dir() {
            return Ok(stations);
        }
        for file in std::fs::read_dir(&folder).map_err(at(&folder))? {
            let path = file.map_err(at(&folder))?.path();
            if path.extension().is_some_and(|ending| ending == "json") {
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                stations.insert(name, read(&path)?);
            }
        }
        Ok(stations)
    }

    /// Keeps what is known of a station.
    pub(crate) fn keep(&self, name: &str, station: &Station) -> Result<(), Error> {
        let folder = self.root.join("stations");
        std::fs::create_dir_all(&folder).map_err(at(&folder))?;
        // safe: strings, numbers and maps of them always serialise
        let json = serde_json::to_vec(station).expect("a station serialises");
        replace(&folder.join(format!("{name}.json")), &json)
    }

    /// Writes the list of stations anew.
    pub(crate) fn write_list(&self) -> Result<(), Error> {
        let mut lines = vec![];
        for (name, station) in self.stations()? {
            let history = &station.history;
            let line = Line {
                station: &name,
                origin: &station.origin,
                entries: history.ranges.iter().map(|(first, end)| end - first).sum(),
                signed_entries: history.size,
                last_exported: history
                    .seen
                    .last_key_value()
                    .map(|(at, _)| export::rfc3339(*at))
                    .unwrap_or_default(),
                misfits: history.misfits().len(),
            };
            // safe: strings and numbers always serialise
            lines.extend(serde_json::to_vec(&line).expect("a line serialises"));
            lines.push(b'\n');
        }
        replace(&self.list(), &lines)
    }
}

/// The name of a station's folder: that of its log, as far as a folder can have it, and a hash that keeps two apart.
pub fn folder_name(origin: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '.' { letter } else { '-' };
    let shown: String = origin.chars().take(SHOWN).map(plain).collect();
    let hash = Sha256::digest(origin);
    let digits: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{shown}-{digits}")
}

fn read(path: &Path) -> Result<Station, Error> {
    let mut bytes = vec![];
    let file = File::open(path).map_err(at(path))?;
    file.take(MAX_STATION_BYTES).read_to_end(&mut bytes).map_err(at(path))?;
    serde_json::from_slice(&bytes)
        .map_err(|why| Error::Damaged { path: path.to_owned(), what: why.to_string() })
}

/// Puts a file in another's place: there is always either of them.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside).map_err(at(&beside))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at(&beside))?;
    std::fs::rename(&beside, path).map_err(at(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_s_name_is_safe_and_its_own() {
        let name = folder_name("propusk.invalid/door=1/../ü");
        assert!(name.starts_with("propusk.invalid-door-1-..--"), "{name}");
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)));
        assert_ne!(folder_name("a/b"), folder_name("a-b"));
        assert!(folder_name(&"x".repeat(500)).len() < 80);
    }
}
