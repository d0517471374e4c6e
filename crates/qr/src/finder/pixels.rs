//! Reading lightness out of a frame: pixels, averaged a little, or places between them.

use crate::Luma;

/// Units of lightness a level of luma: averages have fractions.
pub(super) const UNIT: i32 = 16;
/// Fixed-point units of a pixel.
pub(super) const PIXEL: f32 = 256.0;

/// The lightness of a frame, or its reverse.
#[derive(Clone, Copy)]
pub(super) struct Pixels<'a> {
    pub(super) luma: Luma<'a>,
    pub(super) inverted: bool,
}

impl Pixels<'_> {
    /// Lightness of a pixel, averaged with those beside it; `None` outside the frame.
    #[inline]
    pub(super) fn beside(&self, x: usize, y: usize) -> Option<i32> {
        if x >= self.luma.width() || y >= self.luma.height() {
            return None;
        }
        let row = self.luma.row(y);
        let (left, right) = (row[x.saturating_sub(1)], row[(x + 1).min(row.len() - 1)]);
        Some(self.lightness(4 * (i32::from(left) + i32::from(right)) + 8 * i32::from(row[x])))
    }

    /// Lightness of a pixel, averaged with those above and below it; `None` outside the frame.
    #[inline]
    pub(super) fn between(&self, x: usize, y: usize) -> Option<i32> {
        if x >= self.luma.width() || y >= self.luma.height() {
            return None;
        }
        let row = |y: usize| i32::from(self.luma.row(y)[x]);
        let (above, below) = (row(y.saturating_sub(1)), row((y + 1).min(self.luma.height() - 1)));
        Some(self.lightness(4 * (above + below) + 8 * row(y)))
    }

    /// Lightness about a place in fixed point, the middle of the first pixel being 0: there, or averaged over places so
    /// far to the left and right, above and below. `None` outside the frame.
    #[inline]
    pub(super) fn around(&self, [x, y]: [i32; 2], spread: i32) -> Option<i32> {
        if spread == 0 {
            return self.at(x, y);
        }
        let (left, right, top, bottom) = (x - spread, x + spread, y - spread, y + spread);
        let upper = self.at(left, top)? + self.at(right, top)?;
        let lower = self.at(left, bottom)? + self.at(right, bottom)?;
        Some((upper + lower) / 4)
    }

    /// Lightness between four pixels.
    #[inline]
    fn at(&self, x: i32, y: i32) -> Option<i32> {
        // Negative numbers become great ones.
        let (left, top) = ((x >> 8) as usize, (y >> 8) as usize);
        if left >= self.luma.width() - 1 || top >= self.luma.height() - 1 {
            return None;
        }
        let (right, below) = (x & 255, y & 255);
        let across = |row: &[u8]| i32::from(row[left]) * (256 - right) + i32::from(row[left + 1]) * right;
        let (upper, lower) = (across(self.luma.row(top)), across(self.luma.row(top + 1)));
        Some(self.lightness((upper * (256 - below) + lower * below) >> 12))
    }

    #[inline]
    fn lightness(&self, value: i32) -> i32 {
        if self.inverted { 255 * UNIT - value } else { value }
    }
}
