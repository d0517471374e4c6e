//! One block that plain error correction could not mend, by how sure its modules are.

use super::effort::Effort;
use super::miscorrection::{LEVELS, discrepancy_allowed, errors_allowed};
use super::ordered;
use super::reed_solomon::Syndromes;
use crate::order;

/// The levels, without their sign, of a codeword's modules, most significant bit first.
pub(super) type Weights = [u8; 8];

/// Mends `block`, of whose codewords `parity` are error correction; returns how many changed.
///
/// First the least sure codewords are erased, two more at each attempt (Forney's generalized minimum distance
/// decoding): good where glare or a stain hides whole codewords. Then the least sure modules are solved for from the
/// rest (ordered statistics): good where all are blurred or noisy. `effort` is
/// counted down.
pub(super) fn mend(
    block: &mut [u8],
    weights: &[Weights],
    parity: usize,
    effort: &mut Effort<'_>,
) -> Option<usize> {
    let syndromes = Syndromes::of(block, parity)?;
    by_erasures(block, weights, &syndromes, effort).or_else(|| {
        let most = discrepancy_allowed(&counts(weights), parity)?;
        let flips = ordered::search(weights, &syndromes, most, effort)?;
        let before = block.to_vec();
        for (codeword, flipped) in flips {
            block[codeword] ^= flipped;
        }
        Some(block.iter().zip(&before).filter(|(now, before)| now != before).count())
    })
}

fn by_erasures(
    block: &mut [u8],
    weights: &[Weights],
    syndromes: &Syndromes,
    effort: &mut Effort<'_>,
) -> Option<usize> {
    let parity = syndromes.parity();
    let least_sure = least_sure(weights, parity);
    // Odd numbers of erasures are worth an attempt only where no errors are left beside them.
    let last = (0..=parity).rev().find(|&count| errors_allowed(block.len(), parity, count).is_some())?;
    let counts = (2..last).step_by(2).chain([last]);
    counts.take_while(|_| effort.spend(1)).find_map(|count| {
        let errors = errors_allowed(block.len(), parity, count)?;
        let errata = syndromes.solve(block.len(), &least_sure[..count], errors)?;
        Some(errata.apply(block))
    })
}

/// The places, counted from the last codeword, of the `count` least sure codewords, the least sure first.
///
/// A codeword is the less sure the further its modules fall short of half the mean level, by the sum of squares.
fn least_sure(weights: &[Weights], count: usize) -> Vec<u8> {
    let sum: usize = weights.iter().flatten().map(|&weight| usize::from(weight)).sum();
    let enough = (sum / (16 * weights.len()).max(1)) as u8; // safe: half of the mean of bytes
    let shortfall = |&(weights, _): &(&Weights, u8)| {
        let short = |&weight: &u8| f32::from(enough.saturating_sub(weight)).powi(2);
        weights.iter().map(short).sum::<f32>()
    };
    let places = order::greatest(weights.iter().rev().zip(0u8..).collect(), count, shortfall);
    places.into_iter().map(|(_, place)| place).collect()
}

fn counts(weights: &[Weights]) -> [u16; LEVELS] {
    let mut counts = [0; LEVELS];
    for &weight in weights.iter().flatten() {
        counts[usize::from(weight).min(LEVELS - 1)] += 1; // safe: a block has at most 2040 modules
    }
    counts
}
