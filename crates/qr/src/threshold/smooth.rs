//! Thresholds out of the extremes of blocks.
//!
//! All loops do the same to neighbours, so that compilers can do them in wide registers.

use super::extremes::Extremes;

/// Blocks to each side that a threshold is smoothed over.
const REACH: usize = 2;
/// Blocks in a row that a threshold is smoothed over.
const SPAN: usize = 2 * REACH + 1;

/// Sums over blocks; its memory is reused.
#[derive(Debug, Default)]
pub(super) struct Smoother {
    all: Layer,
    /// Sums of columns, with a margin at either side so that every block has neighbours.
    sums: Layer,
}

/// For each block whether it is not flat, and if so twice the middle between its extremes.
#[derive(Debug, Default)]
struct Layer {
    counts: Vec<u16>,
    middles: Vec<u16>,
}

impl Smoother {
    /// Thresholds: averages of the blocks around that are not flat.
    pub(super) fn smooth(&mut self, extremes: &Extremes, across: usize, flat: u8, out: &mut Vec<u8>) {
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
            let blocks = y * across..(y + 1) * across;
            clamp(&extremes.darkest[blocks.clone()], &extremes.lightest[blocks], flat, row);
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

/// Keeps thresholds of blocks that are not flat within what the block itself shows: a strong edge near by must not
/// hide a faint code.
fn clamp(darkest: &[u8], lightest: &[u8], flat: u8, out: &mut [u8]) {
    for ((value, &dark), &light) in out.iter_mut().zip(darkest).zip(lightest) {
        let range = light - dark;
        let margin = range / 4;
        let clamped = (*value).max(dark + margin).min(light - margin);
        *value = if range > flat { clamped } else { *value };
    }
}
