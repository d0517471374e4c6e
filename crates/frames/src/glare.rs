//! Lamps and windows mirrored in the card's face.

use crate::canvas::{Canvas, bounds};

/// A soft blob of light, stretched to a streak where one radius is much larger.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glare {
    /// In frame pixels.
    pub(crate) at: [f32; 2],
    pub(crate) radii: [f32; 2],
    pub(crate) turn: f32,
    /// Light in its middle; 1 saturates the sensor.
    pub(crate) strength: f32,
    /// 1 for soft all over, more for an even middle with a harder edge.
    pub(crate) edge: f32,
}

impl Glare {
    /// Adds the light where the card is.
    pub(crate) fn add(&self, canvas: &mut Canvas, mask: &Canvas) {
        let reach = self.radii[0].max(self.radii[1]) * 3.0;
        let (from, to) = bounds(&[self.at], reach);
        let (sin, cos) = self.turn.sin_cos();
        let width = canvas.width;
        canvas.blend(from, to, |x, y, old| {
            let (dx, dy) = (x - self.at[0], y - self.at[1]);
            let (u, v) = ((dx * cos + dy * sin) / self.radii[0], (dy * cos - dx * sin) / self.radii[1]);
            let light = self.strength * (-(u * u + v * v).powf(self.edge)).exp();
            old + light * mask.values[y as usize * width + x as usize]
        });
    }
}
