//! Print that is no code: lines of text, tables, rules, pictures.

use crate::canvas::Canvas;
use crate::random::Random;

/// A box in canvas pixels: left, top, right, bottom.
pub(crate) type Area = [f32; 4];

/// Fills an area with lines of text of a height (from baseline to baseline), ragged on the right.
pub(crate) fn paragraph(canvas: &mut Canvas, random: &mut Random, area: Area, line: f32, ink: f32) {
    let mut y = area[1] + line * 0.2;
    while y + line <= area[3] {
        let short = if random.chance(0.2) { random.range(0.3, 0.8) } else { random.range(0.85, 1.0) };
        let right = area[0] + (area[2] - area[0]) * short;
        words(canvas, random, [area[0], y, right, y + line * 0.62], ink);
        y += line;
        if random.chance(0.12) {
            y += line * 0.6;
        }
    }
}

/// One line of words, as high as the area.
pub(crate) fn words(canvas: &mut Canvas, random: &mut Random, area: Area, ink: f32) {
    let height = area[3] - area[1];
    let advance = height * 0.72;
    let mut x = area[0];
    while x + advance <= area[2] {
        if random.chance(0.17) {
            x += advance * 0.8;
            continue;
        }
        glyph(canvas, random, [x, area[1], x + advance * 0.74, area[3]], ink);
        x += advance;
    }
}

/// Two to four strokes between the nodes of a small grid: a letter to anyone who cannot read it.
fn glyph(canvas: &mut Canvas, random: &mut Random, area: Area, ink: f32) {
    let (width, height) = (area[2] - area[0], area[3] - area[1]);
    let thick = (height * 0.16).max(0.6);
    let low = if random.chance(0.55) { 0.3 } else { 0.0 };
    let node = |column: usize, row: usize| {
        let down = low + (1.0 - low) * row as f32 / 2.0;
        [area[0] + width * column as f32 / 2.0, area[1] + height * down]
    };
    let mut at = (random.pick(&[0, 2]), random.pick(&[0, 2]));
    for _ in 0..random.whole(2, 4) {
        let next = match random.whole(0, 3) {
            0 => (2 - at.0, at.1),
            1 => (at.0, 2 - at.1),
            2 => (random.whole(0, 2), 2 - at.1),
            _ => (at.0, 1),
        };
        canvas.stroke(node(at.0, at.1), node(next.0, next.1), thick, 1.0, ink, 1.0);
        at = next;
    }
}

/// A frame along the inside of an area.
pub(crate) fn border(canvas: &mut Canvas, area: Area, width: f32, ink: f32) {
    let [left, top, right, bottom] = area;
    let corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
    for i in 0..4 {
        canvas.stroke(corners[i], corners[(i + 1) % 4], width, 1.0, ink, 1.0);
    }
}

/// Rules with text in every cell.
pub(crate) fn table(canvas: &mut Canvas, random: &mut Random, area: Area, line: f32, ink: f32) {
    let columns = random.whole(2, 4);
    let step = (area[2] - area[0]) / columns as f32;
    let mut y = area[1];
    while y + line <= area[3] {
        canvas.stroke([area[0], y], [area[2], y], line * 0.05, 1.0, ink, 1.0);
        for column in 0..columns {
            let left = area[0] + step * column as f32;
            let right = left + step * random.range(0.4, 0.95);
            words(canvas, random, [left + line * 0.2, y + line * 0.25, right, y + line * 0.8], ink);
        }
        y += line;
    }
    canvas.stroke([area[0], y], [area[2], y], line * 0.05, 1.0, ink, 1.0);
}

/// A passport picture on a plain ground, as large as fits into an area.
pub(crate) fn portrait(canvas: &mut Canvas, random: &mut Random, area: Area) {
    let height = (area[3] - area[1]).min((area[2] - area[0]) * 1.3);
    let size = [height / 1.3, height];
    let room = [area[2] - area[0] - size[0], area[3] - area[1] - size[1]];
    let corner = [area[0] + room[0] * random.share(), area[1] + room[1] * random.share()];
    let middle = [corner[0] + size[0] / 2.0, corner[1] + size[1] / 2.0];
    canvas.rectangle(middle, size, 0.0, 1.0, random.range(0.4, 0.6));
    person(canvas, random, [corner[0], corner[1], corner[0] + size[0], corner[1] + size[1]]);
}

/// Head and shoulders.
pub(crate) fn person(canvas: &mut Canvas, random: &mut Random, area: Area) {
    let (width, height) = (area[2] - area[0], area[3] - area[1]);
    let middle = [(area[0] + area[2]) / 2.0, (area[1] + area[3]) / 2.0];
    let skin = random.range(0.15, 0.45);
    let at = |x: f32, y: f32| [middle[0] + x * width, middle[1] + y * height];
    canvas.ellipse(at(0.0, 0.34), [width * 0.42, height * 0.14], 0.0, 0.2, [random.range(0.02, 0.3), 1.0]);
    canvas.ellipse(at(0.0, -0.08), [width * 0.3, height * 0.34], 0.0, 0.1, [random.range(0.01, 0.1), 1.0]);
    canvas.ellipse(at(0.0, 0.0), [width * 0.22, height * 0.28], 0.0, 0.15, [skin, 1.0]);
    for side in [-1.0, 1.0] {
        let eye = at(side * 0.09, -0.04);
        canvas.ellipse(eye, [width * 0.03, height * 0.018], 0.0, 0.5, [0.03, 1.0]);
    }
    canvas.ellipse(at(0.0, 0.13), [width * 0.07, height * 0.015], 0.0, 0.5, [skin * 0.4, 1.0]);
}
