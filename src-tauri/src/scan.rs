//! From frames to texts, on a thread of its own.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use camera::Frame;
use picture::Picture;
use qr::{Held, Hint, Hints, Luma, Scanner, Symbol};

use crate::frames::Frames;

/// How long to wait for a frame before looking whether a held code has gone.
const WAIT: Duration = Duration::from_millis(500);

/// What scanning has to say.
pub(crate) enum Seen {
    /// A code came into view: once for as long as it is held there.
    Text(String),
    /// Why a code in view is not read, from now on; `None` once that is over.
    Hint(Option<Hint>),
}

/// Scans the newest frame, again and again, for as long as the program runs, and says what it sees.
pub(crate) fn spawn(frames: Arc<Frames>, mut say: impl FnMut(Seen) + Send + 'static) {
    thread::spawn(move || {
        let (mut eye, mut seen, start) = (Eye::default(), None, Instant::now());
        let (mut held, mut hints, mut hinted) = (Held::default(), Hints::default(), None);
        loop {
            let frame = frames.other_than(seen, WAIT);
            seen = frame.as_ref().map(|frame| frame.seq).or(seen);
            let texts = frame.as_ref().and_then(|frame| eye.texts(frame));
            let now = start.elapsed();
            let hint = match &texts {
                Some(texts) => hints.after(eye.scanner.hint(), !texts.is_empty(), now),
                None => hints.without(now),
            };
            if hint != hinted {
                hinted = hint;
                say(Seen::Hint(hint));
            }
            held.newly_shown(texts.unwrap_or_default(), now).into_iter().map(Seen::Text).for_each(&mut say);
        }
    });
}

/// The texts of all codes in an image, each once.
pub(crate) fn texts_in(picture: &Picture) -> Vec<String> {
    picture.luma().map(|luma| unique(Scanner::new().scan(luma, || false))).unwrap_or_default()
}

/// The longest that one frame may be looked at: a slow device reads fewer frames rather than none.
const FRAME_TIME: Duration = Duration::from_millis(150);

/// A scanner and its buffer.
struct Eye {
    scanner: Scanner,
    luma: Vec<u8>,
}

impl Default for Eye {
    fn default() -> Self {
        Self { scanner: Scanner::video(), luma: Vec::new() }
    }
}

impl Eye {
    /// The texts of all codes in a frame, each once; `None` where the frame could not be looked at.
    fn texts(&mut self, frame: &Frame) -> Option<Vec<String>> {
        let (width, height) = frame.luma(&mut self.luma)?;
        let started = Instant::now();
        Luma::new(&self.luma, width, height, width)
            .map(|luma| unique(self.scanner.scan(luma, || started.elapsed() > FRAME_TIME)))
    }
}

fn unique(symbols: impl Iterator<Item = Symbol>) -> Vec<String> {
    let mut texts: Vec<String> = vec![];
    for symbol in symbols {
        let text = symbol.into_text();
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}
