//! Reed–Solomon over GF(2⁸) with x⁸ + x⁴ + x³ + x² + 1 and roots α⁰, α¹, … (ISO/IEC 18004:2015 §7.5.2, annex B).

/// The longest block GF(2⁸) allows; table 9 stays well below.
pub(super) const MAX_BLOCK: usize = 255;
/// The most error correction codewords in a block (table 9).
const MAX_PARITY: usize = 30;

const POLYNOMIAL: u16 = 0b1_0001_1101;
const EXP: [u8; 512] = exp_table();
const LOG: [u8; 256] = log_table();

type Polynomial = [u8; MAX_PARITY + 1];

/// Mends `block`, whose last `parity` codewords are error correction; returns how many were wrong.
///
/// `None` when there are more wrong codewords than can be mended; `block` may then be changed.
pub(super) fn correct(block: &mut [u8], parity: usize) -> Option<usize> {
    let syndromes = syndromes(block, parity);
    if syndromes.iter().all(|&s| s == 0) {
        return Some(0);
    }
    let (locator, errors) = error_locator(&syndromes, parity)?;
    let evaluator = error_evaluator(&syndromes, &locator, parity);
    let mut found = 0;
    for (power, codeword) in block.iter_mut().rev().enumerate() {
        let inverse = EXP[255 - power]; // safe: a block has at most 255 codewords
        if evaluate(&locator, inverse) == 0 {
            *codeword ^= magnitude(&locator, &evaluator, power, inverse)?;
            found += 1;
        }
    }
    (found == errors && self::syndromes(block, parity).iter().all(|&s| s == 0)).then_some(errors)
}

/// The block as a polynomial, evaluated at each root by Horner's rule.
fn syndromes(block: &[u8], parity: usize) -> Polynomial {
    let mut syndromes = [0; MAX_PARITY + 1];
    for &codeword in block {
        for (root, syndrome) in syndromes[..parity].iter_mut().enumerate() {
            *syndrome = times_power(*syndrome, root) ^ codeword;
        }
    }
    syndromes
}

/// Berlekamp–Massey: the shortest locator that explains the syndromes, and its degree.
fn error_locator(syndromes: &Polynomial, parity: usize) -> Option<(Polynomial, usize)> {
    let mut locator = [0; MAX_PARITY + 1];
    locator[0] = 1;
    let mut previous = locator;
    let (mut degree, mut shift, mut previous_gap) = (0, 1, 1);
    for n in 0..parity {
        let gap = (1..=degree).fold(syndromes[n], |gap, i| gap ^ times(locator[i], syndromes[n - i]));
        if gap == 0 {
            shift += 1;
            continue;
        }
        let before = locator;
        let factor = divide(gap, previous_gap);
        for (target, &coefficient) in locator.iter_mut().skip(shift).zip(&previous) {
            *target ^= times(factor, coefficient);
        }
        if 2 * degree <= n {
            degree = n + 1 - degree;
            (previous, previous_gap, shift) = (before, gap, 1);
        } else {
            shift += 1;
        }
    }
    (2 * degree <= parity).then_some((locator, degree))
}

/// Ω = S · Λ mod x^parity.
fn error_evaluator(syndromes: &Polynomial, locator: &Polynomial, parity: usize) -> Polynomial {
    let mut evaluator = [0; MAX_PARITY + 1];
    for (n, target) in evaluator[..parity].iter_mut().enumerate() {
        *target = (0..=n).fold(0, |sum, i| sum ^ times(locator[i], syndromes[n - i]));
    }
    evaluator
}

/// Forney, for roots that start at α⁰: X · Ω(X⁻¹) / Λ′(X⁻¹).
fn magnitude(locator: &Polynomial, evaluator: &Polynomial, power: usize, inverse: u8) -> Option<u8> {
    let mut derivative = [0; MAX_PARITY + 1];
    for (target, pair) in derivative.iter_mut().step_by(2).zip(locator[1..].chunks(2)) {
        *target = pair[0];
    }
    let slope = evaluate(&derivative, inverse);
    let value = times_power(evaluate(evaluator, inverse), power);
    (slope != 0).then(|| divide(value, slope))
}

fn evaluate(polynomial: &Polynomial, x: u8) -> u8 {
    polynomial.iter().rev().fold(0, |sum, &coefficient| times(sum, x) ^ coefficient)
}

fn times(a: u8, b: u8) -> u8 {
    if b == 0 { 0 } else { times_power(a, LOG[b as usize].into()) }
}

/// `a` · α^`power`, `power` up to 255.
fn times_power(a: u8, power: usize) -> u8 {
    if a == 0 { 0 } else { EXP[LOG[a as usize] as usize + power] }
}

/// `a` / `b`; `b` is not 0.
fn divide(a: u8, b: u8) -> u8 {
    times_power(a, 255 - LOG[b as usize] as usize)
}

/// α^i for i up to 511, so that sums of two logarithms need no reduction.
const fn exp_table() -> [u8; 512] {
    let mut table = [0; 512];
    let (mut value, mut i) = (1u16, 0);
    while i < 512 {
        table[i] = value as u8;
        value <<= 1;
        if value > 255 {
            value ^= POLYNOMIAL;
        }
        i += 1;
    }
    table
}

const fn log_table() -> [u8; 256] {
    let mut table = [0; 256];
    let exp = exp_table();
    let mut i = 0;
    while i < 255 {
        table[exp[i] as usize] = i as u8;
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn logarithms_undo_powers() {
        assert!((1..=255u8).all(|value| EXP[LOG[value as usize] as usize] == value));
        assert!((1..=255u8).all(|value| times(value, divide(1, value)) == 1));
    }

    proptest! {
        #[test]
        fn errors_within_half_the_parity_are_mended_and_counted(
            data in proptest::collection::vec(any::<u8>(), 1..120),
            half in 1..=15usize,
            errors in proptest::collection::btree_map(0..1000usize, 1..=255u8, 0..=15),
        ) {
            let parity = 2 * half;
            let mut sent = data.clone();
            sent.extend(qrcode::ec::create_error_correction_code(&data, parity));
            let mut received = sent.clone();
            let mut wrong = std::collections::BTreeSet::new();
            for (place, error) in errors.into_iter().take(half) {
                if wrong.insert(place % sent.len()) {
                    received[place % sent.len()] ^= error;
                }
            }
            prop_assert_eq!(correct(&mut received, parity), Some(wrong.len()));
            prop_assert_eq!(received, sent);
        }

        #[test]
        fn what_is_called_mended_is_a_valid_block(
            mut block in proptest::collection::vec(any::<u8>(), 31..=255),
            parity in 2..=30usize,
        ) {
            let mended = correct(&mut block, parity).is_some();
            let valid = syndromes(&block, parity).iter().all(|&s| s == 0);
            prop_assert!(!mended || valid);
        }
    }
}
