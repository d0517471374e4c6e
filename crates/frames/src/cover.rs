//! Fingers, hands and things before or behind the card.

use crate::canvas::Canvas;
use crate::card::Card;
use crate::random::Random;
use crate::scene::Light;
use crate::view::{Surface, View};

/// A rounded bar: a finger, a pen, a clip. Lengths are in modules, places in modules from the code's middle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cover {
    pub(crate) from: [f32; 2],
    pub(crate) to: [f32; 2],
    pub(crate) width: f32,
    /// The share of light it returns.
    pub(crate) shade: f32,
    /// Frame pixels that its edge takes.
    pub(crate) soft: f32,
    /// Behind the card rather than before it.
    pub(crate) behind: bool,
}

impl Cover {
    /// Draws it and adds what it fills of each pixel to `held`.
    pub(crate) fn draw(
        &self,
        canvas: &mut Canvas,
        held: &mut Canvas,
        view: &View,
        surface: &Surface,
        light: &Light,
    ) {
        let (from, to) = self.ends(surface);
        let [from, to] = [from, to].map(|point| view.project(point));
        let width = self.width * view.focal / surface.distance();
        let value = self.shade * light.level;
        // A soft shadow beside it, then the thing, brighter along its ridge.
        let aside = |point: [f32; 2]| [point[0] + width * 0.08, point[1] + width * 0.12];
        for (layer, value) in [(&mut *canvas, value * 0.2), (&mut *held, 1.0)] {
            layer.stroke(aside(from), aside(to), width, width * 0.35, value, 0.35);
        }
        canvas.stroke(from, to, width, self.soft, value * 0.75, 1.0);
        held.stroke(from, to, width, self.soft, 1.0, 1.0);
        canvas.stroke(from, to, width * 0.45, width * 0.5, value * 1.15, 0.9);
    }
}

impl Cover {
    /// Modules from a place on the card to the bar's middle line.
    pub(crate) fn distance(&self, place: [f32; 2]) -> f32 {
        let along = [self.to[0] - self.from[0], self.to[1] - self.from[1]];
        let away = [place[0] - self.from[0], place[1] - self.from[1]];
        let square = along[0] * along[0] + along[1] * along[1];
        let share = ((away[0] * along[0] + away[1] * along[1]) / square.max(1e-6)).clamp(0.0, 1.0);
        (away[0] - share * along[0]).hypot(away[1] - share * along[1])
    }

    /// Both ends in space. It touches the card with one, and goes straight on to the other even where the card
    /// bends; what would come too near the camera is cut off.
    fn ends(&self, surface: &Surface) -> ([f32; 3], [f32; 3]) {
        const NEAREST: f32 = 0.3;
        let to = surface.point(self.to);
        let way = surface.way([self.from[0] - self.to[0], self.from[1] - self.to[1]]);
        let room = (to[2] - NEAREST * surface.distance()).max(0.0);
        let share = if -way[2] > room { room / -way[2] } else { 1.0 };
        (std::array::from_fn(|i| to[i] + way[i] * share), to)
    }
}

/// Modules of plain ground that a hand leaves free around the code.
const FREE: f32 = 2.0;

/// A hand that holds the card at its lower edge or a side and covers nothing of the code.
pub(crate) fn hand(random: &mut Random, card: &Card) -> Vec<Cover> {
    let outline = card.outline();
    let half = card.modules as f32 / 2.0;
    // What points outwards, from the code's middle, and the way to the card's edge.
    let (out, edge) = match random.whole(0, 3) {
        0 => ([1.0, 0.0], outline[2][0]),
        1 => ([-1.0, 0.0], -outline[0][0]),
        _ => ([0.0, 1.0], outline[2][1]),
    };
    let along = random.either(0.8) * half;
    let place = |far: f32, aside: f32| {
        let aside = along + aside;
        [out[0] * far + (1.0 - out[0].abs()) * aside, out[1] * far + (1.0 - out[1].abs()) * aside]
    };
    let width = random.range(18.0, 32.0);
    let tip = (half + FREE).max(edge - width * random.range(0.4, 1.3));
    let shade = random.range(0.12, 0.5);
    let skin = Cover {
        from: place(edge + width * 3.0, random.either(width)),
        // Its round end looks the longer on the card the more the card is tilted.
        to: place(tip + width * 0.8, 0.0),
        width,
        shade,
        soft: random.range(1.0, 3.0),
        behind: false,
    };
    let arm = Cover {
        from: place(edge + width * 40.0, random.either(width * 20.0)),
        to: place(edge + width * 0.5, random.either(width)),
        width: width * random.range(2.5, 4.0),
        shade: if random.chance(0.5) { shade * 0.8 } else { random.factor(0.02, 0.5) },
        behind: true,
        ..skin
    };
    vec![arm, skin]
}
