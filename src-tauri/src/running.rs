//! How long the machine has run: what its clock is compared with.

use std::time::{Duration, Instant};

use station::Reading;

/// A moment that stays the same while the program runs.
pub(crate) struct Running {
    began: Instant,
}

impl Default for Running {
    fn default() -> Self {
        Self { began: Instant::now() }
    }
}

impl Running {
    /// The clock and the time that has passed. Linux counts sleep (`/proc/uptime`, proc(5)); `Instant` does not on
    /// every system.
    pub(crate) fn reading(&self, now: i64) -> Reading {
        let uptime = uptime();
        let running = uptime.unwrap_or_else(|| self.began.elapsed());
        Reading { now, running, counts_sleep: uptime.is_some() }
    }
}

fn uptime() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/uptime").ok()?;
    Duration::try_from_secs_f64(text.split_whitespace().next()?.parse().ok()?).ok()
}
