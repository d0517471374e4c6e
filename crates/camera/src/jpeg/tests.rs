use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use proptest::prelude::*;

use super::*;

const SIZE: (usize, usize) = (48, 32);

/// A slope from dark to bright, as a colour JPEG.
fn sample() -> Vec<u8> {
    let pixels: Vec<u8> = (0..SIZE.0 * SIZE.1).flat_map(|i| [(i % SIZE.0 * 5) as u8; 3]).collect();
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, 90);
    encoder.write_image(&pixels, SIZE.0 as u32, SIZE.1 as u32, ExtendedColorType::Rgb8).unwrap();
    jpeg
}

/// The sample as motion JPEG has it: without its DHT segments.
fn without_tables() -> Vec<u8> {
    let jpeg = sample();
    let (mut out, mut at) = (jpeg[..2].to_vec(), 2);
    while jpeg[at + 1] != SOS {
        let length = 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if jpeg[at + 1] != DHT {
            out.extend(&jpeg[at..at + length]);
        }
        at += length;
    }
    out.extend(&jpeg[at..]);
    out
}

fn decoded(jpeg: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    assert_eq!(luma(jpeg, &mut out), Some(SIZE));
    out
}

#[test]
fn luma_of_a_jpeg_is_its_grey() {
    for (x, &value) in decoded(&sample()).iter().take(SIZE.0).enumerate() {
        assert!(value.abs_diff((x * 5) as u8) < 12, "column {x}: {value}");
    }
}

#[test]
fn stale_data_behind_the_end_of_image_is_cut_off() {
    let jpeg = sample();
    let mut buffer = jpeg.clone();
    buffer.extend(&jpeg[40..]);
    assert_eq!(whole(&buffer), Some(jpeg));
}

#[test]
fn a_jpeg_cut_off_anywhere_is_dropped() {
    let jpeg = sample();
    for length in 0..jpeg.len() {
        assert_eq!(whole(&jpeg[..length]), None, "cut after {length} bytes");
    }
}

#[test]
fn a_jpeg_cut_off_and_followed_by_the_next_one_is_dropped() {
    let jpeg = sample();
    let mut buffer = jpeg[..jpeg.len() / 2].to_vec();
    buffer.extend(&jpeg);
    assert_eq!(whole(&buffer), None);
}

#[test]
fn motion_jpeg_without_huffman_tables_gets_the_standard_ones() {
    // The encoder of this test uses the standard tables, so leaving them out loses nothing.
    let bare = without_tables();
    assert!(bare.len() < sample().len() - 400);
    let whole = whole(&bare).unwrap();
    assert_eq!(whole.len(), bare.len() + STANDARD_TABLES_LENGTH);
    assert_eq!(decoded(&whole), decoded(&sample()));
}

#[test]
fn a_picture_with_sides_beyond_the_limit_is_refused() {
    let mut jpeg = sample();
    let start_of_frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    jpeg[start_of_frame + 5..][..4].copy_from_slice(&[0xff; 4]);
    assert_eq!(luma(&jpeg, &mut Vec::new()), None);
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let mut buffer = vec![0xff, SOI];
        buffer.extend(bytes);
        if let Some(jpeg) = whole(&buffer) {
            luma(&jpeg, &mut Vec::new());
        }
    }

    #[test]
    fn a_damaged_picture_is_survived(at in 2..2000usize, value in any::<u8>()) {
        let mut jpeg = sample();
        let at = at % jpeg.len();
        jpeg[at] = value;
        if let Some(jpeg) = whole(&jpeg) {
            luma(&jpeg, &mut Vec::new());
        }
    }
}
