//! Projective mapping of the unit square.

/// The mapping that takes (0,0), (1,0), (1,1), (0,1) to `corners` (Heckbert 1989, §2.2.3); affine where the
/// corners are no proper quadrilateral.
pub(super) fn from_unit_square(corners: [[f32; 2]; 4]) -> impl Fn([f32; 2]) -> [f32; 2] {
    let [p0, p1, p2, p3] = corners;
    let cross = |a: [f32; 2], b: [f32; 2]| a[0] * b[1] - b[0] * a[1];
    let right = [p1[0] - p2[0], p1[1] - p2[1]];
    let below = [p3[0] - p2[0], p3[1] - p2[1]];
    let skew = [p0[0] - p1[0] + p2[0] - p3[0], p0[1] - p1[1] + p2[1] - p3[1]];
    let area = cross(right, below);
    let bend = |value: f32| if area == 0.0 { 0.0 } else { value / area };
    let (g, h) = (bend(cross(skew, below)), bend(cross(right, skew)));
    move |[u, v]| {
        let depth = g * u + h * v + 1.0;
        let along = |axis: usize| {
            let across = p1[axis] - p0[axis] + g * p1[axis];
            let down = p3[axis] - p0[axis] + h * p3[axis];
            (across * u + down * v + p0[axis]) / depth
        };
        [along(0), along(1)]
    }
}
