//! Frames drawn by the tests themselves.

use std::time::Duration;

use cpu_time::ThreadTime;
use proptest::prelude::*;
use qr::{Luma, Scanner, Symbol};
use qrcode::{Color, EcLevel, QrCode, Version};

const WHITE: u8 = 230;
const BLACK: u8 = 20;
/// CPU time in the decoder that no frame may take, unoptimised dependencies and all.
const BUDGET: Duration = Duration::from_secs(6);

/// A frame to draw on.
struct Frame {
    pixels: Vec<u8>,
    width: usize,
    height: usize,
}

impl Frame {
    fn new(width: usize, height: usize) -> Self {
        Self { pixels: vec![WHITE; width * height], width, height }
    }

    fn from_fn(width: usize, height: usize, luma: impl Fn(usize, usize) -> u8) -> Self {
        let pixels = (0..width * height).map(|i| luma(i % width, i / width)).collect();
        Self { pixels, width, height }
    }

    /// Draws a symbol with `module` pixels a module.
    fn draw(mut self, code: &QrCode, module: usize, left: usize, top: usize) -> Self {
        for (x, y) in (0..code.width() * module).flat_map(|y| (0..code.width() * module).map(move |x| (x, y)))
        {
            let dark = code[(x / module, y / module)] == Color::Dark;
            self.pixels[(top + y) * self.width + left + x] = if dark { BLACK } else { WHITE };
        }
        self
    }

    /// The frame turned clockwise by a quarter.
    fn turned(&self) -> Self {
        Self::from_fn(self.height, self.width, |x, y| self.pixels[(self.height - 1 - x) * self.width + y])
    }

    fn mirrored(&self) -> Self {
        Self::from_fn(self.width, self.height, |x, y| self.pixels[y * self.width + self.width - 1 - x])
    }

    fn luma(&self) -> Luma<'_> {
        Luma::new(&self.pixels, self.width, self.height, self.width).expect("a drawn frame is complete")
    }

    fn scan(&self) -> Vec<Symbol> {
        Scanner::new().scan(self.luma(), || false).collect()
    }

    /// Scans within the budget.
    fn scan_in_time(&self) -> Vec<Symbol> {
        let start = ThreadTime::now();
        let symbols = self.scan();
        assert!(start.elapsed() < BUDGET, "{}×{} took {:?}", self.width, self.height, start.elapsed());
        symbols
    }
}

fn code(text: &str) -> QrCode {
    QrCode::with_error_correction_level(text, EcLevel::M).expect("a short text")
}

fn texts(symbols: &[Symbol]) -> Vec<&str> {
    let mut texts: Vec<_> = symbols.iter().filter_map(|symbol| symbol.text.as_deref()).collect();
    texts.sort_unstable();
    texts
}

fn assert_corners(symbol: &Symbol, expected: [[f32; 2]; 4], tolerance: f32) {
    for (found, expected) in symbol.corners.iter().zip(expected) {
        let off = (found[0] - expected[0]).hypot(found[1] - expected[1]);
        assert!(off <= tolerance, "{:?} should be {expected:?}", symbol.corners);
    }
}

#[test]
fn a_symbol_is_read_with_its_version_level_and_corners() {
    let code = QrCode::with_version("HC1:PASS", Version::Normal(5), EcLevel::Q).unwrap();
    let symbols = Frame::new(400, 300).draw(&code, 5, 60, 40).scan();
    assert_eq!(texts(&symbols), ["HC1:PASS"]);
    assert_eq!((symbols[0].version, symbols[0].ecc, symbols[0].structured_append), (5, 'Q', None));
    let end = 5.0 * 37.0;
    let (left, top, right, bottom) = (60.0, 40.0, 60.0 + end, 40.0 + end);
    assert_corners(&symbols[0], [[left, top], [right, top], [right, bottom], [left, bottom]], 3.0);
}

#[test]
fn corners_turn_with_the_symbol() {
    let mut frame = Frame::new(300, 300).draw(&code("turned"), 6, 40, 60);
    let (near_x, near_y, side) = (40.0, 60.0, 126.0);
    let mut corners =
        [[near_x, near_y], [near_x + side, near_y], [near_x + side, near_y + side], [near_x, near_y + side]];
    for quarter in 0..4 {
        let symbols = frame.scan();
        assert_eq!(texts(&symbols), ["turned"], "after {quarter} quarters");
        assert_corners(&symbols[0], corners, 4.0);
        frame = frame.turned();
        corners = corners.map(|[x, y]| [300.0 - y, x]);
    }
}

#[test]
fn a_mirrored_symbol_is_read_with_the_corners_of_its_own_top_left_first() {
    let symbols = Frame::new(300, 300).draw(&code("mirrored"), 6, 40, 60).mirrored().scan();
    assert_eq!(texts(&symbols), ["mirrored"]);
    assert_corners(&symbols[0], [[260.0, 60.0], [134.0, 60.0], [134.0, 186.0], [260.0, 186.0]], 4.0);
}

#[test]
fn several_symbols_of_a_frame_are_all_read() {
    let frame = Frame::new(800, 600)
        .draw(&code("one"), 4, 40, 50)
        .draw(&code("two, a little longer than the others"), 6, 500, 90)
        .draw(&code("three"), 5, 230, 330)
        .draw(&code("four"), 3, 610, 480);
    let expected = ["four", "one", "three", "two, a little longer than the others"];
    assert_eq!(texts(&frame.scan()), expected);
}

#[test]
fn bytes_past_the_width_of_a_row_are_no_pixels() {
    let frame = Frame::new(200, 200).draw(&code("stride"), 5, 40, 40);
    let stride = 263;
    let mut padded = vec![BLACK; stride * 199 + 200];
    for y in 0..200 {
        padded[y * stride..][..200].copy_from_slice(&frame.pixels[y * 200..][..200]);
    }
    let symbols: Vec<_> =
        Scanner::new().scan(Luma::new(&padded, 200, 200, stride).unwrap(), || false).collect();
    assert_eq!(symbols, frame.scan());
    assert_eq!(texts(&symbols), ["stride"]);
}

#[test]
fn luma_refuses_what_is_no_frame() {
    for (length, width, height, stride) in
        [(0, 0, 0, 0), (9, 0, 3, 3), (9, 3, 0, 3), (9, 3, 3, 2), (8, 3, 3, 3), (9, 2, usize::MAX, usize::MAX)]
    {
        assert!(Luma::new(&vec![0; length], width, height, stride).is_none(), "{width}×{height}/{stride}");
    }
    assert!(Luma::new(&[0; 8], 2, 3, 3).is_some(), "the last row needs no padding");
}

#[test]
fn a_scanner_used_before_reads_as_a_new_one_does() {
    let small = Frame::new(200, 200).draw(&code("small"), 5, 40, 40);
    let big = Frame::new(640, 480).draw(&code("big one"), 7, 200, 100).draw(&code("another"), 4, 20, 20);
    let nothing = Frame::new(64, 48);
    let mut scanner = Scanner::new();
    for frame in [&big, &small, &nothing, &big, &nothing, &small] {
        assert_eq!(scanner.scan(frame.luma(), || false).collect::<Vec<_>>(), frame.scan());
    }
}

#[test]
fn a_scanner_moves_to_the_thread_of_its_camera() {
    let mut scanner = Scanner::new();
    let frame = Frame::new(200, 200).draw(&code("thread"), 5, 40, 40);
    let symbols =
        std::thread::spawn(move || scanner.scan(frame.luma(), || false).collect::<Vec<_>>()).join().unwrap();
    assert_eq!(texts(&symbols), ["thread"]);
}

#[test]
fn a_symbol_in_a_frame_of_twelve_megapixels_is_read() {
    let (width, height) = (4000, 3000);
    let symbols = Frame::new(width, height).draw(&code("big"), 12, 2400, 1800).scan_in_time();
    assert_eq!(texts(&symbols), ["big"]);
    let (left, top, side) = (2400.0, 1800.0, 21.0 * 12.0);
    let corners = [[left, top], [left + side, top], [left + side, top + side], [left, top + side]];
    assert_corners(&symbols[0], corners, 8.0);
}

#[test]
fn every_small_and_every_thin_frame_is_survived() {
    let mut scanner = Scanner::new();
    let sizes = (1..=24).flat_map(|w| (1..=24).map(move |h| (w, h)));
    for (width, height) in sizes.chain([(1, 5000), (5000, 1), (1, 5_000_000), (5_000_000, 1), (21, 3000)]) {
        for luma in
            [|_, _| 0, |_, _| 255, |x: usize, y: usize| if (x + y).is_multiple_of(2) { 0 } else { 255 }]
        {
            let frame = Frame::from_fn(width, height, luma);
            assert_eq!(scanner.scan(frame.luma(), || false).count(), 0, "{width}×{height}");
        }
    }
}

#[test]
fn frames_of_one_colour_hold_nothing() {
    for luma in [0, 1, 127, 128, 255] {
        assert_eq!(Frame::from_fn(640, 480, |_, _| luma).scan_in_time(), []);
    }
}

/// A finder pattern's module in a field of them, `pitch` modules apart.
fn finder_field(x: usize, y: usize, pitch: usize) -> u8 {
    let (x, y) = (x % pitch, y % pitch);
    let ring = (x.abs_diff(3)).max(y.abs_diff(3));
    if x < 7 && y < 7 && ring != 2 { 0 } else { 255 }
}

#[test]
fn hostile_fields_of_finder_patterns_end_in_bounded_time() {
    for (module, pitch) in [(1, 8), (1, 9), (2, 8), (3, 11), (4, 15), (8, 21), (16, 8)] {
        for (width, height) in [(640, 480), (1920, 1080), (2500, 1600)] {
            let frame = Frame::from_fn(width, height, |x, y| finder_field(x / module, y / module, pitch));
            frame.scan_in_time();
        }
    }
}

#[test]
fn a_symbol_among_too_many_finder_patterns_does_not_end_the_scanner() {
    let field = Frame::from_fn(1280, 720, |x, y| finder_field(x, y, 8));
    let pass = Frame::new(300, 300).draw(&code("after"), 6, 60, 60);
    let mut scanner = Scanner::new();
    let _ = scanner.scan(field.luma(), || false).count();
    assert_eq!(texts(&scanner.scan(pass.luma(), || false).collect::<Vec<_>>()), ["after"]);
}

#[test]
fn a_scan_whose_time_is_up_ends_and_does_not_ask_again() {
    let frames = [
        Frame::from_fn(1280, 720, |x, y| finder_field(x / 2, y / 2, 8)),
        Frame::from_fn(640, 480, |x, y| noise(x, y, 1)),
        Frame::new(300, 300).draw(&code("in time"), 6, 60, 60),
    ];
    for (number, frame) in frames.iter().enumerate() {
        for mut scanner in [Scanner::new(), Scanner::video()] {
            let mut all = 0;
            let _ = scanner.scan(frame.luma(), || (all += 1, false).1).count();
            for most in
                [1, 2, 3, 10, 100, all / 2, all - 1].into_iter().filter(|&most| most > 0 && most < all)
            {
                let mut asked = 0;
                let _ = scanner.scan(frame.luma(), || (asked += 1, asked >= most).1).count();
                assert!(asked <= most, "frame {number}: asked {asked} times, up at {most}");
            }
        }
    }
}

/// Deterministic noise.
fn noise(x: usize, y: usize, seed: u64) -> u8 {
    let mixed = ((x as u64) << 32 | y as u64).wrapping_add(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 56) as u8
}

#[test]
fn noise_of_every_grain_holds_nothing_and_ends_in_bounded_time() {
    for grain in [1, 2, 3, 5, 8, 16] {
        let frame = Frame::from_fn(1280, 720, |x, y| noise(x / grain, y / grain, grain as u64));
        assert_eq!(frame.scan_in_time(), [], "grain {grain}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_clear_symbol_is_read_wherever_it_lies(
        text in "[ -~]{1,80}",
        module in 3..8usize,
        left in 12..60usize,
        top in 12..60usize,
    ) {
        let code = code(&text);
        let side = code.width() * module + 140;
        let symbols = Frame::new(side, side).draw(&code, module, left, top).scan();
        prop_assert_eq!(texts(&symbols), [text.as_str()]);
    }

    #[test]
    fn arbitrary_small_frames_never_panic(
        width in 1..120usize,
        height in 1..120usize,
        seed in any::<u64>(),
        grain in 1..8usize,
    ) {
        let _ = Frame::from_fn(width, height, |x, y| noise(x / grain, y / grain, seed)).scan();
    }
}

/// DIVOC's certificates come so. Bytes that could be some other text, too, are a file all the same.
#[test]
fn a_zip_file_in_a_code_is_a_character_for_each_byte() {
    for bytes in [&b"PK\x03\x04\x14\0\xff\xfe\x80\xe9\x88"[..], "PK\u{3}\u{4}é".as_bytes()] {
        let code = QrCode::new(bytes).expect("few bytes");
        let frame = Frame::new(200, 200).draw(&code, 5, 30, 30);
        let [symbol] = frame.scan().try_into().expect("one symbol");
        let expected: String = bytes.iter().map(|&byte| char::from(byte)).collect();
        assert_eq!(symbol.bytes, bytes);
        assert_eq!(symbol.into_text(), expected);
    }
}

#[test]
fn bytes_that_are_no_text_stay_visible_as_what_cannot_be_read() {
    let code = QrCode::new(b"A\xff\xfe\xfd").expect("few bytes");
    let [symbol] = Frame::new(200, 200).draw(&code, 5, 30, 30).scan().try_into().expect("one symbol");
    assert_eq!((symbol.text.as_deref(), symbol.zip_file()), (None, None));
    assert_eq!(symbol.into_text(), "A\u{fffd}\u{fffd}\u{fffd}");
}
