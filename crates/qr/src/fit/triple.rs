//! Which three finder patterns belong to one symbol.

use super::geometry::{Point, cross, decompose, length, minus};
use super::ring::{Ring, SIDE};
use crate::order;

/// Three rings that may be a symbol's: indices into the list they come from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Triple {
    /// The ring at the symbol's corner between the other two.
    pub(crate) corner: usize,
    /// To the right of the corner, as the symbol is read unmirrored.
    pub(crate) right: usize,
    /// Below the corner.
    pub(crate) below: usize,
    /// Modules along one side, as the distances between the rings tell.
    pub(crate) side: f32,
    /// Smaller is likelier.
    pub(crate) cost: f32,
}

impl Triple {
    /// The corner, the ring to its right and the one below.
    pub(crate) fn members(&self) -> [usize; 3] {
        [self.corner, self.right, self.below]
    }
}

/// Modules between the centres of two finder patterns of version 1, with room for error.
const NEAREST: f32 = 14.0 * 0.75;
/// The same of version 40.
const FARTHEST: f32 = 170.0 * 1.25;
/// How far off an axis of a ring its neighbour may lie: the tangent of the angle.
const ASKEW: f32 = 0.3;
/// Perspective makes one ring of a symbol at most so many times as large as another.
const MAX_RATIO: f32 = 2.2;
/// One side of a symbol counts at most so many times the modules of the other, before perspective is known.
const MAX_LEGS: f32 = 1.5;
/// Neighbours kept for each ring: a triple's two are among the nearest that fit.
const NEIGHBOURS: usize = 12;

/// A ring in the direction of another's side.
struct Neighbour {
    ring: usize,
    offset: Point,
    modules: f32,
    cost: f32,
}

/// All triples of `free` rings that may be symbols and have a ring from `newest` on, the likeliest first, at most
/// `limit`; fewer once time is up.
pub(crate) fn triples(
    rings: &[Ring],
    free: &[bool],
    newest: usize,
    limit: usize,
    time_is_up: &mut dyn FnMut() -> bool,
) -> Vec<Triple> {
    let mut triples = Vec::new();
    if newest >= rings.len() {
        return triples;
    }
    for corner in (0..rings.len()).filter(|&corner| free[corner]) {
        if time_is_up() {
            break;
        }
        let neighbours = neighbours(rings, free, corner);
        for (i, first) in neighbours.iter().enumerate() {
            for second in &neighbours[i + 1..] {
                if corner.max(first.ring).max(second.ring) < newest {
                    continue;
                }
                triples.extend(triple(rings, corner, first, second));
            }
        }
    }
    order::smallest(triples, limit, |triple| triple.cost)
}

fn neighbours(rings: &[Ring], free: &[bool], corner: usize) -> Vec<Neighbour> {
    let others = (0..rings.len()).filter(|&other| other != corner && free[other]);
    let neighbours = others.filter_map(|other| neighbour(rings, corner, other)).collect();
    order::smallest(neighbours, NEIGHBOURS, |neighbour: &Neighbour| neighbour.cost)
}

fn neighbour(rings: &[Ring], from: usize, to: usize) -> Option<Neighbour> {
    let (a, b) = (&rings[from], &rings[to]);
    let (modules, cost) = modules_between(a, b)?;
    Some(Neighbour { ring: to, offset: minus(b.centre, a.centre), modules, cost })
}

/// The modules between two rings that may lie on one side of a symbol, and the cost of their doing so.
pub(crate) fn modules_between(a: &Ring, b: &Ring) -> Option<(f32, f32)> {
    let offset = minus(b.centre, a.centre);
    let (near, far) = (a.module_along(offset), b.module_along(offset));
    let ratio = near.max(far) / near.min(far).max(1e-6);
    // Exact along a straight line seen in perspective: the scale is the square of a linear function's inverse.
    let modules = length(offset) / (near * far).sqrt();
    let askew = askew(a, offset)?.max(askew(b, offset)?);
    let possible = a.inverted == b.inverted
        && (NEAREST..FARTHEST).contains(&modules)
        && ratio < MAX_RATIO
        && askew < ASKEW;
    // Far neighbours are seldom meant where nearer ones fit.
    let cost = askew / ASKEW + (ratio - 1.0) + modules / FARTHEST + 2.0 * (1.0 - b.likeness);
    possible.then_some((modules, cost))
}

/// The tangent of the angle between a direction and the nearest axis of a ring, in the ring's own modules.
pub(crate) fn askew(ring: &Ring, direction: Point) -> Option<f32> {
    let [along, across] = decompose(direction, ring.axes[0], ring.axes[1])?.map(f32::abs);
    Some(along.min(across) / along.max(across).max(1e-6))
}

fn triple(rings: &[Ring], corner: usize, first: &Neighbour, second: &Neighbour) -> Option<Triple> {
    let axes = rings[corner].axes;
    let main = |offset| decompose(offset, axes[0], axes[1]).map(|[a, b]| a.abs() > b.abs());
    let legs = first.modules.max(second.modules) / first.modules.min(second.modules);
    if main(first.offset)? == main(second.offset)? || legs > MAX_LEGS {
        return None;
    }
    let clockwise = cross(first.offset, second.offset) > 0.0;
    let (right, below) = if clockwise { (first, second) } else { (second, first) };
    Some(Triple {
        corner,
        right: right.ring,
        below: below.ring,
        side: (first.modules + second.modules) / 2.0 + SIDE,
        cost: first.cost + second.cost + 2.0 * (legs - 1.0),
    })
}
