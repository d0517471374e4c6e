//! A symbol's size and its place in the frame, from its three finder patterns and its timing patterns.

use super::geometry::{Pair, Point, add, decompose, minus, times};
use super::light::Light;
use super::peek;
use super::ring::{Ring, SIDE};
use super::triple::Triple;
use super::warp::Warp;
use crate::decode::Version;
use crate::order;

/// A symbol that may lie in the frame.
#[derive(Clone, Debug)]
pub(crate) struct Pose {
    /// Modules along one side.
    pub(crate) side: usize,
    /// Places in the symbol that were seen in the frame.
    pub(crate) pairs: Vec<Pair>,
    /// How well the timing patterns alternate, up to 1.
    pub(crate) timing: f32,
    /// How well format and version information agree with any and with this version's, up to 1.
    pub(crate) information: [f32; 2],
}

/// Timing patterns that alternate less than this belong to no symbol.
const LEAST_TIMING: f32 = 0.35;
/// Format and version information that agree less than this are none.
const LEAST_INFORMATION: [f32; 2] = [0.4, 0.4];

/// Versions tried on either side of the one that the distances between the rings tell.
const VERSIONS_AROUND: i32 = 2;
/// More on either side for every so many versions.
const VERSIONS_PER_MORE: i32 = 12;
/// The least sum of what timing patterns and format information show, and of that and version information: real
/// symbols, photographed or drawn under all conditions, mostly come to 2 and 3, and only a few below 1.5 and 2.2.
const LEAST_LIKELIHOOD: [f32; 2] = [1.25, 1.9];
/// The same of the two smallest versions, where few modules can agree by chance and error correction proves less.
const LEAST_LIKELIHOOD_OF_SMALL: f32 = 1.6;
const SMALL: usize = 25;
/// Modules that rings of a flat symbol seem to be off: those read on clean, tilted, blurred and shaken cards that the
/// crate `frames` draws were off by 0.17 at most. Of bent ones more than half are further off; so are some flat ones in
/// little light, whose rings are seen badly: for these, a bent symbol is tried in vain, and costs time only.
const FLAT: f32 = 0.25;
/// What a point between two rings on a timing pattern counts beside a ring's corner.
const TIMING_WEIGHT: f32 = 1.0;

/// The likeliest sizes of a triple's symbol, the best first.
pub(crate) fn poses(light: &Light<'_>, rings: [&Ring; 3], triple: &Triple) -> Vec<Pose> {
    let version = ((triple.side - 17.0) / 4.0).round() as i32;
    let around = VERSIONS_AROUND + version / VERSIONS_PER_MORE;
    let versions = (version - around..=version + around).filter(|version| (1..=40).contains(version));
    let poses = versions.filter_map(|version| pose(light, rings, version as u8)).collect();
    order::greatest(poses, usize::MAX, Pose::likelihood)
}

/// The pose that a symbol of this side would have.
fn pose(light: &Light<'_>, rings: [&Ring; 3], version: u8) -> Option<Pose> {
    let version = Version::from_side(17 + 4 * usize::from(version)).ok()?;
    let side = version.side();
    let mut pairs = ring_pairs(rings, side)?;
    let (map, information) = first_map(light, rings, version, &pairs)?;
    if information.iter().zip(LEAST_INFORMATION).any(|(&agreement, least)| agreement < least) {
        return None;
    }
    let timing = [Timing::upper(side), Timing::left(side)].map(|timing| timing.follow(light, &map));
    let mean = (timing[0].score + timing[1].score) / 2.0;
    let likelihood = [mean + information[0], mean + information[0] + information[1]];
    let too_small = side <= SMALL && likelihood[0] < LEAST_LIKELIHOOD_OF_SMALL;
    let unlikely = too_small || likelihood.iter().zip(LEAST_LIKELIHOOD).any(|(&sum, least)| sum < least);
    if mean < LEAST_TIMING || unlikely {
        return None;
    }
    pairs.extend(timing.iter().filter(|bend| bend.score > 0.5).map(|bend| Pair {
        modules: bend.middle,
        pixels: bend.pixels,
        weight: TIMING_WEIGHT,
    }));
    Some(Pose { side, pairs, timing: mean, information })
}

/// Where the symbol lies as far as its rings tell, and what is read there of format and version information. Where a
/// flat symbol does not fit the rings, a bent one is tried, too: they may only be seen badly.
fn first_map(
    light: &Light<'_>,
    rings: [&Ring; 3],
    version: Version,
    pairs: &[Pair],
) -> Option<(Warp, [f32; 2])> {
    let look = |map: Warp| (map, peek::information(light, &map, version, rings));
    let flat = look(Warp::flat(pairs, version.side())?);
    if flat.0.misfit(pairs) < FLAT * rings[0].module() {
        return Some(flat);
    }
    let bent = look(Warp::fit(pairs, version.side())?);
    let sum = |(_, information): &(Warp, [f32; 2])| information.iter().sum::<f32>();
    Some(if sum(&bent) > sum(&flat) { bent } else { flat })
}

/// The twelve corners of the three rings.
fn ring_pairs([corner, right, below]: [&Ring; 3], side: usize) -> Option<Vec<Pair>> {
    let (across, down) = (minus(right.centre, corner.centre), minus(below.centre, corner.centre));
    let far = side as f32 - SIDE;
    let mut pairs = Vec::with_capacity(16);
    for (ring, [left, top]) in [(corner, [0.0, 0.0]), (right, [far, 0.0]), (below, [0.0, far])] {
        for point in ring.corners {
            let [x, y] = decompose(minus(point, ring.centre), across, down)?;
            let place = |share: f32| if share > 0.0 { SIDE } else { 0.0 };
            pairs.push(Pair { modules: [left + place(x), top + place(y)], pixels: point, weight: 1.0 });
        }
    }
    Some(pairs)
}

/// One of the two lines of alternating modules between finder patterns.
struct Timing {
    side: usize,
    start: Point,
    step: Point,
}

/// How a timing pattern was found to lie.
struct Bend {
    score: f32,
    /// The line's middle in modules, and where it was found in pixels.
    middle: Point,
    pixels: Point,
}

impl Timing {
    fn upper(side: usize) -> Self {
        Self { side, start: [0.5, 6.5], step: [1.0, 0.0] }
    }

    fn left(side: usize) -> Self {
        Self { side, start: [6.5, 0.5], step: [0.0, 1.0] }
    }

    /// Tries the line with its middle shifted along itself: that far the rings' own perspective may be off.
    fn follow(&self, light: &Light<'_>, map: &Warp) -> Bend {
        let half = (self.side as f32 - SIDE + 6.0) / 2.0;
        let middle = add(self.start, times(self.step, half));
        let step = map.steps(middle)[usize::from(self.step[1] > 0.0)];
        let (score, shift) = self.best_shift(light, map);
        Bend { score, middle, pixels: add(map.map(middle), times(step, shift)) }
    }

    /// The score of the best shift, and that shift in modules.
    fn best_shift(&self, light: &Light<'_>, map: &Warp) -> (f32, f32) {
        /// Quarters of a module, to either side.
        const SHIFTS: i32 = 6;
        /// What alternates as well as this is no chance.
        const CLEAR: f32 = 0.8;
        let reach = SHIFTS.min(1 + self.side as i32 / 12);
        let score = |quarters: i32| (self.score(light, map, quarters as f32 / 4.0), quarters);
        let mut best = score(0);
        if best.0 < CLEAR {
            let all = (-reach..=reach).map(score);
            best = all.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or(best);
        } else {
            // The best is where scores rise to.
            for way in [-1, 1] {
                while (best.1 + way).abs() <= reach {
                    let next = score(best.1 + way);
                    if next.0 <= best.0 {
                        break;
                    }
                    best = next;
                }
            }
        }
        (best.0, best.1 as f32 / 4.0)
    }

    /// How well the line alternates when its middle is `shift` modules further along: 1 at best, about 0 by chance.
    fn score(&self, light: &Light<'_>, map: &Warp, shift: f32) -> f32 {
        let (first, last) = (7, self.side - 8);
        let span = (last - first) as f32 + 2.0;
        let sample = |i: usize| {
            let share = (i as f32 - first as f32 + 1.0) / span;
            let bent = i as f32 + shift * 4.0 * share * (1.0 - share);
            light.at(map.map(add(self.start, times(self.step, bent))))
        };
        let (mut before, mut here) = (sample(first - 1), sample(first));
        let (mut right, mut all) = (0.0, 0.0);
        for i in first..=last {
            let after = sample(i + 1);
            let swing = 2.0 * here - before - after;
            right += if i % 2 == 0 { -swing } else { swing };
            all += swing.abs();
            (before, here) = (here, after);
        }
        right / f32::max(all, 1.0)
    }
}

impl Pose {
    fn likelihood(&self) -> f32 {
        self.timing + self.information[0] + 2.0 * self.information[1]
    }
}
