//! A camera without hardware: shows cards as a hand would hold them before it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::capture::{Cameras, Device, Fault, Shot, Stream};
use crate::scene::{Card, Conditions, Pose, Scene};
use crate::{Picture, Running};

/// The demo camera. Its clones share what [`Demo::show`] chooses, so one can be kept while a feed plays another.
#[derive(Clone, Debug)]
pub struct Demo {
    cards: Arc<[Card]>,
    scene: Arc<Scene>,
    fps: u32,
    seed: u64,
    /// Number of the chosen card plus one; 0 for all in turn.
    chosen: Arc<AtomicUsize>,
}

/// How long a card is shown: it comes in, is held, and goes away.
const TURN: Duration = Duration::from_millis(4000);

/// Shares of a card's turn that it takes to come in and to go away.
const COMING: f32 = 0.15;
const GOING: f32 = 0.15;

impl Demo {
    /// A camera of `width × height` pixels (brought into `1..=`[`MAX_SIDE`](crate::MAX_SIDE)) and `fps` pictures
    /// per second (into `1..=60`); without cards it shows an empty desk. The same `seed` plays the same pictures.
    pub fn new(cards: Vec<Card>, width: usize, height: usize, fps: u32, seed: u64) -> Self {
        Self {
            cards: cards.into(),
            scene: Arc::new(Scene::new(width, height, seed)),
            fps: fps.clamp(1, 60),
            seed,
            chosen: Arc::default(),
        }
    }

    /// Shows one card again and again, or all in turn for `None`. A number without a card shows the empty desk.
    pub fn show(&self, card: Option<usize>) {
        self.chosen.store(card.map_or(0, |card| card.saturating_add(1)), Ordering::Relaxed);
    }

    /// How many cards there are.
    pub fn len(&self) -> usize {
        self.cards.len()
    }

    /// Whether there are no cards.
    pub fn is_empty(&self) -> bool {
        self.cards.is_empty()
    }

    /// Luma of frame `number`, counted from the moment of the choice made last, into `out`: what the camera shows then.
    pub fn render(&self, number: u64, out: &mut Vec<u8>) {
        let per_turn = self.frames_per_turn();
        let turn = number / per_turn;
        let moment = (number % per_turn) as f32 / per_turn as f32;
        let card = match self.chosen.load(Ordering::Relaxed) {
            0 => self.cards.get((turn % self.cards.len().max(1) as u64) as usize),
            chosen => self.cards.get(chosen - 1),
        };
        let hand = Hand::of(self.seed ^ turn);
        let view = card.map(|card| (card, hand.pose(moment)));
        self.scene.render(view, hand.conditions(moment), number, out);
    }

    /// Width and height of its pictures in pixels.
    pub fn size(&self) -> (usize, usize) {
        (self.scene.width(), self.scene.height())
    }

    /// Frames from one card's coming to the next one's.
    pub fn frames_per_turn(&self) -> u64 {
        (TURN.as_millis() as u64 * u64::from(self.fps) / 1000).max(1)
    }
}

/// How one turn's hand holds its card; each turn a little differently.
struct Hand {
    /// Half a turn's walk through these angles, in radians.
    turn: f32,
    tilt: [f32; 2],
    /// Where from, as a direction.
    side: f32,
    size: f32,
    light: f32,
    gradient: [f32; 2],
}

impl Hand {
    fn of(seed: u64) -> Self {
        let mut random = crate::scene::random(seed);
        let mut within = |reach: f32| (random.share() * 2.0 - 1.0) * reach;
        Self {
            turn: within(0.35),
            tilt: [within(0.3), within(0.3)],
            side: within(std::f32::consts::PI),
            size: 0.88 + within(0.05),
            light: 0.95 + within(0.15),
            gradient: [within(0.2), within(0.15)],
        }
    }

    /// The angles swing through zero while the card is held, as a hand's do that looks for the right way.
    fn pose(&self, moment: f32) -> Pose {
        let swing = ((moment - 0.5) * 2.0).clamp(-1.0, 1.0);
        let away = smooth((1.0 - moment / COMING).max(0.0)) + smooth((1.0 - (1.0 - moment) / GOING).max(0.0));
        Pose {
            offset: [self.side.cos() * away * 1.6, self.side.sin() * away * 1.3],
            size: self.size * (1.0 - 0.25 * swing.abs()),
            turn: self.turn * swing,
            tilt: self.tilt.map(|tilt| tilt * swing),
        }
    }

    /// The lens needs a moment to focus on what came in.
    fn conditions(&self, moment: f32) -> Conditions {
        Conditions {
            defocus: 2.0 * (1.0 - moment / 0.35).max(0.0),
            noise: 3.0,
            contrast: 0.9,
            light: self.light * (1.0 + 0.08 * (moment * 9.0).sin()),
            gradient: self.gradient,
        }
    }
}

fn smooth(share: f32) -> f32 {
    share * share * (3.0 - 2.0 * share)
}

/// Frames of a [`Demo`] at its own pace.
pub(crate) struct Player {
    demo: Demo,
    chosen: usize,
    number: u64,
    due: Instant,
}

impl Cameras for Demo {
    type Stream = Player;

    fn devices(&mut self) -> Vec<Device> {
        let text = |text: &str| text.to_owned();
        vec![Device { id: text("demo"), name: text("Demo camera"), path: text("demo") }]
    }

    fn open(&mut self, device: &Device) -> Result<(Player, Running), Fault> {
        let (width, height) = self.size();
        let running = Running {
            device: device.name.clone(),
            path: device.path.clone(),
            width: width as u32,
            height: height as u32,
            fps: self.fps as f32,
            format: "demo".to_owned(),
        };
        let chosen = self.chosen.load(Ordering::Relaxed);
        Ok((Player { demo: self.clone(), chosen, number: 0, due: Instant::now() }, running))
    }
}

impl Stream for Player {
    fn next(&mut self, wait: Duration) -> Result<Option<Shot>, Fault> {
        let early = self.due.saturating_duration_since(Instant::now());
        std::thread::sleep(early.min(wait));
        if early > wait {
            return Ok(None);
        }
        let chosen = self.demo.chosen.load(Ordering::Relaxed);
        if chosen != self.chosen {
            (self.chosen, self.number) = (chosen, 0);
        }
        let mut luma = Vec::new();
        self.demo.render(self.number, &mut luma);
        self.number += 1;
        // A slow machine shows fewer pictures, not the same ones later and later.
        self.due = (self.due + Duration::from_secs(1) / self.demo.fps).max(Instant::now() - wait);
        let (width, height) = self.demo.size();
        Ok(Some(Shot { width: width as u32, height: height as u32, picture: Picture::Luma(luma) }))
    }
}

#[cfg(test)]
mod tests;
