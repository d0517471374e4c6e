//! From a screen through a camera: each frame a QR code, seen by a hand-held camera, read as the app reads.

mod common;

use carrier::{Receiver, Sender, Taken};
use common::{Random, content};
use frames::Viewing;
use qr::{Luma, Scanner};

/// Lines of the camera (1280 × 720), and the share of them that a code takes.
const CAMERA: (usize, f32) = (720, 0.7);
/// Of a hundred shown frames, those that the camera misses altogether.
const LOST: usize = 20;

/// How many frames are shown, one look at each, until the content has arrived.
fn shown(length: usize, seed: u64) -> usize {
    let sent = content(length, seed);
    let mut random = Random(seed);
    let mut viewing = Viewing::new(CAMERA.0, CAMERA.1, seed);
    let (mut scanner, mut receiver) = (Scanner::video(), Receiver::new());
    for (count, text) in (1..2000).zip(Sender::new(&sent).unwrap()) {
        if random.percent(LOST) {
            continue;
        }
        let frame = viewing.look(&text, 'L').unwrap();
        let luma = Luma::new(&frame.luma, frame.width, frame.height, frame.width).unwrap();
        for text in scanner.scan(luma, || false).filter_map(|symbol| symbol.text) {
            assert!(carrier::is_frame(&text));
            if let Ok(Taken::Whole(bytes)) = receiver.take(&text) {
                assert!(bytes == sent);
                return count;
            }
        }
    }
    panic!("it did not arrive")
}

#[test]
fn four_kilobytes_take_at_most_two_seconds_of_eight_frames() {
    for seed in 0..4 {
        let shown = shown(4096, seed);
        assert!(shown <= 16, "{shown} frames, seed {seed}");
    }
}

#[test]
fn a_hundred_and_twenty_kilobytes_take_at_most_forty_five_seconds_of_eight_frames() {
    let shown = shown(120 * 1024, 5);
    assert!(shown <= 360, "{shown} frames");
}
