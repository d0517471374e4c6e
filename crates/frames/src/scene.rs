//! The card in the light, seen against what is behind it.

use crate::canvas::{Canvas, smooth, softened};
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

/// Draws the card before what `canvas` shows. Returns which share of each pixel the card fills.
pub(crate) fn place(
    canvas: &mut Canvas,
    view: &View,
    surface: &Surface,
    card: &Card,
    light: &Light,
    screen: Option<&Screen>,
) -> Canvas {
    let mut mask = Canvas::new(canvas.width, canvas.height, 0.0);
    let Some([left, top, right, bottom]) = extent(canvas, view, surface, card) else { return mask };
    let samples = samples(view, surface);
    let mut grid = screen.map(|screen| (screen, Canvas::new(canvas.width, canvas.height, 1.0)));
    let weight = 1.0 / samples.len() as f32;
    let size = [canvas.width as f32, canvas.height as f32];
    let hits = |y: usize| -> Vec<[f32; 2]> {
        let texel = |hit: [f32; 2]| texel(card, hit);
        (left..=right).map(|x| texel(surface.hit(view.ray(x as f32, y as f32)))).collect()
    };
    let (width, height) = (card.canvas.width as f32, card.canvas.height as f32);
    let mut upper = hits(top);
    for y in top..bottom {
        let lower = hits(y + 1);
        for x in left..right {
            let (at, next, under) = (upper[x - left], upper[x - left + 1], lower[x - left]);
            let (right, down) = ([next[0] - at[0], next[1] - at[1]], [under[0] - at[0], under[1] - at[1]]);
            let (mut sum, mut count) = (0.0, 0.0);
            for &[i, j] in &samples {
                let u = at[0] + i * right[0] + j * down[0];
                let v = at[1] + i * right[1] + j * down[1];
                if u >= 0.0 && v >= 0.0 && u < width && v < height {
                    sum += card.canvas.values[v as usize * card.canvas.width + u as usize];
                    count += 1.0;
                }
            }
            if count > 0.0 {
                let (middle_x, middle_y) = (x as f32 + 0.5, y as f32 + 0.5);
                let arriving = light.at(size, middle_x, middle_y);
                let shown = if card.shines {
                    sum * light.shine
                } else {
                    sum * light.level * arriving * lambert(surface, card, at)
                };
                if let Some((screen, grid)) = &mut grid {
                    grid.values[y * canvas.width + x] = screen.at([x, y], at, right, down);
                }
                let value = &mut canvas.values[y * canvas.width + x];
                let behind = *value * (1.0 - count * weight);
                *value = behind + weight * (shown + count * light.haze * arriving);
                mask.values[y * mask.width + x] = count * weight;
            }
        }
        upper = lower;
    }
    if let Some((_, grid)) = grid {
        // Each pixel's two missing colours come from its neighbours.
        let grid = softened(&grid);
        canvas.values.iter_mut().zip(&grid.values).for_each(|(value, share)| *value *= share);
    }
    mask
}

/// Canvas pixels of the card where a ray met it.
#[inline]
pub(crate) fn texel(card: &Card, hit: [f32; 2]) -> [f32; 2] {
    let middle = card.modules as f32 / 2.0;
    std::array::from_fn(|axis| (hit[axis] + middle) * TEXELS as f32 + card.origin[axis])
}

/// Light comes from around the camera: a bent card is darker where it turns away.
fn lambert(surface: &Surface, card: &Card, texel: [f32; 2]) -> f32 {
    if !surface.is_bent() {
        return 1.0;
    }
    let middle = card.modules as f32 / 2.0;
    let at = std::array::from_fn(|axis| (texel[axis] - card.origin[axis]) / TEXELS as f32 - middle);
    0.25 + 0.75 * surface.facing(at).max(0.0)
}

/// The part of the frame that the card may fill: left, top, right, bottom.
fn extent(canvas: &Canvas, view: &View, surface: &Surface, card: &Card) -> Option<[usize; 4]> {
    const STEPS: usize = 12;
    let outline = card.outline();
    let mut points = Vec::new();
    for (i, j) in (0..=STEPS).flat_map(|j| (0..=STEPS).map(move |i| (i as f32, j as f32))) {
        let share = |from: f32, to: f32, at: f32| from + (to - from) * at / STEPS as f32;
        let at = [share(outline[0][0], outline[2][0], i), share(outline[0][1], outline[2][1], j)];
        let point = surface.point(at);
        if point[2] > surface.distance() * 0.05 {
            points.push(view.project(point));
        }
    }
    let (from, to) = crate::canvas::bounds(&points, 4.0 + canvas.height as f32 * 0.01);
    let clip = |at: f32, end: usize| (at.max(0.0) as usize).min(end);
    let (left, right) = (clip(from[0], canvas.width), clip(to[0], canvas.width));
    let (top, bottom) = (clip(from[1], canvas.height), clip(to[1], canvas.height));
    (left < right && top < bottom).then_some([left, top, right, bottom])
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
