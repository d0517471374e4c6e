//! A flat grid of modules: what finding hands to decoding.

/// The largest version.
pub(crate) const MAX_VERSION: usize = 40;
/// The smallest side of a symbol in modules (version 1).
pub const MIN_SIDE: usize = 21;
/// The largest side of a symbol in modules (version 40).
pub const MAX_SIDE: usize = 17 + 4 * MAX_VERSION;

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
        let mut grid = Self::from_fn(self.side, |x, y| self.is_dark(y, x));
        grid.corners = transpose_corners(self.corners);
        grid
    }
}

/// The modules of one symbol with how sure each is: a square without its quiet zone.
///
/// A module's level says which colour is the likelier and by how much: −127 is surely light, 127 surely dark, 0
/// unknown. Decoding compares levels within a grid only, so any scale does on which twice as far from the threshold
/// is twice the level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SoftGrid {
    side: usize,
    levels: Vec<i8>,
    /// Corners in pixels: top left, top right, bottom right, bottom left of the grid.
    pub corners: [[f32; 2]; 4],
}

impl SoftGrid {
    /// A grid of `side` × `side` modules with the levels that `level(x, y)` gives.
    pub fn from_fn(side: usize, level: impl FnMut(usize, usize) -> i8) -> Self {
        let mut grid = Self::default();
        grid.refill(side, level);
        grid
    }

    /// A grid of these levels, row by row; missing ones are unknown.
    pub(crate) fn from_levels(side: usize, mut levels: Vec<i8>) -> Self {
        levels.resize(side * side, 0);
        Self { side, levels, corners: Default::default() }
    }

    /// Replaces all levels and keeps the memory; corners stay as they are.
    pub fn refill(&mut self, side: usize, mut level: impl FnMut(usize, usize) -> i8) {
        self.side = side;
        self.levels.clear();
        for y in 0..side {
            self.levels.extend((0..side).map(|x| level(x, y)));
        }
    }

    /// Modules along one side.
    pub fn side(&self) -> usize {
        self.side
    }

    /// The level of the module in column `x` of row `y`; outside the grid all are unknown.
    pub fn level(&self, x: usize, y: usize) -> i8 {
        if x < self.side { self.levels.get(y * self.side + x).copied().unwrap_or(0) } else { 0 }
    }

    /// All levels, row by row.
    pub fn levels(&self) -> &[i8] {
        &self.levels
    }

    /// The corners as the symbol has them when it was seen mirrored: top left, top right, bottom right, bottom left.
    pub fn mirrored_corners(&self) -> [[f32; 2]; 4] {
        transpose_corners(self.corners)
    }
}

impl From<&BitGrid> for SoftGrid {
    /// Every module as sure as can be.
    fn from(grid: &BitGrid) -> Self {
        let levels = grid.modules.iter().map(|&dark| if dark { i8::MAX } else { -i8::MAX }).collect();
        Self { side: grid.side, levels, corners: grid.corners }
    }
}

fn transpose_corners([top_left, top_right, bottom_right, bottom_left]: [[f32; 2]; 4]) -> [[f32; 2]; 4] {
    [top_left, bottom_left, bottom_right, top_right]
}
