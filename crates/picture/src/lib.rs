//! Image files as luma, within limits: for whatever a person opens, drops, or names on a command line.

use std::io::{self, Cursor, Read};

use image::{DynamicImage, ImageError, ImageReader, Limits};
use qr::Luma;

/// Phones take photographs of up to 200 megapixels, 16,320 × 12,240.
pub const MAX_SIDE: u32 = 20_000;

/// Size of an image file, in bytes: a photograph of 200 megapixels has about 50 MB.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// Memory that decoding one image may take, in bytes.
const MAX_DECODED_BYTES: u64 = 1 << 30;

/// An 8-bit luma picture, rows without gaps.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// Why an image cannot be scanned.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Beyond a limit.
    #[error("it has more than {} MiB, or {MAX_SIDE} pixels on a side", MAX_FILE_BYTES >> 20)]
    TooLarge,
    /// Not an image, or in a format that is not read here.
    #[error("not a picture that can be read here: PNG, JPEG, WebP or PGM")]
    NotAPicture,
    /// An image of a known format, but damaged.
    #[error("a damaged picture: {0}")]
    Damaged(String),
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Picture {
    /// Reads a PNG, JPEG, WebP or PNM file to its end; which it is, its content tells.
    pub fn read(file: impl Read) -> Result<Self, Unreadable> {
        let mut bytes = vec![];
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
        Self::decode(&bytes)
    }

    /// Decodes the bytes of such a file.
    pub fn decode(file: &[u8]) -> Result<Self, Unreadable> {
        if file.len() as u64 > MAX_FILE_BYTES {
            return Err(Unreadable::TooLarge);
        }
        let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format()?;
        if reader.format().is_none() {
            return Err(Unreadable::NotAPicture);
        }
        let mut limits = Limits::default();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(MAX_DECODED_BYTES);
        reader.limits(limits);
        let image = reader.decode()?;
        Ok(Self { width: image.width() as usize, height: image.height() as usize, pixels: pixels(image) })
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// A view of it for the scanner; `None` where it has no pixels.
    pub fn luma(&self) -> Option<Luma<'_>> {
        Luma::new(&self.pixels, self.width, self.height, self.width)
    }
}

impl From<ImageError> for Unreadable {
    fn from(error: ImageError) -> Self {
        match error {
            ImageError::Limits(_) => Self::TooLarge,
            ImageError::Unsupported(_) => Self::NotAPicture,
            ImageError::IoError(error) if error.kind() != io::ErrorKind::UnexpectedEof => Self::Io(error),
            other => Self::Damaged(other.to_string()),
        }
    }
}

/// What is transparent is shown, and so scanned, on white.
fn pixels(image: DynamicImage) -> Vec<u8> {
    if !image.color().has_alpha() {
        return image.into_luma8().into_raw();
    }
    let on_white = |[luma, alpha]: [u8; 2]| {
        let (luma, alpha) = (u16::from(luma), u16::from(alpha));
        // safe: a weighted mean of two bytes is a byte
        ((luma * alpha + 255 * (255 - alpha)) / 255) as u8
    };
    image.into_luma_alpha8().pixels().map(|pixel| on_white(pixel.0)).collect()
}

#[cfg(test)]
mod tests {
    use image::{GrayAlphaImage, ImageFormat, LumaA};

    use super::*;

    fn png(pixels: [[u8; 2]; 2]) -> Vec<u8> {
        let image = GrayAlphaImage::from_fn(2, 1, |x, _| LumaA(pixels[x as usize]));
        let mut file = Cursor::new(vec![]);
        image.write_to(&mut file, ImageFormat::Png).unwrap();
        file.into_inner()
    }

    #[test]
    fn transparent_pixels_lie_on_white() {
        let picture = Picture::read(png([[0, 255], [0, 0]]).as_slice()).unwrap();
        assert_eq!((picture.pixels.as_slice(), picture.width(), picture.height()), (&[0, 255][..], 2, 1));
    }

    #[test]
    fn each_kind_of_unreadable_file_is_told_apart() {
        let wide = format!("P5 {} 1 255\n", MAX_SIDE + 1);
        let cut = &png([[0, 255], [0, 0]])[..40];
        let table: [(&[u8], &str); 6] = [
            (b"", "not a picture"),
            (b"no image", "not a picture"),
            (b"P5 4 4 255\nshort", "damaged"),
            (cut, "damaged"),
            (wide.as_bytes(), "more than"),
            (&vec![0; MAX_FILE_BYTES as usize + 1], "more than"),
        ];
        for (file, message) in table {
            let error = Picture::decode(file).err().unwrap().to_string();
            assert!(error.contains(message), "{message}: {error}");
        }
    }
}
