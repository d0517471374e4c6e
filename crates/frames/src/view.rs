//! Where a point of the card lies in the frame, and back.

/// A pinhole camera with a lens that bends straight lines a little. Frame coordinates are in pixels from the
/// frame's left upper corner; a pixel's middle is at `+ 0.5`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) middle: [f32; 2],
    /// Focal length in pixels.
    pub(crate) focal: f32,
    /// What a ray's distance from the axis grows by at distance 1 (in focal lengths): above 0 for a barrel.
    pub(crate) barrel: f32,
}

impl View {
    pub(crate) fn new(width: usize, height: usize, focal: f32, barrel: f32) -> Self {
        Self { middle: [width as f32 / 2.0, height as f32 / 2.0], focal, barrel }
    }

    /// The direction that a point of the frame looks into: right, down, away (always 1).
    #[inline]
    pub(crate) fn ray(&self, x: f32, y: f32) -> [f32; 3] {
        let (x, y) = ((x - self.middle[0]) / self.focal, (y - self.middle[1]) / self.focal);
        let bend = 1.0 + self.barrel * (x * x + y * y);
        [x * bend, y * bend, 1.0]
    }

    /// Where a point before the camera is seen.
    pub(crate) fn project(&self, point: [f32; 3]) -> [f32; 2] {
        let (x, y) = (point[0] / point[2], point[1] / point[2]);
        let straight = x.hypot(y);
        let mut bent = straight;
        // Newton's method for the root of bent + barrel · bent³ = straight.
        for _ in 0..8 {
            let slope = 1.0 + 3.0 * self.barrel * bent * bent;
            bent -= (bent + self.barrel * bent * bent * bent - straight) / slope;
        }
        let scale = if straight > 1e-9 { bent / straight } else { 1.0 };
        [self.middle[0] + x * scale * self.focal, self.middle[1] + y * scale * self.focal]
    }
}

/// How a card is held: the place of its middle (the code's middle, in frame pixels), how large one module appears
/// there if seen straight on, and turns about three axes in radians.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pose {
    pub(crate) at: [f32; 2],
    /// Pixels a module.
    pub(crate) module: f32,
    pub(crate) roll: f32,
    pub(crate) pitch: f32,
    pub(crate) yaw: f32,
    pub(crate) bend: Option<Bend>,
}

/// A card around a cylinder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bend {
    /// The way along which the card bends, in the card's plane, in radians.
    pub(crate) along: f32,
    /// In modules; below 0 the card is hollow towards the camera.
    pub(crate) radius: f32,
}

/// A card in space; the unit is one module, and coordinates on it count from the code's middle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surface {
    origin: [f32; 3],
    right: [f32; 3],
    down: [f32; 3],
    away: [f32; 3],
    /// The camera as seen from the card's axes.
    camera: [f32; 3],
    bend: Option<(Bend, f32, f32)>,
}

impl Surface {
    pub(crate) fn new(view: &View, pose: &Pose) -> Self {
        let distance = view.focal / pose.module.max(0.05);
        let origin = view.ray(pose.at[0], pose.at[1]).map(|part| part * distance);
        let axis = |v: [f32; 3]| roll(pitch(yaw(v, pose.yaw), pose.pitch), pose.roll);
        let axes = [axis([1.0, 0.0, 0.0]), axis([0.0, 1.0, 0.0]), axis([0.0, 0.0, 1.0])];
        Self {
            origin,
            right: axes[0],
            down: axes[1],
            away: axes[2],
            camera: axes.map(|axis| -dot(origin, axis)),
            bend: pose.bend.map(|bend| (bend, bend.along.sin(), bend.along.cos())),
        }
    }

    /// How far the code's middle is from the camera, along its axis.
    pub(crate) fn distance(&self) -> f32 {
        self.origin[2]
    }

    pub(crate) fn is_bent(&self) -> bool {
        self.bend.is_some()
    }

    /// A way along the card as if it were flat, in space.
    pub(crate) fn way(&self, by: [f32; 2]) -> [f32; 3] {
        std::array::from_fn(|i| by[0] * self.right[i] + by[1] * self.down[i])
    }

    /// Where a point of the card is in space.
    pub(crate) fn point(&self, at: [f32; 2]) -> [f32; 3] {
        let (x, y, z) = match self.bend {
            None => (at[0], at[1], 0.0),
            Some((bend, sin, cos)) => {
                let (along, across) = (at[0] * cos + at[1] * sin, at[1] * cos - at[0] * sin);
                let angle = along / bend.radius;
                let (along, away) = (bend.radius * angle.sin(), bend.radius * (1.0 - angle.cos()));
                (along * cos - across * sin, along * sin + across * cos, away)
            }
        };
        std::array::from_fn(|i| self.origin[i] + x * self.right[i] + y * self.down[i] + z * self.away[i])
    }

    /// Where a ray from the camera meets the card, in modules from the code's middle; not a number where it
    /// does not.
    #[inline]
    pub(crate) fn hit(&self, ray: [f32; 3]) -> [f32; 2] {
        let camera = self.camera;
        let ray = [dot(ray, self.right), dot(ray, self.down), dot(ray, self.away)];
        match self.bend {
            None => {
                let far = -camera[2] / ray[2];
                if far > 0.0 { [camera[0] + far * ray[0], camera[1] + far * ray[1]] } else { [f32::NAN; 2] }
            }
            Some((bend, sin, cos)) => bent(camera, ray, bend.radius, sin, cos),
        }
    }

    /// How squarely the card faces the camera at a point: 1 straight on, 0 from the side.
    pub(crate) fn facing(&self, at: [f32; 2]) -> f32 {
        let normal = match self.bend {
            None => self.away,
            Some((bend, sin, cos)) => {
                let angle = (at[0] * cos + at[1] * sin) / bend.radius;
                let (lean, away) = (-angle.sin(), angle.cos());
                std::array::from_fn(|i| {
                    lean * (cos * self.right[i] + sin * self.down[i]) + away * self.away[i]
                })
            }
        };
        let point = self.point(at);
        dot(normal, point) / dot(point, point).sqrt()
    }
}

/// Where a ray meets a cylinder whose foremost line goes through the origin, unrolled.
fn bent(origin: [f32; 3], ray: [f32; 3], radius: f32, sin: f32, cos: f32) -> [f32; 2] {
    let turned = |v: [f32; 3]| [v[0] * cos + v[1] * sin, v[1] * cos - v[0] * sin, v[2]];
    let (origin, ray) = (turned(origin), turned(ray));
    let depth = origin[2] - radius;
    let a = ray[0] * ray[0] + ray[2] * ray[2];
    let b = origin[0] * ray[0] + depth * ray[2];
    let c = origin[0] * origin[0] + depth * depth - radius * radius;
    let root = b * b - a * c;
    if root < 0.0 {
        return [f32::NAN; 2];
    }
    // A card that bulges is met on the cylinder's near side, a hollow one on its far side.
    let far = (-b - root.sqrt() * radius.signum()) / a;
    let (along, away) = (origin[0] + far * ray[0], origin[2] + far * ray[2]);
    let angle = (along / radius).atan2(1.0 - away / radius);
    if far <= 0.0 || angle.abs() > std::f32::consts::FRAC_PI_2 * 1.2 {
        return [f32::NAN; 2];
    }
    let (along, across) = (radius * angle, origin[1] + far * ray[1]);
    [along * cos - across * sin, along * sin + across * cos]
}

#[inline]
fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn yaw([x, y, z]: [f32; 3], by: f32) -> [f32; 3] {
    let (sin, cos) = by.sin_cos();
    [x * cos + z * sin, y, z * cos - x * sin]
}

fn pitch([x, y, z]: [f32; 3], by: f32) -> [f32; 3] {
    let (sin, cos) = by.sin_cos();
    [x, y * cos - z * sin, y * sin + z * cos]
}

fn roll([x, y, z]: [f32; 3], by: f32) -> [f32; 3] {
    let (sin, cos) = by.sin_cos();
    [x * cos - y * sin, x * sin + y * cos, z]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_projected_is_hit_again() {
        let view = View::new(1280, 720, 900.0, 0.08);
        let bends = [None, Some(120.0), Some(-150.0)]
            .map(|radius: Option<f32>| radius.map(|radius| Bend { along: 0.7, radius }));
        for bend in bends {
            let pose = Pose { at: [500.0, 400.0], module: 3.0, roll: 0.8, pitch: 0.4, yaw: -0.3, bend };
            let surface = Surface::new(&view, &pose);
            for at in [[0.0, 0.0], [40.0, 30.0], [-45.0, 20.0], [30.0, -50.0]] {
                let seen = view.project(surface.point(at));
                let back = surface.hit(view.ray(seen[0], seen[1]));
                let off = (back[0] - at[0]).hypot(back[1] - at[1]);
                assert!(off < 0.02, "{bend:?}: {at:?} comes back as {back:?}");
            }
            let middle = view.project(surface.point([0.0, 0.0]));
            assert!((middle[0] - 500.0).abs() < 0.01 && (middle[1] - 400.0).abs() < 0.01);
        }
    }

    #[test]
    fn a_module_straight_on_has_the_size_asked_for() {
        let view = View::new(1280, 720, 900.0, 0.0);
        let surface = Surface::new(&view, &Pose { at: [640.0, 360.0], module: 2.5, ..Pose::default() });
        let [a, b] = [[0.0, 0.0], [1.0, 0.0]].map(|at| view.project(surface.point(at)));
        assert!((b[0] - a[0] - 2.5).abs() < 1e-3 && (b[1] - a[1]).abs() < 1e-3);
    }
}
