//! Numbers that look random and repeat with their seed.

use std::sync::OnceLock;

/// SplitMix64 (Steele, Lea and Flood, 2014).
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// Every part changes everything that follows.
    pub(crate) fn new(parts: &[u64]) -> Self {
        let mut random = Self(0x6a09_e667_f3bc_c908);
        for &part in parts {
            random.0 ^= part;
            random.0 = random.number();
        }
        random
    }

    #[inline]
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

    /// In `from..to`.
    pub(crate) fn range(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * self.share()
    }

    /// In `-reach..reach`.
    pub(crate) fn either(&mut self, reach: f32) -> f32 {
        self.range(-reach, reach)
    }

    /// In `from..to`, every factor as likely as every other.
    pub(crate) fn factor(&mut self, from: f32, to: f32) -> f32 {
        self.range(from.ln(), to.ln()).exp()
    }

    /// A whole number in `from..=to`.
    pub(crate) fn whole(&mut self, from: usize, to: usize) -> usize {
        from + (self.number() % (to - from + 1) as u64) as usize
    }

    pub(crate) fn chance(&mut self, share: f32) -> bool {
        self.share() < share
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.whole(0, from.len() - 1)]
    }

    /// A direction in the plane, in radians.
    pub(crate) fn direction(&mut self) -> f32 {
        self.range(0.0, std::f32::consts::TAU)
    }
}

/// Equal shares of the normal distribution.
pub(crate) const QUANTILES: usize = 4096;

/// The standard normal distribution in equal shares: the middle of each.
pub(crate) fn quantiles() -> &'static [f32; QUANTILES] {
    static TABLE: OnceLock<[f32; QUANTILES]> = OnceLock::new();
    TABLE.get_or_init(|| {
        let (step, mut at, mut below) = (1e-4_f64, -6.0_f64, 0.0_f64);
        let density = std::f64::consts::TAU.sqrt().recip();
        std::array::from_fn(|i| {
            let wanted = (i as f64 + 0.5) / QUANTILES as f64;
            while below < wanted && at < 6.0 {
                below += density * (-at * at / 2.0).exp() * step;
                at += step;
            }
            at as f32
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normals_have_mean_zero_and_deviation_one() {
        let mut random = Random::new(&[1]);
        let draws: Vec<f32> =
            (0..200_000).map(|_| quantiles()[random.number() as usize % QUANTILES]).collect();
        let mean = draws.iter().sum::<f32>() / draws.len() as f32;
        let variance = draws.iter().map(|d| (d - mean).powi(2)).sum::<f32>() / draws.len() as f32;
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
    }

    #[test]
    fn every_part_of_a_seed_matters_and_so_does_their_order() {
        let first = |parts: &[u64]| Random::new(parts).number();
        assert_ne!(first(&[1, 2]), first(&[2, 1]));
        assert_ne!(first(&[0, 0]), first(&[0]));
        assert_eq!(first(&[1, 2, 3]), first(&[1, 2, 3]));
    }
}
