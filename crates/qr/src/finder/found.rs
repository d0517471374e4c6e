//! Collecting what rows hit: each pattern once, and the best of too many.

use std::mem;

use super::FinderPattern;
use super::probe::{Every, Look};
use super::rows::Hit;
use super::star::Star;
use crate::{Luma, order};

/// Patterns kept of one search; of more, the best.
const MAX_PATTERNS: usize = 256;
/// Patterns measured again in the frame itself: enough for several symbols, not for fields of patterns.
const MAX_REFINED: usize = 64;
/// Pixels of a row that share one place in the memory of cores.
const CELL: f32 = 8.0;

/// The frame of which a part is searched at a smaller scale.
#[derive(Clone, Copy)]
pub(super) struct Full<'a> {
    pub(super) frame: Luma<'a>,
    /// The part's left upper corner in the frame.
    pub(super) corner: [f32; 2],
    /// Pixels of the frame for one of what is searched.
    pub(super) scale: f32,
}

impl Full<'_> {
    /// Where a point of what is searched lies in the frame.
    pub(super) fn place(&self, at: [f32; 2]) -> [f32; 2] {
        [0, 1].map(|axis| self.corner[axis] + at[axis] * self.scale)
    }

    /// A pattern of the frame, in pixels of what is searched.
    fn reduce(&self, star: Star) -> Star {
        let centre = [0, 1].map(|axis| (star.centre[axis] - self.corner[axis]) / self.scale);
        Star { centre, module: star.module / self.scale, ..star }
    }
}

/// The core of a pattern that was found, which no other pattern's core can overlap, where it is searched.
#[derive(Clone, Copy, Debug, Default)]
struct Core {
    centre: [f32; 2],
    reach: f32,
    inverted: bool,
    /// Which pattern it is.
    number: usize,
}

impl Core {
    fn holds(&self, at: [f32; 2], inverted: bool) -> bool {
        self.inverted == inverted && (0..2).all(|axis| (self.centre[axis] - at[axis]).abs() <= self.reach)
    }
}

/// Patterns, and the last core found in each part of a row; its memory is reused.
#[derive(Debug, Default)]
pub(super) struct Memory {
    patterns: Vec<FinderPattern>,
    cores: Vec<Core>,
}

impl Memory {
    pub(super) fn clear(&mut self) {
        self.patterns.clear();
        self.cores.clear();
    }

    /// The patterns, best first.
    pub(super) fn sorted(&mut self) -> &[FinderPattern] {
        self.patterns = order::greatest(mem::take(&mut self.patterns), usize::MAX, |pattern| pattern.score);
        &self.patterns
    }

    /// Whether a hit lies in the core last found there; counts it.
    fn is_known(&mut self, at: [f32; 2], inverted: bool) -> bool {
        let Some(core) = self.cores.get((at[0] / CELL) as usize) else { return false };
        let known = core.holds(at, inverted);
        if known && let Some(pattern) = self.patterns.get_mut(core.number) {
            pattern.hits = pattern.hits.saturating_add(1);
        }
        known
    }

    fn remember(&mut self, core: Core) {
        let first = ((core.centre[0] - core.reach) / CELL) as usize;
        let last = ((core.centre[0] + core.reach) / CELL) as usize;
        self.cores.iter_mut().take(last + 1).skip(first).for_each(|known| *known = core);
    }

    /// Keeps a pattern unless there are better ones enough: its number.
    fn keep(&mut self, pattern: FinderPattern) -> usize {
        if self.patterns.len() < MAX_PATTERNS {
            self.patterns.push(pattern);
            return self.patterns.len() - 1;
        }
        let worst = (0..self.patterns.len())
            .min_by(|&a, &b| self.patterns[a].score.total_cmp(&self.patterns[b].score))
            .filter(|&worst| self.patterns[worst].score < pattern.score);
        let Some(worst) = worst else { return usize::MAX };
        self.patterns[worst] = pattern;
        worst
    }
}

/// Collects what rows hit.
pub(super) struct Found<'a> {
    /// What is searched.
    luma: Luma<'a>,
    noise: u8,
    full: Full<'a>,
    /// Samples that may still be looked at.
    budget: usize,
    memory: &'a mut Memory,
}

impl<'a> Found<'a> {
    pub(super) fn new(
        luma: Luma<'a>,
        noise: u8,
        full: Full<'a>,
        budget: usize,
        memory: &'a mut Memory,
    ) -> Self {
        memory.cores.resize(luma.width() / CELL as usize + 1, Core::default());
        Self { luma, noise, full, budget, memory }
    }

    /// Whether hits have cost all that they may.
    pub(super) fn is_exhausted(&self) -> bool {
        self.budget == 0
    }

    /// Adds what was hit to the patterns, unless it is one of them or none.
    pub(super) fn add(&mut self, hit: &Hit) {
        if self.memory.is_known(hit.at, hit.inverted) {
            return;
        }
        let Some(look) = Look::new(self.luma, self.noise, hit) else { return };
        // Most hits end here.
        let Some(at) = look.core(hit.at, &mut self.budget) else { return };
        if self.memory.is_known(at, hit.inverted) {
            return;
        }
        let Some(rough) = look.star(at, Every::Odd, &mut self.budget) else { return };
        let Some(star) = self.measure(&look, &rough) else { return };
        let core = Core {
            centre: star.centre,
            reach: 1.5 * star.module,
            inverted: hit.inverted,
            number: usize::MAX,
        };
        if self.memory.is_known(star.centre, hit.inverted) {
            return self.memory.remember(core);
        }
        let number = self.memory.keep(FinderPattern {
            centre: self.full.place(star.centre),
            module: star.module * self.full.scale,
            inverted: hit.inverted,
            score: star.score,
            hits: 1,
        });
        self.memory.remember(Core { number, ..core });
    }

    /// Measures a pattern in all directions: in the frame itself where it was hit at a smaller scale and the frame shows
    /// it, too; else where it was hit.
    fn measure(&mut self, look: &Look<'_>, rough: &Star) -> Option<Star> {
        if self.full.scale > 1.0 && self.memory.patterns.len() < MAX_REFINED {
            let closer = look.enlarged(self.full.frame, self.full.scale);
            let star = closer.star(self.full.place(rough.centre), Every::One, &mut self.budget);
            if let Some(star) = star {
                return Some(self.full.reduce(star));
            }
        }
        look.star(rough.centre, Every::One, &mut self.budget)
    }
}
