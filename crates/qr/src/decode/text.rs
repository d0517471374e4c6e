//! Payload bytes to text.

use super::payload::{Mode, Payload, Segment};

/// A part of a payload's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text already.
    Text(String),
    /// Bytes in an encoding that takes tables, by its name in the WHATWG's Encoding Standard.
    Encoded {
        /// The encoding's name.
        label: &'static str,
        /// What is to be decoded, strictly: no replacements, and no byte order mark taken away.
        bytes: Vec<u8>,
    },
}

/// The payload's text in pieces; `None` where a character set is unknown or bytes are not valid in one that takes no
/// tables.
pub(super) fn pieces(payload: &Payload) -> Option<Vec<Piece>> {
    // Encoders put UTF-8 into any segments that save bits, even kanji: look at the whole before the parts.
    if payload.segments.iter().all(|segment| segment.eci.is_none())
        && let Ok(text) = std::str::from_utf8(&payload.bytes)
    {
        return Some(vec![Piece::Text(text.to_owned())]);
    }
    let japanese = payload.segments.iter().any(|segment| segment.mode == Mode::Kanji);
    let runs = payload.segments.chunk_by(|a, b| (a.mode, a.eci) == (b.mode, b.eci));
    let piece = |run: &[Segment]| {
        let (first, last) = (run.first()?, run.last()?);
        piece(first, payload.bytes.get(first.range.start..last.range.end)?, japanese)
    };
    runs.map(piece).collect()
}

/// All pieces as one text; `None` where one is not valid in its encoding, or this build has no tables for it.
pub(super) fn join(pieces: &[Piece]) -> Option<String> {
    let mut all = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => all.push_str(text),
            Piece::Encoded { label, bytes } => all.push_str(&decoded(label, bytes)?),
        }
    }
    Some(all)
}

#[cfg(feature = "encodings")]
fn decoded<'a>(label: &str, bytes: &'a [u8]) -> Option<std::borrow::Cow<'a, str>> {
    encoding_rs::Encoding::for_label(label.as_bytes())?
        .decode_without_bom_handling_and_without_replacement(bytes)
}

#[cfg(not(feature = "encodings"))]
fn decoded(_label: &str, _bytes: &[u8]) -> Option<String> {
    None
}

/// A run of segments with one mode and ECI; characters may straddle their borders.
fn piece(segment: &Segment, bytes: &[u8], japanese: bool) -> Option<Piece> {
    match (segment.mode, segment.eci) {
        (Mode::Numeric | Mode::Alphanumeric, _) => utf_8(bytes),
        (Mode::Kanji, _) => Some(encoded(SHIFT_JIS, bytes)),
        (Mode::Byte, Some(eci)) => by_eci(eci, bytes),
        // Beside kanji segments undeclared bytes are half-width Shift-JIS.
        (Mode::Byte, None) => utf_8(bytes).or_else(|| japanese.then(|| encoded(SHIFT_JIS, bytes))),
    }
}

const SHIFT_JIS: &str = "shift_jis";

fn utf_8(bytes: &[u8]) -> Option<Piece> {
    Some(Piece::Text(std::str::from_utf8(bytes).ok()?.to_owned()))
}

fn encoded(label: &'static str, bytes: &[u8]) -> Piece {
    Piece::Encoded { label, bytes: bytes.to_vec() }
}

/// Bytes under an ECI (AIM ITS/04-023, Extended Channel Interpretations, part 3: register).
fn by_eci(eci: u32, bytes: &[u8]) -> Option<Piece> {
    let label = match eci {
        // ISO-8859-1 is no encoding of its own on the web: its 256 values are the first of Unicode.
        0 | 2 => return Some(Piece::Text(bytes.iter().map(|&byte| code_page_437(byte)).collect())),
        1 | 3 => return Some(Piece::Text(bytes.iter().map(|&byte| char::from(byte)).collect())),
        27 | 170 if !bytes.is_ascii() => return None,
        26 | 27 | 170 => return utf_8(bytes),
        4 => "iso-8859-2",
        5 => "iso-8859-3",
        6 => "iso-8859-4",
        7 => "iso-8859-5",
        8 => "iso-8859-6",
        9 => "iso-8859-7",
        10 => "iso-8859-8",
        11 => "windows-1254",
        12 => "iso-8859-10",
        13 => "windows-874",
        15 => "iso-8859-13",
        16 => "iso-8859-14",
        17 => "iso-8859-15",
        18 => "iso-8859-16",
        20 => SHIFT_JIS,
        21 => "windows-1250",
        22 => "windows-1251",
        23 => "windows-1252",
        24 => "windows-1256",
        25 => "utf-16be",
        28 => "big5",
        29 | 32 => "gb18030",
        30 => "euc-kr",
        31 => "gbk",
        33 => "utf-16le",
        34 => return utf_32(bytes, u32::from_be_bytes),
        35 => return utf_32(bytes, u32::from_le_bytes),
        _ => return None,
    };
    Some(encoded(label, bytes))
}

/// The upper half of code page 437, that of the first personal computers.
#[rustfmt::skip]
const UPPER_437: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å',
    'É', 'æ', 'Æ', 'ô', 'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', '¢', '£', '¥', '₧', 'ƒ',
    'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '⌐', '¬', '½', '¼', '¡', '«', '»',
    '░', '▒', '▓', '│', '┤', '╡', '╢', '╖', '╕', '╣', '║', '╗', '╝', '╜', '╛', '┐',
    '└', '┴', '┬', '├', '─', '┼', '╞', '╟', '╚', '╔', '╩', '╦', '╠', '═', '╬', '╧',
    '╨', '╤', '╥', '╙', '╘', '╒', '╓', '╫', '╪', '┘', '┌', '█', '▄', '▌', '▐', '▀',
    'α', 'ß', 'Γ', 'π', 'Σ', 'σ', 'µ', 'τ', 'Φ', 'Θ', 'Ω', 'δ', '∞', 'φ', 'ε', '∩',
    '≡', '±', '≥', '≤', '⌠', '⌡', '÷', '≈', '°', '∙', '·', '√', 'ⁿ', '²', '■', '\u{a0}',
];

fn code_page_437(byte: u8) -> char {
    if byte.is_ascii() { byte.into() } else { UPPER_437[usize::from(byte & 0x7f)] }
}

fn utf_32(bytes: &[u8], value: fn([u8; 4]) -> u32) -> Option<Piece> {
    let (values, []) = bytes.as_chunks::<4>() else { return None };
    values.iter().map(|&four| char::from_u32(value(four))).collect::<Option<String>>().map(Piece::Text)
}
