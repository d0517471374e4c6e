//! How long content takes: `cargo run --release -p carrier --example figures`.
//!
//! Frames shown until it has arrived, and seconds at 8 a second, where the camera misses none, a fifth, three tenths of
//! them at random: median and largest of 50 runs; and the CPU time of taking all frames, and of its longest one.

use std::time::Duration;

use carrier::{Receiver, Sender, Taken};
use cpu_time::ThreadTime;

const SIZES: [usize; 5] = [4 << 10, 30 << 10, 120 << 10, 1 << 20, 4 << 20];
/// Of a hundred frames.
const LOSSES: [u64; 3] = [0, 20, 30];
const RUNS: u64 = 50;
/// Runs of contents beyond this size, which take long.
const LARGE: usize = 1 << 20;
const LARGE_RUNS: u64 = 3;
const FRAMES_A_SECOND: f64 = 8.0;

struct Run {
    frames: usize,
    taking: Duration,
    longest: Duration,
}

#[expect(clippy::print_stdout)]
fn main() -> Result<(), carrier::Error> {
    println!(
        "{:>8} {:>5} {:>9} {:>13} {:>13} {:>9} {:>10}",
        "bytes", "lost", "least", "frames", "seconds", "ms CPU", "longest ms"
    );
    for (bytes, lost) in SIZES.into_iter().flat_map(|bytes| LOSSES.map(|lost| (bytes, lost))) {
        let content: Vec<u8> = (0..bytes as u64).map(|i| mix(i) as u8).collect();
        let sender = Sender::new(&content)?;
        let count = if bytes < LARGE { RUNS } else { LARGE_RUNS };
        let mut runs = Vec::new();
        for seed in 0..count {
            runs.push(run(sender.clone(), lost, seed)?);
        }
        runs.sort_by_key(|run| run.frames);
        let (middle, last) = (&runs[runs.len() / 2], &runs[runs.len() - 1]);
        let seconds = |run: &Run| run.frames as f64 / FRAMES_A_SECOND;
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        println!(
            "{bytes:>8} {lost:>3} % {:>9} {:>6} {:>6} {:>6.1} {:>6.1} {:>9.1} {:>10.1}",
            sender.needed(),
            middle.frames,
            last.frames,
            seconds(middle),
            seconds(last),
            milliseconds(middle.taking),
            milliseconds(middle.longest),
        );
    }
    Ok(())
}

fn run(sender: Sender, lost: u64, seed: u64) -> Result<Run, carrier::Error> {
    let mut receiver = Receiver::new();
    let mut run = Run { frames: 0, taking: Duration::ZERO, longest: Duration::ZERO };
    for text in sender {
        run.frames += 1;
        if mix(seed << 32 | run.frames as u64) % 100 < lost {
            continue;
        }
        let start = ThreadTime::now();
        let taken = receiver.take(&text)?;
        let time = start.elapsed();
        run.taking += time;
        run.longest = run.longest.max(time);
        if matches!(taken, Taken::Whole(_)) {
            break;
        }
    }
    Ok(run)
}

/// SplitMix64's last steps (Steele, Lea and Flood, 2014).
fn mix(number: u64) -> u64 {
    let z = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
