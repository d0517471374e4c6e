//! Hostile text made fit to be looked at.

/// What in a text can make it read as something that it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Suspicion {
    /// Characters that turn the direction of reading (Unicode TR 9, Bidi_Control).
    Bidi,
    /// Characters that have no width or no ink.
    Invisible,
    /// Control characters, line breaks among them.
    Control,
    /// One word in letters of several scripts that look alike (Latin, Cyrillic, Greek).
    MixedScripts,
}

/// The text with every character that is not plainly visible as `\u{hex}`.
/// Letters, marks, digits, punctuation and plain spaces stay as they are.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\\' || hidden(c).is_some() {
            escaped.extend(c.escape_unicode());
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// [`escape`] of at most the first `limit` characters, with an ellipsis when that is not all.
pub fn excerpt(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => escape(&text[..end]) + "…",
        None => escape(text),
    }
}

/// [`excerpt`] with every character that is not ASCII as `\u{hex}`: letters of other scripts cannot pass for others.
pub fn ascii(text: &str, limit: usize) -> String {
    let mut shown = String::new();
    for c in excerpt(text, limit).chars() {
        if c.is_ascii() || c == '…' { shown.push(c) } else { shown.extend(c.escape_unicode()) }
    }
    shown
}

/// Everything in this text that can make it read as something that it is not, each once, in order.
pub fn suspicious(text: &str) -> Vec<Suspicion> {
    let mut found: Vec<_> = text.chars().filter_map(hidden).collect();
    if text.split(|c: char| !c.is_alphabetic()).any(mixes_scripts) {
        found.push(Suspicion::MixedScripts);
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn hidden(c: char) -> Option<Suspicion> {
    match c {
        ' '..='~' => None,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some(Suspicion::Bidi)
        }
        _ if c.is_control() => Some(Suspicion::Control),
        _ if invisible(c) => Some(Suspicion::Invisible),
        _ => None,
    }
}

/// Default_Ignorable_Code_Point, separators, odd spaces, and what has no agreed shape (private use, noncharacters).
#[rustfmt::skip]
fn invisible(c: char) -> bool {
    matches!(c,
        '\u{a0}' | '\u{ad}' | '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{1680}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{2000}'..='\u{200d}' | '\u{2028}'..='\u{2029}' | '\u{202f}'
        | '\u{205f}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{2800}' | '\u{3000}' | '\u{3164}'
        | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{10ffff}')
}

fn mixes_scripts(word: &str) -> bool {
    let mut scripts = word.chars().filter_map(script);
    scripts.next().is_some_and(|first| scripts.any(|other| other != first))
}

/// The scripts whose letters pass for one another. `None` for all other characters.
fn script(c: char) -> Option<&'static str> {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{ff21}'..='\u{ff5a}' => {
            c.is_alphabetic().then_some("latin")
        }
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => c.is_alphabetic().then_some("greek"),
        '\u{400}'..='\u{52f}'
        | '\u{1c80}'..='\u{1c8f}'
        | '\u{2de0}'..='\u{2dff}'
        | '\u{a640}'..='\u{a69f}' => Some("cyrillic"),
        '\u{13a0}'..='\u{13ff}' | '\u{ab70}'..='\u{abbf}' => Some("cherokee"),
        '\u{530}'..='\u{58f}' => Some("armenian"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_stay_as_they_are_and_raise_no_suspicion() {
        for name in [
            "Müller-Lüdenscheidt",
            "O'Connor",
            "Иванова Анна",
            "ΠΑΠΑΔΟΠΟΎΛΟΥ",
            "d'Červenková",
            "田中 太郎",
            "عمر",
            "",
        ] {
            assert_eq!(escape(name), name);
            assert_eq!(suspicious(name), [], "{name}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_escaped_and_flagged() {
        let table = [
            ("a\u{202e}cod", "a\\u{202e}cod", Suspicion::Bidi),
            ("\u{2067}x\u{2069}", "\\u{2067}x\\u{2069}", Suspicion::Bidi),
            ("An\u{200b}na", "An\\u{200b}na", Suspicion::Invisible),
            ("An\u{feff}na", "An\\u{feff}na", Suspicion::Invisible),
            ("An\u{ad}na", "An\\u{ad}na", Suspicion::Invisible),
            ("\u{3164}", "\\u{3164}", Suspicion::Invisible),
            ("\u{e0041}", "\\u{e0041}", Suspicion::Invisible),
            ("A\nB", "A\\u{a}B", Suspicion::Control),
            ("A\u{1b}[31mB", "A\\u{1b}[31mB", Suspicion::Control),
            ("A\u{0}B", "A\\u{0}B", Suspicion::Control),
            ("Аnna", "Аnna", Suspicion::MixedScripts), // Cyrillic А
            ("Ivanοv", "Ivanοv", Suspicion::MixedScripts), // Greek omicron
        ];
        for (text, escaped, suspicion) in table {
            assert_eq!(escape(text), escaped);
            assert_eq!(suspicious(text), [suspicion], "{escaped}");
        }
    }

    #[test]
    fn two_words_in_two_scripts_are_no_homoglyphs() {
        assert_eq!(suspicious("Anna Иванова"), []);
    }

    #[test]
    fn escaping_leaves_no_two_texts_alike() {
        assert_ne!(escape("\\u{a}"), escape("\n"));
    }

    #[test]
    fn in_ascii_no_letter_passes_for_another() {
        assert_eq!(ascii("gоs.ru/\u{202e}a", 20), "g\\u{43e}s.ru/\\u{202e}a"); // Cyrillic о
        assert_eq!(ascii("aжжж", 2), "a\\u{436}…");
    }

    #[test]
    fn an_excerpt_counts_characters_and_says_that_there_is_more() {
        assert_eq!(excerpt("жжж", 3), "жжж");
        assert_eq!(excerpt("жжжж", 3), "жжж…");
    }
}
