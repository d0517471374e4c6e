//! Draws frames to look at: `cargo run --release -p frames --example draw -- OUTDIR [COUNT] [SEED]` writes every
//! frame as a PGM file, and a sheet of small ones per condition.

use std::fs;
use std::io::Write;
use std::path::Path;

use frames::{Condition, Frame};

/// Small frames beside each other, and their size.
const COLUMNS: usize = 3;
const WIDTH: usize = 640;
const HEIGHT: usize = 360;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "frames".into());
    let count = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(6);
    let seed = arguments.next().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    for condition in Condition::ALL {
        let frames = (0..count).map(|index| frames::render(condition, index, seed)).collect();
        save(folder, condition.name(), frames)?;
    }
    let idle = |index| frames::idle([480, 720, 1080][index as usize % 3], index, seed);
    save(folder, "idle", (0..2 * count).map(idle).collect())?;
    save(folder, "sequence", frames::sequence(0, seed).step_by(8).collect())
}

fn save(folder: &Path, name: &str, frames: Vec<Frame>) -> std::io::Result<()> {
    let rows = frames.len().div_ceil(COLUMNS);
    let width = COLUMNS * WIDTH;
    let mut sheet = vec![0; width * rows * HEIGHT];
    for (number, frame) in frames.iter().enumerate() {
        write(&folder.join(format!("{name}-{number:02}.pgm")), frame.width, &frame.luma)?;
        let corner = number / COLUMNS * HEIGHT * width + number % COLUMNS * WIDTH;
        for (y, row) in small(frame).chunks(WIDTH).enumerate() {
            sheet[corner + y * width..][..WIDTH].copy_from_slice(row);
        }
    }
    write(&folder.join(format!("sheet-{name}.pgm")), width, &sheet)
}

/// The frame reduced to fit a place on the sheet, by the mean over each small pixel's area.
fn small(frame: &Frame) -> Vec<u8> {
    let scale = (frame.width as f32 / WIDTH as f32).max(frame.height as f32 / HEIGHT as f32);
    let edge = |at: usize, end: usize| ((at as f32 * scale) as usize).min(end);
    let mean = |x: usize, y: usize| {
        let (left, right) = (edge(x, frame.width), edge(x + 1, frame.width));
        let (top, bottom) = (edge(y, frame.height), edge(y + 1, frame.height));
        let rows = (top..bottom).map(|y| &frame.luma[y * frame.width..][left..right]);
        let sum: usize = rows.flatten().map(|&value| usize::from(value)).sum();
        (sum / ((right - left) * (bottom - top)).max(1)) as u8
    };
    (0..WIDTH * HEIGHT).map(|i| mean(i % WIDTH, i / WIDTH)).collect()
}

fn write(path: &Path, width: usize, luma: &[u8]) -> std::io::Result<()> {
    let mut file = fs::File::create(path)?;
    write!(file, "P5\n{width} {}\n255\n", luma.len() / width)?;
    file.write_all(luma)
}
