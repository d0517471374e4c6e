//! What is held before the camera: a certificate's code with what is printed or shown around it.

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

use crate::canvas::Canvas;
use crate::print;
use crate::random::Random;

/// How much light each place of a card returns, and the code's truth.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    pub(crate) canvas: Canvas,
    /// The code's left upper corner in canvas pixels.
    pub(crate) origin: [f32; 2],
    /// Modules along the code's side.
    pub(crate) modules: usize,
    pub(crate) text: String,
    pub(crate) version: u8,
    /// The share of codewords that the code's level repairs (ISO/IEC 18004, table 9).
    pub(crate) repairs: f32,
    /// Canvas pixels of a telephone's frame on the left and right, and above and below.
    pub(crate) rim: [usize; 2],
    /// A screen shines by itself, whatever light falls on it.
    pub(crate) shines: bool,
}

/// Canvas pixels a module: edges of modules fall between them.
pub(crate) const TEXELS: usize = 6;

/// What a card is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) kind: Kind,
    /// Modules of plain ground around the code; the standard asks for 4 (ISO/IEC 18004, 6.3.8).
    pub(crate) quiet: usize,
    /// The share of light that comes back from ink and from paper.
    pub(crate) ink: f32,
    pub(crate) paper: f32,
    /// Light modules on a dark ground.
    pub(crate) inverted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A sheet of which much more than the code may be seen.
    Sheet,
    /// A small card with hardly anything but the code.
    Label,
    /// A telephone's screen in its dark frame.
    Phone,
}

impl Style {
    /// As most are: well printed, or on a bright screen.
    pub(crate) fn usual(random: &mut Random) -> Self {
        let kind = random.pick(&[Kind::Sheet, Kind::Sheet, Kind::Label, Kind::Phone, Kind::Phone]);
        let ink = if kind == Kind::Phone { random.range(0.01, 0.04) } else { random.range(0.03, 0.09) };
        let paper = random.range(0.72, 0.92);
        Self { kind, quiet: random.pick(&[4, 4, 4, 4, 3, 2]), ink, paper, inverted: false }
    }
}

/// Bits that a segment of alphanumeric mode spends before its first letter: the mode, and the count in
/// versions 10 to 26 (ISO/IEC 18004, table 3).
const HEADER_BITS: usize = 4 + 11;

/// The alphabet of RFC 9285.
const BASE45: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// A health certificate's text as long as a version holds, and its code.
fn certificate(random: &mut Random) -> (String, QrCode) {
    // Real certificates crowd between 11 and 19.
    let number = if random.chance(0.75) { random.whole(11, 19) } else { random.whole(10, 25) };
    let level = random.pick(&[EcLevel::L, EcLevel::M, EcLevel::M, EcLevel::Q, EcLevel::Q]);
    let version = Version::Normal(number as i16);
    let bits = Bits::new(version).max_len(level).expect("versions up to 25 have every level");
    // Two letters take 11 bits.
    let most = (bits - HEADER_BITS) * 2 / 11;
    let length = most - random.whole(0, most / 12);
    let letters = (4..length).map(|_| char::from(random.pick(BASE45)));
    let text: String = "HC1:".chars().chain(letters).collect();
    let code = QrCode::with_version(&text, version, level).expect("the text was cut to fit");
    (text, code)
}

impl Card {
    /// A health certificate on a card.
    pub(crate) fn new(random: &mut Random, style: Style) -> Self {
        let (text, code) = certificate(random);
        Self::of(random, style, text, &code)
    }

    /// A code that says this text on a card.
    pub(crate) fn of(random: &mut Random, style: Style, text: String, code: &QrCode) -> Self {
        let modules = code.width();
        let version = ((modules - 17) / 4) as u8;
        let repairs = match code.error_correction_level() {
            EcLevel::L => 0.07,
            EcLevel::M => 0.15,
            EcLevel::Q => 0.25,
            EcLevel::H => 0.3,
        };
        // Modules of card beyond the code: left, top, right, bottom.
        let quiet = style.quiet as f32;
        let side = modules as f32;
        let margins = match style.kind {
            Kind::Label => [0; 4].map(|_| quiet + random.range(0.0, 3.0)),
            Kind::Sheet => [0; 4].map(|_| quiet + side * random.range(0.05, 0.6)),
            Kind::Phone => {
                let across = quiet + random.range(0.5, 4.0);
                [across, quiet + side * random.range(0.3, 0.5), across, quiet + side * random.range(0.3, 0.6)]
            }
        }
        .map(|margin: f32| (margin * TEXELS as f32).round());
        let size = modules * TEXELS;
        let width = size + (margins[0] + margins[2]) as usize;
        let height = size + (margins[1] + margins[3]) as usize;
        let (light, dark) = if style.inverted { (style.ink, style.paper) } else { (style.paper, style.ink) };
        let origin = [margins[0], margins[1]];
        let mut card = Self {
            canvas: Canvas::new(width, height, light),
            origin,
            modules,
            text,
            version,
            repairs,
            rim: [0; 2],
            shines: style.kind == Kind::Phone,
        };
        card.draw_code(code, dark);
        card.draw_around(random, style, light, dark);
        card
    }

    fn draw_code(&mut self, code: &QrCode, dark: f32) {
        let (left, top) = (self.origin[0] as usize, self.origin[1] as usize);
        for (index, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                let x = left + index % self.modules * TEXELS;
                let y = top + index / self.modules * TEXELS;
                (y..y + TEXELS).for_each(|y| self.canvas.row_mut(y)[x..x + TEXELS].fill(dark));
            }
        }
    }

    /// Print wherever the quiet zone leaves room.
    fn draw_around(&mut self, random: &mut Random, style: Style, light: f32, dark: f32) {
        let texels = TEXELS as f32;
        let (width, height) = (self.canvas.width as f32, self.canvas.height as f32);
        let quiet = style.quiet as f32 * texels;
        let side = (self.modules * TEXELS) as f32;
        let [left, top] = self.origin;
        let (right, bottom) = (left + side + quiet, top + side + quiet);
        let (left, top) = (left - quiet, top - quiet);
        let edge = 2.0 * texels;
        let rooms = [
            [edge, edge, width - edge, top],
            [edge, bottom, width - edge, height - edge],
            [edge, top, left, bottom],
            [right, top, width - edge, bottom],
        ];
        for room in rooms {
            if room[2] - room[0] > 6.0 * texels && room[3] - room[1] > 3.0 * texels {
                let line = texels * random.range(2.2, 5.0);
                match random.whole(0, 5) {
                    0 => {}
                    1 => print::table(&mut self.canvas, random, room, line, dark),
                    2 => print::portrait(&mut self.canvas, random, room),
                    _ => print::paragraph(&mut self.canvas, random, room, line, dark),
                }
            }
        }
        match style.kind {
            Kind::Phone => self.frame(random, light),
            _ if random.chance(0.4) => {
                let edge = texels * 0.7;
                print::border(
                    &mut self.canvas,
                    [edge, edge, width - edge, height - edge],
                    texels * 0.5,
                    dark,
                );
            }
            _ => {}
        }
    }

    /// Puts a telephone's dark frame around the screen.
    fn frame(&mut self, random: &mut Random, light: f32) {
        let (across, down) = (TEXELS * random.whole(2, 5), TEXELS * random.whole(5, 14));
        let (width, height) = (self.canvas.width + 2 * across, self.canvas.height + 2 * down);
        let mut framed = Canvas::new(width, height, light.min(random.range(0.01, 0.06)));
        for y in 0..self.canvas.height {
            framed.row_mut(y + down)[across..width - across].copy_from_slice(self.canvas.row(y));
        }
        self.canvas = framed;
        self.rim = [across, down];
        self.origin = [self.origin[0] + across as f32, self.origin[1] + down as f32];
    }

    /// The card's four corners, or the code's, in modules from the code's middle.
    pub(crate) fn outline(&self) -> [[f32; 2]; 4] {
        let middle = self.modules as f32 / 2.0;
        let texels = TEXELS as f32;
        let [left, top] = self.origin.map(|origin| -origin / texels - middle);
        let (right, bottom) =
            (left + self.canvas.width as f32 / texels, top + self.canvas.height as f32 / texels);
        [[left, top], [right, top], [right, bottom], [left, bottom]]
    }

    /// The code's corners in modules from its middle, from the one of the finder between the other two finders,
    /// clockwise on the card; `beyond` modules further out.
    pub(crate) fn code_corners(&self, beyond: f32) -> [[f32; 2]; 4] {
        let half = self.modules as f32 / 2.0 + beyond;
        [[-half, -half], [half, -half], [half, half], [-half, half]]
    }
}
