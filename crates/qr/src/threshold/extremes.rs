//! The darkest and the lightest pixel of every block.
//!
//! All loops do the same to neighbours, so that compilers can do them in wide registers.

use super::{BLOCK, PIXELS_PER_QUESTION};
use crate::Luma;

/// Every how many rows of a block one is looked at: edges show in fewer, too.
const ROW_STEP: usize = 2;

/// The darkest and the lightest pixel of every block, row by row; its memory is reused.
#[derive(Debug, Default)]
pub(super) struct Extremes {
    pub(super) darkest: Vec<u8>,
    pub(super) lightest: Vec<u8>,
    /// Those of each column of a row of blocks, and halves of that.
    columns: [Vec<u8>; 2],
    halves: [Vec<u8>; 2],
}

impl Extremes {
    /// Measures a frame, unless time is up before: whether it did.
    pub(super) fn measure(&mut self, frame: Luma<'_>, time_is_up: &mut dyn FnMut() -> bool) -> bool {
        let width = frame.width();
        let across = width.div_ceil(BLOCK);
        let blocks = across * frame.height().div_ceil(BLOCK);
        for (values, neutral) in [(&mut self.darkest, u8::MAX), (&mut self.lightest, 0)] {
            values.clear();
            values.resize(blocks, neutral);
        }
        // Whole blocks; the last one is filled up with pixels that change nothing.
        for (columns, neutral) in self.columns.iter_mut().zip([u8::MAX, 0]) {
            columns.clear();
            columns.resize(across * BLOCK, neutral);
        }
        let [dark, light] = &mut self.columns;
        let rows = self.darkest.chunks_exact_mut(across).zip(self.lightest.chunks_exact_mut(across));
        let rows_per_question = (PIXELS_PER_QUESTION / (BLOCK * width)).max(1);
        for (number, (darkest, lightest)) in rows.enumerate() {
            if number.is_multiple_of(rows_per_question) && time_is_up() {
                return false;
            }
            fold_rows(frame, number * BLOCK, &mut dark[..width], &mut light[..width]);
            fold_columns(dark, &mut self.halves, darkest, u16::min);
            fold_columns(light, &mut self.halves, lightest, u16::max);
        }
        true
    }
}

/// The extremes of each column of a row of blocks.
fn fold_rows(frame: Luma<'_>, top: usize, dark: &mut [u8], light: &mut [u8]) {
    const ROWS: usize = BLOCK / ROW_STEP;
    let last = frame.height() - 1;
    let rows: [&[u8]; ROWS] = std::array::from_fn(|number| frame.row((top + number * ROW_STEP).min(last)));
    let [a, b, c, d] = rows.map(|row| &row[..dark.len()]);
    let light = &mut light[..dark.len()];
    for x in 0..dark.len() {
        dark[x] = a[x].min(b[x]).min(c[x].min(d[x]));
        light[x] = a[x].max(b[x]).max(c[x].max(d[x]));
    }
}

/// Folds each [`BLOCK`] columns into one.
fn fold_columns(
    columns: &[u8],
    halves: &mut [Vec<u8>; 2],
    out: &mut [u8],
    fold: impl Fn(u16, u16) -> u16 + Copy,
) {
    let [half, quarter] = halves;
    half.resize(columns.len() / 2, 0);
    quarter.resize(columns.len() / 4, 0);
    fold_pairs(columns, half, fold);
    fold_pairs(half, quarter, fold);
    fold_pairs(quarter, out, fold);
}

#[inline]
fn fold_pairs(values: &[u8], out: &mut [u8], fold: impl Fn(u16, u16) -> u16) {
    for (out, pair) in out.iter_mut().zip(values.as_chunks::<2>().0) {
        // Two pixels as one number of 16 bits need no shuffling.
        let pair = u16::from_le_bytes(*pair);
        *out = fold(pair & 0xff, pair >> 8) as u8;
    }
}
