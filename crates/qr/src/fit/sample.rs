//! From pixels to one number a module.

use super::geometry::{Point, add, minus, times};
use super::light::Light;
use super::mesh::Mesh;

/// Modules sampled beyond each side of the symbol: what its outermost modules mix with when out of focus.
pub(crate) const MARGIN: usize = 1;

/// One number for each module of a symbol and of a margin around it: −1 about dark, 1 about light where the light is
/// even; less where there is little contrast.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples {
    /// Modules along one side, margins included.
    width: usize,
    values: Vec<f32>,
}

/// Looks at one module along either axis, in modules off its middle: one is enough where modules are clear, nine
/// average out noise and what lies on single pixels.
pub(crate) const ONE_LOOK: &[f32] = &[0.0];
pub(crate) const MANY_LOOKS: &[f32] = &[-0.27, 0.0, 0.27];

impl Samples {
    /// Samples all modules of a symbol of `side` modules.
    pub(crate) fn take(light: &Light<'_>, mesh: &Mesh, side: usize, looks: &[f32]) -> Self {
        let width = side + 2 * MARGIN;
        let knots = Knots::of(mesh, width);
        let mut values = Vec::with_capacity(width * width);
        for y in 0..width {
            let row = knots.row(y);
            for x in 0..width {
                let (middle, across, down) = row.module(x);
                values.push(look(light, looks, middle, across, down));
            }
        }
        let mut samples = Self { width, values };
        samples.level();
        samples
    }

    /// The number of a module and its eight neighbours, row by row.
    #[inline]
    pub(crate) fn around(&self, x: usize, y: usize) -> [f32; 9] {
        let start = y * self.width + x;
        let mut taps = [0.0; 9];
        for (row, taps) in taps.chunks_exact_mut(3).enumerate() {
            taps.copy_from_slice(&self.values[start + row * self.width..][..3]);
        }
        taps
    }

    /// Takes the local middle between dark and light away, and divides by half of what lies between them.
    fn level(&mut self) {
        let levels = Levels::of(self);
        for (y, row) in self.values.chunks_exact_mut(self.width).enumerate() {
            for (x, value) in row.iter_mut().enumerate() {
                let [middle, half] = levels.at(x, y);
                *value = ((*value - middle) / half).clamp(-2.0, 2.0);
            }
        }
    }
}

/// Modules between knots: so near to each other, places in between lie on straight lines but for a hundredth of a
/// module.
const STRIDE: usize = 4;

/// Where every so manieth module lies.
struct Knots {
    across: usize,
    places: Vec<Point>,
}

impl Knots {
    fn of(mesh: &Mesh, width: usize) -> Self {
        let across = width.div_ceil(STRIDE) + 1;
        let place = |i: usize| (i * STRIDE) as f32 + 0.5 - MARGIN as f32;
        let knots = (0..across * across).map(|i| mesh.at([place(i % across), place(i / across)]));
        Self { across, places: knots.collect() }
    }

    /// The modules of one row.
    fn row(&self, y: usize) -> Row {
        let share = (y % STRIDE) as f32 / STRIDE as f32;
        let (above, below) = self.places[y / STRIDE * self.across..].split_at(self.across);
        let step = |(&above, &below)| times(minus(below, above), 1.0 / STRIDE as f32);
        let downs: Vec<Point> = above.iter().zip(below).map(step).collect();
        let shift = |(&above, &down)| add(above, times(down, share * STRIDE as f32));
        Row { places: above.iter().zip(&downs).map(shift).collect(), downs }
    }
}

/// One row of modules: where every so manieth lies, and what a step of one module down is there.
struct Row {
    places: Vec<Point>,
    downs: Vec<Point>,
}

impl Row {
    /// A module's middle and the steps of one module to the right and down.
    #[inline]
    fn module(&self, x: usize) -> (Point, Point, Point) {
        let knot = x / STRIDE;
        let (from, to) = (self.places[knot], self.places[knot + 1]);
        let across = times(minus(to, from), 1.0 / STRIDE as f32);
        (add(from, times(across, (x % STRIDE) as f32)), across, self.downs[knot])
    }
}

/// The mean of several looks at one module.
#[inline]
fn look(light: &Light<'_>, looks: &[f32], middle: Point, across: Point, down: Point) -> f32 {
    let mut sum = 0.0;
    for &y in looks {
        let row = add(middle, times(down, y));
        for &x in looks {
            sum += light.at(add(row, times(across, x)));
        }
    }
    sum / (looks.len() * looks.len()) as f32
}

/// Modules along one side of a cell whose levels are taken together with its neighbours'.
const CELL: usize = 5;
/// The least span of dark to light, as a share of the whole symbol's: less is glare or a stain, and tells little.
const LEAST_SPAN: f32 = 0.3;

/// Middle and half span of luma between dark and light modules, cell by cell.
struct Levels {
    across: usize,
    cells: Vec<[f32; 2]>,
}

impl Levels {
    fn of(samples: &Samples) -> Self {
        let across = samples.width.div_ceil(CELL);
        let mut middles = vec![f32::MAX; across * across];
        let mut halves = vec![0.0; across * across];
        // The first round takes the mean for the middle, which is off where one colour prevails; two more mend that.
        for _ in 0..3 {
            let sides = Sides::of(samples, across, &middles);
            for (cell, (middle, half)) in middles.iter_mut().zip(&mut halves).enumerate() {
                [*middle, *half] = sides.around(cell % across, cell / across, across).split();
            }
        }
        let least = (halves.iter().sum::<f32>() / halves.len() as f32 * LEAST_SPAN).max(0.5);
        let cells = middles.into_iter().zip(halves).map(|(middle, half)| [middle, half.max(least)]);
        Self { across, cells: cells.collect() }
    }

    /// Linear between the middles of cells.
    fn at(&self, x: usize, y: usize) -> [f32; 2] {
        let ((left, right), (top, down)) = (self.cell(x), self.cell(y));
        let row = |row: usize, i: usize| {
            let (a, b) = (self.cells[row * self.across + left], self.cells[row * self.across + left + 1]);
            a[i] + (b[i] - a[i]) * right
        };
        [0, 1].map(|i| {
            let (above, below) = (row(top, i), row(top + 1, i));
            above + (below - above) * down
        })
    }

    fn cell(&self, at: usize) -> (usize, f32) {
        let at = (at as f32 + 0.5) / CELL as f32 - 0.5;
        let cell = (at.max(0.0) as usize).min(self.across - 2);
        (cell, (at - cell as f32).clamp(0.0, 1.0))
    }
}

/// Sums and counts of samples below and above a middle.
#[derive(Clone, Copy, Default)]
struct Side {
    sums: [f32; 2],
    counts: [f32; 2],
}

/// The same for each cell.
struct Sides(Vec<Side>);

impl Sides {
    fn of(samples: &Samples, across: usize, middles: &[f32]) -> Self {
        let mut sides = vec![Side::default(); across * across];
        for (y, row) in samples.values.chunks_exact(samples.width).enumerate() {
            let start = y / CELL * across;
            for (x, values) in row.chunks(CELL).enumerate() {
                let (side, middle) = (&mut sides[start + x], middles[start + x]);
                for &value in values {
                    let above = usize::from(value > middle);
                    side.sums[above] += value;
                    side.counts[above] += 1.0;
                }
            }
        }
        Self(sides)
    }

    /// Those of a cell and its neighbours together.
    fn around(&self, x: usize, y: usize, across: usize) -> Side {
        let near = |at: usize| at.saturating_sub(1)..(at + 2).min(across);
        let mut all = Side::default();
        for side in near(y).flat_map(|y| &self.0[y * across..][near(x)]) {
            for above in [0, 1] {
                all.sums[above] += side.sums[above];
                all.counts[above] += side.counts[above];
            }
        }
        all
    }
}

impl Side {
    /// The middle between the means of both sides, and half their distance.
    fn split(&self) -> [f32; 2] {
        let mean = |side: usize| self.sums[side] / self.counts[side];
        match self.counts {
            [below, 0.0] if below > 0.0 => [mean(0), 0.0],
            [0.0, above] if above > 0.0 => [mean(1), 0.0],
            [0.0, 0.0] => [0.0, 0.0],
            _ => [(mean(0) + mean(1)) / 2.0, (mean(1) - mean(0)) / 2.0],
        }
    }
}
