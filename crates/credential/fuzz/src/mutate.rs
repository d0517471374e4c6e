//! Changes to inputs for the plain replay, in the ways that fuzzers usually make them.

/// Bytes of the longest script that a change makes.
const MAX_LENGTH: usize = 8192;
/// Changes made to a script at once, at most.
const MAX_CHANGES: usize = 6;
/// Values at the borders of ranges.
const BORDERS: [u8; 8] = [0, 1, 7, 127, 128, 129, 254, 255];

/// One of the scripts with a few changes, some of them from another.
pub fn mutated(scripts: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut script = scripts[random.below(scripts.len())].clone();
    for _ in 0..=random.below(MAX_CHANGES) {
        let other = &scripts[random.below(scripts.len())];
        change(&mut script, other, random);
    }
    script.truncate(MAX_LENGTH);
    script
}

fn change(script: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    let at = random.below(script.len() + 1);
    match (random.below(6), script.get_mut(at)) {
        (0, Some(byte)) => *byte = random.bits() as u8,
        (1, Some(byte)) => *byte ^= 1 << random.below(8),
        (2, Some(byte)) => *byte = BORDERS[random.below(BORDERS.len())],
        (3, _) => {
            let end = at + random.below(script.len() - at + 1).min(8);
            script.drain(at..end);
        }
        (4, _) => {
            let bytes = (0..=random.below(8)).map(|_| random.bits() as u8).collect::<Vec<_>>();
            script.splice(at..at, bytes);
        }
        _ => {
            let from = random.below(other.len() + 1);
            script.truncate(at);
            script.extend_from_slice(&other[from..]);
        }
    }
}

/// Pseudo-random numbers from a seed (SplitMix64).
pub struct Random(u64);

impl Random {
    /// The sequence of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// A number below `limit` (at least 1).
    pub fn below(&mut self, limit: usize) -> usize {
        (self.bits() % limit as u64) as usize
    }
}
