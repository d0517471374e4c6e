//! A code that is held before the camera is one scan, however many frames it is seen in.

use std::time::Duration;

/// For how long a code has to be out of view before it counts as shown again.
pub(crate) const AWAY: Duration = Duration::from_millis(1500);

/// The same when another code is in view meanwhile: the hand has changed. Long
/// enough for one of two codes side by side to be missed in a few frames.
const REPLACED: Duration = Duration::from_millis(700);

/// More codes than fit before a camera. Were one forgotten for another, more than these in view would all be new in
/// each frame; so the others wait until one has gone.
const MOST: usize = 32;

/// The codes that are in view, or were until a moment ago.
#[derive(Clone, Debug, Default)]
pub struct Held {
    codes: Vec<(String, Duration)>,
}

impl Held {
    /// The texts among those in view that were not shown yet, each once. Call it for every frame, empty ones too; `now` counts
    /// from any moment, always the same one.
    pub fn newly_shown(&mut self, texts: Vec<String>, now: Duration) -> Vec<String> {
        let away = if texts.is_empty() { AWAY } else { REPLACED };
        self.codes.retain(|(text, seen)| texts.contains(text) || now.saturating_sub(*seen) < away);
        texts.into_iter().filter(|text| self.see(text, now)).collect()
    }

    /// Notes a text; whether it is new, and there is room for it.
    fn see(&mut self, text: &str, now: Duration) -> bool {
        if let Some(code) = self.codes.iter_mut().find(|(held, _)| held == text) {
            let new = now.saturating_sub(code.1) >= AWAY;
            code.1 = now;
            return new;
        }
        let room = self.codes.len() < MOST;
        if room {
            self.codes.push((text.to_owned(), now));
        }
        room
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    /// Frames as (milliseconds, codes in view, codes that are new), codes as letters.
    fn check(frames: &[(u64, &str, &str)]) {
        let mut held = Held::default();
        let split = |codes: &str| codes.chars().map(String::from).collect::<Vec<_>>();
        for (at, view, new) in frames {
            let told = held.newly_shown(split(view), Duration::from_millis(*at));
            assert_eq!(told, split(new), "at {at} ms");
        }
    }

    #[test]
    fn a_code_held_in_view_is_one_scan() {
        check(&[(0, "a", "a"), (100, "a", ""), (5000, "", ""), (5000, "a", "a")]);
        check(&[(0, "a", "a"), (1000, "a", ""), (2000, "a", ""), (3000, "a", "")]);
    }

    #[test]
    fn a_code_missed_for_a_moment_is_still_held() {
        check(&[(0, "a", "a"), (700, "", ""), (1400, "a", ""), (2800, "a", "")]);
    }

    #[test]
    fn a_code_that_was_away_is_another_scan() {
        check(&[(0, "a", "a"), (500, "", ""), (1600, "a", "a")]);
        check(&[(0, "a", "a"), (1600, "a", "a")]);
    }

    #[test]
    fn a_code_shown_again_after_another_is_another_scan() {
        check(&[(0, "a", "a"), (300, "b", "b"), (800, "b", ""), (900, "a", "a")]);
    }

    #[test]
    fn two_codes_side_by_side_are_two_scans_though_frames_miss_one() {
        check(&[
            (0, "ab", "ab"),
            (200, "a", ""),
            (400, "b", ""),
            (600, "a", ""),
            (800, "ab", ""),
            (1000, "b", ""),
        ]);
    }

    #[test]
    fn a_code_seen_twice_in_one_frame_is_one_scan() {
        check(&[(0, "aa", "a"), (100, "aa", ""), (5000, "aba", "ab")]);
    }

    #[test]
    fn of_more_codes_than_are_held_the_others_wait_for_room() {
        let mut held = Held::default();
        let mut told = |at, numbers: Range<usize>| {
            held.newly_shown(numbers.map(|number| number.to_string()).collect(), Duration::from_millis(at))
                .len()
        };
        assert_eq!(told(0, 0..MOST + 1), MOST);
        // Nothing is told anew, whichever of them a frame shows first, and though it misses some.
        assert_eq!([told(100, 0..MOST + 1), told(200, 1..MOST + 1), told(300, 0..MOST + 1)], [0; 3]);
        assert_eq!(told(1200, 1..MOST + 1), 1, "the first is gone, and the last has its place");
    }

    #[test]
    fn memory_is_bounded() {
        let mut held = Held::default();
        for number in 0..1000 {
            held.newly_shown(vec![number.to_string()], Duration::ZERO);
        }
        assert_eq!(held.codes.len(), MOST);
    }
}
