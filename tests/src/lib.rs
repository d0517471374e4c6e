//! Tests of the whole system.

#[cfg(feature = "window")]
pub mod door;
#[cfg(feature = "window")]
mod film;
#[cfg(feature = "window")]
pub mod phone;
#[cfg(feature = "window")]
pub mod process;
#[cfg(feature = "window")]
pub mod screen;
#[cfg(feature = "window")]
pub mod started;
#[cfg(feature = "window")]
pub mod webdriver;
