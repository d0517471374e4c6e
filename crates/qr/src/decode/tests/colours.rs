//! Decoding by the colours of modules alone.

use qrcode::types::Version as EncoderVersion;
use qrcode::{Color, EcLevel, QrCode};

use super::*;

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
