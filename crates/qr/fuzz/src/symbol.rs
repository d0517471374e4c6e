//! Real symbols with whatever a script puts into them, drawn by an encoder that is not ours.

use std::sync::OnceLock;

use qrcode::bits::Bits;
use qrcode::canvas::{Canvas, MaskPattern, is_functional};
use qrcode::{Color, EcLevel, Version, ec};

use crate::script::Script;

/// Levels in the order of [`Plan::level`].
pub const LETTERS: [char; 4] = ['L', 'M', 'Q', 'H'];
const LEVELS: [EcLevel; 4] = [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H];
const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];
/// Segments of one symbol.
const MAX_SEGMENTS: usize = 12;
/// Characters of one segment.
const MAX_RUN: usize = 96;

/// Version, error correction level and mask.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// 1 to 40.
    pub version: u8,
    /// Index into [`LETTERS`].
    pub level: usize,
    /// 0 to 7.
    pub mask: u8,
}

impl Plan {
    /// The plan that the next bytes of a script make; small versions are the likelier by far, since they are fast.
    pub fn read(script: &mut Script<'_>) -> Self {
        let share = f32::from(script.byte()) / 255.0;
        let version = 1 + (39.0 * share.powi(10)).round() as u8;
        let both = script.byte();
        Self { version, level: usize::from(both & 3), mask: both >> 2 & 7 }
    }

    /// Modules along one side.
    pub fn side(self) -> usize {
        17 + 4 * usize::from(self.version)
    }

    /// Modules with data that may be wrong in any one block, wherever they are: half the error correction codewords
    /// of a block, of which version 1-L has 7 and all others at least 10, but for those kept against misreading
    /// (ISO/IEC 18004:2015 table 9).
    pub fn bearable(self) -> usize {
        if (self.version, self.level) == (1, 0) { 2 } else { 4 }
    }

    /// Whether no codeword lies at this module.
    pub fn is_functional(self, x: usize, y: usize) -> bool {
        is_functional(self.version(), self.side() as i16, x as i16, y as i16)
    }

    /// Data codewords of the symbol.
    fn capacity(self) -> usize {
        Bits::new(self.version()).max_len(LEVELS[self.level]).expect("every version has every level") / 8
    }

    fn version(self) -> Version {
        Version::Normal(self.version.into())
    }
}

/// A symbol as it was drawn.
pub struct Symbol {
    /// How it was made.
    pub plan: Plan,
    /// Modules row by row, `true` is dark.
    pub modules: Vec<bool>,
}

impl Symbol {
    /// The symbol with these data codewords, repeated or cut to its capacity.
    pub fn of_codewords(plan: Plan, codewords: &[u8]) -> Self {
        let filler = if codewords.is_empty() { &[0] } else { codewords };
        let data: Vec<u8> = filler.iter().copied().cycle().take(plan.capacity()).collect();
        let (mut codewords, correction) = ec::construct_codewords(&data, plan.version(), LEVELS[plan.level])
            .expect("every version has every level");
        codewords.extend(correction);
        let mut modules = blank(plan).to_vec();
        for (&place, bit) in places(plan).iter().zip(0..) {
            modules[usize::from(place)] ^= codewords[bit / 8] << (bit % 8) & 0x80 != 0;
        }
        Self { plan, modules }
    }

    /// A symbol with segments as the script has them, and the bytes that it must be read as. The last segment that
    /// does not fit any more ends it.
    pub fn of_segments(plan: Plan, script: &mut Script<'_>) -> (Self, Vec<u8>) {
        let mut bits = Bits::new(plan.version());
        let mut bytes = Vec::new();
        let capacity = plan.capacity() * 8;
        for _ in 0..script.below(MAX_SEGMENTS) {
            let mode = script.byte();
            let run = script.run(MAX_RUN);
            let (room, length) = (capacity.saturating_sub(bits.len()), run.len());
            // An upper bound for every mode: indicator, ECI, count, and 13 bits for a character.
            if length == 0 || room < 4 + 28 + 16 + 13 * length {
                break;
            }
            bytes.extend(push(&mut bits, mode, run));
        }
        bits.push_terminator(LEVELS[plan.level]).expect("every segment had room");
        (Self::of_codewords(plan, &bits.into_bytes()), bytes)
    }

    /// Whether the module is dark.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        self.modules[y * self.plan.side() + x]
    }
}

/// The symbol of a plan whose codewords are all zero: what others are apart from their codewords. Drawn once, since
/// the encoder takes far longer than the decoder.
fn blank(plan: Plan) -> &'static [bool] {
    static BLANKS: [OnceLock<Vec<bool>>; 40 * 4 * 8] = [const { OnceLock::new() }; 40 * 4 * 8];
    let index = (usize::from(plan.version) - 1) * 32 + plan.level * 8 + usize::from(plan.mask);
    BLANKS[index].get_or_init(|| draw(plan, &vec![0; codewords(plan)]))
}

/// Where each bit of the codewords is drawn, found by drawing the number of each bit, digit by digit.
fn places(plan: Plan) -> &'static [u16] {
    static PLACES: [OnceLock<Vec<u16>>; 40] = [const { OnceLock::new() }; 40];
    PLACES[usize::from(plan.version) - 1].get_or_init(|| {
        let count = codewords(plan);
        let digit = |digit: u32, byte: usize| {
            (0..8).fold(0, |all, bit| all << 1 | ((byte * 8 + bit) >> digit & 1) as u8)
        };
        let ones = draw(plan, &vec![0xff; count]);
        let digits: Vec<_> = (0..usize::BITS - (count * 8).leading_zeros())
            .map(|n| draw(plan, &(0..count).map(|byte| digit(n, byte)).collect::<Vec<u8>>()))
            .collect();
        let mut places = vec![0; count * 8];
        for (place, (one, _)) in
            ones.iter().zip(blank(plan)).enumerate().filter(|(_, (one, zero))| one != zero)
        {
            let number =
                digits.iter().rev().fold(0, |number, drawn| number << 1 | usize::from(drawn[place] == *one));
            places[number] = place as u16;
        }
        places
    })
}

/// Codewords of data and error correction together.
fn codewords(plan: Plan) -> usize {
    let (data, correction) =
        ec::construct_codewords(&vec![0; plan.capacity()], plan.version(), LEVELS[plan.level])
            .expect("every version has every level");
    data.len() + correction.len()
}

fn draw(plan: Plan, codewords: &[u8]) -> Vec<bool> {
    let mut canvas = Canvas::new(plan.version(), LEVELS[plan.level]);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(codewords, &[]);
    canvas.apply_mask(MASKS[usize::from(plan.mask)]);
    canvas.into_colors().into_iter().map(|color| color == Color::Dark).collect()
}

/// Appends a segment of the characters that a mode makes of `run`; the bytes that it stands for.
fn push(bits: &mut Bits, mode: u8, run: &[u8]) -> Vec<u8> {
    const ALPHANUMERIC: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let digits = || run.iter().map(|byte| b'0' + byte % 10).collect::<Vec<u8>>();
    let letters = || run.iter().map(|byte| ALPHANUMERIC[usize::from(byte % 45)]).collect::<Vec<u8>>();
    // Double bytes of Shift-JIS that kanji mode has room for: 0x8140 to 0x9ffc and 0xe040 to 0xebbf.
    let kanji = || run.iter().flat_map(|byte| [0x88 + byte % 16, 0xa0 + byte / 16]).collect::<Vec<u8>>();
    let (bytes, pushed) = match mode % 5 {
        0 => (digits(), bits.push_numeric_data(&digits())),
        1 => (letters(), bits.push_alphanumeric_data(&letters())),
        2 => (kanji(), bits.push_kanji_data(&kanji())),
        3 => (run.to_vec(), bits.push_byte_data(run)),
        _ => {
            let eci = u32::from(mode) * 131;
            (run.to_vec(), bits.push_eci_designator(eci).and_then(|()| bits.push_byte_data(run)))
        }
    };
    pushed.expect("the segment has room and holds its mode's characters");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_are_as_the_encoder_itself_draws_them() {
        let plans =
            (1..=40).map(|version| Plan { version, level: usize::from(version % 4), mask: version % 8 });
        for plan in plans {
            let content: Vec<u8> = (0..251).map(|at| (at * 89 + 7) as u8).collect();
            let data: Vec<u8> = content.iter().copied().cycle().take(plan.capacity()).collect();
            let (mut codewords, correction) =
                ec::construct_codewords(&data, plan.version(), LEVELS[plan.level]).expect("a valid plan");
            codewords.extend(correction);
            assert!(Symbol::of_codewords(plan, &content).modules == draw(plan, &codewords), "{plan:?}");
        }
    }
}
