//! An inspector's report on a scan log, as a PDF to print: totals, plots, reasons, operators, and what is proven.
//!
//! [`Summary`] takes entries one by one and keeps counts alone; [`pdf`] draws them. Times are those of an offset from
//! UTC that the caller chooses.

mod chart;
mod draw;
mod summary;
mod words;

pub use draw::pdf;
pub use paper::Error;
pub use summary::{Counts, Summary};
pub use words::Language;

/// What the report is about, besides what was counted.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Which stations: their logs' names.
    pub logs: Vec<String>,
    /// When the report is made, seconds UTC.
    pub made_at: i64,
    /// Seconds that local time is ahead of UTC.
    pub utc_offset: i32,
    /// What is proven.
    pub proof: Proof,
}

/// What is proven of the entries.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Whether nothing was found wrong.
    pub holds: bool,
    /// By whose key.
    pub key: Key,
    /// How many entries the log had when it was signed.
    pub size: u64,
    /// The range of indices that was looked at: first, and behind the last.
    pub range: (u64, u64),
    /// How many entries were erased, with their hashes kept.
    pub erased: u64,
    /// The signed root, in hexadecimal.
    pub root: String,
    /// Which entries inspectors' devices have cosigned, in order: each begins where the last ended.
    pub witnessed: Vec<Witnessed>,
    /// When it was exported, seconds UTC; `None` where the log itself was looked at.
    pub exported_at: Option<i64>,
    /// What is wrong, one line each.
    pub faults: Vec<String>,
}

/// Entries that an inspector's device has cosigned.
#[derive(Clone, Debug)]
pub struct Witnessed {
    /// The first of them, and the one behind the last.
    pub range: (u64, u64),
    /// When, seconds UTC.
    pub at: i64,
    /// Whose device, in one line.
    pub by: String,
}

/// How the key that verified the log is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// It lies beside the log on the device.
    Device,
    /// The inspector brought it.
    Given,
    /// The export names it: nobody vouches for it.
    Named,
}
