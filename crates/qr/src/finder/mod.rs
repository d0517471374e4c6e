//! Finder patterns: the three squares within squares at the corners of a symbol (ISO/IEC 18004 section 5.3.3).
//!
//! Any line through the middle of one crosses dark, light, dark, light, dark in the proportions 1 : 1 : 3 : 1 : 1.
//! Some rows are scanned for that ([`rows`]), and what they hit is measured along lines in other directions
//! ([`probe`]).

mod probe;
mod ratio;
mod rows;

#[cfg(test)]
mod tests;

use crate::Luma;
use crate::threshold::{Reduced, Region, Thresholds};
use probe::View;
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
    /// How well lines in four directions show the pattern, 0 to 1.
    pub(crate) score: f32,
    /// Scanned rows that hit it.
    pub(crate) hits: u16,
}

/// What is searched, and how closely.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SearchLevel {
    /// Scale: 1 is the frame as it is, 2 is half of it.
    pub(crate) reduction: usize,
    /// Every how many rows one is scanned.
    pub(crate) row_step: usize,
    /// The part of the frame that is searched, in its pixels; the whole where there is none.
    pub(crate) region: Option<Region>,
    /// Whether light patterns on dark are searched, too.
    pub(crate) inverted: bool,
}

/// Patterns kept of one search; of more, the best.
pub(crate) const MAX_PATTERNS: usize = 256;
/// Scanned rows between questions about the time.
const ROWS_PER_QUESTION: usize = 16;

/// Searches frames; its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Search {
    reduced: Reduced,
    thresholds: Thresholds,
    rows: RowScan,
    patterns: Vec<FinderPattern>,
}

impl Search {
    /// The finder patterns of a frame, best first.
    ///
    /// `time_is_up` is asked between rows; once it says so, what was found so far is returned. The work is bounded
    /// linearly in the pixels searched.
    pub(crate) fn find(
        &mut self,
        frame: Luma<'_>,
        level: &SearchLevel,
        time_is_up: &mut dyn FnMut() -> bool,
    ) -> &[FinderPattern] {
        self.patterns.clear();
        let region = level.region.unwrap_or(Region::all(frame));
        let Some(luma) = self.reduced.fill(frame, region, level.reduction) else { return &[] };
        self.thresholds.measure(luma);
        let view = View::new(luma, &self.thresholds);
        let mut budget = (luma.width() * luma.height()).max(1 << 18);
        let step = level.row_step.max(1);
        for (number, y) in (step / 2..luma.height()).step_by(step).enumerate() {
            if budget == 0 || number.is_multiple_of(ROWS_PER_QUESTION) && time_is_up() {
                break;
            }
            self.rows.scan(luma, &self.thresholds, y);
            for hit in self.rows.hits(y) {
                if level.inverted || !hit.inverted {
                    keep(&mut self.patterns, &view, hit, &mut budget);
                }
            }
        }
        let scale = level.reduction.max(1) as f32;
        for pattern in &mut self.patterns {
            let [x, y] = pattern.centre;
            pattern.centre = [region.left as f32 + x * scale, region.top as f32 + y * scale];
            pattern.module *= scale;
        }
        self.patterns.sort_by(|a, b| b.score.total_cmp(&a.score));
        &self.patterns
    }
}

/// Adds what was hit to the patterns, unless it is one of them or none.
fn keep(patterns: &mut Vec<FinderPattern>, view: &View<'_>, hit: rows::Hit, budget: &mut usize) {
    // Most hits end here.
    let Some(at) = view.core(hit, budget) else { return };
    *budget = budget.saturating_sub(patterns.len() / 4);
    if let Some(known) = patterns.iter_mut().find(|pattern| is_same(pattern, at, hit.inverted)) {
        known.hits = known.hits.saturating_add(1);
        return;
    }
    let Some(pattern) = view.probe(hit, at, budget) else { return };
    if let Some(known) = patterns.iter_mut().find(|known| is_same(known, pattern.centre, pattern.inverted)) {
        known.hits = known.hits.saturating_add(1);
        if pattern.score > known.score {
            *known = FinderPattern { hits: known.hits, ..pattern };
        }
        return;
    }
    if patterns.len() < MAX_PATTERNS {
        patterns.push(pattern);
    } else if let Some(worst) = patterns.iter_mut().min_by(|a, b| a.score.total_cmp(&b.score))
        && worst.score < pattern.score
    {
        *worst = pattern;
    }
}

/// Whether a point lies in the core of a pattern, which no other pattern's core can overlap.
fn is_same(pattern: &FinderPattern, at: [f32; 2], inverted: bool) -> bool {
    let reach = 1.5 * pattern.module;
    pattern.inverted == inverted
        && (pattern.centre[0] - at[0]).abs() <= reach
        && (pattern.centre[1] - at[1]).abs() <= reach
}
