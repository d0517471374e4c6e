//! Sorting by a number.
//!
//! One sort, of keys, serves all kinds of items: each kind would otherwise add its own to the module that pages load.

/// The items, those of the smallest number first, at most `most` of them; equal ones stay in their order.
pub(crate) fn smallest<T>(items: Vec<T>, most: usize, number: impl Fn(&T) -> f32) -> Vec<T> {
    let keys =
        items.iter().enumerate().map(|(index, item)| u64::from(rank(number(item))) << 32 | index as u64);
    let mut keys: Vec<u64> = keys.collect();
    keys.sort_unstable();
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    // The lower half of a key is an index.
    keys.iter().take(most).filter_map(|&key| items[key as u32 as usize].take()).collect()
}

/// The same, those of the greatest number first.
pub(crate) fn greatest<T>(items: Vec<T>, most: usize, number: impl Fn(&T) -> f32) -> Vec<T> {
    smallest(items, most, |item| -number(item))
}

/// Values from the smallest on, by their keys.
pub(crate) fn sort<const N: usize>(values: [f32; N]) -> [f32; N] {
    let mut keys = values.map(|value| u64::from(rank(value)));
    keys.sort_unstable();
    keys.map(|key| value(key as u32))
}

/// Bits of a number that compare as the numbers do (IEEE 754 §5.10, total order).
fn rank(value: f32) -> u32 {
    let bits = value.to_bits();
    if bits >> 31 == 0 { bits | 1 << 31 } else { !bits }
}

fn value(rank: u32) -> f32 {
    f32::from_bits(if rank >> 31 == 1 { rank & !(1 << 31) } else { !rank })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_both_signs_are_sorted_and_equal_ones_keep_their_order() {
        let items = vec![(2.5, 'a'), (-1.0, 'b'), (f32::INFINITY, 'c'), (-1.0, 'd'), (0.0, 'e'), (-7.5, 'f')];
        let letters = |items: Vec<(f32, char)>| items.into_iter().map(|item| item.1).collect::<String>();
        assert_eq!(letters(smallest(items.clone(), usize::MAX, |item| item.0)), "fbdeac");
        assert_eq!(letters(greatest(items, 3, |item| item.0)), "cae");
        assert_eq!(sort([3.0, -2.0, 0.5]), [-2.0, 0.5, 3.0]);
    }
}
