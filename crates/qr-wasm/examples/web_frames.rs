//! Draws what the module and the page's camera are tested on: `cargo run -p qr-wasm --example web_frames -- FOLDER`.
//!
//! `encoded-N.pgm` is a code in a character set of its own, `encoded-N.txt` its text by the tables of `qr`; where there is
//! none, the set does not allow the bytes. `camera.y4m` is a video for Chromium's fake camera: an empty desk, then a card;
//! `card.bmp` is the card, and `camera.txt` its text.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use frames::{Condition, Frame};
use qr::{Luma, Scanner};
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

/// Pixels a module, and modules of quiet zone.
const MODULE: usize = 4;
const QUIET: usize = 5;
/// Bytes in character sets by their ECI (AIM's register); 0 is none.
const ENCODED: [(u32, &[u8]); 34] = [
    (20, b"\x93\xfa\x96\x7b\x8c\xea \xb1\xb2 A"),
    (20, b"\x81"),
    (29, b"\xd6\xd0\xce\xc4 \x81\x30\x81\x30"),
    (32, b"\x95\x32\x82\x36"),
    (31, b"\xd6\xd0\xce\xc4"),
    (28, b"\xa4\xa4\xa4\xe5"),
    (30, b"\xc7\xd1\xb1\xdb"),
    (3, b"caf\xe9 \x80\xff"),
    (1, b"\xfc"),
    (2, b"\x9b\xe1"),
    (0, "Привет, 世界".as_bytes()),
    (26, "Привет, 世界".as_bytes()),
    (26, b"\xef\xbb\xbfmark"),
    (26, b"\xff"),
    (4, b"A\xe4\xe5\xe6"),
    (5, b"A\xe4\xe5\xe6"),
    (6, b"A\xe4\xe5\xe6"),
    (7, b"A\xe4\xe5\xe6"),
    (8, b"A\xe4\xe5\xe6"),
    (8, b"A\xff"),
    (9, b"A\xe4\xe5\xe6"),
    (10, b"A\xe4\xe5\xe6"),
    (11, b"A\xe4\xfd\xfe"),
    (12, b"A\xe4\xe5\xe6"),
    (13, b"A\xe4\xe5\xe6"),
    (15, b"A\xe4\xe5\xe6"),
    (16, b"A\xe4\xe5\xe6"),
    (17, b"A\xa4\xe5\xe6"),
    (21, b"A\xe4\xe5\xe6"),
    (22, b"A\xe4\xe5\xe6"),
    // Node.js 20 takes windows-1252 for ISO-8859-1; browsers do not.
    (23, b"A\xe4\xe5\xe6"),
    (24, b"A\xe4\xe5\xe6"),
    (25, b"\x00A\x04\x1f"),
    (33, b"\xff\xfeA\x00\x1f\x04"),
];
/// Frames of the video without and with a code, at 30 a second.
const EMPTY: usize = 45;
const CARD: usize = 45;
const SEED: u64 = 2027;
/// Side of the square in the video's left upper corner that is white while the code is in view: 8 or more pixels, for the
/// browser may scale.
const MARK: usize = 48;

fn main() -> io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "web".into()));
    fs::create_dir_all(&folder)?;
    for (number, (eci, bytes)) in ENCODED.iter().enumerate() {
        let frame = code(*eci, bytes).map_err(|error| io::Error::other(error.to_string()))?;
        let luma = Luma::new(&frame.luma, frame.width, frame.height, frame.width);
        let symbol = luma.and_then(|luma| Scanner::new().scan(luma, || false).next());
        let symbol = symbol.ok_or_else(|| io::Error::other(format!("encoded-{number} is not read")))?;
        save(&folder.join(format!("encoded-{number}.pgm")), &frame)?;
        match symbol.text {
            Some(text) => fs::write(folder.join(format!("encoded-{number}.txt")), text)?,
            None => _ = fs::remove_file(folder.join(format!("encoded-{number}.txt"))),
        }
    }
    film(&folder)
}

fn code(eci: u32, bytes: &[u8]) -> qrcode::QrResult<Frame> {
    let mut bits = Bits::new(Version::Normal(3));
    if eci > 0 {
        bits.push_eci_designator(eci)?;
    }
    bits.push_byte_data(bytes)?;
    bits.push_terminator(EcLevel::M)?;
    let code = QrCode::with_bits(bits, EcLevel::M)?;
    let side = (code.width() + 2 * QUIET) * MODULE;
    let light = |x: usize, y: usize| {
        let inside = |at: usize| (at / MODULE).checked_sub(QUIET).filter(|&at| at < code.width());
        matches!((inside(x), inside(y)), (Some(x), Some(y)) if code[(x, y)] == Color::Dark)
    };
    let luma = (0..side * side).map(|at| if light(at % side, at / side) { 30 } else { 220 }).collect();
    Ok(Frame { width: side, height: side, luma, text: String::new(), version: 3, corners: [[0.0; 2]; 4] })
}

fn save(path: &Path, frame: &Frame) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    write!(file, "P5\n{} {}\n255\n", frame.width, frame.height)?;
    file.write_all(&frame.luma)
}

/// A bitmap of 24 bits a pixel, the lowest row first, as every browser reads it; widths are multiples of four.
fn photograph(path: &Path, frame: &Frame) -> io::Result<()> {
    const HEADERS: u32 = 54;
    let size = [frame.width, frame.height].map(|side| side as u32); // safe: frames are small
    let bytes = 3 * size[0] * size[1];
    let mut file = BufWriter::new(fs::File::create(path)?);
    file.write_all(b"BM")?;
    // File size, reserved, where pixels begin; header size, width, height, planes and bits, and the rest unset.
    let planes_and_bits = 1 | 24 << 16;
    for value in [HEADERS + bytes, 0, HEADERS, 40, size[0], size[1], planes_and_bits, 0, bytes, 0, 0, 0, 0] {
        file.write_all(&value.to_le_bytes())?;
    }
    for row in frame.luma.chunks_exact(frame.width).rev() {
        file.write_all(&row.iter().flat_map(|&luma| [luma; 3]).collect::<Vec<_>>())?;
    }
    file.flush()
}

/// YUV4MPEG2 with 4:2:0 colour, all of it grey.
fn film(folder: &Path) -> io::Result<()> {
    let card = (0..).map(|index| frames::render(Condition::Mild, index, SEED));
    let Some(card) = card.into_iter().find(|frame| frame.height == 720) else { return Ok(()) };
    let desk = frames::idle(card.height, 0, SEED);
    fs::write(folder.join("camera.txt"), &card.text)?;
    photograph(&folder.join("card.bmp"), &card)?;
    let mut file = BufWriter::new(fs::File::create(folder.join("camera.y4m"))?);
    writeln!(file, "YUV4MPEG2 W{} H{} F30:1 Ip A1:1 C420jpeg", card.width, card.height)?;
    let grey = vec![128; card.width * card.height / 2];
    for (frame, mark, count) in [(&desk, 16, EMPTY), (&card, 235, CARD)] {
        let marked = |(at, &luma): (usize, &u8)| {
            let marked = at % frame.width < MARK && at / frame.width < MARK;
            if marked { mark } else { luma.clamp(16, 235) }
        };
        let luma: Vec<u8> = frame.luma.iter().enumerate().map(marked).collect();
        for _ in 0..count {
            file.write_all(b"FRAME\n")?;
            file.write_all(&luma)?;
            file.write_all(&grey)?;
        }
    }
    file.flush()
}
