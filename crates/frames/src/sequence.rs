//! A certificate is brought before the camera: thirty frames a second, from an empty view to a code held close.

use std::f32::consts::TAU;

use crate::canvas::{Canvas, bounds, smooth};
use crate::card::{Card, Style};
use crate::random::Random;
use crate::shot::Shot;
use crate::view::{Pose, Surface};
use crate::{Frame, backdrop, cover, fair};

const WIDTH: usize = 1280;
const HEIGHT: usize = 720;

/// Seconds from frame to frame.
const STEP: f32 = 1.0 / 30.0;

/// Pixels that the held code stays away from the frame's edge, so that a trembling hand does not push it out.
const EDGE: f32 = 45.0;

/// The mean luma that the camera's automatic exposure aims at.
const EXPOSED: f32 = 105.0;

/// An iterator over the frames of one approach, 90 to 120 of 1280 × 720 at 30 a second. A frame's text, version and
/// corners are set where the whole code is within it.
#[derive(Clone, Debug)]
pub struct Sequence {
    random: Random,
    card: Card,
    backdrop: Canvas,
    /// How the shot is when all has settled.
    held: Shot,
    hand: Hand,
    focus: Focus,
    exposure: f32,
    number: usize,
    count: usize,
}

/// How the card moves.
#[derive(Clone, Debug)]
struct Hand {
    /// Where it comes from: out of view, further away, turned.
    start: Pose,
    /// Seconds until it sets out, and on its way.
    wait: f32,
    way: f32,
    /// Seconds that the shutter is open.
    shutter: f32,
    /// Waves: hertz, phase, and how far (in pixels) across and down.
    tremor: [[f32; 4]; 6],
    /// Radians a second.
    drift: [f32; 3],
}

/// Where the lens is focused, as the size of a module (in pixels) there: what is twice as near is twice as large.
#[derive(Clone, Copy, Debug)]
struct Focus {
    at: f32,
    /// Where what is behind the card is.
    far: f32,
    speed: f32,
    /// Pixels of blur where something is twice as near as what is in focus.
    depth: f32,
    /// Radians a second and damping of the motor's swing; a stiffness of 0 is a lens that does not move.
    stiffness: f32,
    damping: f32,
    /// Seconds until it notices the card.
    delay: f32,
}

impl Sequence {
    pub(crate) fn new(index: u32, seed: u64) -> Self {
        let mut random = Random::new(&[seed, 0x5e9, u64::from(index)]);
        let style = Style::usual(&mut random);
        let card = Card::new(&mut random, style);
        let mut held = fair::shot(&mut random, [WIDTH, HEIGHT], &card);
        if held.covers.is_empty() {
            held.covers = cover::hand(&mut random, &card);
        }
        held.pose.module = random.range(2.4, 4.6);
        held.pose = fair::place(&mut random, &held.view, held.pose, &card, EDGE);
        let hand = Hand::new(&mut random, &held, &card);
        let focus = Focus::new(&mut random, held.pose.module);
        let backdrop = backdrop::draw(WIDTH, HEIGHT, &mut random);
        let count = random.whole(90, 120);
        Self { card, backdrop, held, hand, focus, exposure: 1.0, number: 0, count, random }
    }

    /// What the code says that is brought into view.
    pub fn text(&self) -> &str {
        &self.card.text
    }

    /// The shot of this moment.
    fn shot(&mut self, time: f32) -> Shot {
        let mut shot = self.held.clone();
        let half = self.hand.shutter / 2.0;
        let [before, pose, after] =
            [time - half, time, time + half].map(|time| self.hand.pose(time, &self.held.pose));
        shot.pose = pose;
        shot.lens.motion = [after.at[0] - before.at[0], after.at[1] - before.at[1]];
        self.focus.follow(time - self.hand.wait, pose.module);
        shot.lens.defocus = self.focus.blur(pose.module);
        shot.lens.behind = self.focus.blur(self.focus.far);
        shot.light.level *= self.exposure;
        shot.light.shine *= self.exposure;
        shot.light.haze *= self.exposure;
        shot
    }

    /// The camera brightens or darkens by a part of what it is off by.
    fn settle(&mut self, luma: &[u8]) {
        let mean = luma.iter().map(|&value| u64::from(value)).sum::<u64>() as f32 / luma.len() as f32;
        let wish = (EXPOSED / mean.max(1.0)).powf(0.18);
        self.exposure = (self.exposure * wish).clamp(0.25, 2.5);
    }
}

impl Iterator for Sequence {
    type Item = Frame;

    fn next(&mut self) -> Option<Frame> {
        if self.number == self.count {
            return None;
        }
        let shot = self.shot(self.number as f32 * STEP);
        let mut random = Random::new(&[self.random.number()]);
        let mut frame = shot.take(&self.card, self.backdrop.clone(), &mut random);
        self.settle(&frame.luma);
        self.number += 1;
        let size = [WIDTH as f32, HEIGHT as f32];
        let inside = |corner: &[f32; 2]| corner.iter().zip(size).all(|(at, size)| (0.0..=size).contains(at));
        if !frame.corners.iter().all(inside) {
            frame = Frame { text: String::new(), version: 0, corners: [[0.0; 2]; 4], ..frame };
        }
        Some(frame)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.count - self.number, Some(self.count - self.number))
    }
}

impl ExactSizeIterator for Sequence {}

impl Hand {
    fn new(random: &mut Random, held: &Shot, card: &Card) -> Self {
        let mut start = held.pose;
        start.module *= random.range(0.4, 0.85);
        start.roll += random.either(0.7);
        start.pitch += random.either(0.5);
        start.yaw += random.either(0.5);
        // Hands come from below or from a side.
        let towards = random.range(-0.3, 0.3) + random.pick(&[0.0, 0.25, 0.25, 0.5]) * TAU;
        let (sin, cos) = towards.sin_cos();
        while in_view(held, &start, card) {
            start.at = [start.at[0] + cos * 40.0, start.at[1] + sin * 40.0];
        }
        let wave = |random: &mut Random, hertz: [f32; 2], far: f32| {
            [random.range(hertz[0], hertz[1]), random.direction(), random.either(far), random.either(far)]
        };
        let bands = [([0.2, 0.7], 14.0), ([0.7, 1.6], 7.0), ([1.5, 3.0], 3.0)];
        let fine = [([3.0, 5.0], 1.2), ([7.0, 10.0], 0.6), ([9.0, 12.0], 0.4)];
        let bands = [bands, fine].concat();
        Self {
            start,
            wait: random.range(0.2, 0.6),
            way: random.range(0.9, 1.9),
            shutter: random.pick(&[1.0 / 125.0, 1.0 / 60.0, 1.0 / 60.0, 1.0 / 40.0, 1.0 / 32.0]),
            tremor: std::array::from_fn(|i| wave(random, bands[i].0, bands[i].1)),
            drift: [random.either(0.06), random.either(0.05), random.either(0.05)],
        }
    }

    fn pose(&self, time: f32, end: &Pose) -> Pose {
        let share = smooth(((time - self.wait) / self.way).clamp(0.0, 1.0));
        let mix = |from: f32, to: f32| from + (to - from) * share;
        let mut at = [mix(self.start.at[0], end.at[0]), mix(self.start.at[1], end.at[1])];
        for [hertz, phase, across, down] in self.tremor {
            let swing = (TAU * hertz * time + phase).sin() * share;
            at = [at[0] + across * swing, at[1] + down * swing];
        }
        let breath = 1.0 + 0.012 * (TAU * self.tremor[0][0] * time).sin();
        // Drift counts from the end of the way, and a hand drifts back again.
        let held = ((time - self.wait - self.way).max(0.0) * 1.5).sin();
        Pose {
            at,
            module: mix(self.start.module, end.module) * breath,
            roll: mix(self.start.roll, end.roll) + self.drift[0] * held,
            pitch: mix(self.start.pitch, end.pitch) + self.drift[1] * held,
            yaw: mix(self.start.yaw, end.yaw) + self.drift[2] * held,
            bend: end.bend,
        }
    }
}

/// Whether any of the card can be seen.
fn in_view(held: &Shot, pose: &Pose, card: &Card) -> bool {
    let surface = Surface::new(&held.view, pose);
    let seen = card.outline().map(|at| held.view.project(surface.point(at)));
    let (from, to) = bounds(&seen, 20.0);
    from[0] < WIDTH as f32 && to[0] > 0.0 && from[1] < HEIGHT as f32 && to[1] > 0.0
}

impl Focus {
    fn new(random: &mut Random, module: f32) -> Self {
        let fixed = random.chance(0.35);
        let far = module * random.range(0.3, 0.5);
        Self {
            // A lens that does not move is made for about the distance that cards are held at.
            at: module * if fixed { random.range(0.75, 1.1) } else { far / module },
            far,
            speed: 0.0,
            depth: random.range(2.0, 5.0),
            stiffness: if fixed { 0.0 } else { random.range(5.0, 12.0) },
            damping: random.range(0.25, 0.7),
            delay: random.range(0.3, 0.8),
        }
    }

    /// Moves the lens for one frame towards a card.
    fn follow(&mut self, since: f32, module: f32) {
        // Small steps: a swing of 2 Hz would not survive steps of a frame.
        const PARTS: usize = 8;
        if since < self.delay {
            return;
        }
        let step = STEP / PARTS as f32;
        for _ in 0..PARTS {
            let pull = self.stiffness * self.stiffness * (module - self.at);
            let drag = 2.0 * self.damping * self.stiffness * self.speed;
            self.speed += (pull - drag) * step;
            self.at += self.speed * step;
        }
    }

    /// The radius of the disc that a point becomes at a distance.
    fn blur(&self, module: f32) -> f32 {
        (self.depth * (module / self.at.max(self.far * 0.5) - 1.0).abs()).min(self.depth * 1.5)
    }
}
