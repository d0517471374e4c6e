//! Sources of frames: real cameras behind a watchdog, and the demo camera.
//!
//! Start at [`Feed::start`]: it hands frames and changes of [`State`] to a closure until it is dropped, through
//! unplugging, stalling and other programs' use of the camera. [`watch`](watch()) is the same for a terminal,
//! [`Demo`] a camera without hardware, [`scene`] the pictures that it shows.

// Phones have no camera for the machinery of real ones.
#![cfg_attr(not(any(target_os = "linux", target_os = "macos", windows)), allow(dead_code))]

pub mod scene;

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod system;
#[cfg(any(target_os = "macos", windows))]
#[path = "nokhwa.rs"]
mod system;
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
#[path = "none.rs"]
mod system;

mod capture;
mod convert;
mod demo;
mod feed;
mod frame;
mod jpeg;
mod mailbox;
mod mode;
mod state;
mod watch;

pub use capture::Device;
pub use demo::Demo;
pub use feed::{Feed, Happening, Source};
pub use frame::{Frame, Picture, Preview};
pub use state::{Running, State};
pub use watch::{Limits, Options, Summary, watch};

/// No side of a picture may be longer, in pixels: no camera in use comes near, and it bounds memory.
pub const MAX_SIDE: usize = 8192;

/// The cameras of this machine, in the system's order, without nodes that carry no pictures.
///
/// A camera that this user may not open is listed too. On a phone none is: there the page has the camera.
pub fn devices() -> Vec<Device> {
    system::devices()
}
