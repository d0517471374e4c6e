//! Whether frames hold what they say: read with the very geometry that they were drawn with.

use crate::canvas::Canvas;
use crate::card::Card;
use crate::conditions::arrange;
use crate::random::Random;
use crate::shot::Shot;
use crate::view::Surface;
use crate::{Condition, Frame, backdrop};

/// A frame with the shot and the card that it was made of.
fn shown(condition: Condition, index: u32, seed: u64) -> (Frame, Shot, Card) {
    let random = &mut Random::new(&[seed, condition as u64, u64::from(index)]);
    let (shot, card, [width, height]) = arrange(condition, random);
    let backdrop = backdrop::draw(width, height, random);
    let frame = shot.take(&card, backdrop, random);
    (frame, shot, card)
}

/// The level in the middle of every module, row by row.
fn levels(frame: &Frame, shot: &Shot, card: &Card) -> Canvas {
    let surface = Surface::new(&shot.view, &shot.pose);
    let middle = card.modules as f32 / 2.0;
    let mut levels = Canvas::new(card.modules, card.modules, 0.0);
    for y in 0..card.modules {
        for (x, level) in levels.row_mut(y).iter_mut().enumerate() {
            for [dx, dy] in [[0.0, 0.0], [0.22, 0.22], [-0.22, 0.22], [0.22, -0.22], [-0.22, -0.22]] {
                let at = [x as f32 + 0.5 + dx - middle, y as f32 + 0.5 + dy - middle];
                let [x, y] = shot.view.project(surface.point(at));
                *level += luma(frame, x, y) / 5.0;
            }
        }
    }
    levels
}

/// Luma between pixels.
fn luma(frame: &Frame, x: f32, y: f32) -> f32 {
    let (x, y) = ((x - 0.5).max(0.0), (y - 0.5).max(0.0));
    let (left, top) = ((x as usize).min(frame.width - 2), (y as usize).min(frame.height - 2));
    let at = |dx: usize, dy: usize| f32::from(frame.luma[(top + dy) * frame.width + left + dx]);
    let (across, down) = (x - left as f32, y - top as f32);
    let (upper, lower) =
        (at(0, 0) + (at(1, 0) - at(0, 0)) * across, at(0, 1) + (at(1, 1) - at(0, 1)) * across);
    upper + (lower - upper) * down
}

/// Whether the text can be read if nothing has to be found and each module only has to be told dark from light:
/// against the mean around it, its neighbours' light that spilled over taken out to a share.
fn readable(condition: Condition, index: u32, seed: u64) -> bool {
    let (frame, shot, card) = shown(condition, index, seed);
    let levels = levels(&frame, &shot, &card);
    let size = card.modules;
    let at = |x: isize, y: isize| {
        let clip = |at: isize| at.clamp(0, size as isize - 1) as usize;
        levels.values[clip(y) * size + clip(x)]
    };
    let mean = |x: isize, y: isize, reach: isize| {
        let span = -reach..=reach;
        let sum: f32 = span.clone().flat_map(|dy| span.clone().map(move |dx| at(x + dx, y + dy))).sum();
        sum / ((2 * reach + 1) * (2 * reach + 1)) as f32
    };
    [0.0, 0.6, 1.2].into_iter().any(|sharpen| {
        let grid = rqrr::SimpleGrid::from_func(size, |x, y| {
            let (x, y) = (x as isize, y as isize);
            let own = at(x, y) + sharpen * (at(x, y) - mean(x, y, 1));
            (own < mean(x, y, 4)) != (condition == Condition::Inverted)
        });
        rqrr::Grid::new(grid).decode().is_ok_and(|(_, text)| text == frame.text)
    })
}

#[test]
fn codes_that_are_whole_bent_or_covered_can_be_read_where_they_are_said_to_be() {
    use Condition::{Covered, Curved, Inverted, Mild, Perspective};
    for condition in [Mild, Perspective, Inverted, Curved, Covered] {
        let read = (0..12).filter(|&index| readable(condition, index, 77)).count();
        assert!(read >= 11, "{read} of 12 {}", condition.name());
    }
}

/// `cargo test --release -p frames share_of -- --ignored --nocapture`
#[test]
#[ignore = "measures"]
#[expect(clippy::print_stdout)]
fn share_of_frames_that_can_be_read_without_having_to_be_found() {
    for condition in Condition::ALL {
        let read = (0..60).filter(|&index| readable(condition, index, 5)).count();
        println!("{:14} {read} of 60", condition.name());
    }
}
