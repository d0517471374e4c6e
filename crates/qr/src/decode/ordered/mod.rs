//! Ordered statistics decoding of a block's modules (Fossorier and Lin, 1995).
//!
//! Each of the 8 · parity bits of the syndromes is an equation over the block's modules. The least sure modules for
//! which the equations are independent are solved for from all others; as many errors as there are among them are
//! mended at once. Errors among the others are guessed: none, one, two or three of the next least sure.

mod guess;
mod matrix;

use super::effort::Effort;
use super::mend::Weights;
use super::reed_solomon::{MAX_PARITY, Syndromes};
use matrix::{MAX_MODULES, Matrix};

/// What setting up and solving the equations costs in erasure decodings, measured.
const COST_OF_SOLVING: usize = 24;

/// A bit for each equation, from bit 256 − 8 · parity on.
type Column = [u64; 4];
const _: () = assert!(8 * MAX_PARITY <= 256);

/// The codewords of a block to change, and what by exclusive or, such that the levels of all changed modules sum up
/// to `most` or less; `None` when none was found. Codewords may occur more than once.
pub(super) fn search(
    weights: &[Weights],
    syndromes: &Syndromes,
    most: u32,
    effort: &mut Effort<'_>,
) -> Option<Vec<(usize, u8)>> {
    if !effort.spend(COST_OF_SOLVING) {
        return None;
    }
    let modules = least_sure(weights);
    let weight = |&module: &u16| weights[usize::from(module / 8)][usize::from(module % 8)];
    let weights_of_modules: Vec<u8> = modules.iter().map(weight).collect();
    let mut matrix = Matrix::new(weights.len(), &modules, syndromes);
    matrix.eliminate()?;
    let wrong = guess::search(&matrix, &weights_of_modules, most, effort)?;
    let change = |column: usize| (usize::from(modules[column] / 8), 0x80 >> (modules[column] % 8));
    Some(wrong.into_iter().map(change).collect())
}

/// The least sure modules, the least sure first: index of the codeword times eight plus that of the bit.
fn least_sure(weights: &[Weights]) -> Vec<u16> {
    let mut modules = vec![Vec::new(); 256];
    for (module, &weight) in (0u16..).zip(weights.iter().flatten()) {
        modules[usize::from(weight)].push(module);
    }
    modules.into_iter().flatten().take(MAX_MODULES).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn errors_among_the_least_sure_modules_are_found_with_up_to_three_among_the_next(
            data in proptest::collection::vec(any::<u8>(), 20..120),
            parity in 7..=MAX_PARITY,
            order in proptest::collection::vec(any::<u32>(), 8 * 150),
            wrong in proptest::collection::vec(0..5u8, 8 * MAX_PARITY),
            guessed in proptest::collection::vec(0..40usize, 0..=3),
        ) {
            let mut sent = data.clone();
            sent.extend(qrcode::ec::create_error_correction_code(&data, parity));
            let mut modules: Vec<usize> = (0..8 * sent.len()).collect();
            modules.sort_by_key(|&module| order[module]);
            let mut weights = vec![[0; 8]; sent.len()];
            for (rank, module) in modules.iter().enumerate() {
                weights[module / 8][module % 8] = (rank / 8).min(127) as u8;
            }
            // The last equations may get no module among the first, for those depend on each other here and there.
            let solved = 8 * parity;
            let mut ranks: std::collections::BTreeSet<_> =
                (0..solved - 24).filter(|&rank| wrong[rank] == 0).collect();
            ranks.extend(guessed.iter().map(|rank| solved + 16 + rank));
            let mut received = sent.clone();
            let mut sum = 0;
            for module in ranks.iter().map(|&rank| modules[rank]) {
                received[module / 8] ^= 0x80 >> (module % 8);
                sum += u32::from(weights[module / 8][module % 8]);
            }
            let Some(syndromes) = Syndromes::of(&received, parity) else { return Ok(()) };
            let never = &mut || false;
            let found = search(&weights, &syndromes, sum, &mut Effort::new(100_000, never));
            let found = found.expect("three guesses are enough");
            let weight = |&(codeword, bit): &(usize, u8)| u32::from(weights[codeword][bit.leading_zeros() as usize]);
            prop_assert!(found.iter().map(weight).sum::<u32>() <= sum);
            for &(codeword, bit) in &found {
                received[codeword] ^= bit;
            }
            prop_assert!(Syndromes::of(&received, parity).is_none(), "what is found is a valid block");
            prop_assert_eq!(search(&weights, &syndromes, sum, &mut Effort::new(1, never)), None, "attempts bound the work");
        }
    }
}
