//! A picture with what is known to be on it.

/// Hand-drawn corners are no exact truth: labels are grown by this share about their centre.
const LABEL_GROWTH: f32 = 0.15;

/// A point in pixels: x to the right, y down.
pub type Point = [f32; 2];

/// Eight-bit luma, row by row without gaps, and its truth.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width * height` bytes.
    pub luma: Vec<u8>,
    /// The codes on it.
    pub truth: Truth,
}

/// What a reader should find.
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    /// One code with this text.
    Text(String),
    /// Codes at these places, their texts unknown.
    Labels(Vec<Label>),
    /// No code at all.
    Nothing,
}

impl Truth {
    /// How many codes there are to read.
    pub fn codes(&self) -> usize {
        match self {
            Self::Text(_) => 1,
            Self::Labels(labels) => labels.len(),
            Self::Nothing => 0,
        }
    }
}

/// The hand-drawn outline of a code: a convex polygon, walked either way.
#[derive(Clone, Debug, PartialEq)]
pub struct Label(Vec<Point>);

impl Label {
    /// The outline through these corners.
    pub fn new(corners: Vec<Point>) -> Self {
        Self(corners)
    }

    /// Whether the point lies inside the label once that is grown by 15 %.
    pub fn holds(&self, [x, y]: Point) -> bool {
        let middle = centre(&self.0);
        let grown: Vec<Point> = self
            .0
            .iter()
            .map(|at| [0, 1].map(|i| middle[i] + (at[i] - middle[i]) * (1.0 + LABEL_GROWTH)))
            .collect();
        let sides: Vec<f32> =
            edges(&grown).map(|([ax, ay], [bx, by])| (bx - ax) * (y - ay) - (by - ay) * (x - ax)).collect();
        sides.iter().all(|&side| side >= 0.0) || sides.iter().all(|&side| side <= 0.0)
    }

    /// The middle of the corners.
    pub fn centre(&self) -> Point {
        centre(&self.0)
    }

    /// The mean length of a side in pixels.
    pub fn side(&self) -> f32 {
        let sum: f32 = edges(&self.0).map(|(a, b)| (b[0] - a[0]).hypot(b[1] - a[1])).sum();
        sum / self.0.len().max(1) as f32
    }
}

/// The mean of some points.
pub fn centre(points: &[Point]) -> Point {
    [0, 1].map(|axis| points.iter().map(|point| point[axis]).sum::<f32>() / points.len().max(1) as f32)
}

fn edges(polygon: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    polygon.iter().copied().zip(polygon.iter().copied().cycle().skip(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_holds_what_lies_within_it_grown_whichever_way_it_is_walked() {
        let square = vec![[100.0, 100.0], [200.0, 100.0], [200.0, 200.0], [100.0, 200.0]];
        let reversed = square.iter().rev().copied().collect();
        let table = [
            ([150.0, 150.0], true),
            ([193.0, 206.0], true),
            ([207.0, 150.0], true),
            ([208.0, 150.0], false),
            ([150.0, 92.0], false),
        ];
        for label in [Label::new(square), Label::new(reversed)] {
            assert_eq!(label.side(), 100.0);
            for (point, inside) in table {
                assert_eq!(label.holds(point), inside, "{point:?}");
            }
        }
    }
}
