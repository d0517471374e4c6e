//! This project's own reader.

use std::time::Duration;

use qr::{Luma, Scanner, Symbol};

use super::{Engine, Reader, Scope, timed};
use crate::{picture::Picture, score::Found};

/// A scanner of single images, and one of streams.
pub fn readers() -> Vec<Reader> {
    let version = |what: &str| format!("qr {}, Scanner::{what}", env!("CARGO_PKG_VERSION"));
    let single = Reader::new("ours", version("new"), || Box::new(Ours(Scanner::new())));
    let video = Reader::new("ours-video", version("video"), || Box::new(Ours(Scanner::video())));
    vec![single, Reader { scope: Scope::Streams, ..video }]
}

struct Ours(Scanner);

impl Engine for Ours {
    fn read(&mut self, picture: &Picture) -> (Vec<Found>, Duration) {
        let luma = Luma::new(&picture.luma, picture.width, picture.height, picture.width)
            .expect("a picture has as many bytes as pixels");
        let (symbols, cpu) = timed(|| self.0.scan(luma, || false).collect::<Vec<Symbol>>());
        let found = |symbol: Symbol| Found::new(symbol.text, &symbol.corners);
        (symbols.into_iter().map(found).collect(), cpu)
    }
}
