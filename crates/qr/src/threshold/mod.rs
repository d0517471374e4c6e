//! Where dark ends and light begins: frames at a smaller scale, and a threshold for every block of one.

mod enlarge;
mod extremes;
mod noise;
mod reduce;
mod smooth;

#[cfg(test)]
mod tests;

use crate::Luma;
pub(crate) use enlarge::{Enlarged, Scaling};
use extremes::Extremes;
pub(crate) use reduce::{Reduced, Region};
use smooth::Smoother;

/// Side of a block in pixels: one block of a code of small modules holds dark and light ones.
pub(crate) const BLOCK: usize = 8;

/// Pixels that are gone through between questions about the time.
const PIXELS_PER_QUESTION: usize = 1 << 19;

/// A threshold for every block of a frame: half-way between dark and light about it. Its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Thresholds {
    across: usize,
    values: Vec<u8>,
    noise: u8,
    extremes: Extremes,
    smoother: Smoother,
}

impl Thresholds {
    /// Measures a frame, unless time is up before: whether it did.
    pub(crate) fn measure(&mut self, frame: Luma<'_>, time_is_up: &mut dyn FnMut() -> bool) -> bool {
        self.across = frame.width().div_ceil(BLOCK);
        if !self.extremes.measure(frame, time_is_up) {
            return false;
        }
        self.noise = noise::estimate(frame, &self.extremes);
        self.smoother.smooth(&self.extremes, self.across, self.noise, &mut self.values);
        !time_is_up()
    }

    /// How far apart noise alone may drive the darkest and the lightest pixel of a block.
    pub(crate) fn noise(&self) -> u8 {
        self.noise
    }

    /// The thresholds of the row of blocks that holds pixel row `y`: darker pixels are dark. Panics outside the frame.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        &self.values[y / BLOCK * self.across..][..self.across]
    }
}
