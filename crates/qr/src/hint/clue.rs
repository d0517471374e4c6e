//! What one frame tells of why nothing was read.

use super::Hint;
use super::trace::Trace;
use crate::Luma;
use crate::fit::Reading;

// Measured on 514 frames that were read, up to 40 of each condition that the crate `frames` draws, and on the spoiled
// ones of `tests/hints.rs` that were not.

/// Luma that the frame's brightest parts reach only with some light, and that paper does: light modules of codes that
/// were read came to 51 at least and mostly to 87 and more, spoiled frames to 12 at most.
const DARK: f32 = 55.0;
/// Half of what lies between dark and light modules, in levels of luma, below which they hardly differ: of codes that
/// were read with low contrast nearly all had less and with little light some, of others all 31 and more. What was too
/// faint to be read had 8 at most.
const FAINT: f32 = 18.0;
/// Pixels a module with which most codes are read: all 40 were with 1.93 to 2.02. Those too far away had 1.5 at most.
const SMALL: f32 = 2.0;
/// How much of their contrast one-module lines keep where a code can still be read: of those that were, 95 % kept 0.51
/// and more, those out of focus 0.23 at least. Where motion hid a code, 0.18 at most were left.
const BLURRED: f32 = 0.4;
/// The share of a code that may shine without harm: under lamps, codes that were read shone by 0.036 at most. Bright
/// screens come to 0.09, and are read.
const SHINING: f32 = 0.04;
/// Places across and down at which the frame's brightness is taken: chosen, enough for one in [`BRIGHTEST`] to be many,
/// and few to look at.
const GRID: [usize; 2] = [48, 27];
/// One place in how many may be brighter than what counts as the frame's brightest: lamps, screens. Chosen: they seldom
/// take a twentieth of a dark frame.
const BRIGHTEST: usize = 20;

/// What may have kept a frame's code from being read; `None` where no code is seen or work was cut short, but for
/// darkness: with more work the code may have been read, and no work makes a dark frame brighter.
pub(crate) fn clue(reading: &mut Reading<'_, '_>) -> Option<Hint> {
    let cut_short = reading.work().was_cut_short();
    likeliest(reading).filter(|&hint| !cut_short || hint == Hint::TooDark)
}

fn likeliest(reading: &Reading<'_, '_>) -> Option<Hint> {
    let Some(trace) = Trace::of(reading) else {
        return (brightest(reading.frame()) < DARK).then_some(Hint::TooDark);
    };
    let [middle, half] = trace.levels();
    if middle + half < DARK {
        // A dark screen in a lit room is not to be helped by more light.
        let lit = brightest(reading.frame()) >= 2.0 * DARK;
        return Some(if lit { Hint::DimScreen } else { Hint::TooDark });
    }
    let checks: [(Hint, &dyn Fn() -> bool); 5] = [
        (Hint::DimScreen, &|| half < FAINT),
        (Hint::Glare, &|| trace.shining() > SHINING),
        (Hint::TooFar, &|| trace.module() < SMALL),
        (Hint::HoldStill, &|| trace.sharpness() < BLURRED),
        (Hint::CutOff, &|| trace.is_cut_off()),
    ];
    checks.into_iter().find(|(_, holds)| holds()).map(|(hint, _)| hint)
}

/// The luma that one in [`BRIGHTEST`] places exceeds.
fn brightest(frame: Luma<'_>) -> f32 {
    let [across, down] = GRID;
    let mut counts = [0_u16; 32];
    for j in 0..down {
        let row = frame.row((2 * j + 1) * frame.height() / (2 * down));
        for i in 0..across {
            counts[usize::from(row[(2 * i + 1) * frame.width() / (2 * across)] / 8)] += 1;
        }
    }
    let mut above = 0;
    let level = counts.iter().rposition(|&count| {
        above += usize::from(count);
        above * BRIGHTEST > across * down
    });
    level.unwrap_or(0) as f32 * 8.0 + 4.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lamps_do_not_make_a_dark_frame_bright() {
        let (width, height) = (640, 360);
        for (lamp, expected) in [(0, 20.0), (20, 20.0), (50, 204.0)] {
            let pixels: Vec<u8> =
                (0..width * height).map(|i| if i % width < lamp { 200 } else { 20 }).collect();
            let frame = Luma::new(&pixels, width, height, width).expect("complete");
            assert_eq!(brightest(frame), expected, "{lamp}");
        }
        assert!(brightest(Luma::new(&[7], 1, 1, 1).expect("complete")) < DARK);
    }
}
