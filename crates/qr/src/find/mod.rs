//! Finding: a frame becomes grids of modules. Never reads a payload.
//!
//! The search itself is rqrr's. It is not fit for hostile or unlucky pictures (it can panic, and the time it takes
//! to group finder patterns has no useful bound), so it works on a [`canvas::Canvas`] that counts every pixel it
//! touches and ends the search when the budget is spent.

mod canvas;
mod guard;
mod quad;
mod shrink;

#[cfg(test)]
mod tests;

use crate::grid::{MAX_SIDE, MIN_SIDE};
use crate::{BitGrid, Luma};
use canvas::{Canvas, Pixels};
pub use guard::hush_caught_panics;

/// Frames of more pixels are scaled down by a whole number first: four megapixels show a version 40 symbol at ten
/// pixels a module.
pub const MAX_PIXELS: usize = 1 << 22;
/// Symbols taken from one frame; each costs a decode.
pub const MAX_SYMBOLS: usize = 128;

/// What one search came to.
pub(crate) struct Found<'a> {
    pub(crate) grids: &'a [BitGrid],
    /// Whether the search came to its end.
    pub(crate) complete: bool,
}

/// Finds grids; its memory is reused from frame to frame.
#[derive(Default)]
pub(crate) struct Finder {
    pixels: Pixels,
    grids: Vec<BitGrid>,
    found: usize,
}

impl Finder {
    /// The grids that may be symbols in a frame scaled down by `reduction` (and more where it is above
    /// [`MAX_PIXELS`]), corners in the frame's own pixels.
    pub(crate) fn find(&mut self, frame: Luma<'_>, reduction: usize) -> Found<'_> {
        let factor = reduction * shrink::factor(frame.width(), frame.height(), MAX_PIXELS);
        self.found = 0;
        let complete = self.search(frame, factor);
        Found { grids: &self.grids[..self.found], complete }
    }

    /// Searches the frame scaled down by `factor`; whether the search came to its end.
    fn search(&mut self, frame: Luma<'_>, factor: usize) -> bool {
        let (width, height) = shrink::shrink(frame, factor, &mut self.pixels);
        if width.min(height) < MIN_SIDE {
            return true;
        }
        let (canvas, lease) = Canvas::new(std::mem::take(&mut self.pixels), width, height);
        let ended = guard::guarded(|| {
            let mut image = rqrr::PreparedImage::prepare(canvas);
            for grid in image.detect_grids().iter().take(MAX_SYMBOLS - self.found) {
                self.keep(grid, factor);
            }
        });
        self.pixels = lease.reclaim();
        ended.is_some()
    }

    /// Samples a grid of rqrr's into the next of ours.
    fn keep<G: rqrr::BitGrid>(&mut self, grid: &rqrr::Grid<G>, factor: usize) {
        let side = grid.grid.size();
        if !(MIN_SIDE..=MAX_SIDE).contains(&side) {
            return;
        }
        if self.found == self.grids.len() {
            self.grids.push(BitGrid::default());
        }
        let kept = &mut self.grids[self.found];
        kept.refill(side, |x, y| grid.grid.bit(y, x));
        kept.corners = corners(grid.bounds, side).map(|corner| corner.map(|at| shrink::restore(at, factor)));
        self.found += 1;
    }
}

/// The grid's corners. rqrr's bounds lie a module too far to the right and below.
fn corners(bounds: [rqrr::Point; 4], side: usize) -> [[f32; 2]; 4] {
    let bounds = bounds.map(|point| [point.x as f32, point.y as f32]);
    let end = side as f32 / (side + 1) as f32;
    let map = quad::from_unit_square(bounds);
    [[0.0, 0.0], [end, 0.0], [end, end], [0.0, end]].map(map)
}
