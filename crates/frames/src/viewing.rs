//! A camera is held before a screen that shows one code after another.

use qrcode::{EcLevel, QrCode};

use crate::canvas::Canvas;
use crate::card::{Card, Kind, Style};
use crate::random::Random;
use crate::screen::Screen;
use crate::shot::Shot;
use crate::{Frame, backdrop, fair};

/// Pixels between the code and the frame's edge.
const EDGE: f32 = 4.0;
/// How far a hand moves the picture of the code from look to look, in shares of the frame's height, and how far it
/// turns, in radians.
const TREMBLE: f32 = 0.012;
const TURN: f32 = 0.015;
/// What the picture moves by while the shutter is open, in shares of the frame's height: 1 pixel of 720.
const SMEAR: f32 = 1.0 / 720.0;

/// One screen, one camera, one hand: what does not change from look to look.
#[derive(Clone, Debug)]
pub struct Viewing {
    /// The code's side as a share of the frame's height.
    share: f32,
    backdrop: Canvas,
    screen: Option<Screen>,
    /// The radius of a point out of focus, in pixels.
    defocus: f32,
    /// Draws the same screen and hand for every look.
    fixed: Random,
    random: Random,
}

impl Viewing {
    /// A camera of `height` lines, 16:9 (of 4:3 up to 480 lines), held so that a code's side takes `share` of the
    /// height, the same for the same seed: a little out of focus, in half of all with moiré, by a hand that trembles.
    pub fn new(height: usize, share: f32, seed: u64) -> Self {
        let random = &mut Random::new(&[seed, 0x5c4ee]);
        let width = if height <= 480 { height * 4 / 3 } else { height * 16 / 9 };
        let screen = random.chance(0.5).then(|| Screen {
            // Set for each look, from the size of its modules.
            elements: random.range(1.7, 3.5),
            depth: [random.range(0.5, 1.5), random.range(0.2, 0.7)],
            blur: random.range(0.2, 0.4),
        });
        Self {
            share,
            backdrop: backdrop::draw(width, height, random),
            screen,
            defocus: random.range(0.0, 1.0 / 720.0) * height as f32,
            fixed: random.clone(),
            random: Random::new(&[random.number()]),
        }
    }

    /// A frame taken while the screen shows `text` in the smallest code of a level (`L`, `M`, `Q`, or else `H`); `None`
    /// where no code holds it.
    pub fn look(&mut self, text: &str, level: char) -> Option<Frame> {
        let level = match level {
            'L' => EcLevel::L,
            'M' => EcLevel::M,
            'Q' => EcLevel::Q,
            _ => EcLevel::H,
        };
        let code = QrCode::with_error_correction_level(text, level).ok()?;
        let mut fixed = self.fixed.clone();
        let style = Style { kind: Kind::Phone, quiet: 4, ink: 0.02, paper: 0.85, inverted: false };
        let card = Card::of(&mut fixed, style, text.to_owned(), &code);
        let shot = self.shot(&mut fixed, &card);
        Some(shot.take(&card, self.backdrop.clone(), &mut self.random))
    }

    fn shot(&mut self, fixed: &mut Random, card: &Card) -> Shot {
        let (width, height) = (self.backdrop.width, self.backdrop.height);
        let mut shot = fair::shot(fixed, [width, height], card);
        let height = height as f32;
        shot.covers.clear();
        shot.pose.module = self.share * height / card.modules as f32;
        shot.pose.roll = fixed.either(0.1);
        shot.pose = fair::place(fixed, &shot.view, shot.pose, card, EDGE + 2.0 * TREMBLE * height);
        let random = &mut self.random;
        shot.pose.at = shot.pose.at.map(|at| at + random.either(TREMBLE) * height);
        for turn in [&mut shot.pose.roll, &mut shot.pose.pitch, &mut shot.pose.yaw] {
            *turn += random.either(TURN);
        }
        shot.lens.motion = [0; 2].map(|_| random.either(SMEAR) * height);
        shot.lens.defocus = self.defocus;
        shot.screen =
            self.screen.map(|screen| Screen { elements: shot.pose.module / screen.elements, ..screen });
        shot
    }
}
