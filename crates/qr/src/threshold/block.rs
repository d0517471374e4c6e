//! Local thresholds: half-way between the darkest and the lightest pixel about a block.

use crate::Luma;

/// Side of a block in pixels: one block of a code of small modules holds dark and light ones.
pub(crate) const BLOCK: usize = 8;
/// Every how many rows of a block one is looked at: edges show in fewer, too.
const ROW_STEP: usize = 2;
/// Blocks to each side that a threshold is smoothed over.
const REACH: usize = 2;
/// Bounds of the range of luma within a block up to which it counts as flat.
const FLAT: [f32; 2] = [10.0, 60.0];
/// Rows that noise is estimated from, and every how many of their pixels.
const NOISE_ROWS: usize = 32;
const BEND: usize = 4;
/// How far apart the extremes of a block are where only noise is, in 25th percentiles of a pixel's difference from
/// the middle of its neighbours.
const NOISE_RANGE: f32 = 11.0;
/// One in how many blocks noise is estimated from.
const SAMPLE: usize = 3;

/// A threshold for every block of a frame; its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Thresholds {
    across: usize,
    values: Vec<u8>,
    noise: u8,
    extremes: Extremes,
    sums: Sums,
}

impl Thresholds {
    /// Measures a frame.
    pub(crate) fn measure(&mut self, frame: Luma<'_>) {
        self.across = frame.width().div_ceil(BLOCK);
        self.extremes.measure(frame);
        let flat = self.extremes.flat(frame);
        self.noise = flat as u8;
        self.values.clear();
        self.sums.smooth(&self.extremes, self.across, flat, &mut self.values);
    }

    /// The threshold at a pixel of the frame: darker ones are dark. Panics outside the frame.
    #[inline]
    pub(crate) fn at(&self, x: usize, y: usize) -> u8 {
        self.values[y / BLOCK * self.across + x / BLOCK]
    }

    /// How far apart noise alone may drive the darkest and the lightest pixel of a block.
    pub(crate) fn noise(&self) -> u8 {
        self.noise
    }

    /// The thresholds of the row of blocks that holds pixel row `y`.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        &self.values[y / BLOCK * self.across..][..self.across]
    }
}

/// The darkest and the lightest pixel of every block.
#[derive(Debug, Default)]
struct Extremes {
    darkest: Vec<u8>,
    lightest: Vec<u8>,
    columns: [Vec<u8>; 2],
}

impl Extremes {
    fn measure(&mut self, frame: Luma<'_>) {
        self.darkest.clear();
        self.lightest.clear();
        let width = frame.width();
        // Whole blocks; the last one is filled up with pixels that change nothing.
        let padded = width.next_multiple_of(BLOCK);
        let [dark, light] = &mut self.columns;
        dark.clear();
        dark.resize(padded, u8::MAX);
        light.clear();
        light.resize(padded, 0);
        for top in (0..frame.height()).step_by(BLOCK) {
            dark[..width].copy_from_slice(frame.row(top));
            light[..width].copy_from_slice(frame.row(top));
            for y in (top + ROW_STEP..frame.height().min(top + BLOCK)).step_by(ROW_STEP) {
                for ((dark, light), &value) in dark.iter_mut().zip(&mut *light).zip(frame.row(y)) {
                    *dark = value.min(*dark);
                    *light = value.max(*light);
                }
            }
            fold_blocks(dark, u16::min, &mut self.darkest);
            fold_blocks(light, u16::max, &mut self.lightest);
        }
    }

    /// The range up to which a block is flat: what noise makes of one, and a little.
    ///
    /// Noise is at most what is found in the calmest tenth of blocks, and what most pixels differ by from the middle
    /// of their neighbours.
    fn flat(&self, frame: Luma<'_>) -> i32 {
        let ranges = self.darkest.iter().zip(&self.lightest).map(|(dark, light)| light - dark);
        let calm = percentile(ranges.step_by(SAMPLE), 10);
        let rows = (0..frame.height()).step_by((frame.height() / NOISE_ROWS).max(1)).map(|y| frame.row(y));
        let bends = rows.flat_map(|row| row.as_chunks::<BEND>().0).map(|&[left, middle, right, _]| {
            let sides = (u16::from(left) + u16::from(right)).div_ceil(2) as u8;
            middle.abs_diff(sides)
        });
        let noise = percentile(bends, 25) * NOISE_RANGE;
        ((calm * 1.25).min(noise) + 3.0).clamp(FLAT[0], FLAT[1]) as i32
    }
}

/// A percentile of numbers, between whole ones by how many there are of each.
fn percentile(values: impl Iterator<Item = u8>, percent: usize) -> f32 {
    let mut counts = [0_usize; 256];
    let mut total = 0;
    for value in values {
        counts[usize::from(value)] += 1;
        total += 1;
    }
    let wanted = (total * percent) as f32 / 100.0;
    let mut below = 0;
    for (value, &count) in counts.iter().enumerate() {
        if (below + count) as f32 > wanted {
            return value as f32 + (wanted - below as f32) / count as f32 - 0.5;
        }
        below += count;
    }
    0.0
}

/// Folds each [`BLOCK`] bytes into one. Halving three times keeps neighbours in step, which compilers can do in wide
/// registers.
fn fold_blocks(columns: &[u8], fold: impl Fn(u16, u16) -> u16 + Copy, out: &mut Vec<u8>) {
    for block in columns.as_chunks::<BLOCK>().0 {
        let word = u64::from_le_bytes(*block);
        let (even, odd) = (word & 0x00ff_00ff_00ff_00ff, word >> 8 & 0x00ff_00ff_00ff_00ff);
        let lane = |word: u64, lane: u32| (word >> (16 * lane)) as u16;
        let pair = |at| fold(lane(even, at), lane(odd, at));
        out.push(fold(fold(pair(0), pair(1)), fold(pair(2), pair(3))) as u8);
    }
}

/// Sums over the blocks around each block.
#[derive(Debug, Default)]
struct Sums {
    /// For each row of blocks, and once for rows summed: weights and weighted middles.
    weights: Vec<i32>,
    middles: Vec<i32>,
    weight: Vec<i32>,
    middle: Vec<i32>,
}

impl Sums {
    /// Thresholds: averages of the blocks around that are not flat, weighted by their range.
    fn smooth(&mut self, extremes: &Extremes, across: usize, flat: i32, out: &mut Vec<u8>) {
        self.weigh(extremes, flat);
        let down = extremes.darkest.len() / across;
        // Sums of columns, with a margin at either side so that every block has neighbours.
        let padded = across + 2 * REACH;
        for sums in [&mut self.weight, &mut self.middle] {
            sums.clear();
            sums.resize(padded, 0);
        }
        for y in 0..REACH.min(down) {
            self.slide(across, Some(y), None);
        }
        for y in 0..down {
            let entering = (y + REACH < down).then_some(y + REACH);
            self.slide(across, entering, y.checked_sub(REACH + 1));
            self.threshold(across, out);
            self.clamp(extremes, across, y, flat, out);
        }
    }

    fn weigh(&mut self, extremes: &Extremes, flat: i32) {
        self.weights.clear();
        self.middles.clear();
        let blocks = || extremes.darkest.iter().zip(&extremes.lightest);
        let weight = |dark: u8, light: u8| {
            let range = i32::from(light) - i32::from(dark);
            if range > flat { 32 } else { 0 }
        };
        self.weights.extend(blocks().map(|(&dark, &light)| weight(dark, light)));
        let middle = |dark: u8, light: u8| weight(dark, light) * (i32::from(dark) + i32::from(light));
        self.middles.extend(blocks().map(|(&dark, &light)| middle(dark, light)));
    }

    /// Adds and takes away a row of blocks.
    fn slide(&mut self, across: usize, entering: Option<usize>, leaving: Option<usize>) {
        for (rows, sums) in [(&self.weights, &mut self.weight), (&self.middles, &mut self.middle)] {
            let sums = &mut sums[REACH..][..across];
            if let Some(y) = entering {
                sums.iter_mut().zip(&rows[y * across..]).for_each(|(sum, value)| *sum += value);
            }
            if let Some(y) = leaving {
                sums.iter_mut().zip(&rows[y * across..]).for_each(|(sum, value)| *sum -= value);
            }
        }
    }

    fn clamp(&self, extremes: &Extremes, across: usize, y: usize, flat: i32, out: &mut [u8]) {
        let at = y * across;
        for ((value, &dark), &light) in
            out[at..][..across].iter_mut().zip(&extremes.darkest[at..]).zip(&extremes.lightest[at..])
        {
            let range = light - dark;
            let margin = range / 4;
            let clamped = (*value).max(dark + margin).min(light - margin);
            *value = if i32::from(range) > flat { clamped } else { *value };
        }
    }

    /// The thresholds of one row of blocks.
    fn threshold(&self, across: usize, out: &mut Vec<u8>) {
        let around = |sums: &[i32], x: usize| sums[x..x + 2 * REACH + 1].iter().sum::<i32>();
        let start = out.len();
        let above = start.checked_sub(across).map_or(0, |above| out[above]);
        let mut empty = false;
        out.extend((0..across).map(|x| {
            let weight = around(&self.weight, x);
            empty |= weight == 0;
            // Below 2^24, so exact.
            (around(&self.middle, x) as f32 * 0.5 / weight.max(1) as f32 + 0.5) as u8
        }));
        if empty {
            // Flat blocks in the midst of flat ones take over the threshold before them.
            let mut before = above;
            for (x, value) in out[start..].iter_mut().enumerate() {
                if around(&self.weight, x) == 0 {
                    *value = before;
                }
                before = *value;
            }
        }
    }
}
