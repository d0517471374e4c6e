//! The equations between the least sure modules of a block, and their solution.

use std::sync::OnceLock;

use super::Column;
use crate::decode::galois::{ORDER, exp};
use crate::decode::reed_solomon::{MAX_PARITY, Syndromes};

const WORDS: usize = 6;
const COLUMNS: usize = 64 * WORDS;
/// Modules that the equations are set up for; the last column is that of the syndromes.
pub(super) const MAX_MODULES: usize = COLUMNS - 1;
const SYNDROMES: usize = COLUMNS - 1;

type Row = [u64; WORDS];

/// The equations, a row for each.
pub(super) struct Matrix {
    rows: Vec<Row>,
    modules: usize,
    /// The column that each row, from the first on, is solved for.
    pivots: Vec<usize>,
}

impl Matrix {
    /// The equations over `modules` (index of the codeword times eight plus that of the bit), the least sure first,
    /// of a block of `length` codewords.
    pub(super) fn new(length: usize, modules: &[u16], syndromes: &Syndromes) -> Self {
        let mut columns = vec![Column::default(); COLUMNS];
        let table = coefficients();
        for (column, module) in columns[..SYNDROMES].iter_mut().zip(modules) {
            let place = length - 1 - usize::from(module / 8); // safe: a codeword of the block
            *column = table[place][7 - usize::from(module % 8)];
        }
        columns[SYNDROMES] = syndromes.bits();
        let mut rows = vec![Row::default(); 256];
        for (group, columns) in columns.chunks_exact(64).enumerate() {
            for (part, rows) in rows.chunks_exact_mut(64).enumerate() {
                let mut square = std::array::from_fn(|i| columns[i][part]);
                transpose(&mut square);
                for (row, word) in rows.iter_mut().zip(square) {
                    row[group] = word;
                }
            }
        }
        rows.truncate(8 * syndromes.parity());
        Self { rows, modules: modules.len().min(MAX_MODULES), pivots: Vec::with_capacity(8 * MAX_PARITY) }
    }

    /// Gauss and Jordan, eight columns at a time (the method of the four Russians); `None` when not every equation
    /// gets a module of its own.
    pub(super) fn eliminate(&mut self) -> Option<()> {
        for group in 0..self.modules.div_ceil(8) {
            let first = self.pivots.len();
            let mask = self.solve_group(group);
            self.clear_group(group, first, mask);
            if self.pivots.len() == self.rows.len() {
                return Some(());
            }
        }
        None
    }

    /// The columns that the equations are solved for, in the order of the equations.
    pub(super) fn pivots(&self) -> &[usize] {
        &self.pivots
    }

    /// The syndromes, and each column that is not solved for with its index: the modules solved for that it changes.
    pub(super) fn rest(&self) -> (Column, Vec<(usize, Column)>) {
        let mut open = [true; COLUMNS];
        for &pivot in &self.pivots {
            open[pivot] = false;
        }
        open[self.modules..SYNDROMES].fill(false);
        let mut columns = Vec::with_capacity(COLUMNS);
        let shift = 256 - self.rows.len(); // safe: as many rows as fit a column at most
        for group in (0..WORDS).filter(|group| open[64 * group..][..64].contains(&true)) {
            let mut parts = [[0; 64]; 4];
            for (i, row) in self.rows.iter().enumerate() {
                parts[(i + shift) / 64][(i + shift) % 64] = row[group];
            }
            parts.iter_mut().for_each(transpose);
            let open = (64 * group..).zip(&open[64 * group..][..64]).filter(|(_, open)| **open);
            columns
                .extend(open.map(|(index, _)| (index, std::array::from_fn(|part| parts[part][index % 64]))));
        }
        let syndromes = columns.pop().map_or(Column::default(), |(_, column)| column);
        (syndromes, columns)
    }

    /// Finds rows to solve for the columns of a group; returns which columns of the eight have one.
    fn solve_group(&mut self, group: usize) -> u8 {
        let (first, mut mask) = (self.pivots.len(), 0);
        for column in (8 * group..self.modules).take(8) {
            let rank = self.pivots.len();
            let bit = 1u8 << (column % 8);
            for i in rank..self.rows.len() {
                let mut row = self.rows[i];
                let hits = byte(&row, group) & mask;
                for (pivot, above) in self.pivots[first..].iter().zip(&self.rows[first..]) {
                    if hits >> (pivot % 8) & 1 == 1 {
                        add(&mut row, above);
                    }
                }
                self.rows[i] = row;
                if byte(&row, group) & bit != 0 {
                    self.rows.swap(rank, i);
                    for above in &mut self.rows[first..rank] {
                        if byte(above, group) & bit != 0 {
                            add(above, &row);
                        }
                    }
                    self.pivots.push(column);
                    mask |= bit;
                    break;
                }
            }
        }
        mask
    }

    /// Clears the columns just solved for out of all other rows, by tables of what four bits each take.
    fn clear_group(&mut self, group: usize, first: usize, mask: u8) {
        let mut tables = [[Row::default(); 16]; 2];
        for (pivot, row) in self.pivots[first..].iter().zip(&self.rows[first..]) {
            let bit = pivot % 8;
            for entry in (0..16).filter(|entry| entry >> (bit % 4) & 1 == 1) {
                add(&mut tables[bit / 4][entry], row);
            }
        }
        let rank = self.pivots.len();
        let (before, rest) = self.rows.split_at_mut(first);
        for row in before.iter_mut().chain(&mut rest[rank - first..]) {
            let bits = byte(row, group) & mask;
            add(row, &tables[0][usize::from(bits & 15)]);
            add(row, &tables[1][usize::from(bits >> 4)]);
        }
    }
}

fn byte(row: &Row, group: usize) -> u8 {
    (row[group / 8] >> (8 * (group % 8))) as u8 // safe: cut to the byte on purpose
}

fn add(row: &mut Row, other: &Row) {
    for (word, other) in row.iter_mut().zip(other) {
        *word ^= other;
    }
}

/// Swaps bit j of word i with bit i of word j.
fn transpose(square: &mut [u64; 64]) {
    let (mut width, mut mask) = (32, u64::MAX >> 32);
    while width > 0 {
        for i in (0..64).filter(|i| i & width == 0) {
            let swapped = (square[i] >> width ^ square[i + width]) & mask;
            square[i] ^= swapped << width;
            square[i + width] ^= swapped;
        }
        width /= 2;
        mask ^= mask << width;
    }
}

/// By place, counted from the last codeword, and bit, the least significant first: what a wrong bit does to all
/// syndromes, eight bits each, that of α⁰ first.
fn coefficients() -> &'static [[Column; 8]; ORDER] {
    static TABLE: OnceLock<Box<[[Column; 8]; ORDER]>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let column = |place: usize, bit: usize| {
            let mut column = Column::default();
            for root in 0..MAX_PARITY {
                column[root / 8] |= u64::from(exp((bit + root * place) % ORDER)) << (8 * (root % 8));
            }
            column
        };
        let table: Vec<_> = (0..ORDER).map(|place| std::array::from_fn(|bit| column(place, bit))).collect();
        table.try_into().unwrap_or_else(|_| unreachable!("as many as there are places"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposing_swaps_rows_and_columns() {
        let mut state = 1u64;
        let square: [u64; 64] = std::array::from_fn(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state.rotate_left(29)
        });
        let mut turned = square;
        transpose(&mut turned);
        for (i, j) in (0..64).flat_map(|i| (0..64).map(move |j| (i, j))) {
            assert_eq!(square[i] >> j & 1, turned[j] >> i & 1, "{i} {j}");
        }
    }
}
