//! How many frames of a certificate are read: five conditions, twenty frames each, rendered as a webcam sees them.
//!
//! The numbers are gates: a change that reads fewer frames fails here; one that reads more should raise them.

use camera::scene::{Card, Conditions, Pose, Scene};
use qr::{Luma, Scanner};

const FRAMES: usize = 20;

/// What a webcam gives.
const SIZE: (usize, usize) = (1280, 720);

/// A condition, how frame `share` (0 to 1, from the easiest to the hardest) of it is taken, and the least number of
/// frames that are read.
struct Row {
    name: &'static str,
    view: fn(share: f32) -> (Pose, Conditions),
    least: usize,
}

const ROWS: [Row; 5] = [
    Row { name: "rotation", view: rotation, least: 14 },
    Row { name: "perspective", view: perspective, least: 8 },
    Row { name: "blur", view: blur, least: 10 },
    Row { name: "noise", view: noise, least: 5 },
    Row { name: "low contrast", view: low_contrast, least: 9 },
];

/// A card held in a hand at a comfortable distance: never quite upright, and 5 to 6 pixels to a module.
fn held(share: f32) -> (Pose, Conditions) {
    let swing = (share * 5.0).sin();
    let pose =
        Pose { offset: [0.1 * swing, 0.02], size: 0.62, turn: 0.1 * swing, tilt: [0.08 * swing, -0.06] };
    (pose, Conditions { noise: 3.0, defocus: 0.7, ..Conditions::default() })
}

fn rotation(share: f32) -> (Pose, Conditions) {
    let (pose, conditions) = held(share);
    (Pose { turn: share * std::f32::consts::TAU, ..pose }, conditions)
}

fn perspective(share: f32) -> (Pose, Conditions) {
    let (pose, conditions) = held(share);
    let tilt = 0.15 + 0.5 * share;
    (Pose { tilt: [tilt, 0.5 * tilt], ..pose }, conditions)
}

fn blur(share: f32) -> (Pose, Conditions) {
    let (pose, conditions) = held(share);
    (pose, Conditions { defocus: 1.0 + 3.0 * share, ..conditions })
}

fn noise(share: f32) -> (Pose, Conditions) {
    let (pose, conditions) = held(share);
    (pose, Conditions { noise: 5.0 + 25.0 * share, light: 0.6, ..conditions })
}

fn low_contrast(share: f32) -> (Pose, Conditions) {
    let (pose, conditions) = held(share);
    let contrast = 0.5 - 0.4 * share;
    (pose, Conditions { contrast, gradient: [0.25, -0.2], ..conditions })
}

#[test]
fn frames_of_a_certificate_are_read_and_never_misread() {
    let text = certificate_text();
    let card = Card::code(&text).unwrap();
    let mut scanner = Scanner::new();
    let mut table = String::from("condition      read  least\n");
    let mut enough = true;
    for row in &ROWS {
        let read = (0..FRAMES).filter(|&frame| read(&mut scanner, &card, row, frame, &text)).count();
        table += &format!("{:<13} {read:>2}/{FRAMES}  {:>5}\n", row.name, row.least);
        enough &= read >= row.least;
    }
    eprint!("{table}");
    assert!(enough, "fewer frames are read than before:\n{table}");
}

/// Whether the scanner reads a frame; what it reads must be right.
fn read(scanner: &mut Scanner, card: &Card, row: &Row, frame: usize, text: &str) -> bool {
    let (pose, conditions) = (row.view)(frame as f32 / (FRAMES - 1) as f32);
    let mut luma = Vec::new();
    // Another desk and other noise for each frame.
    let scene = Scene::new(SIZE.0, SIZE.1, frame as u64);
    scene.render(Some((card, pose)), conditions, frame as u64, &mut luma);
    let luma = Luma::new(&luma, SIZE.0, SIZE.1, SIZE.0).unwrap();
    let symbols: Vec<_> = scanner.scan(luma, || false).collect();
    for symbol in &symbols {
        assert_eq!(symbol.text.as_deref(), Some(text), "{}, frame {frame}: a wrong read", row.name);
        assert!((12..=15).contains(&symbol.version), "a certificate's size: version {}", symbol.version);
    }
    !symbols.is_empty()
}

/// As long as a vaccination certificate with its signature, in its alphabet (RFC 9285), of no meaning.
fn certificate_text() -> String {
    const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    const LENGTH: usize = 520;
    // A linear congruential generator (Numerical Recipes) spreads the characters well enough.
    let mut state = 1u32;
    let characters = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(ALPHABET[(state >> 16) as usize % ALPHABET.len()])
    });
    "HC1:".chars().chain(characters).take(LENGTH).collect()
}
