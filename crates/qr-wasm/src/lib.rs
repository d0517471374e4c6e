//! The QR reader as a WebAssembly module for a web worker: luma in, symbols as JSON out.
//!
//! [`Reader`] is all of it; the functions that the module exports call it and nothing else. `web/scanner.js` is the
//! JavaScript side. *Nothing here holds a key or makes a decision.*

#[cfg(target_family = "wasm")]
mod abi;
mod json;

use qr::{Luma, Scanner};

/// The largest frame in bytes, padding included: 4096 × 4096 pixels. A worker's memory never shrinks again.
pub const MAX_BYTES: usize = 1 << 24;

/// A scanner with room for one frame and the answer to it; all memory is reused from frame to frame.
#[derive(Default)]
pub struct Reader {
    scanner: Scanner,
    room: Vec<u8>,
    answer: String,
}

impl Reader {
    /// A reader of a camera's frames (`video`), or of single images.
    pub fn new(video: bool) -> Self {
        Self { scanner: if video { Scanner::video() } else { Scanner::new() }, ..Self::default() }
    }

    /// Room for a frame of `length` bytes, holding what was there before; `None` above [`MAX_BYTES`].
    pub fn room(&mut self, length: usize) -> Option<&mut [u8]> {
        if length > MAX_BYTES {
            return None;
        }
        if self.room.len() < length {
            self.room.resize(length, 0);
        }
        self.room.get_mut(..length)
    }

    /// Scans the frame in the room: `height` rows of `width` pixels, each row `stride` bytes after the last.
    /// `time_is_up` as in [`Scanner::scan`].
    ///
    /// The answer is a JSON array with an object for each symbol: `text` (a string, or null where its encoding is
    /// not known), `corners` (`[x, y]` in pixels: the symbol's own top left, top right, bottom right, bottom left)
    /// and `part` (null, or `{"index", "count"}` where the symbol holds only a part of a message, index from 0).
    /// A frame that the room does not hold has no symbols.
    pub fn scan(&mut self, size: [usize; 2], stride: usize, time_is_up: impl FnMut() -> bool) -> &str {
        self.answer.clear();
        let frame = Luma::new(&self.room, size[0], size[1], stride);
        let symbols = frame.map(|frame| self.scanner.scan(frame, time_is_up)).into_iter().flatten();
        json::write(symbols, &mut self.answer);
        &self.answer
    }

    /// The last answer.
    pub fn answer(&self) -> &str {
        &self.answer
    }
}
