//! A finder pattern's outline, to a fraction of a pixel.

use std::f32::consts::{FRAC_PI_2, FRAC_PI_4, TAU};

use super::geometry::{Point, add, cross, decompose, length, minus, times};
use super::light::Light;
use super::stamp::Stamp;
use crate::order;

/// Modules along one side of a finder pattern.
pub(crate) const SIDE: f32 = 7.0;

/// A finder pattern as four straight sides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ring {
    pub(crate) centre: Point,
    /// Corners in pixels, clockwise in the frame.
    pub(crate) corners: [Point; 4],
    /// Pixels a module along either pair of sides.
    pub(crate) axes: [Point; 2],
    pub(crate) inverted: bool,
    /// How like a finder pattern its modules look: correlation, up to 1.
    pub(crate) likeness: f32,
    /// Luma in the middle between dark and light, and half of what lies between them.
    pub(crate) levels: [f32; 2],
}

/// Rays cast from a centre.
const RAYS: usize = 40;
/// Fewer rays than this that meet the ring's outer edge make no ring.
const LEAST_RAYS: usize = 20;
/// How far rays go, in modules: a square's corner is 5 modules away, more where it is seen aslant.
const REACH: f32 = 7.5;
/// Steps along a ray within one module.
const STEPS: f32 = 4.0;
/// Samples along a ray that are taken at once, and those that may show what lies outside of a ring.
const CHUNK: usize = 4;
const OUTSIDE: usize = 2 * STEPS as usize + 1;
/// Modules that an edge may lie off the straight side through its fellows.
const STRAY: f32 = 0.45;
/// A ring seen too much aslant to be of use: one side so many times as long as another.
const MAX_ASPECT: f32 = 3.5;

impl Ring {
    /// The outline of the finder pattern around `centre`, whose modules are about `module` pixels wide.
    pub(crate) fn trace(light: &Light<'_>, centre: Point, module: f32, inverted: bool) -> Option<Self> {
        let edges = cast(light, centre, module);
        if edges.len() < LEAST_RAYS {
            return None;
        }
        let upright = Upright::of(&edges)?;
        let turn = best_turn(edges.iter().map(|&edge| upright.see(edge)));
        let mut sides = assign(&edges, |edge| sector(upright.see(*edge), turn));
        let mut corners = None;
        for _ in 0..2 {
            let square = quadrilateral(&sides, module)?;
            let middle = mean(&square);
            sides = assign(&edges, |edge| side_of(minus(*edge, middle), &square, middle));
            corners = Some(square);
        }
        let mut ring = Self::new(corners?, inverted)?;
        let stamp = Stamp { centre: ring.centre, axes: ring.axes };
        (ring.likeness, ring.levels) = (stamp.likeness(light), stamp.levels(light));
        Some(ring)
    }

    /// The outline that matches as a whole, where no edge can be followed.
    pub(crate) fn stamp(light: &Light<'_>, centre: Point, module: f32, inverted: bool) -> Option<Self> {
        let (stamp, likeness) = Stamp::search(light, centre, module)?;
        Some(Self { likeness, levels: stamp.levels(light), ..Self::new(stamp.corners(), inverted)? })
    }

    fn new(corners: [Point; 4], inverted: bool) -> Option<Self> {
        let side = |i: usize| minus(corners[(i + 1) % 4], corners[i]);
        let convex = (0..4).all(|i| cross(side(i), side((i + 1) % 4)) > 0.0);
        let lengths = [0, 1, 2, 3].map(|i| length(side(i)));
        let longest = lengths.into_iter().fold(0.0, f32::max);
        let shortest = lengths.into_iter().fold(f32::MAX, f32::min);
        if !convex || shortest < SIDE || longest > MAX_ASPECT * shortest {
            return None;
        }
        let axis = |i: usize| times(minus(side(i), side(i + 2)), 0.5 / SIDE);
        // The diagonals cross where the middle of the square is seen.
        let (first, second) = (minus(corners[2], corners[0]), minus(corners[3], corners[1]));
        let [share, _] = decompose(minus(corners[1], corners[0]), first, times(second, -1.0))?;
        let centre = add(corners[0], times(first, share));
        Some(Self { centre, corners, axes: [axis(0), axis(1)], inverted, likeness: 0.0, levels: [0.0, 1.0] })
    }

    /// Whether a finder pattern centred at this point would be this one.
    pub(crate) fn is_at(&self, point: Point) -> bool {
        length(minus(point, self.centre)) < self.module() * 1.5
    }

    /// Pixels a module, as the mean of both axes.
    pub(crate) fn module(&self) -> f32 {
        (length(self.axes[0]) + length(self.axes[1])) / 2.0
    }

    /// Pixels a module in the direction of `towards`.
    pub(crate) fn module_along(&self, towards: Point) -> f32 {
        let size = length(towards);
        match decompose(towards, self.axes[0], self.axes[1]) {
            Some(steps) if size > 0.0 => size / length(steps).max(1e-6),
            _ => self.module(),
        }
    }
}

/// Where rays leave the ring.
fn cast(light: &Light<'_>, centre: Point, module: f32) -> Vec<Point> {
    let contrast = contrast(light, centre, module);
    let ray = |number: usize| {
        let (sin, cos) = (number as f32 * TAU / RAYS as f32).sin_cos();
        let distance = outer_edge(light, centre, [cos, sin], module, contrast)?;
        Some(add(centre, times([cos, sin], distance)))
    };
    (0..RAYS).filter_map(ray).collect()
}

/// The span of luma in the pattern, its extremes left out.
fn contrast(light: &Light<'_>, centre: Point, module: f32) -> f32 {
    let mut values = [0.0; 81];
    for (row, values) in values.chunks_exact_mut(9).enumerate() {
        let start = add(centre, times([-4.0, row as f32 - 4.0], module));
        light.add_along(start, [module, 0.0], values);
    }
    let values = order::sort(values);
    values[70] - values[10]
}

/// Follows a ray through stone, gap and ring; the distance at which it leaves the ring.
fn outer_edge(light: &Light<'_>, centre: Point, ray: Point, module: f32, contrast: f32) -> Option<f32> {
    /// Share of the contrast that luma has to turn back by to count as the other colour.
    const TURN: f32 = 0.25;
    let turn = contrast * TURN;
    let step = times(ray, module / STEPS);
    let mut values = [0.0; (REACH * STEPS) as usize];
    let mut known = 0;
    // Stone (dark), gap (light), ring (dark), outside (light).
    let (mut stage, mut extreme, mut place, mut ring) = (0, f32::MAX, 0, 0);
    for i in 0..values.len() {
        if i == known {
            known = (i + CHUNK).min(values.len());
            light.add_along(add(centre, times(step, i as f32)), step, &mut values[i..known]);
        }
        let value = values[i];
        let light_now = stage % 2 == 1;
        if if light_now { value > extreme } else { value < extreme } {
            (extreme, place) = (value, i);
        } else if (value - extreme).abs() > turn {
            if stage == 2 {
                ring = place;
                break;
            }
            (stage, extreme, place) = (stage + 1, value, i);
        }
    }
    if ring == 0 {
        return None;
    }
    let end = (ring + OUTSIDE).min(values.len());
    if end > known {
        light.add_along(add(centre, times(step, known as f32)), step, &mut values[known..end]);
    }
    let values = &values[..end.max(known)];
    let outside = peak(&values[ring..], turn);
    let middle = (values[ring] + values[ring + outside]) / 2.0;
    let at = (ring..ring + outside).find(|&i| values[i] <= middle && values[i + 1] > middle)?;
    let share = (middle - values[at]) / (values[at + 1] - values[at]);
    Some((at as f32 + share) * module / STEPS)
}

/// The first maximum that is followed by a fall of `turn`, within two modules.
fn peak(values: &[f32], turn: f32) -> usize {
    let mut best = 0;
    for (i, &value) in values.iter().enumerate().take(OUTSIDE) {
        if value > values[best] {
            best = i;
        } else if values[best] - value > turn {
            break;
        }
    }
    best
}

/// A view of the edges in which a square seen aslant is a square again: their spread is the same in all directions.
struct Upright {
    middle: Point,
    rows: [Point; 2],
}

impl Upright {
    fn of(edges: &[Point]) -> Option<Self> {
        let middle =
            times(edges.iter().fold([0.0; 2], |sum, &edge| add(sum, edge)), 1.0 / edges.len() as f32);
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for edge in edges {
            let [x, y] = minus(*edge, middle);
            (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
        }
        // The inverse of the square root of the 2 × 2 matrix of second moments, but for a factor.
        let root = (xx * yy - xy * xy).sqrt();
        let usable = root.is_finite() && root > 1e-6 * (xx + yy);
        let scale = 1.0 / (xx + yy + 2.0 * root).sqrt();
        usable.then(|| Self {
            middle,
            rows: [[(yy + root) * scale, -xy * scale], [-xy * scale, (xx + root) * scale]],
        })
    }

    fn see(&self, point: Point) -> Point {
        let [x, y] = minus(point, self.middle);
        self.rows.map(|[a, b]| a * x + b * y)
    }
}

/// The turn of the square about the origin that fits the edges best, in radians from 0 to a quarter.
fn best_turn(edges: impl Iterator<Item = Point> + Clone) -> f32 {
    const TURNS: usize = 18;
    let misfit = |turn: f32| {
        let (sin, cos) = turn.sin_cos();
        // The half side that each edge would give; a square gives the same for all.
        let halves = edges.clone().map(|[x, y]| (x * cos + y * sin).abs().max((y * cos - x * sin).abs()));
        let (mut sum, mut squares) = (0.0, 0.0);
        for half in halves {
            sum += half;
            squares += half * half;
        }
        squares / (sum * sum).max(1e-6)
    };
    let turns = (0..TURNS).map(|i| i as f32 * FRAC_PI_2 / TURNS as f32);
    turns.map(|turn| (misfit(turn), turn)).min_by(|a, b| a.0.total_cmp(&b.0)).map_or(0.0, |best| best.1)
}

/// Which side of a square turned by `turn` lies in a direction: 0 to the right, then clockwise.
fn sector([x, y]: Point, turn: f32) -> Option<usize> {
    let angle = (y.atan2(x) - turn + FRAC_PI_4).rem_euclid(TAU);
    Some((angle / FRAC_PI_2) as usize % 4)
}

/// Which side of a square with these corners lies in a direction from its middle; none close to a corner.
fn side_of(direction: Point, corners: &[Point; 4], middle: Point) -> Option<usize> {
    /// Share of the side next to either corner that is left out: corners are seen rounded.
    const ROUNDED: f32 = 0.06;
    (0..4).find(|&i| {
        let (from, to) = (minus(corners[i], middle), minus(corners[(i + 1) % 4], middle));
        decompose(direction, from, to)
            .is_some_and(|[a, b]| a >= 0.0 && b >= 0.0 && a > ROUNDED * (a + b) && b > ROUNDED * (a + b))
    })
}

fn assign(edges: &[Point], side: impl Fn(&Point) -> Option<usize>) -> [Vec<Point>; 4] {
    let mut sides: [Vec<Point>; 4] = Default::default();
    for edge in edges {
        if let Some(side) = side(edge) {
            sides[side].push(*edge);
        }
    }
    sides
}

/// The four corners in which straight lines through the sides meet. Side `i` runs from corner `i` to the next.
fn quadrilateral(sides: &[Vec<Point>; 4], module: f32) -> Option<[Point; 4]> {
    let mut lines = [([0.0; 2], [0.0; 2]); 4];
    for (line, side) in lines.iter_mut().zip(sides) {
        *line = straight(side, module * STRAY)?;
    }
    let mut corners = [[0.0; 2]; 4];
    for (i, corner) in corners.iter_mut().enumerate() {
        let ((at, along), (other, other_along)) = (lines[(i + 3) % 4], lines[i]);
        let [share, _] = decompose(minus(other, at), along, times(other_along, -1.0))?;
        *corner = add(at, times(along, share));
    }
    Some(corners)
}

/// A line through the points (a point and a direction), those that stray left out the second time.
fn straight(points: &[Point], stray: f32) -> Option<(Point, Point)> {
    let first = line(points.iter().copied())?;
    let kept = |point: &Point| cross(first.1, minus(*point, first.0)).abs() <= stray;
    line(points.iter().copied().filter(kept)).or(Some(first))
}

/// The line of least squared distances.
fn line(points: impl Iterator<Item = Point> + Clone) -> Option<(Point, Point)> {
    let count = points.clone().count();
    if count < 3 {
        return None;
    }
    let middle = times(points.clone().fold([0.0; 2], add), 1.0 / count as f32);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for point in points {
        let [x, y] = minus(point, middle);
        (xx, xy, yy) = (xx + x * x, xy + x * y, yy + y * y);
    }
    let (sin, cos) = (0.5 * (2.0 * xy).atan2(xx - yy)).sin_cos();
    Some((middle, [cos, sin]))
}

fn mean(points: &[Point; 4]) -> Point {
    times(points.iter().fold([0.0; 2], |sum, &point| add(sum, point)), 0.25)
}
