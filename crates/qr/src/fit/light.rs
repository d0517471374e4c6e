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
    /// Width and height; nought where there is nothing to interpolate.
    size: Point,
    /// The last places that have pixels on all sides, in fixed point.
    last: [i32; 2],
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
        Self::with_aperture(frame, module / PIXELS_PER_TAP, inverted)
    }

    /// Samples that average most of a module: noise and moiré weigh less, edges are less sharp.
    pub(crate) fn soft(frame: Luma<'a>, module: f32, inverted: bool) -> Self {
        Self::with_aperture(frame, module * SOFT, inverted)
    }

    fn with_aperture(frame: Luma<'a>, pixels: f32, inverted: bool) -> Self {
        let most = MAX_APERTURE.min(frame.width()).min(frame.height());
        let size = [frame.width(), frame.height()].map(|length| length.min(LONGEST));
        let last = size.map(|length| ((length as i32 - 1) << Luma::FRACTION) - 1);
        let size = if size[0] < 2 || size[1] < 2 { [0.0; 2] } else { size.map(|length| length as f32) };
        Self { frame, inverted, aperture: (pixels as usize).clamp(1, most), size, last }
    }

    /// The luma around a point, in steps of 255; beyond the frame all is light, as the quiet zone that a picture cut
    /// at its symbol's edge leaves out.
    #[inline]
    pub(crate) fn at(&self, point: Point) -> f32 {
        if !self.holds(point) {
            return 255.0;
        }
        let value = if self.aperture == 1 { self.bilinear(point) } else { self.average(point) };
        if self.inverted { 255.0 - value } else { value }
    }

    /// Adds the luma [`at`](Self::at) points along a line, `step` apart, to `sums`.
    pub(crate) fn add_along(&self, from: Point, step: Point, sums: &mut [f32]) {
        let point = |i: usize| [0, 1].map(|axis| from[axis] + step[axis] * i as f32);
        let last = point(sums.len().saturating_sub(1));
        if self.aperture > 1 || !self.holds(from) || !self.holds(last) {
            sums.iter_mut().enumerate().for_each(|(i, sum)| *sum += self.at(point(i)));
            return;
        }
        // Lines are straight and frames are convex: all points are within the frame.
        let (mut place, step) = (from.map(|at| fixed(at - 0.5)), step.map(fixed));
        let end = [0, 1].map(|axis| place[axis] + step[axis] * (sums.len() as i32 - 1));
        let inner = |at: [i32; 2]| (0..2).all(|axis| (0..=self.last[axis]).contains(&at[axis]));
        let inner = inner(place) && inner(end);
        let sign = if self.inverted { -1.0 / Luma::LEVEL } else { 1.0 / Luma::LEVEL };
        let base = if self.inverted { 255.0 } else { 0.0 };
        for sum in sums {
            let [x, y] = if inner { place } else { [0, 1].map(|axis| place[axis].clamp(0, self.last[axis])) };
            *sum += base + f32::from(self.frame.between(x, y)) * sign;
            place = [0, 1].map(|axis| place[axis] + step[axis]);
        }
    }

    /// The average of the square about a point of the frame.
    #[inline(never)]
    fn average(&self, point: Point) -> f32 {
        match self.aperture {
            2 => self.mean::<2>(point),
            3 => self.mean::<3>(point),
            4 => self.mean::<4>(point),
            5 => self.mean::<5>(point),
            _ => self.mean::<MAX_APERTURE>(point),
        }
    }

    /// Whether the point lies in the frame.
    #[inline]
    pub(crate) fn holds(&self, [x, y]: Point) -> bool {
        x >= 0.0 && y >= 0.0 && x < self.size[0] && y < self.size[1]
    }

    #[inline]
    fn bilinear(&self, point: Point) -> f32 {
        // Pixels have their middles at halves.
        let [x, y] = [0, 1].map(|axis| fixed(point[axis] - 0.5).clamp(0, self.last[axis]));
        f32::from(self.frame.between(x, y)) * (1.0 / Luma::LEVEL)
    }

    #[inline]
    fn mean<const SIDE: usize>(&self, point: Point) -> f32 {
        let first = |axis: usize, end: usize| {
            let at = fixed(point[axis] - (SIDE as f32 - 1.0) / 2.0) >> Luma::FRACTION;
            (at.max(0) as usize).min(end - SIDE)
        };
        let (left, top) = (first(0, self.frame.width()), first(1, self.frame.height()));
        let rows = (top..top + SIDE).map(|y| self.frame.row(y)[left..].first_chunk::<SIDE>());
        // safe to flatten: a row ends where the last square does.
        let sum: u32 = rows.flatten().map(|row| row.iter().map(|&value| u32::from(value)).sum::<u32>()).sum();
        sum as f32 * (1.0 / (SIDE * SIDE) as f32)
    }
}

/// Pixels along either axis in which samples are taken: what fixed point can tell apart.
const LONGEST: usize = i16::MAX as usize * 4;

/// A place in fixed point of [`Luma::FRACTION`] bits; meaningless beyond [`LONGEST`] pixels.
#[inline(always)]
fn fixed(at: f32) -> i32 {
    // The sum's lowest bits are whole fractions: rounded by one addition, where a conversion would ask for ends first.
    const SHIFT: f64 = 1.5 * (1_u64 << (52 - Luma::FRACTION)) as f64;
    (f64::from(at) + SHIFT).to_bits() as i32
}
