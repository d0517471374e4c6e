//! Luma between pixels.

use super::geometry::Point;
use crate::Luma;

/// A frame as samples are taken from it: bilinear or averaged over squares, light and dark swapped on request.
#[derive(Clone, Copy)]
pub(crate) struct Light<'a> {
    frame: Luma<'a>,
    inverted: bool,
    /// Side in pixels of the square that one sample averages.
    aperture: usize,
}

/// Pixels a module from which on samples average more pixels than bilinear interpolation touches.
const PIXELS_PER_TAP: f32 = 4.0;
/// Share of a module that soft samples average.
const SOFT: f32 = 0.75;
/// The largest aperture: beyond it more pixels cost time and tell nothing new.
const MAX_APERTURE: usize = 6;

impl<'a> Light<'a> {
    /// Samples for modules of about `module` pixels; `inverted` for light modules on dark ground.
    pub(crate) fn new(frame: Luma<'a>, module: f32, inverted: bool) -> Self {
        let aperture = ((module / PIXELS_PER_TAP) as usize).clamp(1, MAX_APERTURE);
        Self { frame, inverted, aperture }
    }

    /// Samples that average most of a module: noise and moiré weigh less, edges are less sharp.
    pub(crate) fn soft(frame: Luma<'a>, module: f32, inverted: bool) -> Self {
        let aperture = ((module * SOFT) as usize).clamp(1, MAX_APERTURE);
        Self { frame, inverted, aperture }
    }

    /// The luma around a point, in steps of 255; beyond the frame all is light, as the quiet zone that a picture cut
    /// at its symbol's edge leaves out.
    #[inline]
    pub(crate) fn at(&self, [x, y]: Point) -> f32 {
        if !self.holds([x, y]) {
            return 255.0;
        }
        let value = if self.aperture == 1 { self.bilinear(x, y) } else { self.mean(x, y) };
        if self.inverted { 255.0 - value } else { value }
    }

    /// Whether the point lies in the frame.
    pub(crate) fn holds(&self, [x, y]: Point) -> bool {
        x >= 0.0 && y >= 0.0 && x < self.frame.width() as f32 && y < self.frame.height() as f32
    }

    #[inline]
    fn bilinear(&self, x: f32, y: f32) -> f32 {
        // Pixels have their middles at halves. Conversion saturates, also for what is no number.
        let (x, y) = ((x - 0.5).max(0.0), (y - 0.5).max(0.0));
        let (left, top) = (x as usize, y as usize);
        let (width, height) = (self.frame.width(), self.frame.height());
        if left + 1 >= width || top + 1 >= height {
            return f32::from(self.frame.row(top.min(height - 1))[left.min(width - 1)]);
        }
        let (right, down) = (x - left as f32, y - top as f32);
        let (upper, lower) = (&self.frame.row(top)[left..left + 2], &self.frame.row(top + 1)[left..left + 2]);
        let along = |row: &[u8]| f32::from(row[0]) + (f32::from(row[1]) - f32::from(row[0])) * right;
        let (above, below) = (along(upper), along(lower));
        above + (below - above) * down
    }

    fn mean(&self, x: f32, y: f32) -> f32 {
        let (width, height) = (self.frame.width(), self.frame.height());
        let side = self.aperture.min(width).min(height);
        let start = |at: f32, end: usize| ((at - side as f32 / 2.0 + 0.5).max(0.0) as usize).min(end - side);
        let (left, top) = (start(x, width), start(y, height));
        let rows = (top..top + side).map(|y| &self.frame.row(y)[left..left + side]);
        let sum: u32 = rows.flatten().map(|&value| u32::from(value)).sum();
        sum as f32 / (side * side) as f32
    }
}
