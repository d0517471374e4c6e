//! A trace of a code that was not read: two finder patterns along a side of it, or a lone one.

use crate::Luma;
use crate::fit::{Light, Reading, Ring, modules_between};
use crate::order;

type Point = [f32; 2];

// Measured on 514 frames that were read, up to 40 of each condition that the crate `frames` draws, and on the 48 rooms
// without a code of `tests/hints.rs`.

/// Finder patterns that are looked at: the best of them. Chosen: three would do for one code, and ten make 45 pairs.
const MAX_RINGS: usize = 10;
/// What costs more (see [`modules_between`]) are two that only happen to lie so: of codes that were read, the cheapest
/// pair cost 0.43 mostly and 0.94 at most.
const MAX_COST: f32 = 1.0;
/// Places along a line through a code, and how often as a share of them colours change there at least: in codes that
/// were read 0.125 at least, and in 95 % of them 0.25 and more; beside what merely looked like a pair, in 95 % 0.07 and
/// less.
const PLACES: usize = 64;
const BUSY: f32 = 0.12;
/// Lines through a code: their depth as a share of its side. Chosen to pass beside all finder patterns, which are an
/// eighth of it where symbols are small as certificates go.
const LINES: [f32; 3] = [0.25, 0.45, 0.65];
/// Luma from which on a pixel shines, and what paper may have for that to mean something. Chosen: the top of the range
/// with room for what compression adds, and well below it; light modules of 95 % of the codes that were read had 226
/// and less.
const SHINES: u8 = 250;
const PAPER: f32 = 225.0;
/// Places along either side of a code where shine is looked for. Chosen: what may shine without harm
/// is some 17 of these places, and so not a matter of one or two.
const GRID: usize = 20;

/// A lone finder pattern is a code's where it looks like this, and its modules, in pixels, are no larger: in rooms
/// without a code nothing smaller does. There, what looked like 0.8 had 6.4 pixels at least, like 0.87 it had 11.5, and
/// what had fewer than 6 came to 0.68.
const LONE: [(f32, f32); 2] = [(0.8, 1.9), (0.87, 6.0)];

/// A lone finder pattern that looks like this would not be alone if all of its code was there: nothing in those rooms
/// did, and the best of most codes does.
const CLEAR: f32 = 0.95;

/// What was seen of a symbol.
pub(super) struct Trace<'a> {
    frame: Luma<'a>,
    ring: &'a Ring,
    pair: Option<Pair<'a>>,
}

/// Two finder patterns along a side of a symbol.
struct Pair<'a> {
    other: &'a Ring,
    /// From the first ring towards the other, and across, one module each, in pixels.
    along: Point,
    across: Point,
    modules: f32,
    /// On which side of the line between the rings the symbol lies: 1 as `across` points, −1 on the other, 0 where
    /// neither shows it.
    side: f32,
}

impl<'a> Trace<'a> {
    /// The likeliest trace among what was not read.
    pub(super) fn of(reading: &'a Reading<'a, '_>) -> Option<Self> {
        let frame = reading.frame();
        let rings = order::greatest(reading.free().collect(), MAX_RINGS, |ring| ring.likeness);
        let mut best = None;
        let mut least = MAX_COST;
        for (i, first) in rings.iter().enumerate() {
            for second in &rings[i + 1..] {
                if let Some((modules, cost)) =
                    modules_between(first, second).filter(|&(_, cost)| cost < least)
                {
                    let pair = Some(Pair::new(first, second, modules));
                    (least, best) = (cost, Some(Self { frame, ring: first, pair }));
                }
            }
        }
        let best = best.map(Self::with_side).filter(Self::is_likely);
        best.or_else(|| {
            let mut lone = rings.into_iter();
            let is_code = |ring: &&Ring| {
                LONE.iter().any(|&(least, most)| ring.likeness >= least && ring.module() <= most)
            };
            lone.find(is_code).map(|ring| Self { frame, ring, pair: None })
        })
    }

    fn with_side(self) -> Self {
        let side = self.busier();
        Self { pair: self.pair.map(|pair| Pair { side, ..pair }), ..self }
    }

    /// Whether a pair has a symbol beside it, or the frame's end where one may be.
    fn is_likely(&self) -> bool {
        self.pair.as_ref().is_some_and(|pair| pair.side != 0.0) || self.leaves_frame()
    }

    /// The luma in the middle between dark and light, and half of what lies between.
    pub(super) fn levels(&self) -> [f32; 2] {
        let other = self.pair.as_ref().map_or(self.ring, |pair| pair.other);
        [0, 1].map(|part| (self.ring.levels[part] + other.levels[part]) / 2.0)
    }

    /// Pixels a module.
    pub(super) fn module(&self) -> f32 {
        self.pair.as_ref().map_or(f32::MAX, |pair| pair.other.module()).min(self.ring.module())
    }

    /// Whether the symbol reaches beyond the frame, or something covers it: of three finder patterns one is clear, and no
    /// other is seen.
    pub(super) fn is_cut_off(&self) -> bool {
        self.pair.as_ref().map_or(self.ring.likeness >= CLEAR, |pair| {
            let third = |along: f32| self.luma(along, pair.modules * pair.side);
            pair.side == 0.0 || third(0.0).is_none() || third(pair.modules).is_none()
        })
    }

    /// How much of their contrast the lines of a finder pattern keep that are one module wide, where it is least.
    pub(super) fn sharpness(&self) -> f32 {
        let of = |ring: &Ring| {
            let light = Light::new(self.frame, ring.module(), ring.inverted);
            let at = |axis: usize, far: f32| {
                let side =
                    |sign: f32| [0, 1].map(|part| ring.centre[part] + ring.axes[axis][part] * far * sign);
                (light.at(side(1.0)) + light.at(side(-1.0))) / 2.0
            };
            let kept =
                |axis: usize| (at(axis, 2.0) - at(axis, 3.0)) / (at(axis, 4.0) - at(axis, 0.0)).max(1.0);
            kept(0).min(kept(1))
        };
        self.pair.as_ref().map_or(0.0, |pair| of(pair.other)).max(of(self.ring))
    }

    /// The share of the symbol that shines brighter than its paper; nought where the paper shines itself.
    pub(super) fn shining(&self) -> f32 {
        let [middle, half] = self.levels();
        let Some(pair) = self.pair.as_ref().filter(|pair| middle + half <= PAPER && pair.side != 0.0) else {
            return 0.0;
        };
        let step = pair.modules / GRID as f32;
        let places = (0..=GRID).flat_map(|i| (0..=GRID).map(move |j| (i as f32 * step, j as f32 * step)));
        let lumas = places.filter_map(|(along, across)| self.luma(along, across * pair.side));
        let (shining, all) = lumas.fold((0.0, 0.0), |(shining, all), luma| {
            (shining + f32::from(u8::from(luma >= SHINES)), all + 1.0)
        });
        shining / f32::max(all, 1.0)
    }

    /// The side on which colours change as often as in a symbol.
    fn busier(&self) -> f32 {
        let (one, other) = (self.business(1.0), self.business(-1.0));
        let side = if one > other { 1.0 } else { -1.0 };
        if one.max(other) < BUSY { 0.0 } else { side }
    }

    /// How often colours change along lines on a side, as a share of places; nought where little of it is in the frame.
    fn business(&self, side: f32) -> f32 {
        let Some(Pair { modules, .. }) = self.pair else { return 0.0 };
        let [middle, half] = self.levels();
        let (mut changes, mut places, mut dark) = (0_u16, 0_u16, false);
        for line in LINES {
            for place in 0..PLACES {
                let along = modules * (place as f32 + 0.5) / PLACES as f32;
                let Some(luma) = self.luma(along, modules * line * side) else { continue };
                let off = f32::from(luma) - middle;
                places += 1;
                if off.abs() > half * 0.3 && (off < 0.0) != dark {
                    (changes, dark) = (changes + 1, !dark);
                }
            }
        }
        if usize::from(places) < PLACES / 2 { 0.0 } else { f32::from(changes) / f32::from(places) }
    }

    /// Whether a side of the line between the rings shows nothing, for it lies beyond the frame.
    fn leaves_frame(&self) -> bool {
        let beyond = |pair: &Pair<'_>, side: f32| {
            LINES.iter().all(|line| self.luma(0.0, pair.modules * line * side).is_none())
        };
        self.pair.as_ref().is_some_and(|pair| beyond(pair, 1.0) || beyond(pair, -1.0))
    }

    /// The luma at a place in modules from the first ring; none outside of the frame.
    fn luma(&self, along: f32, across: f32) -> Option<u8> {
        let pair = self.pair.as_ref()?;
        let [x, y] =
            [0, 1].map(|axis| self.ring.centre[axis] + pair.along[axis] * along + pair.across[axis] * across);
        let inside = x >= 0.0 && y >= 0.0 && x < self.frame.width() as f32 && y < self.frame.height() as f32;
        inside.then(|| self.frame.row(y as usize)[x as usize])
    }
}

impl<'a> Pair<'a> {
    fn new(ring: &Ring, other: &'a Ring, modules: f32) -> Self {
        let along = [0, 1].map(|axis| (other.centre[axis] - ring.centre[axis]) / modules);
        let slant = |axis: Point| (axis[0] * along[1] - axis[1] * along[0]).abs();
        let [a, b] = ring.axes;
        let across = if slant(a) > slant(b) { a } else { b };
        Self { other, along, across, modules, side: 0.0 }
    }
}
