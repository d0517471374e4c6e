//! How well a scan keeps to the time that its caller gives it, on frames made to take long: the CPU time of the worst
//! call and of the longest stretch without a question for the time. Usage: budget [MOST-MEGAPIXELS]
#![allow(clippy::print_stdout)]

use std::cell::Cell;
use std::time::Duration;

use cpu_time::ThreadTime;
use qr::{Luma, Scanner};
use qrcode::{Color, EcLevel, QrCode, Version};

const SIZES: [(usize, usize); 5] = [(640, 480), (1280, 720), (1920, 1080), (4000, 3000), (8660, 5773)];
const BUDGETS: [u64; 3] = [10, 33, 100];
/// Frames of a stream that are shown, one after another.
const STREAM: usize = 4;

type Paint = Box<dyn Fn(usize, usize) -> u8>;

fn main() {
    let most = std::env::args().nth(1).and_then(|most| most.parse().ok()).unwrap_or(usize::MAX);
    println!(
        "{:22} {:>9} {:>9} {:>9} {:>9} {:>10}",
        "frame", "size", "budget ms", "image ms", "video ms", "stretch ms"
    );
    let mut worst = (0.0_f64, 0.0_f64);
    for (name, paint) in paintings() {
        for (width, height) in SIZES.into_iter().filter(|(width, height)| width * height / 1_000_000 <= most)
        {
            let pixels: Vec<u8> = (0..width * height).map(|at| paint(at % width, at / width)).collect();
            let Some(frame) = Luma::new(&pixels, width, height, width) else { continue };
            for budget in BUDGETS.map(Duration::from_millis) {
                let (image, longest) = scan(&mut Scanner::new(), frame, budget);
                let mut video = Scanner::video();
                let stream: Vec<_> = (0..STREAM).map(|_| scan(&mut video, frame, budget)).collect();
                let slowest = stream.iter().map(|scan| scan.0).fold(Duration::ZERO, Duration::max);
                let longest = stream.iter().map(|scan| scan.1).fold(longest, Duration::max);
                let [image, slowest, longest] =
                    [image, slowest, longest].map(|time| time.as_secs_f64() * 1e3);
                let over = image.max(slowest) / (budget.as_secs_f64() * 1e3) - 1.0;
                worst = (worst.0.max(over), worst.1.max(longest));
                println!(
                    "{name:22} {:>9} {:>9} {image:>9.1} {slowest:>9.1} {longest:>10.1}",
                    format!("{width}×{height}"),
                    budget.as_millis(),
                );
            }
        }
    }
    let (over, longest) = worst;
    println!("at most {:.0} % over the budget, and {longest:.1} ms without a question", over * 100.0);
}

/// The CPU time of a scan, and of its longest stretch without a question.
fn scan(scanner: &mut Scanner, frame: Luma<'_>, budget: Duration) -> (Duration, Duration) {
    let (start, last, longest) = (ThreadTime::now(), Cell::new(ThreadTime::now()), Cell::new(Duration::ZERO));
    let end_stretch = || {
        longest.set(longest.get().max(last.get().elapsed()));
        last.set(ThreadTime::now());
    };
    let time_is_up = || {
        end_stretch();
        start.elapsed() >= budget
    };
    let count = scanner.scan(frame, time_is_up).count();
    end_stretch();
    std::hint::black_box(count);
    (start.elapsed(), longest.get())
}

fn paintings() -> Vec<(String, Paint)> {
    let mut all: Vec<(String, Paint)> = vec![
        ("one colour".into(), Box::new(|_, _| 128)),
        ("noise".into(), Box::new(|x, y| noise(x, y, 1))),
        ("stripes of noise".into(), Box::new(|x, y| noise(x, y / 16, 2))),
        ("half-tone noise".into(), Box::new(|x, y| if noise(x, y, 3) < 128 { 40 } else { 200 })),
    ];
    for module in [2, 3, 5, 9] {
        all.push((
            format!("finders, module {module}"),
            Box::new(move |x, y| finders(x / module, y / module, 8)),
        ));
        all.push((
            format!("checkers, module {module}"),
            Box::new(move |x, y| ((x / module + y / module) % 2 * 255) as u8),
        ));
    }
    all.push((
        "finders in noise".into(),
        Box::new(|x, y| (i32::from(finders(x / 3, y / 3, 9)) * 2 / 3 + i32::from(noise(x, y, 5)) / 3) as u8),
    ));
    // Three finder patterns and timing, as in a symbol, around what is none: error correction has all to try.
    for (version, module) in [(7, 3), (15, 2), (25, 2), (40, 2), (40, 4)] {
        all.push((format!("ruined {version}, module {module}"), ruined(version, module)));
    }
    all
}

/// Symbols side by side of which every sixth data module is wrong.
fn ruined(version: i16, module: usize) -> Paint {
    let code = QrCode::with_version(b"ruined", Version::Normal(version), EcLevel::L);
    let side = 17 + 4 * version as usize;
    let dark = move |x: usize, y: usize| {
        let Ok(code) = &code else { return false };
        if x >= side || y >= side {
            return false;
        }
        let (left, top) = (x < 9, y < 9);
        let corner = (top && (left || x + 8 >= side)) || (left && y + 8 >= side);
        let function = corner || x == 6 || y == 6;
        (code[(x, y)] == Color::Dark) != (!function && noise(x, y, 7) < 43)
    };
    Box::new(move |x, y| {
        let pitch = (side + 8) * module;
        let (x, y) = ((x % pitch) / module, (y % pitch) / module);
        if x >= 4 && y >= 4 && dark(x - 4, y - 4) { 30 } else { 220 }
    })
}

fn finders(x: usize, y: usize, pitch: usize) -> u8 {
    let (x, y) = ((x % pitch).abs_diff(3), (y % pitch).abs_diff(3));
    if matches!(x.max(y), 0 | 1 | 3) { 30 } else { 220 }
}

fn noise(x: usize, y: usize, seed: u64) -> u8 {
    let mut value = (x as u64) << 32 ^ y as u64 ^ seed << 20;
    for _ in 0..2 {
        value = (value ^ value >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    (value >> 56) as u8
}
