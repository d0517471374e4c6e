//! What a phone's camera sees, as a file of JPEG pictures one behind the other, which Chromium plays again and again.

use camera::Demo;
use camera::scene::{Card, Conditions, Pose, Scene};
use carrier::Sender;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

/// What a phone's camera gives.
const SIZE: (usize, usize) = (1280, 720);
/// The rate at which Chromium plays such a file.
const FPS: u32 = 30;
/// The same hand in every run.
const SEED: u64 = 7;
/// Quality of the pictures, of 100: a phone's own.
const QUALITY: u8 = 85;
/// Frames of an empty desk, long enough for a slow page to be ready, and as many with the pass.
const STILL: usize = 5 * FPS as usize;
/// Frames that one picture of an animated code is there for.
const FRAMES_A_PICTURE: usize = 4;
/// Pictures more than are needed, for those that are missed.
const SPARE: usize = 8;
/// Frames of the same that differ in their noise.
const GRAINS: u64 = 6;
/// A camera's noise and contrast in a lit room.
const INDOORS: Conditions =
    Conditions { defocus: 0.0, noise: 3.0, contrast: 0.9, light: 1.0, gradient: [0.0; 2] };

/// Writes a film of passes that a hand holds before the camera, one after the other.
pub(crate) fn in_a_hand(pictures: &[PathBuf], folder: &Path) -> PathBuf {
    let cards: Vec<Card> = pictures.iter().map(|picture| card(picture)).collect();
    let turns = cards.len() as u64;
    let demo = Demo::new(cards, SIZE.0, SIZE.1, FPS, SEED);
    let mut luma = Vec::new();
    let frame = |number| {
        demo.render(number, &mut luma);
        jpeg(&luma)
    };
    write(folder, (0..turns * demo.frames_per_turn()).map(frame))
}

/// Writes a film of an empty desk on which a pass lies from one frame to the next.
pub(crate) fn appearing(picture: &Path, folder: &Path) -> PathBuf {
    shown(&card(picture), folder)
}

fn shown(card: &Card, folder: &Path) -> PathBuf {
    let scene = Scene::new(SIZE.0, SIZE.1, SEED);
    let grains = |held: Option<(&Card, Pose)>| -> Vec<Vec<u8>> {
        let mut luma = Vec::new();
        (0..GRAINS)
            .map(|number| {
                scene.render(held, INDOORS, number, &mut luma);
                jpeg(&luma)
            })
            .collect()
    };
    let (desk, pass) = (grains(None), grains(Some((card, Pose::default()))));
    let still = |frames: &[Vec<u8>]| frames.iter().cycle().take(STILL).flatten().copied().collect::<Vec<_>>();
    write(folder, [still(&desk), still(&pass)])
}

/// Writes a film of another screen that shows `content` as an animated QR code, at about eight pictures a second.
pub(crate) fn of_a_screen(content: &[u8], folder: &Path) -> PathBuf {
    let scene = Scene::new(SIZE.0, SIZE.1, SEED);
    let mut sender = Sender::new(content).expect("a package that can be carried");
    let shown = sender.needed() + SPARE;
    let mut luma = Vec::new();
    let pictures = (0..shown).flat_map(|number| {
        let code = Card::code(&sender.next_frame()).expect("a frame's text");
        scene.render(Some((&code, Pose::default())), INDOORS, number as u64, &mut luma);
        vec![jpeg(&luma); FRAMES_A_PICTURE]
    });
    write(folder, pictures)
}

/// Writes a film of an empty desk, and of another screen that shows one text as a QR code.
pub(crate) fn of_a_text(text: &str, folder: &Path) -> PathBuf {
    let code = Card::code(text).expect("a text that fits a code");
    shown(&code, folder)
}

fn write(folder: &Path, frames: impl IntoIterator<Item = Vec<u8>>) -> PathBuf {
    let path = folder.join("camera.mjpeg");
    let mut file = BufWriter::new(File::create(&path).expect("a file for the film"));
    frames.into_iter().for_each(|frame| file.write_all(&frame).expect("room for the film"));
    file.flush().expect("room for the film");
    path
}

fn jpeg(luma: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    encoder.write_image(luma, SIZE.0 as u32, SIZE.1 as u32, ExtendedColorType::L8).expect("a JPEG");
    bytes
}

fn card(picture: &Path) -> Card {
    let bytes = fs::read(picture).expect("a sample pass");
    let grey = image::load_from_memory(&bytes).expect("a picture").into_luma8();
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let luma = qr::Luma::new(&grey, width, height, width).expect("a picture's luma");
    Card::picture(luma).expect("a picture that fits")
}
