//! From samples to confidences: what lens, motion and neighbours mixed is taken apart again.
//!
//! A module's colour is estimated from its sample and its eight neighbours', by weights that suit the modules whose
//! colour is known best (least squares). Blur makes them sharpen, noise makes them smooth; nobody has to know which.

use super::geometry::solve;
use super::sample::Samples;
use crate::grid::SoftGrid;

/// The weights of a module's own sample, its neighbours' and a constant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weights([f32; TERMS]);

const TERMS: usize = 10;
/// The module's own sample among its neighbours'.
const OWN: usize = 4;
/// How many known modules the belief weighs that samples are right as they are.
const BELIEF: f64 = 12.0;
/// The confidence of a module whose estimate is just what its colour should give.
const SURE: f32 = 90.0;

impl Weights {
    /// The weights that suit the modules of known colour (`dark`) best.
    pub(crate) fn train(samples: &Samples, known: impl Iterator<Item = (usize, usize, bool)>) -> Self {
        let mut rows = [[0.0f64; TERMS + 1]; TERMS];
        for (x, y, dark) in known {
            let terms = terms(samples, x, y);
            let wanted = if dark { -1.0 } else { 1.0 };
            for (i, row) in rows.iter_mut().enumerate() {
                for (j, sum) in row[..=i].iter_mut().enumerate() {
                    *sum += f64::from(terms[i] * terms[j]);
                }
                row[TERMS] += f64::from(terms[i] * wanted);
            }
        }
        // The rest is the same, mirrored.
        for (i, j) in (0..TERMS).flat_map(|i| (i + 1..TERMS).map(move |j| (i, j))) {
            rows[i][j] = rows[j][i];
        }
        for (i, row) in rows.iter_mut().enumerate() {
            row[i] += BELIEF;
        }
        rows[OWN][TERMS] += BELIEF;
        let mut plain = [0.0; TERMS];
        plain[OWN] = 1.0;
        Self(solve(rows).map_or(plain, |weights| weights.map(|weight| weight as f32)))
    }

    /// The confidences of all modules.
    pub(crate) fn apply(&self, samples: &Samples, side: usize) -> SoftGrid {
        let [.., constant] = self.0;
        let mut estimates = vec![0.0; side];
        let mut levels = Vec::with_capacity(side * side);
        for y in 0..side {
            estimates.fill(constant);
            // One weight after another: neighbours in a row are added in wide registers.
            for (weights, row) in self.0.chunks_exact(3).zip(samples.rows_around(y)) {
                let shifted = [0, 1, 2].map(|shift| &row[shift..][..side]);
                for (x, estimate) in estimates.iter_mut().enumerate() {
                    *estimate +=
                        weights[0] * shifted[0][x] + weights[1] * shifted[1][x] + weights[2] * shifted[2][x];
                }
            }
            // The conversion saturates.
            levels.extend(estimates.iter().map(|estimate| (-estimate * SURE) as i8));
        }
        SoftGrid::from_levels(side, levels)
    }
}

/// A module's neighbourhood and the constant.
#[inline]
fn terms(samples: &Samples, x: usize, y: usize) -> [f32; TERMS] {
    let mut terms = [1.0; TERMS];
    terms[..9].copy_from_slice(&samples.around(x, y));
    terms
}
