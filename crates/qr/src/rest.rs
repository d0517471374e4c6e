//! What of a frame is left to search once symbols were read.

use crate::order;
use crate::threshold::Region;
use crate::{Luma, Symbol};

/// Strips that together are larger than this share of the frame are not worth their borders.
const WORTH: f32 = 0.8;

/// The parts of the frame in which further symbols may be, those narrower than `least` pixels left out: all of it, or
/// strips beside the largest symbol that was read. Where two strips meet they overlap, so that nothing is cut through.
pub(crate) fn regions(frame: Luma<'_>, symbols: &[Symbol], least: usize) -> Vec<Region> {
    let all = Region::all(frame);
    let inside = symbols.iter().filter_map(|symbol| inside(symbol, frame));
    let strips = inside.max_by_key(area).map_or(vec![all], |inside| beside(all, inside));
    let wide = |region: &Region| region.width.min(region.height) >= least;
    let strips: Vec<_> = strips.into_iter().filter(wide).collect();
    let worth = strips.iter().map(area).sum::<usize>() as f32 <= area(&all) as f32 * WORTH;
    if worth { strips } else { vec![all] }
}

fn area(region: &Region) -> usize {
    region.width * region.height
}

/// The upright rectangle between a symbol's corners; none where it is turned too far to hold one.
fn inside(symbol: &Symbol, frame: Luma<'_>) -> Option<Region> {
    let middle = |axis: usize| {
        let along = order::sort(symbol.corners.map(|corner| corner[axis]));
        // The conversions saturate.
        (along[1].ceil() as usize, along[2] as usize)
    };
    let ((left, right), (top, bottom)) = (middle(0), middle(1));
    let (right, bottom) = (right.min(frame.width()), bottom.min(frame.height()));
    let corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
    let within = |&[x, y]: &[usize; 2]| crate::fit::contains(&symbol.corners, [x as f32, y as f32]);
    let fits = left < right && top < bottom && corners.iter().all(within);
    fits.then(|| Region { left, top, width: right - left, height: bottom - top })
}

/// What lies above, below, left and right of `inside`.
fn beside(all: Region, inside: Region) -> Vec<Region> {
    let (right, bottom) = (inside.left + inside.width, inside.top + inside.height);
    vec![
        Region { height: inside.top, ..all },
        Region { top: bottom, height: all.height - bottom, ..all },
        Region { width: inside.left, ..all },
        Region { left: right, width: all.width - right, ..all },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(corners: [[f32; 2]; 4]) -> Symbol {
        let (bytes, text, structured_append) = (vec![b'a'], None, None);
        Symbol { bytes, text, pieces: Vec::new(), corners, version: 1, ecc: 'L', structured_append }
    }

    fn rest(corners: Option<[[f32; 2]; 4]>, least: usize) -> Vec<[usize; 4]> {
        let pixels = [0; 100 * 60];
        let frame = Luma::new(&pixels, 100, 60, 100).unwrap();
        let symbols: Vec<_> = corners.map(symbol).into_iter().collect();
        let regions = regions(frame, &symbols, least).into_iter();
        regions.map(|Region { left, top, width, height }| [left, top, width, height]).collect()
    }

    #[test]
    fn strips_beside_a_symbol_are_left_where_they_are_wide_enough() {
        let upright = |left: f32, top: f32, right: f32, bottom: f32| {
            Some([[left, top], [right, top], [right, bottom], [left, bottom]])
        };
        let all = [0, 0, 100, 60];
        assert_eq!(rest(None, 20), [all]);
        assert_eq!(rest(None, 61), [[0; 4]; 0], "too small for anything");
        assert_eq!(rest(upright(5.0, 5.0, 95.0, 55.0), 20), [[0; 4]; 0], "filled by its symbol");
        assert_eq!(rest(upright(30.0, 5.5, 95.0, 54.5), 20), [[0, 0, 30, 60]]);
        assert_eq!(rest(upright(45.0, 25.0, 55.0, 35.0), 20), [all], "strips as large as the frame");
        // Mirrored and turned by a quarter, it is the same.
        assert_eq!(rest(Some([[95.0, 54.5], [95.0, 5.5], [30.0, 5.5], [30.0, 54.5]]), 20), [[0, 0, 30, 60]]);
        let turned = [[50.0, 0.0], [80.0, 30.0], [50.0, 60.0], [20.0, 30.0]];
        assert_eq!(rest(Some(turned), 20), [all], "no upright rectangle in it");
    }
}
