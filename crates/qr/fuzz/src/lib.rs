//! Hostile input for the QR reader: what the targets do with an input, shared by libFuzzer and the plain replay.
//!
//! An input is a script: bytes that say what to draw and how to damage it, so that changing a byte changes a
//! difficulty, not only a pixel. Every script means something, and the same everywhere.

pub mod frame;
pub mod grid;
pub mod paint;
pub mod script;
pub mod seeds;
pub mod symbol;

use fuzzing::Target;

/// All targets.
pub const TARGETS: [Target; 2] = [
    Target { name: "frame", run: frame::run, seeds: seeds::frames },
    Target { name: "grid", run: grid::run, seeds: seeds::grids },
];
