//! Scaling up, with room around: for pictures cut at their symbol's edge, and of hardly more than a pixel a module.

use crate::Luma;

/// A frame at a larger scale within a light margin; its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Enlarged {
    pixels: Vec<u8>,
    factor: usize,
}

/// Margin around the frame in its own pixels: a quiet zone of four modules of three pixels.
const MARGIN: usize = 12;
const LIGHT: u8 = 255;

impl Enlarged {
    /// The frame `factor` times as large, each pixel a square, with its margin; larger than `most` pixels it is not
    /// made.
    pub(crate) fn fill(&mut self, frame: Luma<'_>, factor: usize, most: usize) -> Option<Luma<'_>> {
        self.factor = factor.max(1);
        let side = |length: usize| length.checked_add(2 * MARGIN)?.checked_mul(self.factor);
        let (width, height) = (side(frame.width())?, side(frame.height())?);
        if width.checked_mul(height)? > most {
            return None;
        }
        self.pixels.clear();
        self.pixels.resize(width * height, LIGHT);
        let margin = MARGIN * self.factor;
        for (y, out) in self.pixels.chunks_exact_mut(width).skip(margin).take(height - 2 * margin).enumerate()
        {
            let row = frame.row(y / self.factor);
            for (square, &value) in out[margin..].chunks_exact_mut(self.factor).zip(row) {
                square.fill(value);
            }
        }
        Luma::new(&self.pixels, width, height, width)
    }

    /// Where a point of the enlarged frame lies in the frame itself.
    pub(crate) fn restore(&self, point: [f32; 2]) -> [f32; 2] {
        point.map(|at| at / self.factor as f32 - MARGIN as f32)
    }

    /// A length in the frame itself.
    pub(crate) fn restore_length(&self, length: f32) -> f32 {
        length / self.factor as f32
    }
}
