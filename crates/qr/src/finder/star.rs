//! What lines in several directions say together.

use super::ratio::Measure;

/// A pattern as lines through it show it.
pub(super) struct Star {
    pub(super) centre: [f32; 2],
    pub(super) module: f32,
    /// Share of the lines that show a pattern, less by what they are off.
    pub(super) score: f32,
}

/// Sums over lines.
#[derive(Default)]
pub(super) struct Sum {
    pub(super) failures: usize,
    lines: f32,
    /// Middles along their directions, and the directions' own products.
    middles: [f32; 2],
    products: [f32; 3],
    /// Squares of modules a pixel.
    density: f32,
    off: f32,
}

impl Sum {
    pub(super) fn add(&mut self, [x, y]: [f32; 2], line: &Measure) {
        self.lines += 1.0;
        self.middles[0] += line.middle * x;
        self.middles[1] += line.middle * y;
        self.products = [self.products[0] + x * x, self.products[1] + x * y, self.products[2] + y * y];
        self.density += (line.module * line.module).recip();
        self.off += line.off;
    }

    /// The centre that lines through `at` agree on: those through the centre of a square are halved by it.
    pub(super) fn star(&self, at: [f32; 2]) -> Option<Star> {
        let [a, b, c] = self.products;
        let determinant = a * c - b * b;
        if determinant < 0.1 {
            return None;
        }
        let [x, y] = self.middles;
        let shift = [(c * x - b * y) / determinant, (a * y - b * x) / determinant];
        // Lines at an angle to a square's side are longer than it: on average their density is this share.
        const DENSITY: f32 = 0.5 + std::f32::consts::FRAC_1_PI;
        let lines = self.lines + self.failures as f32;
        Some(Star {
            centre: [at[0] + shift[0], at[1] + shift[1]],
            module: (DENSITY * self.lines / self.density).sqrt(),
            score: (self.lines - self.off) / lines,
        })
    }
}
