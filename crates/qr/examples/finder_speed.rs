//! CPU time of the search for finder patterns on 720p frames, and how many it takes for some: textures drawn here,
//! and photographs, if a folder of them is named. Usage: finder_speed [FOLDER]
#![allow(clippy::print_stdout, dead_code, unused_imports, missing_docs)]

#[path = "../src/finder/mod.rs"]
mod finder;
#[path = "../src/threshold/mod.rs"]
mod threshold;

use std::path::{Path, PathBuf};

use cpu_time::ThreadTime;
use finder::{Search, SearchLevel};
use image::imageops::{self, FilterType};
use qr::Luma;
use threshold::{Reduced, Region, Thresholds};

const WIDTH: usize = 1280;
const HEIGHT: usize = 720;
const RUNS: usize = 15;
/// Photographs that are measured at most, spread over all.
const PHOTOGRAPHS: usize = 40;

type Pixels = Vec<u8>;

fn main() {
    let textures: Vec<_> = (0..12).map(texture).collect();
    let mut sets = vec![("textures", textures)];
    if let Some(folder) = std::env::args().nth(1) {
        sets.push(("photographs", photographs(Path::new(&folder))));
    }
    println!("{:34} {:>8} {:>8} {:>8}", "720p, of 12 to 40 frames", "p50 ms", "p95 ms", "patterns");
    for (name, frames) in &sets {
        for (level, rows) in [(1, 3), (2, 3), (3, 3), (4, 3), (1, 1)] {
            let mut search = Search::default();
            let level = SearchLevel { reduction: level, row_step: rows, region: None, inverted: true };
            let what = format!("{name}: ÷{}, every {} rows", level.reduction, level.row_step);
            report(&what, frames, |frame| search.find(frame, &level, &mut || false).len());
        }
        let mut thresholds = Thresholds::default();
        report(&format!("{name}: thresholds alone"), frames, |frame| {
            thresholds.measure(frame);
            usize::from(thresholds.at(0, 0) > 127)
        });
        for factor in [2, 3, 4] {
            let mut reduced = Reduced::default();
            report(&format!("{name}: scaling to 1/{factor} alone"), frames, |frame| {
                reduced.fill(frame, Region::all(frame), factor).map_or(0, |small| small.row(0)[0].into())
            });
        }
    }
}

/// Prints the median and 95th percentile over frames of each frame's median time, and the mean of what `work` counts.
fn report(what: &str, frames: &[Pixels], mut work: impl FnMut(Luma<'_>) -> usize) {
    let mut count = 0;
    let mut times: Vec<f64> = frames
        .iter()
        .map(|pixels| {
            let frame = Luma::new(pixels, WIDTH, HEIGHT, WIDTH).expect("a whole frame");
            let mut times: Vec<_> = (0..RUNS)
                .map(|_| {
                    let start = ThreadTime::now();
                    let found = std::hint::black_box(work(frame));
                    (start.elapsed().as_secs_f64() * 1e3, found)
                })
                .collect();
            count += times[0].1;
            times.sort_by(|a, b| a.0.total_cmp(&b.0));
            times[RUNS / 2].0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let (half, most) = (times[times.len() / 2], times[times.len() * 95 / 100]);
    println!("{what:34} {half:8.3} {most:8.3} {:8.1}", count as f64 / frames.len() as f64);
}

/// A frame of smooth shapes, stripes and grain, from number 0 on ever more of it.
fn texture(number: usize) -> Pixels {
    let lattice = |x: usize, y: usize, octave: usize| {
        let mixed = ((x as u64) << 40 | (y as u64) << 16 | (octave * 97 + number) as u64)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) & 0xffff) as f32 / 65535.0 - 0.5
    };
    let value = |x: usize, y: usize, octave: usize| {
        let cell = 1 << octave;
        let (across, down) = ((x % cell) as f32 / cell as f32, (y % cell) as f32 / cell as f32);
        let corner = |dx, dy| lattice(x / cell + dx, y / cell + dy, octave);
        let upper = corner(0, 0) * (1.0 - across) + corner(1, 0) * across;
        let lower = corner(0, 1) * (1.0 - across) + corner(1, 1) * across;
        upper * (1.0 - down) + lower * down
    };
    let rough = 0.3 + number as f32 * 0.06;
    let shade = |x: usize, y: usize| {
        let (mut sum, mut weight) = (0.0, 300.0);
        for octave in (1..8).rev() {
            sum += weight * value(x, y, octave);
            weight *= rough;
        }
        let stripes =
            if (x / 160 + y / 120) % 5 == 0 && (x + y * number / 4) / 3 % 2 == 0 { 60.0 } else { 0.0 };
        (128.0 + sum + stripes + 12.0 * value(x, y, 0)).clamp(0.0, 255.0) as u8
    };
    (0..WIDTH * HEIGHT).map(|i| shade(i % WIDTH, i / WIDTH)).collect()
}

/// Photographs of a folder and those in it, filled into the frame.
fn photographs(folder: &Path) -> Vec<Pixels> {
    let mut files = Vec::new();
    collect(folder, &mut files);
    files.sort();
    let step = files.len().div_ceil(PHOTOGRAPHS).max(1);
    files.iter().step_by(step).filter_map(|file| image::open(file).ok()).map(fill).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "jpg" || extension == "png") {
            files.push(path);
        }
    }
}

fn fill(picture: image::DynamicImage) -> Pixels {
    let filled = picture.resize_to_fill(WIDTH as u32, HEIGHT as u32, FilterType::Triangle);
    filled.to_luma8().into_raw()
}
