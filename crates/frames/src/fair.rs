//! A fair shot: a lit room, a decent camera, a card held still. Every condition starts from it.

use crate::canvas::bounds;
use crate::card::Card;
use crate::cover;
use crate::random::Random;
use crate::scene::{Light, Shadow};
use crate::sensor::Sensor;
use crate::shot::{Lens, Shot};
use crate::view::{Pose, Surface, View};

/// The share of cards that a hand is seen to hold.
const IN_HAND: f32 = 0.35;

/// A shot of a card in the frame's middle.
pub(crate) fn shot(random: &mut Random, size: [usize; 2], card: &Card) -> Shot {
    let [width, height] = size;
    let focal = height as f32 * random.range(1.0, 1.6);
    let view = View::new(width, height, focal, random.range(0.0, 0.03));
    let large = if random.chance(0.15) { 1.5 } else { 1.0 };
    let pose = Pose {
        at: view.middle,
        module: random.range(2.5, 4.3) * large,
        roll: random.either(0.45) + if random.chance(0.2) { random.direction() } else { 0.0 },
        pitch: random.either(0.25),
        yaw: random.either(0.25),
        bend: None,
    };
    Shot {
        pose,
        view,
        light: light(random, size),
        lens: lens(random),
        screen: None,
        glares: Vec::new(),
        covers: if random.chance(IN_HAND) { cover::hand(random, card) } else { Vec::new() },
        sensor: sensor(random),
    }
}

pub(crate) fn lens(random: &mut Random) -> Lens {
    Lens {
        blur: random.range(0.45, 0.8),
        defocus: 0.0,
        behind: 0.0,
        motion: [0.0; 2],
        sag: [0.0; 2],
        vignette: random.range(0.05, 0.25),
        veil: random.range(0.005, 0.03),
    }
}

pub(crate) fn light(random: &mut Random, size: [usize; 2]) -> Light {
    let [width, height] = size.map(|side| side as f32);
    let shadow = random.chance(0.15).then(|| Shadow {
        at: [random.range(0.2, 0.8) * width, random.range(0.2, 0.8) * height],
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

pub(crate) fn sensor(random: &mut Random) -> Sensor {
    Sensor {
        full_well: random.factor(1500.0, 8000.0),
        read_noise: random.range(0.001, 0.003),
        denoise: if random.chance(0.4) { random.range(0.2, 0.6) } else { 0.0 },
        sharpen: if random.chance(0.5) { random.range(0.2, 1.0) } else { 0.0 },
        punch: if random.chance(0.4) { random.range(0.1, 0.4) } else { 0.0 },
        quality: random.chance(0.6).then(|| random.whole(70, 95) as u8),
    }
}

/// Moves the card to somewhere in the frame where its code is seen whole and `edge` pixels away from the frame's
/// edge; further away from the camera if need be.
pub(crate) fn place(random: &mut Random, view: &View, mut pose: Pose, card: &Card, edge: f32) -> Pose {
    let size = view.middle.map(|middle| 2.0 * middle);
    pose.at = view.middle;
    let reach = |pose: &Pose| {
        let surface = Surface::new(view, pose);
        let seen = card.code_corners(2.0).map(|at| view.project(surface.point(at)));
        bounds(&seen, edge)
    };
    // Perspective makes its size not quite proportional to the wish: a few times comes close enough.
    for _ in 0..4 {
        let (from, to) = reach(&pose);
        let fit = (0..2).map(|axis| size[axis] / (to[axis] - from[axis])).fold(f32::MAX, f32::min);
        pose.module *= fit.min(1.0);
    }
    for (at, size) in pose.at.iter_mut().zip(size) {
        *at += random.either(0.25) * size;
    }
    for _ in 0..6 {
        let (from, to) = reach(&pose);
        for axis in 0..2 {
            pose.at[axis] += (-from[axis]).max(0.0) - (to[axis] - size[axis]).max(0.0);
        }
    }
    pose
}
