//! Finder patterns as a whole, where noise or blur hides their edges.

use std::f32::consts::FRAC_PI_2;

use super::geometry::{Point, add, times};
use super::light::Light;

/// Where a finder pattern's modules lie: its centre, and the steps of one module along either side, in pixels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamp {
    pub(crate) centre: Point,
    pub(crate) axes: [Point; 2],
}

/// What a place may be changed in: right, down (in modules), turn, size, aspect and shear (in shares of a module).
const WAYS: usize = 6;
/// The first step of either: half a turn of the search's own, a tenth of the size.
const STEPS: [f32; WAYS] = [0.4, 0.4, 0.1, 0.1, 0.1, 0.1];
/// Each round halves the steps.
const ROUNDS: i32 = 4;
/// Turns tried between nought and a quarter.
const TURNS: usize = 8;
/// Less alike than this at the best turn is not looked at more closely.
const PROMISING: f32 = 0.22;

impl Stamp {
    /// The place near `centre` that looks most like a finder pattern with modules of about `module` pixels, and its
    /// [`likeness`](Self::likeness).
    pub(crate) fn search(light: &Light<'_>, centre: Point, module: f32) -> Option<(Self, f32)> {
        let turned = |turn: usize| {
            let (sin, cos) = (turn as f32 * FRAC_PI_2 / TURNS as f32).sin_cos();
            Self { centre, axes: [[module * cos, module * sin], [-module * sin, module * cos]] }
        };
        let stamps = (0..TURNS).map(turned).map(|stamp| (stamp, stamp.likeness(light)));
        let (mut best, mut likeness) = stamps.max_by(|a, b| a.1.total_cmp(&b.1))?;
        if likeness < PROMISING {
            return None;
        }
        for round in 0..ROUNDS {
            for (way, step) in STEPS.iter().enumerate() {
                for sign in [1.0, -1.0] {
                    let changed = best.changed(way, sign * step / 2f32.powi(round));
                    let found = changed.likeness(light);
                    if found > likeness {
                        (best, likeness) = (changed, found);
                        break;
                    }
                }
            }
        }
        Some((best, likeness))
    }

    /// Correlation of the 9 × 9 modules around the centre with those of a finder pattern in its light surroundings,
    /// −1 to 1.
    pub(crate) fn likeness(&self, light: &Light<'_>) -> f32 {
        const REACH: i32 = 4;
        const COUNT: f32 = 81.0;
        const DARK: f32 = 33.0;
        let (mut dark, mut all, mut squares) = (0.0, 0.0, 0.0);
        for y in -REACH..=REACH {
            let row = add(self.centre, times(self.axes[1], y as f32));
            let mut values = [0.0; 2 * REACH as usize + 1];
            light.add_along(add(row, times(self.axes[0], -REACH as f32)), self.axes[0], &mut values);
            for (x, value) in (-REACH..=REACH).zip(values) {
                if matches!(x.abs().max(y.abs()), 0 | 1 | 3) {
                    dark += value;
                }
                all += value;
                squares += value * value;
            }
        }
        let mean = all / COUNT;
        let variance = (squares / COUNT - mean * mean).max(1.0);
        let share = DARK / COUNT;
        (mean * share - dark / COUNT) / (variance * share * (1.0 - share)).sqrt()
    }

    /// The luma in the middle between dark and light modules, and half of what lies between them.
    pub(crate) fn levels(&self, light: &Light<'_>) -> [f32; 2] {
        /// Modules of one colour all around: of the stone's and of the gap's.
        const INNER: [[f32; 2]; 4] = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]];
        let mean = |far: f32| {
            let around = |[x, y]: Point| add(times(self.axes[0], x * far), times(self.axes[1], y * far));
            INNER.map(|direction| light.at(add(self.centre, around(direction)))).iter().sum::<f32>() / 4.0
        };
        // Stone and ring are dark, gap and surroundings light.
        let (dark, bright) = ((mean(0.5) + mean(3.0)) / 2.0, (mean(2.0) + mean(4.0)) / 2.0);
        [(dark + bright) / 2.0, ((bright - dark) / 2.0).max(1.0)]
    }

    /// The four corners of the pattern's outline, clockwise in the frame.
    pub(crate) fn corners(&self) -> [Point; 4] {
        const HALF: f32 = 3.5;
        [[1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0]]
            .map(|[x, y]| add(self.centre, add(times(self.axes[0], x * HALF), times(self.axes[1], y * HALF))))
    }

    fn changed(&self, way: usize, by: f32) -> Self {
        let Self { centre, axes: [across, down] } = *self;
        match way {
            0 => Self { centre: add(centre, times(across, by)), ..*self },
            1 => Self { centre: add(centre, times(down, by)), ..*self },
            2 => Self { axes: [add(across, times(down, by)), add(down, times(across, -by))], ..*self },
            3 => Self { axes: [times(across, 1.0 + by), times(down, 1.0 + by)], ..*self },
            4 => Self { axes: [times(across, 1.0 + by), times(down, 1.0 - by)], ..*self },
            _ => Self { axes: [add(across, times(down, by)), add(down, times(across, by))], ..*self },
        }
    }
}
