//! Ordered statistics decoding of a block's modules (Fossorier and Lin, 1995).
//!
//! Each of the 8 · parity bits of the syndromes is an equation over the block's modules. The least sure modules for
//! which the equations are independent are solved for from all others; as many errors as there are among them are
//! mended at once. Errors among the others are guessed: none, one, two or three of the next least sure.

mod guess;
mod matrix;

use super::mend::{Weights, spend};
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
    attempts: &mut usize,
) -> Option<Vec<(usize, u8)>> {
    if !spend(attempts, COST_OF_SOLVING) {
        return None;
    }
    let modules = least_sure(weights);
    let weight = |&module: &u16| weights[usize::from(module / 8)][usize::from(module % 8)];
    let weights_of_modules: Vec<u8> = modules.iter().map(weight).collect();
    let mut matrix = Matrix::new(weights.len(), &modules, syndromes);
    matrix.eliminate()?;
    let wrong = guess::search(&matrix, &weights_of_modules, most, attempts)?;
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
