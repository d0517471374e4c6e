//! Tests of the whole system.

#[cfg(feature = "window")]
pub mod door;
#[cfg(feature = "window")]
pub mod webdriver;
