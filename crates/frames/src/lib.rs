//! Frames such as a camera takes of dense QR certificates, drawn from a seed, with the truth of what they show.
//!
//! A card is placed in space before a pinhole camera, gathered into pixels by area in linear light, blurred by a
//! lens, and exposed on a noisy sensor. The drawing aims at the difficulties of real pictures, not at speed: it is
//! for tests and benchmarks.

mod backdrop;
mod canvas;
mod card;
mod compress;
mod conditions;
mod cover;
mod dirt;
mod fair;
mod glare;
mod idle;
mod optics;
mod print;
mod random;
mod scene;
mod screen;
mod sensor;
mod sequence;
mod shot;
#[cfg(test)]
mod tests;
mod trouble;
mod view;
mod viewing;

pub use sequence::Sequence;
pub use viewing::Viewing;

/// One difficulty, in the range that it has at a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// Held still in fair light.
    Mild,
    /// Strongly tilted.
    Perspective,
    /// Two pixels a module.
    SmallModules,
    /// Out of focus.
    Defocus,
    /// Moved while the shutter was open.
    Motion,
    /// Hardly any light: noise.
    LowLight,
    /// Dark and light differ by 15 to 40 levels.
    LowContrast,
    /// A lamp or window mirrored in the card.
    Glare,
    /// A screen whose grid beats with the camera's.
    Moire,
    /// Light modules on a dark ground.
    Inverted,
    /// Around a bottle or a hand, and through a lens that bends lines.
    Curved,
    /// Scratched, stained, creased, written upon.
    Dirty,
    /// A finger or a thing lies over a part, within what error correction can carry.
    Covered,
}

impl Condition {
    /// Every condition.
    pub const ALL: [Self; 13] = [
        Self::Mild,
        Self::Perspective,
        Self::SmallModules,
        Self::Defocus,
        Self::Motion,
        Self::LowLight,
        Self::LowContrast,
        Self::Glare,
        Self::Moire,
        Self::Inverted,
        Self::Curved,
        Self::Dirty,
        Self::Covered,
    ];

    /// For tables and file names: lower case, words joined by hyphens.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mild => "mild",
            Self::Perspective => "perspective",
            Self::SmallModules => "small-modules",
            Self::Defocus => "defocus",
            Self::Motion => "motion",
            Self::LowLight => "low-light",
            Self::LowContrast => "low-contrast",
            Self::Glare => "glare",
            Self::Moire => "moire",
            Self::Inverted => "inverted",
            Self::Curved => "curved",
            Self::Dirty => "dirty",
            Self::Covered => "covered",
        }
    }
}

/// A frame and its truth.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// One byte a pixel, row by row, without padding.
    pub luma: Vec<u8>,
    /// What the code says; empty where no code is.
    pub text: String,
    /// The code's version; 0 where no code is.
    pub version: u8,
    /// The code's outer corners in pixels, from the frame's left upper corner (a pixel's middle is at `+ 0.5`): first
    /// the corner of the finder between the other two, then clockwise on the card.
    pub corners: [[f32; 2]; 4],
}

/// The frame of a condition that has this number, the same for the same seed.
///
/// Frames are 1280 × 720 or 1920 × 1080, codes versions 10 to 25 at levels L, M and Q, texts `HC1:` and letters of
/// base45. The whole code is within the frame.
pub fn render(condition: Condition, index: u32, seed: u64) -> Frame {
    conditions::render(condition, index, seed)
}

/// A frame without a code, the same for the same seed: desks, people, pages, shelves, stripes, textiles, darkness and
/// more, in turn. It is 16:9 and of 4:3 up to 480 lines; heights are taken as within 16 to 4320.
pub fn idle(height: usize, index: u32, seed: u64) -> Frame {
    idle::render(height, index, seed)
}

/// A hand brings a card from out of view to where its code can be read, the same for the same seed.
pub fn sequence(index: u32, seed: u64) -> Sequence {
    Sequence::new(index, seed)
}
