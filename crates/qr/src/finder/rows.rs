//! Scanning one row: pixels to bits, bits to edges, edges to hits.

use crate::Luma;
use crate::threshold::{BLOCK, Thresholds};

/// A place in a row whose runs are in the proportions of a finder pattern.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    /// Middle in pixels.
    pub(super) at: [f32; 2],
    /// Pixels per module along the row.
    pub(super) module: f32,
    /// Columns in the middle of the light runs beside the core.
    pub(super) rings: [u16; 2],
    pub(super) inverted: bool,
}

/// Pixels of a row that are searched: edges are held in 16 bits.
const MAX_WIDTH: usize = u16::MAX as usize;
/// Pixels in a word of bits.
const WORD: usize = u64::BITS as usize;
/// Pixels that a pattern may reach along a row.
const MAX_SPAN: i16 = 600;
/// Twelve times the least pixels of a module: below, not even a camera without fault shows single modules.
const MIN_TWELVE: i16 = 16;
/// Edges of a pattern.
const EDGES: usize = 6;

/// Scans rows; its memory is reused.
#[derive(Debug, Default)]
pub(super) struct RowScan {
    limits: Vec<u8>,
    dark: Vec<u8>,
    edges: Vec<u16>,
    fits: Vec<u8>,
}

impl RowScan {
    /// Looks for hits in row `y`, which [`Self::hits`] then has.
    pub(super) fn scan(&mut self, luma: Luma<'_>, thresholds: &Thresholds, y: usize) {
        let width = luma.width().min(MAX_WIDTH);
        self.limits.clear();
        thresholds.row(y).iter().for_each(|&limit| self.limits.extend([limit; BLOCK]));
        let (above, below) = (luma.row(y.saturating_sub(1)), luma.row((y + 1).min(luma.height() - 1)));
        self.dark.clear();
        self.dark.resize(width.next_multiple_of(WORD), 0);
        let rows = above[..width].iter().zip(&luma.row(y)[..width]).zip(&below[..width]);
        for ((dark, ((above, here), below)), &limit) in self.dark.iter_mut().zip(rows).zip(&self.limits) {
            *dark = u8::from(mean(mean(*above, *below), *here) < limit);
        }
        let last = self.dark[width - 1];
        self.dark[width..].fill(last);
        find_edges(&self.dark, &mut self.edges);
        find_fits(&self.edges, &mut self.fits);
    }

    /// The hits of row `y`, which was scanned last.
    pub(super) fn hits(&self, y: usize) -> impl Iterator<Item = Hit> {
        let first_dark = self.dark.first().is_some_and(|&dark| dark == 1);
        let hit = move |at: usize| {
            let &[a, b, c, d, e, f] = self.edges.get(at..)?.first_chunk::<EDGES>()?;
            let module = f32::from((e - a) + (f - b)) / 12.0;
            let inverted = first_dark == at.is_multiple_of(2);
            let middle = |from: u16, to: u16| from + (to - from) / 2;
            let rings = [middle(b, c), middle(d, e)];
            Some(Hit { at: [f32::from(c) + f32::from(d - c) / 2.0, y as f32 + 0.5], module, rings, inverted })
        };
        self.fits.iter().enumerate().filter(|(_, fits)| **fits != 0).filter_map(move |(at, _)| hit(at))
    }
}

fn mean(a: u8, b: u8) -> u8 {
    ((u16::from(a) + u16::from(b) + 1) >> 1) as u8
}

/// The places where a pixel differs from the one before it; `dark` holds 0 or 1 a pixel, whole words of them.
fn find_edges(dark: &[u8], edges: &mut Vec<u16>) {
    edges.clear();
    edges.resize(dark.len(), 0);
    let mut found = 0;
    let mut before = u64::from(dark.first().copied().unwrap_or(0));
    for (number, pixels) in dark.as_chunks::<WORD>().0.iter().enumerate() {
        let bits = pack(pixels);
        let mut changes = bits ^ (bits << 1 | before);
        before = bits >> (WORD - 1);
        while changes != 0 {
            edges[found] = (number * WORD) as u16 + changes.trailing_zeros() as u16;
            found += 1;
            changes &= changes - 1;
        }
    }
    edges.truncate(found);
}

/// One bit for each byte of 0 or 1, the first the lowest.
fn pack(pixels: &[u8; WORD]) -> u64 {
    // Eight bytes of 0 or 1 times this have their bits side by side in the topmost byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    pixels
        .as_chunks::<8>()
        .0
        .iter()
        .rev()
        .fold(0, |bits, eight| bits << 8 | u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56)
}

/// For each edge whether it and the next five may be a pattern's; no branches, so that it runs in wide registers.
///
/// Blur and a threshold too high or too low widen all dark runs at the cost of light ones, so distances are taken
/// from one edge to the next of the same kind: 2, 4, 4 and 2 modules. Runs themselves are compared only roughly.
fn find_fits(edges: &[u16], fits: &mut Vec<u8>) {
    fits.clear();
    let count = edges.len().saturating_sub(EDGES - 1);
    if count == 0 {
        return;
    }
    fits.resize(count, 0);
    let [a, b, c, d, e, f] = [0, 1, 2, 3, 4, 5].map(|skip| &edges[skip..][..count]);
    for (i, fits) in fits.iter_mut().enumerate() {
        let distance = |from: u16, to: u16| to.wrapping_sub(from) as i16;
        let span = distance(a[i], f[i]);
        // Twelve modules; whatever overflows here is not within the span.
        let twelve = distance(a[i], e[i]).wrapping_add(distance(b[i], f[i]));
        let off = |from: u16, to: u16, modules: i16| {
            distance(from, to).wrapping_mul(12 / modules).wrapping_sub(twelve).wrapping_abs()
        };
        let outer = off(a[i], c[i], 2).max(off(d[i], f[i], 2));
        let inner = off(b[i], d[i], 4).max(off(c[i], e[i], 4));
        let longest = (distance(a[i], b[i]).max(distance(e[i], f[i])))
            .max(distance(b[i], c[i]).max(distance(d[i], e[i])));
        let core = distance(c[i], d[i]);
        *fits = u8::from(
            (span > 0)
                & (span <= MAX_SPAN)
                & (twelve >= MIN_TWELVE)
                & (outer <= (twelve >> 2) + 2)
                & (inner <= (twelve >> 2) + 2)
                & (longest <= core),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_where_pixels_change() {
        let mut dark = [0; 192];
        let places = [1, 5, 63, 64, 65, 127, 128, 130, 191];
        let mut value = 0;
        for (at, dark) in dark.iter_mut().enumerate() {
            value ^= u8::from(places.contains(&(at as u16)));
            *dark = value;
        }
        let mut edges = Vec::new();
        find_edges(&dark, &mut edges);
        assert_eq!(edges, places);
    }
}
