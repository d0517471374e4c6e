//! An image file that staff opened, pasted or dropped, as luma.

use std::io::Cursor;

use image::{DynamicImage, ImageReader, Limits};
use qr::Luma;

/// Phones take photographs of up to 200 megapixels, 16,320 × 12,240.
const MAX_SIDE: u32 = 20_000;

/// Memory that decoding one image may take, in bytes.
const MAX_DECODED_BYTES: u64 = 1 << 30;

/// Size of an image file, in bytes.
const MAX_FILE_BYTES: usize = 64 << 20;

/// An 8-bit luma picture, rows without gaps.
pub(crate) struct Picture {
    luma: Vec<u8>,
    width: usize,
    height: usize,
}

/// Why an image cannot be scanned.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    /// Beyond a limit.
    #[error("more than {} MiB, or {MAX_SIDE} pixels on a side", MAX_FILE_BYTES >> 20)]
    TooLarge,
    /// No image, a damaged one, or of another format.
    #[error("{0}")]
    Format(image::ImageError),
}

impl Picture {
    /// Decodes a PNG, JPEG, WebP or PNM file; which it is, its content tells.
    pub(crate) fn decode(file: &[u8]) -> Result<Self, Unreadable> {
        if file.len() > MAX_FILE_BYTES {
            return Err(Unreadable::TooLarge);
        }
        let mut reader = ImageReader::new(Cursor::new(file))
            .with_guessed_format()
            .map_err(|error| Unreadable::from(image::ImageError::from(error)))?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        limits.max_alloc = Some(MAX_DECODED_BYTES);
        reader.limits(limits);
        let image = reader.decode()?;
        let (width, height) = (image.width() as usize, image.height() as usize);
        Ok(Self { luma: luma(image), width, height })
    }

    /// A view of it for the scanner.
    pub(crate) fn luma(&self) -> Option<Luma<'_>> {
        Luma::new(&self.luma, self.width, self.height, self.width)
    }
}

impl From<image::ImageError> for Unreadable {
    fn from(error: image::ImageError) -> Self {
        match error {
            image::ImageError::Limits(_) => Self::TooLarge,
            other => Self::Format(other),
        }
    }
}

/// What is transparent is shown, and so scanned, on white.
fn luma(image: DynamicImage) -> Vec<u8> {
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

    #[test]
    fn transparent_pixels_lie_on_white() {
        let image = GrayAlphaImage::from_fn(2, 1, |x, _| LumaA([0, if x == 0 { 255 } else { 0 }]));
        let mut file = Cursor::new(vec![]);
        image.write_to(&mut file, ImageFormat::Png).expect("memory takes it");
        let picture = Picture::decode(file.get_ref()).expect("a PNG");
        assert_eq!((picture.luma.as_slice(), picture.width, picture.height), (&[0, 255][..], 2, 1));
    }

    #[test]
    fn what_is_no_image_is_told_apart_from_what_is_too_large() {
        assert!(matches!(Picture::decode(b"no image"), Err(Unreadable::Format(_))));
        assert!(matches!(Picture::decode(&vec![0; MAX_FILE_BYTES + 1]), Err(Unreadable::TooLarge)));
        let wide = format!("P5 {} 1 255\n", MAX_SIDE + 1);
        assert!(matches!(Picture::decode(wide.as_bytes()), Err(Unreadable::TooLarge)));
    }
}
