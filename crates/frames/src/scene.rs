//! The card in the light, seen against what is behind it.

use crate::canvas::{Canvas, bounds, smooth, softened};
use crate::card::{Card, TEXELS};
use crate::screen::Screen;
use crate::view::{Surface, View};

/// What falls on card and surroundings. Level 1 on white saturates the sensor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Light {
    /// What white paper would return.
    pub(crate) level: f32,
    /// What a shining screen's white emits.
    pub(crate) shine: f32,
    /// What level grows by from the frame's left to its right and from top to bottom, as a share.
    pub(crate) slope: [f32; 2],
    /// Light that the card's face throws back whatever is printed there.
    pub(crate) haze: f32,
    pub(crate) shadow: Option<Shadow>,
}

/// The edge of a shadow across the frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shadow {
    pub(crate) at: [f32; 2],
    /// The way into the shadow, in radians.
    pub(crate) towards: f32,
    /// Pixels from full light to full shadow.
    pub(crate) width: f32,
    /// The share of light that is lost.
    pub(crate) depth: f32,
}

impl Light {
    /// What arrives at a place of the frame, as a share of the level.
    #[inline]
    pub(crate) fn at(&self, size: [f32; 2], x: f32, y: f32) -> f32 {
        let slope = 1.0 + self.slope[0] * (x / size[0] - 0.5) + self.slope[1] * (y / size[1] - 0.5);
        match self.shadow {
            None => slope,
            Some(shadow) => {
                let (sin, cos) = shadow.towards.sin_cos();
                let inside = (x - shadow.at[0]) * cos + (y - shadow.at[1]) * sin;
                slope * (1.0 - shadow.depth * smooth((inside / shadow.width + 0.5).clamp(0.0, 1.0)))
            }
        }
    }
}

/// A card as seen from a place.
pub(crate) struct Scene<'a> {
    pub(crate) view: &'a View,
    pub(crate) surface: &'a Surface,
    pub(crate) card: &'a Card,
    pub(crate) light: &'a Light,
}

/// A pixel on the card: the texel at its left upper corner, and what a step to the right and one down move by.
type Spot = [[f32; 2]; 3];

impl Scene<'_> {
    /// Draws the card before what `canvas` shows. Returns which share of each pixel the card fills.
    pub(crate) fn draw(&self, canvas: &mut Canvas) -> Canvas {
        let mut mask = Canvas::new(canvas.width, canvas.height, 0.0);
        let samples = samples(self.view, self.surface);
        let weight = 1.0 / samples.len() as f32;
        let size = [canvas.width as f32, canvas.height as f32];
        self.each(canvas.width, canvas.height, |[x, y], spot| {
            let (sum, count) = gather(self.card, spot, &samples);
            if count > 0.0 {
                let arriving = self.light.at(size, x as f32 + 0.5, y as f32 + 0.5);
                let shown = if self.card.shines {
                    sum * self.light.shine
                } else {
                    sum * self.light.level * arriving * self.lambert(spot[0])
                };
                let value = &mut canvas.values[y * canvas.width + x];
                let behind = *value * (1.0 - count * weight);
                *value = behind + weight * (shown + count * self.light.haze * arriving);
                mask.values[y * mask.width + x] = count * weight;
            }
        });
        mask
    }

    /// Lets the card be a screen whose grid beats with the sensor's.
    pub(crate) fn beat(&self, canvas: &mut Canvas, screen: &Screen) {
        let mut grid = Canvas::new(canvas.width, canvas.height, 1.0);
        let [side, top] = self.card.rim.map(|rim| rim as f32);
        let columns = side..self.card.canvas.width as f32 - side;
        let rows = top..self.card.canvas.height as f32 - top;
        let mut waves = None;
        self.each(canvas.width, canvas.height, |[x, y], [at, right, down]| {
            let texel = [0, 1].map(|axis| at[axis] + (right[axis] + down[axis]) / 2.0);
            if columns.contains(&texel[0]) && rows.contains(&texel[1]) {
                let waves = match &mut waves {
                    Some(known) if x % 16 != 0 => known,
                    waves => waves.insert(screen.waves(right, down)),
                };
                grid.values[y * canvas.width + x] = screen.at([x, y], texel, waves);
            }
        });
        // Each pixel's two missing colours come from its neighbours.
        let grid = softened(&grid);
        canvas.values.iter_mut().zip(&grid.values).for_each(|(value, share)| *value *= share);
    }

    /// Visits every pixel that the card may fill.
    fn each(&self, width: usize, height: usize, mut visit: impl FnMut([usize; 2], Spot)) {
        let Some([left, top, right, bottom]) = self.extent(width, height) else { return };
        let hits = |y: usize| -> Vec<[f32; 2]> {
            let hit = |x: usize| self.surface.hit(self.view.ray(x as f32, y as f32));
            (left..=right).map(|x| texel(self.card, hit(x))).collect()
        };
        let mut upper = hits(top);
        for y in top..bottom {
            let lower = hits(y + 1);
            for (i, x) in (left..right).enumerate() {
                let (at, next, under) = (upper[i], upper[i + 1], lower[i]);
                let steps = [[next[0] - at[0], next[1] - at[1]], [under[0] - at[0], under[1] - at[1]]];
                visit([x, y], [at, steps[0], steps[1]]);
            }
            upper = lower;
        }
    }

    /// Light comes from around the camera: a bent card is darker where it turns away.
    fn lambert(&self, texel: [f32; 2]) -> f32 {
        if !self.surface.is_bent() {
            return 1.0;
        }
        let middle = self.card.modules as f32 / 2.0;
        let at = [0, 1].map(|axis| (texel[axis] - self.card.origin[axis]) / TEXELS as f32 - middle);
        0.25 + 0.75 * self.surface.facing(at).max(0.0)
    }

    /// The part of the frame that the card may fill: left, top, right, bottom.
    fn extent(&self, width: usize, height: usize) -> Option<[usize; 4]> {
        const STEPS: usize = 12;
        let [from, _, to, _] = self.card.outline();
        let mut points = Vec::new();
        for (i, j) in (0..=STEPS).flat_map(|j| (0..=STEPS).map(move |i| (i as f32, j as f32))) {
            let share = |axis: usize, at: f32| from[axis] + (to[axis] - from[axis]) * at / STEPS as f32;
            let point = self.surface.point([share(0, i), share(1, j)]);
            if point[2] > self.surface.distance() * 0.05 {
                points.push(self.view.project(point));
            }
        }
        // Between two points a bent card's edge bows out a little.
        let (from, to) = bounds(&points, 4.0 + height as f32 * 0.01);
        let clip = |at: f32, end: usize| (at.max(0.0) as usize).min(end);
        let [left, top] = [clip(from[0], width), clip(from[1], height)];
        let [right, bottom] = [clip(to[0], width), clip(to[1], height)];
        (left < right && top < bottom).then_some([left, top, right, bottom])
    }
}

/// The sum of what samples within a pixel find on the card, and how many find the card.
#[inline]
fn gather(card: &Card, [at, right, down]: Spot, samples: &[[f32; 2]]) -> (f32, f32) {
    let (width, height) = (card.canvas.width as f32, card.canvas.height as f32);
    let (mut sum, mut count) = (0.0, 0.0);
    for &[i, j] in samples {
        let u = at[0] + i * right[0] + j * down[0];
        let v = at[1] + i * right[1] + j * down[1];
        if u >= 0.0 && v >= 0.0 && u < width && v < height {
            sum += card.canvas.values[v as usize * card.canvas.width + u as usize];
            count += 1.0;
        }
    }
    (sum, count)
}

/// Canvas pixels of the card where a ray met it.
#[inline]
fn texel(card: &Card, hit: [f32; 2]) -> [f32; 2] {
    let (middle, texels) = (card.modules as f32 / 2.0, TEXELS as f32);
    [(hit[0] + middle) * texels + card.origin[0], (hit[1] + middle) * texels + card.origin[1]]
}

/// Where within a pixel light is gathered: denser where modules are small.
fn samples(view: &View, surface: &Surface) -> Vec<[f32; 2]> {
    let side = if view.focal / surface.distance() < 2.6 { 4 } else { 3 };
    let step = 1.0 / side as f32;
    // Each row of samples is shifted a little, so that none of a code's edges runs along a row of them.
    let place =
        |i: usize, j: usize| (i as f32 + 0.5 + (j as f32 - side as f32 / 2.0 + 0.5) * step * 0.9) * step;
    (0..side * side).map(|i| [place(i % side, i / side), place(i / side, side - 1 - i % side)]).collect()
}
