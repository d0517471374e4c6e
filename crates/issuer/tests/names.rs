//! Transliteration and identifiers.

use issuer::{icao, uvci};
use proptest::prelude::*;

#[test]
fn names_are_transliterated_as_icao_9303_says() {
    for (name, latin) in [
        ("Щербакова", "SHCHERBAKOVA"),
        ("Юлия Сергеевна", "IULIIA<SERGEEVNA"),
        ("Подъячев", "PODIEIACHEV"),
        ("Ёлкин", "ELKIN"),
        ("Е\u{308}лкин", "ELKIN"), // a decomposed Ё
        ("Хацкевич-Цой", "KHATSKEVICH<TSOI"),
        ("Гоголь", "GOGOL"),
        ("Жуковский", "ZHUKOVSKII"),
        ("Эйхе", "EIKHE"),
        ("Müller", "MUELLER"),
        ("Weiß", "WEISS"),
        ("Åse Ørsted", "AASE<OERSTED"),
        ("Þór", "THOR"),
        ("Łukasiewicz", "LUKASIEWICZ"),
        ("O’Connor", "OCONNOR"),
        ("  d'Artagnan  ", "DARTAGNAN"),
        ("Smith--Jones, Jr.", "SMITH<JONES<JR"),
        ("İpek Işık", "IPEK<ISIK"),
        ("", ""),
    ] {
        assert_eq!(icao::transliterate(name).as_deref(), Ok(latin), "{name}");
    }
}

#[test]
fn letter_without_a_transliteration_is_named() {
    for (name, letter) in [("王小明", '王'), ("Anna გ", 'Გ'), ("A1", '1'), ("A\u{202e}B", '\u{202e}')]
    {
        assert_eq!(icao::transliterate(name), Err(letter), "{name}");
    }
}

#[test]
fn published_identifiers_have_right_checksums() {
    for id in [
        "URN:UVCI:01:DK:0EF88044F7935DF2B4A938A38C14C97C#C",
        "URN:UVCI:01:AT:10807843F94AEE0EE5093FBC254BD813#B",
        "URN:UVCI:01:GR:KOTFPYPGVQOUE3QQ3XFOECLAS4#0",
        "URN:UVCI:01:IS:VERA1234#F",
        "URN:UVCI:01:LT:1227GNXXUEM92NY8J44JW#0",
    ] {
        assert_eq!(uvci::checksum_holds(id), Some(true), "{id}");
    }
}

#[test]
fn identifier_without_a_checksum_has_none_to_hold() {
    for id in ["URN:UVCI:01:RU:ABC", "URN:UVCI:01:RU:ABC#", "URN:UVCI:01:RU:ABC#12", ""] {
        assert_eq!(uvci::checksum_holds(id), None, "{id}");
    }
}

proptest! {
    #[test]
    fn one_changed_character_breaks_the_checksum(random: [u8; 10], place in 15_usize..31, step in 1_usize..32) {
        const LETTERS: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let id = uvci::from_random("RU", random);
        prop_assert_eq!(uvci::checksum_holds(&id), Some(true));
        let mut changed = id.into_bytes();
        let old = LETTERS.iter().position(|letter| *letter == changed[place]).unwrap();
        changed[place] = LETTERS[(old + step) % LETTERS.len()];
        prop_assert_eq!(uvci::checksum_holds(&String::from_utf8(changed).unwrap()), Some(false));
    }

    #[test]
    fn different_randomness_gives_different_identifiers(a: [u8; 10], b: [u8; 10]) {
        prop_assert_eq!(a == b, uvci::from_random("RU", a) == uvci::from_random("RU", b));
    }
}
