//! What letters look or sound like.

use std::borrow::Cow;

/// How often an address may be percent-encoded over again.
const ENCODED: usize = 4;

/// Letters that pass for one another, each group by the one that stands for it. Only those of the
/// register's name matter: whatever is in no group stands for itself or for nothing.
const ALIKE: &[(u8, &str)] = &[
    (b'g', "gq96ĝğġģǧǵɡɢɠƍցԍгґғγ"),
    (b'o', "o0òóôõöøōŏőơǒǫοоӧѳөօσºο"),
    (b's', "sc5$zßśŝşšșѕсςçćĉċčꜱžźż"),
    (b'u', "uyvùúûüũūŭůűųưǔυуўүʋνսцýÿʏ"),
    (b'i', "il1j!|ìíîïĩīĭįıǐɩιіїӏļľĺŀłǀлийɪ"),
    (b'r', "rŕŗřргɍʀ"),
    (b't', "t7ţťțтτ"),
    (b'e', "e3éèêëēėęеєё"),
    (b'd', "dďđдԁ"),
    (b'a', "a4@áàâäãåāăąаα"),
    (b'n', "nñńпη"),
    (b'f', "fф"),
    (b'/', "/\\\u{2044}\u{2215}"),
    (b'-', "-_\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}"),
];

/// Superscripts, subscripts and Roman numerals by the letter or digit that hosts are looked up by (UTS 46); of letters
/// those of the register's name.
const SMALL: &[(u8, &str)] = &[
    (b'0', "⁰₀"),
    (b'1', "¹₁"),
    (b'2', "²₂"),
    (b'3', "³₃"),
    (b'4', "⁴₄"),
    (b'5', "⁵₅"),
    (b'6', "⁶₆"),
    (b'7', "⁷₇"),
    (b'8', "⁸₈"),
    (b'9', "⁹₉"),
    (b'g', "ᵍᴳ"),
    (b'i', "ⁱᵢᴵⅠⅰ"),
    (b'l', "ˡₗᴸⅬⅼ"),
    (b'o', "ºᵒₒᴼ"),
    (b'r', "ʳᵣᴿ"),
    (b's', "ˢₛ"),
    (b'u', "ᵘᵤᵁ"),
    (b'v', "ᵛᵥⱽⅤⅴ"),
];

/// A text by what its letters look or sound like, in ASCII, percent-encoding undone.
pub(super) fn folded(text: &str) -> Vec<u8> {
    let text = decoded(text);
    let mut folded = Vec::with_capacity(text.len());
    let mut push = |letter| {
        if letter != IGNORED && (letter != b'/' || folded.last() != Some(&b'/')) {
            folded.push(letter);
        }
    };
    if text.is_ascii() {
        text.bytes().for_each(|byte| push(ASCII[usize::from(byte)])); // safe: 128 of them
    } else {
        text.chars().filter(|c| !is_ignored(*c) && !is_mark(*c)).for_each(|c| push(fold(c)));
    }
    folded
}

/// A host as it is looked up.
pub(super) fn plain(text: &str) -> String {
    decoded(text).chars().filter(|c| !is_ignored(*c)).flat_map(|c| compatible(c).to_lowercase()).collect()
}

/// Whether browsers leave this character out of an address, or nobody sees it there.
pub(super) fn is_ignored(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether it is drawn over the letter before it (Unicode: Mn in the blocks of combining marks).
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether it separates the labels of a host (UTS 46 maps the last three to the first).
pub(super) fn is_dot(c: char) -> bool {
    matches!(c, '.' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}')
}

/// Whether somewhere in `text` stands `name` with at most `mistakes` letters wrong, missing or too many:
/// Sellers' search, a row of the edit distance a letter.
pub(super) fn near(text: &[u8], name: &[u8], mistakes: usize) -> bool {
    let mut row: Vec<usize> = (0..=name.len()).collect();
    text.iter().any(|letter| {
        let mut diagonal = row[0]; // safe: never empty
        for (at, expected) in (1..).zip(name) {
            let replaced = diagonal + usize::from(letter != expected);
            diagonal = row[at]; // safe: name.len() + 1 of them
            row[at] = replaced.min(row[at] + 1).min(row[at - 1] + 1);
        }
        row[name.len()] <= mistakes
    })
}

/// How many letters of a text are wrong, missing or too many for it to be `name` (Levenshtein's distance).
pub(super) fn distance(text: &[u8], name: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=name.len()).collect();
    for letter in text {
        let mut diagonal = row[0]; // safe: never empty
        row[0] += 1;
        for (at, expected) in (1..).zip(name) {
            let replaced = diagonal + usize::from(letter != expected);
            diagonal = row[at]; // safe: name.len() + 1 of them
            row[at] = replaced.min(row[at] + 1).min(row[at - 1] + 1);
        }
    }
    row[name.len()]
}

fn decoded(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    if !text.contains('%') {
        return text;
    }
    for _ in 0..ENCODED {
        match percent_decoded(&text) {
            Some(decoded) => text = Cow::Owned(decoded),
            None => break,
        }
    }
    text
}

/// `None` where there is nothing to decode.
fn percent_decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let byte_at = |at: usize| {
        let digits = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%')?;
        u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))
    };
    let first = (0..bytes.len()).find(|at| byte_at(*at).is_some())?;
    let mut decoded = bytes[..first].to_vec();
    let mut at = first;
    while at < bytes.len() {
        let byte = byte_at(at);
        decoded.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    Some(String::from_utf8_lossy(&decoded).into_owned())
}

fn fold(c: char) -> u8 {
    if c.is_ascii() {
        return ASCII[c as usize]; // safe: 128 of them
    }
    let c = compatible(c);
    let c = c.to_lowercase().next().unwrap_or(c);
    if c.is_ascii() {
        return ASCII[c as usize]; // safe: 128 of them
    }
    ALIKE.iter().find(|(_, letters)| letters.contains(c)).map_or(b'?', |(letter, _)| *letter)
}

/// What an [ignored](is_ignored) character folds to.
const IGNORED: u8 = 0;

/// What each ASCII character folds to.
const ASCII: [u8; 128] = {
    let mut table = [IGNORED; 128];
    let mut at = 0x20;
    while at < 0x7f {
        table[at] = (at as u8).to_ascii_lowercase(); // safe: below 128
        at += 1;
    }
    let mut group = 0;
    while group < ALIKE.len() {
        let letters = ALIKE[group].1.as_bytes();
        let mut at = 0;
        while at < letters.len() {
            if letters[at].is_ascii() {
                table[letters[at] as usize] = ALIKE[group].0;
            }
            at += 1;
        }
        group += 1;
    }
    let mut upper = b'A';
    while upper <= b'Z' {
        table[upper as usize] = table[upper.to_ascii_lowercase() as usize];
        upper += 1;
    }
    table
};

/// Compatibility letters as the plain ones that hosts are looked up by (UTS 46, for Latin).
fn compatible(c: char) -> char {
    let letter = |offset: u32, first: u8| char::from(first + (offset % 26) as u8); // safe: below 26
    let at = u32::from(c);
    match at {
        0xff01..=0xff5e => char::from_u32(at - 0xff00 + 0x20).unwrap_or(c),
        0x24b6..=0x24cf => letter(at - 0x24b6, b'a'),
        0x24d0..=0x24e9 => letter(at - 0x24d0, b'a'),
        0x1d400..=0x1d6a3 => letter(at - 0x1d400, b'a'),
        0x1d7ce..=0x1d7ff => char::from(b'0' + ((at - 0x1d7ce) % 10) as u8), // safe: below 10
        0x210a => 'g',
        0x2134 => 'o',
        0x2139 => 'i',
        0x2113 => 'l',
        0x17f => 's',
        _ if is_dot(c) => '.',
        _ if at < 0xb2 => c,
        _ => SMALL.iter().find(|(_, letters)| letters.contains(c)).map_or(c, |(plain, _)| char::from(*plain)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_is_written_as_it_folds() {
        assert_eq!(folded("gosuslugi"), super::super::NAME);
        assert_eq!(folded("GosUslugi.RU"), super::super::ADDRESS);
        assert_eq!(folded("госуслуги"), super::super::NAME);
        let paths = ["/covid-cert/verify", "/covid-cert/status", "/vaccine/cert/verify"];
        assert!(super::super::PATHS.iter().zip(paths).all(|(folds, path)| folded(path) == *folds));
        let words = ["/covid-cert", "/vaccine/cert"];
        assert!(super::super::PATH_WORDS.iter().zip(words).all(|(folds, word)| folded(word) == *folds));
    }

    #[test]
    fn ascii_folds_alike_by_itself_and_beside_other_letters() {
        for byte in 0..128_u8 {
            let c = char::from(byte);
            let (alone, mut beside) = (folded(&c.to_string()), folded(&format!("{c}ö")));
            assert_eq!(beside.pop(), Some(b'o'));
            assert_eq!(alone, beside, "{c:?}");
            assert_eq!(alone.is_empty(), is_ignored(c), "{c:?}");
            assert_eq!(alone, folded(&c.to_ascii_lowercase().to_string()), "{c:?}");
        }
    }

    #[test]
    fn a_name_is_near_with_as_many_mistakes_as_are_allowed() {
        for (text, mistakes) in [
            ("xxgosusiugixx", 0),
            ("gosusiuxgi", 1),
            ("gosusugi", 1),
            ("gosusxugi", 1),
            ("gossuiugi", 2),
            ("goiugi", 3),
            ("", 9),
        ] {
            assert_eq!(near(text.as_bytes(), b"gosusiugi", mistakes), !text.is_empty(), "{text}");
            if mistakes > 0 {
                assert!(!near(text.as_bytes(), b"gosusiugi", mistakes - 1), "{text}");
            }
        }
    }

    #[test]
    fn a_distance_counts_letters_that_are_wrong_missing_or_too_many() {
        for (text, distance) in [
            ("gosusiugi", 0),
            ("gosusugi", 1),
            ("xgosusiugi", 1),
            ("gosuisugi", 2),
            ("", 9),
            ("djangosiugifu", 8),
        ] {
            assert_eq!(super::distance(text.as_bytes(), b"gosusiugi"), distance, "{text}");
        }
    }

    #[test]
    fn percent_encoding_is_undone_as_often_as_it_was_done() {
        for text in ["a%2Eb", "a%252eb", "a%25252Eb", "a.b"] {
            assert_eq!(decoded(text), "a.b", "{text}");
        }
        for text in ["100%", "%", "%2", "%zz", "%+1", "%é"] {
            assert_eq!(decoded(text), text);
        }
        assert_eq!(decoded("%ff"), "\u{fffd}");
    }
}
