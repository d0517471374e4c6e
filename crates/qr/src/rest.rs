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
