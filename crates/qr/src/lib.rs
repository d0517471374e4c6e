//! QR symbols out of luma frames. Knows nothing of certificates.
//!
//! [`Scanner::scan`] is all that a program needs. Inside, finding turns pixels into grids of modules
//! ([`BitGrid`]), and [`decode`] turns a grid into a payload; neither knows of the other.

pub mod decode;
mod find;
#[allow(dead_code)]
mod finder;
mod grid;
mod luma;
#[allow(dead_code)]
mod threshold;

pub use decode::StructuredAppend;
pub use find::{MAX_PIXELS, MAX_SYMBOLS, hush_caught_panics};
pub use grid::{BitGrid, SoftGrid};
pub use luma::Luma;

/// A decoded symbol.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    /// The payload: bytes in the symbol's own encoding (kanji as Shift-JIS).
    pub bytes: Vec<u8>,
    /// The payload as text, where its encoding is known and valid: see [`decode::Payload::text`].
    pub text: Option<String>,
    /// Corners in pixels: the symbol's own top left, top right, bottom right, bottom left. Clockwise in the
    /// frame, but for a symbol seen mirrored.
    pub corners: [[f32; 2]; 4],
    /// Version, 1 to 40 (ISO/IEC 18004).
    pub version: u8,
    /// Error correction level: `L`, `M`, `Q` or `H`.
    pub ecc: char,
    /// Place in a series of symbols that carry one message together; this one holds only a part.
    pub structured_append: Option<StructuredAppend>,
}

impl Symbol {
    /// The symbol that `grid` holds, if any.
    pub fn from_grid(grid: &BitGrid) -> Option<Self> {
        let decoded = decode::decode(grid).ok()?;
        let corners = if decoded.mirrored { grid.transposed().corners } else { grid.corners };
        Some(Self {
            text: decoded.payload.text(),
            bytes: decoded.payload.bytes,
            corners,
            version: decoded.version.number(),
            ecc: decoded.format.ecc.letter(),
            structured_append: decoded.payload.structured_append,
        })
    }
}

/// Scales that a frame is searched at until a symbol is read. Noise and blur average away at half the scale; a third
/// search is for frames whose texture, taken for finder patterns, made the second one end early.
const REDUCTIONS: [usize; 3] = [1, 2, 4];

/// Finds and decodes QR symbols, frame after frame; its buffers are reused.
#[derive(Default)]
pub struct Scanner {
    finder: find::Finder,
    video: bool,
}

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
    ///
    /// Never panics, whatever the frame holds; frames above [`MAX_PIXELS`] are searched at a smaller scale, and no
    /// frame is searched without end. Panics caught inside reach the process's panic hook first:
    /// see [`hush_caught_panics`]. With `panic = "abort"` they end the process.
    pub fn scan<F: FnMut() -> bool>(
        &mut self,
        frame: Luma<'_>,
        mut time_is_up: F,
    ) -> impl Iterator<Item = Symbol> + use<F> {
        let mut symbols = Vec::new();
        for reduction in REDUCTIONS {
            let found = self.finder.find(frame, reduction);
            symbols.extend(found.grids.iter().filter_map(Symbol::from_grid));
            if !symbols.is_empty()
                || time_is_up()
                || self.video && reduction > 1
                || (found.complete && reduction > 1)
            {
                break;
            }
        }
        symbols.into_iter()
    }
}
