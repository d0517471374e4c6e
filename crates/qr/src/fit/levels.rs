//! How dark dark modules are, and how light light ones, all over a symbol: light falls unevenly.
//!
//! All loops do the same to neighbours in a row, so that compilers can do them in wide registers.

/// Modules along one side of a cell whose levels are taken together with its neighbours'.
const CELL: usize = 5;
/// The first round takes the mean for the middle, which is off where one colour prevails; two more mend that.
const ROUNDS: usize = 3;
/// The least span of dark to light, as a share of the whole symbol's: less is glare or a stain, and tells little.
const LEAST_SPAN: f32 = 0.3;

/// Takes the local middle between dark and light away from each of `width` × `width` values, and divides by half of
/// what lies between them.
pub(super) fn level(values: &mut [f32], width: usize) {
    let levels = Levels::of(values, width);
    let places = Places::new(width);
    let mut above = places.spread(levels.row(0));
    let mut below = places.spread(levels.row(1));
    let mut top = 0;
    for (y, row) in values.chunks_exact_mut(width).enumerate() {
        let (cell, down) = places.of(y);
        if cell != top {
            (top, above) = (cell, below);
            below = places.spread(levels.row(cell + 1));
        }
        let columns = above.iter().zip(&below);
        for (value, ([middle, half], [next_middle, next_half])) in row.iter_mut().zip(columns) {
            let middle = middle + (next_middle - middle) * down;
            let half = half + (next_half - half) * down;
            *value = ((*value - middle) / half).clamp(-2.0, 2.0);
        }
    }
}

/// Between which two cells each module of a line lies, and how far on towards the second.
struct Places(Vec<(usize, f32)>);

impl Places {
    fn new(width: usize) -> Self {
        let last = width.div_ceil(CELL) - 2; // safe: a symbol has 21 modules at least
        let place = |at: usize| {
            let at = (at as f32 + 0.5) / CELL as f32 - 0.5;
            let cell = (at.max(0.0) as usize).min(last);
            (cell, (at - cell as f32).clamp(0.0, 1.0))
        };
        Self((0..width).map(place).collect())
    }

    fn of(&self, at: usize) -> (usize, f32) {
        self.0[at]
    }

    /// For each module of a line what lies between its two cells' levels.
    fn spread(&self, cells: &[[f32; 2]]) -> Vec<[f32; 2]> {
        let between = |&(cell, share): &(usize, f32)| {
            let (a, b) = (cells[cell], cells[cell + 1]);
            [0, 1].map(|i| a[i] + (b[i] - a[i]) * share)
        };
        self.0.iter().map(between).collect()
    }
}

/// Middle and half span of luma between dark and light modules, cell by cell.
struct Levels {
    across: usize,
    cells: Vec<[f32; 2]>,
}

impl Levels {
    fn of(values: &[f32], width: usize) -> Self {
        let across = width.div_ceil(CELL);
        let mut cells = vec![[f32::MAX, 0.0]; across * across];
        for _ in 0..ROUNDS {
            let sides = Sides::of(values, width, &cells);
            for (number, cell) in cells.iter_mut().enumerate() {
                *cell = sides.around(number % across, number / across).split();
            }
        }
        let sum: f32 = cells.iter().map(|[_, half]| half).sum();
        let least = (sum / cells.len() as f32 * LEAST_SPAN).max(0.5);
        cells.iter_mut().for_each(|[_, half]| *half = half.max(least));
        Self { across, cells }
    }

    fn row(&self, y: usize) -> &[[f32; 2]] {
        &self.cells[y * self.across..][..self.across]
    }
}

/// Sums and counts of values, and of those above a middle.
#[derive(Clone, Copy, Default)]
struct Side {
    all: f32,
    count: f32,
    above: f32,
    count_above: f32,
}

/// The same for each cell.
struct Sides {
    across: usize,
    cells: Vec<Side>,
}

impl Sides {
    fn of(values: &[f32], width: usize, cells: &[[f32; 2]]) -> Self {
        let across = width.div_ceil(CELL);
        let mut sides = Vec::with_capacity(cells.len());
        let [mut middles, mut all, mut above, mut count_above] = [(); 4].map(|()| vec![0.0_f32; width]);
        for (rows, cells) in values.chunks(CELL * width).zip(cells.chunks_exact(across)) {
            for (middles, [middle, _]) in middles.chunks_mut(CELL).zip(cells) {
                middles.fill(*middle);
            }
            [&mut all, &mut above, &mut count_above].into_iter().for_each(|sums| sums.fill(0.0));
            for row in rows.chunks_exact(width) {
                let sums = all.iter_mut().zip(&mut above).zip(&mut count_above);
                for (((all, above), count), (&value, &middle)) in sums.zip(row.iter().zip(&middles)) {
                    let is_above = f32::from(u8::from(value > middle));
                    *all += value;
                    *above += value * is_above;
                    *count += is_above;
                }
            }
            let height = rows.len() / width;
            let sums = all.chunks(CELL).zip(above.chunks(CELL)).zip(count_above.chunks(CELL));
            sides.extend(sums.map(|((all, above), count_above)| Side {
                all: all.iter().sum(),
                count: (all.len() * height) as f32,
                above: above.iter().sum(),
                count_above: count_above.iter().sum(),
            }));
        }
        Self { across, cells: sides }
    }

    /// Those of a cell and its neighbours together.
    fn around(&self, x: usize, y: usize) -> Side {
        let near = |at: usize| at.saturating_sub(1)..(at + 2).min(self.across);
        let mut sum = Side::default();
        for side in near(y).flat_map(|y| &self.cells[y * self.across..][near(x)]) {
            sum.all += side.all;
            sum.count += side.count;
            sum.above += side.above;
            sum.count_above += side.count_above;
        }
        sum
    }
}

impl Side {
    /// The middle between the means of both sides, and half their distance.
    fn split(&self) -> [f32; 2] {
        let count_below = self.count - self.count_above;
        if count_below == 0.0 || self.count_above == 0.0 {
            return [self.all / self.count.max(1.0), 0.0];
        }
        let (below, above) = ((self.all - self.above) / count_below, self.above / self.count_above);
        [(below + above) / 2.0, (above - below) / 2.0]
    }
}
