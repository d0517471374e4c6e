//! Alignment patterns: where a symbol's inside really lies.

use super::geometry::{Pair, Point, add, length, minus, times};
use super::light::Light;
use super::pose::Pose;
use super::warp::Warp;
use super::work::Work;

/// An alignment pattern that was looked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Anchor {
    /// Its middle in modules.
    pub(crate) modules: Point,
    /// Where it was seen; `None` where nothing like it was.
    pub(crate) pixels: Option<Point>,
}

/// A pattern that matches worse than this (1 is perfect) counts as not seen.
const LEAST_MATCH: f32 = 0.55;
/// A pattern within so many modules that matches as well as this is not looked for further away.
const NEAR: f32 = 0.5;
const SURE_MATCH: f32 = 0.8;
/// What an alignment pattern counts beside a finder pattern's corner.
const WEIGHT: f32 = 2.0;
/// Modules that the first pattern may lie off its expected place, and more for every so many modules of distance
/// from what is known.
const WINDOW: f32 = 0.75;
const MODULES_PER_MORE: f32 = 10.0;
/// The widest window: a fifth of a second is long for a frame.
const MAX_WINDOW: f32 = 4.0;

/// Looks for all alignment patterns (their middles in modules), those nearest to what is known first, and mends the
/// pose by what it finds. `None` if time is up before.
pub(crate) fn locate(
    light: &Light<'_>,
    pose: &mut Pose,
    middles: &[Point],
    work: &mut Work<'_>,
) -> Option<(Warp, Vec<Anchor>)> {
    let mut warp = Warp::fit(&pose.pairs, pose.side)?;
    let mut open: Vec<_> = middles.to_vec();
    let mut anchors = Vec::with_capacity(open.len());
    while let Some((next, distance)) = nearest(&open, &pose.pairs) {
        if work.is_over() {
            return None;
        }
        let modules = open.swap_remove(next);
        let window = (WINDOW + distance / MODULES_PER_MORE).min(MAX_WINDOW);
        // Most lie where they are expected.
        let pixels = search(light, &warp, modules, NEAR, SURE_MATCH)
            .or_else(|| search(light, &warp, modules, window, LEAST_MATCH));
        if let Some(pixels) = pixels {
            pose.pairs.push(Pair { modules, pixels, weight: WEIGHT });
            warp = Warp::fit(&pose.pairs, pose.side).unwrap_or(warp);
        }
        anchors.push(Anchor { modules, pixels });
    }
    Some((warp, anchors))
}

/// The open place nearest to a known one, and the distance in modules.
fn nearest(open: &[Point], known: &[Pair]) -> Option<(usize, f32)> {
    let distance =
        |&place: &Point| known.iter().map(|pair| length(minus(pair.modules, place))).fold(f32::MAX, f32::min);
    let distances = open.iter().map(distance).enumerate();
    distances.min_by(|a, b| a.1.total_cmp(&b.1))
}

/// The place within `window` modules at which the pattern matches best, in pixels.
fn search(light: &Light<'_>, map: &Warp, modules: Point, window: f32, least: f32) -> Option<Point> {
    const COARSE: f32 = 0.5;
    const FINE: f32 = 0.125;
    /// What sampling alone may change of a match.
    const ALIKE: f32 = 0.04;
    let middle = map.map(modules);
    let steps = map.steps(modules);
    let at = |x: f32, y: f32| add(middle, add(times(steps[0], x), times(steps[1], y)));
    let reach = (window / COARSE).ceil() as i32;
    let mut best = (f32::MIN, 0.0, 0.0);
    for down in -reach..=reach {
        for right in -reach..=reach {
            let (x, y) = (right as f32 * COARSE, down as f32 * COARSE);
            // Of two that match alike the nearer is meant.
            let far = x.hypot(y) / (window + 1.0) * 0.15;
            let found = matching(light, at(x, y), steps) - far;
            if found > best.0 {
                best = (found, x, y);
            }
        }
    }
    let (mut score, mut x, mut y) = (matching(light, at(best.1, best.2), steps), best.1, best.2);
    for fine in [0.25, 0.125] {
        for (right, down) in [(-fine, 0.0), (fine, 0.0), (0.0, -fine), (0.0, fine)] {
            let found = matching(light, at(x + right, y + down), steps);
            if found > score {
                (score, x, y) = (found, x + right, y + down);
            }
        }
    }
    if score < least {
        return None;
    }
    // Sharp modules match alike wherever within them samples fall: the middle of such places is meant.
    let alike = |right: f32, down: f32| matching(light, at(x + right, y + down), steps) >= score - ALIKE;
    let span = |right: f32, down: f32| {
        (1..=4).take_while(|&i| alike(right * i as f32, down * i as f32)).count() as f32
    };
    let across = (span(FINE, 0.0) - span(-FINE, 0.0)) * FINE / 2.0;
    let down = (span(0.0, FINE) - span(0.0, -FINE)) * FINE / 2.0;
    Some(at(x + across, y + down))
}

/// How like an alignment pattern the 5 × 5 modules around a place look: correlation, from −1 to 1.
fn matching(light: &Light<'_>, middle: Point, [across, down]: [Point; 2]) -> f32 {
    /// Dark modules are 17 of the 25.
    const DARK: f32 = 17.0;
    const LIGHT: f32 = 8.0;
    let (mut dark, mut bright, mut squares) = (0.0, 0.0, 0.0);
    for y in -2..=2i32 {
        let mut values = [0.0; 5];
        light.add_along(add(middle, add(times(across, -2.0), times(down, y as f32))), across, &mut values);
        for (x, value) in (-2..=2i32).zip(values) {
            if x.abs().max(y.abs()) == 1 {
                bright += value
            } else {
                dark += value
            }
            squares += value * value;
        }
    }
    let count = DARK + LIGHT;
    let mean = (dark + bright) / count;
    let variance = (squares / count - mean * mean).max(1.0);
    let difference = bright / LIGHT - dark / DARK;
    // Of a variable that is 1 in LIGHT of count places and 0 else.
    let pattern = (DARK * LIGHT).sqrt() / count;
    difference * pattern / variance.sqrt()
}
