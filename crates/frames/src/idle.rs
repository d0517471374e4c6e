//! What a camera sees while nobody holds anything up: scenes without a code, full of what a search may stumble over.

use std::f32::consts::PI;

use crate::canvas::Canvas;
use crate::random::Random;
use crate::{Frame, backdrop, fair, optics, print};

type Draw = fn(&mut Canvas, &mut Random);

const SCENES: [Draw; 12] =
    [desk, people, page, shelf, blinds, textile, dark, wall, facade, tiles, poster, keyboard];

pub(crate) fn render(height: usize, index: u32, seed: u64) -> Frame {
    let random = &mut Random::new(&[seed, 0x1d1e, height as u64, u64::from(index)]);
    let height = height.clamp(16, 4320);
    // Cameras of 480 lines and fewer are of the older shape, 4:3.
    let width = if height <= 480 { height * 4 / 3 } else { height * 16 / 9 };
    let mut canvas = Canvas::new(width, height, random.factor(0.05, 0.5));
    SCENES[index as usize % SCENES.len()](&mut canvas, random);
    light_up(&mut canvas, random);
    let lens = fair::lens(random);
    if random.chance(0.25) {
        optics::disc(&mut canvas, random.range(0.8, 3.0));
    }
    optics::gaussian(&mut canvas, lens.blur);
    optics::vignette(&mut canvas, lens.vignette, lens.veil);
    let mut sensor = fair::sensor(random);
    if random.chance(0.2) {
        sensor.full_well = random.factor(150.0, 800.0);
    }
    let luma = sensor.expose(canvas, random);
    Frame { width, height, luma, text: String::new(), version: 0, corners: [[0.0; 2]; 4] }
}

fn light_up(canvas: &mut Canvas, random: &mut Random) {
    let size = [canvas.width, canvas.height];
    let light = fair::light(random, size);
    let size = size.map(|side| side as f32);
    let level = random.range(0.5, 1.1);
    for y in 0..canvas.height {
        for (x, value) in canvas.row_mut(y).iter_mut().enumerate() {
            *value *= level * light.at(size, x as f32 + 0.5, y as f32 + 0.5);
        }
    }
}

fn sides(canvas: &Canvas) -> [f32; 2] {
    [canvas.width as f32, canvas.height as f32]
}

fn desk(canvas: &mut Canvas, random: &mut Random) {
    backdrop::scatter(canvas, random, 12, 40);
}

fn people(canvas: &mut Canvas, random: &mut Random) {
    let [width, height] = sides(canvas);
    backdrop::scatter(canvas, random, 2, 8);
    for _ in 0..random.whole(1, 9) {
        let tall = height * random.factor(0.2, 0.9);
        let (x, y) = (random.range(-0.1, 0.9) * width, random.range(0.0, 0.6) * height);
        print::person(canvas, random, [x, y, x + tall * 0.75, y + tall]);
    }
}

/// A page from near, columns or not.
fn page(canvas: &mut Canvas, random: &mut Random) {
    let [width, height] = sides(canvas);
    canvas.values.fill(random.range(0.45, 0.85));
    let line = height * random.factor(0.015, 0.08);
    let columns = random.whole(1, 3);
    let step = width / columns as f32;
    for column in 0..columns {
        let left = step * (column as f32 + 0.05);
        let area = [left, height * 0.03, left + step * 0.9, height * 0.98];
        if random.chance(0.25) {
            print::table(canvas, random, area, line, 0.05);
        } else {
            print::paragraph(canvas, random, area, line, 0.05);
        }
    }
}

/// Boards full of books and boxes.
fn shelf(canvas: &mut Canvas, random: &mut Random) {
    let [width, height] = sides(canvas);
    canvas.values.fill(0.03);
    let boards = random.whole(2, 6);
    let step = height / boards as f32;
    for board in 0..boards {
        let floor = step * (board + 1) as f32;
        let mut x = 0.0;
        while x < width {
            let wide = step * random.factor(0.06, 0.6);
            let tall = step * random.range(0.5, 0.92);
            let (value, ink) = (random.factor(0.03, 0.7), random.factor(0.02, 0.7));
            let middle = [x + wide / 2.0, floor - tall / 2.0];
            canvas.rectangle(middle, [wide * 0.97, tall], 0.0, 1.0, value);
            for _ in 0..random.whole(0, 3) {
                let line = [middle[0], floor - tall * random.range(0.1, 0.9)];
                canvas.rectangle(line, [wide * random.range(0.3, 0.9), tall * 0.04], 0.0, 1.0, ink);
            }
            if wide > step * 0.3 {
                let top = floor - tall * 0.6;
                print::words(canvas, random, [x + wide * 0.1, top, x + wide * 0.9, top + tall * 0.12], ink);
            }
            x += wide;
        }
        canvas.rectangle([width / 2.0, floor], [width, step * 0.06], 0.0, 1.0, 0.2);
    }
}

/// Even stripes, upright, level or slanted.
fn blinds(canvas: &mut Canvas, random: &mut Random) {
    let unit = canvas.height as f32;
    let turn = random.pick(&[0.0, 1.57, 0.0, 1.57, 0.6]) + random.either(0.1);
    let (sin, cos) = f32::sin_cos(turn);
    let period = unit * random.factor(0.008, 0.1);
    let share = random.range(0.3, 0.7);
    let (light, dark) = (random.range(0.4, 0.9), random.factor(0.02, 0.3));
    canvas.blend([0.0; 2], sides(canvas), |x, y, _| {
        let at = ((x * cos + y * sin) / period).rem_euclid(1.0);
        let inside = (at - share).abs().min((1.0 - at).min(at)) * period;
        let middle = (light + dark) / 2.0;
        let target = if at < share { light } else { dark };
        middle + (target - middle) * (inside + 0.2).min(1.0)
    });
    backdrop::scatter(canvas, random, 0, 6);
}

/// Checks, tweed and dots: nothing looks more like modules.
fn textile(canvas: &mut Canvas, random: &mut Random) {
    let unit = canvas.height as f32;
    let (sin, cos) = random.direction().sin_cos();
    let period = unit * random.factor(0.008, 0.08);
    let kind = random.whole(0, 2);
    let (light, dark) = (random.range(0.35, 0.85), random.factor(0.02, 0.25));
    let sharp = 6.0;
    canvas.blend([0.0; 2], sides(canvas), |x, y, _| {
        let (u, v) = ((x * cos + y * sin) / period, (y * cos - x * sin) / period);
        let wave = match kind {
            0 => (u * PI).sin() * (v * PI).sin(),
            1 => ((u + (v * PI).sin() * 0.5) * PI).sin(),
            _ => 0.35 - (u.fract().abs() - 0.5).hypot(v.fract().abs() - 0.5),
        };
        dark + (light - dark) * (0.5 + wave * sharp).clamp(0.0, 1.0)
    });
    let step = period * 0.7;
    canvas.cloud(random, [step.max(1.5), step.max(1.5)], 0.25);
    canvas.cloud(random, [unit * 0.3, unit * 0.3], 0.5);
}

/// Next to nothing but noise.
fn dark(canvas: &mut Canvas, random: &mut Random) {
    backdrop::scatter(canvas, random, 3, 12);
    let level = random.factor(0.01, 0.12);
    canvas.values.iter_mut().for_each(|value| *value *= level);
}

/// A plain wall, unevenly lit.
fn wall(canvas: &mut Canvas, random: &mut Random) {
    let unit = canvas.height as f32;
    canvas.values.fill(random.range(0.1, 0.8));
    canvas.cloud(random, [unit * 0.9, unit * 0.7], 0.6);
    canvas.cloud(random, [2.5, 2.5], 0.05);
    backdrop::scatter(canvas, random, 0, 3);
}

/// Windows in rows, frames within frames: squares in squares.
fn facade(canvas: &mut Canvas, random: &mut Random) {
    let [width, height] = sides(canvas);
    canvas.values.fill(random.range(0.1, 0.6));
    let step = height * random.factor(0.05, 0.3);
    let (tall, lean) = (random.range(0.7, 1.6), random.either(0.15));
    let (frame, pane) = (random.range(0.4, 0.9), random.factor(0.01, 0.2));
    for row in 0..(height / (step * tall)) as usize + 3 {
        for column in 0..(width / step) as usize + 3 {
            let at = [column as f32 * step, row as f32 * step * tall + (column as f32 - 4.0) * step * lean];
            let size = [step * 0.72, step * tall * 0.72];
            canvas.rectangle(at, size, lean, 1.0, frame);
            canvas.rectangle(at, size.map(|side| side * 0.78), lean, 1.0, pane);
            if random.chance(0.5) {
                canvas.rectangle(at, size.map(|side| side * 0.4), lean, 1.0, random.range(0.02, 0.9));
            }
        }
    }
}

/// A floor of light and dark tiles, seen at an angle.
fn tiles(canvas: &mut Canvas, random: &mut Random) {
    let [width, height] = sides(canvas);
    let (light, dark) = (random.range(0.35, 0.8), random.factor(0.02, 0.2));
    let (near, horizon) = (random.factor(2.0, 14.0), random.range(-0.6, 0.1) * height);
    let (sin, cos) = random.direction().sin_cos();
    let shares: Vec<f32> = (0..64).map(|_| random.share()).collect();
    let even = random.chance(0.5);
    canvas.blend([0.0; 2], [width, height], |x, y, old| {
        let depth = y - horizon;
        if depth < height * 0.08 {
            return old;
        }
        let (u, v) = ((x - width / 2.0) / depth * near, height / depth * near);
        let (u, v) = (u * cos + v * sin, v * cos - u * sin);
        let (column, row) = (u.floor() as i32, v.floor() as i32);
        let bright = if even {
            (column + row) % 2 == 0
        } else {
            shares[((column * 7 + row * 13) & 63) as usize] > 0.5
        };
        // Where tiles become smaller than pixels, a pixel sees several.
        let clear = (depth * depth / (height * near) * 0.5 - 0.25).clamp(0.0, 1.0);
        let middle = (light + dark) / 2.0;
        middle + (if bright { light } else { dark } - middle) * clear
    });
    let unit = height;
    canvas.cloud(random, [unit * 0.1, unit * 0.1], 0.2);
}

/// A wall of notices, boxes and pictures.
fn poster(canvas: &mut Canvas, random: &mut Random) {
    let [width, height] = sides(canvas);
    for _ in 0..random.whole(8, 24) {
        let size = [height * random.factor(0.08, 0.6), height * random.factor(0.08, 0.6)];
        let at = [random.range(0.0, width), random.range(0.0, height)];
        let (paper, ink) = (random.range(0.3, 0.85), random.factor(0.01, 0.1));
        canvas.rectangle(at, size, 0.0, 1.0, paper);
        let area =
            [at[0] - size[0] * 0.45, at[1] - size[1] * 0.45, at[0] + size[0] * 0.45, at[1] + size[1] * 0.45];
        match random.whole(0, 4) {
            0 => print::portrait(canvas, random, area),
            1 => {
                print::border(canvas, area, size[0] * 0.03, ink);
                canvas.rectangle(at, size.map(|side| side * 0.4), 0.0, 1.0, ink);
            }
            2 => print::table(canvas, random, area, size[1] * 0.1, ink),
            _ => print::paragraph(canvas, random, area, size[1] * 0.09, ink),
        }
    }
}

fn keyboard(canvas: &mut Canvas, random: &mut Random) {
    let [width, height] = sides(canvas);
    let (body, key) = (random.factor(0.02, 0.5), random.factor(0.01, 0.6));
    let ink = if key > 0.15 { 0.02 } else { 0.6 };
    canvas.values.fill(body);
    let step = height * random.range(0.06, 0.2);
    let turn = random.either(0.3);
    let (sin, cos) = turn.sin_cos();
    for row in -2..(height / step) as i32 + 4 {
        for column in -2..(width / step) as i32 + 4 {
            let (x, y) = ((column as f32 + row as f32 * 0.3) * step, row as f32 * step);
            let at = [x * cos - y * sin, x * sin + y * cos];
            canvas.rectangle(at, [step * 0.84, step * 0.84], turn, 1.5, key);
            let half = step * 0.14;
            let area = [at[0] - half * 2.0, at[1] - half, at[0] - half * 0.4, at[1] + half];
            print::words(canvas, random, area, ink);
        }
    }
}
