//! The edges of a pattern along a line.
//!
//! From the core outwards lightness rises, falls, and rises again. Each turn is found by itself, and an edge lies
//! half-way between two turns, so that neither blur, which leaves rings much fainter than the core, nor uneven light
//! matters.

use super::ratio::{self, Measure};

/// How many times longer modules may be in one direction than in another: a symbol turned by half a right angle has
/// modules longer along rows than along diagonals, and may be seen aslant besides.
const MAX_STRETCH: f32 = 2.5;
/// How many times a third of the core a ring may be wide where blur narrows the core.
const MAX_RING: f32 = 2.3;
/// Samples from the centre on that are looked at, at most.
const LONGEST: usize = 96;

/// What to expect of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected {
    /// Samples a module, roughly.
    pub(super) module: f32,
    /// How far lightness must turn back: out of the core half-way; in the rings as far as noise does not bring it,
    /// and blur leaves it.
    pub(super) core: i32,
    pub(super) ring: i32,
}

/// Measures the pattern along both halves of a line, in steps.
#[inline]
pub(super) fn measure<A: Fn(f32) -> Option<i32>, B: Fn(f32) -> Option<i32>>(
    mut ahead: Half<A>,
    mut back: Half<B>,
    expected: Expected,
    budget: &mut usize,
) -> Option<Measure> {
    let edges = edges(&mut ahead, &mut back, expected);
    *budget = budget.saturating_sub(ahead.known + back.known);
    ratio::measure(edges?)
}

#[inline]
fn edges<A: Fn(f32) -> Option<i32>, B: Fn(f32) -> Option<i32>>(
    ahead: &mut Half<A>,
    back: &mut Half<B>,
    expected: Expected,
) -> Option<[f32; 6]> {
    let most = 3.0 * expected.module * MAX_STRETCH + 2.0;
    let core_ahead = ahead.turn(-1, expected.core, most as usize)?;
    let core_back = back.turn(-1, expected.core, (most - ahead.known as f32).max(0.0) as usize + 2)?;
    let core = (ahead.known + back.known) as f32;
    if core * MAX_STRETCH < 3.0 * expected.module {
        return None;
    }
    let reach = (core / 3.0 * MAX_RING + 2.0) as usize;
    let (light_ahead, light_back) =
        (ahead.turn(1, expected.ring, reach)?, back.turn(1, expected.ring, reach)?);
    let (dark_ahead, dark_back) =
        (ahead.turn(-1, expected.ring, reach)?, back.turn(-1, expected.ring, reach)?);
    let rest = (core / 3.0) as usize + 1;
    let (outer_ahead, outer_back) = (ahead.rise(expected.ring, rest), back.rise(expected.ring, rest));
    Some([
        -back.edge(dark_back, outer_back),
        -back.edge(light_back, dark_back),
        -back.edge(core_back, light_back),
        ahead.edge(core_ahead, light_ahead),
        ahead.edge(light_ahead, dark_ahead),
        ahead.edge(dark_ahead, outer_ahead),
    ])
}

/// Half of a line, from within the core on.
pub(super) struct Half<R> {
    /// Lightness at a place in samples.
    read: R,
    /// How many times the distance between two samples is halved to find an edge.
    halvings: u32,
    values: [i16; LONGEST],
    known: usize,
}

impl<R: Fn(f32) -> Option<i32>> Half<R> {
    pub(super) fn new(read: R, halvings: u32) -> Self {
        Self { read, halvings, values: [0; LONGEST], known: 0 }
    }

    /// The next sample.
    #[inline]
    fn next(&mut self) -> Option<i32> {
        let value = (self.read)(self.known as f32)?;
        // safe: lightness is below 2^12
        *self.values.get_mut(self.known)? = value as i16;
        self.known += 1;
        Some(value)
    }

    /// Goes on until lightness has turned back from its greatest (`sign` 1) or least (-1), within so many samples.
    /// Where it turned, and how light it is there.
    #[inline]
    fn turn(&mut self, sign: i32, by: i32, most: usize) -> Option<(usize, i32)> {
        let start = self.known.saturating_sub(1);
        let mut extreme = (start, if self.known == 0 { self.next()? } else { self.values[start].into() });
        for _ in 0..most {
            let at = self.known;
            let value = self.next()?;
            if (value - extreme.1) * sign > 0 {
                extreme = (at, value);
            } else if (extreme.1 - value) * sign > by {
                return Some(extreme);
            }
        }
        None
    }

    /// Goes on as long as lightness rises, at most so many samples.
    fn rise(&mut self, by: i32, most: usize) -> (usize, i32) {
        let start = self.known - 1;
        let mut extreme = (start, i32::from(self.values[start]));
        for _ in 0..most {
            let at = self.known;
            match self.next() {
                Some(value) if value > extreme.1 => extreme = (at, value),
                Some(value) if value > extreme.1 - by => {}
                _ => break,
            }
        }
        extreme
    }

    /// Where between two turns lightness is half-way.
    fn edge(&self, from: (usize, i32), to: (usize, i32)) -> f32 {
        let half = (from.1 + to.1) as f32 / 2.0;
        let rising = to.1 > from.1;
        for at in from.0 + 1..=to.0 {
            let value = f32::from(self.values[at]);
            if (value > half) == rising {
                let before = ((at - 1) as f32, f32::from(self.values[at - 1]));
                return self.between(before, (at as f32, value), half);
            }
        }
        to.0 as f32
    }

    /// Where between two places of known lightness it is as given.
    fn between(&self, mut before: (f32, f32), mut after: (f32, f32), wanted: f32) -> f32 {
        for _ in 0..self.halvings {
            let at = (before.0 + after.0) / 2.0;
            let Some(value) = (self.read)(at) else { break };
            let value = value as f32;
            if (value > wanted) == (after.1 > wanted) {
                after = (at, value);
            } else {
                before = (at, value);
            }
        }
        let share = if after.1 == before.1 { 0.5 } else { (wanted - before.1) / (after.1 - before.1) };
        before.0 + share.clamp(0.0, 1.0) * (after.0 - before.0)
    }
}
