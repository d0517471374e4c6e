//! Luma planes and bitmaps out of uncompressed pictures.
//!
//! Every function answers `None` where `data` is shorter than its size says.

/// Bitmaps for the page are scaled down, by a whole number, to at most this width.
const PREVIEW_WIDTH: usize = 640;

/// Width and height in pixels.
type Size = (usize, usize);

pub(crate) fn copy_luma(data: &[u8], (width, height): Size, out: &mut Vec<u8>) -> Option<()> {
    let plane = data.get(..width.checked_mul(height)?)?;
    out.clear();
    out.extend_from_slice(plane);
    Some(())
}

pub(crate) fn yuyv_luma(data: &[u8], (width, height): Size, out: &mut Vec<u8>) -> Option<()> {
    let pairs = data.get(..width.checked_mul(height)?.checked_mul(2)?)?;
    out.clear();
    out.extend(pairs.chunks_exact(2).map(|pair| pair[0]));
    Some(())
}

pub(crate) fn rgb_luma(data: &[u8], (width, height): Size, out: &mut Vec<u8>) -> Option<()> {
    let pixels = data.get(..width.checked_mul(height)?.checked_mul(3)?)?;
    out.clear();
    // BT.601 weights in 1/256.
    out.extend(
        pixels
            .chunks_exact(3)
            .map(|p| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8),
    );
    Some(())
}

pub(crate) fn luma_bmp(data: &[u8], (width, height): Size) -> Option<Vec<u8>> {
    let plane = data.get(..width.checked_mul(height)?)?;
    let step = step(width);
    let (w, h) = (width / step, height / step);
    let mut bmp = bmp_header(w, h, 8);
    for y in 0..h {
        let row = &plane[y * step * width..][..width];
        bmp.extend(row.iter().step_by(step).take(w));
        pad(&mut bmp, w);
    }
    Some(bmp)
}

pub(crate) fn yuyv_bmp(data: &[u8], (width, height): Size) -> Option<Vec<u8>> {
    let pixels = data.get(..width.checked_mul(height)?.checked_mul(2)?)?;
    colour_bmp((width, height), |x, y| {
        let pair = &pixels[(y * width + (x & !1)) * 2..];
        // An odd width leaves the last pixel without its V: grey.
        let (u, v) = (pair[1], pair.get(3).copied().unwrap_or(128));
        bgr(pixels[(y * width + x) * 2], u, v)
    })
}

pub(crate) fn nv12_bmp(data: &[u8], (width, height): Size) -> Option<Vec<u8>> {
    let (luma, chroma) = data.split_at_checked(width.checked_mul(height)?)?;
    let chroma_stride = width.div_ceil(2) * 2;
    let chroma = chroma.get(..chroma_stride.checked_mul(height.div_ceil(2))?)?;
    colour_bmp((width, height), |x, y| {
        let at = y / 2 * chroma_stride + (x & !1);
        bgr(luma[y * width + x], chroma[at], chroma[at + 1])
    })
}

pub(crate) fn rgb_bmp(data: &[u8], (width, height): Size) -> Option<Vec<u8>> {
    let pixels = data.get(..width.checked_mul(height)?.checked_mul(3)?)?;
    colour_bmp((width, height), |x, y| {
        let at = (y * width + x) * 3;
        [pixels[at + 2], pixels[at + 1], pixels[at]]
    })
}

fn step(width: usize) -> usize {
    width.div_ceil(PREVIEW_WIDTH).max(1)
}

fn colour_bmp((width, height): Size, pixel: impl Fn(usize, usize) -> [u8; 3]) -> Option<Vec<u8>> {
    let step = step(width);
    let (w, h) = (width / step, height / step);
    let mut bmp = bmp_header(w, h, 24);
    for y in 0..h {
        bmp.extend((0..w).flat_map(|x| pixel(x * step, y * step)));
        pad(&mut bmp, w * 3);
    }
    Some(bmp)
}

/// Video-range YUV (BT.601) to blue, green, red.
fn bgr(y: u8, u: u8, v: u8) -> [u8; 3] {
    let y = (i32::from(y) - 16) * 298 + 128;
    let (u, v) = (i32::from(u) - 128, i32::from(v) - 128);
    let clamp = |value: i32| (value >> 8).clamp(0, 255) as u8;
    [clamp(y + 516 * u), clamp(y - 100 * u - 208 * v), clamp(y + 409 * v)]
}

/// Rows of a bitmap fill whole groups of four bytes.
fn pad(bmp: &mut Vec<u8>, row: usize) {
    bmp.extend(std::iter::repeat_n(0, row.next_multiple_of(4) - row));
}

/// BITMAPFILEHEADER, BITMAPINFOHEADER and, for 8 bits, a palette of greys. Rows go from top to bottom.
fn bmp_header(width: usize, height: usize, bits: usize) -> Vec<u8> {
    let colours = if bits == 8 { 256 } else { 0 };
    let offset = 14 + 40 + colours * 4;
    let pixels = (width * bits / 8).next_multiple_of(4) * height;
    let mut bmp = Vec::with_capacity(offset + pixels);
    bmp.extend(b"BM");
    for word in [offset + pixels, 0, offset, 40, width] {
        bmp.extend((word as u32).to_le_bytes());
    }
    bmp.extend((-(height as i32)).to_le_bytes());
    bmp.extend([1, 0, bits as u8, 0]);
    for word in [0, pixels, 2835, 2835, colours, 0] {
        bmp.extend((word as u32).to_le_bytes());
    }
    bmp.extend((0..colours).flat_map(|grey| [grey as u8, grey as u8, grey as u8, 0]));
    bmp
}

#[cfg(test)]
mod tests;
