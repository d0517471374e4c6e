//! What is behind the card: a desk with things on it, a room, a person.

use crate::canvas::Canvas;
use crate::print;
use crate::random::Random;

/// Out of focus or not, it is drawn at half the frame's size.
pub(crate) fn draw(width: usize, height: usize, random: &mut Random) -> Canvas {
    let mut canvas = Canvas::new(width / 2, height / 2, random.factor(0.04, 0.45));
    scatter(&mut canvas, random, 6, 22);
    canvas.resized(width, height)
}

/// A grained table with at least `few` and at most `many` things on it.
pub(crate) fn scatter(canvas: &mut Canvas, random: &mut Random, few: usize, many: usize) {
    let unit = canvas.height as f32;
    canvas.cloud(random, [unit * 0.5, unit * 0.4], 0.5);
    canvas.cloud(random, [unit * 0.06, unit * 0.03], 0.12);
    for _ in 0..random.whole(few, many) {
        thing(canvas, random);
    }
    canvas.cloud(random, [3.0, 3.0], 0.06);
}

/// One thing of any kind, somewhere.
fn thing(canvas: &mut Canvas, random: &mut Random) {
    let (width, height) = (canvas.width as f32, canvas.height as f32);
    let at = [random.range(0.0, width), random.range(0.0, height)];
    let size = height * random.factor(0.06, 0.5);
    let value = random.factor(0.015, 0.6);
    let soft = random.factor(0.8, 6.0);
    let turn = random.either(0.8);
    match random.whole(0, 6) {
        0 | 1 => canvas.rectangle(at, [size, size * random.range(0.2, 1.5)], turn, soft, value),
        2 => canvas.ellipse(at, [size * 0.5, size * random.range(0.2, 0.6)], turn, 0.1, [value, 1.0]),
        3 => {
            let to = [at[0] + random.either(size * 2.0), at[1] + random.either(size * 2.0)];
            canvas.stroke(at, to, size * random.range(0.02, 0.15), soft, value, 1.0);
        }
        4 => {
            let area = [at[0], at[1], at[0] + size, at[1] + size * 1.3];
            let middle = [(area[0] + area[2]) / 2.0, (area[1] + area[3]) / 2.0];
            canvas.rectangle(middle, [size * 1.1, size * 1.4], 0.0, 1.5, random.range(0.35, 0.6));
            let line = size * random.range(0.05, 0.12);
            print::paragraph(canvas, random, area, line, 0.06);
        }
        5 => {
            let area = [at[0], at[1], at[0] + size * 0.8, at[1] + size];
            print::portrait(canvas, random, area);
        }
        _ => keys(canvas, random, at, size),
    }
}

/// A keyboard's corner: small even rectangles in rows.
fn keys(canvas: &mut Canvas, random: &mut Random, at: [f32; 2], size: f32) {
    let (step, value) = (size * random.range(0.1, 0.2), random.factor(0.02, 0.4));
    for (column, row) in (0..4).flat_map(|row| (0..8).map(move |column| (column as f32, row as f32))) {
        let middle = [at[0] + (column + row * 0.3) * step, at[1] + row * step];
        canvas.rectangle(middle, [step * 0.85, step * 0.85], 0.0, 1.0, value);
    }
}
