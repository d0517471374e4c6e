//! Which QR code carries most to a cheap camera: `cargo run --release -p carrier --example versions -- [LOOKS]`.
//!
//! For versions and levels: the share of shown frames that are read at the first look by a camera of 640 × 480 and of
//! 1280 × 720, held so that the code takes a part of the picture's height, and the bytes of content a shown frame that
//! this makes.

use carrier::{Receiver, Sender};
use frames::Viewing;
use qr::{Luma, Scanner};
use qrcode::bits::Bits;
use qrcode::{EcLevel, Version};

/// Lines of the camera, and the share of them that the code takes.
const CAMERAS: [(usize, f32); 5] = [(480, 0.5), (480, 0.7), (480, 0.9), (720, 0.5), (720, 0.8)];
/// Looks by one hand at one screen.
const LOOKS_EACH: usize = 4;
/// Bits that alphanumeric mode spends before its first letter up to version 26 (ISO/IEC 18004, table 3).
const HEADER_BITS: usize = 4 + 11;

#[expect(clippy::print_stdout)]
fn main() -> Result<(), carrier::Error> {
    let looks = std::env::args().nth(1).and_then(|looks| looks.parse().ok()).unwrap_or(24);
    let content: Vec<u8> = (0..60_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    println!("code  chars  bytes  | read of {looks}, bytes a shown frame: {CAMERAS:?}");
    for (version, level) in [10, 15, 18, 20, 22, 25].into_iter().flat_map(|v| [(v, 'L'), (v, 'M')]) {
        let chars = chars(version, level);
        let mut sender = Sender::with_room(&content, chars)?;
        let bytes = content.len() / sender.needed();
        let cells: Vec<String> = CAMERAS
            .iter()
            .map(|&(height, share)| {
                let read = read(&mut sender, level, height, share, looks);
                format!("{read:>3} {:>5}", bytes * read / looks)
            })
            .collect();
        println!("{version:>2}-{level}  {chars:>5}  {bytes:>5}  | {}", cells.join(" | "));
    }
    Ok(())
}

fn chars(version: i16, level: char) -> usize {
    let level = if level == 'L' { EcLevel::L } else { EcLevel::M };
    let bits = Bits::new(Version::Normal(version)).max_len(level).unwrap_or_default();
    (bits - HEADER_BITS) * 2 / 11
}

/// How many of so many shown frames are read.
fn read(sender: &mut Sender, level: char, height: usize, share: f32, looks: usize) -> usize {
    let mut read = 0;
    for hand in 0..looks.div_ceil(LOOKS_EACH) {
        let mut viewing = Viewing::new(height, share, hand as u64);
        let mut scanner = Scanner::video();
        let mut receiver = Receiver::new();
        for text in sender.by_ref().take(LOOKS_EACH.min(looks - hand * LOOKS_EACH)) {
            let Some(frame) = viewing.look(&text, level) else { continue };
            let Some(luma) = Luma::new(&frame.luma, frame.width, frame.height, frame.width) else { continue };
            let texts = scanner.scan(luma, || false).filter_map(|symbol| symbol.text);
            read += texts.filter(|text| receiver.take(text).is_ok()).count();
        }
    }
    read
}
