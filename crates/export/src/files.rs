//! Files by what is in them.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::manifest::FileMark;

/// Length and SHA-256 of what is read through it.
pub struct Marking<R> {
    input: R,
    length: u64,
    hash: Sha256,
}

impl<R: Read> Marking<R> {
    pub fn new(input: R) -> Self {
        Self { input, length: 0, hash: Sha256::new() }
    }

    /// Reads what is left, and says what all of it was.
    pub fn finish(mut self) -> io::Result<FileMark> {
        let mut buffer = vec![0; 1 << 16];
        while self.read(&mut buffer)? > 0 {}
        Ok(FileMark { length: self.length, hash: self.hash.finalize().into() })
    }
}

impl<R: Read> Read for Marking<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.hash.update(&buffer[..count]);
        self.length += count as u64;
        Ok(count)
    }
}

/// Length and SHA-256 of a file.
pub fn mark(path: &Path) -> io::Result<FileMark> {
    Marking::new(plain(path)?).finish()
}

/// A plain file: a pipe is not opened, it may never begin.
pub fn plain(path: &Path) -> io::Result<File> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a plain file"));
    }
    File::open(path)
}

/// The text of a small file; an error where it is longer than `limit` bytes or no text.
pub fn text(path: &Path, limit: u64) -> io::Result<String> {
    let mut text = String::new();
    plain(path)?.take(limit + 1).read_to_string(&mut text)?;
    if text.len() as u64 > limit {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("longer than {limit} bytes")));
    }
    Ok(text)
}
