//! What a stream of frames showed, and where to look next.

use crate::Luma;
use crate::finder::SearchLevel;
use crate::fit::Reading;
use crate::threshold::Region;

/// What earlier frames showed.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    frames: u32,
    focus: Option<Focus>,
    /// Frames since the focus showed anything.
    misses: u32,
}

/// A part of the frame in which something was seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Focus {
    pub(crate) region: Region,
    /// Pixels a module.
    module: f32,
}

/// One frame's share of what is tried in turns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn(u32);

/// A focus that shows nothing for so many frames is given up: a hand shakes, autofocus hunts.
const PATIENCE: u32 = 6;
/// While there is a focus, every so many frames the rest is searched, too.
const WIDE_EVERY: u32 = 4;
/// From so many pixels on, every other frame is searched at half its scale only.
const LARGE_FRAME: usize = 1_500_000;
/// A symbol moves between frames, and is sought around where it was: by this share of its size to every side.
const AROUND: f32 = 0.35;
/// Modules from a lone finder pattern to the far end of a symbol of version 25.
const SYMBOL: f32 = 117.0;

impl Watch {
    /// Begins a frame.
    pub(crate) fn next(&mut self) -> Turn {
        self.frames = self.frames.wrapping_add(1);
        Turn(self.frames)
    }

    pub(crate) fn focus(&self) -> Option<Focus> {
        self.focus
    }

    /// Ends a frame that showed something at `focus`, or nothing.
    pub(crate) fn saw(&mut self, focus: Option<Focus>) {
        self.misses = if focus.is_some() { 0 } else { self.misses + 1 };
        if focus.is_some() || self.misses > PATIENCE {
            self.focus = focus;
        }
    }
}

impl Focus {
    /// Around the symbols that were read or else what looks like finder patterns.
    pub(crate) fn of(reading: &Reading<'_, '_>) -> Option<Self> {
        let corners: Vec<_> = reading.symbols().iter().flat_map(|symbol| symbol.corners).collect();
        let module = reading.symbols().iter().map(|symbol| symbol.module()).reduce(f32::min);
        if let Some(module) = module {
            return Some(Self::around(&corners, 0.0, module, reading.frame()));
        }
        let centres: Vec<_> = reading.promising().map(|ring| ring.centre).collect();
        let module = reading.promising().map(|ring| ring.module()).reduce(f32::min)?;
        Some(Self::around(&centres, SYMBOL * module, module, reading.frame()))
    }

    /// The box around the points, grown by its own share and `reach` pixels.
    fn around(points: &[[f32; 2]], reach: f32, module: f32, frame: Luma<'_>) -> Self {
        let range = |axis: usize, end: usize| {
            let values = || points.iter().map(move |point| point[axis]);
            let (least, most) = (values().fold(f32::MAX, f32::min), values().fold(f32::MIN, f32::max));
            let grow = (most - least) * AROUND + reach;
            // The conversion saturates.
            let (from, to) = ((least - grow) as usize, (most + grow).ceil() as usize);
            (from.min(end), to.min(end))
        };
        let ((left, right), (top, bottom)) = (range(0, frame.width()), range(1, frame.height()));
        let (width, height) = (right.saturating_sub(left), bottom.saturating_sub(top));
        Self { region: Region { left, top, width, height }, module }
    }
}

impl Turn {
    /// Whether the whole frame is searched though there is a focus.
    pub(crate) fn is_wide(self) -> bool {
        self.0.is_multiple_of(WIDE_EVERY)
    }

    /// How the whole frame is searched.
    pub(crate) fn whole(self, frame: Luma<'_>) -> SearchLevel {
        let large = frame.width() * frame.height() >= LARGE_FRAME;
        let reduction = match self.0 % 4 {
            0 | 2 if !large => 1,
            0 => 1,
            3 => 4,
            _ => 2,
        };
        let row_step = if reduction == 1 { 3 } else { 2 };
        SearchLevel::new(reduction, row_step, row_step / 2)
    }

    /// How the focus is searched.
    pub(crate) fn near(self, focus: Focus) -> SearchLevel {
        /// Pixels a module that are plenty for a search.
        const PLENTY: f32 = 5.0;
        let fine = ((focus.module / PLENTY) as usize).clamp(1, 8);
        // What one scale does not show the next may: noise and blur average away.
        let reduction = if self.0.is_multiple_of(3) { 2 * fine } else { fine };
        SearchLevel { region: Some(focus.region), ..SearchLevel::new(reduction, 2, 1) }
    }
}
