//! Whether a grid that no block was mended of may be a symbol at all: levels are worth a lot of work, but most grids
//! that a search over a textured picture hands in are none.

use super::Version;
use super::layout::Layout;
use crate::SoftGrid;

/// How far function patterns, finders left out, have to agree with the levels: 1 where all do, 0 by chance. Grids that
/// are symbols have 0.95 and more as a rule, however hard they are to read. Of others, picked out for what they have
/// in common with symbols, nineteen in twenty have less than 0.65 and 99 in a hundred less than 0.9.
const LEAST_AGREEMENT: f32 = 0.6;
const ENOUGH_AGREEMENT: f32 = 0.9;
/// The most that levels may gather about 0, measured by kurtosis, where agreement is not enough: 1 for two levels
/// only, about 2 where Gaussian noise is so strong that one module in twenty is wrong, 3 for that noise alone. It is
/// 2.1 to 3.9 for nine in ten grids that are no symbols; but a symbol of which a half is hidden has 2, too.
const MOST_KURTOSIS: f32 = 2.3;

/// Whether `grid` may be a symbol of `version`, seen straight or mirrored.
pub(super) fn plausible(grid: &SoftGrid, version: Version) -> bool {
    let layout = Layout::of(version);
    let agreement = agreement(grid.levels(), layout);
    agreement >= ENOUGH_AGREEMENT
        || (agreement >= LEAST_AGREEMENT && kurtosis(grid.levels(), layout) <= MOST_KURTOSIS)
}

fn agreement(levels: &[i8], layout: &Layout) -> f32 {
    let (mut agreeing, mut all) = (0, 0);
    for &(place, dark) in layout.evidence() {
        let level = i32::from(levels[usize::from(place)]);
        agreeing += if dark { level } else { -level };
        all += level.abs();
    }
    agreeing as f32 / all.max(1) as f32
}

/// The fourth moment of the data modules' levels by the square of the second.
fn kurtosis(levels: &[i8], layout: &Layout) -> f32 {
    let places = layout.places(false);
    let (mut second, mut fourth) = (0u64, 0u64);
    for &place in places {
        let square = u64::from(levels[usize::from(place)].unsigned_abs()).pow(2);
        second += square;
        fourth += square * square;
    }
    let second = second.max(1) as f32;
    places.len() as f32 * (fourth as f32 / second) / second
}
