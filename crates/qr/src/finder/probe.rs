//! Measuring what a row hit along lines in four directions.

use super::FinderPattern;
use super::ratio::{self, Measure};
use super::rows::Hit;
use crate::Luma;
use crate::threshold::Thresholds;

/// Right, down, and the two diagonals.
const DIRECTIONS: [[isize; 2]; 4] = [[1, 0], [0, 1], [1, 1], [1, -1]];
/// Modules from the centre within which the outermost edge is looked for: 3.5, along a diagonal, seen aslant.
const REACH: f32 = 9.0;
/// How many times longer modules may be in one direction than in another.
const MAX_STRETCH: f32 = 3.0;

/// A frame and its thresholds.
pub(super) struct View<'a> {
    luma: Luma<'a>,
    thresholds: &'a Thresholds,
}

impl<'a> View<'a> {
    pub(super) fn new(luma: Luma<'a>, thresholds: &'a Thresholds) -> Self {
        Self { luma, thresholds }
    }

    /// The pattern that was hit, if it is one. Takes the pixels looked at from the budget.
    pub(super) fn probe(&self, hit: Hit, budget: &mut usize) -> Option<FinderPattern> {
        let mut at = hit.at.map(|at| at as usize);
        let mut along = |at: [usize; 2], direction: usize| {
            let line = self.line(at, DIRECTIONS[direction], hit, budget)?;
            (line.module < hit.module * MAX_STRETCH && hit.module < line.module * MAX_STRETCH).then_some(line)
        };
        // The centre from the column, then from the row through that.
        if let Some(column) = along(at, 1) {
            at[1] = shifted(at[1], column.middle)?;
            at[0] = shifted(at[0], along(at, 0)?.middle)?;
        }
        let mut lines = [0, 1, 2, 3].map(|direction| along(at, direction));
        let mut centre = self.centre(at, &lines)?;
        // Closer lines leave less to be corrected.
        let closer = centre.map(|at| at as usize);
        if closer != at {
            let again = [0, 1, 2, 3].map(|direction| along(closer, direction));
            if let Some(better) = self.centre(closer, &again) {
                (lines, centre) = (again, better);
            }
        }
        let score = lines.iter().flatten().map(|line| 1.0 - line.off).sum::<f32>() / 4.0;
        Some(FinderPattern { centre, module: module(&lines)?, inverted: hit.inverted, score, hits: 1 })
    }

    /// The centre that lines through `at` agree on: those through the centre of a square are halved by it.
    fn centre(&self, at: [usize; 2], lines: &[Option<Measure>; 4]) -> Option<[f32; 2]> {
        let [row, column, down, up] = lines.map(|line| line.map(|line| line.middle));
        let straight = row.zip(column);
        let aslant = down.zip(up).map(|(down, up)| (down + up, down - up));
        let (x, y) = match (straight, aslant) {
            (Some((x, y)), Some((across, along))) => ((x + across) / 2.0, (y + along) / 2.0),
            (Some(shift), None) if down.or(up).is_some() => shift,
            (None, Some(shift)) if row.or(column).is_some() => shift,
            _ => return None,
        };
        Some([at[0] as f32 + 0.5 + x, at[1] as f32 + 0.5 + y])
    }

    /// The pattern along the line through the middle of a pixel, measured from there in steps of `direction`.
    fn line(&self, at: [usize; 2], direction: [isize; 2], hit: Hit, budget: &mut usize) -> Option<Measure> {
        let reach = (hit.module * REACH) as isize + 2;
        let [d, e, f] = self.edges(at, direction, hit.inverted, reach, budget)?;
        let [c, b, a] = self.edges(at, direction.map(|step| -step), hit.inverted, reach, budget)?;
        ratio::measure([-a, -b, -c, d, e, f])
    }

    /// The first three edges from a pixel within the core on.
    fn edges(
        &self,
        at: [usize; 2],
        [dx, dy]: [isize; 2],
        inverted: bool,
        reach: isize,
        budget: &mut usize,
    ) -> Option<[f32; 3]> {
        let mut edges = [0.0; 3];
        let mut found = 0;
        let mut before = self.lightness(at[0] as isize, at[1] as isize, inverted)?;
        if before > 0 {
            return None;
        }
        for step in 1..=reach {
            *budget = budget.saturating_sub(1);
            let value = self.lightness(at[0] as isize + step * dx, at[1] as isize + step * dy, inverted)?;
            if (value > 0) != (before > 0) {
                edges[found] = (step - 1) as f32 + before as f32 / (before - value) as f32;
                found += 1;
                if found == 3 {
                    return Some(edges);
                }
            }
            before = value;
        }
        None
    }

    /// How much lighter than the threshold a pixel is; never 0. `None` outside the frame.
    fn lightness(&self, x: isize, y: isize, inverted: bool) -> Option<i32> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        if x >= self.luma.width() || y >= self.luma.height() {
            return None;
        }
        let lightness = 2 * (i32::from(self.luma.row(y)[x]) - i32::from(self.thresholds.at(x, y))) + 1;
        Some(if inverted { -lightness } else { lightness })
    }
}

fn shifted(at: usize, by: f32) -> Option<usize> {
    at.checked_add_signed(by.round() as isize)
}

/// The module of a square whose chords along rows and columns, and along diagonals, have been measured.
///
/// A chord is longer than the side by the cosine of the angle between them, and the two angles make up 45°.
fn module(lines: &[Option<Measure>; 4]) -> Option<f32> {
    let mean = |lines: &[Option<Measure>]| {
        let (sum, count) = lines.iter().flatten().fold((0.0, 0.0), |(s, n), line| (s + line.module, n + 1.0));
        (count > 0.0).then_some(sum / count)
    };
    let straight = mean(&lines[..2])?;
    // In steps of a diagonal, which are √2 pixels.
    let diagonal = mean(&lines[2..])?;
    let (cosine, both) = (straight.recip(), diagonal.recip());
    Some((cosine * cosine + (both - cosine) * (both - cosine)).sqrt().recip())
}
