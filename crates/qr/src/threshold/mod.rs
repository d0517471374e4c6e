//! Where dark ends and light begins: frames at a smaller scale, and a threshold for every block of one.

mod block;
mod enlarge;
mod reduce;

#[cfg(test)]
mod tests;

pub(crate) use block::{BLOCK, Thresholds};
pub(crate) use enlarge::Enlarged;
pub(crate) use reduce::{Reduced, Region};
