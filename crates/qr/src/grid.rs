//! A flat grid of modules: what finding hands to decoding.

/// The smallest side of a symbol in modules (version 1).
pub const MIN_SIDE: usize = 21;
/// The largest side of a symbol in modules (version 40).
pub const MAX_SIDE: usize = 177;

/// The modules of one symbol, sampled out of a frame: a square without its quiet zone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BitGrid {
    side: usize,
    modules: Vec<bool>,
    /// Corners in pixels: top left, top right, bottom right, bottom left of the grid.
    pub corners: [[f32; 2]; 4],
}

impl BitGrid {
    /// A grid of `side` × `side` modules; `dark(x, y)` says which are dark.
    pub fn from_fn(side: usize, dark: impl FnMut(usize, usize) -> bool) -> Self {
        let mut grid = Self::default();
        grid.refill(side, dark);
        grid
    }

    /// Replaces all modules and keeps the memory; corners stay as they are.
    pub fn refill(&mut self, side: usize, mut dark: impl FnMut(usize, usize) -> bool) {
        self.side = side;
        self.modules.clear();
        for y in 0..side {
            self.modules.extend((0..side).map(|x| dark(x, y)));
        }
    }

    /// Modules along one side.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Whether the module in column `x` of row `y` is dark; outside the grid none is.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.side && self.modules.get(y * self.side + x).copied().unwrap_or(false)
    }

    /// The grid with rows and columns swapped, its corners following the modules: a mirrored symbol put right.
    pub fn transposed(&self) -> Self {
        let [top_left, top_right, bottom_right, bottom_left] = self.corners;
        let mut grid = Self::from_fn(self.side, |x, y| self.is_dark(y, x));
        grid.corners = [top_left, bottom_left, bottom_right, top_right];
        grid
    }
}
