//! How long a run is to be, and how far it has come.

use std::io::{IsTerminal, Write};

/// The width of the bar, in characters.
const WIDTH: u64 = 40;

/// How often `cargo xtask faults` wants it; `None` in an ordinary run of all tests.
pub fn how_often() -> Option<u64> {
    std::env::var("SCANLOG_FAULTS").ok().map(|count| count.parse().unwrap_or(u64::MAX))
}

/// A bar on the standard error; a line at every tenth where that is no terminal, and nothing in an
/// ordinary run of all tests.
pub struct Progress {
    what: &'static str,
    all: u64,
    done: u64,
}

impl Progress {
    /// Nothing of `all` done yet.
    pub fn new(what: &'static str, all: u64) -> Self {
        Self { what, all: all.max(1), done: 0 }
    }

    /// One more is done; `found` is what was seen so far.
    pub fn step(&mut self, found: &str) {
        self.done += 1;
        if how_often().is_none() {
            return;
        }
        let Self { what, all, done } = *self;
        let mut out = std::io::stderr().lock();
        let tenth = done * 10 / all > (done - 1) * 10 / all;
        // Nobody need be there to see it.
        let _ = if out.is_terminal() {
            let bar = "=".repeat((done.min(all) * WIDTH / all) as usize);
            let end = if done == all { "\n" } else { "" };
            write!(out, "\r[{bar:<width$}] {done}/{all} {what}, {found}{end}", width = WIDTH as usize)
        } else if tenth {
            writeln!(out, "{done}/{all} {what}, {found}")
        } else {
            Ok(())
        };
        let _ = out.flush();
    }
}
