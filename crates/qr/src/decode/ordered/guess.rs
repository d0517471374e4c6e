//! Guessing errors among the modules that were not solved for.

use super::Column;
use super::matrix::Matrix;
use crate::decode::effort::Effort;

/// Guesses that cost as much as one erasure decoding, measured.
const GUESSES_PER_ATTEMPT: usize = 256;
/// Modules that three errors are guessed among: more take longer than they bring.
const TRIPLES_AMONG: usize = 64;
const BYTES: usize = size_of::<Column>();

/// The columns of wrong modules whose levels sum up to `most` or less: few guessed, the others solved for.
pub(super) fn search(
    matrix: &Matrix,
    weights: &[u8],
    most: u32,
    effort: &mut Effort<'_>,
) -> Option<Vec<usize>> {
    let (syndromes, others) = matrix.rest();
    let others =
        others.into_iter().map(|(index, effect)| Other { weight: weights[index].into(), index, effect });
    let (others, sums) = (others.collect(), Sums::new(matrix.pivots(), weights));
    let mut search = Search { sums, others, most, effort, guesses: 0 };
    let (pattern, guessed) = search.run(&syndromes)?;
    let solved = (0..8 * BYTES).filter(|bit| pattern[bit / 64] >> (bit % 64) & 1 == 1);
    let shift = 8 * BYTES - matrix.pivots().len(); // safe: a column has a bit for each
    Some(solved.map(|bit| matrix.pivots()[bit - shift]).chain(guessed).collect())
}

/// A module that was not solved for.
struct Other {
    weight: u32,
    index: usize,
    /// The modules solved for that an error here changes.
    effect: Column,
}

struct Search<'e, 't> {
    sums: Sums,
    /// The least sure first.
    others: Vec<Other>,
    most: u32,
    effort: &'e mut Effort<'t>,
    /// Guesses that were paid for.
    guesses: usize,
}

impl Search<'_, '_> {
    /// The errors among the modules solved for, and the guessed ones.
    fn run(&mut self, syndromes: &Column) -> Option<(Column, Vec<usize>)> {
        if self.sums.of(syndromes) <= self.most {
            return Some((*syndromes, Vec::new()));
        }
        let all = self.others.len();
        self.guess(syndromes, 0, all, &[]).or_else(|| (0..all).find_map(|a| self.pair(syndromes, a))).or_else(
            || (0..all.min(TRIPLES_AMONG)).find_map(|a| (0..a).find_map(|b| self.triple(syndromes, a, b))),
        )
    }

    fn pair(&mut self, syndromes: &Column, a: usize) -> Option<(Column, Vec<usize>)> {
        let Other { weight, index, effect } = self.others[a];
        self.guess(&add(syndromes, &effect), weight, a, &[index])
    }

    fn triple(&mut self, syndromes: &Column, a: usize, b: usize) -> Option<(Column, Vec<usize>)> {
        let [first, second] = [a, b].map(|i| &self.others[i]);
        let pattern = add(&add(syndromes, &first.effect), &second.effect);
        self.guess(&pattern, first.weight + second.weight, b, &[first.index, second.index])
    }

    /// Guesses one more error, among the first `among`, beside others of weight `spent`.
    fn guess(
        &mut self,
        pattern: &Column,
        spent: u32,
        among: usize,
        others: &[usize],
    ) -> Option<(Column, Vec<usize>)> {
        while self.guesses < among {
            if !self.effort.spend(1) {
                return None;
            }
            self.guesses += GUESSES_PER_ATTEMPT;
        }
        self.guesses -= among;
        let left = self.most.checked_sub(spent)?;
        self.others[..among].iter().find_map(|other| {
            let left = left.checked_sub(other.weight)?;
            if !self.sums.may_be_within(pattern[3] ^ other.effect[3], left) {
                return None;
            }
            let pattern = add(pattern, &other.effect);
            let indices = || others.iter().copied().chain([other.index]).collect();
            (self.sums.of(&pattern) <= left).then(|| (pattern, indices()))
        })
    }
}

fn add(a: &Column, b: &Column) -> Column {
    std::array::from_fn(|i| a[i] ^ b[i])
}

/// Sums of the weights of wrong modules, by bytes of the pattern.
struct Sums {
    tables: Vec<[u16; 256]>,
    /// The least weight in a pattern's last word, which holds the surest modules.
    least_in_last: u32,
}

impl Sums {
    /// For patterns whose last bit is the last of `pivots`.
    fn new(pivots: &[usize], weights: &[u8]) -> Self {
        let shift = 8 * BYTES - pivots.len(); // safe: a column has a bit for each
        let weight = |bit: usize| bit.checked_sub(shift).map_or(0, |i| u16::from(weights[pivots[i]]));
        let table = |byte: usize| {
            let mut table = [0; 256];
            for bit in 0..8 {
                let (done, next) = table.split_at_mut(1 << bit);
                for (sum, below) in next.iter_mut().zip(done) {
                    *sum = *below + weight(8 * byte + bit);
                }
            }
            table
        };
        let least_in_last = (shift.max(192)..256).map(weight).min().unwrap_or(0).into();
        Self { tables: (0..BYTES).map(table).collect(), least_in_last }
    }

    fn of(&self, pattern: &Column) -> u32 {
        let bytes = pattern.iter().flat_map(|word| word.to_le_bytes());
        self.tables.iter().zip(bytes).map(|(table, byte)| u32::from(table[usize::from(byte)])).sum()
    }

    /// `false` only if a pattern with this last word weighs more than `most`.
    fn may_be_within(&self, last: u64, most: u32) -> bool {
        last.count_ones() * self.least_in_last <= most && {
            let sums = self.tables[24..].iter().zip(last.to_le_bytes());
            sums.map(|(table, byte)| u32::from(table[usize::from(byte)])).sum::<u32>() <= most
        }
    }
}
