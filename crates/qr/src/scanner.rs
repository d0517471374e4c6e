//! What is done with one frame, and in which order.

use crate::finder::{FinderPattern, Search, SearchLevel};
use crate::{Luma, Symbol, fit};

/// Finds and decodes QR symbols, frame after frame; its buffers are reused.
#[derive(Default)]
pub struct Scanner {
    search: Search,
    patterns: Vec<FinderPattern>,
    video: bool,
}

/// Frames whose shorter side would have fewer pixels are not scaled down further: a symbol of version 1 is 21 modules
/// wide.
const LEAST_SIDE: usize = 40;
/// The coarsest scale: at it, a finder pattern as wide as a frame of 50 megapixels has modules of some 50 pixels.
const MAX_REDUCTION: usize = 16;

impl Scanner {
    /// A scanner of single images: each call does all it can.
    pub fn new() -> Self {
        Self::default()
    }

    /// A scanner of a camera's frames, one after another: effort goes where something may be, and what one frame
    /// could not do the next tries otherwise.
    pub fn video() -> Self {
        Self { video: true, ..Self::default() }
    }

    /// The symbols in one frame. All work is done when this returns.
    ///
    /// `time_is_up` is asked between short pieces of work; once it says so, what was read so far is returned.
    /// Whatever the frame holds, this never panics, and its work is bounded.
    pub fn scan<F: FnMut() -> bool>(
        &mut self,
        frame: Luma<'_>,
        mut time_is_up: F,
    ) -> impl Iterator<Item = Symbol> + use<F> {
        self.patterns.clear();
        let mut reduction = 1;
        while reduction <= MAX_REDUCTION && frame.width().min(frame.height()) >= LEAST_SIDE * reduction {
            self.search(frame, reduction, &mut time_is_up);
            reduction *= 2;
        }
        fit::read(frame, &self.patterns, &mut time_is_up).into_iter()
    }

    /// Adds the finder patterns that are seen at a scale, unless they were seen before.
    fn search(&mut self, frame: Luma<'_>, reduction: usize, time_is_up: &mut dyn FnMut() -> bool) {
        let level = SearchLevel { reduction, row_step: 2, region: None, inverted: true };
        for found in self.search.find(frame, &level, time_is_up) {
            if !self.patterns.iter().any(|known| is_same(known, found)) {
                self.patterns.push(*found);
            }
        }
    }
}

/// Whether two finder patterns are one, seen at two scales.
fn is_same(a: &FinderPattern, b: &FinderPattern) -> bool {
    /// Scales measure a module differently by less than this.
    const ALIKE: f32 = 1.5;
    let near = |axis: usize| (a.centre[axis] - b.centre[axis]).abs() < a.module;
    a.inverted == b.inverted
        && near(0)
        && near(1)
        && a.module < ALIKE * b.module
        && b.module < ALIKE * a.module
}
