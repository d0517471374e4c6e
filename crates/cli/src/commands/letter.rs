//! The texts that go between a station and an inspector's device: by file, by standard input, or as one QR code.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use picture::{Picture, Unreadable};
use qr::Scanner;
use scanlog::witness::MAX_LETTER;

use super::animate;
use crate::exit::Failure;
use crate::terminal::say;

/// How a text leaves.
#[derive(clap::Args)]
pub struct Out {
    /// Write the text to this file, which must not be there yet
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Draw the text as a QR code in the terminal
    #[arg(long)]
    qr: bool,
}

impl Out {
    /// Hands a text out, as was asked.
    pub fn give(&self, text: &str) -> Result<(), Failure> {
        if let Some(path) = &self.out {
            let mut file = File::create_new(path).map_err(Failure::file(path))?;
            io::Write::write_all(&mut file, text.as_bytes()).map_err(Failure::file(path))?;
            file.sync_all().map_err(Failure::file(path))?;
        }
        if self.qr {
            say(animate::draw(text)?)?;
        }
        if self.out.is_none() && !self.qr {
            say(text.trim_end())?;
        }
        Ok(())
    }
}

/// The text in a file, a picture of its QR code, or on standard input (`-`).
pub fn read(path: &Path) -> Result<String, Failure> {
    let named = |why: &dyn std::fmt::Display| Failure::new(format!("{}: {why}", path.display()));
    let mut bytes = vec![];
    let limit = picture::MAX_FILE_BYTES + 1;
    if path == Path::new("-") {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        let file = File::open(path).map_err(Failure::file(path))?;
        file.take(limit).read_to_end(&mut bytes).map_err(Failure::file(path))?;
    }
    let picture = match Picture::decode(&bytes) {
        Ok(picture) => picture,
        Err(Unreadable::NotAPicture) if bytes.len() <= MAX_LETTER => {
            return String::from_utf8(bytes).map_err(|_| named(&"neither a text nor a picture of a QR code"));
        }
        Err(Unreadable::NotAPicture) => {
            return Err(named(&"neither a picture nor a text of a QR code's size"));
        }
        Err(why) => return Err(named(&why)),
    };
    let luma = picture.luma().ok_or_else(|| named(&"the picture is empty"))?;
    let found = Scanner::new().scan(luma, || false).find_map(|symbol| symbol.text);
    found.ok_or_else(|| named(&"no QR code found in this picture"))
}
