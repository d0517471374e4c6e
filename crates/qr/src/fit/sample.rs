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

/// Looks at one module, along either axis: the middle and so far to either side, in modules.
const LOOKS: [f32; 3] = [-0.27, 0.0, 0.27];

impl Samples {
    /// Samples all modules of a symbol of `side` modules.
    pub(crate) fn take(light: &Light<'_>, mesh: &Mesh, side: usize) -> Self {
        let width = side + 2 * MARGIN;
        let place = |i: usize| i as f32 + 0.5 - MARGIN as f32;
        let mut values = Vec::with_capacity(width * width);
        let mut above: Vec<Point> = (0..=width).map(|x| mesh.at([place(x), place(0) - 1.0])).collect();
        for y in 0..width {
            let row: Vec<Point> = (0..=width).map(|x| mesh.at([place(x), place(y)])).collect();
            for x in 0..width {
                values.push(look(light, row[x], minus(row[x + 1], row[x]), minus(row[x], above[x])));
            }
            above = row;
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

/// The mean of several looks at one module.
#[inline]
fn look(light: &Light<'_>, middle: Point, across: Point, down: Point) -> f32 {
    let mut sum = 0.0;
    for y in LOOKS {
        let row = add(middle, times(down, y));
        for x in LOOKS {
            sum += light.at(add(row, times(across, x)));
        }
    }
    sum / (LOOKS.len() * LOOKS.len()) as f32
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
        let whole = split(samples, 0..samples.width, 0..samples.width);
        let least = (whole[1] * LEAST_SPAN).max(0.5);
        let range = |cell: usize| (cell * CELL).saturating_sub(CELL)..((cell + 2) * CELL).min(samples.width);
        let cell = |i: usize| {
            let [middle, half] = split(samples, range(i % across), range(i / across));
            [middle, half.max(least)]
        };
        Self { across, cells: (0..across * across).map(cell).collect() }
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

/// The middle between the dark and the light modules of a part, and half their distance.
fn split(samples: &Samples, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> [f32; 2] {
    let values = || rows.clone().flat_map(|y| &samples.values[y * samples.width..][columns.clone()]);
    let count = (columns.len() * rows.len()).max(1) as f32;
    let mut middle = values().sum::<f32>() / count;
    let mut half = 0.0;
    // Two rounds of two means: the first starts off the middle where one colour prevails.
    for _ in 0..2 {
        let (mut sums, mut counts) = ([0.0; 2], [0.0; 2]);
        for &value in values() {
            let side = usize::from(value > middle);
            sums[side] += value;
            counts[side] += 1.0;
        }
        let means = [0, 1].map(|side| if counts[side] > 0.0 { sums[side] / counts[side] } else { middle });
        (middle, half) = ((means[0] + means[1]) / 2.0, (means[1] - means[0]) / 2.0);
    }
    [middle, half]
}
