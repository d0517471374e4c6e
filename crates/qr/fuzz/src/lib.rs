//! Hostile input for the QR reader: what the targets do with an input, shared by libFuzzer and the plain replay.
//!
//! An input is a script: bytes that say what to draw and how to damage it, so that changing a byte changes a
//! difficulty, not only a pixel. Every script means something, and the same everywhere.

pub mod frame;
pub mod grid;
pub mod mutate;
pub mod paint;
pub mod script;
pub mod seeds;
pub mod symbol;

use std::time::Duration;

use cpu_time::ThreadTime;

/// A target: runs one script and panics where the reader did what it must not.
pub struct Target {
    /// Its name, as cargo-fuzz knows it.
    pub name: &'static str,
    /// Runs one script.
    pub run: fn(&[u8]),
    /// Scripts to begin with, one for each kind of difficulty.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All targets.
pub const TARGETS: [Target; 2] = [
    Target { name: "frame", run: frame::run, seeds: seeds::frames },
    Target { name: "grid", run: grid::run, seeds: seeds::grids },
];

/// Runs `work` and demands that it took no more than `limit` of this thread's CPU time.
fn within<T>(limit: Duration, what: &str, work: impl FnOnce() -> T) -> T {
    let start = ThreadTime::now();
    let result = work();
    let took = start.elapsed();
    assert!(took <= limit, "{what} took {took:?} of CPU time; the limit is {limit:?}");
    result
}
