//! What may keep a code before a camera from being read, told only when it lasts.

mod clue;
mod trace;

use std::time::Duration;

use crate::held::AWAY;
pub(crate) use clue::clue;

/// Why a code is not read, as far as that can be told, and so what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hint {
    /// There is hardly any light: give more.
    TooDark,
    /// A lamp or a window is mirrored in the code: tilt it.
    Glare,
    /// The code's dark and light hardly differ: turn the screen up that shows it.
    DimScreen,
    /// The code's modules are too small: closer.
    TooFar,
    /// The code reaches beyond the frame: move it into the middle.
    CutOff,
    /// The code is blurred, by motion or before the lens has found it: hold it still.
    HoldStill,
}

impl Hint {
    /// Every hint.
    pub const ALL: [Self; 6] =
        [Self::TooDark, Self::Glare, Self::DimScreen, Self::TooFar, Self::CutOff, Self::HoldStill];

    /// For pages and tables: lower case, words joined by underscores.
    pub fn name(self) -> &'static str {
        match self {
            Self::TooDark => "too_dark",
            Self::Glare => "glare",
            Self::DimScreen => "dim_screen",
            Self::TooFar => "too_far",
            Self::CutOff => "cut_off",
            Self::HoldStill => "hold_still",
        }
    }
}

/// Over what time frames are averaged: what was seen so long ago weighs about a third of what is seen now.
const MEMORY: Duration = Duration::from_millis(500);
/// What one frame weighs at most: where frames are rare, two of them are not enough for a hint.
const FRAME: f32 = 0.2;
/// The weighted share of frames from which on a hint is told, and below which it is told no longer. A trace is seen at
/// some of the scales that take turns.
const TELL: f32 = 0.4;
const KEEP: f32 = 0.15;
/// Frames that are so far apart show different things: as far as two that show a code twice.
const PAUSE: Duration = AWAY;

/// At most one hint for a stream of frames, steady: told after several frames agreed, gone once a code is read.
#[derive(Clone, Debug, Default)]
pub struct Hints {
    /// For each hint, the weighted share of frames that gave it.
    shares: [f32; Hint::ALL.len()],
    told: Option<Hint>,
    /// When the last frame came.
    last: Option<Duration>,
}

impl Hints {
    /// The hint after a frame that gave `hint` (see [`Scanner::hint`](crate::Scanner::hint)), or in which a code was
    /// `read`; `now` counts from any moment, always the same one.
    pub fn after(&mut self, hint: Option<Hint>, read: bool, now: Duration) -> Option<Hint> {
        self.without(now);
        let since = now.saturating_sub(self.last.replace(now).unwrap_or(now)).min(PAUSE).as_secs_f32();
        if read {
            self.forget();
            return None;
        }
        let weight = (since / (since + MEMORY.as_secs_f32())).min(FRAME);
        for (share, of) in self.shares.iter_mut().zip(Hint::ALL) {
            *share += (if hint == Some(of) { 1.0 } else { 0.0 } - *share) * weight;
        }
        let likeliest = Hint::ALL.into_iter().max_by(|a, b| self.share(*a).total_cmp(&self.share(*b)));
        let new = likeliest.filter(|&hint| self.share(hint) >= TELL);
        self.told = new.or(self.told.filter(|&hint| self.share(hint) >= KEEP));
        self.told
    }

    /// The hint where no frame came, or none that could be looked at: the last one, and soon none.
    pub fn without(&mut self, now: Duration) -> Option<Hint> {
        if self.last.is_some_and(|last| now.saturating_sub(last) >= PAUSE) {
            self.forget();
        }
        self.told
    }

    fn forget(&mut self) {
        self.shares = Default::default();
        self.told = None;
    }

    fn share(&self, hint: Hint) -> f32 {
        self.shares[hint as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Milliseconds from frame to frame.
    const STEP: u64 = 33;

    /// Shows frames, given as what each hints at (letters below), and returns what is told after each.
    fn told(frames: &str, step: u64) -> String {
        let mut hints = Hints::default();
        let letters = [('d', Hint::TooDark), ('f', Hint::TooFar), ('g', Hint::Glare)];
        let after = |(number, letter): (usize, char)| {
            let hint = letters.iter().find(|entry| entry.0 == letter).map(|entry| entry.1);
            let told = hints.after(hint, letter == 'R', Duration::from_millis(number as u64 * step));
            told.and_then(|hint| letters.iter().find(|entry| entry.1 == hint)).map_or('-', |entry| entry.0)
        };
        frames.chars().enumerate().map(after).collect()
    }

    #[test]
    fn names_and_places_agree_with_the_list() {
        for (place, hint) in Hint::ALL.into_iter().enumerate() {
            assert_eq!(hint as usize, place, "{}", hint.name());
        }
    }

    #[test]
    fn a_hint_is_told_once_it_lasted_for_a_few_tenths_of_a_second() {
        let told = told(&"f".repeat(60), STEP);
        let first = told.find('f').expect("it is told");
        assert!((8..16).contains(&first), "{told}");
        assert!(!told[first..].contains('-'), "{told}");
    }

    #[test]
    fn few_frames_a_second_need_several_frames_all_the_same() {
        assert_eq!(told("ffffff", 1000), "---fff");
    }

    #[test]
    fn what_every_third_frame_shows_is_told_never_and_every_other_always() {
        assert!(!told(&"f--".repeat(60), STEP).contains('f'));
        assert!(told(&"f-".repeat(60), STEP).ends_with("ffff"));
    }

    #[test]
    fn passing_traces_are_not_told() {
        assert!(!told(&"fffff--------------".repeat(9), STEP).contains('f'));
    }

    #[test]
    fn a_code_that_is_read_ends_the_hint_at_once_and_it_has_to_last_anew() {
        let told = told(&("f".repeat(30) + "Rfffff"), STEP);
        assert!(told.ends_with("f------"), "{told}");
    }

    #[test]
    fn a_hint_gives_way_to_another_and_in_the_end_to_none() {
        let told = told(&("f".repeat(40) + &"g".repeat(40) + &"-".repeat(60)), STEP);
        let order = told.chars().fold(String::new(), |mut order, letter| {
            if !order.ends_with(letter) {
                order.push(letter);
            }
            order
        });
        assert_eq!(order, "-fg-", "{told}");
    }

    #[test]
    fn a_hint_is_over_after_a_pause_and_has_to_last_anew() {
        let at = Duration::from_millis;
        let mut hints = Hints::default();
        let told = (0..30).map(|number| hints.after(Some(Hint::TooFar), false, at(number * STEP))).last();
        let last = at(29 * STEP);
        assert_eq!(told, Some(Some(Hint::TooFar)));
        assert_eq!(hints.clone().without(last + PAUSE / 2), Some(Hint::TooFar), "a frame is late");
        assert_eq!(hints.clone().without(last + PAUSE), None, "no frame comes");
        assert_eq!(hints.clone().after(Some(Hint::TooFar), false, last + PAUSE), None, "one comes again");
    }

    #[test]
    fn a_clock_that_stands_still_tells_nothing() {
        assert!(!told(&"f".repeat(60), 0).contains('f'));
    }
}
