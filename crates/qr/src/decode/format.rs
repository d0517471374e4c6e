//! Format information: level and mask, twice in every symbol (ISO/IEC 18004:2015 §7.9, annex C).

/// Error correction level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ecc {
    /// Mends about 7 % of the codewords.
    L,
    /// Mends about 15 %.
    M,
    /// Mends about 25 %.
    Q,
    /// Mends about 30 %.
    H,
}

impl Ecc {
    /// The level's letter.
    pub fn letter(self) -> char {
        match self {
            Self::L => 'L',
            Self::M => 'M',
            Self::Q => 'Q',
            Self::H => 'H',
        }
    }
}

/// The format information of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Error correction level.
    pub ecc: Ecc,
    /// Data mask pattern, 0 to 7.
    pub mask: u8,
}

impl Format {
    /// The format that five data bits mean (table 12).
    fn from_data(data: u16) -> Self {
        let ecc = match data >> 3 {
            0b01 => Ecc::L,
            0b00 => Ecc::M,
            0b11 => Ecc::Q,
            _ => Ecc::H,
        };
        Self { ecc, mask: (data & 7) as u8 }
    }

    /// The five data bits.
    fn data(self) -> u16 {
        let level = match self.ecc {
            Ecc::L => 0b01,
            Ecc::M => 0b00,
            Ecc::Q => 0b11,
            Ecc::H => 0b10,
        };
        level << 3 | u16::from(self.mask)
    }
}

/// BCH(15,5) has a distance of 7, so three wrong bits still have one nearest word (annex C.2).
const MAX_WRONG_BITS: u32 = 3;
/// x¹⁰ + x⁸ + x⁵ + x⁴ + x² + x + 1.
const GENERATOR: u16 = 0b101_0011_0111;
const XOR_MASK: u16 = 0b101_0100_0001_0010;

/// The formats that the two copies may mean, the nearer first; none when both are beyond mending.
pub(super) fn candidates(side: usize, dark: impl Fn(usize, usize) -> bool) -> impl Iterator<Item = Format> {
    let [first, second] = read_copies(side, dark).map(nearest);
    let (near, far) = if second.1 < first.1 { (second, first) } else { (first, second) };
    let far = (far.0 != near.0).then_some(far);
    [Some(near), far].into_iter().flatten().filter(|(_, wrong)| *wrong <= MAX_WRONG_BITS).map(|(f, _)| f)
}

/// Column, row and colour of each module of both copies.
pub(super) fn modules(side: usize, format: Format) -> impl Iterator<Item = (usize, usize, bool)> {
    let word = encode(format.data());
    copies(side).into_iter().flat_map(move |copy| {
        copy.into_iter().zip((0..15).rev()).map(move |((x, y), bit)| (x, y, word >> bit & 1 == 1))
    })
}

/// The modules of both copies, most significant bit first (figure 25).
fn copies(side: usize) -> [[(usize, usize); 15]; 2] {
    let last = side - 1; // safe: decoding starts with a known side
    let around_top_left = |i| match i {
        0..6 => (i, 8),
        6 => (7, 8),
        7 => (8, 8),
        8 => (8, 7),
        _ => (8, 14 - i),
    };
    let split = |i| if i < 7 { (8, last - i) } else { (last + i - 14, 8) };
    [std::array::from_fn(around_top_left), std::array::from_fn(split)]
}

fn read_copies(side: usize, dark: impl Fn(usize, usize) -> bool) -> [u16; 2] {
    copies(side).map(|copy| copy.into_iter().fold(0, |word, (x, y)| word << 1 | u16::from(dark(x, y))))
}

/// The format nearest to `word`, and how many bits lie between them.
fn nearest(word: u16) -> (Format, u32) {
    let distance = |data: u16| (encode(data) ^ word).count_ones();
    let data = (0..32).min_by_key(|&data| distance(data)).unwrap_or(0);
    (Format::from_data(data), distance(data))
}

fn encode(data: u16) -> u16 {
    let mut rest = data << 10;
    for bit in (10..15).rev() {
        if rest >> bit & 1 == 1 {
            rest ^= GENERATOR << (bit - 10);
        }
    }
    (data << 10 | rest) ^ XOR_MASK
}
