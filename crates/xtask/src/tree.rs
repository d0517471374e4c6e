//! Where things lie: the repository, what cargo built, and the marks that tell what is up to date.

use crate::step::Result;
use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
};

/// The repository's root.
pub fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root.pop();
    root
}

/// The folder with the programs that cargo built: the one that this program itself was built into.
///
/// # Errors
/// The system does not tell where this program is.
pub fn binaries() -> Result<PathBuf> {
    let own = env::current_exe().map_err(|error| format!("cannot tell where xtask itself is: {error}"))?;
    own.parent().map(Path::to_path_buf).ok_or_else(|| "xtask is in no folder".into())
}

/// The folder called `name` for what a command makes besides programs, beside those that cargo builds.
///
/// # Errors
/// As [`binaries`]; it cannot be made.
pub fn made(name: &str) -> Result<PathBuf> {
    let folder =
        binaries()?.parent().map(|target| target.join(name)).ok_or("xtask is in no target folder")?;
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}

/// A fingerprint of every file's path and bytes under `folder`, in any order of the directory;
/// `skipped` names are left out wherever they are. A missing folder has a fingerprint too.
///
/// # Errors
/// A file cannot be read.
pub fn fingerprint(folder: &Path, skipped: &[&str]) -> Result<String> {
    let mut files = Vec::new();
    if folder.exists() {
        collect(folder, skipped, &mut files).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        (&file, bytes).hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(folder: &Path, skipped: &[&str], files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if skipped.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => collect(&entry.path(), skipped, files)?,
            false => files.push(entry.path()),
        }
    }
    Ok(())
}

/// A file that remembers from what something was made, so that it is made again only after a change.
pub struct Mark(PathBuf);

impl Mark {
    /// The mark called `name`, kept with what cargo built.
    ///
    /// # Errors
    /// As [`binaries`].
    pub fn named(name: &str) -> Result<Self> {
        Ok(Self(binaries()?.join(format!("{name}.mark"))))
    }

    /// Whether the thing was last made from just this.
    pub fn is(&self, source: &str) -> bool {
        fs::read_to_string(&self.0).is_ok_and(|last| last == source)
    }

    /// Remembers what the thing was made from.
    ///
    /// # Errors
    /// The mark cannot be written.
    pub fn set(&self, source: &str) -> Result<()> {
        fs::write(&self.0, source).map_err(|error| format!("{}: {error}", self.0.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of its own for a test, gone with it.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
            fs::create_dir_all(path.join("inner")).expect("a temporary folder");
            fs::write(path.join("inner/file"), "one").expect("a file in it");
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn root_holds_the_workspace() {
        assert!(root().join("Cargo.lock").is_file());
    }

    #[test]
    fn fingerprint_follows_content_and_leaves_out_what_is_skipped() {
        let folder = Folder::new("fingerprint");
        let before = fingerprint(&folder.0, &["dist"]).expect("readable");
        fs::create_dir(folder.0.join("dist")).expect("a folder");
        fs::write(folder.0.join("dist/made"), "output").expect("a file");
        assert_eq!(fingerprint(&folder.0, &["dist"]).expect("readable"), before);
        fs::write(folder.0.join("inner/file"), "two").expect("a file");
        assert_ne!(fingerprint(&folder.0, &["dist"]).expect("readable"), before);
    }

    #[test]
    fn mark_holds_for_what_it_was_set_to_only() {
        let folder = Folder::new("mark");
        let mark = Mark(folder.0.join("page.mark"));
        assert!(!mark.is("a"));
        mark.set("a").expect("writable");
        assert!(mark.is("a") && !mark.is("b"));
    }
}
