//! What is no symbol is not read as one, however much is tried.

use super::*;

/// More attempts than any caller makes.
const ATTEMPTS: usize = 2000;

/// How the levels of what is no symbol are distributed.
#[derive(Clone, Copy, Debug)]
enum Levels {
    /// All sure.
    Sure,
    /// Any level as often as another.
    Even,
    /// Many unsure ones: normal.
    Normal,
    /// A half of all is hidden in spots, the rest sure.
    Spots,
}

/// Noise in the data modules of a version, within function patterns and format information like those of a symbol, so
/// that nothing but error correction and the payload can tell it from one.
fn noise(version: Version, levels: Levels, random: &mut Random) -> SoftGrid {
    let side = version.side();
    let format =
        Format { ecc: [Ecc::L, Ecc::M, Ecc::Q, Ecc::H][random.below(4)], mask: random.below(8) as u8 };
    let format: Vec<_> = format::modules(side, format).collect();
    let spots: Vec<_> = (0..6).map(|_| (random.below(side), random.below(side))).collect();
    let hidden = |x: usize, y: usize| {
        spots.iter().any(|&(left, top)| x.abs_diff(left).pow(2) + y.abs_diff(top).pow(2) < side * side / 30)
    };
    let mut grid = SoftGrid::from_fn(side, |x, y| match function_pattern(version)[y * side + x] {
        Some(dark) => {
            if dark {
                127
            } else {
                -127
            }
        }
        None => match levels {
            Levels::Sure => {
                if random.below(2) == 1 {
                    127
                } else {
                    -127
                }
            }
            Levels::Even => (random.bits() as i8).max(-127),
            Levels::Normal => (40.0 * random.normal()) as i8,
            Levels::Spots if hidden(x, y) => 0,
            Levels::Spots => {
                if random.below(2) == 1 {
                    90
                } else {
                    -90
                }
            }
        },
    });
    let known: std::collections::HashMap<_, _> =
        format.into_iter().map(|(x, y, dark)| ((x, y), dark)).collect();
    let drawn = grid.clone();
    grid.refill(side, |x, y| {
        known.get(&(x, y)).map_or(drawn.level(x, y), |&dark| if dark { 127 } else { -127 })
    });
    grid
}

/// How many of `count` grids of noise of each kind are read.
fn read(number: usize, count: usize) -> usize {
    let version = Version::from_side(17 + 4 * number).unwrap();
    let kinds = [Levels::Sure, Levels::Even, Levels::Normal, Levels::Spots];
    let reads = kinds.map(|levels| {
        let mut random = Random(number as u64);
        let mut read = |_: &usize| decode_soft(&noise(version, levels, &mut random), ATTEMPTS).is_ok();
        (0..count).filter(|i| read(i)).count()
    });
    reads.iter().sum()
}

#[test]
fn noise_is_not_read_as_a_symbol() {
    for (number, count) in [(1, 1000), (2, 400), (5, 100), (10, 50)] {
        assert_eq!(read(number, count), 0, "version {number}");
    }
}

#[test]
#[ignore = "a million grids take seven minutes, optimised"]
fn of_a_million_grids_of_noise_none_is_read() {
    for (number, count) in [(1, 150_000), (2, 60_000), (5, 25_000), (10, 15_000)] {
        assert_eq!(read(number, count), 0, "version {number}");
    }
}

#[test]
fn random_data_are_seldom_segments_and_hardly_ever_padded() {
    const COUNT: usize = 100_000;
    // Data codewords of 1-H, 1-L, 2-L, 5-L and 10-M.
    for (number, length) in [(1, 9), (1, 19), (2, 34), (5, 108), (10, 216)] {
        let version = Version::from_side(17 + 4 * number).unwrap();
        let mut random = Random(number as u64);
        let mut parsed = || {
            let data: Vec<u8> = (0..length).map(|_| random.bits() as u8).collect();
            payload::parse(&data, version).ok()
        };
        let parsed: Vec<_> = (0..COUNT).filter_map(|_| parsed()).collect();
        let padded = parsed.iter().filter(|(_, padded)| *padded).count();
        assert!(parsed.len() < COUNT / 10 && padded < COUNT / 1000, "{number}: {}, {padded}", parsed.len());
    }
}
