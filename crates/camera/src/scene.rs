//! Pictures as a camera would take them of a card: a code or a picture held before a desk.
//!
//! Pure: the same [`Scene`], [`Card`], [`Pose`], [`Conditions`] and frame number give the same pixels.

mod card;
mod homography;
mod noise;

pub use card::Card;

use homography::Homography;
use noise::{Noise, Texture};

/// How the card is held. [`Pose::default`] fills most of the frame, upright and flat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// The card's middle, off the frame's middle: right and down, in frame heights.
    pub offset: [f32; 2],
    /// The card's longer side, in frame heights.
    pub size: f32,
    /// Turned in the frame's plane, clockwise, in radians.
    pub turn: f32,
    /// Tilted out of that plane around the upright and the level axis, in radians; the far side looks smaller.
    pub tilt: [f32; 2],
}

/// What light and lens do to the picture. [`Conditions::default`] leaves it as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// Radius of the circle that a point becomes, in pixels.
    pub defocus: f32,
    /// Standard deviation of the noise, in luma steps of 255.
    pub noise: f32,
    /// 1 leaves black and white as they are, 0 makes all grey.
    pub contrast: f32,
    /// Everything is as many times as bright; below 1 is dark.
    pub light: f32,
    /// How much brighter the right and the lower edge are than the middle (0.3: by 30 %).
    pub gradient: [f32; 2],
}

impl Default for Pose {
    fn default() -> Self {
        Self { offset: [0.0; 2], size: 0.9, turn: 0.0, tilt: [0.0; 2] }
    }
}

impl Default for Conditions {
    fn default() -> Self {
        Self { defocus: 0.0, noise: 0.0, contrast: 1.0, light: 1.0, gradient: [0.0; 2] }
    }
}

/// A desk under a camera.
#[derive(Clone, Debug)]
pub struct Scene {
    width: usize,
    height: usize,
    texture: Texture,
    noise: Noise,
}

impl Scene {
    /// A desk as `seed` makes it, seen in `width × height` pixels (each at least 1 and at most
    /// [`MAX_SIDE`](crate::MAX_SIDE); other values are brought into that range).
    pub fn new(width: usize, height: usize, seed: u64) -> Self {
        let side = |length: usize| length.clamp(1, crate::MAX_SIDE);
        Self {
            width: side(width),
            height: side(height),
            texture: Texture::new(seed),
            noise: Noise::new(seed),
        }
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Renders frame number `number` into `out`: `width × height` bytes of luma, rows without gaps.
    ///
    /// The number only chooses the noise.
    pub fn render(
        &self,
        card: Option<(&Card, Pose)>,
        conditions: Conditions,
        number: u64,
        out: &mut Vec<u8>,
    ) {
        out.clear();
        out.reserve(self.width * self.height);
        let view = card.and_then(|(card, pose)| View::new(card, pose, conditions.defocus, self));
        let mut row = vec![0.0; self.width];
        for y in 0..self.height {
            self.texture.row(y as f32 / self.height as f32, &mut row);
            if let Some(view) = &view {
                view.draw(y, &mut row);
            }
            self.develop(y, &row, conditions, number, out);
        }
    }

    /// Light and noise, then whole numbers.
    fn develop(&self, y: usize, row: &[f32], conditions: Conditions, number: u64, out: &mut Vec<u8>) {
        let Conditions { contrast, light, gradient, noise, .. } = conditions;
        let (width, height) = (self.width as f32, self.height as f32);
        let down = 1.0 + gradient[1] * (2.0 * y as f32 / height - 1.0);
        let left = light * (down - gradient[0]);
        let step = light * gradient[0] * 2.0 / width;
        let grain = self.noise.row(number, y);
        out.extend(row.iter().zip(grain).enumerate().map(|(x, (&value, &grain))| {
            let value = GREY + (value - GREY) * contrast;
            // The conversion keeps to 0..=255 by itself.
            (value * (left + step * x as f32) + grain * noise + 0.5) as u8
        }));
    }
}

/// Numbers that look random, from a seed.
pub(crate) fn random(seed: u64) -> noise::Random {
    noise::Random::new(seed)
}

/// What low contrast draws everything towards.
const GREY: f32 = 128.0;

/// A card as it lies in the frame.
struct View<'a> {
    card: &'a Card,
    /// From frame pixels to card pixels.
    inverse: Homography,
    /// The box of frame pixels that the card can touch.
    rows: (usize, usize),
    columns: (usize, usize),
    /// Side of the square that one pixel gathers light from, in frame pixels.
    aperture: f32,
}

impl<'a> View<'a> {
    /// `None` where nothing of the card is to be seen.
    fn new(card: &'a Card, pose: Pose, defocus: f32, scene: &Scene) -> Option<Self> {
        let (width, height) = (scene.width as f32, scene.height as f32);
        let forward = Homography::of_pose(card, pose, width, height);
        let corners = forward.corners(card.width() as f32, card.height() as f32)?;
        // A disc of radius r blurs as much as a square of side √3·r; variances add up.
        let aperture = (1.0 + 3.0 * defocus * defocus).sqrt();
        let range = |axis: usize, end: usize| {
            let values = corners.map(|corner| corner[axis]);
            let least = values.into_iter().fold(f32::MAX, f32::min) - aperture;
            let most = values.into_iter().fold(f32::MIN, f32::max) + aperture;
            (least.max(0.0) as usize, (most.max(0.0) as usize).saturating_add(1).min(end))
        };
        let (columns, rows) = (range(0, scene.width), range(1, scene.height));
        Some(Self { card, inverse: forward.inverse()?, rows, columns, aperture })
    }

    fn draw(&self, y: usize, row: &mut [f32]) {
        if y < self.rows.0 || y >= self.rows.1 || self.columns.0 >= self.columns.1 {
            return;
        }
        let y = y as f32 + 0.5;
        let row = &mut row[self.columns.0..self.columns.1];
        for (part, values) in row.chunks_mut(SAME_SPREAD).enumerate() {
            let x = (self.columns.0 + part * SAME_SPREAD) as f32 + 0.5;
            let spread = self.inverse.spread(x + SAME_SPREAD as f32 / 2.0, y);
            let half = spread.map(|spread| (spread * self.aperture / 2.0).max(1e-3));
            for (right, value) in values.iter_mut().enumerate() {
                if let Some(at) = self.inverse.map(x + right as f32, y) {
                    *value = self.card.gather(at, half, *value);
                }
            }
        }
    }
}

/// For so many pixels side by side the scale is taken to be the same.
const SAME_SPREAD: usize = 16;

#[cfg(test)]
mod tests;
