//! One exposure: everything that decides what a frame looks like, and the frame.

use crate::Frame;
use crate::canvas::Canvas;
use crate::card::Card;
use crate::cover::Cover;
use crate::glare::Glare;
use crate::optics;
use crate::random::Random;
use crate::scene::{self, Light};
use crate::screen::Screen;
use crate::sensor::Sensor;
use crate::view::{Pose, Surface, View};

/// What the lens does, in frame pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lens {
    /// Deviation of the blur that every lens and sensor have.
    pub(crate) blur: f32,
    /// Radius of the disc that a point out of focus becomes.
    pub(crate) defocus: f32,
    /// What the picture moves by while the shutter is open, and how far its path sags.
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
        self.light_up(&mut canvas);
        let covers = |canvas: &mut Canvas, behind: bool| {
            let these = self.covers.iter().filter(|cover| cover.behind == behind);
            these.for_each(|cover| cover.draw(canvas, &self.view, &surface, &self.light));
        };
        covers(&mut canvas, true);
        let mask = scene::place(&mut canvas, &self.view, &surface, card, &self.light, self.screen.as_ref());
        self.glares.iter().for_each(|glare| glare.add(&mut canvas, &mask));
        covers(&mut canvas, false);
        self.blur(&mut canvas);
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

    fn blur(&self, canvas: &mut Canvas) {
        let lens = &self.lens;
        optics::disc(canvas, lens.defocus);
        optics::motion(canvas, lens.motion, lens.sag);
        optics::gaussian(canvas, lens.blur);
        optics::vignette(canvas, lens.vignette, lens.veil);
    }
}
