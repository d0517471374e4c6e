//! Draws frames as PGM files: `cargo run --release -p frames --example draw -- OUTDIR [COUNT]`.

use std::fs;
use std::io::Write;
use std::path::Path;

use frames::{Condition, Frame};

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "frames".into());
    let count = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(6);
    fs::create_dir_all(&folder)?;
    for condition in Condition::ALL {
        for index in 0..count {
            let frame = frames::render(condition, index, 1);
            save(&Path::new(&folder).join(format!("{}-{index:02}.pgm", condition.name())), &frame)?;
        }
    }
    for index in 0..12 {
        let frame = frames::idle([480, 720, 1080][index as usize % 3], index, 1);
        save(&Path::new(&folder).join(format!("idle-{index:02}.pgm")), &frame)?;
    }
    for (number, frame) in frames::sequence(0, 1).enumerate().step_by(8) {
        save(&Path::new(&folder).join(format!("sequence-{number:03}.pgm")), &frame)?;
    }
    Ok(())
}

fn save(path: &Path, frame: &Frame) -> std::io::Result<()> {
    let mut file = fs::File::create(path)?;
    write!(file, "P5\n{} {}\n255\n", frame.width, frame.height)?;
    file.write_all(&frame.luma)
}
