//! The folder of an inspector's device: `witness.key`, readable by its owner alone, and `book.json`.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use scanlog::SigningKey;
use scanlog::cosignature::Cosigner;
use scanlog::note::Verifier;
use scanlog::witness::{Book, Seen};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::exit::Failure;
use crate::terminal;

/// Formats of both files.
const FORMAT: u32 = 1;
/// 10 000 logs of some 2 KB each.
const MAX_BOOK_BYTES: u64 = 64 << 20;
const MAX_KEY_BYTES: u64 = 4096;

/// A device that is set up.
pub struct Home {
    path: PathBuf,
    name: String,
    key: SigningKey,
    /// Held as long as the book may change: two runs at once could sign two histories.
    _lock: File,
}

#[derive(Serialize, Deserialize)]
struct KeyFile {
    format: u32,
    name: String,
    /// 32 bytes in base64.
    seed: String,
}

#[derive(Serialize, Deserialize)]
struct BookFile {
    format: u32,
    logs: Vec<Line>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    log: String,
    checkpoint: String,
    cosigned_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    conflict: Option<String>,
}

impl Home {
    /// Makes a key under this name, and an empty book.
    pub fn create(path: &Path, name: &str) -> Result<Self, Failure> {
        scanlog::note::checked_name(name).map_err(|why| Failure::new(format!("{name:?}: {why}")))?;
        fs::create_dir_all(path).map_err(Failure::file(path))?;
        let mut seed = Zeroizing::new([0; 32]);
        terminal::random()(&mut *seed);
        let mut file = KeyFile { format: FORMAT, name: name.to_owned(), seed: STANDARD.encode(*seed) };
        let json = Zeroizing::new(serde_json::to_vec(&file)?);
        file.seed.zeroize();
        let key = path.join("witness.key");
        let mut out = private(&key)?;
        out.write_all(&json).and_then(|()| out.sync_all()).map_err(Failure::file(&key))?;
        let home = Self::open(path)?;
        home.keep(&Book::default())?;
        Ok(home)
    }

    /// Opens the folder; no other run may change the book meanwhile.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let key = path.join("witness.key");
        let json = Zeroizing::new(read(&key, MAX_KEY_BYTES)?);
        let damaged = |why: &str| Failure::new(format!("{}: {why}: restore it from a backup", key.display()));
        let mut file: KeyFile =
            serde_json::from_slice(&json).map_err(|_| damaged("this is no witness's key"))?;
        let seed = Zeroizing::new(STANDARD.decode(&file.seed).unwrap_or_default());
        file.seed.zeroize();
        let seed: &[u8; 32] = seed.as_slice().try_into().map_err(|_| damaged("its seed is not 32 bytes"))?;
        scanlog::note::checked_name(&file.name).map_err(|why| damaged(&why.to_string()))?;
        let lock = path.join("book.lock");
        let held = OpenOptions::new().create(true).truncate(false).write(true).open(&lock);
        let held = held.map_err(Failure::file(&lock))?;
        held.lock().map_err(Failure::file(&lock))?;
        Ok(Self { path: path.to_owned(), name: file.name, key: SigningKey::from_bytes(seed), _lock: held })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    pub fn cosigner(&self) -> Result<Cosigner, Failure> {
        Ok(Cosigner::of(&self.name, &self.key)?)
    }

    /// What was seen. A book that is damaged or gone is never taken for an empty one.
    pub fn book(&self) -> Result<Book, Failure> {
        let path = self.book_path();
        let damaged = |why: &dyn std::fmt::Display| {
            Failure::new(format!("{}: the book is damaged ({why}): restore it from a backup", path.display()))
        };
        let file: BookFile =
            serde_json::from_slice(&read(&path, MAX_BOOK_BYTES)?).map_err(|why| damaged(&why))?;
        file.logs.into_iter().try_fold(Book::default(), |book, line| {
            let verifier = Verifier::parse(&line.log).map_err(|why| damaged(&why))?;
            let seen =
                Seen { verifier, note: line.checkpoint, at: line.cosigned_at, conflict: line.conflict };
            book.with(seen).map_err(|why| damaged(&why))
        })
    }

    /// Puts the book on disk, whole or not at all.
    pub fn keep(&self, book: &Book) -> Result<(), Failure> {
        let line = |seen: &Seen| Line {
            log: seen.verifier.to_string(),
            checkpoint: seen.note.clone(),
            cosigned_at: seen.at,
            conflict: seen.conflict.clone(),
        };
        let file = BookFile { format: FORMAT, logs: book.logs().map(|(seen, _)| line(seen)).collect() };
        let (path, beside) = (self.book_path(), self.path.join("book.json.new"));
        let failure = || Failure::file(&path);
        let mut out = File::create(&beside).map_err(Failure::file(&beside))?;
        out.write_all(&serde_json::to_vec_pretty(&file)?).map_err(failure())?;
        out.sync_all().map_err(failure())?;
        fs::rename(&beside, &path).map_err(failure())?;
        if cfg!(unix) {
            File::open(&self.path).and_then(|dir| dir.sync_all()).map_err(failure())?;
        }
        Ok(())
    }

    fn book_path(&self) -> PathBuf {
        self.path.join("book.json")
    }
}

/// A new file that nobody but its owner may read.
fn private(path: &Path) -> Result<File, Failure> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(Failure::file(path))
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = vec![];
    let file = File::open(path).map_err(Failure::file(path))?;
    file.take(limit + 1).read_to_end(&mut bytes).map_err(Failure::file(path))?;
    if bytes.len() as u64 > limit {
        return Err(Failure::new(format!("{}: larger than {limit} bytes", path.display())));
    }
    Ok(bytes)
}
