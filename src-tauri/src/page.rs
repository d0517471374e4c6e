//! What the shell tells the page without being asked.

use std::sync::{Mutex, PoisonError};

use camera::State;
use serde::Serialize;
use station::Denied;
use station::view::{DeniedView, SubmissionView};
use tauri::ipc::Channel;

use crate::keys::Coming;

/// A word to the page.
#[derive(Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Happening {
    /// A code was shown to the camera and judged.
    Verdict(Box<SubmissionView>),
    /// The camera does something else now.
    Camera(CameraView),
    /// Why a code in view is not read, by its name; null once that is over.
    Hint(Option<&'static str>),
    /// More of the keys that are waited for has come.
    Keys(Coming),
    /// What the camera read while an inspector waits for a cosignature; null where it is none.
    Answer(Option<String>),
}

/// What the camera does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct CameraView {
    /// A name to translate by: `off`, or one of [`State::name`].
    state: &'static str,
    /// It is the demo camera.
    demo: bool,
    /// The running camera's name.
    device: Option<String>,
    /// The system's reason for a failure, for a technician.
    detail: Option<String>,
}

/// Why something that the page asked for could not be done.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Failure {
    /// The shell could not do it.
    Shell {
        /// A name to translate by.
        problem: &'static str,
        /// The reason, for a technician.
        detail: String,
    },
    /// The station did not do it.
    Denied(DeniedView),
}

/// The page's ear: nobody's before the page is there, another's after it was loaded anew.
#[derive(Default)]
pub(crate) struct Page {
    channel: Mutex<Option<Channel<Happening>>>,
}

impl CameraView {
    /// No camera is asked for.
    pub(crate) fn off() -> Self {
        Self { state: "off", demo: false, device: None, detail: None }
    }

    /// What a feed's state looks like.
    pub(crate) fn new(state: &State, demo: bool) -> Self {
        let (device, detail) = match state {
            State::Running(running) => (Some(running.device.clone()), None),
            State::Failed(reason) => (None, Some(reason.clone())),
            _ => (None, None),
        };
        Self { state: state.name(), demo, device, detail }
    }
}

impl Failure {
    /// A failure of the shell by its name.
    pub(crate) fn new(problem: &'static str, detail: impl ToString) -> Self {
        Self::Shell { problem, detail: detail.to_string() }
    }
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied.view())
    }
}

impl Page {
    /// From now on this page listens.
    pub(crate) fn listen(&self, channel: Channel<Happening>) {
        *self.channel.lock().unwrap_or_else(PoisonError::into_inner) = Some(channel);
    }

    /// Tells the page. Where none listens, nobody needs to know.
    pub(crate) fn tell(&self, happening: Happening) {
        if let Some(channel) = &*self.channel.lock().unwrap_or_else(PoisonError::into_inner) {
            // The window is closing: there is nobody left to tell.
            let _ = channel.send(happening);
        }
    }
}
