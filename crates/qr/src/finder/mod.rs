//! Finder patterns: the three squares within squares at the corners of a symbol (ISO/IEC 18004 section 5.3.3).
//!
//! Any line through the middle of one crosses dark, light, dark, light, dark in the proportions 1 : 1 : 3 : 1 : 1.
//! Some rows are scanned for that ([`rows`]), and what they hit is measured along lines in other directions
//! ([`probe`]).

mod found;
mod line;
mod pixels;
mod probe;
mod ratio;
mod rows;
mod star;

#[cfg(test)]
mod tests;

use crate::Luma;
use crate::threshold::{Reduced, Region, Thresholds};
use found::{Found, Full, Memory};
use rows::RowScan;

/// A finder pattern.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FinderPattern {
    /// Centre in pixels of the full frame, whose first pixel reaches from 0 to 1.
    pub(crate) centre: [f32; 2],
    /// Side of a module in pixels of the full frame.
    pub(crate) module: f32,
    /// Light on dark.
    pub(crate) inverted: bool,
    /// How well lines in several directions show the pattern, 0 to 1.
    pub(crate) score: f32,
    /// Scanned rows that hit it.
    pub(crate) hits: u16,
}

/// What is searched, and how closely.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SearchLevel {
    /// Scale: 1 is the frame as it is, 2 is half of it.
    pub(crate) reduction: usize,
    /// Every how many rows one is scanned, and the first of them.
    pub(crate) row_step: usize,
    pub(crate) first_row: usize,
    /// The part of the frame that is searched, in its pixels; the whole where there is none.
    pub(crate) region: Option<Region>,
    /// Whether light patterns on dark are searched, too.
    pub(crate) inverted: bool,
}

impl SearchLevel {
    /// The whole frame at a scale, every so many rows from one on.
    pub(crate) const fn new(reduction: usize, row_step: usize, first_row: usize) -> Self {
        Self { reduction, row_step, first_row, region: None, inverted: true }
    }
}

/// Hits of a row between questions about the time, besides the one before each row.
const HITS_PER_QUESTION: usize = 16;

/// Samples that hits may cost, in pixels of what is searched, and at the least.
const BUDGET: usize = 1;
const LEAST_BUDGET: usize = 1 << 18;

/// Searches frames; its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Search {
    reduced: Reduced,
    thresholds: Thresholds,
    rows: RowScan,
    memory: Memory,
}

impl Search {
    /// The finder patterns of a frame, best first.
    ///
    /// Points of the frame that `skip` holds are passed over. `time_is_up` is asked between short pieces of work;
    /// once it says so, what was found so far is returned. The work is bounded linearly in the pixels searched.
    pub(crate) fn find(
        &mut self,
        frame: Luma<'_>,
        level: &SearchLevel,
        skip: &dyn Fn([f32; 2]) -> bool,
        time_is_up: &mut dyn FnMut() -> bool,
    ) -> &[FinderPattern] {
        let region = level.region.unwrap_or(Region::all(frame));
        self.memory.clear();
        let Some(luma) = self.reduced.fill(frame, region, level.reduction, time_is_up) else { return &[] };
        if !self.thresholds.measure(luma, time_is_up) {
            return &[];
        }
        let scale = Reduced::factor(level.reduction) as f32;
        let full = Full { frame, corner: [region.left as f32, region.top as f32], scale };
        let budget = (luma.width() * luma.height() * BUDGET).max(LEAST_BUDGET);
        let mut found = Found::new(luma, self.thresholds.noise(), full, budget, &mut self.memory);
        let rows = (level.first_row..luma.height()).step_by(level.row_step.max(1));
        for y in rows {
            if found.is_exhausted() || time_is_up() {
                break;
            }
            self.rows.scan(luma, &self.thresholds, y);
            for (number, hit) in self.rows.hits(y).enumerate() {
                if number % HITS_PER_QUESTION == HITS_PER_QUESTION - 1 && time_is_up() {
                    break;
                }
                if (level.inverted || !hit.inverted) && !skip(full.place(hit.at)) {
                    found.add(&hit);
                }
            }
        }
        self.memory.sorted()
    }
}
