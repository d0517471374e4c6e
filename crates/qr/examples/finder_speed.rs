//! CPU time of the search for finder patterns on 720p frames, and how many it finds: drawn frames without a code, and
//! photographs, if a folder of them is named. Usage: finder_speed [FOLDER]
#![allow(clippy::print_stdout, dead_code, unused_imports, missing_docs)]

#[path = "../src/finder/mod.rs"]
mod finder;
#[path = "../src/luma.rs"]
mod luma;
#[path = "../src/order.rs"]
mod order;
#[path = "../src/threshold/mod.rs"]
mod threshold;

use std::path::{Path, PathBuf};

use cpu_time::ThreadTime;
use finder::{Search, SearchLevel};
use image::imageops::{self, FilterType};
use luma::Luma;
use threshold::{Reduced, Region, Thresholds};

const WIDTH: usize = 1280;
const HEIGHT: usize = 720;
/// Each frame counts with its best run: others work on the same machine.
const RUNS: usize = 9;
const IDLE: u32 = 80;
const SEED: u64 = 1;
/// Photographs that are measured at most, spread over all.
const PHOTOGRAPHS: usize = 40;

type Pixels = Vec<u8>;

fn main() {
    let idle: Vec<_> = (0..IDLE).map(|index| frames::idle(HEIGHT, index, SEED).luma).collect();
    let mut sets = vec![("idle", idle)];
    if let Some(folder) = std::env::args().nth(1) {
        sets.push(("photographs", photographs(Path::new(&folder))));
    }
    println!("{:34} {:>8} {:>8} {:>8}", "720p", "p50 ms", "p95 ms", "patterns");
    for (name, frames) in &sets {
        for (level, rows) in [(1, 3), (2, 3), (3, 3), (4, 3), (1, 1)] {
            let mut search = Search::default();
            let level = SearchLevel::new(level, rows, rows / 2);
            let what = format!("{name}: ÷{}, every {} rows", level.reduction, level.row_step);
            report(&what, frames, |frame| search.find(frame, &level, &|_| false, &mut || false).len());
        }
        let mut thresholds = Thresholds::default();
        report(&format!("{name}: thresholds alone"), frames, |frame| {
            thresholds.measure(frame, &mut || false);
            usize::from(thresholds.row(0)[0] > 127)
        });
        for factor in [2, 3, 4] {
            let mut reduced = Reduced::default();
            report(&format!("{name}: scaling to 1/{factor} alone"), frames, |frame| {
                reduced
                    .fill(frame, Region::all(frame), factor, &mut || false)
                    .map_or(0, |small| small.row(0)[0].into())
            });
        }
    }
}

/// Prints the median and 95th percentile over frames of each frame's best time, and the mean of what `work` counts.
fn report(what: &str, frames: &[Pixels], mut work: impl FnMut(Luma<'_>) -> usize) {
    let mut count = 0;
    let mut times: Vec<f64> = frames
        .iter()
        .map(|pixels| {
            let frame = Luma::new(pixels, WIDTH, HEIGHT, WIDTH).expect("a whole frame");
            let times: Vec<_> = (0..RUNS)
                .map(|_| {
                    let start = ThreadTime::now();
                    let found = std::hint::black_box(work(frame));
                    (start.elapsed().as_secs_f64() * 1e3, found)
                })
                .collect();
            count += times[0].1;
            times.into_iter().map(|(time, _)| time).fold(f64::INFINITY, f64::min)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let (half, most) = (times[times.len() / 2], times[times.len() * 95 / 100]);
    println!("{what:34} {half:8.3} {most:8.3} {:8.1}", count as f64 / frames.len() as f64);
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
