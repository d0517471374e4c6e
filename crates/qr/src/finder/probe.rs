//! Measuring what a row hit along lines in other directions.

use super::line::{self, Expected, Half};
use super::pixels::{Column, Pixels, Row, Samples, Slant, UNIT};
use super::ratio::Measure;
use super::rows::Hit;
use super::star::{Star, Sum};
use crate::Luma;

/// Directions that a pattern is measured in; the lines lie evenly over half a turn.
const DIRECTIONS: usize = 8;
/// Of those, how many may show no pattern: a scratch, a highlight or a stamp crosses some of them.
const MAX_FAILURES: usize = 3;
/// Samples a module where it has many pixels: when a hit is first looked at, and when it is measured.
const COARSE: f32 = 3.0;
const FINE: f32 = 6.0;
/// Contrast, in what noise makes of it, up to which samples are averaged.
const NOISY: i32 = 2;
/// Pixels a module below which averaging would take the contrast, too.
const AVERAGED_MODULE: f32 = 2.0;
/// Distance of averaged samples to the side in modules: together they cover about half of one.
const SPREAD: f32 = 0.17;

/// Which directions lines are measured in.
#[derive(Clone, Copy)]
pub(super) enum Every {
    /// All of them.
    One,
    /// Those between rows, columns and diagonals: what is a pattern along rows and columns only fails there.
    Odd,
}

/// How a hit is looked at.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pixels: Pixels<'a>,
    expected: Expected,
    /// Distance in pixels of the samples that are averaged; 0 for one sample.
    spread: f32,
}

impl<'a> Look<'a> {
    /// How to look at a hit in a frame whose darkest and lightest pixels noise alone drives so far apart; `None` if it
    /// is nothing but noise.
    pub(super) fn new(luma: Luma<'a>, noise: u8, hit: &Hit) -> Option<Self> {
        let pixels = Pixels { luma, inverted: hit.inverted };
        let noise = i32::from(noise) * UNIT;
        let [x, y] = hit.at.map(|at| at as usize);
        let [left, right] = hit.rings.map(usize::from);
        let [left, core, right] = pixels.in_row(y, [left, x, right])?;
        let contrast = (left + right) / 2 - core;
        if contrast <= noise / 2 {
            return None;
        }
        let noisy = contrast < NOISY * noise && hit.module > AVERAGED_MODULE;
        let spread = if noisy { hit.module * SPREAD } else { 0.0 };
        let ring = if noisy { (contrast / 12).max(noise / 5) } else { (contrast / 10).max(noise / 3) };
        Some(Self { pixels, expected: Expected { module: hit.module, core: contrast / 2, ring }, spread })
    }

    /// The same look at a larger copy of the frame.
    pub(super) fn enlarged(self, luma: Luma<'a>, scale: f32) -> Self {
        let module = self.expected.module * scale;
        Self {
            pixels: Pixels { luma, ..self.pixels },
            expected: Expected { module, ..self.expected },
            spread: module * SPREAD,
        }
    }

    /// The centre of a hit as its column and the row through that show it, if they show a pattern. Takes the samples
    /// looked at from the budget.
    pub(super) fn core(&self, at: [f32; 2], budget: &mut usize) -> Option<[f32; 2]> {
        let [x, y] = at;
        let (pixels, smooth, pace) =
            (self.pixels, self.spread > 0.0, ((self.expected.module / COARSE) as isize).max(1));
        let at = [x as usize, y as usize];
        let half = |step| Half::new(Column { pixels, at, step, smooth }, 0);
        let y = at[1] as f32 + 0.5 + self.measure(half(pace), half(-pace), pace as f32, budget)?.middle;
        let at = [at[0], y as usize];
        let half = |step| Half::new(Row { pixels, at, step, smooth }, 0);
        Some([at[0] as f32 + 0.5 + self.measure(half(pace), half(-pace), pace as f32, budget)?.middle, y])
    }

    /// Measures lines through a place in several directions.
    pub(super) fn star(&self, at: [f32; 2], every: Every, budget: &mut usize) -> Option<Star> {
        let mut sum = Sum::default();
        let (first, step) = match every {
            Every::One => (0, 1),
            Every::Odd => (1, 2),
        };
        for direction in (first..DIRECTIONS).step_by(step) {
            let angle = direction as f32 * std::f32::consts::PI / DIRECTIONS as f32;
            let (sin, cos) = angle.sin_cos();
            match self.line(at, [cos, sin], budget) {
                Some(line) => sum.add([cos, sin], &line),
                None => sum.failures += 1,
            }
            if sum.failures > MAX_FAILURES / step {
                return None;
            }
        }
        sum.star(at)
    }

    /// The pattern along a line through a place, in pixels from there.
    fn line(&self, at: [f32; 2], direction: [f32; 2], budget: &mut usize) -> Option<Measure> {
        let pace = (self.expected.module / FINE).max(1.0);
        let step = direction.map(|part| part * pace);
        let halvings = pace.log2().ceil() as u32;
        let half = |step| Half::new(Slant::new(self.pixels, at, step, self.spread), halvings);
        self.measure(half(step), half(step.map(|part| -part)), pace, budget)
    }

    /// The pattern along both halves of a line of so many pixels a sample, in pixels.
    #[inline]
    fn measure<S: Samples>(
        &self,
        ahead: Half<S>,
        back: Half<S>,
        pace: f32,
        budget: &mut usize,
    ) -> Option<Measure> {
        let expected = Expected { module: self.expected.module / pace, ..self.expected };
        let line = line::measure(ahead, back, expected, budget)?;
        Some(Measure { middle: line.middle * pace, module: line.module * pace, off: line.off })
    }
}
