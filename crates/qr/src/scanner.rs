//! What is done with one frame, and in which order.

use crate::finder::{Search, SearchLevel};
use crate::fit::{Reading, Work, contains};
use crate::hint::{Hint, clue};
use crate::rest;
use crate::threshold::{Enlarged, Scaling};
use crate::watch::{Focus, Watch};
use crate::{Luma, Symbol};

/// Finds and decodes QR symbols, frame after frame; its buffers are reused.
#[derive(Default)]
pub struct Scanner {
    search: Search,
    enlarged: Enlarged,
    /// What earlier frames of a stream showed; none where images have nothing to do with each other.
    watch: Option<Watch>,
    hint: Option<Hint>,
}

/// Looks at pixels that fitting may take in one image: about a fifth of a second's.
const IMAGE_LOOKS: usize = 30_000_000;
/// The same in a frame of a stream: about a frame's time at 30 frames a second on a slow phone.
const FRAME_LOOKS: usize = 1_500_000;
/// What would have fewer pixels along its shorter side is not scaled down: a symbol of version 1 is 21 modules wide, and
/// where one has less than three pixels a module, the scale before shows it as well.
const LEAST_SCALED_SIDE: usize = 60;
/// What has fewer pixels along its shorter side holds no symbol that could be read.
const LEAST_SIDE: usize = 30;
/// How an image is searched. Half its size comes first: most
/// symbols are seen there, and what they cover need not be searched at the full. At the last, a finder pattern as wide
/// as a frame of 50 megapixels has modules of some 50 pixels.
const IMAGE_SCALES: [SearchLevel; 5] = [
    SearchLevel::new(2, 2, 1),
    SearchLevel::new(1, 3, 1),
    SearchLevel::new(4, 1, 0),
    SearchLevel::new(8, 1, 0),
    SearchLevel::new(16, 1, 0),
];
/// What else is looked at where something is left to read: rows that were passed over.
const OTHER_ROWS: SearchLevel = SearchLevel::new(1, 3, 0);
/// What else is tried where all that showed nothing.
const LAST_SCALES: [SearchLevel; 2] = [SearchLevel::new(1, 3, 2), SearchLevel::new(3, 1, 0)];
/// Pictures are enlarged up to this side: small ones may have a pixel a module, or no quiet zone.
const ENLARGED_SIDE: usize = 1200;
const MAX_ENLARGEMENT: usize = 3;
/// Places for third finder patterns that are looked at in an image.
const IMAGE_PLACES: usize = 60;
/// Unclear patterns and places that are looked at where a stream shows a trace of a symbol, and where it shows none.
const FOCUS_EFFORT: usize = 24;
const IDLE_EFFORT: usize = 4;

impl Scanner {
    /// A scanner of single images: each call does all it can.
    pub fn new() -> Self {
        Self::default()
    }

    /// A scanner of a camera's frames, one after another: effort goes where something may be, and what one frame
    /// could not do the next tries otherwise.
    pub fn video() -> Self {
        Self { watch: Some(Watch::default()), ..Self::default() }
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
        let symbols = match self.watch.take() {
            None => self.image(Reading::new(frame, Work::new(IMAGE_LOOKS, &mut time_is_up))),
            Some(mut watch) => {
                let reading = Reading::new(frame, Work::new(FRAME_LOOKS, &mut time_is_up));
                let symbols = self.frame(reading, &mut watch);
                self.watch = Some(watch);
                symbols
            }
        };
        symbols.into_iter()
    }

    /// What may have kept a code in the last frame of a stream from being read; single images give no hints, and
    /// what was not looked at to its end none but of darkness. One frame proves little: [`Hints`](crate::Hints) tells what lasts.
    pub fn hint(&self) -> Option<Hint> {
        self.hint
    }

    /// All scales, and all effort where something is left to read.
    fn image(&mut self, mut reading: Reading<'_, '_>) -> Vec<Symbol> {
        IMAGE_SCALES.iter().for_each(|&scale| self.look_at_rest(&mut reading, scale));
        if reading.symbols().is_empty() || reading.promising().next().is_some() {
            self.look_at_rest(&mut reading, OTHER_ROWS);
            reading.clarify(usize::MAX);
            reading.complete(IMAGE_PLACES);
        }
        if reading.symbols().is_empty() {
            LAST_SCALES.iter().for_each(|&scale| self.look_at_rest(&mut reading, scale));
            reading.clarify(usize::MAX);
            reading.complete(IMAGE_PLACES);
        }
        if reading.symbols().is_empty() && !reading.work().is_over() {
            self.look_at_enlarged(&mut reading);
        }
        reading.into_symbols()
    }

    /// Takes in the finder patterns that are seen at a scale where no symbol was read yet.
    fn look_at_rest(&mut self, reading: &mut Reading<'_, '_>, level: SearchLevel) {
        let least = if level.reduction == 1 { LEAST_SIDE } else { LEAST_SCALED_SIDE * level.reduction };
        for region in rest::regions(reading.frame(), reading.symbols(), least) {
            if reading.work().is_over() {
                return;
            }
            self.look(reading, SearchLevel { region: Some(region), ..level });
        }
    }

    /// Takes in the finder patterns that are seen in the frame enlarged, or with room around.
    fn look_at_enlarged(&mut self, reading: &mut Reading<'_, '_>) {
        let frame = reading.frame();
        // What cannot be enlarged has modules of many pixels where it fills the frame, and where it does not, no need of
        // room around.
        let scaling = match ENLARGED_SIDE / frame.width().max(frame.height()) {
            0 | 1 => Scaling::Down(2),
            factor => Scaling::Up(factor.min(MAX_ENLARGEMENT)),
        };
        let most = ENLARGED_SIDE * ENLARGED_SIDE;
        let Some(enlarged) = self.enlarged.fill(frame, scaling, most) else { return };
        let level = SearchLevel::new(1, 2, 1);
        let mut patterns =
            self.search.find(enlarged, &level, &|_at| false, &mut || reading.work().is_over()).to_vec();
        for pattern in &mut patterns {
            pattern.centre = self.enlarged.restore(pattern.centre);
            pattern.module = self.enlarged.restore_length(pattern.module);
        }
        reading.add(&patterns);
    }

    /// Where something was seen first, then elsewhere when it is time to.
    fn frame(&mut self, mut reading: Reading<'_, '_>, watch: &mut Watch) -> Vec<Symbol> {
        let turn = watch.next();
        if let Some(focus) = watch.focus() {
            self.look(&mut reading, turn.near(focus));
            strive(&mut reading, FOCUS_EFFORT);
        }
        if watch.focus().is_none() || turn.is_wide() {
            let whole = turn.whole(reading.frame());
            self.look(&mut reading, whole);
            let trace = reading.promising().next().is_some();
            strive(&mut reading, if trace { FOCUS_EFFORT } else { IDLE_EFFORT });
        }
        watch.saw(Focus::of(&reading));
        self.hint = if reading.symbols().is_empty() { clue(&mut reading) } else { None };
        reading.into_symbols()
    }

    /// Takes in the finder patterns that are seen at a scale.
    fn look(&mut self, reading: &mut Reading<'_, '_>, level: SearchLevel) {
        let frame = reading.frame();
        let read: Vec<_> = reading.symbols().iter().map(|symbol| symbol.corners).collect();
        let skip = |at| read.iter().any(|corners| contains(corners, at));
        let patterns = self.search.find(frame, &level, &skip, &mut || reading.work().is_over());
        reading.add(patterns);
    }
}

/// Reads what can be read; where that is nothing, looks closer at the best `effort` traces.
fn strive(reading: &mut Reading<'_, '_>, effort: usize) {
    if reading.symbols().is_empty() {
        reading.clarify(effort);
    }
    if reading.symbols().is_empty() && reading.promising().next().is_some() {
        reading.complete(effort);
    }
}
