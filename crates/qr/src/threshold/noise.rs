//! How noisy a frame is.

use super::extremes::Extremes;
use crate::Luma;

/// Bounds of the range of luma within a block up to which it counts as flat: a code that differs by less cannot be
/// read, and a frame all of texture must not pass for one of noise.
const BOUNDS: [f32; 2] = [10.0, 60.0];
/// Rows that noise is estimated from, and every how many of their pixels.
const ROWS: usize = 32;
const BEND: usize = 4;
/// How far apart the extremes of a block are where only noise is, in 25th percentiles of a pixel's difference from
/// the middle of its neighbours: 4.1 and 0.39 deviations of noise.
const RANGE: f32 = 11.0;
/// One in how many blocks noise is estimated from.
const SAMPLE: usize = 3;

/// The range up to which a block is flat: what noise makes of one, and a little.
///
/// Noise is at most what is found in the calmest tenth of blocks, and what most pixels differ by from the middle of
/// their neighbours.
pub(super) fn estimate(frame: Luma<'_>, extremes: &Extremes) -> u8 {
    let ranges = extremes.darkest.iter().zip(&extremes.lightest).map(|(dark, light)| light - dark);
    let calm = percentile(ranges.step_by(SAMPLE), 10);
    let rows = (0..frame.height()).step_by((frame.height() / ROWS).max(1)).map(|y| frame.row(y));
    let bends = rows.flat_map(|row| row.as_chunks::<BEND>().0).map(|&[left, middle, right, _]| {
        let sides = (u16::from(left) + u16::from(right)).div_ceil(2) as u8;
        middle.abs_diff(sides)
    });
    let noise = percentile(bends, 25) * RANGE;
    ((calm * 1.25).min(noise) + 3.0).clamp(BOUNDS[0], BOUNDS[1]) as u8
}

/// A percentile of numbers, between whole ones by how many there are of each.
fn percentile(values: impl Iterator<Item = u8>, percent: usize) -> f32 {
    let mut counts = [0_u32; 256];
    values.for_each(|value| counts[usize::from(value)] += 1);
    let total: u32 = counts.iter().sum();
    let wanted = total as f32 * percent as f32 / 100.0;
    let mut below = 0;
    for (value, &count) in counts.iter().enumerate() {
        if (below + count) as f32 > wanted {
            return value as f32 + (wanted - below as f32) / count as f32 - 0.5;
        }
        below += count;
    }
    0.0
}
