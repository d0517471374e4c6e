//! Finder patterns: the three squares within squares at the corners of a symbol (ISO/IEC 18004 section 5.3.3).
//!
//! Any line through the middle of one crosses dark, light, dark, light, dark in the proportions 1 : 1 : 3 : 1 : 1.
//! Some rows are scanned for that ([`rows`]), and what they hit is measured along lines in other directions
//! ([`probe`]).

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
use probe::Look;
use rows::{Hit, RowScan};

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

/// Samples that hits may cost, in pixels of what is searched, and at least.
const BUDGET: usize = 1;
const LEAST_BUDGET: usize = 1 << 18;

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
    /// Points of the frame that `skip` holds are passed over. `time_is_up` is asked between rows; once it says so, what
    /// was found so far is returned. The work is bounded linearly in the pixels searched.
    pub(crate) fn find(
        &mut self,
        frame: Luma<'_>,
        level: &SearchLevel,
        skip: &dyn Fn([f32; 2]) -> bool,
        time_is_up: &mut dyn FnMut() -> bool,
    ) -> &[FinderPattern] {
        self.patterns.clear();
        let region = level.region.unwrap_or(Region::all(frame));
        let Some(luma) = self.reduced.fill(frame, region, level.reduction) else { return &[] };
        self.thresholds.measure(luma);
        let scale = (region.width / luma.width()).max(1) as f32;
        let full = Full { frame, corner: [region.left as f32, region.top as f32], scale };
        let mut found = Found {
            luma,
            noise: self.thresholds.noise(),
            budget: (luma.width() * luma.height() * BUDGET).max(LEAST_BUDGET),
            full,
            patterns: &mut self.patterns,
        };
        let step = level.row_step.max(1);
        for (number, y) in (step / 2..luma.height()).step_by(step).enumerate() {
            if found.budget == 0 || number.is_multiple_of(ROWS_PER_QUESTION) && time_is_up() {
                break;
            }
            self.rows.scan(luma, &self.thresholds, y);
            for hit in self.rows.hits(y) {
                if (level.inverted || !hit.inverted) && !skip(full.place(hit.at)) {
                    found.add(&hit);
                }
            }
        }
        self.patterns.sort_by(|a, b| b.score.total_cmp(&a.score));
        &self.patterns
    }
}

/// The frame of which a part is searched at a smaller scale.
#[derive(Clone, Copy)]
struct Full<'a> {
    frame: Luma<'a>,
    corner: [f32; 2],
    scale: f32,
}

impl Full<'_> {
    /// Where a point of what is searched lies in the frame.
    fn place(&self, at: [f32; 2]) -> [f32; 2] {
        [0, 1].map(|axis| self.corner[axis] + at[axis] * self.scale)
    }
}

/// Collects what rows hit.
struct Found<'a> {
    /// What is searched.
    luma: Luma<'a>,
    noise: u8,
    budget: usize,
    full: Full<'a>,
    patterns: &'a mut Vec<FinderPattern>,
}

impl Found<'_> {
    /// Adds what was hit to the patterns, unless it is one of them or none.
    fn add(&mut self, hit: &Hit) {
        let Some(look) = Look::new(self.luma, self.noise, hit) else { return };
        // Most hits end here.
        let Some(at) = look.core(hit.at, &mut self.budget) else { return };
        if self.is_known(at, hit.inverted) {
            return;
        }
        let Some(pattern) = self.measure(&look, hit, at) else { return };
        if self.is_known_in_frame(pattern.centre, pattern.inverted) {
            return;
        }
        if self.patterns.len() < MAX_PATTERNS {
            self.patterns.push(pattern);
        } else if let Some(worst) = self.patterns.iter_mut().min_by(|a, b| a.score.total_cmp(&b.score))
            && worst.score < pattern.score
        {
            *worst = pattern;
        }
    }

    /// Measures a pattern in what is searched, and closer in the frame itself.
    fn measure(&mut self, look: &Look<'_>, hit: &Hit, at: [f32; 2]) -> Option<FinderPattern> {
        let rough = look.star(at, 2, &mut self.budget)?;
        let mut star = look.star(rough.centre, 1, &mut self.budget)?;
        star.centre = self.in_frame(star.centre);
        star.module *= self.full.scale;
        if self.full.scale > 1.0 {
            let closer = look.enlarged(self.full.frame, self.full.scale);
            star = closer.star(star.centre, 1, &mut self.budget).unwrap_or(star);
        }
        let (centre, module, score) = (star.centre, star.module, star.score);
        Some(FinderPattern { centre, module, inverted: hit.inverted, score, hits: 1 })
    }

    fn in_frame(&self, at: [f32; 2]) -> [f32; 2] {
        let [left, top] = self.full.corner;
        [left + at[0] * self.full.scale, top + at[1] * self.full.scale]
    }

    fn is_known(&mut self, at: [f32; 2], inverted: bool) -> bool {
        self.is_known_in_frame(self.in_frame(at), inverted)
    }

    /// Whether a place lies in the core of a pattern, which no other pattern's core can overlap; counts the hit.
    fn is_known_in_frame(&mut self, at: [f32; 2], inverted: bool) -> bool {
        self.budget = self.budget.saturating_sub(self.patterns.len() / 4);
        let is_same = |pattern: &&mut FinderPattern| {
            let reach = 1.5 * pattern.module;
            pattern.inverted == inverted
                && (pattern.centre[0] - at[0]).abs() <= reach
                && (pattern.centre[1] - at[1]).abs() <= reach
        };
        let known = self.patterns.iter_mut().find(is_same);
        known.map(|pattern| pattern.hits = pattern.hits.saturating_add(1)).is_some()
    }
}
