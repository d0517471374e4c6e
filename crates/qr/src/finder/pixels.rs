//! Reading lightness out of a frame along lines: pixels, averaged a little, or places between them.

use crate::Luma;

/// Units of lightness a level of luma: averages have fractions.
pub(super) const UNIT: i32 = 16;
/// Fixed-point units of a pixel.
pub(super) const PIXEL: f32 = 256.0;
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
    /// Lightness of a pixel, averaged with those above and below it; `None` outside the frame.
    pub(super) fn at(&self, x: usize, y: usize) -> Option<i32> {
        if x >= self.luma.width() || y >= self.luma.height() {
            return None;
        }
        let mut out = [0; 1];
        let rows = self.rows(y);
        out[0] = weighed(rows.map(|row| row[x]));
        self.turn(&mut out);
        Some(out[0].into())
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

/// Places along any line, in fixed point; the middle of the first pixel is 0.
pub(super) struct Slant<'a> {
    pub(super) pixels: Pixels<'a>,
    pub(super) start: [i32; 2],
    pub(super) step: [f32; 2],
    /// Distance to the left, right, above and below of the places that each sample is averaged over; 0 for one place.
    pub(super) spread: i32,
}

impl Slant<'_> {
    fn place(&self, number: f32) -> [i32; 2] {
        [0, 1].map(|axis| self.start[axis] + (self.step[axis] * number) as i32)
    }

    /// Whether a place, and all that it is averaged over, are within the frame.
    fn has(&self, at: [i32; 2]) -> bool {
        let size = [self.pixels.luma.width(), self.pixels.luma.height()];
        // Between the middles of the first and of the last pixel.
        let inside =
            |at: i32, size: usize| at - self.spread >= 0 && ((at + self.spread) >> 8) as usize + 1 < size;
        inside(at[0], size[0]) && inside(at[1], size[1])
    }

    #[inline]
    fn value(&self, [x, y]: [i32; 2]) -> i16 {
        if self.spread == 0 {
            return self.single(x, y);
        }
        let (left, right, top, bottom) = (x - self.spread, x + self.spread, y - self.spread, y + self.spread);
        let upper = self.single(left, top) + self.single(right, top);
        (upper + self.single(left, bottom) + self.single(right, bottom)) / 4
    }

    #[inline]
    fn single(&self, x: i32, y: i32) -> i16 {
        let (left, top) = ((x >> 8) as usize, (y >> 8) as usize);
        let (right, below) = (x & 255, y & 255);
        let across = |row: &[u8]| i32::from(row[left]) * (256 - right) + i32::from(row[left + 1]) * right;
        let (upper, lower) = (across(self.pixels.luma.row(top)), across(self.pixels.luma.row(top + 1)));
        ((upper * (256 - below) + lower * below) >> 12) as i16
    }
}

impl Samples for Slant<'_> {
    #[inline]
    fn read(&self, from: usize, out: &mut [i16; CHUNK]) -> usize {
        let place = |number: usize| self.place((from + number) as f32);
        // Lines are straight and frames are convex.
        let count = if self.has(place(0)) && self.has(place(CHUNK - 1)) {
            CHUNK
        } else {
            (0..CHUNK).take_while(|&number| self.has(place(number))).count()
        };
        for (number, out) in out[..count].iter_mut().enumerate() {
            *out = self.value(place(number));
        }
        self.pixels.turn(out);
        count
    }

    fn between(&self, at: f32) -> Option<i16> {
        let at = self.place(at);
        let mut out = [if self.has(at) { self.value(at) } else { return None }];
        self.pixels.turn(&mut out);
        Some(out[0])
    }
}
