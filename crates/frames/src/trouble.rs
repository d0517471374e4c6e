//! What each condition adds to a fair shot. The ranges are set so that free decoders read about the share of these
//! frames that they read of measured ones.

use crate::Condition;
use crate::card::{Card, Kind, Style};
use crate::cover::Cover;
use crate::dirt;
use crate::glare::Glare;
use crate::random::Random;
use crate::screen::Screen;
use crate::sensor::linear;
use crate::shot::Shot;
use crate::view::{Bend, Surface};

/// Light on a low-contrast card, so that its levels are those asked for.
const EVEN_LEVEL: f32 = 0.8;

/// What the card is made of.
pub(crate) fn choose(condition: Condition, random: &mut Random, style: &mut Style) {
    match condition {
        Condition::Moire => style.kind = Kind::Phone,
        Condition::Inverted => {
            style.inverted = true;
            style.ink = random.range(0.005, 0.05);
        }
        Condition::LowContrast => {
            let light = random.range(80.0, 215.0);
            let dark = light - random.range(15.0, 40.0);
            (style.paper, style.ink) = (linear(light) / EVEN_LEVEL, linear(dark) / EVEN_LEVEL);
        }
        Condition::Dirty | Condition::Covered | Condition::Curved if style.kind == Kind::Phone => {
            style.kind = random.pick(&[Kind::Sheet, Kind::Label]);
        }
        _ => {}
    }
}

/// What happened to the card before it is held up.
pub(crate) fn wear(condition: Condition, random: &mut Random, card: &mut Card) {
    match condition {
        Condition::Dirty => dirt::soil(card, random, 1.0),
        Condition::Curved | Condition::Covered if random.chance(0.3) => dirt::soil(card, random, 0.15),
        _ => {}
    }
}

/// How the card is held, before it is moved to where it is seen.
pub(crate) fn hold(condition: Condition, random: &mut Random, shot: &mut Shot, card: &Card) {
    let pose = &mut shot.pose;
    match condition {
        Condition::Perspective => {
            let (tilt, towards) = (random.range(0.3, 0.75), random.direction());
            (pose.pitch, pose.yaw) = (tilt * towards.sin(), tilt * towards.cos());
            pose.module = random.range(3.0, 5.0);
        }
        // Light modules grow by blur and glow: with those of 2.4 pixels, some frames would be of the small kind.
        Condition::Inverted => pose.module = random.range(2.8, 4.6),
        Condition::SmallModules => {
            pose.module = 2.0;
            (pose.pitch, pose.yaw) = (random.either(0.08), random.either(0.08));
        }
        Condition::Curved => {
            let tight = random.factor(0.9, 4.0);
            let hollow = if random.chance(0.25) { -1.0 } else { 1.0 };
            let along = random.pick(&[0.0, 0.0, 1.57]) + random.either(0.25);
            pose.bend = Some(Bend { along, radius: card.modules as f32 * tight * hollow });
            pose.module = random.range(2.8, 4.6);
            shot.view.barrel = random.range(0.02, 0.12);
        }
        _ => {}
    }
}

/// What spoils the shot of a card that is in its place.
pub(crate) fn spoil(condition: Condition, random: &mut Random, shot: &mut Shot, card: &Card) {
    match condition {
        Condition::Defocus => shot.lens.defocus = shot.pose.module * random.range(0.44, 0.8),
        Condition::Motion => move_it(random, shot),
        Condition::LowLight => darken(random, shot),
        Condition::LowContrast => {
            shot.light.level = EVEN_LEVEL;
            shot.light.shine = EVEN_LEVEL;
            shot.light.slope = shot.light.slope.map(|slope| slope * 0.3);
            shot.light.shadow = None;
            shot.light.haze = 0.0;
            shot.lens.veil = 0.0;
            shot.sensor.punch = 0.0;
            shot.sensor.full_well = random.factor(300.0, 1500.0);
        }
        Condition::Glare => reflect(random, shot, card),
        Condition::Moire => show_on_screen(random, shot),
        Condition::Covered => cover(random, shot, card),
        Condition::SmallModules => shot.lens.blur = random.range(0.35, 0.5),
        _ => {}
    }
}

fn move_it(random: &mut Random, shot: &mut Shot) {
    let length = shot.pose.module * random.range(0.2, 0.75);
    let (sin, cos) = random.direction().sin_cos();
    shot.lens.motion = [cos * length, sin * length];
    let sag = random.either(0.15);
    shot.lens.sag = [-sin * length * sag, cos * length * sag];
}

fn darken(random: &mut Random, shot: &mut Shot) {
    shot.light.level = random.factor(0.05, 0.22);
    shot.light.shine = random.factor(0.05, 0.22);
    shot.sensor.full_well = random.factor(250.0, 2000.0);
    shot.sensor.read_noise = random.range(0.002, 0.008);
    shot.sensor.denoise = if random.chance(0.5) { random.range(0.3, 0.9) } else { 0.0 };
}

fn reflect(random: &mut Random, shot: &mut Shot, card: &Card) {
    let surface = Surface::new(&shot.view, &shot.pose);
    let side = card.modules as f32;
    for _ in 0..random.pick(&[1, 1, 2, 2, 3]) {
        let place = [0, 1].map(|_| random.either(0.55) * side);
        let at = shot.view.project(surface.point(place));
        let radius = side * shot.pose.module * random.factor(0.03, 0.085);
        let long = if random.chance(0.35) { random.range(2.0, 6.0) } else { random.range(1.0, 1.6) };
        shot.glares.push(Glare {
            at,
            radii: [radius * long, radius / long.sqrt()],
            turn: random.direction(),
            strength: random.factor(0.3, 2.0),
            edge: random.range(1.0, 2.0),
        });
    }
}

fn show_on_screen(random: &mut Random, shot: &mut Shot) {
    // Camera pixels from one picture element to the next.
    let pitch = random.range(1.7, 2.8);
    shot.screen = Some(Screen {
        elements: shot.pose.module / pitch,
        depth: [random.range(1.3, 2.0), random.range(0.4, 0.9)],
        blur: random.range(0.15, 0.35),
    });
    shot.lens.blur = random.range(0.3, 0.5);
    shot.light.haze = random.range(0.0, 0.05);
}

/// A finger or a thing over one edge or corner, over no more of the code than its level repairs: over a part of a
/// finder now and then, which wants a few tries.
fn cover(random: &mut Random, shot: &mut Shot, card: &Card) {
    const TRIES: usize = 60;
    let part = random.chance(0.35);
    let wanted = |cover: &Cover| {
        let clear = finder_clearance(cover, card);
        if part { (0.0..2.5).contains(&clear) } else { clear > 3.5 }
    };
    let cover = (0..TRIES).map(|_| thing(random, card)).find(wanted);
    shot.covers.extend(cover);
}

fn thing(random: &mut Random, card: &Card) -> Cover {
    let side = card.modules as f32;
    // A share of the area: a codeword is lost with any of its 8 modules, so about half of what the level repairs.
    let area = side * side * card.repairs * random.range(0.3, 0.75);
    let width = area.sqrt() * random.factor(0.6, 1.6);
    let deep = area / width;
    let half = side / 2.0;
    let along = random.either(1.0) * half;
    let lean = random.either(0.5);
    let (turn, sign) = (random.chance(0.5), if random.chance(0.5) { 1.0 } else { -1.0 });
    let place = |out: f32| {
        let (x, y) = (along + lean * (out - half), sign * out);
        if turn { [x, y] } else { [y, x] }
    };
    Cover {
        from: place(half + width + 12.0),
        // The round end reaches half the width further in.
        to: place(half - deep + width / 2.0),
        width,
        shade: random.range(0.05, 0.55),
        soft: random.range(1.0, 3.5),
        behind: false,
    }
}

/// Modules from the cover's edge to the middle of the next finder; a finder reaches 3.5 around its middle.
fn finder_clearance(cover: &Cover, card: &Card) -> f32 {
    let far = card.modules as f32 / 2.0 - 3.5;
    let finders = [[-far, -far], [far, -far], [-far, far]];
    finders.map(|finder| cover.distance(finder)).into_iter().fold(f32::MAX, f32::min) - cover.width / 2.0
}
