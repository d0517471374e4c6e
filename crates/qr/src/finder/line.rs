//! The edges of a pattern along a line.
//!
//! From the core outwards lightness rises, falls, and rises again. Each turn is found by itself, and an edge lies
//! half-way between two turns, so that neither blur, which leaves rings much fainter than the core, nor uneven light
//! matters.

use super::pixels::Samples;
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

/// Measures the pattern along both halves of a line, in samples.
#[inline]
pub(super) fn measure<S: Samples>(
    mut ahead: Half<S>,
    mut back: Half<S>,
    expected: Expected,
    budget: &mut usize,
) -> Option<Measure> {
    let edges = edges(&mut ahead, &mut back, expected);
    *budget = budget.saturating_sub(ahead.known + back.known);
    ratio::measure(edges?)
}

#[inline]
fn edges<S: Samples>(ahead: &mut Half<S>, back: &mut Half<S>, expected: Expected) -> Option<[f32; 6]> {
    let most = 3.0 * expected.module * MAX_STRETCH + 2.0;
    let core_ahead = ahead.fall(expected.core, most as usize)?;
    let core_back = back.fall(expected.core, (most - ahead.known as f32).max(0.0) as usize + 2)?;
    let core = (ahead.known + back.known) as f32;
    if core * MAX_STRETCH < 3.0 * expected.module {
        return None;
    }
    let reach = (core / 3.0 * MAX_RING + 2.0) as usize;
    let (light_ahead, light_back) = (ahead.rise(expected.ring, reach)?, back.rise(expected.ring, reach)?);
    let (dark_ahead, dark_back) = (ahead.fall(expected.ring, reach)?, back.fall(expected.ring, reach)?);
    let rest = (core / 3.0) as usize + 1;
    let (outer_ahead, outer_back) = (ahead.rest(expected.ring, rest), back.rest(expected.ring, rest));
    Some([
        -back.edge(dark_back, outer_back),
        -back.edge(light_back, dark_back),
        -back.edge(core_back, light_back),
        ahead.edge(core_ahead, light_ahead),
        ahead.edge(light_ahead, dark_ahead),
        ahead.edge(dark_ahead, outer_ahead),
    ])
}

/// Where lightness turns, and how light it is there.
#[derive(Clone, Copy)]
struct Extreme {
    at: usize,
    value: i32,
}

/// Half of a line, from within the core on.
pub(super) struct Half<S> {
    samples: S,
    /// How many times the distance between two samples is halved to find an edge.
    halvings: u32,
    values: [i16; LONGEST],
    /// Samples that have been read, and of those the ones looked at.
    ready: usize,
    known: usize,
}

impl<S: Samples> Half<S> {
    #[inline]
    pub(super) fn new(samples: S, halvings: u32) -> Self {
        Self { samples, halvings, values: [0; LONGEST], ready: 0, known: 0 }
    }

    /// The next sample.
    #[inline(always)]
    fn next(&mut self) -> Option<i32> {
        if self.known == self.ready {
            self.read()?;
        }
        let value = *self.values.get(self.known)?;
        self.known += 1;
        Some(value.into())
    }

    /// Reads more samples.
    #[inline(never)]
    fn read(&mut self) -> Option<()> {
        let chunk = self.values.get_mut(self.ready..)?.first_chunk_mut()?;
        let more = self.samples.read(self.ready, chunk);
        self.ready += more;
        (more > 0).then_some(())
    }

    /// The last sample looked at, or the first.
    #[inline]
    fn here(&mut self) -> Option<Extreme> {
        if self.known == 0 {
            self.next()?;
        }
        Some(Extreme { at: self.known - 1, value: self.values[self.known - 1].into() })
    }

    /// Goes on until lightness has risen again from its least, within so many samples.
    #[inline]
    fn fall(&mut self, by: i32, most: usize) -> Option<Extreme> {
        let mut least = self.here()?;
        for _ in 0..most {
            let here = Extreme { at: self.known, value: self.next()? };
            if here.value < least.value {
                least = here;
            } else if here.value > least.value + by {
                return Some(least);
            }
        }
        None
    }

    /// Goes on until lightness has fallen again from its greatest, within so many samples.
    #[inline]
    fn rise(&mut self, by: i32, most: usize) -> Option<Extreme> {
        let mut greatest = self.here()?;
        for _ in 0..most {
            let here = Extreme { at: self.known, value: self.next()? };
            if here.value > greatest.value {
                greatest = here;
            } else if here.value < greatest.value - by {
                return Some(greatest);
            }
        }
        None
    }

    /// Goes on as long as lightness rises, at most so many samples.
    #[inline]
    fn rest(&mut self, by: i32, most: usize) -> Extreme {
        let mut greatest = Extreme { at: self.known - 1, value: self.values[self.known - 1].into() };
        for _ in 0..most {
            match self.next() {
                Some(value) if value > greatest.value => greatest = Extreme { at: self.known - 1, value },
                Some(value) if value > greatest.value - by => {}
                _ => break,
            }
        }
        greatest
    }

    /// Where between two turns lightness is half-way.
    #[inline]
    fn edge(&self, from: Extreme, to: Extreme) -> f32 {
        let (half, rising) = (from.value + to.value, to.value > from.value);
        for at in from.at + 1..=to.at {
            let value = self.values[at];
            if (2 * i32::from(value) > half) == rising {
                let place = |at: usize| (at as f32, f32::from(self.values[at]));
                return self.between(place(at - 1), place(at), half as f32 / 2.0);
            }
        }
        to.at as f32
    }

    /// Where between two places of known lightness it is as wanted.
    #[inline]
    fn between(&self, mut before: (f32, f32), mut after: (f32, f32), wanted: f32) -> f32 {
        for _ in 0..self.halvings {
            let at = (before.0 + after.0) / 2.0;
            let Some(value) = self.samples.between(at) else { break };
            let value = f32::from(value);
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
