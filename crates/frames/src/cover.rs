//! Fingers and things before the card.

use crate::canvas::Canvas;
use crate::scene::Light;

/// A rounded bar: a finger, a pen, a clip. Coordinates are frame pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cover {
    pub(crate) from: [f32; 2],
    pub(crate) to: [f32; 2],
    pub(crate) width: f32,
    /// The share of light it returns.
    pub(crate) shade: f32,
    /// Pixels that its edge takes.
    pub(crate) soft: f32,
}

impl Cover {
    pub(crate) fn draw(&self, canvas: &mut Canvas, light: &Light) {
        let value = self.shade * light.level;
        // A soft shadow beside it, then the thing, brighter along its ridge.
        let aside = |point: [f32; 2]| [point[0] + self.width * 0.08, point[1] + self.width * 0.12];
        canvas.stroke(aside(self.from), aside(self.to), self.width, self.width * 0.35, value * 0.2, 0.35);
        canvas.stroke(self.from, self.to, self.width, self.soft, value * 0.75, 1.0);
        canvas.stroke(self.from, self.to, self.width * 0.45, self.width * 0.5, value * 1.15, 0.9);
    }
}
