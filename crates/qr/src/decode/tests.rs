//! Grids made by the `qrcode` crate, read by us and by rqrr.

use proptest::prelude::*;
use qrcode::bits::{Bits, ExtendedMode};
use qrcode::types::{Mode as EncoderMode, Version as EncoderVersion};
use qrcode::{Color, EcLevel, QrCode};

use super::layout::Layout;
use super::*;

const LEVELS: [(EcLevel, Ecc); 4] =
    [(EcLevel::L, Ecc::L), (EcLevel::M, Ecc::M), (EcLevel::Q, Ecc::Q), (EcLevel::H, Ecc::H)];

fn grid(code: &QrCode) -> BitGrid {
    BitGrid::from_fn(code.width(), |x, y| code[(x, y)] == Color::Dark)
}

/// A grid of the given version at level L, filled by `fill`.
fn grid_of(version: i16, fill: impl FnOnce(&mut Bits)) -> BitGrid {
    let mut bits = Bits::new(EncoderVersion::Normal(version));
    fill(&mut bits);
    bits.push_terminator(EcLevel::L).unwrap();
    grid(&QrCode::with_bits(bits, EcLevel::L).unwrap())
}

/// What rqrr makes of the grid.
fn reference(grid: &BitGrid) -> Option<(rqrr::MetaData, Vec<u8>)> {
    let grid = rqrr::SimpleGrid::from_func(grid.side(), |x, y| grid.is_dark(x, y));
    let mut bytes = Vec::new();
    rqrr::Grid::new(grid).decode_to(&mut bytes).ok().map(|meta| (meta, bytes))
}

fn flipped(grid: &BitGrid, modules: &[(usize, usize)]) -> BitGrid {
    BitGrid::from_fn(grid.side(), |x, y| grid.is_dark(x, y) != modules.contains(&(x, y)))
}

/// The encoder's canvas of a version with nothing but function patterns and room for format information.
fn function_patterns(version: usize) -> impl Fn(usize, usize) -> bool {
    let mut canvas = qrcode::canvas::Canvas::new(EncoderVersion::Normal(version as i16), EcLevel::L);
    canvas.draw_all_functional_patterns();
    move |x, y| canvas.get(x as i16, y as i16) != qrcode::canvas::Module::Empty
}

#[test]
fn function_patterns_of_every_version_are_those_that_the_encoder_draws() {
    for number in 1..=40 {
        let version = Version::from_side(17 + 4 * number).unwrap();
        let mut canvas = qrcode::canvas::Canvas::new(EncoderVersion::Normal(number as i16), EcLevel::L);
        canvas.draw_all_functional_patterns();
        let data: std::collections::HashSet<_> = Layout::of(version).places(false).iter().copied().collect();
        let (side, mut open) = (version.side(), 0);
        for place in 0..side * side {
            let drawn = match canvas.get((place % side) as i16, (place / side) as i16) {
                qrcode::canvas::Module::Masked(colour) => Some(colour == Color::Dark),
                _ => None,
            };
            match function_pattern(version)[place] {
                Some(dark) => assert_eq!(drawn, Some(dark), "version {number} at {place}"),
                None => open += usize::from(drawn.is_some()),
            }
            assert!(drawn.is_none() || !data.contains(&(place as u16)), "version {number} at {place}");
        }
        assert_eq!(open, 30, "two copies of format information");
    }
}

#[test]
fn every_version_and_level_is_read_with_its_capacity_of_errors() {
    for (number, (level, ecc)) in (1..=40i16).flat_map(|v| LEVELS.map(|level| (v, level))) {
        let text = format!("version {number}");
        let Ok(code) = QrCode::with_version(&text, EncoderVersion::Normal(number), level) else {
            assert!(number == 1, "{text} should hold its own name");
            continue;
        };
        let clean = grid(&code);
        let version = Version::from_side(clean.side()).unwrap();
        let (errors, (_, blocks)) = (version.errors_allowed(ecc), version.blocks(ecc));
        // Codewords are dealt out to the blocks in turn: a bit of every `blocks`-th one hits the first block alone.
        let wrong: Vec<_> = data_modules(&clean).into_iter().step_by(8 * blocks).take(errors).collect();
        let decoded =
            decode(&flipped(&clean, &wrong)).unwrap_or_else(|error| panic!("{text} {ecc:?}: {error}"));
        assert_eq!(decoded.payload.text().as_deref(), Some(text.as_str()));
        assert_eq!((decoded.version.number(), decoded.format.ecc), (number as u8, ecc));
        assert_eq!(decoded.corrected, wrong.len(), "{text} {ecc:?}");
    }
}

/// Data modules in placement order, found without the code under test.
fn data_modules(grid: &BitGrid) -> Vec<(usize, usize)> {
    let is_function = function_patterns((grid.side() - 17) / 4);
    let mut modules = Vec::new();
    let mut columns: Vec<usize> = (7..grid.side()).rev().step_by(2).collect();
    columns.extend([5, 3, 1]);
    for (pair, right) in columns.into_iter().enumerate() {
        for step in 0..grid.side() {
            let y = if pair % 2 == 0 { grid.side() - 1 - step } else { step };
            for x in [right, right - 1] {
                if !is_function(x, y) {
                    modules.push((x, y));
                }
            }
        }
    }
    modules
}

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

#[test]
fn gs1_separators_are_unescaped_in_alphanumeric_segments_only() {
    let grid = grid_of(4, |bits| {
        bits.push_fnc1_first_position().unwrap();
        bits.push_alphanumeric_data(b"10A%21B%%").unwrap();
        bits.push_byte_data(b"%").unwrap();
    });
    let payload = decode(&grid).unwrap().payload;
    assert_eq!(payload.fnc1, Some(Fnc1::Gs1));
    assert_eq!(payload.bytes, b"10A\x1d21B%%");
    let second = grid_of(4, |bits| {
        bits.push_fnc1_second_position(37).unwrap();
        bits.push_numeric_data(b"1").unwrap();
    });
    assert_eq!(decode(&second).unwrap().payload.fnc1, Some(Fnc1::Industry(37)));
}

#[test]
fn structured_append_tells_place_count_and_parity() {
    let grid = grid_of(4, |bits| {
        bits.push_mode_indicator(ExtendedMode::StructuredAppend).unwrap();
        // The encoder cannot write the header's 16 bits, but these mode indicators are 0010 0100 1000 0101.
        for mode in [EncoderMode::Alphanumeric, EncoderMode::Byte, EncoderMode::Kanji] {
            bits.push_mode_indicator(ExtendedMode::Data(mode)).unwrap();
        }
        bits.push_mode_indicator(ExtendedMode::Fnc1First).unwrap();
        bits.push_byte_data(b"part").unwrap();
    });
    let payload = decode(&grid).unwrap().payload;
    assert_eq!(payload.structured_append, Some(StructuredAppend { index: 2, count: 5, parity: 0x85 }));
    assert_eq!(payload.bytes, b"part");
}

#[test]
fn mirrored_symbols_are_read_with_their_corners() {
    let mut grid = grid(&QrCode::new("mirror").unwrap()).transposed();
    grid.corners = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
    let decoded = decode(&grid).unwrap();
    assert!(decoded.mirrored);
    assert_eq!(decoded.payload.text().as_deref(), Some("mirror"));
}

#[test]
fn sides_of_no_version_are_refused() {
    for side in [0, 1, 17, 20, 22, 178, 181] {
        assert_eq!(decode(&BitGrid::from_fn(side, |_, _| true)), Err(DecodeError::Side { side }));
    }
}

#[test]
fn format_information_survives_three_wrong_bits_and_a_lost_copy() {
    let clean = grid(&QrCode::new("format").unwrap());
    let first: Vec<_> = (0..6).map(|x| (x, 8)).collect();
    let mut damage = first.clone();
    damage.extend([(8, clean.side() - 1), (8, clean.side() - 2), (clean.side() - 1, 8)]);
    assert_eq!(decode(&flipped(&clean, &damage)).unwrap().payload.text().as_deref(), Some("format"));
}

fn payloads() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        "[0-9]{1,300}".prop_map(String::into_bytes),
        "[0-9A-Z $%*+./:-]{1,300}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 1..300),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn ours_equals_the_reference(
        data in payloads(),
        level in 0..4usize,
        damage in 0..3usize,
        places in proptest::collection::vec(any::<prop::sample::Index>(), 64),
        mirrored in any::<bool>(),
    ) {
        let (level, ecc) = LEVELS[level];
        let code = QrCode::with_error_correction_level(&data, level).unwrap();
        let clean = grid(&code);
        let modules = data_modules(&clean);
        // Within capacity wherever the errors fall: no block mends fewer than the worst case puts into one.
        let most = Version::from_side(clean.side()).unwrap().errors_allowed(ecc);
        let errors = [0, most / 2, most][damage];
        let wrong: Vec<_> = places.iter().take(errors).map(|place| *place.get(&modules)).collect();
        let mut damaged = flipped(&clean, &wrong);
        if mirrored {
            damaged = damaged.transposed();
        }
        let decoded = decode(&damaged).unwrap();
        let (meta, bytes) = reference(&damaged).expect("the reference reads what is within capacity");
        prop_assert_eq!(&decoded.payload.bytes, &bytes);
        prop_assert_eq!(&bytes, &data);
        prop_assert_eq!(usize::from(decoded.version.number()), meta.version.0);
        prop_assert_eq!(u16::from(decoded.format.mask), meta.mask);
        prop_assert_eq!((decoded.format.ecc, decoded.mirrored), (ecc, mirrored));
    }

    #[test]
    fn arbitrary_grids_never_panic(side in 0..200usize, seed in any::<u64>(), density in 1..8u32) {
        let mut state = seed | 1;
        let noise = BitGrid::from_fn(side, |_, _| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 61) as u32 >= density
        });
        let _ = decode(&noise);
    }

    #[test]
    fn arbitrary_data_codewords_never_panic(data in proptest::collection::vec(any::<u8>(), 0..400), version in 1..=40usize) {
        let version = Version::from_side(17 + 4 * version).unwrap();
        if let Ok((payload, _)) = payload::parse(&data, version) {
            let end = payload.segments.last().map_or(0, |segment| segment.range.end);
            prop_assert_eq!(end, payload.bytes.len());
            let _ = payload.text();
        }
    }

    #[test]
    // Shift-JIS has no second bytes 0xfd to 0xff; the reference takes those for the other range of first bytes.
    fn kanji_bytes_equal_the_reference(
        values in proptest::collection::vec((0..0x2au16, 0..=0xbcu16).prop_map(|(row, cell)| row * 0xc0 + cell), 1..40),
    ) {
        let bytes: Vec<u8> = values.iter().flat_map(|value| {
            let folded = ((value / 0xc0) << 8) | (value % 0xc0);
            (folded + if folded < 0x1f00 { 0x8140 } else { 0xc140 }).to_be_bytes()
        }).collect();
        let grid = grid_of(10, |bits| bits.push_kanji_data(&bytes).unwrap());
        prop_assert_eq!(&decode(&grid).unwrap().payload.bytes, &bytes);
        prop_assert_eq!(reference(&grid).unwrap().1, bytes);
    }
}
