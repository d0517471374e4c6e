//! What came of one text.

use credential::Verdict;
use scanlog::Appended;

#[cfg(doc)]
use crate::Settings;
use crate::uses::Uses;

/// What came of one submitted text.
#[derive(Debug)]
pub struct Submission {
    /// The verdict.
    pub verdict: Verdict,
    /// The durable log entry, or why there is none.
    pub logged: Result<Appended, scanlog::Error>,
    /// When it was judged, seconds UTC.
    pub at: i64,
    /// When the same person was last accepted here, seconds UTC, where that is no longer ago than
    /// [`Settings::repeat_minutes`]. It says nothing about the verdict.
    pub seen_before: Option<i64>,
    /// How often the pass was used here, where it can be used so often and no more, and was accepted.
    pub uses: Option<Uses>,
}

impl Submission {
    /// Whether the screen may turn green: accepted, and the entry is on disk.
    pub fn is_green(&self) -> bool {
        matches!(self.verdict, Verdict::Accepted(_)) && self.logged.is_ok()
    }
}
