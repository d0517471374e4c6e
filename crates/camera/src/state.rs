//! What a feed is doing, as people are told.

use std::fmt;

/// What a feed is doing now. Every state but [`State::Running`] is left without help as soon as its cause is gone.
#[derive(Clone, Debug, PartialEq)]
pub enum State {
    /// The camera is being opened, or has not sent its first picture yet.
    Opening,
    /// Pictures arrive.
    Running(Running),
    /// No camera is connected, or not the one that was asked for.
    NoCamera,
    /// The system does not let this user open the camera.
    NoPermission,
    /// Another program uses the camera.
    Busy,
    /// The camera was pulled out while it was in use.
    Unplugged,
    /// The camera is open but sends no pictures.
    Stalled,
    /// The camera cannot be used; the text is the system's reason, for a technician.
    Failed(String),
}

/// The camera that runs, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// The camera's name.
    pub device: String,
    /// Where the system has it, such as `/dev/video0`.
    pub path: String,
    /// Width of its pictures in pixels.
    pub width: u32,
    /// Height of its pictures in pixels.
    pub height: u32,
    /// Pictures per second as agreed with the camera; fewer may arrive in bad light.
    pub fps: f32,
    /// Format of its pictures: a V4L2 four-character code such as `MJPG`, or `demo`.
    pub format: String,
}

impl State {
    /// The name to translate by, `snake_case`.
    pub fn name(&self) -> &'static str {
        match self {
            State::Opening => "opening",
            State::Running(_) => "running",
            State::NoCamera => "no_camera",
            State::NoPermission => "no_permission",
            State::Busy => "busy",
            State::Unplugged => "unplugged",
            State::Stalled => "stalled",
            State::Failed(_) => "failed",
        }
    }
}

/// One English line: what is the matter and what to do.
impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            State::Opening => f.write_str("Opening the camera."),
            State::Running(Running { device, width, height, fps, format, .. }) => {
                write!(f, "{device}: {width}×{height}, {fps:.0} pictures per second, {format}.")
            }
            State::NoCamera => f.write_str("No camera found: connect one; it starts by itself."),
            State::NoPermission => f.write_str(
                "No permission to use the camera: allow it in the system's settings (Linux: add this user to the group \"video\").",
            ),
            State::Busy => f.write_str("Another program uses the camera: close that program."),
            State::Unplugged => f.write_str("The camera was unplugged: plug it in again."),
            State::Stalled => {
                f.write_str("The camera sends no pictures: wait a moment, or unplug it and plug it in again.")
            }
            State::Failed(reason) => write!(f, "The camera does not work ({reason}): try another one."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_a_name_of_its_own_and_one_line_to_say() {
        let running = Running {
            device: "A".to_owned(),
            path: "/dev/video0".to_owned(),
            width: 1280,
            height: 720,
            fps: 29.97,
            format: "MJPG".to_owned(),
        };
        let failed = State::Failed("No space left on device".to_owned());
        let states = [
            State::Opening,
            State::Running(running),
            State::NoCamera,
            State::NoPermission,
            State::Busy,
            State::Unplugged,
            State::Stalled,
            failed,
        ];
        let names: std::collections::HashSet<_> = states.iter().map(State::name).collect();
        assert_eq!(names.len(), states.len());
        for state in &states {
            assert!(state.name().chars().all(|c| c.is_ascii_lowercase() || c == '_'));
            assert!(!state.to_string().contains('\n') && state.to_string().ends_with('.'), "{state}");
        }
    }
}
