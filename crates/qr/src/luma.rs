//! Borrowed frames.

/// A borrowed 8-bit luma frame: `height` rows of `width` bytes, each row `stride` bytes after the last.
#[derive(Clone, Copy, Debug)]
pub struct Luma<'a> {
    data: &'a [u8],
    width: usize,
    height: usize,
    stride: usize,
}

impl<'a> Luma<'a> {
    /// A view of `data`; `None` where it is too short, empty, or `stride < width`.
    pub fn new(data: &'a [u8], width: usize, height: usize, stride: usize) -> Option<Self> {
        let enough = width > 0
            && height > 0
            && stride >= width
            && stride.checked_mul(height - 1)?.checked_add(width)? <= data.len();
        enough.then_some(Self { data, width, height, stride })
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Row `y`, `width` bytes. Panics when `y >= height`.
    pub fn row(&self, y: usize) -> &'a [u8] {
        &self.data[y * self.stride..][..self.width]
    }
}
