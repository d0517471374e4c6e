//! Draws the 720p frames that speed is measured on, as PGM files beside what each says:
//! `cargo run --release -p frames --example measure -- FOLDER`.
//!
//! `idle-N.pgm` shows no code; `reading-N.pgm` shows a dense one in fair light, and `reading-N.txt` its text.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use frames::{Condition, Frame};

/// Frames of either kind: a search's cost depends on the scene, so one would not tell much.
const COUNT: usize = 8;
const HEIGHT: usize = 720;
const SEED: u64 = 720;

fn main() -> io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "frames".into()));
    fs::create_dir_all(&folder)?;
    for (number, frame) in (0..).map(|index| frames::idle(HEIGHT, index, SEED)).take(COUNT).enumerate() {
        save(&folder.join(format!("idle-{number}.pgm")), &frame)?;
    }
    let mild = (0..).map(|index| frames::render(Condition::Mild, index, SEED));
    for (number, frame) in mild.filter(|frame| frame.height == HEIGHT).take(COUNT).enumerate() {
        save(&folder.join(format!("reading-{number}.pgm")), &frame)?;
        fs::write(folder.join(format!("reading-{number}.txt")), &frame.text)?;
    }
    Ok(())
}

fn save(path: &Path, frame: &Frame) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    write!(file, "P5\n{} {}\n255\n", frame.width, frame.height)?;
    file.write_all(&frame.luma)
}
