use std::f32::consts::{FRAC_PI_2, FRAC_PI_4};
use std::time::Instant;

use qr::{Luma, Scanner};

use super::*;

fn render(card: &Card, pose: Pose, conditions: Conditions, number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    Scene::new(640, 480, 7).render(Some((card, pose)), conditions, number, &mut out);
    assert_eq!(out.len(), 640 * 480);
    out
}

fn read(frame: &[u8]) -> Vec<String> {
    let symbols = Scanner::new().scan(Luma::new(frame, 640, 480, 640).unwrap(), || false).collect::<Vec<_>>();
    symbols.into_iter().filter_map(|symbol| symbol.text).collect()
}

/// Left half dark, right half bright.
fn halves() -> Card {
    let pixels: Vec<u8> = (0..100 * 100).map(|i| if i % 100 < 50 { 20 } else { 220 }).collect();
    Card::picture(Luma::new(&pixels, 100, 100, 100).unwrap()).unwrap()
}

/// The mean of an 8 × 8 patch around a point.
fn patch(frame: &[u8], x: usize, y: usize) -> u32 {
    let rows = (y - 4..y + 4).flat_map(|y| &frame[y * 640 + x - 4..][..8]);
    rows.map(|&value| u32::from(value)).sum::<u32>() / 64
}

#[test]
fn a_flat_card_shows_its_own_brightness() {
    let frame = render(&halves(), Pose::default(), Conditions::default(), 0);
    assert_eq!((patch(&frame, 220, 240), patch(&frame, 420, 240)), (20, 220));
}

#[test]
fn a_quarter_turn_goes_clockwise() {
    let pose = Pose { turn: FRAC_PI_2, ..Pose::default() };
    let frame = render(&halves(), pose, Conditions::default(), 0);
    assert_eq!((patch(&frame, 320, 100), patch(&frame, 320, 380)), (20, 220));
}

#[test]
fn the_side_tilted_away_looks_smaller() {
    let pose = Pose { size: 0.5, tilt: [0.8, 0.0], ..Pose::default() };
    let card = Card::picture(Luma::new(&[255; 100], 10, 10, 10).unwrap()).unwrap();
    let frame = render(&card, pose, Conditions::default(), 0);
    let tall = |x: usize| (0..480).filter(|y| frame[y * 640 + x] == 255).count();
    assert!(tall(260) > tall(380) + 20, "{} and {}", tall(260), tall(380));
}

#[test]
fn a_code_held_upright_or_turned_or_tilted_is_read() {
    let card = Card::code("SCENE").unwrap();
    for (turn, tilt) in [(0.0, [0.0, 0.0]), (FRAC_PI_4, [0.0, 0.0]), (0.3, [0.25, -0.25])] {
        let pose = Pose { size: 0.6, turn, tilt, ..Pose::default() };
        let conditions = Conditions { noise: 4.0, defocus: 1.0, ..Conditions::default() };
        assert_eq!(read(&render(&card, pose, conditions, 0)), ["SCENE"], "turn {turn}, tilt {tilt:?}");
    }
}

#[test]
fn conditions_do_what_they_say() {
    let card = halves();
    let plain = render(&card, Pose::default(), Conditions::default(), 0);
    let dim = render(&card, Pose::default(), Conditions { light: 0.5, ..Conditions::default() }, 0);
    assert_eq!(patch(&dim, 420, 240), 110);
    let flat = render(&card, Pose::default(), Conditions { contrast: 0.25, ..Conditions::default() }, 0);
    assert_eq!((patch(&flat, 220, 240), patch(&flat, 420, 240)), (101, 151));
    let side =
        render(&card, Pose::default(), Conditions { gradient: [0.3, 0.0], ..Conditions::default() }, 0);
    assert!(patch(&side, 420, 240) > patch(&plain, 420, 240) + 10);
    let step = |frame: &[u8]| frame[240 * 640..][310..330].windows(2).map(|p| p[0].abs_diff(p[1])).max();
    let soft = render(&card, Pose::default(), Conditions { defocus: 4.0, ..Conditions::default() }, 0);
    assert!(step(&soft).unwrap() < 40 && step(&plain).unwrap() > 90);
}

#[test]
fn noise_has_the_deviation_asked_for() {
    let card = Card::picture(Luma::new(&[128; 100], 10, 10, 10).unwrap()).unwrap();
    let frame = render(&card, Pose::default(), Conditions { noise: 10.0, ..Conditions::default() }, 0);
    let values: Vec<f32> =
        (0..200 * 200).map(|i| f32::from(frame[(100 + i / 200) * 640 + 200 + i % 200])).collect();
    let mean = values.iter().sum::<f32>() / values.len() as f32;
    let deviation = (values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / values.len() as f32).sqrt();
    assert!((mean - 128.0).abs() < 1.0 && (deviation - 10.0).abs() < 0.5, "{mean} ± {deviation}");
}

#[test]
fn frames_differ_by_their_noise_only_and_repeat_exactly() {
    let card = Card::code("A").unwrap();
    let noisy = Conditions { noise: 5.0, ..Conditions::default() };
    let frame = |number| render(&card, Pose::default(), noisy, number);
    assert_eq!(frame(3), frame(3));
    assert_ne!(frame(3), frame(4));
    let still = |number| render(&card, Pose::default(), Conditions::default(), number);
    assert_eq!(still(3), still(4));
}

#[test]
fn a_card_out_of_view_leaves_the_desk() {
    let mut desk = Vec::new();
    Scene::new(640, 480, 7).render(None, Conditions::default(), 0, &mut desk);
    let beside = Pose { offset: [5.0, 0.0], ..Pose::default() };
    assert_eq!(render(&halves(), beside, Conditions::default(), 0), desk);
    assert_eq!(read(&desk), [""; 0]);
}

#[test]
fn no_pose_or_condition_panics() {
    let card = Card::code("A").unwrap();
    for extreme in [0.0, -1e30, 1e30, f32::NAN, f32::INFINITY] {
        let pose = Pose { offset: [extreme; 2], size: extreme, turn: extreme, tilt: [extreme; 2] };
        let conditions = Conditions {
            defocus: extreme,
            noise: extreme,
            contrast: extreme,
            light: extreme,
            gradient: [extreme; 2],
        };
        render(&card, pose, Conditions::default(), 0);
        render(&card, Pose { size: extreme, ..Pose::default() }, Conditions::default(), 0);
        render(&card, Pose { tilt: [extreme; 2], ..Pose::default() }, Conditions::default(), 0);
        render(&card, Pose::default(), conditions, 0);
    }
    assert_eq!(Scene::new(0, 0, 0).width(), 1);
}

#[test]
fn a_card_too_large_or_a_text_too_long_is_refused() {
    assert!(Card::code(&"A".repeat(5000)).is_none());
    let pixels = vec![0; 4097 * 4096];
    assert!(Card::picture(Luma::new(&pixels, 4097, 4096, 4097).unwrap()).is_none());
}

/// `cargo test --release -p camera time_of -- --ignored --nocapture`
#[test]
#[ignore = "measures"]
#[expect(clippy::print_stdout)]
fn time_of_a_frame() {
    let card = Card::code(&"HC1:6BF".repeat(60)).unwrap();
    let scene = Scene::new(1280, 720, 1);
    let pose = Pose { turn: 0.3, tilt: [0.2, 0.2], ..Pose::default() };
    let conditions = Conditions { defocus: 1.0, noise: 3.0, ..Conditions::default() };
    let mut out = Vec::new();
    let mut time = |what: &str, card, conditions| {
        let start = Instant::now();
        (0..100).for_each(|number| scene.render(card, conditions, number, &mut out));
        println!("{:.2} ms per frame of 1280 × 720: {what}", start.elapsed().as_secs_f64() * 10.0);
    };
    time("the desk", None, conditions);
    time("a code in focus", Some((&card, pose)), Conditions { defocus: 0.0, ..conditions });
    time("a code out of focus", Some((&card, pose)), conditions);
}
