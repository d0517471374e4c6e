//! Local thresholds: half-way between the darkest and the lightest pixel about a block.

use crate::Luma;

/// Side of a block in pixels: one block of a code of small modules holds dark and light ones.
pub(crate) const BLOCK: usize = 8;
/// Blocks to each side that a threshold is smoothed over.
const REACH: usize = 2;
/// Bounds of the range of luma within a block up to which it counts as flat.
const FLAT: [u8; 2] = [6, 24];

/// A threshold for every block of a frame; its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Thresholds {
    across: usize,
    down: usize,
    /// Range of luma in each block, and twice its middle.
    ranges: Vec<u8>,
    middles: Vec<u16>,
    /// Weighted sums over rows of blocks.
    weights: Vec<u32>,
    weighted: Vec<u32>,
    values: Vec<u8>,
}

impl Thresholds {
    /// Measures a frame.
    pub(crate) fn measure(&mut self, frame: Luma<'_>) {
        self.across = frame.width().div_ceil(BLOCK);
        self.down = frame.height().div_ceil(BLOCK);
        self.measure_blocks(frame);
        let flat = self.flat();
        self.smooth(flat);
    }

    /// The threshold at a pixel of the frame: darker ones are dark. Panics outside the frame.
    pub(crate) fn at(&self, x: usize, y: usize) -> u8 {
        self.values[y / BLOCK * self.across + x / BLOCK]
    }

    /// The thresholds of the row of blocks that holds pixel row `y`.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        &self.values[y / BLOCK * self.across..][..self.across]
    }

    fn measure_blocks(&mut self, frame: Luma<'_>) {
        self.ranges.clear();
        self.middles.clear();
        let mut darkest = vec![0u8; frame.width()];
        let mut lightest = vec![0u8; frame.width()];
        for top in (0..frame.height()).step_by(BLOCK) {
            darkest.copy_from_slice(frame.row(top));
            lightest.copy_from_slice(frame.row(top));
            for y in top + 1..frame.height().min(top + BLOCK) {
                for ((dark, light), &value) in darkest.iter_mut().zip(&mut lightest).zip(frame.row(y)) {
                    *dark = value.min(*dark);
                    *light = value.max(*light);
                }
            }
            for (dark, light) in darkest.chunks(BLOCK).zip(lightest.chunks(BLOCK)) {
                let dark = dark.iter().copied().fold(u8::MAX, u8::min);
                let light = light.iter().copied().fold(0, u8::max);
                self.ranges.push(light - dark);
                self.middles.push(u16::from(light) + u16::from(dark));
            }
        }
    }

    /// The range up to which a block is flat: what noise makes of the calmest tenth of the frame, and a little.
    fn flat(&self) -> u8 {
        let mut counts = [0usize; 256];
        self.ranges.iter().for_each(|&range| counts[usize::from(range)] += 1);
        let mut calm = self.ranges.len() / 10;
        let noise = counts.iter().position(|&count| {
            let found = count > calm;
            calm = calm.saturating_sub(count);
            found
        });
        let noise = noise.unwrap_or(0);
        ((noise + noise / 4 + 3) as u8).clamp(FLAT[0], FLAT[1])
    }

    /// Thresholds: averages of the blocks around that are not flat, weighted by their range.
    fn smooth(&mut self, flat: u8) {
        let (across, down) = (self.across, self.down);
        self.weights.clear();
        self.weighted.clear();
        for (ranges, middles) in self.ranges.chunks(across).zip(self.middles.chunks(across)) {
            let weight = |x: usize| if ranges[x] > flat { u32::from(ranges[x]) } else { 0 };
            for x in 0..across {
                let around = x.saturating_sub(REACH)..(x + REACH + 1).min(across);
                self.weights.push(around.clone().map(weight).sum());
                self.weighted.push(around.map(|x| weight(x) * u32::from(middles[x])).sum());
            }
        }
        self.values.clear();
        for y in 0..down {
            let around = y.saturating_sub(REACH)..(y + REACH + 1).min(down);
            for x in 0..across {
                let weight: u32 = around.clone().map(|y| self.weights[y * across + x]).sum();
                let weighted: u32 = around.clone().map(|y| self.weighted[y * across + x]).sum();
                let value = if weight > 0 { (weighted / weight / 2) as u8 } else { self.beside(x, y) };
                self.values.push(value);
            }
        }
    }

    /// The threshold of the block before, for one in the midst of flat ones.
    fn beside(&self, x: usize, y: usize) -> u8 {
        let place = y * self.across + x;
        match (x, y) {
            (0, 0) => 0,
            (0, _) => self.values[place - self.across],
            _ => self.values[place - 1],
        }
    }
}
