//! The page as a phone has it: in Chromium, reading codes with its own camera, before the app's real commands.

use crate::door::{READ_VERDICT, built, dismiss, make_demo, picture, sample, turn, verdict};
use crate::webdriver::{PATIENCE, Phone as Device, Running, Window, start};
use camera::Demo;
use camera::scene::Card;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::MutexGuard,
};
use tempfile::TempDir;

/// A common phone's page, in CSS pixels.
pub const SIZE: [u32; 2] = [360, 740];

/// What a phone's camera gives.
const FRAME: (usize, usize) = (1280, 720);
/// Chromium plays a file of JPEG pictures at 30 a second: the hand moves twice as fast as it is drawn. A file of twice
/// the length kept Chromium 156 from opening the page at all.
const FPS: u32 = 15;
/// The same hand in every run.
const SEED: u64 = 7;
/// Quality of the video's pictures, of 100: a phone's own.
const QUALITY: u8 = 85;

/// Notes when most of the camera's picture first was as bright as paper, and when the first verdict was there.
const WATCH: &str = "
    window.seen = { code: 0, verdict: 0 };
    const canvas = new OffscreenCanvas(16, 9).getContext('2d', { willReadFrequently: true });
    const look = () => {
        const video = document.querySelector('[data-testid=video]');
        if (video?.readyState > 1 && !seen.code) {
            canvas.drawImage(video, 0, 0, 16, 9);
            const { data } = canvas.getImageData(5, 2, 6, 5);
            const bright = data.filter((value, at) => at % 4 === 0 && value > 125).length;
            if (bright > 15) seen.code = performance.now();
        }
        if (document.querySelector('[data-testid=verdict]')) seen.verdict = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);";

/// A phone before a demo station, with a video for its camera.
pub struct Phone {
    /// The page.
    pub window: Window,
    folder: TempDir,
    _bridge: Running,
    _turn: MutexGuard<'static, ()>,
}

/// What its camera sees.
pub enum View<'a> {
    /// These sample passes, held before it one after the other, again and again.
    Samples(&'a [&'a str]),
    /// There is no camera.
    NoCamera,
}

impl Phone {
    /// A new demo station, and the page in a browser of a phone's size whose system speaks `language`.
    ///
    /// # Panics
    /// Something cannot be started.
    pub fn open(view: &View<'_>, language: &str) -> Self {
        Self::slower(view, language, 1)
    }

    /// The same, the page being so many times slower than this machine.
    ///
    /// # Panics
    /// As [`Phone::open`].
    pub fn slower(view: &View<'_>, language: &str, slower: u32) -> Self {
        let turn = turn();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let station = folder.path().join("station");
        make_demo(&station);
        let video = match view {
            View::NoCamera => None,
            View::Samples(names) => Some(film(&station, names, folder.path())),
        };
        let (bridge, address) = bridge(&station);
        let device = Device { size: SIZE, video: video.as_deref(), language, slower, script: WATCH };
        let window = Window::phone(&address, &device, folder.path());
        window.wait_for("[data-testid=counts-accepted]");
        Self { window, folder, _bridge: bridge, _turn: turn }
    }

    /// The station's folder.
    pub fn station(&self) -> PathBuf {
        self.folder.path().join("station")
    }

    /// The verdict with this reason, as soon as it stands on the screen.
    pub fn verdict(&self, reason: &str) -> Value {
        verdict(&self.window, reason)
    }

    /// Milliseconds from the first frame with a code in view to the first verdict on the screen.
    pub fn took(&self) -> f64 {
        let took = self.window.script("return seen.verdict - seen.code", json!([]));
        took.as_f64().expect("both were seen")
    }

    /// What stands on the verdict screen now; null where there is none.
    pub fn look(&self) -> Value {
        self.window.script(READ_VERDICT, json!([]))
    }

    /// Takes the verdict off the screen, as a tap does.
    pub fn dismiss(&self) {
        dismiss(&self.window);
    }

    /// A sample pass's picture.
    pub fn sample(&self, name: &str) -> PathBuf {
        sample(&self.station(), name)
    }

    /// Leaves a picture of the page in `target/window`.
    pub fn picture(&self, name: &str) {
        picture(&self.window, name);
    }

    /// Everything that the page complained of, content security policy included.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.window.browser_log();
        let severe = |line: &&Value| line["level"] == "SEVERE";
        log.iter()
            .filter(severe)
            .map(|line| line["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

/// The page's server, and its address.
fn bridge(station: &Path) -> (Running, String) {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/dist");
    let mut command = Command::new(built("examples/bridge"));
    command.arg("--station").arg(station).args(["--page", page]).stdout(Stdio::piped());
    let mut bridge = start(&mut command, "none: build the workspace with --all-targets");
    let mut address = String::new();
    let out = bridge.0.stdout.take().expect("it is piped");
    let read = BufReader::new(out).read_line(&mut address);
    assert!(read.is_ok_and(|length| length > 0), "the bridge ended without an address");
    (bridge, address.trim().to_owned())
}

/// A video of sample passes in a hand, as JPEG pictures one behind the other.
fn film(station: &Path, names: &[&str], folder: &Path) -> PathBuf {
    let cards: Vec<Card> = names.iter().map(|name| card(&sample(station, name))).collect();
    let turns = cards.len().max(1) as u64;
    let demo = Demo::new(cards, FRAME.0, FRAME.1, FPS, SEED);
    let path = folder.join("camera.mjpeg");
    let mut file = BufWriter::new(File::create(&path).expect("a file for the video"));
    let mut luma = Vec::new();
    for number in 0..turns * demo.frames_per_turn() {
        demo.render(number, &mut luma);
        file.write_all(&jpeg(&luma)).expect("room for the video");
    }
    file.flush().expect("room for the video");
    path
}

fn jpeg(luma: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    encoder.write_image(luma, FRAME.0 as u32, FRAME.1 as u32, ExtendedColorType::L8).expect("a JPEG");
    bytes
}

fn card(picture: &Path) -> Card {
    let bytes = fs::read(picture).expect("a sample pass");
    let grey = image::load_from_memory(&bytes).expect("a picture").into_luma8();
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let luma = qr::Luma::new(&grey, width, height, width).expect("a picture's luma");
    Card::picture(luma).expect("a picture that fits")
}

/// How long anything may take at a phone's speed.
pub const SLOW: std::time::Duration = PATIENCE.saturating_mul(2);
