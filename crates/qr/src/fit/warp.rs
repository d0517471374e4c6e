//! A projective map with a smooth bend: paper on a bottle, a card in a hand, a wide lens.

use super::geometry::{Homography, Pair, Point, add, minus, solve, times};

/// A map from modules to pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Warp {
    map: Homography,
    /// Middle of the symbol, and what makes its half side 1.
    middle: f32,
    scale: f32,
    /// What each term of the bend weighs, in pixels.
    bend: [Point; TERMS],
}

/// A cubic in two variables.
const TERMS: usize = 10;
/// How strongly terms of each degree are held back, in pairs' weights: what few pairs say of a bend is uncertain.
const RESTRAINT: [f64; 4] = [0.02, 0.02, 0.1, 0.3];
const DEGREES: [usize; TERMS] = [0, 1, 1, 2, 2, 2, 3, 3, 3, 3];

impl Warp {
    /// The map nearest to the pairs of a symbol of `side` modules; `None` where they determine none.
    pub(crate) fn fit(pairs: &[Pair], side: usize) -> Option<Self> {
        let mut warp = Self::flat(pairs, side)?;
        warp.bend = warp.bend(pairs).unwrap_or(warp.bend);
        Some(warp)
    }

    /// The same without a bend.
    pub(crate) fn flat(pairs: &[Pair], side: usize) -> Option<Self> {
        let middle = side as f32 / 2.0;
        Some(Self { map: Homography::fit(pairs)?, middle, scale: 1.0 / middle, bend: [[0.0; 2]; TERMS] })
    }

    /// How far off the pairs are, as the root of the mean square in pixels.
    pub(crate) fn misfit(&self, pairs: &[Pair]) -> f32 {
        let square = |pair: &Pair| {
            let [x, y] = minus(pair.pixels, self.map(pair.modules));
            x * x + y * y
        };
        (pairs.iter().map(square).sum::<f32>() / pairs.len().max(1) as f32).sqrt()
    }

    /// Where a point in modules lies in pixels.
    #[inline]
    pub(crate) fn map(&self, at: Point) -> Point {
        let terms = self.terms(at);
        let bend =
            self.bend.iter().zip(terms).fold([0.0; 2], |sum, (&bend, term)| add(sum, times(bend, term)));
        add(self.map.map(at), bend)
    }

    /// What a step of one module to the right and one down is in pixels, at a point in modules.
    pub(crate) fn steps(&self, at: Point) -> [Point; 2] {
        let half = 0.5;
        let step = |axis: usize| {
            let (mut before, mut after) = (at, at);
            before[axis] -= half;
            after[axis] += half;
            minus(self.map(after), self.map(before))
        };
        [step(0), step(1)]
    }

    /// The bend that takes up most of what the projective map leaves.
    fn bend(&self, pairs: &[Pair]) -> Option<[Point; TERMS]> {
        let mut normal = [[0.0f64; TERMS + 2]; TERMS];
        for pair in pairs {
            let terms = self.terms(pair.modules);
            let left = minus(pair.pixels, self.map.map(pair.modules));
            for (i, row) in normal.iter_mut().enumerate() {
                let weight = f64::from(pair.weight * terms[i]);
                for (j, sum) in row[..TERMS].iter_mut().enumerate() {
                    *sum += weight * f64::from(terms[j]);
                }
                row[TERMS] += weight * f64::from(left[0]);
                row[TERMS + 1] += weight * f64::from(left[1]);
            }
        }
        for (i, row) in normal.iter_mut().enumerate() {
            row[i] += RESTRAINT[DEGREES[i]];
        }
        let axis = |axis: usize| {
            let rows =
                normal.map(|row| std::array::from_fn(|i| row[if i == TERMS { TERMS + axis } else { i }]));
            solve::<TERMS, { TERMS + 1 }>(rows)
        };
        let (x, y) = (axis(0)?, axis(1)?);
        Some(std::array::from_fn(|i| [x[i] as f32, y[i] as f32]))
    }

    #[inline]
    fn terms(&self, at: Point) -> [f32; TERMS] {
        let [x, y] = at.map(|at| (at - self.middle) * self.scale);
        [1.0, x, y, x * x, x * y, y * y, x * x * x, x * x * y, x * y * y, y * y * y]
    }
}
