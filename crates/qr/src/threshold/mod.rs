//! Where dark ends and light begins: frames at a smaller scale, and a threshold for every block of one.

mod block;
mod reduce;

#[cfg(test)]
mod tests;

pub(crate) use block::{BLOCK, Thresholds};
pub(crate) use reduce::{Reduced, Region};
