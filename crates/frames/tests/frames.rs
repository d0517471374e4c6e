//! What every user of the frames relies on.

use frames::{Condition, Frame};

/// The mean luma of a code's own area at a place given in shares of its sides.
fn place(frame: &Frame, across: f32, down: f32) -> [f32; 2] {
    let [a, b, c, d] = frame.corners;
    let mix = |from: [f32; 2], to: [f32; 2], at: f32| -> [f32; 2] {
        std::array::from_fn(|axis| from[axis] + (to[axis] - from[axis]) * at)
    };
    mix(mix(a, b, across), mix(d, c, across), down)
}

fn luma(frame: &Frame, at: [f32; 2]) -> u8 {
    let [x, y] = at.map(|at| at.max(0.0) as usize);
    frame.luma[y.min(frame.height - 1) * frame.width + x.min(frame.width - 1)]
}

fn modules(frame: &Frame) -> f32 {
    f32::from(frame.version) * 4.0 + 17.0
}

#[test]
fn every_condition_draws_whole_codes_inside_the_frame_for_every_seed() {
    for condition in Condition::ALL {
        for index in 0..6 {
            let frame = frames::render(condition, index, 1000 + u64::from(index));
            let name = condition.name();
            assert!([(1280, 720), (1920, 1080)].contains(&(frame.width, frame.height)), "{name}");
            assert_eq!(frame.luma.len(), frame.width * frame.height, "{name}");
            assert!((10..=25).contains(&frame.version), "{name}");
            assert!(frame.text.starts_with("HC1:") && frame.text.len() > 100, "{name}");
            for [x, y] in frame.corners {
                let (width, height) = (frame.width as f32, frame.height as f32);
                assert!((0.0..=width).contains(&x) && (0.0..=height).contains(&y), "{name} {index}: {x} {y}");
            }
        }
    }
}

#[test]
fn the_same_seed_draws_the_same_and_another_draws_otherwise() {
    for condition in [Condition::Mild, Condition::Dirty, Condition::Moire] {
        assert_eq!(frames::render(condition, 3, 9), frames::render(condition, 3, 9));
        assert_ne!(frames::render(condition, 3, 9).text, frames::render(condition, 3, 10).text);
        assert_ne!(frames::render(condition, 3, 9).text, frames::render(condition, 4, 9).text);
    }
    assert_eq!(frames::idle(480, 1, 2), frames::idle(480, 1, 2));
    let mut pairs = frames::sequence(1, 2).zip(frames::sequence(1, 2)).take(5);
    assert!(pairs.all(|(a, b)| a == b));
}

#[test]
fn three_corners_are_finders_and_the_fourth_is_not() {
    for index in 0..10 {
        let frame = frames::render(Condition::Mild, index, 4);
        let modules = modules(&frame);
        // A finder's dark middle, the light ring around it, and the dark ring around that.
        let finder = |across: bool, down: bool| {
            [3.5, 1.5, 0.5].map(|from| {
                let side = |far: bool| if far { 1.0 - from / modules } else { from / modules };
                luma(&frame, place(&frame, side(across), side(down)))
            })
        };
        for (across, down) in [(false, false), (true, false), (false, true)] {
            let [middle, light, dark] = finder(across, down);
            let least = middle.max(dark).saturating_add(20);
            assert!(light > least, "frame {index}, corner {across} {down}: {middle} {light} {dark}");
        }
    }
}

#[test]
fn the_quiet_zone_is_light_all_around() {
    for index in 0..10 {
        let frame = frames::render(Condition::Mild, index, 6);
        let outside = 1.0 / modules(&frame);
        let finder = luma(&frame, place(&frame, 3.5 * outside, 3.5 * outside));
        for step in 0..=20 {
            let along = step as f32 / 20.0;
            for (across, down) in
                [(along, -outside), (along, 1.0 + outside), (-outside, along), (1.0 + outside, along)]
            {
                let level = luma(&frame, place(&frame, across, down));
                assert!(level > finder, "frame {index} at {across} {down}: {level}, finder {finder}");
            }
        }
    }
}

#[test]
fn idle_frames_have_the_height_asked_for_and_no_code() {
    for (height, width) in [(480, 640), (720, 1280), (1080, 1920)] {
        for index in 0..12 {
            let frame = frames::idle(height, index, 3);
            assert_eq!((frame.width, frame.height, frame.luma.len()), (width, height, width * height));
            assert!(frame.text.is_empty() && frame.version == 0);
            let (low, high) = (frame.luma.iter().min(), frame.luma.iter().max());
            assert!(low < high, "{index} is blank");
        }
    }
}

#[test]
fn a_sequence_starts_without_a_code_and_ends_with_one() {
    for index in 0..2 {
        let sequence = frames::sequence(index, 8);
        let (count, text) = (sequence.len(), sequence.text().to_owned());
        assert!((90..=120).contains(&count));
        let frames: Vec<Frame> = sequence.step_by(3).collect();
        assert!(frames[0].text.is_empty() && frames[0].version == 0);
        let held = &frames[frames.len() - 6..];
        assert!(held.iter().all(|frame| frame.text == text && frame.width == 1280), "sequence {index}");
        // Once in view, it is somewhere else in every frame: the hand trembles.
        let corners: Vec<_> = held.iter().map(|frame| frame.corners).collect();
        assert!(corners.windows(2).all(|pair| pair[0] != pair[1]));
    }
}

#[test]
fn names_are_distinct() {
    let names: std::collections::HashSet<_> = Condition::ALL.map(Condition::name).into_iter().collect();
    assert_eq!(names.len(), Condition::ALL.len());
}
