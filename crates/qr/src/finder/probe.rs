//! Measuring what a row hit along lines in four directions.

use super::FinderPattern;
use super::ratio::{self, Measure};
use super::rows::Hit;
use crate::Luma;
use crate::threshold::Thresholds;

/// Right, down, and the two diagonals.
const DIRECTIONS: [[isize; 2]; 4] = [[1, 0], [0, 1], [1, 1], [1, -1]];
/// How many times longer modules may be in one direction than in another: a symbol turned by half a right angle has
/// modules twice as many steps long along rows as along diagonals, and may be seen aslant besides.
const MAX_STRETCH: f32 = 2.5;
/// How many times a third of the core a ring may be wide where blur narrows the core.
const MAX_RING: f32 = 2.3;

/// A frame and its thresholds.
pub(super) struct View<'a> {
    luma: Luma<'a>,
    thresholds: &'a Thresholds,
}

impl<'a> View<'a> {
    pub(super) fn new(luma: Luma<'a>, thresholds: &'a Thresholds) -> Self {
        Self { luma, thresholds }
    }

    /// The centre of a hit as its column and the row through that show it, if they show a pattern. Takes the pixels
    /// looked at from the budget.
    pub(super) fn core(&self, hit: Hit, budget: &mut usize) -> Option<[f32; 2]> {
        let [x, y] = hit.at.map(|at| at as usize);
        let column = self.line([x, y], DIRECTIONS[1], hit, budget)?;
        let y = y as f32 + 0.5 + column.middle;
        let row = self.line([x, y as usize], DIRECTIONS[0], hit, budget)?;
        Some([x as f32 + 0.5 + row.middle, y])
    }

    /// The pattern about a place in its core, if it is one. Takes the pixels looked at from the budget.
    pub(super) fn probe(&self, hit: Hit, at: [f32; 2], budget: &mut usize) -> Option<FinderPattern> {
        let at = at.map(|at| at as usize);
        let mut along = |at: [usize; 2], direction: usize| self.line(at, DIRECTIONS[direction], hit, budget);
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
        let mut ahead = self.walk(at, direction, hit.inverted)?;
        let mut back = self.walk(at, direction.map(|step| -step), hit.inverted)?;
        let mut walk = || {
            let core = 3.0 * hit.module;
            let most = core * MAX_STRETCH + 1.0;
            let d = ahead.edge(most)?;
            let c = back.edge(most - d)?;
            let reach = (c + d) / 3.0 * MAX_RING + 1.0;
            if (c + d + 1.0) * MAX_STRETCH < core {
                return None;
            }
            let (e, b) = (ahead.edge(reach)?, back.edge(reach)?);
            let (f, a) = (ahead.edge(reach)?, back.edge(reach)?);
            ratio::measure([-a, -b, -c, d, e, f])
        };
        let measure = walk();
        *budget = budget.saturating_sub((ahead.step + back.step) as usize);
        measure
    }

    /// A walk from a pixel of the core; `None` from one outside.
    fn walk(&self, [x, y]: [usize; 2], direction: [isize; 2], inverted: bool) -> Option<Walk<'_>> {
        let at = [x as isize, y as isize];
        let before = self.lightness(at, inverted)?;
        (before < 0).then_some(Walk { view: self, at, direction, inverted, step: 0, before })
    }

    /// How much lighter than the threshold a pixel is; never 0. `None` outside the frame.
    #[inline]
    fn lightness(&self, [x, y]: [isize; 2], inverted: bool) -> Option<i32> {
        let (x, y) = (x as usize, y as usize);
        if x >= self.luma.width() || y >= self.luma.height() {
            return None;
        }
        let lightness = 2 * (i32::from(self.luma.row(y)[x]) - i32::from(self.thresholds.at(x, y))) + 1;
        Some(if inverted { -lightness } else { lightness })
    }
}

/// A walk along a line from pixel to pixel.
struct Walk<'a> {
    view: &'a View<'a>,
    at: [isize; 2],
    direction: [isize; 2],
    inverted: bool,
    /// Steps done, and the lightness there.
    step: i32,
    before: i32,
}

impl Walk<'_> {
    /// Walks to the next edge, at most so many steps: its distance from the start.
    #[inline]
    fn edge(&mut self, most: f32) -> Option<f32> {
        for _ in 0..=most as i32 {
            self.step += 1;
            self.at = [self.at[0] + self.direction[0], self.at[1] + self.direction[1]];
            let before = self.before;
            self.before = self.view.lightness(self.at, self.inverted)?;
            if (self.before > 0) != (before > 0) {
                return Some((self.step - 1) as f32 + before as f32 / (before - self.before) as f32);
            }
        }
        None
    }
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
