//! Payload bytes to text.

use encoding_rs::{self as charset, Encoding};

use super::payload::{Mode, Payload, Segment};

pub(super) fn text(payload: &Payload) -> Option<String> {
    // Encoders put UTF-8 into any segments that save bits, even kanji: look at the whole before the parts.
    if payload.segments.iter().all(|segment| segment.eci.is_none())
        && let Ok(text) = std::str::from_utf8(&payload.bytes)
    {
        return Some(text.to_owned());
    }
    let japanese = payload.segments.iter().any(|segment| segment.mode == Mode::Kanji);
    let mut text = String::with_capacity(payload.bytes.len());
    for run in payload.segments.chunk_by(|a, b| (a.mode, a.eci) == (b.mode, b.eci)) {
        let (first, last) = (run.first()?, run.last()?);
        let bytes = payload.bytes.get(first.range.start..last.range.end)?;
        text.push_str(&run_text(first, bytes, japanese)?);
    }
    Some(text)
}

/// A run of segments with one mode and ECI; characters may straddle their borders.
fn run_text(segment: &Segment, bytes: &[u8], japanese: bool) -> Option<String> {
    match (segment.mode, segment.eci) {
        (Mode::Numeric | Mode::Alphanumeric, _) => strict(charset::UTF_8, bytes),
        (Mode::Kanji, _) => strict(charset::SHIFT_JIS, bytes),
        (Mode::Byte, Some(eci)) => eci_text(eci, bytes),
        // Beside kanji segments undeclared bytes are half-width Shift-JIS.
        (Mode::Byte, None) => {
            strict(charset::UTF_8, bytes).or_else(|| japanese.then(|| strict(charset::SHIFT_JIS, bytes))?)
        }
    }
}

/// Bytes under an ECI (AIM ITS/04-023, Extended Channel Interpretations, part 3: register).
fn eci_text(eci: u32, bytes: &[u8]) -> Option<String> {
    let encoding = match eci {
        // ISO-8859-1 is no encoding of its own on the web: its 256 values are the first of Unicode.
        0 | 2 => return Some(bytes.iter().map(|&byte| code_page_437(byte)).collect()),
        1 | 3 => return Some(bytes.iter().map(|&byte| char::from(byte)).collect()),
        27 | 170 if !bytes.is_ascii() => return None,
        26 | 27 | 170 => charset::UTF_8,
        4 => charset::ISO_8859_2,
        5 => charset::ISO_8859_3,
        6 => charset::ISO_8859_4,
        7 => charset::ISO_8859_5,
        8 => charset::ISO_8859_6,
        9 => charset::ISO_8859_7,
        10 => charset::ISO_8859_8,
        11 => charset::WINDOWS_1254,
        12 => charset::ISO_8859_10,
        13 => charset::WINDOWS_874,
        15 => charset::ISO_8859_13,
        16 => charset::ISO_8859_14,
        17 => charset::ISO_8859_15,
        18 => charset::ISO_8859_16,
        20 => charset::SHIFT_JIS,
        21 => charset::WINDOWS_1250,
        22 => charset::WINDOWS_1251,
        23 => charset::WINDOWS_1252,
        24 => charset::WINDOWS_1256,
        25 => charset::UTF_16BE,
        28 => charset::BIG5,
        29 | 32 => charset::GB18030,
        30 => charset::EUC_KR,
        31 => charset::GBK,
        33 => charset::UTF_16LE,
        34 => return utf_32(bytes, u32::from_be_bytes),
        35 => return utf_32(bytes, u32::from_le_bytes),
        _ => return None,
    };
    strict(encoding, bytes)
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

fn utf_32(bytes: &[u8], value: fn([u8; 4]) -> u32) -> Option<String> {
    let (values, []) = bytes.as_chunks::<4>() else { return None };
    values.iter().map(|&four| char::from_u32(value(four))).collect()
}

fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    Some(encoding.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned())
}
