use std::collections::HashMap;

use qr::{Luma, Scanner};

use super::*;

/// Long enough for the dense codes that certificates are.
fn text(start: &str) -> String {
    let mut random = crate::scene::random(start.len() as u64);
    let alphabet = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let tail = (0..420).map(|_| char::from(alphabet[(random.number() % 45) as usize]));
    start.chars().chain(tail).collect()
}

fn demo(seed: u64) -> Demo {
    let cards = ["HC1:A", "HC1:BB"].map(|start| Card::code(&text(start)).unwrap());
    Demo::new(cards.into(), 1280, 720, 15, seed)
}

/// How often each text is read in every third of the frames.
fn reads(demo: &Demo, numbers: std::ops::Range<u64>) -> HashMap<String, usize> {
    let (mut scanner, mut luma, mut reads) = (Scanner::new(), Vec::new(), HashMap::new());
    let (width, height) = demo.size();
    for number in numbers.step_by(3) {
        demo.render(number, &mut luma);
        for symbol in scanner.scan(Luma::new(&luma, width, height, width).unwrap(), || false) {
            *reads.entry(symbol.text.unwrap()).or_default() += 1;
        }
    }
    reads
}

#[test]
fn every_card_is_read_in_its_turn_whatever_the_seed() {
    for seed in 0..3 {
        let demo = demo(seed);
        let turn = demo.frames_per_turn();
        for (card, start) in [(0, "HC1:A"), (1, "HC1:BB")] {
            let reads = reads(&demo, card * turn..(card + 1) * turn);
            assert_eq!(reads.keys().collect::<Vec<_>>(), [&text(start)], "seed {seed}");
            assert!(reads[&text(start)] >= 6, "seed {seed}: {} frames read", reads[&text(start)]);
        }
    }
}

#[test]
fn the_chosen_card_is_shown_from_its_first_frame_on_and_through_every_clone() {
    let demo = demo(1);
    let kept = demo.clone();
    kept.show(Some(1));
    assert_eq!(reads(&demo, 0..60).into_keys().collect::<Vec<_>>(), [text("HC1:BB")]);
    kept.show(Some(2));
    assert!(reads(&demo, 0..60).is_empty());
}

#[test]
fn the_same_seed_plays_the_same_pictures() {
    let frame = |seed, number| {
        let mut luma = Vec::new();
        demo(seed).render(number, &mut luma);
        luma
    };
    assert_eq!(frame(1, 20), frame(1, 20));
    assert_ne!(frame(1, 20), frame(2, 20));
    assert_ne!(frame(1, 20), frame(1, 21));
}

#[test]
fn a_demo_without_cards_shows_the_desk() {
    let empty = Demo::new(Vec::new(), 64, 48, 15, 0);
    let mut luma = Vec::new();
    empty.render(0, &mut luma);
    assert_eq!((luma.len(), empty.len(), empty.is_empty()), (64 * 48, 0, true));
}
