//! What the page may ask. A few lines each; what they do is elsewhere.

use std::time::Duration;

use camera::Source;
use picture::{Picture, Unreadable};
use serde::{Deserialize, Serialize};
use station::view::{Sample, Status, SubmissionView};
use tauri::State;
use tauri::async_runtime::spawn_blocking;
use tauri::ipc::{Channel, InvokeBody, Request, Response};

use crate::page::{Failure, Happening};
use crate::scan::texts_in;
use crate::shell::{Eyes, Shell, now};

/// How long a preview request waits for a newer frame: longer than a frame of any camera takes, short enough for
/// the page to notice that it was told to stop.
const PREVIEW_WAIT: Duration = Duration::from_millis(250);

/// A camera that can be opened.
#[derive(Serialize)]
pub(crate) struct DeviceView {
    id: String,
    name: String,
}

/// What the page has to know before it does anything else.
#[derive(Serialize)]
pub(crate) struct AppView {
    /// The page has to read codes itself, with its own camera.
    page_camera: bool,
    /// The page is to begin with the demo camera, all samples in turn.
    demo_camera: bool,
}

/// A span of time, half-open, seconds UTC: the page knows the local day.
#[derive(Deserialize)]
pub(crate) struct Span {
    pub(crate) from: i64,
    pub(crate) until: i64,
}

/// The app and the device that it runs on.
#[tauri::command]
pub(crate) fn device(shell: State<'_, Shell>) -> AppView {
    AppView { page_camera: shell.eyes == Eyes::Page, demo_camera: shell.begins_with_demo }
}

/// Makes this page the one that is told of verdicts and of the camera. A page that was loaded anew is staff's.
#[tauri::command]
pub(crate) fn listen(shell: State<'_, Shell>, channel: Channel<Happening>) {
    shell.station().lock();
    shell.carrying.forget();
    shell.page.listen(channel);
    shell.page.tell(Happening::Camera(shell.camera_view()));
}

/// The station at a glance, with the counts of this `day` and of this `hour`.
#[tauri::command(async)]
pub(crate) fn status(shell: State<'_, Shell>, day: Span, hour: Span) -> Status {
    shell.status(day.from..day.until, hour.from..hour.until)
}

/// Whose shift it is from now on; nobody's in particular where `operator` is null.
#[tauri::command(async)]
pub(crate) fn begin_shift(shell: State<'_, Shell>, operator: Option<u32>) -> Result<(), Failure> {
    Ok(shell.station().begin_shift(operator, now())?)
}

/// One person went out.
#[tauri::command(async)]
pub(crate) fn person_left(shell: State<'_, Shell>) -> Result<(), Failure> {
    Ok(shell.station().person_left()?)
}

/// Which of the policy's modes counts from now on.
#[tauri::command(async)]
pub(crate) fn switch_mode(shell: State<'_, Shell>, mode: String) -> Result<(), Failure> {
    Ok(shell.station().switch_mode(&mode, now())?)
}

/// The cameras of this machine.
#[tauri::command(async)]
pub(crate) fn cameras() -> Vec<DeviceView> {
    camera::devices().into_iter().map(|device| DeviceView { id: device.id, name: device.name }).collect()
}

/// Turns to a camera; the first one where `id` is null.
#[tauri::command(async)]
pub(crate) fn camera_start(shell: State<'_, Shell>, id: Option<String>) {
    shell.watch(Source::Camera(id));
}

/// Turns the camera off.
#[tauri::command(async)]
pub(crate) fn camera_stop(shell: State<'_, Shell>) {
    shell.stop();
}

/// Turns to the demo camera.
#[tauri::command(async)]
pub(crate) fn demo_start(shell: State<'_, Shell>) {
    shell.watch(Source::Demo(shell.demo.clone()));
}

/// Holds one sample before the demo camera; all in turn where `index` is null.
#[tauri::command]
pub(crate) fn demo_show(shell: State<'_, Shell>, index: Option<usize>) {
    shell.demo.show(index);
}

/// The demo camera's samples.
#[tauri::command]
pub(crate) fn samples(shell: State<'_, Shell>) -> Vec<Sample> {
    shell.samples.clone()
}

/// The newest frame other than `after`, as its number (64 bits, little-endian) and an image file; empty where none
/// comes soon.
#[tauri::command]
pub(crate) async fn preview(shell: State<'_, Shell>, after: Option<u64>) -> Result<Response, Failure> {
    let frames = shell.frames.clone();
    let message = spawn_blocking(move || {
        let frame = frames.other_than(after, PREVIEW_WAIT)?;
        let picture = frame.preview()?;
        Some([&frame.seq.to_le_bytes(), &*picture.bytes].concat())
    });
    let message = message.await.map_err(|error| Failure::new("shell", error))?;
    Ok(Response::new(message.unwrap_or_default()))
}

/// Judges a text that was pasted or typed.
#[tauri::command(async)]
pub(crate) fn submit(shell: State<'_, Shell>, text: String) -> SubmissionView {
    shell.submit(&text)
}

/// Judges every code in an image file, the request's body.
#[tauri::command(async)]
pub(crate) fn scan_image(
    shell: State<'_, Shell>,
    request: Request<'_>,
) -> Result<Vec<SubmissionView>, Failure> {
    let InvokeBody::Raw(file) = request.body() else {
        return Err(Failure::new("image_unreadable", "no file in the request"));
    };
    let picture = Picture::decode(file)?;
    let texts = texts_in(&picture);
    if texts.is_empty() {
        return Err(Failure::new("image_without_code", ""));
    }
    Ok(texts.iter().map(|text| shell.submit(text)).collect())
}

impl From<Unreadable> for Failure {
    fn from(unreadable: Unreadable) -> Self {
        let problem = match unreadable {
            Unreadable::TooLarge => "image_too_large",
            _ => "image_unreadable",
        };
        Self::new(problem, unreadable)
    }
}
