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
/// Thresholds of a word.
const LIMITS: usize = WORD / BLOCK;
/// Pixels that a pattern may reach along a row.
const MAX_SPAN: i16 = 600;
/// Twelve times the least pixels of a module: below, not even a camera without fault shows single modules.
const MIN_TWELVE: i16 = 16;
/// Edges of a pattern.
const EDGES: usize = 6;

/// Scans rows; its memory is reused.
#[derive(Debug, Default)]
pub(super) struct RowScan {
    edges: Edges,
    fits: Vec<u8>,
}

impl RowScan {
    /// Looks for hits in row `y`, which [`Self::hits`] then has.
    pub(super) fn scan(&mut self, luma: Luma<'_>, thresholds: &Thresholds, y: usize) {
        let width = luma.width().min(MAX_WIDTH);
        let rows = [y.saturating_sub(1), y, (y + 1).min(luma.height() - 1)].map(|y| &luma.row(y)[..width]);
        let limits = thresholds.row(y).chunks(LIMITS);
        let words = rows.map(|row| row.as_chunks::<WORD>());
        let whole = words[0].0.iter().zip(words[1].0).zip(words[2].0);
        self.edges.clear(width);
        for (((above, here), below), limits) in whole.zip(limits.clone()) {
            self.edges.add(dark([above, here, below], limits));
        }
        let [above, here, below] = words.map(|(_, rest)| rest);
        if !here.is_empty() {
            // What the last word lacks is as the last pixel.
            let filled = |rest: &[u8]| std::array::from_fn(|i| rest[i.min(rest.len() - 1)]);
            let limits = limits.last().unwrap_or_default();
            let limits: [u8; LIMITS] = std::array::from_fn(|i| limits[i.min(limits.len() - 1)]);
            self.edges.add(dark([&filled(above), &filled(here), &filled(below)], &limits));
        }
        find_fits(self.edges.all(), &mut self.fits);
    }

    /// The hits of row `y`, which was scanned last.
    pub(super) fn hits(&self, y: usize) -> impl Iterator<Item = Hit> {
        let hit = move |at: usize| {
            let &[a, b, c, d, e, f] = self.edges.all().get(at..)?.first_chunk::<EDGES>()?;
            let module = f32::from((e - a) + (f - b)) / 12.0;
            let inverted = self.edges.first_dark == at.is_multiple_of(2);
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

/// Which of a word of pixels are dark, a bit each, the first the lowest.
#[inline]
fn dark(rows: [&[u8; WORD]; 3], limits: &[u8]) -> u64 {
    // Eight bytes of 0 or 1 times this have their bits side by side in the topmost byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let mut wide = [0; WORD];
    for (wide, &limit) in wide.as_chunks_mut::<BLOCK>().0.iter_mut().zip(limits) {
        *wide = [limit; BLOCK];
    }
    let [above, here, below] = rows;
    let mut dark = [0; WORD];
    // Neighbours are treated alike, so that wide registers can take many.
    for i in 0..WORD {
        dark[i] = u8::from(mean(mean(above[i], below[i]), here[i]) < wide[i]);
    }
    let eights = dark.as_chunks::<8>().0.iter().rev();
    eights.fold(0, |bits, eight| bits << 8 | u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56)
}

/// The places in a row where a pixel differs from the one before it; its memory is reused.
#[derive(Debug, Default)]
struct Edges {
    /// Only the first `count` are the row's.
    places: Vec<u16>,
    count: usize,
    words: usize,
    first_dark: bool,
    /// Whether the last pixel is dark: 1 or 0.
    last: u64,
}

impl Edges {
    /// Begins a row of so many pixels.
    fn clear(&mut self, width: usize) {
        let room = width.next_multiple_of(WORD);
        self.places.resize(room.max(self.places.len()), 0);
        (self.count, self.words) = (0, 0);
    }

    /// Adds the edges of the next word.
    #[inline]
    fn add(&mut self, bits: u64) {
        if self.words == 0 {
            self.last = bits & 1;
            self.first_dark = self.last == 1;
        }
        let mut changes = bits ^ (bits << 1 | self.last);
        self.last = bits >> (WORD - 1);
        let start = (self.words * WORD) as u16;
        self.words += 1;
        // There is room for an edge at every pixel.
        let Some(room) = self.places.get_mut(self.count..) else { return };
        for place in room {
            if changes == 0 {
                break;
            }
            *place = start + changes.trailing_zeros() as u16;
            changes &= changes - 1;
            self.count += 1;
        }
    }

    fn all(&self) -> &[u16] {
        &self.places[..self.count]
    }
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
        let (dark, light) = (20, 200);
        for width in [192, 150, 64, 65] {
            let places: Vec<u16> = [1, 5, 63, 64, 65, 127, 128, 130, 191]
                .into_iter()
                .filter(|&at| usize::from(at) < width)
                .collect();
            let is_dark =
                |at: usize| places.iter().filter(|&&place| usize::from(place) <= at).count() % 2 == 1;
            let row: Vec<u8> = (0..width).map(|at| if is_dark(at) { dark } else { light }).collect();
            let luma = Luma::new(&row, width, 1, width).expect("one row is a frame");
            let mut thresholds = Thresholds::default();
            thresholds.measure(luma, &mut || false);
            let mut scan = RowScan::default();
            scan.scan(luma, &thresholds, 0);
            assert_eq!(scan.edges.all(), places, "{width} pixels");
        }
    }
}
