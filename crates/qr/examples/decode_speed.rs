//! Times decoding of a dense version-15 grid against rqrr's. Usage: decode_speed
#![allow(clippy::print_stdout)]

use std::hint::black_box;
use std::time::Instant;

use qr::BitGrid;
use qrcode::{Color, EcLevel, QrCode, Version};

const RUNS: usize = 301;

fn main() {
    let text = "HC1:NCFOXN%TSMAHN-H".repeat(26);
    let Ok(code) = QrCode::with_version(&text[..480], Version::Normal(15), EcLevel::M) else {
        println!("the text does not fit version 15-M");
        return;
    };
    for wrong in [0, 20, 60, 2000] {
        let step = (code.width() * code.width()).checked_div(wrong).unwrap_or(usize::MAX);
        let dark = |x: usize, y: usize| {
            let place = y * code.width() + x;
            (code[(x, y)] == Color::Dark) != (y > 9 && x > 9 && place % step == 1)
        };
        let grid = BitGrid::from_fn(code.width(), dark);
        let reference = rqrr::Grid::new(rqrr::SimpleGrid::from_func(code.width(), dark));
        let mut read = false;
        let ours = median(|| read = black_box(qr::decode::decode(&grid)).is_ok());
        let theirs = median(|| _ = black_box(reference.decode_to(Vec::new())));
        println!("about {wrong} wrong modules: read {read}, p50 {ours:.0} µs, rqrr {theirs:.0} µs");
    }
}

/// The median time of a run in microseconds.
fn median(mut run: impl FnMut()) -> f64 {
    let mut times: Vec<_> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[RUNS / 2]
}
