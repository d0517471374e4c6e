//! Where each module lies: a projective map, bent to what was seen of the symbol's inside.

use super::alignment::Anchor;
use super::geometry::{Point, add, minus, times};
use super::warp::Warp;

/// A map from modules to pixels with a displacement at each knot of a lattice, linear in between.
#[derive(Clone, Debug)]
pub(crate) struct Mesh {
    map: Warp,
    /// Knots along either axis, in modules, ascending.
    knots: Vec<f32>,
    /// Displacements in pixels, row by row.
    bends: Vec<Point>,
}

impl Mesh {
    /// A mesh over `map` with knots at these places along either axis.
    pub(crate) fn new(map: Warp, knots: Vec<f32>) -> Self {
        let bends = vec![[0.0; 2]; knots.len() * knots.len()];
        Self { map, knots, bends }
    }

    /// A mesh whose knots are the alignment patterns' middles; those not seen lie where their neighbours tell.
    pub(crate) fn through(map: Warp, centres: &[usize], anchors: &[Anchor]) -> Self {
        let mut mesh = Self::new(map, centres.iter().map(|&centre| centre as f32 + 0.5).collect());
        let mut seen = vec![false; mesh.bends.len()];
        for anchor in anchors {
            if let (Some(knot), Some(pixels)) = (mesh.knot(anchor.modules), anchor.pixels) {
                mesh.bends[knot] = minus(pixels, map.map(anchor.modules));
                seen[knot] = true;
            }
        }
        // Under three of the crossings lie finder patterns, which the map itself follows.
        let side = mesh.knots.len();
        if side > 1 {
            for corner in [0, side - 1, (side - 1) * side] {
                seen[corner] = true;
            }
            mesh.spread(&mut seen);
        }
        mesh
    }

    /// Where a point in modules lies in pixels.
    #[inline]
    pub(crate) fn at(&self, point: Point) -> Point {
        let place = self.map.map(point);
        if self.knots.len() < 2 {
            return place;
        }
        let ((left, right), (top, down)) = (self.cell(point[0]), self.cell(point[1]));
        let row = |row: usize| {
            let start = row * self.knots.len() + left;
            let (a, b) = (self.bends[start], self.bends[start + 1]);
            add(times(a, 1.0 - right), times(b, right))
        };
        let bend = add(times(row(top), 1.0 - down), times(row(top + 1), down));
        add(place, bend)
    }

    /// The knot before a place, and how far on towards the next it is.
    fn cell(&self, at: f32) -> (usize, f32) {
        let after = self.knots.partition_point(|&knot| knot <= at);
        let cell = after.clamp(1, self.knots.len() - 1) - 1;
        let (from, to) = (self.knots[cell], self.knots[cell + 1]);
        // Beyond the outermost knots bends go on as they are half a cell before the end.
        (cell, ((at - from) / (to - from)).clamp(-0.5, 1.5))
    }

    fn knot(&self, [x, y]: Point) -> Option<usize> {
        let index = |at: f32| self.knots.iter().position(|&knot| (knot - at).abs() < 0.25);
        Some(index(y)? * self.knots.len() + index(x)?)
    }

    /// Gives knots that were not seen the mean of their neighbours, again and again until all have one.
    fn spread(&mut self, seen: &mut [bool]) {
        let side = self.knots.len();
        for _ in 0..2 * side {
            let known = seen.to_vec();
            for knot in (0..side * side).filter(|&knot| !known[knot]) {
                let (x, y) = (knot % side, knot / side);
                let (mut sum, mut count) = ([0.0; 2], 0.0);
                let neighbours = [
                    (x > 0).then(|| knot - 1),
                    (x + 1 < side).then(|| knot + 1),
                    (y > 0).then(|| knot - side),
                    (y + 1 < side).then(|| knot + side),
                ];
                for neighbour in neighbours.into_iter().flatten().filter(|&neighbour| known[neighbour]) {
                    sum = add(sum, self.bends[neighbour]);
                    count += 1.0;
                }
                if count > 0.0 {
                    self.bends[knot] = times(sum, 1.0 / count);
                    seen[knot] = true;
                }
            }
        }
    }
}
