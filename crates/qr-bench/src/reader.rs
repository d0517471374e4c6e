//! Readers of QR codes behind one trait.

mod ours;

use std::time::Duration;

use cpu_time::ThreadTime;

use crate::{picture::Picture, score::Found};

pub use ours::Ours;

/// A QR reader.
pub trait Reader {
    /// What it is called in tables and on the command line.
    fn name(&self) -> &'static str;

    /// What was measured: name and version.
    fn version(&self) -> String;

    /// Reads one picture.
    fn read(&mut self, picture: &Picture) -> Reading;
}

/// What a reader made of a picture.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The symbols it reports.
    pub found: Vec<Found>,
    /// The CPU time that it took.
    pub cpu: Duration,
    /// Why it came to no proper end, if it did not.
    pub failure: Option<String>,
}

/// Every reader of this build.
pub fn all() -> Vec<Box<dyn Reader>> {
    vec![Box::new(Ours::default())]
}

/// Runs `work` on this thread and measures the CPU time that it takes.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = ThreadTime::now();
    let value = work();
    (value, start.elapsed())
}
