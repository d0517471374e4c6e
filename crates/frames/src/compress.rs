//! What a camera's compression does to a frame: blocks of 8 × 8 lose their fine parts (as in JPEG, ITU-T T.81).

use std::f32::consts::PI;

const SIDE: usize = 8;

/// Divisors for luma at quality 50 (ITU-T T.81, table K.1).
#[rustfmt::skip]
const LUMA_DIVISORS: [f32; 64] = [
    16., 11., 10., 16., 24., 40., 51., 61.,
    12., 12., 14., 19., 26., 58., 60., 55.,
    14., 13., 16., 24., 40., 57., 69., 56.,
    14., 17., 22., 29., 51., 87., 80., 62.,
    18., 22., 37., 56., 68., 109., 103., 77.,
    24., 35., 55., 64., 81., 104., 113., 92.,
    49., 64., 78., 87., 103., 121., 120., 101.,
    72., 92., 95., 98., 112., 100., 103., 99.,
];

/// Quantises every block at a quality of 1 to 100. What does not fill a block stays as it is.
pub(crate) fn compress(values: &mut [f32], width: usize, quality: u8) {
    let quality = f32::from(quality.clamp(1, 100));
    let scale = if quality < 50.0 { 50.0 / quality } else { 2.0 - quality / 50.0 };
    let divisors = LUMA_DIVISORS.map(|divisor| (divisor * scale).round().max(1.0));
    let basis = basis();
    let height = values.len() / width;
    for top in (0..height / SIDE * SIDE).step_by(SIDE) {
        for left in (0..width / SIDE * SIDE).step_by(SIDE) {
            let mut block = [[0.0; SIDE]; SIDE];
            for (y, row) in block.iter_mut().enumerate() {
                row.copy_from_slice(&values[(top + y) * width + left..][..SIDE]);
            }
            quantise(&mut block, &basis, &divisors);
            for (y, row) in block.iter().enumerate() {
                values[(top + y) * width + left..][..SIDE].copy_from_slice(row);
            }
        }
    }
}

type Block = [[f32; SIDE]; SIDE];

/// Rows are the cosines of the transform (T.81, A.3.3), each of length 1.
fn basis() -> Block {
    std::array::from_fn(|frequency| {
        let scale: f32 = if frequency == 0 { 0.125 } else { 0.25 };
        std::array::from_fn(|at| scale.sqrt() * (PI / 16.0 * ((2 * at + 1) * frequency) as f32).cos())
    })
}

fn quantise(block: &mut Block, basis: &Block, divisors: &[f32; 64]) {
    let turned = transposed(basis);
    let mut parts = product(&product(basis, block), &turned);
    for (part, divisor) in parts.iter_mut().flatten().zip(divisors) {
        *part = rounded(*part / divisor) * divisor;
    }
    *block = product(&product(&turned, &parts), basis);
}

/// To the next whole number, for anything below 2²²: beyond 2²³ a float has no places after the point. Without this a
/// call per number takes longer than the rest of the transform.
fn rounded(value: f32) -> f32 {
    const SHIFT: f32 = 1.5 * (1 << 23) as f32;
    value + SHIFT - SHIFT
}

fn transposed(m: &Block) -> Block {
    std::array::from_fn(|row| std::array::from_fn(|column| m[column][row]))
}

#[inline]
fn product(a: &Block, b: &Block) -> Block {
    let mut out = [[0.0; SIDE]; SIDE];
    for (out, a) in out.iter_mut().zip(a) {
        for (&share, b) in a.iter().zip(b) {
            for (out, b) in out.iter_mut().zip(b) {
                *out += share * b;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finest_quality_changes_hardly_anything_and_coarse_quality_much() {
        let picture: Vec<f32> = (0..64 * 64).map(|i| (i * 7919 % 256) as f32).collect();
        let loss = |quality| {
            let mut values = picture.clone();
            compress(&mut values, 64, quality);
            values.iter().zip(&picture).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
        };
        assert!(loss(100) < 4.0, "{}", loss(100));
        assert!(loss(20) > 20.0, "{}", loss(20));
    }

    #[test]
    fn an_even_block_keeps_its_level() {
        let mut values = vec![128.0; 64];
        compress(&mut values, 8, 75);
        assert!(values.iter().all(|value| (value - 128.0).abs() < 1.0));
    }
}
