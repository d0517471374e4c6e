//! A text as the modules of a QR code.

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

use crate::error::Error;

/// Light modules around a code (ISO/IEC 18004 §6.3.8).
pub(super) const QUIET: usize = 4;
/// Most alphanumeric characters at level M: version 40 (ISO/IEC 18004, table 7).
pub const MAX_TEXT: usize = 3_391;

/// A QR code without its quiet zone.
pub(super) struct Code {
    /// Dark modules, row by row.
    dark: Vec<bool>,
    /// Modules per side.
    pub(super) width: usize,
}

/// A run of dark modules in one row.
pub(super) struct Run {
    /// First column.
    pub(super) x: usize,
    /// Row.
    pub(super) y: usize,
    /// Modules.
    pub(super) length: usize,
}

/// The version (1 to 40) of the code that `text` becomes, and its level, `M` or `Q`.
pub fn version(text: &str) -> Result<(u8, char), Error> {
    let code = encode(text)?;
    let level = if code.error_correction_level() == EcLevel::Q { 'Q' } else { 'M' };
    Ok((number(code.version()) as u8, level)) // safe: at most 40
}

impl Code {
    pub(super) fn new(text: &str) -> Result<Self, Error> {
        let code = encode(text)?;
        let width = code.width();
        let dark = code.into_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { dark, width })
    }

    /// Whether the module is dark; light beyond the edges.
    pub(super) fn dark(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dark.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// The dark modules as horizontal runs, each as long as can be.
    pub(super) fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        for y in 0..self.width {
            let mut x = 0;
            while x < self.width {
                let length = (x..self.width).take_while(|x| self.dark(*x, y)).count();
                if length > 0 {
                    runs.push(Run { x, y, length });
                }
                x += length.max(1);
            }
        }
        runs
    }
}

/// Level M in the smallest version, and Q where that costs no larger one: on a
/// cheap camera larger modules are worth more than a higher level.
fn encode(text: &str) -> Result<QrCode, Error> {
    let too_long = |_| Error::TooLongForQr(text.chars().count());
    let medium = QrCode::with_error_correction_level(text, EcLevel::M).map_err(too_long)?;
    let medium = smaller(text, number(medium.version())).unwrap_or(medium);
    match QrCode::with_version(text, medium.version(), EcLevel::Q) {
        Ok(quartile) => Ok(quartile),
        Err(_) => Ok(medium),
    }
}

/// One version less, where the text fits it as a single alphanumeric segment: `qrcode` splits it wherever a few digits
/// stand together, and now and then that costs more than it saves.
fn smaller(text: &str, version: i16) -> Option<QrCode> {
    let mut bits = Bits::new(Version::Normal(version.checked_sub(1).filter(|version| *version > 0)?));
    let alphanumeric =
        |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() || b" $%*+-./:".contains(&byte);
    if !text.bytes().all(alphanumeric) {
        return None;
    }
    bits.push_alphanumeric_data(text.as_bytes()).ok()?;
    bits.push_terminator(EcLevel::M).ok()?;
    QrCode::with_bits(bits, EcLevel::M).ok()
}

fn number(version: Version) -> i16 {
    match version {
        Version::Normal(number) | Version::Micro(number) => number,
    }
}
