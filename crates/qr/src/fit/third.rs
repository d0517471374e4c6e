//! A symbol's third finder pattern where the search saw only two: dirt, glare or noise hid it from single lines, but
//! it is known where to look and what it looks like.

use super::geometry::{Point, add, cross, decompose, length, minus, times};
use super::light::Light;
use super::ring::{Ring, SIDE};
use super::stamp::Stamp;
use super::triple::{Triple, askew, modules_between};
use crate::order;

/// Where a third finder pattern may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The two rings.
    pub(crate) rings: [usize; 2],
    /// The pattern's expected place, in pixels.
    centre: Point,
    /// Pixels a module there.
    axes: [Point; 2],
    /// How far it may be off, in modules along either axis.
    reach: [f32; 2],
    /// Whether the pattern is the one between the other two.
    is_corner: bool,
    cost: f32,
}

/// Rings that are completed: the best of them.
const MAX_RINGS: usize = 24;
/// What looks less like a finder pattern than this is no ground to search by.
const LEAST_LIKENESS: f32 = 0.6;
/// Share of the distance by which perspective can move the third ring further out or in, and sidewards.
const OUTWARDS: f32 = 0.22;
const SIDEWARDS: f32 = 0.1;
/// Modules that a ring between the other two may be off: there, lines meet.
const MEETING: f32 = 3.0;
/// Modules within which a pattern's likeness rises towards its centre.
const LOBE: f32 = 1.0;

/// The places of third rings for pairs of `free` rings, the likeliest first.
pub(crate) fn places(rings: &[Ring], free: impl Fn(usize) -> bool) -> Vec<Place> {
    let good =
        (0..rings.len()).filter(|&ring| free(ring) && rings[ring].likeness >= LEAST_LIKENESS).collect();
    let good = order::greatest(good, MAX_RINGS, |&ring| rings[ring].likeness);
    let mut places = Vec::new();
    for (i, &first) in good.iter().enumerate() {
        for &second in &good[i + 1..] {
            if rings[first].inverted == rings[second].inverted {
                beside(rings, [first, second], &mut places);
                beside(rings, [second, first], &mut places);
                between(rings, [first, second], &mut places);
            }
        }
    }
    order::smallest(places, usize::MAX, |place: &Place| place.cost)
}

/// The two rings share a side with the `from` ring at the corner: the third lies across, on either side.
fn beside(rings: &[Ring], pair: [usize; 2], places: &mut Vec<Place>) {
    let [from, to] = pair.map(|ring| &rings[ring]);
    let Some((modules, cost)) = modules_between(from, to) else { return };
    let along = minus(to.centre, from.centre);
    let Some([a, b]) = decompose(along, from.axes[0], from.axes[1]) else { return };
    let across = if a.abs() > b.abs() { from.axes[1] } else { from.axes[0] };
    for across in [across, times(across, -1.0)] {
        places.push(Place {
            rings: pair,
            centre: add(from.centre, times(across, modules)),
            axes: [across, times(along, 1.0 / modules)],
            reach: [OUTWARDS * modules + LOBE, SIDEWARDS * modules + LOBE],
            is_corner: false,
            cost,
        });
    }
}

/// The two rings lie at opposite corners: the third lies where their axes meet, on either side.
fn between(rings: &[Ring], pair: [usize; 2], places: &mut Vec<Place>) {
    /// Of the legs, one is seen at most so many times as long as the other.
    const MAX_LEGS: f32 = 1.5;
    let [from, to] = pair.map(|ring| &rings[ring]);
    let across = minus(to.centre, from.centre);
    for (i, j) in [(0, 1), (1, 0)] {
        // From the one along its axis, from the other back along its own.
        let Some(other) = nearest_axis(to, from.axes[j]) else { continue };
        let Some([out, back]) = decompose(across, from.axes[i], other) else { continue };
        let (legs, modules) = ((out / back).abs(), (out.abs() + back.abs()) / 2.0);
        let ratio = from.module() / to.module();
        let possible = legs < MAX_LEGS && legs > 1.0 / MAX_LEGS && (10.0..200.0).contains(&modules);
        if possible && ratio < MAX_LEGS && ratio > 1.0 / MAX_LEGS {
            places.push(Place {
                rings: pair,
                centre: add(from.centre, times(from.axes[i], out)),
                axes: [from.axes[i], other],
                reach: [MEETING + 0.05 * modules; 2],
                is_corner: true,
                cost: (legs - 1.0).abs() + modules / 200.0 + (ratio - 1.0).abs(),
            });
        }
    }
}

/// The axis of a ring that points most like `direction` or against it.
fn nearest_axis(ring: &Ring, direction: Point) -> Option<Point> {
    let [a, b] = decompose(direction, ring.axes[0], ring.axes[1])?;
    (askew(ring, direction)? < 0.5).then(|| if a.abs() > b.abs() { ring.axes[0] } else { ring.axes[1] })
}

impl Place {
    /// Looks at pixels that [`look`](Self::look) takes, about.
    pub(crate) fn looks(&self) -> usize {
        self.reach.iter().map(|reach| (2.0 * reach) as usize + 1).product::<usize>() * 81
    }

    /// The ring that is there, if any.
    pub(crate) fn look(&self, light: &Light<'_>, inverted: bool) -> Option<Ring> {
        let steps = self.reach.map(|reach| (reach / LOBE).ceil() as i32);
        let at = |x: i32, y: i32| Stamp {
            centre: add(
                self.centre,
                add(times(self.axes[0], x as f32 * LOBE), times(self.axes[1], y as f32 * LOBE)),
            ),
            axes: self.axes,
        };
        let places = (-steps[0]..=steps[0]).flat_map(|x| (-steps[1]..=steps[1]).map(move |y| at(x, y)));
        let inside = places.filter(|stamp| light.holds(stamp.centre));
        let best = inside.map(|stamp| (stamp.likeness(light), stamp)).max_by(|a, b| a.0.total_cmp(&b.0))?;
        let module = (length(self.axes[0]) + length(self.axes[1])) / 2.0;
        let traced = Ring::trace(light, best.1.centre, module, inverted);
        let stamped = || Ring::stamp(light, best.1.centre, module, inverted);
        traced.filter(|ring| ring.likeness > LEAST_LIKENESS).or_else(stamped)
    }

    /// The triple that the two rings make with a third, which is number `third`.
    pub(crate) fn triple(&self, rings: &[Ring], found: &Ring, third: usize) -> Triple {
        let [first, second] = self.rings;
        let (corner, others) =
            if self.is_corner { (third, [first, second]) } else { (first, [second, third]) };
        let ring = |number: usize| if number == third { found } else { &rings[number] };
        let offsets = others.map(|other| minus(ring(other).centre, ring(corner).centre));
        let [right, below] =
            if cross(offsets[0], offsets[1]) > 0.0 { others } else { [others[1], others[0]] };
        let between = |other: usize| {
            let offset = minus(ring(other).centre, ring(corner).centre);
            let scales = ring(other).module_along(offset) * ring(corner).module_along(offset);
            length(offset) / scales.sqrt().max(1e-3)
        };
        Triple { corner, right, below, side: (between(right) + between(below)) / 2.0 + SIDE, cost: self.cost }
    }
}
