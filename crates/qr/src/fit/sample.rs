//! From pixels to one number a module.

use super::geometry::{Point, add, minus, times};
use super::levels::level;
use super::light::Light;
use super::mesh::Mesh;
use super::work::Work;

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

/// Rows of modules between questions about the time.
const ROWS_PER_QUESTION: usize = 16;

impl Samples {
    /// Samples all modules of a symbol of `side` modules; `None` if time is up before.
    pub(crate) fn take(
        light: &Light<'_>,
        mesh: &Mesh,
        side: usize,
        looks: &[f32],
        work: &mut Work<'_>,
    ) -> Option<Self> {
        let width = side + 2 * MARGIN;
        let knots = Knots::of(mesh, width);
        let mut values = vec![0.0; width * width];
        for (y, row) in values.chunks_exact_mut(width).enumerate() {
            if y.is_multiple_of(ROWS_PER_QUESTION) && work.is_over() {
                return None;
            }
            knots.sample(light, y, looks, row);
        }
        let count = (looks.len() * looks.len()) as f32;
        values.iter_mut().for_each(|value| *value /= count);
        level(&mut values, width);
        Some(Self { width, values })
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

    /// Row `y` of modules with those above and below it, margins included.
    pub(crate) fn rows_around(&self, y: usize) -> impl Iterator<Item = &[f32]> {
        self.values[y * self.width..].chunks_exact(self.width).take(3)
    }
}

/// Modules between knots: so near to each other, places in between lie on straight lines but for a few hundredths of
/// a module, even in steep perspective.
const STRIDE: usize = 8;

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

    /// Adds up all looks at the modules of row `y`.
    fn sample(&self, light: &Light<'_>, y: usize, looks: &[f32], row: &mut [f32]) {
        let (above, below) = self.places[y / STRIDE * self.across..].split_at(self.across);
        let share = (y % STRIDE) as f32;
        let down = |knot: usize| times(minus(below[knot], above[knot]), 1.0 / STRIDE as f32);
        let place = |knot: usize, down: Point| add(above[knot], times(down, share));
        let mut here = (place(0, down(0)), down(0));
        for (knot, modules) in row.chunks_mut(STRIDE).enumerate() {
            let next = (place(knot + 1, down(knot + 1)), down(knot + 1));
            let across = times(minus(next.0, here.0), 1.0 / STRIDE as f32);
            for &y in looks {
                let row = add(here.0, times(here.1, y));
                for &x in looks {
                    light.add_along(add(row, times(across, x)), across, modules);
                }
            }
            here = next;
        }
    }
}
