//! From a card's plane to the frame's and back.

use super::{Card, Pose};

/// Rows of a 3 × 3 matrix for points `(x, y, 1)`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Homography([[f32; 3]; 3]);

/// Focal length in frame heights: a lens that sees about 45° from top to bottom, as webcams do.
const FOCAL_LENGTH: f32 = 1.2;

impl Homography {
    /// From card pixels to frame pixels.
    pub(super) fn of_pose(card: &Card, pose: Pose, width: f32, height: f32) -> Self {
        let (card_width, card_height) = (card.width() as f32, card.height() as f32);
        let scale = pose.size * height / card_width.max(card_height);
        let focal = FOCAL_LENGTH * height;
        let (turn_sin, turn_cos) = pose.turn.sin_cos();
        let (yaw_sin, yaw_cos) = pose.tilt[0].sin_cos();
        let (pitch_sin, pitch_cos) = pose.tilt[1].sin_cos();
        // Card axes after tilting (yaw, then pitch), then turned in the plane: right, down, away.
        let turned = |x: f32, y: f32| [x * turn_cos - y * turn_sin, x * turn_sin + y * turn_cos];
        let across = turned(yaw_cos, yaw_sin * pitch_sin);
        let along = turned(0.0, pitch_cos);
        let (across_away, along_away) = (yaw_sin * pitch_cos, -pitch_sin);
        let middle = [width / 2.0 + pose.offset[0] * height, height / 2.0 + pose.offset[1] * height];
        let column = |plane: [f32; 2], away: f32| {
            let away = away * scale / focal;
            [plane[0] * scale + middle[0] * away, plane[1] * scale + middle[1] * away, away]
        };
        let (a, b) = (column(across, across_away), column(along, along_away));
        let start = [middle[0], middle[1], 1.0];
        // The card's own middle is the origin.
        let c: [f32; 3] =
            std::array::from_fn(|i| start[i] - a[i] * card_width / 2.0 - b[i] * card_height / 2.0);
        Self(std::array::from_fn(|i| [a[i], b[i], c[i]]))
    }

    /// Where the corners of a card of this size go; `None` where one is behind the camera.
    pub(super) fn corners(&self, width: f32, height: f32) -> Option<[[f32; 2]; 4]> {
        let mut corners = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]];
        for corner in &mut corners {
            let [x, y, w] = self.apply(corner[0], corner[1]);
            if w < NEAREST {
                return None;
            }
            *corner = [x / w, y / w];
        }
        Some(corners)
    }

    /// Where a point goes; `None` for what is behind the camera.
    #[inline]
    pub(super) fn map(&self, x: f32, y: f32) -> Option<[f32; 2]> {
        let [u, v, w] = self.apply(x, y);
        let share = 1.0 / w;
        (w > 0.0).then_some([u * share, v * share])
    }

    /// How far one step to the right and one down from a point spread in either direction where they go.
    pub(super) fn spread(&self, x: f32, y: f32) -> [f32; 2] {
        let [u, v, w] = self.apply(x, y);
        let (u, v) = (u / w, v / w);
        let [a, b, c] = &self.0;
        let spread = |row: &[f32; 3], at: f32| {
            let (right, down) = ((row[0] - at * c[0]) / w, (row[1] - at * c[1]) / w);
            (right * right + down * down).sqrt()
        };
        [spread(a, u), spread(b, v)]
    }

    pub(super) fn inverse(&self) -> Option<Self> {
        let m = &self.0;
        let minor = |r: usize, c: usize| {
            let (r1, r2, c1, c2) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
            m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]
        };
        let determinant: f32 = (0..3).map(|c| m[0][c] * minor(0, c)).sum();
        let usable = determinant.is_finite() && determinant.abs() > f32::EPSILON * f32::EPSILON;
        usable.then(|| Self(std::array::from_fn(|r| std::array::from_fn(|c| minor(c, r) / determinant))))
    }

    #[inline]
    fn apply(&self, x: f32, y: f32) -> [f32; 3] {
        self.0.map(|row| row[0] * x + row[1] * y + row[2])
    }
}

/// Nearer to the lens (in distances of the card's middle) nothing is drawn.
const NEAREST: f32 = 0.1;
