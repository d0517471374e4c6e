//! Thresholds out of the extremes of blocks.
//!
//! All loops do the same to neighbours, so that compilers can do them in wide registers.

use super::extremes::Extremes;

/// Blocks to each side that a threshold is smoothed over.
const REACH: usize = 2;
/// Blocks in a row that a threshold is smoothed over.
const SPAN: usize = 2 * REACH + 1;

/// What share of the range around it a block's own range must be to count.
const FAINT: u8 = 6;

/// Sums over blocks; its memory is reused.
#[derive(Debug, Default)]
pub(super) struct Smoother {
    all: Layer,
    /// Sums of columns, with a margin at either side so that every block has neighbours.
    sums: Layer,
    around: Around,
}

/// For each block whether it is not flat, and if so twice the middle between its extremes.
#[derive(Debug, Default)]
struct Layer {
    counts: Vec<u16>,
    middles: Vec<u16>,
}

impl Smoother {
    /// Thresholds: averages of the blocks around that are not flat. In a `calm` frame also faint blocks among strong
    /// ones count: they are no noise.
    pub(super) fn smooth(
        &mut self,
        extremes: &Extremes,
        across: usize,
        flat: u8,
        calm: bool,
        out: &mut Vec<u8>,
    ) {
        self.fill(extremes, flat);
        let blocks = extremes.darkest.len();
        let down = blocks / across;
        for sums in [&mut self.sums.counts, &mut self.sums.middles] {
            sums.clear();
            sums.resize(across + 2 * REACH, 0);
        }
        out.clear();
        out.resize(blocks, 0);
        for y in 0..REACH.min(down) {
            self.enter(across, y);
        }
        let mut above: &mut [u8] = &mut [];
        for (y, row) in out.chunks_exact_mut(across).enumerate() {
            if y + REACH < down {
                self.enter(across, y + REACH);
            }
            if let Some(y) = y.checked_sub(REACH + 1) {
                self.leave(across, y);
            }
            self.average(row);
            fill_gaps(above.first().copied().unwrap_or(0), row);
            self.around.clamp(extremes, across, y, flat, calm, row);
            above = row;
        }
    }

    fn fill(&mut self, extremes: &Extremes, flat: u8) {
        let Layer { counts, middles } = &mut self.all;
        counts.resize(extremes.darkest.len(), 0);
        middles.resize(extremes.darkest.len(), 0);
        let blocks = extremes.darkest.iter().zip(&extremes.lightest);
        for ((count, middle), (&dark, &light)) in counts.iter_mut().zip(middles).zip(blocks) {
            let (dark, light) = (u16::from(dark), u16::from(light));
            *count = u16::from(light - dark > u16::from(flat));
            *middle = (dark + light) * *count;
        }
    }

    /// Adds a row of blocks.
    fn enter(&mut self, across: usize, y: usize) {
        let add =
            |sums: &mut [u16], row: &[u16]| sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        add(&mut self.sums.counts[REACH..][..across], &self.all.counts[y * across..]);
        add(&mut self.sums.middles[REACH..][..across], &self.all.middles[y * across..]);
    }

    /// Takes a row of blocks away again.
    fn leave(&mut self, across: usize, y: usize) {
        let take =
            |sums: &mut [u16], row: &[u16]| sums.iter_mut().zip(row).for_each(|(sum, value)| *sum -= value);
        take(&mut self.sums.counts[REACH..][..across], &self.all.counts[y * across..]);
        take(&mut self.sums.middles[REACH..][..across], &self.all.middles[y * across..]);
    }

    /// The averages of one row of blocks, 0 where all around is flat.
    fn average(&self, out: &mut [u8]) {
        let (counts, middles) =
            (shifted(&self.sums.counts, out.len()), shifted(&self.sums.middles, out.len()));
        for (x, out) in out.iter_mut().enumerate() {
            let count: u16 = counts.iter().map(|counts| counts[x]).sum();
            // At most 25 × 510.
            let middle: u16 = middles.iter().map(|middles| middles[x]).sum();
            *out = (f32::from(middle) * 0.5 / f32::from(count.max(1)) + 0.5) as u8;
        }
    }
}

/// A row of sums from each of its first blocks on.
fn shifted(sums: &[u16], across: usize) -> [&[u16]; SPAN] {
    std::array::from_fn(|shift| &sums[shift..][..across])
}

/// Flat blocks in the midst of flat ones take over the threshold before them: within a large module it is that of the
/// module's edges.
fn fill_gaps(above: u8, row: &mut [u8]) {
    let mut before = above;
    for value in row {
        if *value == 0 {
            *value = before;
        }
        before = *value;
    }
}

/// Keeps thresholds within what a block and those next to it show: a strong edge further away must not hide a faint
/// code.
#[derive(Debug, Default)]
struct Around {
    darkest: Vec<u8>,
    lightest: Vec<u8>,
}

impl Around {
    fn clamp(&mut self, extremes: &Extremes, across: usize, y: usize, flat: u8, calm: bool, out: &mut [u8]) {
        fold_rows(&extremes.darkest, across, y, u8::min, u8::MAX, &mut self.darkest);
        fold_rows(&extremes.lightest, across, y, u8::max, 0, &mut self.lightest);
        let [dark, light] =
            [&self.darkest, &self.lightest].map(|row| [0, 1, 2].map(|shift| &row[shift..][..across]));
        let own = extremes.darkest[y * across..].iter().zip(&extremes.lightest[y * across..]);
        for ((x, value), (&own_dark, &own_light)) in out.iter_mut().enumerate().zip(own) {
            let dark = dark[0][x].min(dark[1][x]).min(dark[2][x]);
            let light = light[0][x].max(light[1][x]).max(light[2][x]);
            *value = within(*value, dark, light, flat);
            let least = if calm { flat.max((light - dark) / FAINT) } else { u8::MAX };
            *value = within(*value, own_dark, own_light, least);
        }
    }
}

/// A threshold moved between a quarter and three of what lies between dark and light, unless that is flat.
#[inline]
fn within(value: u8, dark: u8, light: u8, flat: u8) -> u8 {
    let range = light - dark;
    let margin = range / 4;
    let clamped = value.max(dark + margin).min(light - margin);
    if range > flat { clamped } else { value }
}

/// Folds a row of blocks with those above and below it, with a neutral margin at either side.
fn fold_rows(
    rows: &[u8],
    across: usize,
    y: usize,
    fold: impl Fn(u8, u8) -> u8,
    neutral: u8,
    out: &mut Vec<u8>,
) {
    let row = |y: usize| &rows[y * across..][..across];
    let last = rows.len() / across - 1;
    out.clear();
    out.resize(across + 2, neutral);
    let rows = row(y.saturating_sub(1)).iter().zip(row(y)).zip(row((y + 1).min(last)));
    for (out, ((&above, &here), &below)) in out[1..].iter_mut().zip(rows) {
        *out = fold(fold(above, here), below);
    }
}
