//! No camera of our own on phones: there the webview gives the camera to the page, and nothing reaches it from here.
//!
//! None is ever found, so a feed says [`State::NoCamera`](crate::State::NoCamera) until it is dropped.

use std::time::Duration;

use crate::Running;
use crate::capture::{self, Device, Fault, Shot};

/// The system's cameras: none.
pub(crate) struct Cameras;

/// A camera that streams: there cannot be one.
pub(crate) enum Stream {}

pub(crate) fn devices() -> Vec<Device> {
    Vec::new()
}

impl capture::Cameras for Cameras {
    type Stream = Stream;

    fn devices(&mut self) -> Vec<Device> {
        devices()
    }

    fn open(&mut self, _device: &Device) -> Result<(Stream, Running), Fault> {
        Err(Fault::Gone)
    }
}

impl capture::Stream for Stream {
    fn next(&mut self, _wait: Duration) -> Result<Option<Shot>, Fault> {
        match *self {}
    }
}
