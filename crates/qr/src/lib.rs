//! QR symbols out of luma frames. Knows nothing of certificates.

pub mod decode;
mod grid;

pub use grid::BitGrid;

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

/// A decoded symbol.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    /// The payload: bytes in the symbol's own encoding (kanji as Shift-JIS).
    pub bytes: Vec<u8>,
    /// The payload as text, where its encoding is known and valid.
    pub text: Option<String>,
    /// Corners in pixels, clockwise from the symbol's own top left.
    pub corners: [[f32; 2]; 4],
    /// Version, 1 to 40 (ISO/IEC 18004).
    pub version: u8,
    /// Error correction level: `L`, `M`, `Q` or `H`.
    pub ecc: char,
}

/// Finds and decodes QR symbols, frame after frame; its buffers are reused.
#[derive(Default)]
pub struct Scanner {}

impl Scanner {
    /// A scanner with empty buffers.
    pub fn new() -> Self {
        Self::default()
    }

    /// The symbols in one frame.
    pub fn scan(&mut self, _frame: Luma<'_>) -> impl Iterator<Item = Symbol> {
        std::iter::empty()
    }
}
