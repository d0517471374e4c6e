//! Points, directions and projective maps.

/// A point or a direction in pixels (or, where said, in modules): right, down.
pub(crate) type Point = [f32; 2];

pub(crate) fn add(a: Point, b: Point) -> Point {
    [a[0] + b[0], a[1] + b[1]]
}

pub(crate) fn minus(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1]]
}

pub(crate) fn times(a: Point, factor: f32) -> Point {
    [a[0] * factor, a[1] * factor]
}

pub(crate) fn length(a: Point) -> f32 {
    a[0].hypot(a[1])
}

/// Positive where `b` lies clockwise of `a` (rows grow downwards).
pub(crate) fn cross(a: Point, b: Point) -> f32 {
    a[0] * b[1] - a[1] * b[0]
}

/// `point` as `a` and `b` make it up: `point = α·a + β·b`; `None` where they are parallel.
pub(crate) fn decompose(point: Point, a: Point, b: Point) -> Option<Point> {
    let area = cross(a, b);
    let usable = area.abs() > 1e-6 * length(a) * length(b) && area.is_finite();
    usable.then(|| [cross(point, b) / area, cross(a, point) / area])
}

/// Whether a convex quadrilateral, walked either way, holds a point.
pub(crate) fn contains(corners: &[Point; 4], point: Point) -> bool {
    let side = |i: usize| cross(minus(corners[(i + 1) % 4], corners[i]), minus(point, corners[i]));
    let sides: [f32; 4] = std::array::from_fn(side);
    sides.iter().all(|&side| side >= 0.0) || sides.iter().all(|&side| side <= 0.0)
}

/// Two points that belong together: in modules of the symbol, in pixels of the frame, and how much it counts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) modules: Point,
    pub(crate) pixels: Point,
    pub(crate) weight: f32,
}

/// A projective map from modules to pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Homography([f32; 9]);

impl Homography {
    /// The map nearest to all pairs; `None` where they do not determine one.
    pub(crate) fn fit(pairs: &[Pair]) -> Option<Self> {
        let (from, to) =
            (Frame::around(pairs, |pair| pair.modules), Frame::around(pairs, |pair| pair.pixels));
        // x' = (ax + by + c) / (gx + hy + 1), likewise y': linear in a…h once multiplied out.
        let mut normal = [[0.0; 9]; 8];
        for pair in pairs {
            let ([x, y], [u, v]) = (from.enter(pair.modules), to.enter(pair.pixels));
            let weight = f64::from(pair.weight);
            let rows = [
                [x, y, 1.0, 0.0, 0.0, 0.0, -u * x, -u * y, u],
                [0.0, 0.0, 0.0, x, y, 1.0, -v * x, -v * y, v],
            ];
            for row in rows {
                for (i, equation) in normal.iter_mut().enumerate() {
                    for (j, term) in equation.iter_mut().enumerate() {
                        *term += weight * row[i] * row[j];
                    }
                }
            }
        }
        let [a, b, c, d, e, f, g, h] = solve(normal)?;
        Some(Self::leave(&from, &to, [[a, b, c], [d, e, f], [g, h, 1.0]]))
    }

    /// Where a point in modules lies in pixels; far away where it would lie behind the camera.
    #[inline]
    pub(crate) fn map(&self, [x, y]: Point) -> Point {
        let m = &self.0;
        let w = m[6] * x + m[7] * y + m[8];
        let share = if w > NEAREST { 1.0 / w } else { 1.0 / NEAREST };
        [(m[0] * x + m[1] * y + m[2]) * share, (m[3] * x + m[4] * y + m[5]) * share]
    }

    /// Undoes the two changes of frame.
    fn leave(from: &Frame, to: &Frame, m: [[f64; 3]; 3]) -> Self {
        // Columns: first into `from`'s frame.
        let entered = m.map(|[a, b, c]| {
            let (a, b) = (a * from.scale, b * from.scale);
            [a, b, c - a * from.middle[0] - b * from.middle[1]]
        });
        let [first, second, last] = entered;
        let out = |row: [f64; 3], middle: f64| [0, 1, 2].map(|i| row[i] / to.scale + middle * last[i]);
        let rows = [out(first, to.middle[0]), out(second, to.middle[1]), last];
        // Scaled so that w is 1 in the middle of the pairs.
        let w = last[0] * from.middle[0] + last[1] * from.middle[1] + last[2];
        let w = if w.abs() > 1e-9 { w } else { 1.0 };
        Self(std::array::from_fn(|i| (rows[i / 3][i % 3] / w) as f32))
    }
}

/// The least w that is mapped (1 in the middle of the symbol): nearer to the lens nothing is sharp.
const NEAREST: f32 = 0.05;

/// A frame in which points lie about 0 and about 1 apart, for the solver's sake.
struct Frame {
    middle: [f64; 2],
    scale: f64,
}

impl Frame {
    fn around(pairs: &[Pair], point: impl Fn(&Pair) -> Point) -> Self {
        let count = pairs.len().max(1) as f64;
        let mut middle = [0.0; 2];
        for pair in pairs {
            let [x, y] = point(pair);
            middle[0] += f64::from(x) / count;
            middle[1] += f64::from(y) / count;
        }
        let away = |pair: &Pair| {
            let [x, y] = point(pair);
            (f64::from(x) - middle[0]).abs() + (f64::from(y) - middle[1]).abs()
        };
        let spread = pairs.iter().map(away).sum::<f64>() / count;
        Self { middle, scale: if spread > 0.0 { 1.0 / spread } else { 1.0 } }
    }

    fn enter(&self, [x, y]: Point) -> [f64; 2] {
        [(f64::from(x) - self.middle[0]) * self.scale, (f64::from(y) - self.middle[1]) * self.scale]
    }
}

/// Gaussian elimination with pivoting: each row holds N coefficients and a right-hand side.
pub(crate) fn solve<const N: usize, const M: usize>(mut rows: [[f64; M]; N]) -> Option<[f64; N]> {
    const { assert!(M == N + 1) };
    for column in 0..N {
        let pivot = (column..N).max_by(|&a, &b| rows[a][column].abs().total_cmp(&rows[b][column].abs()))?;
        rows.swap(column, pivot);
        let lead = rows[column][column];
        if lead.abs() < 1e-12 || !lead.is_finite() {
            return None;
        }
        let (above, below) = rows.split_at_mut(column + 1);
        for row in below {
            let factor = row[column] / lead;
            for (term, &pivot) in row.iter_mut().zip(&above[column]).skip(column) {
                *term -= factor * pivot;
            }
        }
    }
    let mut solution = [0.0; N];
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|i| rows[row][i] * solution[i]).sum();
        solution[row] = (rows[row][N] - known) / rows[row][row];
    }
    solution.iter().all(|value| value.is_finite()).then_some(solution)
}
