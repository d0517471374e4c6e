//! A glance at format and version information: both lie beside finder patterns, where even a first guess at the
//! symbol's pose is good, and few squares that only look like a symbol's corners pass.

use super::geometry::{Homography, Point};
use super::light::Light;
use super::ring::Ring;
use crate::SoftGrid;
use crate::decode::{self, Version};

/// The first version that carries version information, by its side (ISO/IEC 18004:2015 §7.10).
const FIRST_WITH_VERSION: usize = 45;
/// The confidence of a module that is as dark or light as those of the finder pattern beside it.
const SURE: f32 = 90.0;

/// How well format and version information agree with any format and with this version's, up to 1; the latter is 1
/// in versions that carry none.
pub(crate) fn information(light: &Light<'_>, map: &Homography, side: usize, rings: [&Ring; 3]) -> [f32; 2] {
    let [corner, right, below] = rings;
    let level = |x: usize, y: usize, ring: &Ring| {
        let at: Point = [x as f32 + 0.5, y as f32 + 0.5];
        let [middle, half] = ring.levels;
        ((middle - light.at(map.map(at))) / half * SURE) as i8
    };
    let grid = SoftGrid::from_fn(side, |x, y| match (x, y) {
        (8, 0..9) | (0..8, 8) => level(x, y, corner),
        (x, 8) if x >= side - 8 => level(x, y, right),
        (8, y) if y >= side - 8 => level(x, y, below),
        _ => 0,
    });
    [
        decode::format_agreement(&grid),
        version_agreement(side, |x, y| level(x, y, if x > y { right } else { below })),
    ]
}

fn version_agreement(side: usize, level: impl Fn(usize, usize) -> i8) -> f32 {
    let Ok(version) = Version::from_side(side) else { return 0.0 };
    if side < FIRST_WITH_VERSION {
        return 1.0;
    }
    let pattern = decode::function_pattern(version);
    let (mut right, mut all) = (0.0, 0.0);
    for (far, near) in (side - 11..side - 8).flat_map(|far| (0..6).map(move |near| (far, near))) {
        for (x, y) in [(far, near), (near, far)] {
            let level = f32::from(level(x, y));
            right += if pattern[y * side + x] == Some(true) { level } else { -level };
            all += level.abs();
        }
    }
    right / f32::max(all, 1.0)
}
