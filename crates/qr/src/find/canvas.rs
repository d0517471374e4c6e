//! The pixels that rqrr searches and paints: metered, and never copied.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use image::{GenericImage, GenericImageView, Luma};

use super::guard;

/// Pixels, row by row.
pub(super) type Pixels = Vec<Cell<u8>>;

/// Pixels that one search may touch, above [`TOUCHES_PER_PIXEL`]: about half a second on a slow desktop core.
const TOUCHES: u64 = 150_000_000;
/// What thresholding, scanning and filling need at least, so that big frames have as much left for grouping.
const TOUCHES_PER_PIXEL: u64 = 40;
/// Finder patterns in one search. Sorting candidate pairs grows with the cube of their number and touches no pixels.
const MAX_FINDERS: usize = 400;

/// rqrr paints a finder's ring with these values, one after the other, each time that it has found one.
const PAINT_RING: u8 = 4;
const PAINT_FINDER: u8 = 2;

/// An image whose clones are trials: a clone shares the pixels and takes back what it painted when it is dropped.
///
/// rqrr clones the image for every group of finders that it tries, paints a few modules, and drops the clone before
/// it touches the original again. Copying megapixels for that takes most of its time.
pub(super) struct Canvas {
    sheet: Rc<Sheet>,
    /// For a trial, the length of the journal when it began.
    trial: Option<usize>,
}

/// The way to get the pixels back once the search is over.
pub(super) struct Lease(Rc<Sheet>);

struct Sheet {
    pixels: Pixels,
    width: usize,
    height: usize,
    /// Places painted in trials, with the values to take them back to.
    journal: RefCell<Vec<(usize, u8)>>,
    touches_left: Cell<u64>,
    finders: Cell<usize>,
    last_paint: Cell<u8>,
}

impl Canvas {
    /// A canvas of `width` × `height` pixels, each side at least 1.
    pub(super) fn new(pixels: Pixels, width: usize, height: usize) -> (Self, Lease) {
        let touches = TOUCHES + TOUCHES_PER_PIXEL * pixels.len() as u64;
        let sheet = Rc::new(Sheet {
            pixels,
            width,
            height,
            journal: RefCell::default(),
            touches_left: Cell::new(touches),
            finders: Cell::new(0),
            last_paint: Cell::new(0),
        });
        (Self { sheet: Rc::clone(&sheet), trial: None }, Lease(sheet))
    }
}

impl Lease {
    /// The pixels' memory; new memory while a canvas still lives.
    pub(super) fn reclaim(self) -> Pixels {
        Rc::try_unwrap(self.0).map(|sheet| sheet.pixels).unwrap_or_default()
    }
}

impl Clone for Canvas {
    fn clone(&self) -> Self {
        Self { sheet: Rc::clone(&self.sheet), trial: Some(self.sheet.journal.borrow().len()) }
    }
}

impl Drop for Canvas {
    fn drop(&mut self) {
        if let Some(start) = self.trial {
            for (place, value) in self.sheet.journal.borrow_mut().drain(start..).rev() {
                self.sheet.pixels[place].set(value);
            }
        }
    }
}

impl Sheet {
    fn place(&self, x: u32, y: u32) -> usize {
        y as usize * self.width + x as usize
    }

    fn touch(&self) {
        match self.touches_left.get().checked_sub(1) {
            Some(left) => self.touches_left.set(left),
            None => guard::stop(),
        }
    }

    fn count_finders(&self, paint: u8) {
        if self.last_paint.replace(paint) == PAINT_RING && paint == PAINT_FINDER {
            self.finders.set(self.finders.get() + 1);
            if self.finders.get() > MAX_FINDERS {
                guard::stop();
            }
        }
    }
}

impl GenericImageView for Canvas {
    type Pixel = Luma<u8>;

    /// Metered as well: the search for alignment patterns can wander far outside the image.
    fn dimensions(&self) -> (u32, u32) {
        self.sheet.touch();
        (self.sheet.width as u32, self.sheet.height as u32) // safe: bounded by MAX_PIXELS
    }

    fn get_pixel(&self, x: u32, y: u32) -> Luma<u8> {
        self.sheet.touch();
        Luma([self.sheet.pixels[self.sheet.place(x, y)].get()])
    }
}

impl GenericImage for Canvas {
    fn put_pixel(&mut self, x: u32, y: u32, pixel: Luma<u8>) {
        let sheet = &*self.sheet;
        sheet.touch();
        sheet.count_finders(pixel.0[0]);
        let place = sheet.place(x, y);
        let before = sheet.pixels[place].replace(pixel.0[0]);
        if self.trial.is_some() {
            sheet.journal.borrow_mut().push((place, before));
        }
    }

    /// Shared pixels cannot be borrowed; rqrr only gets and puts.
    fn get_pixel_mut(&mut self, _x: u32, _y: u32) -> &mut Luma<u8> {
        unreachable!("deprecated, and not part of rqrr's image buffer")
    }

    fn blend_pixel(&mut self, x: u32, y: u32, pixel: Luma<u8>) {
        self.put_pixel(x, y, pixel);
    }
}
