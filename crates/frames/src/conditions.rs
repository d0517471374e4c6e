//! What makes each condition hard, and how hard.

use crate::backdrop;
use crate::card::{Card, Style};
use crate::random::Random;
use crate::scene::{Light, Shadow};
use crate::sensor::Sensor;
use crate::shot::{Lens, Shot};
use crate::trouble;
use crate::view::{Pose, Surface, View};
use crate::{Condition, Frame};

/// Draws what a condition asks for.
pub(crate) fn render(condition: Condition, index: u32, seed: u64) -> Frame {
    let random = &mut Random::new(&[seed, condition as u64, u64::from(index)]);
    let (shot, card, size) = arrange(condition, random);
    let backdrop = backdrop::draw(size[0], size[1], random);
    shot.take(&card, backdrop, random)
}

/// Everything but the exposure.
fn arrange(condition: Condition, random: &mut Random) -> (Shot, Card, [usize; 2]) {
    let size = if random.chance(0.35) { [1920, 1080] } else { [1280, 720] };
    let mut style = Style::usual(random);
    trouble::choose(condition, random, &mut style);
    let mut card = Card::new(random, style);
    trouble::wear(condition, random, &mut card);
    let mut shot = fair(random, size);
    trouble::hold(condition, random, &mut shot, &card);
    shot.pose = within(random, &shot.view, shot.pose, &card, size);
    trouble::spoil(condition, random, &mut shot, &card);
    (shot, card, size)
}

/// A card held still in fair light.
fn fair(random: &mut Random, [width, height]: [usize; 2]) -> Shot {
    let focal = height as f32 * random.range(1.0, 1.6);
    let view = View::new(width, height, focal, random.range(0.0, 0.03));
    let pose = Pose {
        at: [0.0; 2],
        module: random.range(2.4, 4.2) * if random.chance(0.15) { 1.5 } else { 1.0 },
        roll: random.either(0.45) + if random.chance(0.2) { random.direction() } else { 0.0 },
        pitch: random.either(0.25),
        yaw: random.either(0.25),
        bend: None,
    };
    Shot {
        pose,
        view,
        light: light(random, [width, height]),
        lens: Lens {
            blur: random.range(0.45, 0.8),
            defocus: 0.0,
            motion: [0.0; 2],
            sag: [0.0; 2],
            vignette: random.range(0.05, 0.25),
            veil: random.range(0.005, 0.03),
        },
        screen: None,
        glares: Vec::new(),
        covers: Vec::new(),
        sensor: sensor(random),
    }
}

fn light(random: &mut Random, [width, height]: [usize; 2]) -> Light {
    let shadow = random.chance(0.15).then(|| Shadow {
        at: [random.range(0.2, 0.8) * width as f32, random.range(0.2, 0.8) * height as f32],
        towards: random.direction(),
        width: random.factor(20.0, 300.0),
        depth: random.range(0.2, 0.55),
    });
    Light {
        level: random.range(0.4, 0.9),
        shine: random.range(0.5, 1.05),
        slope: [random.either(0.5), random.either(0.4)],
        haze: random.range(0.0, 0.02),
        shadow,
    }
}

fn sensor(random: &mut Random) -> Sensor {
    Sensor {
        full_well: random.factor(1500.0, 8000.0),
        read_noise: random.range(0.001, 0.003),
        denoise: if random.chance(0.4) { random.range(0.2, 0.6) } else { 0.0 },
        sharpen: if random.chance(0.5) { random.range(0.2, 1.0) } else { 0.0 },
        punch: if random.chance(0.4) { random.range(0.1, 0.4) } else { 0.0 },
        quality: random.chance(0.6).then(|| random.whole(70, 95) as u8),
    }
}

/// Pixels between the code's quiet zone and the frame's edge.
const EDGE: f32 = 6.0;

/// Puts the card somewhere in the frame where its code is seen whole, further away if need be.
fn within(random: &mut Random, view: &View, mut pose: Pose, card: &Card, size: [usize; 2]) -> Pose {
    let size = size.map(|side| side as f32);
    pose.at = view.middle;
    let reach = |pose: &Pose| {
        let surface = Surface::new(view, pose);
        let seen = card.code_corners(2.0).map(|at| view.project(surface.point(at)));
        crate::canvas::bounds(&seen, EDGE)
    };
    // Perspective makes its size not quite proportional: twice comes close enough.
    for _ in 0..3 {
        let (from, to) = reach(&pose);
        let fit = (0..2).map(|axis| size[axis] / (to[axis] - from[axis])).fold(f32::MAX, f32::min);
        pose.module *= fit.min(1.0);
    }
    for (at, size) in pose.at.iter_mut().zip(size) {
        *at += random.either(0.25) * size;
    }
    for _ in 0..4 {
        let (from, to) = reach(&pose);
        for axis in 0..2 {
            pose.at[axis] += (-from[axis]).max(0.0) - (to[axis] - size[axis]).max(0.0);
        }
    }
    pose
}
