//! The QR reader as a WebAssembly module for a web worker: luma in, symbols and hints as JSON out.
//!
//! [`Reader`] is all of it; the functions that the module exports call it and nothing else. `web/scanner.js` is the
//! JavaScript side. *Nothing here holds a key or makes a decision.*

#[cfg(target_family = "wasm")]
mod abi;
mod json;

use std::time::Duration;

use qr::{Held, Hints, Luma, Scanner, Symbol};

/// The largest frame in bytes, padding and colours that come with it included: 4096 × 4096 pixels with colours at half
/// that (I420). A worker's memory never shrinks again.
pub const MAX_BYTES: usize = 3 << 23;

/// A symbol, and whether it came into view only now and is the first of its kind.
struct Shown {
    symbol: Symbol,
    new: bool,
}

/// A scanner with room for one frame and the answer to it; all memory is reused from frame to frame.
#[derive(Default)]
pub struct Reader {
    scanner: Scanner,
    /// What frames of a stream have to do with each other; none where single images have nothing.
    stream: Option<Stream>,
    room: Vec<u8>,
    answer: String,
}

#[derive(Default)]
struct Stream {
    held: Held,
    hints: Hints,
}

impl Reader {
    /// A reader of a camera's frames (`video`), or of single images.
    pub fn new(video: bool) -> Self {
        let scanner = if video { Scanner::video() } else { Scanner::new() };
        Self { scanner, stream: video.then(Stream::default), ..Self::default() }
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

    /// Scans the frame in the room: `height` rows of `width` pixels, each row `stride` bytes after the last; `now`
    /// counts from any moment, always the same one. `time_is_up` as in [`Scanner::scan`].
    ///
    /// The answer is a JSON object: `hint` (null, or the name of a [`qr::Hint`]) and `symbols`, an array with an object
    /// for each: `text` (a string, or null), `new` (whether it came into view with this frame, as all of a single image
    /// did; of equal ones only the first is), `corners` (`[x, y]` in
    /// pixels: the symbol's own top left, top right, bottom right, bottom left) and `part` (null, or
    /// `{"index", "count"}` where the symbol holds only a part of a message, index from 0). What has no text has
    /// `pieces`, each a string or `[label, bytes]` to be decoded (none where the encoding is not known), and all its
    /// `bytes`; bytes are hexadecimal. A frame that the room does not hold has no symbols and no hint.
    pub fn scan(
        &mut self,
        size: [usize; 2],
        stride: usize,
        now: Duration,
        time_is_up: impl FnMut() -> bool,
    ) -> &str {
        let frame = Luma::new(&self.room, size[0], size[1], stride);
        let symbols: Option<Vec<_>> = frame.map(|frame| self.scanner.scan(frame, time_is_up).collect());
        self.answer.clear();
        match symbols {
            Some(symbols) => self.tell(symbols, now),
            None => json::write(std::iter::empty(), None, &mut self.answer),
        }
        &self.answer
    }

    /// Answers with what a frame showed.
    fn tell(&mut self, symbols: Vec<Symbol>, now: Duration) {
        let keys = symbols.iter().map(key).collect();
        let (mut new, hint) = match &mut self.stream {
            Some(Stream { held, hints }) => {
                let hint = hints.after(self.scanner.hint(), !symbols.is_empty(), now);
                (held.newly_shown(keys, now), hint)
            }
            None => (keys, None),
        };
        let shown = symbols.into_iter().map(|symbol| {
            let (key, left) = (key(&symbol), new.len());
            new.retain(|other| *other != key);
            Shown { new: new.len() < left, symbol }
        });
        json::write(shown, hint.map(qr::Hint::name), &mut self.answer);
    }

    /// The last answer.
    pub fn answer(&self) -> &str {
        &self.answer
    }
}

/// What tells a symbol from others: its text or else its bytes.
fn key(symbol: &Symbol) -> String {
    let bytes = || symbol.bytes.iter().map(|&byte| char::from(byte)).collect();
    symbol.text.clone().unwrap_or_else(bytes)
}
