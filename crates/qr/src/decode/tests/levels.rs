//! Decoding by levels: parts hidden, all of it noisy, and what is known when it fails.

use std::collections::HashMap;

use proptest::prelude::*;
use qrcode::EcLevel;

use super::*;
use crate::decode::miscorrection::errors_allowed;

/// Enough for everything that levels can mend.
const MANY: usize = 20_000;
/// A sure module.
const SURE: i8 = 90;

/// The grid's levels, those of `hidden` modules unknown and those of `wrong` ones of the wrong colour.
fn levels(grid: &BitGrid, hidden: &[(usize, usize)], wrong: &[(usize, usize)]) -> SoftGrid {
    let mut levels: HashMap<_, i8> = wrong.iter().map(|&(x, y)| ((x, y), -1)).collect();
    levels.extend(hidden.iter().map(|&module| (module, 0)));
    SoftGrid::from_fn(grid.side(), |x, y| {
        let sign = levels.get(&(x, y)).copied().unwrap_or(1);
        if grid.is_dark(x, y) { sign * SURE } else { -sign * SURE }
    })
}

/// The grid's levels with noise: its strength is its standard deviation where modules are 1 from the threshold.
fn noisy(grid: &BitGrid, strength: f32, random: &mut Random) -> SoftGrid {
    SoftGrid::from_fn(grid.side(), |x, y| {
        let clean = if grid.is_dark(x, y) { 1.0 } else { -1.0 };
        (60.0 * (clean + strength * random.normal())).clamp(-127.0, 127.0) as i8
    })
}

/// The modules of the codewords at these places in placement order.
fn modules_of(grid: &BitGrid, codewords: impl Iterator<Item = usize>) -> Vec<(usize, usize)> {
    let modules = data_modules(grid);
    codewords.flat_map(|codeword| modules[8 * codeword..][..8].to_vec()).collect()
}

fn text(grid: &SoftGrid, attempts: usize) -> Option<String> {
    decode_soft(grid, attempts).ok()?.payload.text()
}

#[test]
fn codewords_under_glare_are_mended_up_to_three_short_of_all_error_correction() {
    for (number, level) in
        [(1, EcLevel::M), (2, EcLevel::H), (5, EcLevel::Q), (15, EcLevel::M), (25, EcLevel::L)]
    {
        let (clean, expected) = full(number, level);
        let ecc = LEVELS.iter().find(|(theirs, _)| *theirs == level).unwrap().1;
        let (parity, blocks) = Version::from_side(clean.side()).unwrap().blocks(ecc);
        // Codewords are dealt out in turn: the first `blocks` times n are n of each block.
        let under = |each: usize| levels(&clean, &modules_of(&clean, 0..each * blocks), &[]);
        assert_eq!(text(&under(parity - 3), MANY), Some(expected), "{number}-{level:?}");
        assert_eq!(text(&under(parity - 2), MANY), None, "{number}-{level:?}: chance might mend that");
    }
}

#[test]
fn noise_that_leaves_too_many_wrong_codewords_is_mended_by_levels() {
    let cases = [
        (1, EcLevel::M, 0.52),
        (5, EcLevel::M, 0.5),
        (15, EcLevel::M, 0.5),
        (15, EcLevel::L, 0.44),
        (11, EcLevel::Q, 0.53),
    ];
    for (number, level, strength) in cases {
        let (clean, expected) = full(number, level);
        let mut random = Random(number as u64);
        let grids: Vec<_> = (0..20).map(|_| noisy(&clean, strength, &mut random)).collect();
        let read =
            |attempts| grids.iter().filter(|grid| text(grid, attempts).as_ref() == Some(&expected)).count();
        let (by_colours, by_levels) = (read(0), read(MANY));
        assert!(by_colours <= 14 && by_levels >= 19, "{number}-{level:?}: {by_colours}, {by_levels} of 20");
    }
}

#[test]
fn attempts_bound_what_is_spent() {
    let (clean, _) = full(15, EcLevel::M);
    let grid = noisy(&clean, 0.5, &mut Random(1));
    let mended = [0, 20, 200, MANY].map(|attempts| match decode_soft(&grid, attempts) {
        Ok(_) => 10,
        Err(failure) => failure.mended,
    });
    assert!(mended.is_sorted() && mended[0] < mended[2] && mended[3] == 10, "{mended:?}");
}

#[test]
fn format_information_is_read_from_what_is_left_of_both_copies() {
    let (clean, expected) = full(4, EcLevel::Q);
    let last = clean.side() - 1;
    let first: Vec<_> = (0..9).filter(|&i| i != 6).flat_map(|i| [(i, 8), (8, i)]).collect();
    let second: Vec<_> = (0..8).flat_map(|i| [(last - i, 8), (8, last - i)]).collect();
    let halves: Vec<_> = first.iter().chain(&second).copied().step_by(2).collect();
    for (hidden, wrong) in [
        (first.clone(), second[..3].to_vec()),
        (second.clone(), first[4..7].to_vec()),
        (halves.clone(), vec![(8, 0), (8, last)]),
    ] {
        let damaged = levels(&clean, &hidden, &wrong);
        let mirrored = SoftGrid::from_fn(clean.side(), |x, y| damaged.level(y, x));
        for (grid, is_mirrored) in [(damaged, false), (mirrored, true)] {
            let decoded = decode_soft(&grid, 0).unwrap();
            assert_eq!((decoded.payload.text().as_ref(), decoded.mirrored), (Some(&expected), is_mirrored));
        }
    }
    let all: Vec<_> = first.into_iter().chain(second).collect();
    assert!(decode_soft(&levels(&clean, &all, &[]), MANY).is_err());
}

#[test]
fn a_failure_tells_the_true_colours_of_mended_blocks_and_of_the_format() {
    let (clean, _) = full(15, EcLevel::M);
    let (blocks, lost) = (10, 3);
    let mut random = Random(5);
    // Every codeword of one block lost, and a few of the others wrong.
    let codewords = data_modules(&clean).len() / 8;
    let of_lost = (0..300).filter(|i| i % blocks == lost);
    let hidden = modules_of(&clean, of_lost);
    let wrong: Vec<_> =
        modules_of(&clean, (0..300).filter(|i| i % blocks != lost)).into_iter().step_by(47).collect();
    let straight = levels(&clean, &hidden, &wrong);
    let mirrored = SoftGrid::from_fn(clean.side(), |x, y| straight.level(y, x));
    for (grid, is_mirrored) in [(straight, false), (mirrored, true)] {
        let failure = decode_soft(&grid, random.below(200)).unwrap_err();
        assert_eq!(failure.error, DecodeError::Errors { block: lost });
        assert_eq!((failure.mirrored, failure.blocks, failure.mended), (is_mirrored, blocks, blocks - 1));
        let known: HashMap<_, _> = failure
            .known
            .as_ref()
            .unwrap()
            .modules()
            .map(|(x, y, dark)| (if is_mirrored { (y, x) } else { (x, y) }, dark))
            .collect();
        assert!(known.iter().all(|(&(x, y), &dark)| clean.is_dark(x, y) == dark));
        assert!(wrong.iter().all(|module| known.contains_key(module)));
        assert!(hidden.iter().all(|module| !known.contains_key(module)));
        let of_block = (codewords - 1) / blocks..=codewords.div_ceil(blocks);
        assert!(of_block.contains(&((8 * codewords + 30 - known.len()) / 8)), "{}", known.len());
    }
}

#[test]
fn a_failure_without_any_mended_block_knows_nothing() {
    let (clean, _) = full(7, EcLevel::L);
    let failure = decode_soft(&levels(&clean, &data_modules(&clean), &[]), MANY).unwrap_err();
    assert_eq!((failure.known, failure.mended, failure.blocks), (None, 0, 2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn hidden_and_wrong_codewords_are_mended_whenever_chance_could_not_have(
        number in 1..=25i16,
        level in 0..4usize,
        hidden in any::<prop::sample::Index>(),
        errors in any::<prop::sample::Index>(),
        seed in any::<u64>(),
    ) {
        let (level, ecc) = LEVELS[level];
        let (clean, expected) = full(number, level);
        let (parity, blocks) = Version::from_side(clean.side()).unwrap().blocks(ecc);
        let codewords = data_modules(&clean).len() / 8;
        let each = codewords / blocks - parity;
        // Attempts are made at even numbers of erasures.
        let hidden = hidden.index(parity.min(each) / 2) / 2 * 2;
        let Some(most) = errors_allowed(codewords.div_ceil(blocks), parity, hidden.max(2)) else { return Ok(()) };
        let errors = errors.index(most.min(each - hidden) + 1);
        let mut random = Random(seed);
        // The same columns of the interleaving in all blocks.
        let mut columns: Vec<usize> = (0..each).collect();
        columns.sort_by_cached_key(|_| random.bits());
        let take = |columns: &[usize]| {
            modules_of(&clean, columns.iter().flat_map(|column| column * blocks..(column + 1) * blocks))
        };
        let wrong: Vec<_> =
            take(&columns[hidden..hidden + errors]).into_iter().filter(|_| random.below(3) > 0).collect();
        let grid = levels(&clean, &take(&columns[..hidden]), &wrong);
        prop_assert_eq!(text(&grid, MANY), Some(expected));
    }

    #[test]
    fn any_levels_and_attempts_are_borne(side in 17..180usize, attempts in 0..300usize, seed in any::<u64>()) {
        let mut random = Random(seed);
        let grid = SoftGrid::from_fn(side, |_, _| random.bits() as i8);
        if let Err(Failure { known: Some(known), .. }) = decode_soft(&grid, attempts) {
            prop_assert!(known.modules().all(|(x, y, _)| x < side && y < side));
        }
    }
}
