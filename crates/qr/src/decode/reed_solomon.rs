//! Reed–Solomon over GF(2⁸) with roots α⁰, α¹, … (ISO/IEC 18004:2015 §7.5.2, annex B): errors, whose places are not
//! known, and erasures, whose places are.
//!
//! Places are counted from a block's last codeword, 0: its power of x in the block as a polynomial.

use std::sync::OnceLock;

use super::galois::{ORDER, divide, exp, log, times};

/// The most error correction codewords in a block (table 9).
pub(super) const MAX_PARITY: usize = 30;

/// Coefficients, the constant one first.
type Polynomial = [u8; MAX_PARITY + 1];

/// What a block, received as a polynomial, is at the roots of the code: all 0 for a valid block.
#[derive(Clone)]
pub(super) struct Syndromes {
    values: [u8; MAX_PARITY],
    parity: usize,
}

/// What has to change in a block.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Errata {
    changes: [(u8, u8); MAX_PARITY],
    count: usize,
}

impl Errata {
    /// Places and what to combine their codewords with by exclusive or; 0 at an erasure that was right.
    pub(super) fn changes(&self) -> &[(u8, u8)] {
        &self.changes[..self.count]
    }

    /// Mends the block; returns how many codewords changed.
    pub(super) fn apply(&self, block: &mut [u8]) -> usize {
        for &(place, change) in self.changes() {
            let codeword = block.len() - 1 - usize::from(place); // safe: places lie in the block
            block[codeword] ^= change;
        }
        self.changes().iter().filter(|(_, change)| *change != 0).count()
    }
}

impl Syndromes {
    /// Those of a block whose last `parity` codewords, at most [`MAX_PARITY`], are error correction; `None` for a
    /// valid block.
    pub(super) fn of(block: &[u8], parity: usize) -> Option<Self> {
        let rest = remainder(block, parity);
        let rest = &rest[..parity];
        if rest.iter().all(|&coefficient| coefficient == 0) {
            return None;
        }
        let mut values = [0; MAX_PARITY];
        // Horner's rule for all roots at once: one after another, each step would wait for the one before.
        for &coefficient in rest {
            for (root, value) in values[..parity].iter_mut().enumerate() {
                *value = exp(log(*value) + root) ^ coefficient;
            }
        }
        Some(Self { values, parity })
    }

    /// Error correction codewords in the block.
    pub(super) fn parity(&self) -> usize {
        self.parity
    }

    /// All syndromes, eight bits each, that of α⁰ first.
    pub(super) fn bits(&self) -> [u64; 4] {
        let mut bits = [0; 4];
        for (root, &value) in self.values[..self.parity].iter().enumerate() {
            bits[root / 8] |= u64::from(value) << (8 * (root % 8));
        }
        bits
    }

    /// The one way to make a block of `length` codewords valid by changing those at `erasures`, places that are all
    /// different, and at most `errors` others. `None` where there is none with 2 · errors + erasures within the
    /// parity.
    pub(super) fn solve(&self, length: usize, erasures: &[u8], errors: usize) -> Option<Errata> {
        let room = self.parity.checked_sub(erasures.len())?;
        let (locator, degree) = self.locator(erasures);
        let found = degree - erasures.len(); // safe: the degree starts there and only grows
        if found > errors || 2 * found > room {
            return None;
        }
        let mut errata = Errata::default();
        roots(&locator[..=degree], length, &mut errata);
        if errata.count != degree {
            return None;
        }
        let evaluator = self.evaluator(&locator, degree);
        for (place, value) in &mut errata.changes[..degree] {
            *value = magnitude(&locator[..=degree], &evaluator[..degree], *place)?;
        }
        Some(errata)
    }

    /// Berlekamp–Massey, started from the locator of the erasures: the shortest locator that has their places and
    /// explains the syndromes, and its degree.
    fn locator(&self, erasures: &[u8]) -> (Polynomial, usize) {
        let mut locator = erasure_locator(erasures);
        let mut degree = erasures.len();
        let mut previous = locator;
        for n in erasures.len()..self.parity {
            previous.copy_within(..MAX_PARITY, 1);
            previous[0] = 0;
            let known = self.values[..=n].iter().rev();
            let gap = locator[..=degree].iter().zip(known).fold(0, |gap, (&a, &b)| gap ^ times(a, b));
            if gap == 0 {
                continue;
            }
            let before = locator;
            add_multiple(&mut locator, &previous, gap);
            if 2 * degree <= n + erasures.len() {
                degree = n + 1 + erasures.len() - degree;
                previous = before.map(|coefficient| divide(coefficient, gap));
            }
        }
        (locator, degree)
    }

    /// Ω = S · Λ, of which only what lies below Λ's degree is not 0.
    fn evaluator(&self, locator: &Polynomial, degree: usize) -> Polynomial {
        let mut evaluator = [0; MAX_PARITY + 1];
        for (n, target) in evaluator[..degree].iter_mut().enumerate() {
            let known = self.values[..=n].iter().rev();
            *target = locator[..=n].iter().zip(known).fold(0, |sum, (&a, &b)| sum ^ times(a, b));
        }
        evaluator
    }
}

/// Π (1 − αᵖ x) over the places p.
fn erasure_locator(erasures: &[u8]) -> Polynomial {
    let mut locator = [0; MAX_PARITY + 1];
    locator[0] = 1;
    for (degree, &place) in erasures.iter().enumerate() {
        for i in (0..=degree).rev() {
            locator[i + 1] ^= exp(log(locator[i]) + usize::from(place));
        }
    }
    locator
}

/// `target` + `factor` · `other`.
fn add_multiple(target: &mut Polynomial, other: &Polynomial, factor: u8) {
    let factor = log(factor);
    for (target, &coefficient) in target.iter_mut().zip(other) {
        *target ^= exp(factor + log(coefficient));
    }
}

/// Finds the places of a block whose inverses are roots of `locator`, as many as its degree at most.
fn roots(locator: &[u8], length: usize, errata: &mut Errata) {
    const ROUND: u16 = ORDER as u16;
    // Logarithms of the terms that are not 0, and what the next place adds to each.
    let (mut terms, mut steps, mut count) = ([0u16; MAX_PARITY + 2], [0u16; MAX_PARITY + 2], 0);
    for (power, &coefficient) in locator.iter().enumerate().filter(|(_, coefficient)| **coefficient != 0) {
        terms[count] = log(coefficient) as u16; // safe: at most 254
        steps[count] = ROUND - power as u16; // safe: at most 30
        count += 1;
    }
    for place in 0..length.min(ORDER) {
        let sum = terms[..count].iter().fold(0, |sum, &term| sum ^ exp(term.into()));
        if sum == 0 {
            errata.changes[errata.count].0 = place as u8; // safe: below 255
            errata.count += 1;
            if errata.count + 1 == locator.len() {
                return;
            }
        }
        for (term, step) in terms.iter_mut().zip(&steps) {
            *term += step;
            *term -= if *term >= ROUND { ROUND } else { 0 };
        }
    }
}

/// Forney, for roots that start at α⁰: X · Ω(X⁻¹) / Λ′(X⁻¹).
fn magnitude(locator: &[u8], evaluator: &[u8], place: u8) -> Option<u8> {
    let inverse = ORDER - usize::from(place); // safe: places are below 255
    let at = |coefficients: &mut dyn Iterator<Item = &u8>, x: usize| {
        let mut exponent = 0;
        coefficients.fold(0, |sum, &coefficient| {
            let term = exp(log(coefficient) + exponent);
            exponent = (exponent + x) % ORDER;
            sum ^ term
        })
    };
    let slope = at(&mut locator.iter().skip(1).step_by(2), 2 * inverse % ORDER);
    let value = exp(log(at(&mut evaluator.iter(), inverse)) + usize::from(place));
    (slope != 0).then(|| divide(value, slope))
}

/// What is left of a block divided by the generator of the code, the coefficient of the highest power first.
fn remainder(block: &[u8], parity: usize) -> [u8; 32] {
    let table = multiples(parity);
    let (data, check) = block.split_at(block.len().saturating_sub(parity));
    let (mut high, mut low) = (0u128, 0u128);
    for &codeword in data {
        let (above, below) = table[usize::from((high >> 120) as u8 ^ codeword)];
        (high, low) = ((high << 8 | low >> 120) ^ above, low << 8 ^ below);
    }
    let mut rest = [0; 32];
    rest[..16].copy_from_slice(&high.to_be_bytes());
    rest[16..].copy_from_slice(&low.to_be_bytes());
    for (coefficient, codeword) in rest.iter_mut().zip(check) {
        *coefficient ^= codeword;
    }
    rest
}

/// For each codeword the generator times it, without its highest power, from the top bit of 256 downwards.
fn multiples(parity: usize) -> &'static [(u128, u128); 256] {
    type Table = Box<[(u128, u128); 256]>;
    static TABLES: [OnceLock<Table>; MAX_PARITY + 1] = [const { OnceLock::new() }; MAX_PARITY + 1];
    TABLES[parity].get_or_init(|| {
        let mut generator = [0; 33];
        generator[0] = 1;
        for root in 0..parity {
            for i in (0..=root).rev() {
                generator[i + 1] ^= exp(log(generator[i]) + root);
            }
        }
        let half = |codeword: usize, half: &[u8]| {
            half.iter().fold(0, |sum, &coefficient| sum << 8 | u128::from(times(coefficient, codeword as u8)))
        };
        Box::new(std::array::from_fn(|codeword| {
            (half(codeword, &generator[1..17]), half(codeword, &generator[17..]))
        }))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;

    /// A block with error correction by the encoder of another crate.
    fn block(data: &[u8], parity: usize) -> Vec<u8> {
        let mut block = data.to_vec();
        block.extend(qrcode::ec::create_error_correction_code(data, parity));
        block
    }

    proptest! {
        #[test]
        fn errors_and_erasures_are_mended_whenever_two_for_an_error_and_one_for_an_erasure_fit_the_parity(
            data in proptest::collection::vec(any::<u8>(), 1..225),
            parity in 1..=MAX_PARITY,
            share in any::<Index>(),
            fewer in 0..3usize,
            wrong in proptest::collection::vec((any::<Index>(), any::<u8>()), 2 * MAX_PARITY),
        ) {
            let erased = share.index(parity + 1);
            let errors = ((parity - erased) / 2).saturating_sub(fewer);
            let sent = block(&data, parity);
            let places: BTreeMap<u8, u8> =
                wrong.iter().map(|(place, value)| (place.index(sent.len()) as u8, *value)).collect();
            let erasures: Vec<u8> = places.keys().copied().take(erased).collect();
            let mut expected: Vec<(u8, u8)> = Vec::new();
            let mut received = sent.clone();
            for (i, (&place, &value)) in places.iter().take(erased + errors).enumerate() {
                // An erased codeword may be right, one in error is wrong.
                let value = if i < erased { value } else { value.max(1) };
                let last = sent.len() - 1;
                received[last - usize::from(place)] ^= value;
                expected.push((place, value));
            }
            let Some(syndromes) = Syndromes::of(&received, parity) else {
                prop_assert!(expected.iter().all(|(_, value)| *value == 0));
                return Ok(());
            };
            let errata = syndromes.solve(sent.len(), &erasures, errors).expect("within the parity");
            prop_assert_eq!(errata.changes(), expected.as_slice());
            let changed = errata.apply(&mut received);
            prop_assert_eq!(received, sent);
            prop_assert_eq!(changed, expected.iter().filter(|(_, value)| *value != 0).count());
        }

        #[test]
        fn what_is_called_mended_is_a_valid_block_within_what_was_asked_for(
            mut block in proptest::collection::vec(any::<u8>(), 31..=255),
            parity in 2..=MAX_PARITY,
            erased in 0..=MAX_PARITY,
            errors in 0..=MAX_PARITY,
        ) {
            let erasures: Vec<u8> = (0..erased as u8).collect();
            let before = block.clone();
            let Some(syndromes) = Syndromes::of(&block, parity) else { return Ok(()) };
            if let Some(errata) = syndromes.solve(block.len(), &erasures, errors) {
                errata.apply(&mut block);
                prop_assert!(Syndromes::of(&block, parity).is_none());
                let outside = before.len() - erased;
                let wrong = before.iter().zip(&block).take(outside).filter(|(a, b)| a != b).count();
                prop_assert!(wrong <= errors && 2 * wrong + erased <= parity);
            }
        }
    }
}
