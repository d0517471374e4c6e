//! PNG and SVG.

use std::fmt::Write as _;

use super::code::{Code, QUIET};
use crate::error::Error;

/// Most pixels per module.
pub const MAX_SCALE: u32 = 64;

/// A PNG of `text` as a QR code, one bit per pixel, `scale` pixels per module (1 to
/// [`MAX_SCALE`]), with a quiet zone of four modules.
pub fn png(text: &str, scale: u32) -> Result<Vec<u8>, Error> {
    if !(1..=MAX_SCALE).contains(&scale) {
        return Err(Error::field("scale", format!("must be 1 to {MAX_SCALE} pixels per module")));
    }
    let code = Code::new(text)?;
    let modules = code.width + 2 * QUIET;
    let scale = scale as usize;
    let mut pixels = Vec::new();
    for y in 0..modules {
        let row = bit_row(&code, y, scale);
        (0..scale).for_each(|_| pixels.extend_from_slice(&row));
    }
    let side = (modules * scale) as u32; // safe: at most 185 × 64
    write_png(side, &pixels).map_err(|error| Error::Picture(error.to_string()))
}

/// An SVG of `text` as a QR code, one unit per module, with a quiet zone of four modules.
pub fn svg(text: &str) -> Result<String, Error> {
    let code = Code::new(text)?;
    let side = code.width + 2 * QUIET;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\""
    );
    for run in code.runs() {
        let (x, y, length) = (run.x + QUIET, run.y + QUIET, run.length);
        // safe: writing to a String cannot fail
        let _ = write!(svg, "M{x} {y}h{length}v1h-{length}z");
    }
    svg.push_str("\"/></svg>\n");
    Ok(svg)
}

/// One row of pixels, eight to a byte; a set bit is white.
fn bit_row(code: &Code, y: usize, scale: usize) -> Vec<u8> {
    let width = (code.width + 2 * QUIET) * scale;
    let mut row = vec![0xff; width.div_ceil(8)];
    for pixel in 0..width {
        let module = (pixel / scale).checked_sub(QUIET).zip(y.checked_sub(QUIET));
        if module.is_some_and(|(x, y)| code.dark(x, y)) {
            row[pixel / 8] &= !(0x80 >> (pixel % 8)); // safe: below the width
        }
    }
    row
}

fn write_png(side: u32, pixels: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(file)
}
