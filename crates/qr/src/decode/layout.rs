//! Where a version keeps what (ISO/IEC 18004:2015 §6.3, §7.7 and §7.8): one table for each version, made once.

use std::sync::OnceLock;

use super::{Version, version};
use crate::grid::MAX_VERSION;

/// The modules of a version.
pub(super) struct Layout {
    side: usize,
    /// Place of each data module in a row-major grid, in placement order: eight for each codeword, most significant
    /// bit first. The second table is that of a mirrored grid.
    places: [Vec<u16>; 2],
    /// The bits of each codeword that each mask inverts.
    masks: [Vec<u8>; 8],
    pattern: Vec<Option<bool>>,
    evidence: Vec<(u16, bool)>,
}

impl Layout {
    /// The one table of `version`.
    pub(super) fn of(version: Version) -> &'static Self {
        static LAYOUTS: [OnceLock<Layout>; MAX_VERSION] = [const { OnceLock::new() }; MAX_VERSION];
        LAYOUTS[usize::from(version.number()) - 1].get_or_init(|| Self::new(version)) // safe: 1 to 40
    }

    fn new(version: Version) -> Self {
        let side = version.side();
        let canvas = Canvas::new(version);
        let mut data: Vec<_> =
            placement(side).filter(|&(x, y)| canvas.kinds[y * side + x] == Kind::Data).collect();
        data.truncate(data.len() / 8 * 8);
        let place = |(x, y): (usize, usize)| (y * side + x) as u16; // safe: 177² is less than 2¹⁶
        let pack = |mask: u8, modules: &[(usize, usize)]| {
            modules.iter().fold(0, |byte, &(x, y)| byte << 1 | u8::from(is_masked(mask, x, y)))
        };
        let masks = std::array::from_fn(|mask| data.chunks(8).map(|eight| pack(mask as u8, eight)).collect());
        let places = [
            data.iter().map(|&module| place(module)).collect(),
            data.iter().map(|&(x, y)| place((y, x))).collect(),
        ];
        let pattern: Vec<_> = canvas.kinds.iter().map(|kind| kind.colour()).collect();
        let evidence = (0..side * side).filter(|&i| !near_finder(i % side, i / side, side));
        let evidence = evidence.filter_map(|i| Some((place((i % side, i / side)), pattern[i]?))).collect();
        Self { side, places, masks, pattern, evidence }
    }

    /// Places of the data modules, eight for each codeword, in a grid as it is or mirrored.
    pub(super) fn places(&self, mirrored: bool) -> &[u16] {
        &self.places[usize::from(mirrored)]
    }

    /// The bits of each codeword that `mask`, 0 to 7, inverts.
    pub(super) fn mask(&self, mask: u8) -> &[u8] {
        &self.masks[usize::from(mask & 7)]
    }

    /// Codewords of data and error correction.
    pub(super) fn codewords(&self) -> usize {
        self.masks[0].len()
    }

    /// The colour of each module that is the same in every symbol of the version: `true` is dark.
    pub(super) fn pattern(&self) -> &[Option<bool>] {
        &self.pattern
    }

    /// Places and colours of timing and alignment patterns and version information: the same for mirrored symbols.
    pub(super) fn evidence(&self) -> &[(u16, bool)] {
        &self.evidence
    }

    /// Column and row of a place.
    pub(super) fn module(&self, place: u16) -> (usize, usize) {
        (usize::from(place) % self.side, usize::from(place) / self.side)
    }

    /// Reads codewords in placement order, still masked; unknown modules count as light.
    pub(super) fn read(&self, levels: &[i8], mirrored: bool) -> Vec<u8> {
        let dark = |&place: &u16| u8::from(levels[usize::from(place)] > 0);
        let codewords = self.places(mirrored).chunks_exact(8);
        codewords.map(|eight| eight.iter().fold(0, |byte, place| byte << 1 | dark(place))).collect()
    }
}

/// Whether a module belongs to a finder pattern, its separator, or the module that is always dark beside one.
fn near_finder(x: usize, y: usize, side: usize) -> bool {
    let (left, top) = (x <= 8, y <= 8);
    (left && (top || y >= side - 8)) || (top && x >= side - 8)
}

/// What a module is for.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Data,
    /// The same in every symbol of a version.
    Pattern {
        dark: bool,
    },
    Format,
}

impl Kind {
    fn colour(self) -> Option<bool> {
        match self {
            Self::Pattern { dark } => Some(dark),
            Self::Data | Self::Format => None,
        }
    }
}

/// A grid that function patterns are drawn on.
struct Canvas {
    side: usize,
    kinds: Vec<Kind>,
}

impl Canvas {
    fn new(version: Version) -> Self {
        let side = version.side();
        let mut canvas = Self { side, kinds: vec![Kind::Data; side * side] };
        canvas.draw_timing();
        canvas.draw_alignment(&version.alignment_centres());
        canvas.reserve_format();
        for (x, y) in [(3, 3), (side - 4, 3), (3, side - 4)] {
            canvas.draw_finder(x, y);
        }
        canvas.set(8, side - 8, Kind::Pattern { dark: true });
        for (x, y, dark) in version::modules(version) {
            canvas.set(x, y, Kind::Pattern { dark });
        }
        canvas
    }

    fn set(&mut self, x: usize, y: usize, kind: Kind) {
        self.kinds[y * self.side + x] = kind;
    }

    fn draw_timing(&mut self) {
        for i in 0..self.side {
            let kind = Kind::Pattern { dark: i % 2 == 0 };
            self.set(i, 6, kind);
            self.set(6, i, kind);
        }
    }

    /// Rings about a centre: `dark(0)` is the centre's colour.
    fn draw_rings(&mut self, (x, y): (usize, usize), radius: usize, dark: impl Fn(usize) -> bool) {
        for row in y.saturating_sub(radius)..=(y + radius).min(self.side - 1) {
            for column in x.saturating_sub(radius)..=(x + radius).min(self.side - 1) {
                let ring = x.abs_diff(column).max(y.abs_diff(row));
                self.set(column, row, Kind::Pattern { dark: dark(ring) });
            }
        }
    }

    /// A finder pattern with its separator.
    fn draw_finder(&mut self, x: usize, y: usize) {
        self.draw_rings((x, y), 4, |ring| !matches!(ring, 2 | 4));
    }

    /// Alignment patterns at every crossing but the three under finders.
    fn draw_alignment(&mut self, centres: &[usize]) {
        let last = self.side - 7;
        for &x in centres {
            for &y in centres {
                let under_finder = matches!((x, y), (6, 6)) || (x, y) == (6, last) || (x, y) == (last, 6);
                if !under_finder {
                    self.draw_rings((x, y), 2, |ring| ring != 1);
                }
            }
        }
    }

    fn reserve_format(&mut self) {
        let last = self.side - 1;
        for i in (0..9).filter(|&i| i != 6) {
            self.set(i, 8, Kind::Format);
            self.set(8, i, Kind::Format);
        }
        for i in 0..8 {
            self.set(last - i, 8, Kind::Format);
            self.set(8, last - i, Kind::Format);
        }
    }
}

/// Modules in placement order: columns in pairs from the right, upwards first, the timing column left out.
fn placement(side: usize) -> impl Iterator<Item = (usize, usize)> {
    let pairs = (0..side / 2).map(move |pair| {
        let right = side - 1 - 2 * pair;
        if right <= 6 { right - 1 } else { right }
    });
    pairs.enumerate().flat_map(move |(pair, right)| {
        let upwards = pair % 2 == 0;
        (0..side).flat_map(move |step| {
            let y = if upwards { side - 1 - step } else { step };
            [(right, y), (right - 1, y)]
        })
    })
}

/// The data masks of table 10; `x` is the table's j, `y` its i.
fn is_masked(mask: u8, x: usize, y: usize) -> bool {
    let product = x * y;
    let rest = match mask {
        0 => (x + y) % 2,
        1 => y % 2,
        2 => x % 3,
        3 => (x + y) % 3,
        4 => (y / 2 + x / 3) % 2,
        5 => product % 2 + product % 3,
        6 => (product % 2 + product % 3) % 2,
        _ => ((x + y) % 2 + product % 3) % 2,
    };
    rest == 0
}
