//! Names for machine-readable documents (ICAO Doc 9303 part 3, §4.6 and §6).

/// `name` in the characters `A`–`Z` and `<`, as ICAO Doc 9303 part 3 §6
/// transliterates Latin and Cyrillic letters.
///
/// `Err` is the first letter that the tables do not hold (they hold no Chinese or
/// Georgian, say): the Latin name has to be given then.
pub fn transliterate(name: &str) -> Result<String, char> {
    let mut latin = String::with_capacity(name.len() + 8);
    for character in name.chars().flat_map(char::to_uppercase) {
        match character {
            'A'..='Z' => latin.push(character),
            // §4.6: hyphens and spaces become fillers, apostrophes and dots go.
            '<' | ' ' | '-' | ',' | '\u{a0}' | '\u{2010}'..='\u{2015}' => push_filler(&mut latin),
            '\'' | '.' | '`' | '’' | '‘' | 'ʼ' | '´' => {}
            '\u{300}'..='\u{36f}' => {} // combining marks: their letter stands before them
            _ => latin.push_str(letter(character).ok_or(character)?),
        }
    }
    latin.truncate(latin.trim_end_matches('<').len());
    Ok(latin)
}

fn push_filler(latin: &mut String) {
    if !latin.is_empty() && !latin.ends_with('<') {
        latin.push('<');
    }
}

/// One capital letter, by the tables of §6 A (Latin) and §6 B (Cyrillic).
fn letter(character: char) -> Option<&'static str> {
    latin_letter(character).or_else(|| cyrillic_letter(character))
}

fn latin_letter(character: char) -> Option<&'static str> {
    Some(match character {
        'À' | 'Á' | 'Â' | 'Ã' | 'Ā' | 'Ă' | 'Ą' => "A",
        'Ä' | 'Æ' => "AE",
        'Å' => "AA",
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'Ď' | 'Đ' | 'Ð' => "D",
        'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'Ĥ' | 'Ħ' => "H",
        'Ì' | 'Í' | 'Î' | 'Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
        'Ĳ' => "IJ",
        'Ĵ' => "J",
        'Ķ' => "K",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ŀ' | 'Ł' => "L",
        'Ñ' | 'Ń' | 'Ņ' | 'Ň' | 'Ŋ' => "N",
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ō' | 'Ŏ' | 'Ő' => "O",
        'Ö' | 'Ø' | 'Œ' => "OE",
        'Ŕ' | 'Ŗ' | 'Ř' => "R",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
        'ẞ' => "SS",
        'Ţ' | 'Ť' | 'Ŧ' | 'Ț' => "T",
        'Þ' => "TH",
        'Ù' | 'Ú' | 'Û' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
        'Ü' => "UE",
        'Ŵ' => "W",
        'Ý' | 'Ŷ' | 'Ÿ' => "Y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        _ => return None,
    })
}

/// Where languages differ, the Russian reading: the register's Latin columns override it.
fn cyrillic_letter(character: char) -> Option<&'static str> {
    Some(match character {
        'А' => "A",
        'Б' => "B",
        'В' => "V",
        'Г' | 'Ґ' | 'Ѓ' => "G",
        'Д' => "D",
        'Ђ' => "D",
        'Е' | 'Ё' | 'Э' => "E",
        'Ж' => "ZH",
        'Ѕ' => "DZ",
        'З' => "Z",
        'И' | 'Й' | 'І' | 'Ї' => "I",
        'Ј' => "J",
        'К' | 'Ќ' => "K",
        'Л' => "L",
        'Љ' => "LJ",
        'М' => "M",
        'Н' => "N",
        'Њ' => "NJ",
        'О' => "O",
        'П' => "P",
        'Р' => "R",
        'С' => "S",
        'Т' => "T",
        'Ћ' => "C",
        'У' | 'Ў' | 'Ѵ' => "U",
        'Ф' | 'Ѳ' => "F",
        'Х' => "KH",
        'Ц' => "TS",
        'Ч' => "CH",
        'Џ' => "DZ",
        'Ш' => "SH",
        'Щ' => "SHCH",
        'Ъ' | 'Є' | 'Ѣ' => "IE",
        'Ы' => "Y",
        'Ь' => "",
        'Ю' => "IU",
        'Я' => "IA",
        _ => return None,
    })
}
