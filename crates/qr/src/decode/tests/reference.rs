//! Whatever we read, rqrr reads the same.

use proptest::prelude::*;
use qrcode::QrCode;

use super::*;

/// What rqrr makes of the grid.
fn reference(grid: &BitGrid) -> Option<(rqrr::MetaData, Vec<u8>)> {
    let grid = rqrr::SimpleGrid::from_func(grid.side(), |x, y| grid.is_dark(x, y));
    let mut bytes = Vec::new();
    rqrr::Grid::new(grid).decode_to(&mut bytes).ok().map(|meta| (meta, bytes))
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
