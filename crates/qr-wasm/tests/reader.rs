//! The reader as the exported functions use it.

use qr_wasm::{MAX_BYTES, Reader};
use qrcode::{Color, QrCode};
use serde_json::Value;
use std::time::Duration;

/// The answer to a frame without a code.
const NOTHING: &str = "{\"hint\":null,\"symbols\":[]}";
/// Pixels a module, and modules of quiet zone.
const MODULE: usize = 5;
const QUIET: usize = 6;

/// A picture of a symbol in rows of `stride` bytes, and its side in pixels.
fn picture(text: impl AsRef<[u8]>, padding: usize) -> (Vec<u8>, usize) {
    let code = QrCode::new(text).expect("a short text");
    let side = (code.width() + 2 * QUIET) * MODULE;
    let light = |x: usize, y: usize| {
        let inside = |at: usize| (at / MODULE).checked_sub(QUIET).filter(|&at| at < code.width());
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => code[(x, y)] == Color::Light,
            _ => true,
        }
    };
    let stride = side + padding;
    let pixels = (0..stride * side).map(|i| if light(i % stride, i / stride) { 220 } else { 30 }).collect();
    (pixels, side)
}

/// Two codes one above the other, and the size of their picture.
fn above(texts: [&str; 2]) -> (Vec<u8>, [usize; 2]) {
    let [(mut upper, side), (lower, other)] = texts.map(|text| picture(text, 0));
    assert_eq!(side, other);
    upper.extend(lower);
    (upper, [side, 2 * side])
}

/// Whether each symbol that the frame shows is new.
fn new(reader: &mut Reader, pixels: &[u8], [width, height]: [usize; 2], at: u64) -> Vec<bool> {
    reader.room(pixels.len()).expect("not too big").copy_from_slice(pixels);
    let answer = reader.scan([width, height], width, Duration::from_millis(at), || false);
    let answer: Value = serde_json::from_str(answer).expect("JSON");
    let symbols = answer["symbols"].as_array().expect("an array");
    symbols.iter().map(|symbol| symbol["new"].as_bool().expect("yes or no")).collect()
}

fn texts(answer: &str) -> Vec<String> {
    let answer: Value = serde_json::from_str(answer).expect("JSON");
    let symbols = answer["symbols"].as_array().expect("an array");
    symbols.iter().filter_map(|symbol| symbol["text"].as_str().map(str::to_owned)).collect()
}

#[test]
fn a_frame_put_into_the_room_is_read() {
    for video in [false, true] {
        let mut reader = Reader::new(video);
        let (pixels, side) = picture("HC1:WORKER", 7);
        reader.room(pixels.len()).expect("not too big").copy_from_slice(&pixels);
        assert_eq!(texts(reader.scan([side, side], side + 7, Duration::ZERO, || false)), ["HC1:WORKER"]);
        assert_eq!(texts(reader.answer()), ["HC1:WORKER"]);
    }
}

#[test]
fn a_zip_file_is_answered_as_a_character_for_each_byte() {
    let mut reader = Reader::new(false);
    let (pixels, side) = picture(b"PK\x03\x04\x80\xff\xe9", 0);
    reader.room(pixels.len()).expect("not too big").copy_from_slice(&pixels);
    let answer = reader.scan([side, side], side, Duration::ZERO, || false);
    assert_eq!(texts(answer), ["PK\u{3}\u{4}\u{80}\u{ff}\u{e9}"]);
}

#[test]
fn an_answer_is_of_its_own_frame_only() {
    let mut reader = Reader::new(false);
    let (pixels, side) = picture("FIRST", 0);
    reader.room(pixels.len()).expect("not too big").copy_from_slice(&pixels);
    reader.scan([side, side], side, Duration::ZERO, || false);
    reader.room(pixels.len()).expect("not too big").fill(255);
    assert_eq!(reader.scan([side, side], side, Duration::ZERO, || false), NOTHING);
}

#[test]
fn frames_that_the_room_does_not_hold_have_no_symbols() {
    let mut reader = Reader::new(true);
    assert_eq!(reader.room(100).map(|room| room.len()), Some(100));
    for (size, stride) in
        [([11, 10], 11), ([10, 11], 10), ([0, 0], 0), ([10, 5], 9), ([10, usize::MAX], usize::MAX)]
    {
        assert_eq!(reader.scan(size, stride, Duration::ZERO, || false), NOTHING, "{size:?} {stride}");
    }
}

#[test]
fn room_ends_where_it_should() {
    let mut reader = Reader::new(true);
    assert!(reader.room(MAX_BYTES + 1).is_none() && reader.room(usize::MAX).is_none());
    assert_eq!(reader.room(MAX_BYTES).map(|room| room.len()), Some(MAX_BYTES));
}

#[test]
fn a_code_held_in_view_is_new_once() {
    let mut reader = Reader::new(true);
    let (pixels, side) = picture("HELD", 0);
    let told = [0, 100, 5000].map(|at| new(&mut reader, &pixels, [side; 2], at));
    assert_eq!(told, [[true], [false], [true]]);
}

#[test]
fn of_equal_codes_in_one_frame_one_is_new() {
    for video in [false, true] {
        let mut reader = Reader::new(video);
        let ((equal, size), (others, _)) = (above(["TWICE", "TWICE"]), above(["FIRST", "OTHER"]));
        assert_eq!(new(&mut reader, &equal, size, 0), [true, false], "video: {video}");
        assert_eq!(new(&mut reader, &others, size, 5000), [true, true], "video: {video}");
    }
}

#[test]
fn a_single_image_shown_again_is_new_again() {
    let mut reader = Reader::new(false);
    let (pixels, side) = picture("STILL", 0);
    let told = [0, 100, 200].map(|at| new(&mut reader, &pixels, [side; 2], at));
    assert_eq!(told, [[true]; 3]);
}

#[test]
fn a_hint_is_not_repeated_for_a_frame_that_the_room_does_not_hold() {
    let mut reader = Reader::new(true);
    reader.room(100 * 100).expect("not too big").fill(4);
    let mut answer =
        |side: usize, at: u64| reader.scan([side; 2], side, Duration::from_millis(at), || false).to_owned();
    let dark = "{\"hint\":\"too_dark\",\"symbols\":[]}";
    assert_eq!((0..30).map(|number| answer(100, number * 33)).last().as_deref(), Some(dark));
    assert_eq!(answer(101, 1000), NOTHING);
    assert_eq!(answer(100, 1033), dark);
}
