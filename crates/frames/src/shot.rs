//! One exposure: everything that decides what a frame looks like, and the frame.

use crate::Frame;
use crate::canvas::Canvas;
use crate::card::Card;
use crate::cover::Cover;
use crate::glare::Glare;
use crate::optics;
use crate::random::Random;
use crate::scene::{Light, Scene};
use crate::screen::Screen;
use crate::sensor::Sensor;
use crate::view::{Pose, Surface, View};

/// What the lens does, in frame pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lens {
    /// Deviation of the blur that every lens and sensor have.
    pub(crate) blur: f32,
    /// Radius of the disc that a point of the card becomes that is out of focus, and one of what is behind it.
    pub(crate) defocus: f32,
    pub(crate) behind: f32,
    /// What the card moves by while the shutter is open, and how far its path sags.
    pub(crate) motion: [f32; 2],
    pub(crate) sag: [f32; 2],
    /// The share of light lost in the frame's corners.
    pub(crate) vignette: f32,
    /// The share of all light scattered within the lens.
    pub(crate) veil: f32,
}

/// A card held before a camera in some light.
#[derive(Clone, Debug)]
pub(crate) struct Shot {
    pub(crate) view: View,
    pub(crate) pose: Pose,
    pub(crate) light: Light,
    pub(crate) lens: Lens,
    pub(crate) screen: Option<Screen>,
    pub(crate) glares: Vec<Glare>,
    pub(crate) covers: Vec<Cover>,
    pub(crate) sensor: Sensor,
}

impl Shot {
    /// The frame, before a backdrop of the frame's size that tells what white would return as 1.
    pub(crate) fn take(&self, card: &Card, mut canvas: Canvas, random: &mut Random) -> Frame {
        let (width, height) = (canvas.width, canvas.height);
        let surface = Surface::new(&self.view, &self.pose);
        optics::disc(&mut canvas, self.lens.behind);
        self.light_up(&mut canvas);
        self.hold_up(card, &surface, &mut canvas);
        optics::gaussian(&mut canvas, self.lens.blur);
        optics::vignette(&mut canvas, self.lens.vignette, self.lens.veil);
        Frame {
            width,
            height,
            luma: self.sensor.expose(canvas, random),
            text: card.text.clone(),
            version: card.version,
            corners: card.code_corners(0.0).map(|at| self.view.project(surface.point(at))),
        }
    }

    fn light_up(&self, canvas: &mut Canvas) {
        let size = [canvas.width as f32, canvas.height as f32];
        for y in 0..canvas.height {
            for (x, value) in canvas.row_mut(y).iter_mut().enumerate() {
                *value *= self.light.level * self.light.at(size, x as f32 + 0.5, y as f32 + 0.5);
            }
        }
    }

    /// Draws the card and the hand that holds it, blurred as one before the backdrop.
    fn hold_up(&self, card: &Card, surface: &Surface, canvas: &mut Canvas) {
        let blurred = self.lens.defocus > 0.0 || self.lens.motion != [0.0; 2];
        let backdrop = blurred.then(|| canvas.clone());
        let mut held = Canvas::new(canvas.width, canvas.height, 0.0);
        let covers = |canvas: &mut Canvas, held: &mut Canvas, behind: bool| {
            for cover in self.covers.iter().filter(|cover| cover.behind == behind) {
                cover.draw(canvas, held, &self.view, surface, &self.light);
            }
        };
        covers(canvas, &mut held, true);
        let scene = Scene { view: &self.view, surface, card, light: &self.light };
        let mask = scene.draw(canvas);
        if let Some(screen) = &self.screen {
            scene.beat(canvas, screen);
        }
        self.glares.iter().for_each(|glare| glare.add(canvas, &mask));
        for (held, card) in held.values.iter_mut().zip(&mask.values) {
            *held += (1.0 - *held) * card;
        }
        covers(canvas, &mut held, false);
        if let Some(backdrop) = backdrop {
            self.blur(canvas, &held, &backdrop);
        }
    }

    /// Blurs what `held` says is part of the card and its hand.
    fn blur(&self, canvas: &mut Canvas, held: &Canvas, backdrop: &Canvas) {
        let lens = &self.lens;
        let reach = lens.defocus + lens.motion[0].hypot(lens.motion[1]) * 1.5 + 2.0;
        let Some(area) = held.extent(reach.ceil() as usize) else { return };
        let (mut light, mut share, behind) = (canvas.part(area), held.part(area), backdrop.part(area));
        for ((light, share), behind) in light.values.iter_mut().zip(&share.values).zip(&behind.values) {
            *light -= behind * (1.0 - share);
        }
        for layer in [&mut light, &mut share] {
            optics::disc(layer, lens.defocus);
            optics::motion(layer, lens.motion, lens.sag);
        }
        for ((light, share), behind) in light.values.iter_mut().zip(&share.values).zip(&behind.values) {
            *light += behind * (1.0 - share);
        }
        canvas.put(&light, area);
    }
}
