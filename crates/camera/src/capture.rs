//! The thread that talks to the camera: finds it, opens it, takes frames, and does so again after a fault.

use std::time::{Duration, Instant};

use crate::mailbox::{Line, Report};
use crate::{Picture, Running, State};

/// A camera of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Names the camera and the socket it is plugged into; the same after a restart.
    pub id: String,
    /// The camera's name, for people.
    pub name: String,
    /// Where the system has it now, such as `/dev/video0`; may change when it is plugged in again.
    pub path: String,
}

/// A system's cameras.
pub(crate) trait Cameras {
    type Stream: Stream;

    fn devices(&mut self) -> Vec<Device>;

    /// Opens one and starts it in the best of its formats.
    fn open(&mut self, device: &Device) -> Result<(Self::Stream, Running), Fault>;
}

/// A camera that is open. Dropping it sets the device free.
pub(crate) trait Stream {
    /// The next picture; `None` where none came within about `wait`, or a damaged one.
    fn next(&mut self, wait: Duration) -> Result<Option<Shot>, Fault>;
}

/// A picture before it has its place in the feed.
pub(crate) struct Shot {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) picture: Picture,
}

/// Why a camera cannot be used now.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fault {
    Gone,
    NoPermission,
    Busy,
    Silent,
    Other(String),
}

/// How long the thread waits for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// Between two attempts to find and open a camera.
    pub(crate) retry: Duration,
    /// For a picture, before looking whether to stop.
    pub(crate) turn: Duration,
    /// Without a picture, before the camera is closed and opened anew.
    pub(crate) reopen: Duration,
}

/// Takes frames until `line` closes. `wanted`: a camera's id, path or name; the first camera where `None`.
pub(crate) fn run(mut cameras: impl Cameras, wanted: Option<&str>, line: &Line, patience: Patience) {
    let mut last: Option<Device> = None;
    while line.is_open() {
        let devices = cameras.devices();
        let fault = match choose(&devices, wanted, last.as_ref()) {
            None => Some(Fault::Gone),
            Some(device) => attempt(&mut cameras, device, &mut last, line, patience),
        };
        if let Some(fault) = fault {
            line.send(Report::State(state(fault, last.is_some())));
            line.wait(patience.retry);
        }
    }
}

/// `None` where the line was closed.
fn attempt(
    cameras: &mut impl Cameras,
    device: &Device,
    last: &mut Option<Device>,
    line: &Line,
    patience: Patience,
) -> Option<Fault> {
    line.send(Report::State(State::Opening));
    match cameras.open(device) {
        Err(fault) => Some(fault),
        Ok((stream, running)) => {
            *last = Some(device.clone());
            line.send(Report::Opened(running));
            pump(stream, line, patience)
        }
    }
}

fn pump(mut stream: impl Stream, line: &Line, patience: Patience) -> Option<Fault> {
    let mut taken = Instant::now();
    while line.is_open() {
        match stream.next(patience.turn) {
            Err(fault) => return Some(fault),
            Ok(Some(shot)) => {
                taken = Instant::now();
                line.send(Report::Shot(shot));
            }
            Ok(None) if taken.elapsed() >= patience.reopen => return Some(Fault::Silent),
            Ok(None) => {}
        }
    }
    None
}

/// The wanted camera; failing that, the one used last under a new path or in another socket.
fn choose<'a>(devices: &'a [Device], wanted: Option<&str>, last: Option<&Device>) -> Option<&'a Device> {
    let find = |test: &dyn Fn(&Device) -> bool| devices.iter().find(|device| test(device));
    let used = |last: &Device| find(&|d| d.id == last.id).or_else(|| find(&|d| d.name == last.name));
    match wanted {
        Some(wanted) => find(&|d| d.id == wanted)
            .or_else(|| last.and_then(used))
            .or_else(|| find(&|d| d.path == wanted || d.name == wanted)),
        None => last.and_then(used).or(devices.first()),
    }
}

fn state(fault: Fault, used_before: bool) -> State {
    match fault {
        Fault::Gone if used_before => State::Unplugged,
        Fault::Gone => State::NoCamera,
        Fault::NoPermission => State::NoPermission,
        Fault::Busy => State::Busy,
        Fault::Silent => State::Stalled,
        Fault::Other(reason) => State::Failed(reason),
    }
}

#[cfg(test)]
mod tests;
