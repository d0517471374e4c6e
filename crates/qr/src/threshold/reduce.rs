//! Scaling down by whole numbers: noise and blur average away.

use super::PIXELS_PER_QUESTION;
use crate::Luma;

/// A part of a frame, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Region {
    pub(crate) left: usize,
    pub(crate) top: usize,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

impl Region {
    /// The whole of a frame.
    pub(crate) fn all(frame: Luma<'_>) -> Self {
        Self { left: 0, top: 0, width: frame.width(), height: frame.height() }
    }

    /// What of the region lies in the frame; may be empty.
    fn within(self, frame: Luma<'_>) -> Self {
        let (left, top) = (self.left.min(frame.width()), self.top.min(frame.height()));
        let width = self.width.min(frame.width() - left);
        let height = self.height.min(frame.height() - top);
        Self { left, top, width, height }
    }
}

/// The largest factor that a frame can be scaled down by: sums of its squares fit 16 bits.
const MAX_FACTOR: usize = 16;

/// A part of a frame at a smaller scale; its memory is reused.
#[derive(Debug, Default)]
pub(crate) struct Reduced {
    pixels: Vec<u8>,
    sums: Vec<u16>,
    /// A quarter of the scale, from which smaller ones are made.
    quarter: Vec<u8>,
}

impl Reduced {
    /// The factor that is scaled down by where this one is asked for.
    pub(crate) fn factor(wanted: usize) -> usize {
        wanted.clamp(1, MAX_FACTOR)
    }

    /// The averages of squares of `factor` pixels of a region; incomplete squares at its right and bottom are left
    /// out. `None` where nothing is left, or time is up.
    pub(crate) fn fill<'a>(
        &'a mut self,
        frame: Luma<'a>,
        region: Region,
        factor: usize,
        time_is_up: &mut dyn FnMut() -> bool,
    ) -> Option<Luma<'a>> {
        let factor = Self::factor(factor);
        let region = region.within(frame);
        if factor == 1 && region == Region::all(frame) {
            return Some(frame);
        }
        let Self { pixels, sums, quarter } = self;
        let size = match factor {
            8 | 16 => {
                let (width, height) = shrink(frame, region, 4, sums, quarter, time_is_up)?;
                let quarter = Luma::new(quarter, width, height, width)?;
                shrink(quarter, Region::all(quarter), factor / 4, sums, pixels, time_is_up)?
            }
            _ => shrink(frame, region, factor, sums, pixels, time_is_up)?,
        };
        Luma::new(pixels, size.0, size.1, size.0)
    }
}

/// Fills `out` with the averages of squares of a region: how many there are in a row, and in a column; `None` if time is
/// up before.
fn shrink(
    frame: Luma<'_>,
    region: Region,
    factor: usize,
    sums: &mut Vec<u16>,
    out: &mut Vec<u8>,
    time_is_up: &mut dyn FnMut() -> bool,
) -> Option<(usize, usize)> {
    let (width, height) = (region.width / factor, region.height / factor);
    let rows_per_question = (PIXELS_PER_QUESTION / (factor * region.width.max(1))).max(1);
    out.clear();
    // Memory is touched row by row, for that takes its time, too.
    out.reserve(width * height);
    for y in 0..height {
        if y % rows_per_question == rows_per_question - 1 && time_is_up() {
            return None;
        }
        let row = |dy| &frame.row(region.top + y * factor + dy)[region.left..][..width * factor];
        out.resize((y + 1) * width, 0);
        let out = &mut out[y * width..];
        match factor {
            1 => out.copy_from_slice(row(0)),
            2 => halve([row(0), row(1)], out),
            3 => third([row(0), row(1), row(2)], sums, out),
            4 => quarter([row(0), row(1), row(2), row(3)], sums, out),
            _ => average((0..factor).map(row), factor, sums, out),
        }
    }
    Some((width, height))
}

/// Averages of 2 × 2 pixels.
fn halve(rows: [&[u8]; 2], out: &mut [u8]) {
    let [upper, lower] = rows.map(|row| row.as_chunks::<2>().0);
    for ((out, upper), lower) in out.iter_mut().zip(upper).zip(lower) {
        *out = ((pair(upper) + pair(lower) + 2) >> 2) as u8;
    }
}

/// The sum of two pixels. As one number of 16 bits they need no shuffling in wide registers.
#[inline]
fn pair(pixels: &[u8; 2]) -> u16 {
    let both = u16::from_le_bytes(*pixels);
    (both & 0xff) + (both >> 8)
}

/// Averages of 3 × 3 pixels.
fn third(rows: [&[u8]; 3], sums: &mut Vec<u16>, out: &mut [u8]) {
    let [a, b, c] = rows;
    sums.resize(a.len(), 0);
    for (((sum, a), b), c) in sums.iter_mut().zip(a).zip(b).zip(c) {
        *sum = u16::from(*a) + u16::from(*b) + u16::from(*c);
    }
    // Averages about every column, though only each third is wanted: that is done in wide registers.
    let last = sums.len() - 2;
    for at in 0..last {
        sums[at] = (sums[at] + sums[at + 1] + sums[at + 2]) / 9;
    }
    out.iter_mut().zip(sums.iter().step_by(3)).for_each(|(out, &sum)| *out = sum as u8);
}

/// Averages of 4 × 4 pixels.
fn quarter(rows: [&[u8]; 4], sums: &mut Vec<u16>, out: &mut [u8]) {
    let [a, b, c, d] = rows.map(|row| row.as_chunks::<2>().0);
    sums.resize(a.len(), 0);
    for ((((sum, a), b), c), d) in sums.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *sum = pair(a) + pair(b) + pair(c) + pair(d);
    }
    for (out, [left, right]) in out.iter_mut().zip(sums.as_chunks::<2>().0) {
        *out = ((left + right + 8) >> 4) as u8;
    }
}

/// Averages of squares of any size.
fn average<'a>(rows: impl Iterator<Item = &'a [u8]>, factor: usize, sums: &mut Vec<u16>, out: &mut [u8]) {
    for (number, row) in rows.enumerate() {
        if number == 0 {
            sums.clear();
            sums.extend(row.iter().map(|&value| u16::from(value)));
        } else {
            sums.iter_mut().zip(row).for_each(|(sum, &value)| *sum += u16::from(value));
        }
    }
    let area = (factor * factor) as u16;
    for (out, sums) in out.iter_mut().zip(sums.chunks_exact(factor)) {
        *out = (sums.iter().sum::<u16>() / area) as u8;
    }
}
