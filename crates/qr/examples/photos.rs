//! Reads pictures and prints what is in them, with the decoder's time. Usage: photos FILE…
#![allow(clippy::print_stdout)]

use std::time::Instant;

fn main() {
    qr::hush_caught_panics();
    let mut scanner = qr::Scanner::new();
    for file in std::env::args().skip(1) {
        let Ok(picture) = image::open(&file) else {
            println!("{file}: unreadable");
            continue;
        };
        let picture = picture.to_luma8();
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let Some(frame) = qr::Luma::new(picture.as_raw(), width, height, width) else { continue };
        let start = Instant::now();
        let symbols: Vec<_> = scanner.scan(frame).collect();
        println!("{file} {width}x{height} {:.1} ms {}", start.elapsed().as_secs_f64() * 1e3, symbols.len());
        for symbol in symbols {
            println!("  {:?} {}{} {:.1?}", symbol.text, symbol.version, symbol.ecc, symbol.corners);
        }
    }
}
