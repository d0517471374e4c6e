//! Scaling down by whole numbers: noise and blur average away.

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
}

impl Reduced {
    /// The factor that is scaled down by where this one is asked for.
    pub(crate) fn factor(wanted: usize) -> usize {
        wanted.clamp(1, MAX_FACTOR)
    }

    /// The averages of squares of `factor` pixels of a region; incomplete squares at its right and bottom are left
    /// out. `None` where nothing is left.
    pub(crate) fn fill<'a>(&'a mut self, frame: Luma<'a>, region: Region, factor: usize) -> Option<Luma<'a>> {
        let factor = Self::factor(factor);
        let region = region.within(frame);
        if factor == 1 && region == Region::all(frame) {
            return Some(frame);
        }
        let (width, height) = (region.width / factor, region.height / factor);
        self.pixels.clear();
        self.pixels.resize(width * height, 0);
        for (y, out) in self.pixels.chunks_exact_mut(width.max(1)).enumerate() {
            let row = |dy| &frame.row(region.top + y * factor + dy)[region.left..][..width * factor];
            match factor {
                1 => out.copy_from_slice(row(0)),
                2 => halve([row(0), row(1)], out),
                _ => average((0..factor).map(row), factor, &mut self.sums, out),
            }
        }
        Luma::new(&self.pixels, width, height, width)
    }
}

/// Averages of 2 × 2 pixels.
fn halve(rows: [&[u8]; 2], out: &mut [u8]) {
    let [upper, lower] = rows.map(|row| row.as_chunks::<2>().0);
    for ((out, upper), lower) in out.iter_mut().zip(upper).zip(lower) {
        // Two pixels as one number of 16 bits: sums of pairs without shuffling bytes.
        let (upper, lower) = (u16::from_le_bytes(*upper), u16::from_le_bytes(*lower));
        let sum = (upper & 0xff) + (upper >> 8) + (lower & 0xff) + (lower >> 8);
        *out = ((sum + 2) >> 2) as u8;
    }
}

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
