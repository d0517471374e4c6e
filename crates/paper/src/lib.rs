//! Drawing on a PDF page: text that fits, boxes, lines. Points (1/72 inch) from the top left; the fonts (DejaVu Sans,
//! regular and bold) are embedded, as far as their letters are used.

mod document;

use krilla::Data;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

pub use document::{A4, Document};
pub use krilla::surface::Surface as Sheet;

static REGULAR: &[u8] = include_bytes!("../fonts/DejaVuSans.subset.ttf");
static BOLD: &[u8] = include_bytes!("../fonts/DejaVuSans-Bold.subset.ttf");

/// Smallest size of text, in points; what does not fit at it is cut.
const MIN_SIZE: f32 = 6.5;

/// What keeps a page from being made.
#[derive(Debug)]
pub struct Error(pub String);

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// Red, green, blue.
pub type Colour = (u8, u8, u8);

/// The two weights of the printed page's font, made once per document.
pub struct Fonts {
    regular: Face,
    bold: Face,
}

/// One font: what draws it, and what measures it.
pub struct Face {
    font: Font,
    metrics: FontRef<'static>,
}

/// How a text is set.
#[derive(Clone, Copy)]
pub struct Style<'a> {
    /// Which font.
    pub face: &'a Face,
    /// Points.
    pub size: f32,
    /// Of the letters.
    pub colour: Colour,
}

impl Fonts {
    /// The built-in fonts.
    pub fn new() -> Result<Self, Error> {
        Ok(Self { regular: Face::new(REGULAR)?, bold: Face::new(BOLD)? })
    }

    /// Text in the regular weight; size in points.
    pub fn regular(&self, size: f32, colour: Colour) -> Style<'_> {
        Style { face: &self.regular, size, colour }
    }

    /// Text in bold; size in points.
    pub fn bold(&self, size: f32, colour: Colour) -> Style<'_> {
        Style { face: &self.bold, size, colour }
    }

    /// Whether every character can be printed.
    pub fn covers(&self, text: &str) -> bool {
        text.chars().all(|character| self.bold.covers(character) && self.regular.covers(character))
    }
}

impl Face {
    fn new(bytes: &'static [u8]) -> Result<Self, Error> {
        let spoilt = || Error("the built-in font is spoilt".into());
        let font = Font::new(Data::from(bytes), 0).ok_or_else(spoilt)?;
        Ok(Self { font, metrics: FontRef::new(bytes).map_err(|_| spoilt())? })
    }

    fn covers(&self, character: char) -> bool {
        self.metrics.charmap().map(character).is_some()
    }

    /// Width in points, kerning left out.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        let charmap = self.metrics.charmap();
        let metrics = self.metrics.glyph_metrics(Size::new(size), LocationRef::default());
        text.chars().filter_map(|character| metrics.advance_width(charmap.map(character)?)).sum()
    }
}

/// A line of text with its baseline at `y`, made smaller and at last cut so that it is no
/// wider than `width`. Gives back its width.
pub fn text(surface: &mut Surface<'_>, style: Style<'_>, x: f32, y: f32, width: f32, text: &str) -> f32 {
    let text: String =
        text.chars().map(|letter| if style.face.covers(letter) { letter } else { '?' }).collect();
    let (text, size) = fitted(style, width, text);
    fill(surface, style.colour);
    surface.draw_text(
        Point::from_xy(x, y),
        style.face.font.clone(),
        size,
        &text,
        false,
        TextDirection::LeftToRight,
    );
    style.face.width(&text, size)
}

/// [`text`] in the middle of `left` and `left + width`.
pub fn centred(surface: &mut Surface<'_>, style: Style<'_>, left: f32, y: f32, width: f32, line: &str) {
    let taken = style.face.width(line, style.size).min(width);
    text(surface, style, left + (width - taken) / 2.0, y, width, line);
}

/// [`text`] that ends at `right`.
pub fn flush_right(surface: &mut Surface<'_>, style: Style<'_>, right: f32, y: f32, width: f32, line: &str) {
    let taken = style.face.width(line, style.size).min(width);
    text(surface, style, right - taken, y, width, line);
}

/// A filled rectangle.
pub fn rectangle(surface: &mut Surface<'_>, colour: Colour, (x, y, width, height): (f32, f32, f32, f32)) {
    let Some(rect) = Rect::from_xywh(x, y, width, height) else { return };
    let mut path = PathBuilder::new();
    path.push_rect(rect);
    if let Some(path) = path.finish() {
        fill(surface, colour);
        surface.draw_path(&path);
    }
}

/// What is drawn next is filled with this colour.
pub fn fill(surface: &mut Surface<'_>, (red, green, blue): Colour) {
    surface.set_fill(Some(Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        rule: FillRule::NonZero,
        ..Fill::default()
    }));
}

/// The size at which the text fits, and the text, cut where even the smallest does not do.
fn fitted(style: Style<'_>, width: f32, mut text: String) -> (String, f32) {
    let natural = style.face.width(&text, style.size);
    if natural <= width {
        return (text, style.size);
    }
    let size = (style.size * width / natural).max(MIN_SIZE.min(style.size));
    if style.face.width(&text, size) > width * 1.001 {
        while !text.is_empty() && style.face.width(&text, size) + style.face.width("…", size) > width {
            text.pop();
        }
        text.push('…');
    }
    (text, size)
}
