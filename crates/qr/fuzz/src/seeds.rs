//! Scripts to begin with: each reaches another part of the reader.

use fuzzing::Random;

/// Scripts drawn from numbers for each kind, besides those written by hand.
const DRAWN: u64 = 24;

/// Scripts for frames: each kind of input, with symbols from the smallest up, finders, noise.
pub fn frames() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for number in 0..DRAWN {
        let random = &mut Random::new(number);
        seeds.push([&[0, 64, 0, 48, 0, 70, 0][..], &bytes(random, 90)].concat());
        seeds.push([&[1, number as u8][..], &bytes(random, 60)].concat());
        for kind in [2, 3] {
            seeds.push(stream(kind, random));
        }
    }
    seeds.push(field(1, 0));
    seeds.push(field(20, 16));
    seeds
}

/// Scripts for grids: each kind of input over versions and levels.
pub fn grids() -> Vec<Vec<u8>> {
    let share = |number: u64| (number * 255 / (DRAWN - 1)) as u8;
    let seed = |(kind, number): (u8, u64)| {
        let random = &mut Random::new(number << 8 | u64::from(kind));
        let length = 20 + 25 * number as usize;
        [&[kind, share(number)][..], &bytes(random, length)].concat()
    };
    (0..5).flat_map(|kind| (0..DRAWN).map(move |number| (kind, number))).map(seed).collect()
}

/// A stream: a frame with a symbol and a frame with more drawn over it.
fn stream(kind: u8, random: &mut Random) -> Vec<u8> {
    let size = 120 + random.below(200) as u16;
    let [low, high] = size.to_le_bytes();
    let mut script = vec![kind, low, high, low, high, 215, 7, 0, 0];
    let version = random.below(140) as u8;
    let module = 50 + random.below(60) as u8;
    let middle = (size / 2 + size / 8) * 8;
    let [near, far] = middle.to_le_bytes();
    // One step: a symbol with its quiet zone, dark on light, about the middle, in slight perspective.
    script.extend([0, 2, version, random.bits() as u8, module, 4, 25, 220, near, far, near, far]);
    script.push(random.bits() as u8);
    script.extend((0..8).map(|_| 120 + random.below(17) as u8));
    script.extend([random.below(4) as u8, 1, 1, 3, 0, 1, 30]);
    script.extend(bytes(random, 30));
    script.extend([1, 24]);
    script.extend(bytes(random, 32));
    // Two steps: noise over everything, and a blur.
    script.extend([1, 4, 0, 0, 0, 0, 255, 1, 255, 1, random.bits() as u8, 9, 9, 5]);
    script
}

/// A field of finder patterns, as many as fit.
fn field(module: u8, gap: u8) -> Vec<u8> {
    vec![2, 127, 1, 127, 1, 255, 0, 0, 0, 0, 1, module, 128, 128, 128, 0, 255, 0, 4, 0, 4, 0, gap, 31, 31]
}

fn bytes(random: &mut Random, count: usize) -> Vec<u8> {
    (0..count).map(|_| random.bits() as u8).collect()
}
