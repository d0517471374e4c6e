//! The desk's texture and the sensor's noise, both from a seed.

/// Numbers in a row that look random (SplitMix64, Steele, Lea and Flood 2014).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In `0.0..1.0`.
    pub(crate) fn share(&mut self) -> f32 {
        (self.number() >> 40) as f32 / (1u64 << 24) as f32
    }
}

/// A desk: cloudy, from middle grey to dark.
#[derive(Clone, Debug)]
pub(super) struct Texture {
    knots: Vec<f32>,
}

/// Knots of the texture across and down.
const ACROSS: usize = 48;
const DOWN: usize = 28;

impl Texture {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        Self { knots: (0..ACROSS * DOWN).map(|_| 70.0 + 60.0 * random.share()).collect() }
    }

    /// The row at `down`, in `0.0..1.0` of the frame.
    pub(super) fn row(&self, down: f32, row: &mut [f32]) {
        let at = down * (DOWN - 1) as f32;
        let (upper, share) = (at as usize, at.fract());
        let lower = (upper + 1).min(DOWN - 1);
        let knot = |x: usize| {
            let (a, b) = (self.knots[upper * ACROSS + x], self.knots[lower * ACROSS + x]);
            a + (b - a) * share
        };
        let line: [f32; ACROSS] = std::array::from_fn(knot);
        let step = (ACROSS - 1) as f32 / row.len() as f32;
        for (x, value) in row.iter_mut().enumerate() {
            let at = x as f32 * step;
            let left = at as usize;
            *value = line[left] + (line[left + 1] - line[left]) * (at - left as f32);
        }
    }
}

/// Normally distributed noise out of one long table, which every row enters elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Noise {
    seed: u64,
    table: Vec<f32>,
}

/// Places where a row can enter the table.
const ENTRIES: usize = 1 << 16;

impl Noise {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random::new(!seed);
        // The sum of twelve even distributions over 0..1 has variance 1.
        let normal = |_| (0..12).map(|_| random.share()).sum::<f32>() - 6.0;
        Self { seed, table: (0..ENTRIES + crate::MAX_SIDE).map(normal).collect() }
    }

    /// Noise of standard deviation 1 for one row of one frame.
    pub(super) fn row(&self, number: u64, y: usize) -> &[f32] {
        let mut random = Random::new(self.seed ^ number.rotate_left(32) ^ y as u64);
        let entry = random.number() as usize % ENTRIES;
        &self.table[entry..][..crate::MAX_SIDE]
    }
}
