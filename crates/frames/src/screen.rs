//! A screen's grid of picture elements, as the camera's grid of pixels samples it: moiré.

use std::f32::consts::TAU;

use crate::card::TEXELS;

/// Stripes of red, green and blue beside each other, dark lines between rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    /// Picture elements a module.
    pub(crate) elements: f32,
    /// How much of the light the grid takes away and gives back, across and down.
    pub(crate) depth: [f32; 2],
    /// Deviation of the blur before the sensor, in camera pixels.
    pub(crate) blur: f32,
}

/// Frequencies that matter: beyond the third overtone the lens leaves nothing.
const OVERTONES: usize = 3;

impl Screen {
    /// What the grid makes of the light at a pixel of this column and row: the texel in its corner, and what a
    /// step to the right and a step down move by.
    ///
    /// A pixel gathers light of its own colour over its area through a blurred lens. The grid being a sum of
    /// waves, what is left of each wave is exact: its share after blur and area, at the phase of the pixel. That
    /// sampling below the grid's own frequency turns fine waves into coarse ones needs nothing more.
    #[inline]
    pub(crate) fn at(&self, [x, y]: [usize; 2], texel: [f32; 2], right: [f32; 2], down: [f32; 2]) -> f32 {
        let scale = self.elements / TEXELS as f32;
        // The sensor's colours in squares of four (green and red, blue and green); on the screen red is left of
        // green and blue right of it.
        let colour = (x % 2) as f32 / 3.0 - (y % 2) as f32 / 3.0;
        let mut light = 1.0;
        for (axis, shift) in [colour, 0.0].into_iter().enumerate() {
            // Elements from pixel to pixel, to the right and down.
            let (across, along) = (right[axis] * scale, down[axis] * scale);
            let phase = (texel[axis] + (right[axis] + down[axis]) / 2.0) * scale + shift;
            let mut wave = 0.0;
            for overtone in 1..=OVERTONES {
                let times = overtone as f32;
                let left = self.left([across * times, along * times]);
                if left > 1e-3 {
                    wave += left / times * (TAU * phase * times).cos();
                }
            }
            light *= 1.0 + self.depth[axis] * wave;
        }
        light.max(0.0)
    }

    /// The share of a wave that passes the lens and the pixel's area; its frequency is in waves a pixel.
    #[inline]
    fn left(&self, frequency: [f32; 2]) -> f32 {
        let square = frequency[0] * frequency[0] + frequency[1] * frequency[1];
        let lens = (-TAU * TAU / 2.0 * self.blur * self.blur * square).exp();
        lens * sinc(frequency[0]).abs() * sinc(frequency[1]).abs()
    }
}

/// What the mean over a pixel leaves of a wave.
fn sinc(frequency: f32) -> f32 {
    let angle = frequency * TAU / 2.0;
    if angle.abs() < 1e-4 { 1.0 } else { angle.sin() / angle }
}
