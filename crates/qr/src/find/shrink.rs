//! Scaling frames down by whole numbers.

use super::canvas::Pixels;
use crate::Luma;

/// The least whole factor that brings a frame to at most `max_pixels`.
pub(super) fn factor(width: usize, height: usize, max_pixels: usize) -> usize {
    let fits = |&factor: &usize| (width / factor) * (height / factor) <= max_pixels;
    // safe: at a factor of either side nothing but one row or column is left
    (1..=width.max(height)).find(fits).unwrap_or(1)
}

/// Fills `out` with the averages of squares of `factor` pixels; incomplete squares at the right and bottom are
/// left out. Returns width and height, which may be 0.
pub(super) fn shrink(frame: Luma<'_>, factor: usize, out: &mut Pixels) -> (usize, usize) {
    let (width, height) = (frame.width() / factor, frame.height() / factor);
    out.clear();
    if factor == 1 {
        (0..height).for_each(|y| out.extend(frame.row(y).iter().map(|&value| value.into())));
        return (width, height);
    }
    let mut sums = vec![0usize; width];
    for y in 0..height {
        sums.fill(0);
        for row in (0..factor).map(|dy| frame.row(y * factor + dy)) {
            for (sum, square) in sums.iter_mut().zip(row.chunks_exact(factor)) {
                *sum += square.iter().map(|&value| usize::from(value)).sum::<usize>();
            }
        }
        out.extend(sums.iter().map(|&sum| ((sum / (factor * factor)) as u8).into()));
    }
    (width, height)
}

/// A coordinate in the frame for one in its scaled-down copy, both counted from the centre of the first pixel.
pub(super) fn restore(at: f32, factor: usize) -> f32 {
    at * factor as f32 + (factor - 1) as f32 / 2.0
}
