//! Scanning one row: pixels to bits, bits to edges, edges to hits.

use super::ratio;
use crate::Luma;
use crate::threshold::{BLOCK, Thresholds};

/// A place in a row whose runs are in the proportions of a finder pattern.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    /// Middle in pixels.
    pub(super) at: [f32; 2],
    /// Pixels per module along the row.
    pub(super) module: f32,
    pub(super) inverted: bool,
}

/// Pixels of a row that are searched: edges are held in 16 bits.
const MAX_WIDTH: usize = u16::MAX as usize;
/// Pixels in a word of bits.
const WORD: usize = u64::BITS as usize;

/// Scans rows; its memory is reused.
#[derive(Debug, Default)]
pub(super) struct RowScan {
    limits: Vec<u8>,
    dark: Vec<u8>,
    edges: Vec<u16>,
    hits: Vec<Hit>,
}

impl RowScan {
    /// The hits of row `y`.
    pub(super) fn scan(
        &mut self,
        luma: Luma<'_>,
        thresholds: &Thresholds,
        y: usize,
    ) -> impl Iterator<Item = Hit> + use<> {
        let row = luma.row(y);
        let row = &row[..row.len().min(MAX_WIDTH)];
        self.limits.clear();
        thresholds.row(y).iter().for_each(|&limit| self.limits.extend([limit; BLOCK]));
        self.dark.clear();
        self.dark.extend(row.iter().zip(&self.limits).map(|(value, limit)| u8::from(value < limit)));
        self.edges.clear();
        find_edges(&self.dark, &mut self.edges);
        self.hits.clear();
        let first_dark = row[0] < self.limits[0];
        for (number, edges) in self.edges.windows(6).enumerate() {
            let &[a, b, c, d, e, f] = edges else { continue };
            if let Some(measure) = ratio::measure([a, b, c, d, e, f].map(f32::from)) {
                let inverted = first_dark == number.is_multiple_of(2);
                let middle = f32::from(c + d) / 2.0;
                self.hits.push(Hit { at: [middle, y as f32 + 0.5], module: measure.module, inverted });
            }
        }
        self.hits.clone().into_iter()
    }
}

/// The places where a pixel differs from the one before it; `dark` holds 0 or 1 a pixel.
fn find_edges(dark: &[u8], edges: &mut Vec<u16>) {
    let mut before = u64::from(dark.first().copied().unwrap_or(0));
    for (number, pixels) in dark.chunks(WORD).enumerate() {
        let bits = pixels.iter().enumerate().fold(0, |bits, (place, &dark)| bits | u64::from(dark) << place);
        let mut changes = bits ^ (bits << 1 | before);
        before = bits >> (WORD - 1);
        if pixels.len() < WORD {
            changes &= (1 << pixels.len()) - 1;
        }
        while changes != 0 {
            edges.push((number * WORD) as u16 + changes.trailing_zeros() as u16);
            changes &= changes - 1;
        }
    }
}
