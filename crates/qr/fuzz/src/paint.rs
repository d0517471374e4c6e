//! Frames drawn by a script: patches of luma, finder-like squares, symbols in perspective, noise, blur, raw bytes.

use fuzzing::Random;

use crate::script::Script;
use crate::symbol::{Plan, Symbol};

/// Pixels that one script may paint altogether, so that drawing takes less than reading.
const MAX_PAINTED: usize = 3_000_000;
/// Points sampled in each pixel along either axis, so that edges are grey as a camera's are.
const SAMPLES: usize = 2;
/// Times that a finder-like square can be repeated along either axis.
const MAX_REPEATS: usize = 32;
/// Modules beyond a symbol that are painted light at most.
const QUIET: usize = 4;

/// Four corners in pixels: top left, top right, bottom right, bottom left.
pub type Quad = [[f64; 2]; 4];

/// A frame being drawn.
pub struct Sheet {
    /// Row by row, without padding.
    pub pixels: Vec<u8>,
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    left_to_paint: usize,
}

impl Sheet {
    /// A frame of one luma.
    pub fn new(width: usize, height: usize, luma: u8) -> Self {
        Self { pixels: vec![luma; width * height], width, height, left_to_paint: MAX_PAINTED }
    }

    /// Does one step of drawing.
    pub fn step(&mut self, script: &mut Script<'_>) {
        match script.byte() % 8 {
            0 => self.patch(script),
            1 => self.finders(script),
            2 | 3 => self.symbol(script),
            4 => self.noise(script),
            5 => self.blur(),
            6 => self.ramp(script),
            _ => self.raw(script),
        }
    }

    /// Paints the quad: `texture(u, v)` gives the luma at a place in the unit square that the quad shows, or nothing.
    pub fn texture(&mut self, quad: &Quad, texture: impl Fn(f64, f64) -> Option<u8>) {
        let Some(map) = into_unit_square(quad) else { return };
        let [(left, right), (top, bottom)] =
            [(0, self.width), (1, self.height)].map(|(axis, end)| span(quad, axis, end));
        if !self.may_paint(right.saturating_sub(left) * bottom.saturating_sub(top)) {
            return;
        }
        for y in top..bottom {
            for x in left..right {
                let place = y * self.width + x;
                self.pixels[place] = sample(x, y, self.pixels[place], &map, &texture);
            }
        }
    }

    fn may_paint(&mut self, pixels: usize) -> bool {
        let left = self.left_to_paint.checked_sub(pixels.max(1));
        self.left_to_paint = left.unwrap_or(0);
        left.is_some()
    }

    fn patch(&mut self, script: &mut Script<'_>) {
        let (left, top, right, bottom) = self.area(script);
        let luma = script.byte();
        self.change(left..right, top..bottom, |_, _, _| luma);
    }

    fn noise(&mut self, script: &mut Script<'_>) {
        let (left, top, right, bottom) = self.area(script);
        let amplitude = i32::from(script.byte());
        let random = &mut Random::new(u64::from(script.pair()));
        self.change(left..right, top..bottom, |_, _, luma| {
            let change = (random.bits() & 0xff) as i32 - 128;
            (i32::from(luma) + change * amplitude / 128).clamp(0, 255) as u8
        });
    }

    fn ramp(&mut self, script: &mut Script<'_>) {
        let (right, down) = (script.around_zero(), script.around_zero());
        self.change(0..self.width, 0..self.height, |x, y, luma| {
            (f32::from(luma) + x as f32 * right + y as f32 * down).clamp(0.0, 255.0) as u8
        });
    }

    fn raw(&mut self, script: &mut Script<'_>) {
        let start = script.below(self.pixels.len());
        let run = script.run(255);
        for (pixel, &byte) in self.pixels[start..].iter_mut().zip(run) {
            *pixel = byte;
        }
    }

    /// The mean of three pixels along either axis.
    fn blur(&mut self) {
        if !self.may_paint(2 * self.pixels.len()) {
            return;
        }
        for step in [1, self.width] {
            let before = self.pixels.clone();
            for (place, pixel) in self.pixels.iter_mut().enumerate() {
                let at =
                    |place: Option<usize>| place.and_then(|place| before.get(place)).unwrap_or(&before[0]);
                let three = [at(place.checked_sub(step)), &before[place], at(place.checked_add(step))]
                    .map(|&luma| u32::from(luma));
                *pixel = (three.iter().sum::<u32>() / 3) as u8;
            }
        }
    }

    /// Concentric squares much like a finder pattern, once or in a field of them.
    fn finders(&mut self, script: &mut Script<'_>) {
        let module = f64::from(script.byte()) / 24.0 + 0.4;
        let radii = [3.5, 2.5, 1.5].map(|radius| radius + 0.6 * f64::from(script.around_zero()));
        let (dark, light) = (script.byte(), script.byte());
        let (first, turn) = (self.place(script), script.byte());
        let pitch = module * (7.0 + f64::from(script.byte()) / 16.0);
        let repeats = [script.byte(), script.byte()].map(|count| 1 + usize::from(count) % MAX_REPEATS);
        let reach = 4.5;
        let luma = |u: f64, v: f64| {
            let away = ((u - 0.5).abs().max((v - 0.5).abs())) * 2.0 * reach;
            let inside = radii.iter().filter(|&&radius| away < radius).count();
            Some(if inside % 2 == 1 { dark } else { light })
        };
        for (across, down) in
            (0..repeats[1]).flat_map(|down| (0..repeats[0]).map(move |across| (across, down)))
        {
            let at = [first[0] + across as f64 * pitch, first[1] + down as f64 * pitch];
            self.texture(&square(at, module * 2.0 * reach, turn), luma);
        }
    }

    /// A real symbol in any place, turn and perspective, with wrong modules.
    fn symbol(&mut self, script: &mut Script<'_>) {
        let plan = Plan::read(script);
        let module = 0.6 + f64::from(script.byte()) / 28.0;
        let quiet = script.byte() as usize % (QUIET + 1);
        let (dark, light) = (script.byte(), script.byte());
        let (at, turn) = (self.place(script), script.byte());
        let side = (plan.side() + 2 * quiet) as f64 * module;
        let mut quad = square(at, side, turn);
        for corner in quad.as_flattened_mut() {
            *corner += f64::from(script.around_zero()) * side / 6.0;
        }
        let wrong = script.byte();
        let random = &mut Random::new(u64::from(script.pair()));
        let mut symbol = Symbol::of_segments(plan, script).0;
        for _ in 0..wrong {
            let place = random.below(symbol.modules.len());
            symbol.modules[place] = !symbol.modules[place];
        }
        self.draw(&symbol, &quad, quiet, [dark, light]);
    }

    /// Paints a symbol with `quiet` light modules about it into the quad, in the luma of dark and of light ones.
    pub fn draw(&mut self, symbol: &Symbol, quad: &Quad, quiet: usize, [dark, light]: [u8; 2]) {
        let side = symbol.plan.side();
        let all = (side + 2 * quiet) as f64;
        self.texture(quad, |u, v| {
            let module = |at: f64| ((at * all) as usize).checked_sub(quiet).filter(|&at| at < side);
            let is_dark = module(u).zip(module(v)).is_some_and(|(x, y)| symbol.is_dark(x, y));
            Some(if is_dark { dark } else { light })
        });
    }

    fn change(
        &mut self,
        columns: std::ops::Range<usize>,
        rows: std::ops::Range<usize>,
        mut luma: impl FnMut(usize, usize, u8) -> u8,
    ) {
        if !self.may_paint(columns.len() * rows.len()) {
            return;
        }
        for y in rows {
            for x in columns.clone() {
                let pixel = &mut self.pixels[y * self.width + x];
                *pixel = luma(x, y, *pixel);
            }
        }
    }

    fn area(&self, script: &mut Script<'_>) -> (usize, usize, usize, usize) {
        let (left, top) = (script.below(self.width), script.below(self.height));
        let (right, bottom) = (left + 1 + script.below(self.width), top + 1 + script.below(self.height));
        (left, top, right.min(self.width), bottom.min(self.height))
    }

    /// A place in the frame or a little outside, to an eighth of a pixel.
    fn place(&self, script: &mut Script<'_>) -> [f64; 2] {
        [self.width, self.height].map(|size| {
            let eighths = script.below(size * 10);
            eighths as f64 / 8.0 - size as f64 / 8.0
        })
    }
}

/// A square about a place, turned by `turn` 256ths of a full turn.
pub fn square([x, y]: [f64; 2], side: f64, turn: u8) -> Quad {
    let (sin, cos) = (f64::from(turn) / 256.0 * std::f64::consts::TAU).sin_cos();
    let half = side / 2.0;
    [[-half, -half], [half, -half], [half, half], [-half, half]]
        .map(|[across, down]| [x + across * cos - down * sin, y + across * sin + down * cos])
}

/// The luma of a pixel: the mean of the points in it.
fn sample(x: usize, y: usize, before: u8, map: &Map, texture: &impl Fn(f64, f64) -> Option<u8>) -> u8 {
    let offset = |index: usize| (index as f64 + 0.5) / SAMPLES as f64;
    let mut sum = 0;
    for (i, j) in (0..SAMPLES).flat_map(|j| (0..SAMPLES).map(move |i| (i, j))) {
        let place = map.apply(x as f64 + offset(i), y as f64 + offset(j));
        let luma = place.and_then(|(u, v)| texture(u, v)).unwrap_or(before);
        sum += usize::from(luma);
    }
    (sum / (SAMPLES * SAMPLES)) as u8
}

/// The pixels that a quad spans along an axis, within the frame.
fn span(quad: &Quad, axis: usize, end: usize) -> (usize, usize) {
    let at = quad.iter().map(|corner| corner[axis]);
    let (low, high) = (at.clone().fold(f64::MAX, f64::min), at.fold(f64::MIN, f64::max));
    ((low.max(0.0) as usize).min(end), (high.ceil().max(0.0) as usize).min(end))
}

/// A projective map of the plane.
struct Map([[f64; 3]; 3]);

impl Map {
    /// Where a place is in the unit square; nothing outside.
    fn apply(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let [across, down, scale] = self.0.map(|row| row[0] * x + row[1] * y + row[2]);
        let (u, v) = (across / scale, down / scale);
        ((0.0..1.0).contains(&u) && (0.0..1.0).contains(&v)).then_some((u, v))
    }
}

/// The map that takes a quad to the unit square (Heckbert 1989, §2.2.2): the adjugate of the map the other way.
fn into_unit_square([[x0, y0], [x1, y1], [x2, y2], [x3, y3]]: &Quad) -> Option<Map> {
    let (dx1, dx2, sx) = (x1 - x2, x3 - x2, x0 - x1 + x2 - x3);
    let (dy1, dy2, sy) = (y1 - y2, y3 - y2, y0 - y1 + y2 - y3);
    let area = dx1 * dy2 - dx2 * dy1;
    let (g, h) = ((sx * dy2 - dx2 * sy) / area, (dx1 * sy - sx * dy1) / area);
    let (a, b, c) = (x1 - x0 + g * x1, x3 - x0 + h * x3, *x0);
    let (d, e, f) = (y1 - y0 + g * y1, y3 - y0 + h * y3, *y0);
    let adjugate = [
        [e - f * h, c * h - b, b * f - c * e],
        [f * g - d, a - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ];
    adjugate.as_flattened().iter().all(|value| value.is_finite()).then_some(Map(adjugate))
}
