//! Files that are named on the command line.

use std::fs::File;
use std::path::Path;

use picture::{Picture, Unreadable};

/// Reads a picture. The error does not name the file.
pub fn picture(path: &Path) -> Result<Picture, Unreadable> {
    Picture::read(File::open(path)?)
}
