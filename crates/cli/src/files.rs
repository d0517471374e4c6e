//! Files that are named on the command line.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use picture::{Picture, Unreadable};

use crate::exit::Failure;

/// Reads a picture. The error does not name the file.
pub fn picture(path: &Path) -> Result<Picture, Unreadable> {
    Picture::read(File::open(path)?)
}

/// All of an input; `None` where it has more than `limit` bytes.
pub fn bounded(input: impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = vec![];
    input.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// A plain file's bytes, at most `limit` of them. Anything else is not even opened: a device has no end, and a pipe may
/// never begin. `wanted` is what should have been named.
pub fn plain(path: &Path, limit: u64, wanted: &str) -> Result<Vec<u8>, Failure> {
    if !fs::metadata(path).map_err(Failure::file(path))?.is_file() {
        return Err(Failure::new(format!("{}: not a plain file: name {wanted}", path.display())));
    }
    let bytes = File::open(path).and_then(|file| bounded(file, limit)).map_err(Failure::file(path))?;
    bytes.ok_or_else(|| too_long(path, limit))
}

/// What to say of a file that has more than `limit` bytes.
pub fn too_long(path: &Path, limit: u64) -> Failure {
    Failure::new(format!("{}: more than {limit} bytes", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_taken_up_to_its_limit_and_not_beyond() {
        assert_eq!(bounded(&b"1234"[..], 4).unwrap(), Some(b"1234".to_vec()));
        assert_eq!(bounded(&b"1234"[..], 3).unwrap(), None);
        assert_eq!(bounded(io::repeat(0), 1000).unwrap(), None);
    }
}
