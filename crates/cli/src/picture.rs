//! Pictures from files, as luma.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use image::{ImageReader, Limits};

use crate::exit::Failure;

/// A photograph of today's phones has up to 200 megapixels; a file beyond this is refused before it is decoded.
const MAX_SIDE: u32 = 20_000;
/// Memory that decoding one picture may take, bytes.
const MAX_DECODED_BYTES: u64 = 1 << 30;
/// Size of a picture file, bytes.
const MAX_FILE_BYTES: u64 = 256 << 20;

/// An 8-bit luma picture without gaps between its rows.
pub struct Picture {
    pub width: usize,
    pub height: usize,
    pub luma: Vec<u8>,
}

/// Reads a PNG, JPEG, WebP or PGM file; what it is, is told from its content.
pub fn read(path: &Path) -> Result<Picture, Failure> {
    read_named(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

/// [`read`], with an error that does not name the file again.
pub fn read_named(path: &Path) -> Result<Picture, String> {
    contents(path).and_then(|bytes| decode(&bytes))
}

fn contents(path: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("more than {MAX_FILE_BYTES} bytes"));
    }
    Ok(bytes)
}

fn decode(bytes: &[u8]) -> Result<Picture, String> {
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|error| error.to_string())?;
    if reader.format().is_none() {
        return Err("not a picture that can be read here (PNG, JPEG, WebP or PGM)".to_owned());
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    reader.limits(limits);
    let picture = reader.decode().map_err(|error| error.to_string())?;
    Ok(luma(picture))
}

/// Transparent pixels are seen on white, as a viewer shows them.
fn luma(picture: image::DynamicImage) -> Picture {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let luma = if picture.color().has_alpha() {
        picture.to_luma_alpha8().pixels().map(|p| over_white(p.0[0], p.0[1])).collect()
    } else {
        picture.into_luma8().into_raw()
    };
    Picture { width, height, luma }
}

fn over_white(luma: u8, alpha: u8) -> u8 {
    let (luma, alpha) = (u32::from(luma), u32::from(alpha));
    // safe: a weighted mean of two values up to 255
    ((luma * alpha + 255 * (255 - alpha)) / 255) as u8
}
