//! Segments, written by the encoder or bit by bit.

use proptest::prelude::*;
use qrcode::QrCode;

use super::*;

#[test]
fn every_mode_is_read_as_it_was_written() {
    let cases: [(&str, BitGrid, &[u8], &str, Mode); 5] = [
        (
            "numeric",
            grid_of(2, |b| b.push_numeric_data(b"00123456789").unwrap()),
            b"00123456789",
            "00123456789",
            Mode::Numeric,
        ),
        (
            "alphanumeric",
            grid_of(2, |b| b.push_alphanumeric_data(b"HC1:6BF $%*+-./").unwrap()),
            b"HC1:6BF $%*+-./",
            "HC1:6BF $%*+-./",
            Mode::Alphanumeric,
        ),
        (
            "bytes",
            grid_of(12, |b| b.push_byte_data("Пропуск".as_bytes()).unwrap()),
            "Пропуск".as_bytes(),
            "Пропуск",
            Mode::Byte,
        ),
        (
            "kanji",
            grid_of(3, |b| b.push_kanji_data(b"\x93\x5f\xe4\xaa").unwrap()),
            b"\x93\x5f\xe4\xaa",
            "点茗",
            Mode::Kanji,
        ),
        ("nothing", grid_of(1, |b| b.push_numeric_data(b"").unwrap()), b"", "", Mode::Numeric),
    ];
    for (name, grid, bytes, text, mode) in cases {
        let payload = decode(&grid).unwrap().payload;
        assert_eq!(payload.bytes, bytes, "{name}");
        assert_eq!(payload.segments, [Segment { mode, eci: None, range: 0..bytes.len() }], "{name}");
        assert_eq!(payload.text().as_deref(), Some(text), "{name}");
    }
}

#[test]
fn mixed_segments_join_in_order() {
    let grid = grid_of(5, |bits| {
        bits.push_alphanumeric_data(b"HC1:").unwrap();
        bits.push_byte_data(b"bytes ").unwrap();
        bits.push_numeric_data(b"2021").unwrap();
    });
    let payload = decode(&grid).unwrap().payload;
    assert_eq!(payload.text().as_deref(), Some("HC1:bytes 2021"));
    assert_eq!(payload.segments.len(), 3);
}

#[test]
fn eci_names_the_character_set_of_what_follows() {
    let cases: [(u32, &[u8], Option<&str>); 12] = [
        (1, b"caf\xe9", Some("café")),
        (3, b"caf\xe9", Some("café")),
        (7, b"\xbf\xe0\xde\xdf\xe3\xe1\xda", Some("Пропуск")),
        (20, b"\x93\xfa\x96\x7b", Some("日本")),
        (22, b"\xcf\xf0\xee\xef\xf3\xf1\xea", Some("Пропуск")),
        (25, b"\x04\x1f", Some("П")),
        (26, "Пропуск".as_bytes(), Some("Пропуск")),
        (26, b"\xff", None),
        (27, b"pass", Some("pass")),
        (27, b"caf\xe9", None),
        (899, b"binary", None),
        (12_345, b"unassigned", None),
    ];
    for (eci, bytes, text) in cases {
        let grid = grid_of(4, |bits| {
            bits.push_eci_designator(eci).unwrap();
            bits.push_byte_data(bytes).unwrap();
        });
        let payload = decode(&grid).unwrap().payload;
        assert_eq!(payload.text().as_deref(), text, "ECI {eci}");
        assert_eq!((payload.bytes.as_slice(), payload.segments[0].eci), (bytes, Some(eci)));
    }
}

#[test]
fn bytes_of_no_declared_character_set_are_text_only_as_utf8() {
    let payload = decode(&grid_of(2, |bits| bits.push_byte_data(b"caf\xe9").unwrap())).unwrap().payload;
    assert_eq!((payload.text(), payload.bytes.as_slice()), (None, b"caf\xe9".as_slice()));
}

#[test]
fn utf8_split_over_byte_and_kanji_segments_is_still_text() {
    let text = "ПРОПУСК пропуск にほんご";
    let payload = decode(&grid(&QrCode::new(text).unwrap())).unwrap().payload;
    assert_eq!(payload.text().as_deref(), Some(text));
}

/// Data codewords of the bits, the terminator and padding up to `length`.
fn codewords(bits: &str, length: usize) -> Vec<u8> {
    let mut bits: Vec<u8> = bits.bytes().filter(|bit| *bit != b' ').map(|bit| bit - b'0').collect();
    bits.extend([0; 4]);
    bits.resize(bits.len().next_multiple_of(8), 0);
    let mut data: Vec<u8> =
        bits.chunks(8).map(|eight| eight.iter().fold(0, |byte, bit| byte << 1 | bit)).collect();
    data.extend([0xec, 0x11].into_iter().cycle().take(length.saturating_sub(data.len())));
    data
}

fn version(number: usize) -> Version {
    Version::from_side(17 + 4 * number).unwrap()
}

/// The payload of bits in a version 1 symbol; its padding has to be right.
fn parse(bits: &str) -> Result<Payload, DecodeError> {
    payload::parse(&codewords(bits, 19), version(1)).map(|(payload, padded)| {
        assert!(padded, "{bits}");
        payload
    })
}

fn in_bits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:08b}")).collect()
}

/// A byte segment of a version up to 9.
fn byte_segment(bytes: &[u8]) -> String {
    format!("0100 {:08b} {}", bytes.len(), in_bits(bytes))
}

#[test]
fn the_examples_of_the_standard_are_read() {
    let cases: [(&str, &[u8], &str); 5] = [
        ("0001 0000001000 0000001100 0101011001 1000011", b"01234567", "01234567"),
        (
            "0001 0000010000 0000001100 0101011001 1010100110 1110000101 0011101010 0101",
            b"0123456789012345",
            "0123456789012345",
        ),
        ("0010 000000101 00111001110 11100111001 000010", b"AC-42", "AC-42"),
        ("1000 00000010 0110110011111 1101010101010", b"\x93\x5f\xe4\xaa", "点茗"),
        (
            "0111 00001001 0100 00000101 11000001 11000010 11000011 11000100 11000101",
            b"\xc1\xc2\xc3\xc4\xc5",
            "ΑΒΓΔΕ",
        ),
    ];
    for (bits, bytes, text) in cases {
        let payload = parse(bits).unwrap();
        assert_eq!((payload.bytes.as_slice(), payload.text().as_deref()), (bytes, Some(text)), "{bits}");
    }
}

#[test]
fn counts_are_as_wide_as_the_version_asks_for() {
    let cases = [
        (1, "0001 0000000001 0111", Mode::Numeric),
        (9, "0001 0000000001 0111", Mode::Numeric),
        (10, "0001 000000000001 0111", Mode::Numeric),
        (26, "0001 000000000001 0111", Mode::Numeric),
        (27, "0001 00000000000001 0111", Mode::Numeric),
        (9, "0010 000000001 000111", Mode::Alphanumeric),
        (10, "0010 00000000001 000111", Mode::Alphanumeric),
        (27, "0010 0000000000001 000111", Mode::Alphanumeric),
        (9, "0100 00000001 00110111", Mode::Byte),
        (10, "0100 0000000000000001 00110111", Mode::Byte),
        (40, "0100 0000000000000001 00110111", Mode::Byte),
    ];
    for (number, bits, mode) in cases {
        let (payload, padded) = payload::parse(&codewords(bits, 40), version(number)).unwrap();
        assert_eq!((payload.bytes.as_slice(), padded), (b"7".as_slice(), true), "version {number}: {bits}");
        assert_eq!(payload.segments[0].mode, mode);
    }
    for (number, count) in [(9, "00000001"), (10, "0000000001"), (27, "000000000001")] {
        let (payload, _) =
            payload::parse(&codewords(&format!("1000 {count} 0110110011111"), 40), version(number)).unwrap();
        assert_eq!(payload.text().as_deref(), Some("点"), "version {number}");
    }
}

#[test]
fn percent_signs_are_separators_after_fnc1_in_alphanumeric_segments_only() {
    let cases: [(&[u8], &[u8]); 6] = [
        (b"%", b"\x1d"),
        (b"%%", b"%"),
        (b"%%%", b"%\x1d"),
        (b"%%%%", b"%%"),
        (b"A%B%%C", b"A\x1dB%C"),
        (b"10%", b"10\x1d"),
    ];
    for (written, read) in cases {
        let grid = |before: fn(&mut Bits)| {
            grid_of(4, |bits| {
                before(bits);
                bits.push_alphanumeric_data(written).unwrap();
                bits.push_byte_data(b"%").unwrap();
            })
        };
        let expected = [read, b"%"].concat();
        let first = grid(|bits| bits.push_fnc1_first_position().unwrap());
        assert_eq!(decode(&first).unwrap().payload.bytes, expected);
        let second = grid(|bits| bits.push_fnc1_second_position(37).unwrap());
        assert_eq!(decode(&second).unwrap().payload.bytes, expected);
        assert_eq!(decode(&grid(|_| {})).unwrap().payload.bytes, [written, b"%"].concat());
    }
}

#[test]
fn fnc1_tells_whose_format_the_data_follow() {
    let first = grid_of(4, |bits| {
        bits.push_fnc1_first_position().unwrap();
        bits.push_numeric_data(b"01049123451234591597033130128").unwrap();
        bits.push_alphanumeric_data(b"%10ABC123").unwrap();
    });
    let payload = decode(&first).unwrap().payload;
    assert_eq!(payload.fnc1, Some(Fnc1::Gs1));
    assert_eq!(payload.bytes, b"01049123451234591597033130128\x1d10ABC123");
    // The standard's example: industry 37, "AA1234BBB112" in alphanumeric, then bytes with a carriage return.
    let text = byte_segment(b"t\r");
    let bits = format!("1001 00100101 0010 000000010 00111001100 {text}");
    let payload = parse(&bits).unwrap();
    assert_eq!((payload.fnc1, payload.bytes.as_slice()), (Some(Fnc1::Industry(37)), b"AAt\r".as_slice()));
    // Industries named by a letter have its ASCII value plus 100.
    let payload = parse("1001 11000101 0001 0000000001 0111").unwrap();
    assert_eq!(payload.fnc1, Some(Fnc1::Industry(b'a' + 100)));
    assert_eq!(parse("0001 0000000001 0111").unwrap().fnc1, None);
}

#[test]
fn eci_designators_take_one_two_or_three_bytes() {
    let cases = [
        ("00000000", Ok(0)),
        ("01111111", Ok(127)),
        ("10000000 10000000", Ok(128)),
        ("10000011 10000011", Ok(899)),
        ("10111111 11111111", Ok(16_383)),
        ("11000000 01000000 00000000", Ok(16_384)),
        ("11001111 01000010 00111111", Ok(999_999)),
        ("10000000 00011010", Ok(26)),
        ("11000000 00000000 00011010", Ok(26)),
        ("11001111 01000010 01000000", Err(DecodeError::Value)),
        ("11100000 00000000 00000000", Err(DecodeError::Value)),
    ];
    for (designator, expected) in cases {
        let payload = parse(&format!("0111 {designator} {}", byte_segment(b"a")));
        assert_eq!(payload.map(|payload| payload.segments[0].eci.unwrap()), expected, "{designator}");
    }
}

#[test]
fn each_eci_holds_until_the_next() {
    let bits = format!(
        "{} 0111 00000111 {} 0001 0000000001 0111 {} 0111 00011010 {}",
        byte_segment(b"a"),
        byte_segment(b"\xdf"),
        byte_segment(b"\xe0"),
        byte_segment("п".as_bytes()),
    );
    let (payload, padded) = payload::parse(&codewords(&bits, 40), version(3)).unwrap();
    let ecis: Vec<_> = payload.segments.iter().map(|segment| segment.eci).collect();
    assert_eq!(ecis, [None, Some(7), Some(7), Some(7), Some(26)]);
    assert_eq!((payload.text().as_deref(), padded), (Some("aп7рп"), true));
}

#[test]
fn sixteen_symbols_of_a_series_tell_their_places_and_join_with_their_parity() {
    let message = b"structured append";
    let parity = message.iter().fold(0, |parity, byte| parity ^ byte);
    let mut joined = Vec::new();
    for (index, part) in message.chunks(2).chain(std::iter::repeat(b"".as_slice())).take(16).enumerate() {
        let bits = format!("0011 {index:04b} 1111 {parity:08b} {}", byte_segment(part));
        let payload = parse(&bits).unwrap();
        let place = StructuredAppend { index: index as u8, count: 16, parity };
        assert_eq!(payload.structured_append, Some(place));
        joined.extend(payload.bytes);
    }
    assert_eq!(joined, message);
    assert_eq!(joined.iter().fold(0, |parity, byte| parity ^ byte), parity);
    let payload =
        parse(&format!("0011 0000 0001 11111111 0101 0111 00011010 {}", byte_segment(b"01"))).unwrap();
    assert_eq!(payload.structured_append, Some(StructuredAppend { index: 0, count: 2, parity: 255 }));
    assert_eq!((payload.fnc1, payload.segments[0].eci), (Some(Fnc1::Gs1), Some(26)));
}

#[test]
fn what_stands_for_nothing_in_its_mode_is_refused() {
    let cases = [
        ("0001 0000000011 1111101000", DecodeError::Value),
        ("0001 0000000010 1100100", DecodeError::Value),
        ("0001 0000000001 1010", DecodeError::Value),
        ("0010 000000010 11111101001", DecodeError::Value),
        ("0010 000000001 101101", DecodeError::Value),
        ("0110", DecodeError::Mode { mode: 6 }),
        ("1101 0001", DecodeError::Mode { mode: 13 }),
        ("1111", DecodeError::Mode { mode: 15 }),
        ("0100 11111111 00000000", DecodeError::Truncated),
    ];
    for (bits, error) in cases {
        assert_eq!(payload::parse(&codewords(bits, 19), version(1)).map(|_| ()), Err(error), "{bits}");
    }
    for bits in ["0001 0000000011 1111100111", "0010 000000010 11111101000"] {
        assert!(parse(bits).is_ok(), "{bits}");
    }
}

#[test]
fn padding_is_told_from_anything_else_after_the_segments() {
    let whole = codewords("0001 0000000001 0111", 19);
    let cases: [(&[u8], bool); 9] = [
        (&whole, true),
        (&whole[..3], true),
        // Room for three and for no bits of the terminator.
        (&[0b0001_0000, 0b0000_1001, 0b1110_0000], true),
        (&[0b0100_0000, 0b0001_0011, 0b0111_0000], true),
        (&[0b0100_0000, 0b0001_0011, 0b0111_0000, 0xec, 0x11, 0xec], true),
        (&[0b0100_0000, 0b0001_0011, 0b0111_0000, 0xec, 0xec], false),
        (&[0b0100_0000, 0b0001_0011, 0b0111_0000, 0x11, 0xec], false),
        (&[0b0100_0000, 0b0001_0011, 0b0111_0000, 0, 0], false),
        (&[0b0001_0000, 0b0000_0101, 0b1100_0001], false),
    ];
    for (data, padded) in cases {
        assert_eq!(payload::parse(data, version(1)).unwrap().1, padded, "{data:02x?}");
    }
}

#[test]
fn old_code_pages_and_wide_characters_are_text_under_their_eci() {
    let cases: [(u32, &[u8], Option<&str>); 9] = [
        (0, b"\x80 \xe1\xff", Some("Ç ß\u{a0}")),
        (2, b"caf\x82", Some("café")),
        (31, b"\xc4\xe3", Some("你")),
        (33, b"\x1f\x04", Some("П")),
        (34, b"\0\x01\xf6\x00", Some("😀")),
        (35, b"\x00\xf6\x01\0", Some("😀")),
        (34, b"\0\0\xd8\0", None),
        (35, b"\0\0\0", None),
        (33, b"\0", None),
    ];
    for (eci, bytes, text) in cases {
        let payload = parse(&format!("0111 {eci:08b} {}", byte_segment(bytes))).unwrap();
        assert_eq!(payload.text().as_deref(), text, "ECI {eci}: {bytes:02x?}");
    }
}

proptest! {
    #[test]
    fn arbitrary_data_codewords_never_panic(data in proptest::collection::vec(any::<u8>(), 0..400), version in 1..=40usize) {
        let version = Version::from_side(17 + 4 * version).unwrap();
        if let Ok((payload, _)) = payload::parse(&data, version) {
            let end = payload.segments.last().map_or(0, |segment| segment.range.end);
            prop_assert_eq!(end, payload.bytes.len());
            let _ = payload.text();
        }
    }
}
