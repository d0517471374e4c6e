//! What the report says, in the languages that it speaks.

mod names;

/// A language of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Russian.
    Russian,
    /// English.
    English,
}

/// A number of things with their noun: `1 entry`, `5 записей`.
#[derive(Clone, Copy)]
pub enum Noun {
    Entry,
    Fault,
}

impl Language {
    /// The language of this tag (`ru`, `en`).
    pub fn tagged(tag: &str) -> Option<Self> {
        [Self::Russian, Self::English].into_iter().find(|language| language.tag() == tag)
    }

    /// Its language tag.
    pub fn tag(self) -> &'static str {
        self.pick("en", "ru")
    }

    /// The one of two texts that is in this language.
    pub fn pick<T>(self, english: T, russian: T) -> T {
        match self {
            Self::English => english,
            Self::Russian => russian,
        }
    }

    /// A reason or an event in words; as it is, where there are none.
    pub fn name(self, name: &str) -> &str {
        let found = names::NAMES.iter().find(|(known, _, _)| *known == name);
        found.map_or(name, |(_, english, russian)| self.pick(english, russian))
    }

    /// A number of things.
    pub fn count(self, count: u64, noun: Noun) -> String {
        let english = match noun {
            Noun::Entry => ["entry", "entries"],
            Noun::Fault => ["fault", "faults"],
        };
        let russian = match noun {
            Noun::Entry => ["запись", "записи", "записей"],
            Noun::Fault => ["ошибка", "ошибки", "ошибок"],
        };
        let word = match self {
            Self::English => english[usize::from(count != 1)],
            Self::Russian => russian[russian_plural(count)],
        };
        format!("{} {word}", grouped(count))
    }
}

/// CLDR's plural categories one, few and many of Russian whole numbers.
fn russian_plural(count: u64) -> usize {
    match (count % 10, count % 100) {
        (1, last) if last != 11 => 0,
        (2..=4, last) if !(12..=14).contains(&last) => 1,
        _ => 2,
    }
}

/// Digits in groups of three, held together.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts of a block of the page's tables, by their keys.
    fn page(file: &str, block: &str) -> Vec<(String, String)> {
        let path = format!("{}/../../ui/src/lib/i18n/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let (_, block) = text.split_once(&format!("\n  {block}: {{\n")).unwrap();
        let lines = block.split_once("\n  },").unwrap().0.lines();
        let line = |line: &str| {
            let (key, text) = line.trim().split_once(": '").unwrap();
            (key.to_owned(), text.trim_end_matches("',").to_owned())
        };
        lines.map(line).collect()
    }

    #[test]
    fn reasons_and_events_are_called_as_on_the_screen() {
        for language in [Language::English, Language::Russian] {
            let folder = language.tag();
            let reasons = page(&format!("{folder}/reasons.ts"), "reason_names");
            let events = page(&format!("{folder}/office.ts"), "events");
            let all: Vec<_> = reasons.into_iter().chain(events).collect();
            assert_eq!(all.len(), names::NAMES.len());
            for (name, text) in all {
                assert_eq!(language.name(&name), text, "{name}");
            }
        }
    }

    #[test]
    fn numbers_and_nouns_agree() {
        let nouns = [0, 1, 2, 5, 11, 21, 1_234].map(|count| Language::Russian.count(count, Noun::Entry));
        let expected = [
            "0 записей",
            "1 запись",
            "2 записи",
            "5 записей",
            "11 записей",
            "21 запись",
            "1\u{a0}234 записи",
        ];
        assert_eq!(nouns, expected);
        assert_eq!(Language::English.count(1, Noun::Fault), "1 fault");
    }
}
