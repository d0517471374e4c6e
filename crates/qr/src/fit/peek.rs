//! A glance at format and version information: both lie beside finder patterns, where even a first guess at the
//! symbol's pose is good, and few squares that only look like a symbol's corners pass.

use super::geometry::Point;
use super::light::Light;
use super::ring::Ring;
use super::warp::Warp;
use crate::decode::{self, Version};

/// The confidence of a module that is as dark or light as those of the finder pattern beside it.
const SURE: f32 = 90.0;

/// How well format and version information agree with any format and with this version's, up to 1; the latter is 1
/// in versions that carry none.
pub(crate) fn information(light: &Light<'_>, map: &Warp, version: Version, rings: [&Ring; 3]) -> [f32; 2] {
    let [corner, right, below] = rings;
    let side = version.side();
    let level = |x: usize, y: usize, ring: &Ring| {
        let at: Point = [x as f32 + 0.5, y as f32 + 0.5];
        let [middle, half] = ring.levels;
        ((middle - light.at(map.map(at))) / half * SURE) as i8
    };
    let nearest = |along: usize, far| if along <= FORMAT { corner } else { far };
    let across: [i8; LINE] =
        std::array::from_fn(|i| level(place(i, side), FORMAT, nearest(place(i, side), right)));
    let down: [i8; LINE] =
        std::array::from_fn(|i| level(FORMAT, place(i, side), nearest(place(i, side), below)));
    let format = decode::format_agreement(side, |x, y| {
        if y == FORMAT { across[index(x, side)] } else { down[index(y, side)] }
    });
    [format, version_agreement(version, |x, y| level(x, y, if x > y { right } else { below }))]
}

/// Row and column of the format information.
const FORMAT: usize = 8;
/// Modules of it in either: nine beside the corner, eight at the far end.
const LINE: usize = 17;

/// Where the modules of [`LINE`] lie along it, and back.
fn place(index: usize, side: usize) -> usize {
    if index <= FORMAT { index } else { index + side - LINE }
}

fn index(place: usize, side: usize) -> usize {
    if place <= FORMAT { place } else { (place + LINE).saturating_sub(side).min(LINE - 1) }
}

fn version_agreement(version: Version, level: impl Fn(usize, usize) -> i8) -> f32 {
    let (mut right, mut all, mut any) = (0.0, 0.0, false);
    for (x, y, dark) in decode::version_modules(version) {
        let level = f32::from(level(x, y));
        right += if dark { level } else { -level };
        all += level.abs();
        any = true;
    }
    if any { right / f32::max(all, 1.0) } else { 1.0 }
}
