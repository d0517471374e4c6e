//! The proportions of a finder pattern.

/// Share of its proper length that a distance may be off.
const TOLERANCE: f32 = 0.4;
/// Pixels that a distance may be off besides: half of one at either end.
const ROUNDING: f32 = 0.6;

/// What six edges along a line say of a pattern.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    /// Where the middle of the pattern is.
    pub(super) middle: f32,
    /// Length of a module.
    pub(super) module: f32,
    /// Mean share that distances are off.
    pub(super) off: f32,
}

/// Measures the six edges of dark, light, dark, light, dark along a line, if they may be those of a pattern.
///
/// Blur and a threshold too high or too low widen all dark runs at the cost of light ones, so distances are taken
/// from one edge to the next of the same kind: 2, 4, 4 and 2 modules.
pub(super) fn measure(edges: [f32; 6]) -> Option<Measure> {
    let [a, b, c, d, e, f] = edges;
    let module = (e - a + f - b) / 12.0;
    let distances = [(c - a, 2.0), (d - b, 4.0), (e - c, 4.0), (f - d, 2.0)];
    let off = |(distance, modules): (f32, f32)| (distance - modules * module).abs();
    let fits = distances.iter().all(|&(distance, modules)| {
        off((distance, modules)) <= TOLERANCE * 0.75 * modules.min(3.0) * module + ROUNDING
    });
    // Runs themselves only roughly: the core is the longest.
    let core = d - c;
    let fits = fits && core * 0.9 + ROUNDING >= (c - b).max(e - d).max(b - a).max(f - e);
    let sum: f32 = distances.into_iter().map(off).sum();
    fits.then_some(Measure { middle: (a + b + c + d + e + f) / 6.0, module, off: sum / (12.0 * module) })
}
