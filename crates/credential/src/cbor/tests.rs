use proptest::prelude::*;

use super::*;
use crate::testing::hex;

#[test]
fn well_formed_items_pass() {
    let items = [
        "00",
        "1bffffffffffffffff",     // the largest number
        "f97e00",                 // NaN
        "f4",                     // false
        "40",                     // h''
        "5f42010243030405ff",     // (_ h'0102', h'030405')
        "7f61616162ff",           // (_ "a", "b")
        "9fff",                   // [_ ]
        "a0",                     // {}
        "a201020304",             // {1: 2, 3: 4}
        "a201026131a10102",       // {1: 2, "1": {1: 2}}: equal keys in different maps, or of different types
        "a2000020f5",             // {0: 0, -1: true}
        "bf01020304ff",           // {_ 1: 2, 3: 4}
        "d83dd28443a10126a0f640", // 61(18([h'a10126', {}, null, h'']))
    ];
    for item in items {
        assert_eq!(check(&hex(item)), Ok(()), "{item}");
        assert!(parse(&hex(item)).is_ok(), "{item}");
    }
}

#[test]
fn broken_items_are_refused_where_they_break() {
    let table = [
        ("", "cut off", 0),
        ("18", "cut off", 1),
        ("4401", "cut off", 1),
        ("8201", "cut off", 1), // [1, ?]
        ("8101ff", "more than one item", 2),
        ("0000", "more than one item", 1),
        ("1c", "a reserved length", 1),
        ("1f", "a reserved length", 1), // an endless number
        ("df", "a reserved length", 1), // an endless tag
        ("f3", "an unassigned simple value", 1),
        ("f820", "an unassigned simple value", 2),
        ("f814", "an unassigned simple value", 2),
        ("ff", "an end of nothing", 1),
        ("81ff", "an end of nothing", 2), // in an array of known length
        ("c1ff", "an end of nothing", 2), // in place of a tag's content
        ("bf01ff", "a map key without a value", 3),
        ("9f", "cut off", 1),
        ("5f6161ff", "a string in pieces of another kind", 1),
        ("5f5f4100ffff", "a string in pieces of another kind", 1),
        ("a14100 00", "a map key that is neither number nor text", 1),
        ("a1f97e0000", "a map key that is neither number nor text", 1), // NaN
        ("a1800000", "a map key that is neither number nor text", 1),
        ("a17f6161ff00", "a map key that is neither number nor text", 1),
        // Lengths of 2^62 and more, of everything that has one.
        ("5b4000000000000000", "cut off", 9),
        ("7b4000000000000000", "cut off", 9),
        ("9b4000000000000000", "cut off", 9),
        ("bb4000000000000000", "cut off", 9),
        ("bbffffffffffffffff", "cut off", 9),
        ("5bffffffffffffffff", "cut off", 9),
    ];
    for (item, what, at) in table {
        assert_eq!(check(&hex(item)), Err(Fault::Broken { what, at }), "{item}");
    }
}

#[test]
fn a_key_twice_is_refused_however_it_is_written() {
    let table = [
        ("a201000100", "1", 3),
        ("a20100180100", "1", 3), // 1 in one byte and in two
        ("a201001b000000000000000100", "1", 3),
        ("a220002000", "-1", 3),
        ("a2613100613100", "1", 4),
        ("a261310078013100", "1", 4), // "1" with its length in one byte and in two
        ("bf01000100ff", "1", 3),
        ("81a10081a201000100", "1", 7), // further inside
    ];
    for (item, key, at) in table {
        let key = key.to_owned();
        assert_eq!(check(&hex(item)), Err(Fault::DuplicateKey { key, at }), "{item}");
    }
}

#[test]
fn text_that_is_not_utf8_is_refused() {
    assert_eq!(parse(&hex("61ff")), Err(Fault::Broken { what: "text that is not UTF-8", at: 0 }));
}

/// The scan stops at [`MAX_DEPTH`], however long the rest: it reads no further than that many bytes.
#[test]
fn a_million_levels_are_refused_at_the_first_too_many() {
    for opener in [0x81, 0x9f, 0xc1, 0xd2] {
        let deep = vec![opener; 1_000_000];
        assert_eq!(
            check(&deep),
            Err(Fault::Broken { what: "nested too deep", at: MAX_DEPTH + 1 }),
            "{opener:x}"
        );
    }
    let maps = [0xa1, 0x01].repeat(500_000);
    assert_eq!(check(&maps), Err(Fault::Broken { what: "nested too deep", at: 2 * MAX_DEPTH + 1 }));
    let tags = vec![0xc0; 100_000];
    assert_eq!(check(&tags), Err(Fault::Broken { what: "nested too deep", at: MAX_DEPTH + 1 }));
}

#[test]
fn the_depth_limit_is_exact() {
    let nested = |depth: usize| [vec![0x81; depth], vec![0]].concat();
    assert_eq!(check(&nested(MAX_DEPTH)), Ok(()));
    assert!(check(&nested(MAX_DEPTH + 1)).is_err());
}

proptest! {
    #[test]
    fn nothing_panics_and_what_passes_the_scan_parses(bytes: Vec<u8>) {
        let parsed = parse(&bytes);
        if check(&bytes).is_ok() {
            let utf8 = Fault::Broken { what: "text that is not UTF-8", at: 0 };
            prop_assert!(parsed.is_ok() || parsed == Err(utf8));
        }
    }
}
