//! What is held before the camera.

use qr::Luma;
use qrcode::{Color, EcLevel, QrCode};

/// A flat picture, kept as sums so that light is gathered from any rectangle of it in the same time.
#[derive(Clone, Debug)]
pub struct Card {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
    /// `(width + 1) × (height + 1)`: what all pixels left of and above a corner sum up to.
    sums: Vec<u32>,
}

/// A card of more pixels is refused: its sums would not fit (255 × 4096 × 4096 < 2³²).
const MOST_PIXELS: usize = 4096 * 4096;

/// Modules of white around a code (ISO/IEC 18004, 6.3.8).
const QUIET_ZONE: usize = 4;

/// Ink and paper are neither black nor white.
const INK: u8 = 25;
const PAPER: u8 = 230;

impl Card {
    /// A QR code of `text` with error correction level M, one pixel a module; `None` where it is too long.
    pub fn code(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let (modules, size) = (code.width(), code.width() + 2 * QUIET_ZONE);
        let mut luma = vec![PAPER; size * size];
        for (index, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                luma[(index / modules + QUIET_ZONE) * size + index % modules + QUIET_ZONE] = INK;
            }
        }
        Self::picture(Luma::new(&luma, size, size, size)?)
    }

    /// A picture as it is; `None` where it has more than 4096 × 4096 pixels.
    pub fn picture(luma: Luma<'_>) -> Option<Self> {
        let (width, height) = (luma.width(), luma.height());
        if width.checked_mul(height)? > MOST_PIXELS {
            return None;
        }
        let mut sums = vec![0; (width + 1) * (height + 1)];
        for y in 0..height {
            let (above, below) = sums.split_at_mut((y + 1) * (width + 1));
            let above = &above[y * (width + 1)..];
            let mut sum = 0;
            for (x, &value) in luma.row(y).iter().enumerate() {
                sum += u32::from(value);
                below[x + 1] = above[x + 1] + sum;
            }
        }
        let pixels = (0..height).flat_map(|y| luma.row(y)).copied().collect();
        Some(Self { width, height, pixels, sums })
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The mean over a rectangle around `at` that reaches `half` to either side, in card pixels; `around` fills
    /// what lies beyond the card.
    #[inline]
    pub(super) fn gather(&self, at: [f32; 2], half: [f32; 2], around: f32) -> f32 {
        let (width, height) = (self.width as f32, self.height as f32);
        let (left, right) = ((at[0] - half[0]).clamp(0.0, width), (at[0] + half[0]).clamp(0.0, width));
        let (top, bottom) = ((at[1] - half[1]).clamp(0.0, height), (at[1] + half[1]).clamp(0.0, height));
        let inside = (right - left) * (bottom - top);
        if inside <= 0.0 {
            return around;
        }
        let area = 4.0 * half[0] * half[1];
        let (column, row) = (left as usize, top as usize);
        if column == right as usize && row == bottom as usize && column < self.width && row < self.height {
            // Within one pixel, as most are of a code seen from near.
            let value = f32::from(self.pixels[row * self.width + column]);
            return (value * inside + around * (area - inside)) / area;
        }
        let (left, right) = (Cut::new(left, self.width), Cut::new(right, self.width));
        let (top, bottom) = (Cut::new(top, self.height), Cut::new(bottom, self.height));
        let sum = self.sum(&right, &bottom) - self.sum(&left, &bottom) - self.sum(&right, &top)
            + self.sum(&left, &top);
        (sum as f32 + around * (area - inside)) / area
    }

    /// The sum of all that is left of and above a point between pixels.
    #[inline]
    fn sum(&self, x: &Cut, y: &Cut) -> f64 {
        let stride = self.width + 1;
        let along = |row: usize| {
            let row = &self.sums[row * stride..][..stride];
            let (before, after) = (f64::from(row[x.before]), f64::from(row[x.after]));
            before + (after - before) * x.share
        };
        let (upper, lower) = (along(y.before), along(y.after));
        upper + (lower - upper) * y.share
    }
}

/// A cut through a row or a column of pixels.
struct Cut {
    before: usize,
    after: usize,
    share: f64,
}

impl Cut {
    /// `at` is within `0..=length`.
    fn new(at: f32, length: usize) -> Self {
        let before = (at as usize).min(length);
        Self { before, after: (before + 1).min(length), share: f64::from(at) - before as f64 }
    }
}
