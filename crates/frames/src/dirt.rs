//! What use does to a card: scratches, stains, creases, pen strokes, faded places.

use crate::canvas::Canvas;
use crate::card::{Card, TEXELS};
use crate::random::Random;

/// Spoils the code's own area with marks of every kind; `much` is 1 for a card that is badly worn.
pub(crate) fn soil(card: &mut Card, random: &mut Random, much: f32) {
    let many = |random: &mut Random, most: f32| (random.share() * most * much).round() as usize;
    let area = Area { origin: card.origin, side: (card.modules * TEXELS) as f32 };
    let canvas = &mut card.canvas;
    (0..many(random, 4.0)).for_each(|_| stain(canvas, random, &area));
    (0..many(random, 30.0)).for_each(|_| scratch(canvas, random, &area));
    (0..many(random, 3.0)).for_each(|_| crease(canvas, random, &area));
    (0..many(random, 3.0)).for_each(|_| pen(canvas, random, &area));
    (0..many(random, 40.0)).for_each(|_| speck(canvas, random, &area));
    (0..many(random, 2.0)).for_each(|_| rubbed(canvas, random, &area));
}

/// The code's place on the canvas.
struct Area {
    origin: [f32; 2],
    side: f32,
}

impl Area {
    /// A place in the code or a little beside it.
    fn place(&self, random: &mut Random) -> [f32; 2] {
        self.origin.map(|origin| origin + random.range(-0.05, 1.05) * self.side)
    }

    fn away(&self, random: &mut Random, from: [f32; 2], length: f32) -> [f32; 2] {
        let (sin, cos) = random.direction().sin_cos();
        [from[0] + cos * length, from[1] + sin * length]
    }
}

const MODULE: f32 = TEXELS as f32;

/// A ring or blot of coffee: it darkens paper and leaves ink.
fn stain(canvas: &mut Canvas, random: &mut Random, area: &Area) {
    let at = area.place(random);
    let radii = [0, 1].map(|_| area.side * random.range(0.04, 0.2));
    let depth = random.range(0.15, 0.6);
    let ring = random.chance(0.5);
    let reach = radii[0].max(radii[1]) * 1.2;
    let (from, to) = crate::canvas::bounds(&[at], reach);
    canvas.blend(from, to, |x, y, old| {
        let far = ((x - at[0]) / radii[0]).hypot((y - at[1]) / radii[1]);
        let inside = ((1.0 - far) * 12.0 + 0.5).clamp(0.0, 1.0);
        let rim = if ring { 0.35 + 0.65 * (-((far - 0.93) * 14.0).powi(2)).exp() } else { 1.0 };
        old * (1.0 - depth * inside * rim)
    });
}

/// A thin line where ink or coating is gone.
fn scratch(canvas: &mut Canvas, random: &mut Random, area: &Area) {
    let from = area.place(random);
    let length = area.side * random.factor(0.05, 0.8);
    let to = area.away(random, from, length);
    let width = MODULE * random.factor(0.1, 0.5);
    canvas.stroke(from, to, width, 1.5, random.range(0.3, 0.9), random.range(0.3, 0.9));
}

/// A fold across the card: one side in light, the other in shade, the ink cracked along it.
fn crease(canvas: &mut Canvas, random: &mut Random, area: &Area) {
    let at = area.place(random);
    let (sin, cos) = random.direction().sin_cos();
    let reach = area.side * 2.0;
    let ends = [-reach, reach].map(|far| [at[0] + cos * far, at[1] + sin * far]);
    let (wide, lift) = (MODULE * random.range(1.5, 8.0), random.range(0.1, 0.35));
    canvas.blend([0.0; 2], [canvas.width as f32, canvas.height as f32], |x, y, old| {
        let off = ((x - at[0]) * -sin + (y - at[1]) * cos) / wide;
        if off.abs() < 1.0 { old * (1.0 + lift * off.signum() * (1.0 - off.abs())) } else { old }
    });
    let width = MODULE * random.range(0.1, 0.5);
    canvas.stroke(ends[0], ends[1], width, 1.5, random.range(0.5, 0.9), random.range(0.2, 0.9));
}

/// A signature or a tick.
fn pen(canvas: &mut Canvas, random: &mut Random, area: &Area) {
    let mut at = area.place(random);
    let width = MODULE * random.range(0.4, 1.2);
    for _ in 0..random.whole(1, 6) {
        let length = area.side * random.range(0.05, 0.3);
        let to = area.away(random, at, length);
        canvas.stroke(at, to, width, 1.5, random.range(0.02, 0.15), 0.95);
        at = to;
    }
}

/// A crumb or a drop.
fn speck(canvas: &mut Canvas, random: &mut Random, area: &Area) {
    let at = area.place(random);
    let radius = MODULE * random.factor(0.2, 1.6);
    let value = if random.chance(0.6) { random.range(0.02, 0.2) } else { random.range(0.5, 0.9) };
    canvas.ellipse(at, [radius, radius * random.range(0.5, 1.0)], 0.0, 0.4, [value, 0.9]);
}

/// A place where the ink has worn off to grey.
fn rubbed(canvas: &mut Canvas, random: &mut Random, area: &Area) {
    let at = area.place(random);
    let radii = [0, 1].map(|_| area.side * random.range(0.05, 0.25));
    let alpha = random.range(0.2, 0.7);
    canvas.ellipse(at, radii, random.direction(), 0.8, [random.range(0.5, 0.8), alpha]);
}
