//! Scaling up, with room around: for pictures cut at their symbol's edge, and of hardly more than a pixel a module.

use crate::Luma;

/// A frame at another scale within a light margin; its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Enlarged {
    pixels: Vec<u8>,
    /// Pixels for one of the frame.
    scale: f32,
}

/// How a frame is scaled: each of every so many pixels becomes a square of so many.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scaling {
    /// Every pixel a square of this side.
    Up(usize),
    /// One of so many pixels along either axis.
    Down(usize),
}

/// Margin around the frame in pixels before they are enlarged: a quiet zone of four modules of three pixels.
const MARGIN: usize = 12;
const LIGHT: u8 = 255;

impl Enlarged {
    /// The frame so scaled with its margin; larger than `most` pixels it is not made.
    pub(crate) fn fill(&mut self, frame: Luma<'_>, scaling: Scaling, most: usize) -> Option<Luma<'_>> {
        let (up, down) = match scaling {
            Scaling::Up(factor) => (factor.max(1), 1),
            Scaling::Down(factor) => (1, factor.max(1)),
        };
        self.scale = up as f32 / down as f32;
        let side = |length: usize| (length / down).checked_add(2 * MARGIN)?.checked_mul(up);
        let (width, height) = (side(frame.width())?, side(frame.height())?);
        if width.checked_mul(height)? > most {
            return None;
        }
        self.pixels.clear();
        self.pixels.resize(width * height, LIGHT);
        let margin = MARGIN * up;
        let rows = self.pixels.chunks_exact_mut(width).skip(margin).take(height - 2 * margin);
        for (y, out) in rows.enumerate() {
            let row = frame.row(y / up * down).iter().step_by(down);
            for (square, &value) in out[margin..width - margin].chunks_exact_mut(up).zip(row) {
                square.fill(value);
            }
        }
        Luma::new(&self.pixels, width, height, width)
    }

    /// Where a point of the scaled frame lies in the frame itself.
    pub(crate) fn restore(&self, point: [f32; 2]) -> [f32; 2] {
        let margin = MARGIN as f32 * self.scale.max(1.0);
        point.map(|at| (at - margin) / self.scale)
    }

    /// A length in the frame itself.
    pub(crate) fn restore_length(&self, length: f32) -> f32 {
        length / self.scale
    }
}
