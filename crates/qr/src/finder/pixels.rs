//! Reading lightness out of a frame along lines: pixels, averaged a little, or places between them.

use crate::Luma;

/// Units of lightness a level of luma: averages have fractions.
pub(super) const UNIT: i32 = 16;
/// Samples read at once.
pub(super) const CHUNK: usize = 8;

/// Lightness along a line from a place on, a sample a step.
pub(super) trait Samples {
    /// Reads the samples from number `from` on. Returns how many of them are within the frame.
    fn read(&self, from: usize, out: &mut [i16; CHUNK]) -> usize;

    /// Lightness between two samples.
    fn between(&self, at: f32) -> Option<i16>;
}

/// The lightness of a frame, or its reverse.
#[derive(Clone, Copy)]
pub(super) struct Pixels<'a> {
    pub(super) luma: Luma<'a>,
    pub(super) inverted: bool,
}

impl Pixels<'_> {
    /// Lightness of pixels of a row, each averaged with those above and below it; `None` outside the frame.
    pub(super) fn in_row(&self, y: usize, places: [usize; 3]) -> Option<[i32; 3]> {
        if y >= self.luma.height() || places.into_iter().any(|x| x >= self.luma.width()) {
            return None;
        }
        let rows = self.rows(y);
        let mut out = places.map(|x| weighed(rows.map(|row| row[x])));
        self.turn(&mut out);
        Some(out.map(i32::from))
    }

    /// A row with those above and below it.
    fn rows(&self, y: usize) -> [&[u8]; 3] {
        let below = (y + 1).min(self.luma.height() - 1);
        [y.saturating_sub(1), y, below].map(|y| self.luma.row(y))
    }

    fn turn(&self, out: &mut [i16]) {
        if self.inverted {
            out.iter_mut().for_each(|value| *value = 255 * UNIT as i16 - *value);
        }
    }
}

/// The mean of three pixels in a line, the middle one counting twice.
fn weighed([before, at, after]: [u8; 3]) -> i16 {
    4 * (i16::from(before) + i16::from(after)) + 8 * i16::from(at)
}

/// How many of up to [`CHUNK`] samples from number `from` on, `step` apart from `start`, are below `end`.
#[inline]
fn within(start: usize, step: isize, from: usize, end: usize) -> usize {
    let inside = |number: usize| ((start as isize + step * (from + number) as isize) as usize) < end;
    if inside(CHUNK - 1) { CHUNK } else { (0..CHUNK).take_while(|&number| inside(number)).count() }
}

/// Reads samples from number `from` on by their places along a line, averaged with those next to them if `smooth`.
#[inline]
fn read(
    start: usize,
    step: isize,
    from: usize,
    end: usize,
    smooth: bool,
    out: &mut [i16; CHUNK],
    value: impl Fn(usize) -> i16,
) -> usize {
    let count = within(start, step, from, end);
    let place = |number: usize| (start as isize + step * (from + number) as isize) as usize;
    if !smooth {
        out[..count].iter_mut().enumerate().for_each(|(number, out)| *out = value(place(number)));
        return count;
    }
    let last = end - 1;
    let mut before = value(place(0).saturating_add_signed(-step).min(last));
    let mut here = value(place(0).min(last));
    for (number, out) in out[..count].iter_mut().enumerate() {
        let after = value(place(number).saturating_add_signed(step).min(last));
        *out = (before + 2 * here + after) / 4;
        (before, here) = (here, after);
    }
    count
}

/// Pixels of a column, each averaged with those beside it.
pub(super) struct Column<'a> {
    pub(super) pixels: Pixels<'a>,
    /// The first pixel, within the frame.
    pub(super) at: [usize; 2],
    pub(super) step: isize,
    /// Whether samples are averaged along the line, too.
    pub(super) smooth: bool,
}

impl Samples for Column<'_> {
    #[inline]
    fn read(&self, from: usize, out: &mut [i16; CHUNK]) -> usize {
        let luma = self.pixels.luma;
        let [x, y] = self.at;
        let (left, right) = (x.saturating_sub(1), (x + 1).min(luma.width() - 1));
        let count = read(y, self.step, from, luma.height(), self.smooth, out, |y| {
            let row = luma.row(y);
            weighed([row[left], row[x], row[right]])
        });
        self.pixels.turn(out);
        count
    }

    fn between(&self, _: f32) -> Option<i16> {
        None
    }
}

/// Pixels of a row, each averaged with those above and below it.
pub(super) struct Row<'a> {
    pub(super) pixels: Pixels<'a>,
    /// The first pixel, within the frame.
    pub(super) at: [usize; 2],
    pub(super) step: isize,
    /// Whether samples are averaged along the line, too.
    pub(super) smooth: bool,
}

impl Samples for Row<'_> {
    #[inline]
    fn read(&self, from: usize, out: &mut [i16; CHUNK]) -> usize {
        let [x, y] = self.at;
        let rows = self.pixels.rows(y);
        let width = self.pixels.luma.width();
        let count = read(x, self.step, from, width, self.smooth, out, |x| weighed(rows.map(|row| row[x])));
        self.pixels.turn(out);
        count
    }

    fn between(&self, _: f32) -> Option<i16> {
        None
    }
}

/// Places along any line, in fixed point of [`Luma::FRACTION`] bits (over a whole line, a step is off by a hundredth of
/// a pixel at most); the middle of the first pixel is 0.
pub(super) struct Slant<'a> {
    pixels: Pixels<'a>,
    start: [i32; 2],
    step: [i32; 2],
    /// Distance to the left, right, above and below of the places that each sample is averaged over; 0 for one place.
    spread: i32,
    /// The last places that have pixels on all sides.
    last: [i32; 2],
}

impl<'a> Slant<'a> {
    /// Places from `start` on, `step` apart, each averaged over places `spread` around it, in pixels.
    pub(super) fn new(pixels: Pixels<'a>, start: [f32; 2], step: [f32; 2], spread: f32) -> Self {
        const ONE: f32 = (1 << Luma::FRACTION) as f32;
        // Conversions saturate.
        let spread = (spread * ONE) as i32;
        let last =
            |size: usize| (size.min(i16::MAX as usize) as i32 - 1) * (1 << Luma::FRACTION) - 1 - spread;
        let last = [last(pixels.luma.width()), last(pixels.luma.height())];
        let start = start.map(|at| ((at - 0.5) * ONE) as i32);
        Self { pixels, start, step: step.map(|part| (part * ONE) as i32), spread, last }
    }

    /// The place of a sample; in whole steps of a 256th, it may lie between two samples.
    #[inline]
    fn place(&self, number: i32, part: i32) -> [i32; 2] {
        [0, 1].map(|axis| self.start[axis] + self.step[axis] * number + ((self.step[axis] * part) >> 8))
    }

    /// Whether a place, and all that it is averaged over, are within the frame.
    #[inline]
    fn has(&self, at: [i32; 2]) -> bool {
        (0..2).all(|axis| at[axis] >= self.spread && at[axis] <= self.last[axis])
    }

    #[inline(always)]
    fn value(&self, [x, y]: [i32; 2]) -> i16 {
        if self.spread == 0 {
            return self.single(x, y);
        }
        let (left, right, top, bottom) = (x - self.spread, x + self.spread, y - self.spread, y + self.spread);
        let upper = self.single(left, top) + self.single(right, top);
        (upper + self.single(left, bottom) + self.single(right, bottom)) / 4
    }

    #[inline(always)]
    fn single(&self, x: i32, y: i32) -> i16 {
        self.pixels.luma.between(x, y)
    }
}

impl Samples for Slant<'_> {
    #[inline]
    fn read(&self, from: usize, out: &mut [i16; CHUNK]) -> usize {
        let place = |number: usize| self.place((from + number) as i32, 0);
        // Lines are straight and frames are convex.
        if self.has(place(0)) && self.has(place(CHUNK - 1)) {
            if self.spread == 0 {
                for (number, out) in out.iter_mut().enumerate() {
                    let [x, y] = place(number);
                    *out = self.single(x, y);
                }
            } else {
                for (number, out) in out.iter_mut().enumerate() {
                    *out = self.value(place(number));
                }
            }
            self.pixels.turn(out);
            return CHUNK;
        }
        let count = (0..CHUNK).take_while(|&number| self.has(place(number))).count();
        for (number, out) in out[..count].iter_mut().enumerate() {
            *out = self.value(place(number));
        }
        self.pixels.turn(out);
        count
    }

    fn between(&self, at: f32) -> Option<i16> {
        let whole = at as i32;
        let at = self.place(whole, ((at - whole as f32) * 256.0) as i32);
        let mut out = [if self.has(at) { self.value(at) } else { return None }];
        self.pixels.turn(&mut out);
        Some(out[0])
    }
}
