//! From a condition and a number to a frame.

use crate::card::{Card, Style};
use crate::random::Random;
use crate::shot::Shot;
use crate::{Condition, Frame, backdrop, fair, trouble};

/// Pixels between what belongs to the code and the frame's edge.
const EDGE: f32 = 6.0;

/// Draws what a condition asks for.
pub(crate) fn render(condition: Condition, index: u32, seed: u64) -> Frame {
    let random = &mut Random::new(&[seed, condition as u64, u64::from(index)]);
    let (shot, card, size) = arrange(condition, random);
    let backdrop = backdrop::draw(size[0], size[1], random);
    shot.take(&card, backdrop, random)
}

/// Everything but the exposure.
pub(crate) fn arrange(condition: Condition, random: &mut Random) -> (Shot, Card, [usize; 2]) {
    let size = if random.chance(0.35) { [1920, 1080] } else { [1280, 720] };
    let mut style = Style::usual(random);
    trouble::choose(condition, random, &mut style);
    let mut card = Card::new(random, style);
    trouble::wear(condition, random, &mut card);
    let mut shot = fair::shot(random, size, &card);
    trouble::hold(condition, random, &mut shot, &card);
    shot.pose = fair::place(random, &shot.view, shot.pose, &card, EDGE);
    trouble::spoil(condition, random, &mut shot, &card);
    (shot, card, size)
}
