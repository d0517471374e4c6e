//! The scan log under faults: what was acknowledged is there afterwards, what
//! went wrong is told in one line, and scanning goes on when it is over.
//!
//! `cargo xtask faults` runs them in greater numbers.

mod access;
mod flips;
mod gone;
mod medium;
mod message;
mod power;
mod progress;
mod purge;
mod sample;
