//! Changes to inputs for the plain replay, in the ways that fuzzers usually make them.

use crate::Random;

/// Changes made to a input at once, at most.
const MAX_CHANGES: usize = 6;
/// Values at the borders of ranges.
const BORDERS: [u8; 8] = [0, 1, 7, 127, 128, 129, 254, 255];

/// One of the inputs (at least one) with a few changes, some of them from another; at most `longest` bytes of it.
pub fn mutated(inputs: &[Vec<u8>], longest: usize, random: &mut Random) -> Vec<u8> {
    let mut input = inputs[random.below(inputs.len())].clone();
    for _ in 0..=random.below(MAX_CHANGES) {
        let other = &inputs[random.below(inputs.len())];
        change(&mut input, other, random);
    }
    input.truncate(longest);
    input
}

fn change(input: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = random.below(input.len() + 1);
    match (random.below(6), input.get_mut(at)) {
        (0, Some(byte)) => *byte = random.bits() as u8,
        (1, Some(byte)) => *byte ^= 1 << random.below(8),
        (2, Some(byte)) => *byte = BORDERS[random.below(BORDERS.len())],
        (3, _) => {
            let end = at + random.below(input.len() - at + 1).min(8);
            input.drain(at..end);
        }
        (4, _) => {
            let bytes = (0..=random.below(8)).map(|_| random.bits() as u8).collect::<Vec<_>>();
            input.splice(at..at, bytes);
        }
        _ => {
            let from = random.below(other.len() + 1);
            input.truncate(at);
            input.extend_from_slice(&other[from..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_the_same_every_time_and_no_longer_than_allowed() {
        let inputs = [vec![1; 90], vec![2; 3], vec![]];
        let changed = |seed| {
            let mut random = Random::new(seed);
            (0..500).map(|_| mutated(&inputs, 64, &mut random)).collect::<Vec<_>>()
        };
        let all = changed(1);
        assert_eq!(all, changed(1));
        assert_ne!(all, changed(2));
        assert!(all.iter().all(|input| input.len() <= 64));
        assert!(all.iter().any(|input| !inputs.contains(input)));
    }
}
