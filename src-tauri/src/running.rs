//! How long the machine has run: what its clock is compared with.

use std::time::{Duration, Instant};

use station::Reading;

/// A moment that stays the same while the program runs.
pub(crate) struct Running {
    began: Instant,
    /// Whether Linux's own time could be read at first: the two do not begin at one moment, so one of them is kept to.
    has_uptime: bool,
}

impl Default for Running {
    fn default() -> Self {
        Self { began: Instant::now(), has_uptime: uptime().is_some() }
    }
}

impl Running {
    /// The clock and the time that has passed; `None` where that cannot be read just now. Linux counts sleep (`/proc/uptime`, proc(5)); `Instant` does not on
    /// every system.
    pub(crate) fn reading(&self, now: i64) -> Option<Reading> {
        let running = if self.has_uptime { uptime()? } else { self.began.elapsed() };
        Some(Reading { now, running, counts_sleep: self.has_uptime })
    }
}

fn uptime() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/uptime").ok()?;
    Duration::try_from_secs_f64(text.split_whitespace().next()?.parse().ok()?).ok()
}
