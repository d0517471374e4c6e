//! Readers of QR codes behind one door: each on a thread of its own, timed there, with a limit.

mod ours;
#[cfg(feature = "peers")]
mod peers;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use cpu_time::ThreadTime;

use crate::{picture::Picture, score::Found};
use worker::Worker;

/// What reads: made, used and dropped on one thread.
pub(crate) trait Engine {
    /// Reads one picture; the time is that of the reading alone.
    fn read(&mut self, picture: &Picture) -> (Vec<Found>, Duration);
}

/// What a reader is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Any picture.
    Pictures,
    /// Only frames that follow one another.
    Streams,
}

/// A reader under its name.
pub struct Reader {
    /// What it is called in tables and on the command line.
    pub name: &'static str,
    /// What is measured: library, version, settings.
    pub version: String,
    /// What it is for.
    pub scope: Scope,
    worker: Worker,
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

impl Reader {
    pub(crate) fn new(name: &'static str, version: String, make: fn() -> Box<dyn Engine>) -> Self {
        Self { name, version, scope: Scope::Pictures, worker: Worker::new(make) }
    }

    /// Reads one picture.
    pub fn read(&mut self, picture: &Arc<Picture>) -> Reading {
        self.worker.read(picture)
    }

    /// Forgets all earlier pictures: the next one begins a new stream.
    pub fn reset(&mut self) {
        self.worker.reset();
    }
}

/// Every reader of this build, ours first.
pub fn all() -> Vec<Reader> {
    #[cfg_attr(not(feature = "peers"), expect(unused_mut, reason = "grows by the peers"))]
    let mut readers = ours::readers();
    #[cfg(feature = "peers")]
    readers.extend(peers::readers());
    readers
}

/// Runs `work` on this thread and measures the CPU time that it takes.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = ThreadTime::now();
    let value = work();
    (value, start.elapsed())
}
