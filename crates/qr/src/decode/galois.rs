//! The field GF(2⁸) with x⁸ + x⁴ + x³ + x² + 1, in which α = 2 makes every element but 0 (ISO/IEC 18004:2015 §7.5.2).

/// Powers of α before they repeat.
pub(super) const ORDER: usize = 255;
const POLYNOMIAL: u16 = 0b1_0001_1101;
/// What stands for the logarithm of 0: any sum with it lies in the part of [`EXP`] that is 0.
const LOG_OF_ZERO: u16 = 511;

static EXP: [u8; 1024] = exp_table();
static LOG: [u16; 256] = log_table();

/// α to the power of `exponent`, up to 510; 0 for sums with the logarithm of 0.
pub(super) fn exp(exponent: usize) -> u8 {
    EXP[exponent & 1023] // safe: the mask keeps it inside
}

/// The power of α that `value` is; for 0 one that makes every sum stand for 0.
pub(super) fn log(value: u8) -> usize {
    usize::from(LOG[usize::from(value)])
}

pub(super) fn times(a: u8, b: u8) -> u8 {
    exp(log(a) + log(b))
}

/// `a` / `b`; `b` is not 0.
pub(super) fn divide(a: u8, b: u8) -> u8 {
    exp(log(a) + ORDER - log(b))
}

/// α^i for i up to 510, so that sums of two logarithms need no reduction; 0 above.
const fn exp_table() -> [u8; 1024] {
    let mut table = [0; 1024];
    let (mut value, mut i) = (1u16, 0);
    while i < LOG_OF_ZERO as usize {
        table[i] = value as u8;
        value <<= 1;
        if value > 255 {
            value ^= POLYNOMIAL;
        }
        i += 1;
    }
    table
}

const fn log_table() -> [u16; 256] {
    let mut table = [LOG_OF_ZERO; 256];
    let exp = exp_table();
    let mut i = 0;
    while i < ORDER {
        table[exp[i] as usize] = i as u16;
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_undo_powers() {
        assert!((1..=255u8).all(|value| exp(log(value)) == value));
        assert!((1..=255u8).all(|value| times(value, divide(1, value)) == 1));
    }

    #[test]
    fn products_are_those_of_polynomials() {
        for (a, b) in (0..=255u8).flat_map(|a| (0..=255u8).map(move |b| (a, b))) {
            let long =
                (0..8).fold(0u16, |sum, bit| if b >> bit & 1 == 1 { sum ^ u16::from(a) << bit } else { sum });
            let short = (8..16).rev().fold(long, |rest, bit| {
                if rest >> bit & 1 == 1 { rest ^ POLYNOMIAL << (bit - 8) } else { rest }
            });
            assert_eq!(u16::from(times(a, b)), short, "{a} · {b}");
            if b != 0 {
                assert_eq!(times(divide(a, b), b), a);
            }
        }
    }
}
