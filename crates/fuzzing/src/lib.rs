//! What the fuzz targets of several crates share: their form, changes to their inputs, and a replay without a fuzzer.
//!
//! The targets lie in workspaces of their own, `crates/*/fuzz`, which libFuzzer's flags are for; this crate is in the
//! large one, so that its own tests run with all others.

use std::time::Duration;

use cpu_time::ThreadTime;

mod mutate;
mod random;
pub mod replay;

pub use mutate::mutated;
pub use random::Random;

/// A target: runs one input and panics where something was done that must not be.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, as cargo-fuzz knows it.
    pub name: &'static str,
    /// Runs one input.
    pub run: fn(&[u8]),
    /// Inputs to begin with; at least one.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// Runs `work` and demands that it took no more than `limit` of this thread's CPU time.
///
/// # Panics
/// It took longer.
pub fn within<T>(limit: Duration, what: &str, work: impl FnOnce() -> T) -> T {
    let start = ThreadTime::now();
    let result = work();
    let took = start.elapsed();
    assert!(took <= limit, "{what} took {took:?} of CPU time; the limit is {limit:?}");
    result
}
