//! Times decoding of a dense version-15 grid, level M: by colours against rqrr, then by levels. Usage: decode_speed
#![allow(clippy::print_stdout)]

use std::collections::HashSet;
use std::hint::black_box;

use cpu_time::ThreadTime;
use qr::decode::{decode, decode_soft, function_pattern};
use qr::{BitGrid, SoftGrid};
use qrcode::{Color, EcLevel, QrCode, Version};

const RUNS: usize = 301;
/// Blocks of version 15-M, and the most wrong codewords that one is mended of by colours.
const BLOCKS: usize = 10;
const CAPACITY: usize = 12;
/// For decoding by levels: more than it ever takes.
const ATTEMPTS: usize = 5000;

fn main() {
    let text = "HC1:NCFOXN%TSMAHN-H".repeat(31);
    let Ok(code) = QrCode::with_version(&text[..580], Version::Normal(15), EcLevel::M) else {
        println!("the text does not fit version 15-M");
        return;
    };
    let clean = BitGrid::from_fn(code.width(), |x, y| code[(x, y)] == Color::Dark);
    by_colours("clean", &clean);
    for wrong in [1, 5, 10, CAPACITY, CAPACITY + 1] {
        by_colours(&format!("{wrong} wrong codewords in each block"), &with_wrong_codewords(&clean, wrong));
    }
    by_colours("no symbol at all", &noise(code.width(), 1));
    for strength in [0.4, 0.45, 0.5, 0.55] {
        by_levels(strength, &clean);
    }
}

fn by_colours(what: &str, grid: &BitGrid) {
    let reference = rqrr::Grid::new(rqrr::SimpleGrid::from_func(grid.side(), |x, y| grid.is_dark(x, y)));
    let mut read = false;
    let ours = median(RUNS, || read = black_box(decode(black_box(grid))).is_ok());
    let theirs = median(RUNS / 10, || _ = black_box(reference.decode_to(Vec::new())));
    println!("{what}: read {read}, {ours:.1} µs; rqrr {theirs:.0} µs");
}

/// Grids with noise of a strength relative to how far modules are from the threshold.
fn by_levels(strength: f32, clean: &BitGrid) {
    let level = |dark: bool, noise: f32| (60.0 * (if dark { 1.0 } else { -1.0 } + strength * noise)) as i8;
    let mut random = Random(1);
    let grids: Vec<SoftGrid> = (0..RUNS)
        .map(|_| SoftGrid::from_fn(clean.side(), |x, y| level(clean.is_dark(x, y), random.normal())))
        .collect();
    let share = |attempts| {
        grids.iter().filter(|grid| decode_soft(grid, attempts).is_ok()).count() as f32 / RUNS as f32
    };
    let mut next = grids.iter().cycle();
    let time = median(RUNS, || _ = black_box(decode_soft(next.next().unwrap_or(&grids[0]), ATTEMPTS)));
    println!(
        "noise {strength}: read {:.2} by colours, {:.2} by levels, {time:.0} µs",
        share(0),
        share(ATTEMPTS)
    );
}

/// Inverts one module of `wrong` codewords in each block.
fn with_wrong_codewords(clean: &BitGrid, wrong: usize) -> BitGrid {
    // Codewords are dealt out to the blocks in turn.
    let hit: HashSet<_> = data_modules(clean).step_by(8).take(wrong * BLOCKS).collect();
    BitGrid::from_fn(clean.side(), |x, y| clean.is_dark(x, y) != hit.contains(&(x, y)))
}

/// The modules of codewords in placement order.
fn data_modules(clean: &BitGrid) -> impl Iterator<Item = (usize, usize)> {
    let side = clean.side();
    let pattern = decode(clean).map_or(&[][..], |decoded| function_pattern(decoded.version));
    let near_finder = move |i: usize| i < 9 || i >= side - 8;
    let is_data = move |&(x, y): &(usize, usize)| {
        pattern[y * side + x].is_none() && !(x == 8 && near_finder(y) || y == 8 && near_finder(x))
    };
    let rights = (7..side).rev().step_by(2).chain([5, 3, 1]);
    let modules = rights.enumerate().flat_map(move |(pair, right)| {
        let row = move |step| if pair % 2 == 0 { side - 1 - step } else { step };
        (0..side).flat_map(move |step| [(right, row(step)), (right - 1, row(step))])
    });
    modules.filter(is_data)
}

fn noise(side: usize, seed: u64) -> BitGrid {
    let mut random = Random(seed);
    BitGrid::from_fn(side, |_, _| random.bits() & 1 == 1)
}

struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// About normal, with mean 0 and variance 1.
    fn normal(&mut self) -> f32 {
        (0..12).map(|_| (self.bits() >> 40) as f32 / (1u64 << 24) as f32).sum::<f32>() - 6.0
    }
}

/// The median CPU time of a run in microseconds.
fn median(runs: usize, mut run: impl FnMut()) -> f64 {
    let mut times: Vec<_> = (0..runs)
        .map(|_| {
            let start = ThreadTime::now();
            run();
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[runs / 2]
}
