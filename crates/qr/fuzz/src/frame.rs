//! Frames into the scanner: any bytes, drawn difficulties, clear symbols; single images and streams.

use std::cell::Cell;
use std::time::Duration;

use cpu_time::ThreadTime;
use fuzzing::within;
use qr::{Luma, Scanner, Symbol};

use crate::paint::{Sheet, square};
use crate::script::Script;
use crate::symbol::{LETTERS, Plan, Symbol as Drawn};

/// CPU time that no frame of [`MAX_SIDE`] squared may take, instrumented and with checks.
const LIMIT: Duration = Duration::from_secs(2);
/// CPU time that a scan may take between two questions whether its time is up, and after the last one.
const PIECE: Duration = Duration::from_millis(40);
/// Pixels along either axis of a drawn frame; small ones are fast, and show all that a large one can.
const MAX_SIDE: usize = 384;
/// Pixels of a frame of any bytes; the bytes repeat.
const MAX_ANY: usize = 200_000;
/// Padding after each row that a script can ask for.
const MAX_PADDING: usize = 40;
/// Frames of one stream.
const MAX_FRAMES: usize = 5;
/// Steps of drawing between two frames.
const MAX_STEPS: usize = 24;
/// Symbols of one frame that may be returned; more are not worth their time.
const MAX_SYMBOLS: usize = 256;
/// Bytes in the biggest symbol, 40-L in digits.
const MAX_BYTES: usize = 7089;

/// Runs one script.
pub fn run(script: &[u8]) {
    let script = &mut Script::new(script);
    match script.byte() % 4 {
        0 => any_bytes(script),
        1 => clear(script),
        kind => drawn(script, kind == 3),
    }
}

/// Any size, any bytes; what is no frame is refused.
fn any_bytes(script: &mut Script<'_>) {
    let sizes = [script.pair(), script.pair(), script.pair()].map(usize::from);
    let bytes = script.rest();
    let length = (sizes[1].saturating_mul(sizes[2])).min(MAX_ANY);
    let pixels: Vec<u8> = bytes.iter().copied().cycle().take(length).collect();
    if let Some(frame) = Luma::new(&pixels, sizes[0], sizes[1], sizes[2]) {
        scan(&mut Scanner::new(), frame, usize::MAX);
    }
}

/// Steps of drawing, a scan after some of them; the last frame once more with padding by a scanner that saw nothing.
fn drawn(script: &mut Script<'_>, video: bool) {
    let (width, height) = (1 + script.below(MAX_SIDE), 1 + script.below(MAX_SIDE));
    let mut sheet = Sheet::new(width, height, script.byte());
    let padding = script.byte() as usize % MAX_PADDING;
    let patience = script.pair();
    let asks = if patience < 0x8000 { usize::MAX } else { usize::from(patience & 0xff) };
    let mut scanner = if video { Scanner::video() } else { Scanner::new() };
    for _ in 0..MAX_FRAMES {
        for _ in 0..1 + script.byte() as usize % MAX_STEPS {
            sheet.step(script);
        }
        let symbols = scan(&mut scanner, packed(&sheet), asks);
        if script.is_over() {
            if !video && asks == usize::MAX && padding > 0 {
                assert_eq!(symbols, scan_padded(&sheet, padding), "a used scanner differs from a new one");
            }
            return;
        }
    }
}

/// A symbol that anybody would call clear has to be read, as it is.
fn clear(script: &mut Script<'_>) {
    let plan = Plan { version: 1 + script.byte() % 12, ..Plan::read(script) };
    let module = 3.0 + f64::from(script.byte()) / 128.0;
    let side = (plan.side() + 8) as f64 * module;
    let light = 160 + script.byte() % 96;
    let dark = light - 90 - script.byte() % 70;
    let tones = if script.byte() & 1 == 0 { [dark, light] } else { [light, dark] };
    let (turn, shift) = (script.byte(), [script.around_zero(), script.around_zero()]);
    let edge = (side * 1.45) as usize + 8;
    let middle = shift.map(|shift| edge as f64 / 2.0 + f64::from(shift));
    let (symbol, bytes) = Drawn::of_segments(plan, script);
    let mut sheet = Sheet::new(edge, edge, tones[1]);
    sheet.draw(&symbol, &square(middle, side, turn), 4, tones);
    let read = scan(&mut Scanner::new(), packed(&sheet), usize::MAX);
    let read: Vec<_> = read.iter().map(|symbol| (&symbol.bytes, symbol.version, symbol.ecc)).collect();
    // A symbol without content is none.
    let drawn = Some((&bytes, plan.version, LETTERS[plan.level])).filter(|_| !bytes.is_empty());
    assert_eq!(read, Vec::from_iter(drawn), "{plan:?}, {module} pixels a module");
}

fn packed(sheet: &Sheet) -> Luma<'_> {
    Luma::new(&sheet.pixels, sheet.width, sheet.height, sheet.width).expect("a sheet has pixels")
}

fn scan_padded(sheet: &Sheet, padding: usize) -> Vec<Symbol> {
    let row =
        |row: &[u8]| row.iter().copied().chain((0..padding).map(|at| (at * 37) as u8)).collect::<Vec<u8>>();
    let pixels: Vec<u8> = sheet.pixels.chunks_exact(sheet.width).flat_map(row).collect();
    let frame = Luma::new(&pixels, sheet.width, sheet.height, sheet.width + padding);
    scan(&mut Scanner::new(), frame.expect("padded rows are a frame"), usize::MAX)
}

/// Scans and looks at what came out; time is up when it was asked about for the time after `asks`.
fn scan(scanner: &mut Scanner, frame: Luma<'_>, asks: usize) -> Vec<Symbol> {
    let (asked, last, longest) =
        (Cell::new(0_usize), Cell::new(ThreadTime::now()), Cell::new(Duration::ZERO));
    let end_piece = || {
        longest.set(longest.get().max(last.get().elapsed()));
        last.set(ThreadTime::now());
    };
    let time_is_up = || {
        end_piece();
        asked.set(asked.get() + 1);
        asked.get() > asks
    };
    let symbols: Vec<Symbol> = within(LIMIT, "a frame", || scanner.scan(frame, time_is_up).collect());
    end_piece();
    assert!(longest.get() <= PIECE, "a scan did not ask for the time for {:?}", longest.get());
    assert!(symbols.len() <= MAX_SYMBOLS, "{} symbols", symbols.len());
    symbols.iter().for_each(|symbol| assert_sane(symbol, frame));
    symbols
}

fn assert_sane(symbol: &Symbol, frame: Luma<'_>) {
    assert!((1..=40).contains(&symbol.version) && LETTERS.contains(&symbol.ecc), "{symbol:?}");
    assert!(symbol.bytes.len() <= MAX_BYTES, "{} bytes", symbol.bytes.len());
    let (width, height) = (frame.width() as f32, frame.height() as f32);
    for [x, y] in symbol.corners {
        let inside = (-width..=2.0 * width).contains(&x) && (-height..=2.0 * height).contains(&y);
        assert!(inside, "a corner at {x}, {y} of a frame of {width} × {height}");
    }
}
