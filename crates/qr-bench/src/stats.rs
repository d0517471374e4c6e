//! Sums over pictures.

use std::time::Duration;

use crate::score::Score;

/// One reader on one corpus.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Pictures shown.
    pub pictures: usize,
    /// Codes on them.
    pub codes: usize,
    /// Codes of these that were read.
    pub read: usize,
    /// Symbols reported that are none of these codes.
    pub false_reads: usize,
    /// CPU time of each picture in milliseconds.
    pub milliseconds: Vec<f64>,
}

impl Tally {
    /// Counts one picture.
    pub fn add(&mut self, score: &Score, cpu: Duration) {
        self.pictures += 1;
        self.codes += score.codes;
        self.read += score.read;
        self.false_reads += score.false_reads.len();
        self.milliseconds.push(cpu.as_secs_f64() * 1e3);
    }

    /// The share of codes that were read; `None` where there are none.
    pub fn rate(&self) -> Option<f64> {
        (self.codes > 0).then(|| self.read as f64 / self.codes as f64)
    }

    /// The median CPU time of a picture in milliseconds.
    pub fn median(&self) -> f64 {
        quantile(&self.milliseconds, 0.5)
    }

    /// The CPU time in milliseconds that 95 of 100 pictures do not exceed.
    pub fn p95(&self) -> f64 {
        quantile(&self.milliseconds, 0.95)
    }
}

/// The smallest value that a share `q` of all values does not exceed; not a number where there are none.
pub fn quantile(values: &[f64], q: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let rank = (q * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.clamp(1, sorted.len().max(1)) - 1).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::Found;

    #[test]
    fn quantiles_are_by_nearest_rank() {
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        let table: [(&[f64], f64, f64); 6] = [
            (&[7.0], 0.5, 7.0),
            (&[7.0], 0.95, 7.0),
            (&[3.0, 1.0, 2.0], 0.5, 2.0),
            (&[4.0, 1.0, 2.0, 3.0], 0.5, 2.0),
            (&hundred, 0.95, 95.0),
            (&hundred, 1.0, 100.0),
        ];
        for (values, q, expected) in table {
            assert_eq!(quantile(values, q), expected, "{q} of {} values", values.len());
        }
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn a_tally_sums_scores_and_has_no_rate_without_codes() {
        let mut tally = Tally::default();
        assert_eq!(tally.rate(), None);
        for (codes, read) in [(1, 1), (3, 0)] {
            let score = Score { codes, read, false_reads: vec![Found::default()], ..Score::default() };
            tally.add(&score, Duration::from_micros(1500));
        }
        assert_eq!((tally.pictures, tally.false_reads, tally.rate()), (2, 2, Some(0.25)));
        assert_eq!((tally.median(), tally.p95()), (1.5, 1.5));
    }
}
