//! How far a block may be mended by levels before chance could have done it.
//!
//! A block of noise is as likely to have any syndromes as any other: all 256^parity are equal. It is taken for a
//! valid block when some pattern of errors that decoding admits explains its syndromes, so the share of noise that
//! passes is at most the number of patterns admitted, divided by 256^parity. That number is counted in two ways, by
//! wrong codewords and by the levels of wrong modules; either way of mending stays within 2⁻²⁴ of noise.
//!
//! For a symbol of one block, at worst: 2 ways · 6 formats · 2⁻²⁴ = 7·10⁻⁷ of noise reaches the payload, and of
//! random data fewer than one in a thousand are segments followed by the right padding, which is asked for: less than
//! 10⁻⁹ altogether. Symbols of more blocks have to pass more often. By colours, with the margins of table 9, it is
//! at most (44 choose 4) · 255⁴ / 256¹⁰ = 5·10⁻¹⁰ for a block (2-L), of which one in ten are segments.

use std::sync::OnceLock;

use super::galois::ORDER;

/// No block of noise passes more often than once in 2 to the power of this. It is that much because a block damaged
/// beyond mending may be seen in many frames, and other blocks or the rest of it may be right: then neither they nor
/// the padding tell that it was mended wrongly.
const BITS: f32 = 24.0;

/// The most errors that may be mended beside `erasures` in a block of `length` codewords; `None` when even the
/// erasures alone are too many.
///
/// With e errors beside s erasures, (length − s choose e) · 255^e patterns are admitted by 256^(parity − s)
/// syndromes. Fewer errors add less than a 250th.
pub(super) fn errors_allowed(length: usize, parity: usize, erasures: usize) -> Option<usize> {
    let room = parity.checked_sub(erasures)?;
    let left = length - parity + room; // safe: a block is longer than its parity
    let patterns = |errors: usize| binomial_bits(left, errors) + 8.0 * errors as f32;
    (0..=room / 2).rev().find(|&errors| patterns(errors) + BITS <= 8.0 * room as f32)
}

/// The largest sum of the levels of wrong modules that may be mended, from how often each level, 0 to 127, occurs in
/// a block; `None` when not even 0 may be.
///
/// By Chernoff's bound, at most exp(λD) · Π (1 + exp(−λ·level)) patterns have a sum of D or less, for any λ > 0.
pub(super) fn discrepancy_allowed(counts: &[u16; LEVELS], parity: usize) -> Option<u32> {
    let bits = (8.0 * parity as f32 - BITS) * std::f32::consts::LN_2;
    let at = |(lambda, terms): &(f32, [f32; LEVELS])| {
        let patterns: f32 = counts.iter().zip(terms).map(|(&count, term)| f32::from(count) * term).sum();
        (bits - patterns) / lambda
    };
    let most = chernoff_terms().iter().map(at).fold(-1.0, f32::max);
    (most >= 0.0).then_some(most as u32) // safe: casts from floats saturate
}

/// Levels without their sign.
pub(super) const LEVELS: usize = 128;

/// For a range of λ, ln(1 + exp(−λ·level)).
fn chernoff_terms() -> &'static [(f32, [f32; LEVELS])] {
    /// From where noise alone decides to where levels hardly matter, in steps fine enough to lose no more than a
    /// bit.
    const LAMBDAS: i32 = 30;
    static TERMS: OnceLock<Vec<(f32, [f32; LEVELS])>> = OnceLock::new();
    TERMS.get_or_init(|| {
        let terms = |step: i32| {
            let lambda = 0.005 * 1.3f32.powi(step);
            (lambda, std::array::from_fn(|level| (-lambda * level as f32).exp().ln_1p()))
        };
        (0..LAMBDAS).map(terms).collect()
    })
}

/// log₂ (n choose k), for n up to 255.
fn binomial_bits(n: usize, k: usize) -> f32 {
    static FACTORIALS: OnceLock<[f32; ORDER + 1]> = OnceLock::new();
    let factorials = FACTORIALS.get_or_init(|| {
        let mut sum = 0.0;
        std::array::from_fn(|n| {
            sum += f64::log2(n.max(1) as f64);
            sum as f32
        })
    });
    factorials[n] - factorials[k] - factorials[n - k]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn erasures_are_paid_for_with_three_codewords_of_certainty_and_errors_with_less() {
        let cases = [
            // length, parity, erasures, errors
            (26, 10, 7, Some(0)),
            (26, 10, 8, None),
            (65, 24, 21, Some(0)),
            (65, 24, 22, None),
            (65, 24, 24, None),
            (65, 24, 25, None),
            (65, 24, 16, Some(3)),
            (65, 24, 0, Some(12)),
            (26, 7, 0, Some(2)),
        ];
        for (length, parity, erasures, errors) in cases {
            assert_eq!(errors_allowed(length, parity, erasures), errors, "{length}, {parity}, {erasures}");
        }
    }

    #[test]
    fn the_discrepancy_allowed_bounds_the_patterns_counted_one_by_one() {
        // Three codewords of parity and 24 modules of level 1 leave room for no pattern but the empty one; with more
        // parity, patterns of D or less are Σ (modules choose i), i ≤ D.
        let mut counts = [0; LEVELS];
        counts[1] = 200;
        for parity in 4..=25 {
            let most = discrepancy_allowed(&counts, parity).unwrap();
            let patterns: f64 = (0..=most).map(|i| f64::from(binomial_bits(200, i as usize)).exp2()).sum();
            assert!(patterns.log2() + f64::from(BITS) <= 8.0 * parity as f64, "{parity}: {most}");
            assert!(parity < 6 || most > 0, "{parity}");
        }
        assert_eq!(discrepancy_allowed(&counts, 2), None);
    }

    #[test]
    fn modules_of_no_level_cost_a_bit_each() {
        let mut counts = [0; LEVELS];
        (counts[0], counts[127]) = (120, 200);
        assert_eq!(discrepancy_allowed(&counts, 17), None);
        assert!(discrepancy_allowed(&counts, 19).is_some());
    }
}
