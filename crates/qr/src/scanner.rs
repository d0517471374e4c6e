//! What is done with one frame, and in which order.

use crate::finder::{Search, SearchLevel};
use crate::fit::{Reading, Work};
use crate::{Luma, Symbol};

/// Finds and decodes QR symbols, frame after frame; its buffers are reused.
#[derive(Default)]
pub struct Scanner {
    search: Search,
    video: bool,
}

/// Looks at pixels that fitting may take in one frame: about half a second's.
const MAX_LOOKS: usize = 100_000_000;
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
        let mut reading = Reading::new(frame, Work::new(MAX_LOOKS, &mut time_is_up));
        let mut reduction = 1;
        while reduction <= MAX_REDUCTION && frame.width().min(frame.height()) >= LEAST_SIDE * reduction {
            self.look(&mut reading, frame, reduction, 2);
            reading.read();
            reduction *= 2;
        }
        if reading.symbols().is_empty() || reading.promising().next().is_some() {
            reading.clarify();
            reading.read();
            reading.complete();
        }
        reading.into_symbols().into_iter()
    }

    /// Takes in the finder patterns that are seen at a scale.
    fn look(&mut self, reading: &mut Reading<'_, '_>, frame: Luma<'_>, reduction: usize, row_step: usize) {
        let level = SearchLevel { reduction, row_step, region: None, inverted: true };
        let patterns = self.search.find(frame, &level, reading.work().time_is_up());
        reading.add(patterns);
    }
}
