//! A plane of light that can be drawn on.

use crate::random::Random;

/// Linear light (or the share of light that a surface returns), row by row; a pixel's middle is at `+ 0.5`.
#[derive(Clone, Debug)]
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) values: Vec<f32>,
}

impl Canvas {
    pub(crate) fn new(width: usize, height: usize, value: f32) -> Self {
        Self { width, height, values: vec![value; width * height] }
    }

    pub(crate) fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..][..self.width]
    }

    pub(crate) fn row_mut(&mut self, y: usize) -> &mut [f32] {
        &mut self.values[y * self.width..][..self.width]
    }

    /// Blends `value` in as far as `coverage` says, within a box given by two corners.
    #[inline]
    pub(crate) fn paint(
        &mut self,
        from: [f32; 2],
        to: [f32; 2],
        value: f32,
        coverage: impl Fn(f32, f32) -> f32,
    ) {
        self.blend(from, to, |x, y, old| {
            let share = coverage(x, y);
            if share > 0.0 { old + (value - old) * share } else { old }
        });
    }

    /// Replaces every value within a box given by two corners.
    #[inline]
    pub(crate) fn blend(&mut self, from: [f32; 2], to: [f32; 2], new: impl Fn(f32, f32, f32) -> f32) {
        let clip = |at: f32, end: usize| (at.max(0.0) as usize).min(end);
        let (left, right) = (clip(from[0], self.width), clip(to[0].ceil(), self.width));
        for y in clip(from[1], self.height)..clip(to[1].ceil(), self.height) {
            let row = &mut self.values[y * self.width..][..self.width];
            for (x, value) in row.iter_mut().enumerate().take(right).skip(left) {
                *value = new(x as f32 + 0.5, y as f32 + 0.5, *value);
            }
        }
    }

    /// A line with round ends; `soft` is how many pixels its edge takes.
    pub(crate) fn stroke(&mut self, a: [f32; 2], b: [f32; 2], width: f32, soft: f32, value: f32, alpha: f32) {
        let reach = width / 2.0 + soft;
        let (from, to) = bounds(&[a, b], reach);
        let along = [b[0] - a[0], b[1] - a[1]];
        let scale = 1.0 / (along[0] * along[0] + along[1] * along[1]).max(1e-6);
        self.paint(from, to, value, |x, y| {
            let (dx, dy) = (x - a[0], y - a[1]);
            let at = ((dx * along[0] + dy * along[1]) * scale).clamp(0.0, 1.0);
            let (dx, dy) = (dx - at * along[0], dy - at * along[1]);
            let distance = (dx * dx + dy * dy).sqrt();
            alpha * ((width / 2.0 - distance) / soft + 0.5).clamp(0.0, 1.0)
        });
    }

    /// A convex polygon, its corners clockwise as seen.
    pub(crate) fn polygon(&mut self, corners: &[[f32; 2]], soft: f32, value: f32, alpha: f32) {
        let (from, to) = bounds(corners, soft);
        let edges: Vec<[f32; 3]> = (0..corners.len())
            .map(|i| {
                let (a, b) = (corners[i], corners[(i + 1) % corners.len()]);
                let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
                let length = dx.hypot(dy).max(1e-6);
                [-dy / length, dx / length, (dy * a[0] - dx * a[1]) / length]
            })
            .collect();
        self.paint(from, to, value, |x, y| {
            let inside = edges.iter().map(|e| e[0] * x + e[1] * y + e[2]).fold(f32::MAX, f32::min);
            alpha * (inside / soft + 0.5).clamp(0.0, 1.0)
        });
    }

    /// A rectangle turned about its middle.
    pub(crate) fn rectangle(&mut self, middle: [f32; 2], size: [f32; 2], turn: f32, soft: f32, value: f32) {
        let (sin, cos) = turn.sin_cos();
        let corner = |x: f32, y: f32| {
            let (x, y) = (x * size[0] / 2.0, y * size[1] / 2.0);
            [middle[0] + x * cos - y * sin, middle[1] + x * sin + y * cos]
        };
        let corners = [corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)];
        self.polygon(&corners, soft, value, 1.0);
    }

    /// An ellipse turned about its middle; `soft` is a share of its radius.
    pub(crate) fn ellipse(&mut self, at: [f32; 2], radii: [f32; 2], turn: f32, soft: f32, paint: [f32; 2]) {
        let [value, alpha] = paint;
        let reach = radii[0].max(radii[1]) * (1.0 + soft);
        let (from, to) = bounds(&[at], reach);
        let (sin, cos) = turn.sin_cos();
        self.paint(from, to, value, |x, y| {
            let (dx, dy) = (x - at[0], y - at[1]);
            let (u, v) = ((dx * cos + dy * sin) / radii[0], (dy * cos - dx * sin) / radii[1]);
            alpha * ((1.0 - (u * u + v * v).sqrt()) / soft.max(1e-3) + 0.5).clamp(0.0, 1.0)
        });
    }

    /// Multiplies with clouds: knots `step` pixels apart, each between `1 - depth` and `1 + depth`.
    pub(crate) fn cloud(&mut self, random: &mut Random, step: [f32; 2], depth: f32) {
        let across = (self.width as f32 / step[0]) as usize + 2;
        let down = (self.height as f32 / step[1]) as usize + 2;
        let knots: Vec<f32> = (0..across * down).map(|_| 1.0 + random.either(depth)).collect();
        let mut line = vec![0.0; across];
        for y in 0..self.height {
            let at = y as f32 / step[1];
            let (upper, share) = (at as usize, smooth(at.fract()));
            for (x, knot) in line.iter_mut().enumerate() {
                let (a, b) = (knots[upper * across + x], knots[(upper + 1) * across + x]);
                *knot = a + (b - a) * share;
            }
            for (x, value) in self.row_mut(y).iter_mut().enumerate() {
                let at = x as f32 / step[0];
                let left = at as usize;
                *value *= line[left] + (line[left + 1] - line[left]) * smooth(at.fract());
            }
        }
    }

    /// The box of all that is above 0 (left, top, right, bottom), `reach` wider on every side.
    pub(crate) fn extent(&self, reach: usize) -> Option<[usize; 4]> {
        let filled = |y: &usize| self.row(*y).iter().any(|value| *value > 0.0);
        let top = (0..self.height).find(filled)?;
        let bottom = (top..self.height).rev().find(filled)?;
        let (mut left, mut right) = (self.width, 0);
        for y in top..=bottom {
            let row = self.row(y);
            left = row[..left].iter().position(|value| *value > 0.0).unwrap_or(left);
            right += row[right..].iter().rposition(|value| *value > 0.0).map_or(0, |last| last + 1);
        }
        let to = [(right + reach).min(self.width), (bottom + 1 + reach).min(self.height)];
        Some([left.saturating_sub(reach), top.saturating_sub(reach), to[0], to[1]])
    }

    pub(crate) fn part(&self, [left, top, right, bottom]: [usize; 4]) -> Self {
        let mut values = Vec::with_capacity((right - left) * (bottom - top));
        (top..bottom).for_each(|y| values.extend_from_slice(&self.row(y)[left..right]));
        Self { width: right - left, height: bottom - top, values }
    }

    /// Puts a part back to where it was taken from.
    pub(crate) fn put(&mut self, part: &Self, [left, top, right, bottom]: [usize; 4]) {
        for y in top..bottom {
            self.row_mut(y)[left..right].copy_from_slice(part.row(y - top));
        }
    }

    /// The same picture at another size, between its pixels straight.
    pub(crate) fn resized(&self, width: usize, height: usize) -> Self {
        let place = |i: usize, to: usize, from: usize| {
            let at = ((i as f32 + 0.5) * from as f32 / to as f32 - 0.5).clamp(0.0, (from - 1) as f32);
            let low = at as usize;
            (low, (low + 1).min(from - 1), at.fract())
        };
        let columns: Vec<_> = (0..width).map(|x| place(x, width, self.width)).collect();
        let mut out = Self::new(width, height, 0.0);
        for y in 0..height {
            let (upper, lower, down) = place(y, height, self.height);
            let (upper, lower) = (self.row(upper), self.row(lower));
            for (value, &(left, right, share)) in out.row_mut(y).iter_mut().zip(&columns) {
                let (a, b) = (
                    upper[left] + (upper[right] - upper[left]) * share,
                    lower[left] + (lower[right] - lower[left]) * share,
                );
                *value = a + (b - a) * down;
            }
        }
        out
    }
}

/// The box around points, `reach` wider on every side.
pub(crate) fn bounds(points: &[[f32; 2]], reach: f32) -> ([f32; 2], [f32; 2]) {
    let fold = |axis: usize, start: f32, with: fn(f32, f32) -> f32| {
        points.iter().map(|point| point[axis]).fold(start, with)
    };
    let from = std::array::from_fn(|axis| fold(axis, f32::MAX, f32::min) - reach);
    let to = std::array::from_fn(|axis| fold(axis, f32::MIN, f32::max) + reach);
    (from, to)
}

/// From 0 to 1 without a bend at either end.
pub(crate) fn smooth(at: f32) -> f32 {
    at * at * (3.0 - 2.0 * at)
}

/// The mean of 3 × 3 with weights 1 2 1, the edge as it is.
pub(crate) fn softened(canvas: &Canvas) -> Canvas {
    let mut out = canvas.clone();
    let width = canvas.width;
    for y in 1..canvas.height.saturating_sub(1) {
        let [above, here, below] = [y - 1, y, y + 1].map(|y| canvas.row(y));
        let sums: Vec<f32> = (0..width).map(|x| above[x] + 2.0 * here[x] + below[x]).collect();
        let row = out.row_mut(y);
        for (value, sums) in row[1..].iter_mut().zip(sums.windows(3)) {
            *value = (sums[0] + 2.0 * sums[1] + sums[2]) / 16.0;
        }
    }
    out
}
