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

    /// Fractional bits of places between pixels.
    pub(crate) const FRACTION: u32 = 12;
    /// Units of lightness a level of luma where it is taken between pixels.
    pub(crate) const LEVEL: f32 = 16.0;

    /// Luma between pixels, in [`LEVEL`](Self::LEVEL)ths; places in fixed point of [`FRACTION`](Self::FRACTION) bits,
    /// 0 in the middle of the first pixel. Panics where one of the four pixels around is outside the frame.
    #[inline(always)]
    pub(crate) fn between(&self, x: i32, y: i32) -> i16 {
        let start =
            &self.data[(y >> Self::FRACTION) as usize * self.stride + (x >> Self::FRACTION) as usize..];
        let (right, below) = (x >> (Self::FRACTION - 8) & 255, y >> (Self::FRACTION - 8) & 255);
        assert!(self.stride > 0 && start.len() > self.stride + 1);
        let across = |row: usize| {
            let (here, beside) = (i32::from(start[row]), i32::from(start[row + 1]));
            (here << 8) + (beside - here) * right
        };
        let (upper, lower) = (across(0), across(self.stride));
        (((upper << 8) + (lower - upper) * below) >> 12) as i16
    }
}
