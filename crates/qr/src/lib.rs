//! QR symbols out of luma frames. Knows nothing of certificates.
//!
//! [`Scanner::scan`] is all that a program needs; for a camera's frames [`Held`] tells which codes are new, and
//! [`Hints`] why none is read. Inside, `threshold` tells dark from light, `finder` finds finder
//! patterns, `fit` makes symbols of them and takes a level of each module ([`SoftGrid`]), and [`decode`] turns levels
//! into a payload without ever seeing a pixel.

pub mod decode;
mod finder;
mod fit;
mod grid;
mod held;
mod hint;
mod luma;
mod order;
mod rest;
mod scanner;
mod threshold;
mod watch;

pub use decode::{Piece, StructuredAppend};
pub use grid::{BitGrid, SoftGrid};
pub use held::Held;
pub use hint::{Hint, Hints};
pub use luma::Luma;
pub use scanner::Scanner;

/// What a zip file begins with (PKWARE's APPNOTE.TXT §4.3.7).
const ZIP: &[u8] = b"PK\x03\x04";

/// A decoded symbol.
#[derive(Clone, Debug, PartialEq)]
pub struct Symbol {
    /// The payload: bytes in the symbol's own encoding (kanji as Shift-JIS).
    pub bytes: Vec<u8>,
    /// The payload as text, where its encoding is known and valid: see [`decode::Payload::text`].
    pub text: Option<String>,
    /// Where there is no text: its pieces, some of which are to be decoded; see [`decode::Payload::pieces`].
    pub pieces: Vec<Piece>,
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
        Some(Self::new(decoded, &SoftGrid::from(grid)))
    }

    /// All that it holds as one text: its text; a [zip file](Self::zip_file); of other bytes, what is no UTF-8
    /// replaced.
    pub fn into_text(self) -> String {
        let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.zip_file().or(self.text).unwrap_or_else(|| lossy(&self.bytes))
    }

    /// A zip file that it holds as it is, each byte a character (ISO 8859-1), whatever else its bytes could be
    /// taken for; `None` where it holds none.
    pub fn zip_file(&self) -> Option<String> {
        self.bytes.starts_with(ZIP).then(|| self.bytes.iter().map(|&byte| char::from(byte)).collect())
    }

    /// Pixels a module, on average.
    pub(crate) fn module(&self) -> f32 {
        let [a, b, c, d] = self.corners;
        let diagonal = |from: [f32; 2], to: [f32; 2]| (to[0] - from[0]).hypot(to[1] - from[1]);
        let side = (diagonal(a, c) + diagonal(b, d)) / (2.0 * std::f32::consts::SQRT_2);
        side / (17.0 + 4.0 * f32::from(self.version))
    }

    /// The symbol that was decoded from `grid`.
    fn new(decoded: decode::Decoded, grid: &SoftGrid) -> Self {
        let text = decoded.payload.text();
        Self {
            pieces: if text.is_none() { decoded.payload.pieces().unwrap_or_default() } else { Vec::new() },
            text,
            bytes: decoded.payload.bytes,
            corners: if decoded.mirrored { grid.mirrored_corners() } else { grid.corners },
            version: decoded.version.number(),
            ecc: decoded.format.ecc.letter(),
            structured_append: decoded.payload.structured_append,
        }
    }
}
