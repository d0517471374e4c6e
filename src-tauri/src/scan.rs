//! From frames to texts, on a thread of its own.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use camera::Frame;
use picture::Picture;
use qr::{Held, Luma, Scanner, Symbol};

use crate::frames::Frames;

/// How long to wait for a frame before looking whether a held code has gone.
const WAIT: Duration = Duration::from_millis(500);

/// Scans the newest frame, again and again, for as long as the program runs; `shown` is called with each code once
/// for as long as it is held in view.
pub(crate) fn spawn(frames: Arc<Frames>, mut shown: impl FnMut(String) + Send + 'static) {
    thread::spawn(move || {
        let (mut eye, mut held, mut seen, start) = (Eye::default(), Held::default(), None, Instant::now());
        loop {
            let frame = frames.other_than(seen, WAIT);
            seen = frame.as_ref().map(|frame| frame.seq).or(seen);
            let texts = frame.map(|frame| eye.texts(&frame)).unwrap_or_default();
            held.newly_shown(texts, start.elapsed()).into_iter().for_each(&mut shown);
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
    fn texts(&mut self, frame: &Frame) -> Vec<String> {
        let Some((width, height)) = frame.luma(&mut self.luma) else { return vec![] };
        let started = Instant::now();
        Luma::new(&self.luma, width, height, width)
            .map(|luma| unique(self.scanner.scan(luma, || started.elapsed() > FRAME_TIME)))
            .unwrap_or_default()
    }
}

fn unique(symbols: impl Iterator<Item = Symbol>) -> Vec<String> {
    let mut texts: Vec<String> = vec![];
    for symbol in symbols {
        let text = symbol.text.unwrap_or_else(|| String::from_utf8_lossy(&symbol.bytes).into_owned());
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}
