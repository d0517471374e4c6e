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

/// What is left of each overtone, across and down.
pub(crate) type Waves = [[f32; OVERTONES]; 2];

impl Screen {
    /// What the lens and a pixel's area leave of the grid's waves, where a step to the right and a step down move by
    /// so many texels. It changes slowly over the frame.
    pub(crate) fn waves(&self, right: [f32; 2], down: [f32; 2]) -> Waves {
        let scale = self.elements / TEXELS as f32;
        std::array::from_fn(|axis| {
            std::array::from_fn(|overtone| {
                let times = overtone as f32 + 1.0;
                let frequency = [right[axis], down[axis]].map(|step| step * scale * times);
                self.depth[axis] / times * self.left(frequency)
            })
        })
    }

    /// What the grid makes of the light at a pixel of this column and row, whose middle sees this texel.
    ///
    /// A pixel gathers light of its own colour over its area through a blurred lens. The grid being a sum of
    /// waves, what is left of each wave is exact: its share after blur and area, at the phase of the pixel. That
    /// sampling below the grid's own frequency turns fine waves into coarse ones needs nothing more.
    #[inline]
    pub(crate) fn at(&self, [x, y]: [usize; 2], texel: [f32; 2], waves: &Waves) -> f32 {
        let scale = self.elements / TEXELS as f32;
        // The sensor's colours in squares of four (green and red, blue and green); on the screen red is left of
        // green and blue right of it.
        let colour = (x % 2) as f32 / 3.0 - (y % 2) as f32 / 3.0;
        let mut light = 1.0;
        for ((texel, shift), waves) in texel.into_iter().zip([colour, 0.0]).zip(waves) {
            let wave = (TAU * (texel * scale + shift)).cos();
            // Its overtones by Chebyshev's polynomials.
            let overtones = [wave, 2.0 * wave * wave - 1.0, (4.0 * wave * wave - 3.0) * wave];
            light *= 1.0 + waves.iter().zip(overtones).map(|(left, wave)| left * wave).sum::<f32>();
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
