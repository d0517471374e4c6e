//! A picture from a camera, as it came.

use std::borrow::Cow;

use crate::{convert, jpeg};

/// A picture and its place in the feed.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Counts up from 0 within one feed, across interruptions; frames that nobody had time for leave gaps.
    pub seq: u64,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The pixels.
    pub picture: Picture,
}

/// Pixels in the camera's own format, rows without gaps.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// A whole JPEG, from start of image to end of image, with its Huffman tables.
    Jpeg(Vec<u8>),
    /// 8-bit luma, `width × height` bytes.
    Luma(Vec<u8>),
    /// Y0 U Y1 V, two pixels in four bytes: `width × height × 2` bytes.
    Yuyv(Vec<u8>),
    /// A luma plane, then a plane of U V pairs at half size: `width × height × 3 / 2` bytes.
    Nv12(Vec<u8>),
    /// R G B, `width × height × 3` bytes (systems without V4L2).
    Rgb(Vec<u8>),
}

/// A picture that an `<img>` or `createImageBitmap` of any browser engine shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview<'a> {
    /// `image/jpeg` or `image/bmp`.
    pub mime: &'static str,
    /// The whole image file.
    pub bytes: Cow<'a, [u8]>,
}

impl Frame {
    /// Writes the luma plane into `out` (`width × height` bytes, its memory reused) and tells its size.
    ///
    /// `None` where the picture is damaged or shorter than it says. A JPEG is decoded here, luma only:
    /// call this once for a frame.
    pub fn luma(&self, out: &mut Vec<u8>) -> Option<(usize, usize)> {
        let size = self.size();
        match &self.picture {
            Picture::Jpeg(jpeg) => return jpeg::luma(jpeg, out),
            Picture::Luma(data) => convert::copy_luma(data, size, out)?,
            Picture::Nv12(data) => convert::copy_luma(data, size, out)?,
            Picture::Yuyv(data) => convert::yuyv_luma(data, size, out)?,
            Picture::Rgb(data) => convert::rgb_luma(data, size, out)?,
        }
        Some(size)
    }

    /// What a page can show: the camera's JPEG as it is, anything else as a bitmap of at most 640 pixels' width.
    ///
    /// `None` where the picture is shorter than it says.
    pub fn preview(&self) -> Option<Preview<'_>> {
        let size = self.size();
        let bmp = match &self.picture {
            Picture::Jpeg(jpeg) => return Some(Preview { mime: "image/jpeg", bytes: Cow::Borrowed(jpeg) }),
            Picture::Luma(data) => convert::luma_bmp(data, size)?,
            Picture::Yuyv(data) => convert::yuyv_bmp(data, size)?,
            Picture::Nv12(data) => convert::nv12_bmp(data, size)?,
            Picture::Rgb(data) => convert::rgb_bmp(data, size)?,
        };
        Some(Preview { mime: "image/bmp", bytes: Cow::Owned(bmp) })
    }

    fn size(&self) -> (usize, usize) {
        (self.width as usize, self.height as usize)
    }
}
