//! Where a repository is read from: a folder, a zip file, or the bytes of one that
//! came as an animated QR code. Everything above sees only names. What comes over a
//! network is for others to fetch: nothing here reaches for one.

mod archive;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::{Error, Refusal};
use crate::file::{self, Found};

pub use archive::{ARCHIVE_MAX, Archive, ENTRIES_MAX};

/// Longest name that is looked up.
const NAME_MAX: usize = 200;

/// A place that holds a repository's files. Nothing that it gives is trusted.
pub trait Source {
    /// The file of this name (its parts separated by `/`), of at most `limit`
    /// bytes; `None` when there is none.
    fn read(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, Error>;
}

/// A repository in a folder: `timestamp.json`, `N.root.json`, `N.snapshot.json`,
/// `N.targets.json` and `targets/`.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// The repository in this folder.
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }
}

impl Source for Folder {
    fn read(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, Error> {
        if !is_plain(name) {
            return Err(Refusal::UnsafeName(name.into()).into());
        }
        let path = self.0.join(name);
        match file::read(&path, limit).map_err(Error::io("read", &path))? {
            Found::Bytes(bytes) => Ok(Some(bytes)),
            Found::Nothing => Ok(None),
            Found::TooLarge => Err(Refusal::TooLarge { name: name.into(), limit }.into()),
            Found::NotPlain => Err(Refusal::UnsafeName(name.into()).into()),
        }
    }
}

/// The repository at `path`: a folder with one, or a zip file of such a folder.
pub fn open(path: &Path) -> Result<Box<dyn Source>, Error> {
    Ok(if path.is_file() { Box::new(Archive::open(path)?) } else { Box::new(Folder::new(path)) })
}

/// A repository in memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory(pub BTreeMap<String, Vec<u8>>);

impl Source for Memory {
    fn read(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, Error> {
        match self.0.get(name) {
            Some(bytes) if bytes.len() > limit => Err(Refusal::TooLarge { name: name.into(), limit }.into()),
            bytes => Ok(bytes.cloned()),
        }
    }
}

/// Whether a name consists of plain parts on every system: letters, digits, `.`,
/// `_` and `-`, none beginning with a dot.
fn is_plain(name: &str) -> bool {
    name.len() <= NAME_MAX
        && name.split('/').all(|part| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("inside")).unwrap();
        std::fs::write(dir.path().join("outside"), b"x").unwrap();
        let folder = Folder::new(&dir.path().join("inside"));
        let tricks = [
            "../outside",
            "targets/../../outside",
            "/etc/passwd",
            "..",
            ".",
            "",
            "a//b",
            "a/",
            "./a",
            ".hidden",
            "a\\..\\b",
            "C:a",
            "a\0b",
            "ж",
            "%2e%2e/outside",
        ];
        for name in tricks {
            let result = folder.read(name, 10);
            assert!(matches!(result, Err(Error::Refused(Refusal::UnsafeName(_)))), "{name:?}: {result:?}");
        }
        assert!(matches!(folder.read(&"a".repeat(201), 10), Err(Error::Refused(_))));
        assert!(folder.read("timestamp.json", 10).unwrap().is_none());
    }

    #[test]
    fn only_plain_files_within_the_limit_are_read() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("ten"), [0; 10]).unwrap();
        std::fs::create_dir(dir.path().join("folder")).unwrap();
        let folder = Folder::new(dir.path());
        assert_eq!(folder.read("ten", 10).unwrap().unwrap().len(), 10);
        assert!(matches!(folder.read("ten", 9), Err(Error::Refused(Refusal::TooLarge { limit: 9, .. }))));
        assert!(matches!(folder.read("folder", 9), Err(Error::Refused(Refusal::UnsafeName(_)))));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("ten", dir.path().join("link")).unwrap();
            assert!(matches!(folder.read("link", 10), Err(Error::Refused(Refusal::UnsafeName(_)))));
        }
    }
}
