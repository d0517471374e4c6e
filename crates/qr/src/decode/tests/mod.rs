//! Grids made by the `qrcode` crate, whole and damaged.

mod colours;
mod levels;
mod noise;
mod reference;
mod segments;

use qrcode::bits::Bits;
use qrcode::types::Version as EncoderVersion;
use qrcode::{Color, EcLevel, QrCode};

use super::*;

const LEVELS: [(EcLevel, Ecc); 4] =
    [(EcLevel::L, Ecc::L), (EcLevel::M, Ecc::M), (EcLevel::Q, Ecc::Q), (EcLevel::H, Ecc::H)];

fn grid(code: &QrCode) -> BitGrid {
    BitGrid::from_fn(code.width(), |x, y| code[(x, y)] == Color::Dark)
}

/// A grid of the given version at level L, filled by `fill`.
fn grid_of(version: i16, fill: impl FnOnce(&mut Bits)) -> BitGrid {
    let mut bits = Bits::new(EncoderVersion::Normal(version));
    fill(&mut bits);
    bits.push_terminator(EcLevel::L).unwrap();
    grid(&QrCode::with_bits(bits, EcLevel::L).unwrap())
}

fn flipped(grid: &BitGrid, modules: &[(usize, usize)]) -> BitGrid {
    BitGrid::from_fn(grid.side(), |x, y| grid.is_dark(x, y) != modules.contains(&(x, y)))
}

/// A symbol of the version and level whose text fills it but for a few codewords, and the text.
fn full(number: i16, level: EcLevel) -> (BitGrid, String) {
    let version = Version::from_side(17 + 4 * number as usize).unwrap();
    let (_, ecc) = LEVELS.into_iter().find(|(theirs, _)| *theirs == level).unwrap();
    let (parity, blocks) = version.blocks(ecc);
    let data = layout::Layout::of(version).codewords() - parity * blocks;
    // Two characters take 11 bits.
    let text: String =
        "NCFOXN TSMAHN-H3ZSUZK 4C3/8QZ3".chars().cycle().take((8 * data - 40) * 2 / 11).collect();
    let code = QrCode::with_version(&text, EncoderVersion::Normal(number), level).unwrap();
    (grid(&code), text)
}

/// Numbers that look random, the same for the same seed.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// From 0 up to, not including, `end`.
    fn below(&mut self, end: usize) -> usize {
        (self.bits() % end as u64) as usize
    }

    /// About normal, with mean 0 and variance 1.
    fn normal(&mut self) -> f32 {
        let sum: f32 = (0..12).map(|_| (self.bits() >> 40) as f32 / (1u64 << 24) as f32).sum();
        sum - 6.0
    }
}

/// The encoder's canvas of a version with nothing but function patterns and room for format information.
fn function_patterns(version: usize) -> impl Fn(usize, usize) -> bool {
    let mut canvas = qrcode::canvas::Canvas::new(EncoderVersion::Normal(version as i16), EcLevel::L);
    canvas.draw_all_functional_patterns();
    move |x, y| canvas.get(x as i16, y as i16) != qrcode::canvas::Module::Empty
}

/// Data modules in placement order, found without the code under test.
fn data_modules(grid: &BitGrid) -> Vec<(usize, usize)> {
    let is_function = function_patterns((grid.side() - 17) / 4);
    let mut modules = Vec::new();
    let mut columns: Vec<usize> = (7..grid.side()).rev().step_by(2).collect();
    columns.extend([5, 3, 1]);
    for (pair, right) in columns.into_iter().enumerate() {
        for step in 0..grid.side() {
            let y = if pair % 2 == 0 { grid.side() - 1 - step } else { step };
            for x in [right, right - 1] {
                if !is_function(x, y) {
                    modules.push((x, y));
                }
            }
        }
    }
    modules
}
