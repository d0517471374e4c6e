//! What the commands share: the station, the camera's feed, and the page.

use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use camera::{Demo, Feed, Source};
use key_store::SystemKeyStore;
use qr::Hint;
use station::view::{Moment, Sample, Status, SubmissionView};
use station::{RELEASED_AT, Random, Role, Station};

use crate::demo;
use crate::frames::Frames;
use crate::keys::Carrying;
use crate::page::{CameraView, Happening, Page};
use crate::running::Running;
use crate::scan::{self, Seen};

/// Whose camera reads the codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eyes {
    /// The shell's: frames stay in Rust, the page is shown pictures of them.
    Shell,
    /// The page's: frames stay in the webview, only texts come here.
    Page,
}

/// The station with a camera and a page.
pub struct Shell {
    /// Whose camera reads the codes.
    pub(crate) eyes: Eyes,
    /// The page is to begin with the demo camera.
    pub(crate) begins_with_demo: bool,
    desk: Arc<Desk>,
    /// The newest frame.
    pub(crate) frames: Arc<Frames>,
    /// Who listens.
    pub(crate) page: Arc<Page>,
    /// The demo camera's sample passes.
    pub(crate) samples: Vec<Sample>,
    /// The demo camera.
    pub(crate) demo: Demo,
    /// Keys that come or go over the page.
    pub(crate) carrying: Arc<Carrying>,
    camera: Mutex<Camera>,
    running: Running,
}

/// The station behind a lock: one text is judged and logged at a time.
struct Desk(Mutex<Station>);

struct Camera {
    feed: Option<Feed>,
    view: Arc<Mutex<CameraView>>,
}

impl Shell {
    /// Opens the station in this folder; its camera stays off.
    ///
    /// # Errors
    /// The station's.
    pub fn open(folder: &Path, eyes: Eyes) -> Result<Self, station::Error> {
        let station = Station::open(folder, &SystemKeyStore, random())?.not_before(RELEASED_AT);
        let (samples, cards) = demo::samples(station.folder());
        let shell = Self {
            eyes,
            begins_with_demo: false,
            desk: Arc::new(Desk(Mutex::new(station))),
            frames: Arc::default(),
            page: Arc::default(),
            samples,
            demo: demo::camera(cards),
            carrying: Arc::default(),
            running: Running::default(),
            camera: Mutex::new(Camera { feed: None, view: Arc::new(Mutex::new(CameraView::off())) }),
        };
        let (desk, page, carrying) = (shell.desk.clone(), shell.page.clone(), shell.carrying.clone());
        scan::spawn(shell.frames.clone(), move |seen| {
            let happening = match seen {
                Seen::Text(text) if carrier::is_frame(&text) => carrying.take(&text).map(Happening::Keys),
                Seen::Text(_) if carrying.is_receiving() && desk.is_open_to(Role::Admin) => None,
                Seen::Text(text) if carrying.awaits_answer() && desk.is_open_to(Role::Inspector) => {
                    Some(Happening::Answer(station::is_cosignature(&text).then_some(text)))
                }
                Seen::Text(text) => Some(Happening::Verdict(Box::new(desk.submit(&text)))),
                Seen::Hint(hint) => Some(Happening::Hint(hint.map(Hint::name))),
            };
            happening.into_iter().for_each(|happening| page.tell(happening));
        });
        Ok(shell)
    }

    /// Opens the user's own station. Where there is none, a demo station is made: it says on every screen what it is.
    pub(crate) fn open_own(folder: &Path, eyes: Eyes) -> Result<Self, station::Error> {
        match station::demo::ensure(folder, now(), &mut random()) {
            Ok(_) | Err(station::Error::NotADemo(_)) => Self::open(folder, eyes),
            Err(error) => Err(error),
        }
    }

    /// Judges a text and logs the verdict.
    pub(crate) fn submit(&self, text: &str) -> SubmissionView {
        self.desk.submit(text)
    }

    /// The station at a glance, with the counts of a day and an hour (half-open, seconds UTC).
    pub(crate) fn status(&self, day: Range<i64>, hour: Range<i64>) -> Status {
        let mut station = self.station();
        station.follow_refresh();
        if let Some(reading) = self.running.reading(now()) {
            station.look_at_clock(reading);
        }
        // Where the system does not say, nothing is warned of.
        let free_bytes = fs4::available_space(station.folder().root()).ok();
        Status::new(&station, &Moment { now: now(), day, hour, free_bytes })
    }

    /// Whether the window is not to be closed: a kiosk's is not by whoever stands before it.
    #[cfg(desktop)]
    pub(crate) fn stays_open(&self) -> bool {
        let station = self.station();
        station.settings().kiosk && station.session(now()).is_none()
    }

    /// The station; scans wait while it is held.
    pub(crate) fn station(&self) -> MutexGuard<'_, Station> {
        self.desk.station()
    }

    /// Turns to another camera. The one before is let go first: two feeds would be in each other's way.
    pub(crate) fn watch(&self, source: Source) {
        let demo = matches!(source, Source::Demo(_));
        let mut camera = self.camera();
        camera.feed = None;
        self.frames.clear();
        let (frames, page, view) = (self.frames.clone(), self.page.clone(), camera.view.clone());
        camera.feed = Some(Feed::start(source, move |happening| match happening {
            camera::Happening::Frame(frame) => frames.put(frame),
            camera::Happening::State(state) => enter(&page, &view, CameraView::new(&state, demo)),
        }));
    }

    /// Turns the camera off.
    pub(crate) fn stop(&self) {
        let mut camera = self.camera();
        camera.feed = None;
        self.frames.clear();
        enter(&self.page, &camera.view, CameraView::off());
    }

    /// What the camera does now, for a page that begins to listen.
    pub(crate) fn camera_view(&self) -> CameraView {
        lock(&self.camera().view).clone()
    }

    fn camera(&self) -> MutexGuard<'_, Camera> {
        lock(&self.camera)
    }
}

impl Desk {
    /// Whether a role is unlocked: where the session ran out by itself, what the camera sees are passes again.
    fn is_open_to(&self, role: Role) -> bool {
        self.station().session(now()).is_some_and(|session| session.role == role)
    }

    fn submit(&self, text: &str) -> SubmissionView {
        SubmissionView::new(&self.station().submit(text, now()))
    }

    fn station(&self) -> MutexGuard<'_, Station> {
        lock(&self.0)
    }
}

fn enter(page: &Page, view: &Mutex<CameraView>, state: CameraView) {
    *lock(view) = state.clone();
    page.tell(Happening::Camera(state));
}

/// A panic elsewhere leaves the value behind a lock whole: every change is one assignment or one transaction.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Seconds UTC by this device's clock.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn random() -> Random {
    // A device without randomness can neither hide an identity nor prove a log: better no window at all.
    Box::new(|buffer| getrandom::fill(buffer).expect("the operating system gives random bytes"))
}
