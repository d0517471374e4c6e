//! This project's own reader.

use qr::{Luma, Scanner, Symbol};

use super::{Reader, Reading, timed};
use crate::{picture::Picture, score::Found};

/// `qr::Scanner` with full effort for every picture.
#[derive(Default)]
pub struct Ours(Scanner);

impl Reader for Ours {
    fn name(&self) -> &'static str {
        "ours"
    }

    fn version(&self) -> String {
        concat!("qr ", env!("CARGO_PKG_VERSION"), ", Scanner::new").into()
    }

    fn read(&mut self, picture: &Picture) -> Reading {
        scan(&mut self.0, picture)
    }
}

fn scan(scanner: &mut Scanner, picture: &Picture) -> Reading {
    let Some(luma) = Luma::new(&picture.luma, picture.width, picture.height, picture.width) else {
        return Reading { failure: Some("no frame".into()), ..Reading::default() };
    };
    let (symbols, cpu) = timed(|| scanner.scan(luma, || false).collect::<Vec<Symbol>>());
    let found = symbols.into_iter().map(|symbol| Found::new(symbol.text, &symbol.corners)).collect();
    Reading { found, cpu, failure: None }
}
