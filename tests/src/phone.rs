//! The page as a phone has it: in Chromium, reading codes with its own camera, before the app's real commands.

use crate::door::{READ_VERDICT, built, dismiss, make_demo, picture, sample, verdict};
use crate::webdriver::{PATIENCE, Phone as Device, Window};
use camera::Demo;
use camera::scene::Card;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, GrayImage, ImageEncoder, RgbImage};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// A common phone's page, in CSS pixels.
pub const SIZE: [u32; 2] = [360, 740];

/// What a phone's camera gives.
const FRAME: (usize, usize) = (1280, 720);
/// Chromium plays a file of JPEG pictures at this rate.
const FPS: u32 = 30;
/// The same hand in every run.
const SEED: u64 = 7;
/// Quality of the video's pictures, of 100: a phone's own.
const QUALITY: u8 = 85;

/// A phone before a demo station, with a video for its camera.
pub struct Phone {
    /// The page.
    pub window: Window,
    folder: TempDir,
    bridge: Child,
}

/// What its camera sees.
pub enum View<'a> {
    /// These sample passes, held before it one after the other, again and again.
    Samples(&'a [&'a str]),
    /// An empty desk.
    Nothing,
    /// There is no camera.
    NoCamera,
}

impl Phone {
    /// A new demo station, and the page in a browser of a phone's size whose system speaks `language`.
    ///
    /// # Panics
    /// Something cannot be started.
    pub fn open(view: &View<'_>, language: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let station = folder.path().join("station");
        make_demo(&station);
        let video = match view {
            View::NoCamera => None,
            View::Nothing => Some(film(&station, &[], folder.path())),
            View::Samples(names) => Some(film(&station, names, folder.path())),
        };
        let (bridge, address) = bridge(&station);
        let device = Device { size: SIZE, video: video.as_deref(), language };
        let window = Window::phone(&address, &device, folder.path());
        window.wait_for("[data-testid=counts-accepted]");
        Self { window, folder, bridge }
    }

    /// The station's folder.
    pub fn station(&self) -> PathBuf {
        self.folder.path().join("station")
    }

    /// The verdict with this reason, as soon as it stands on the screen.
    pub fn verdict(&self, reason: &str) -> Value {
        verdict(&self.window, reason)
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

impl Drop for Phone {
    fn drop(&mut self) {
        let _ = self.bridge.kill();
        let _ = self.bridge.wait();
    }
}

/// The page's server, and its address.
fn bridge(station: &Path) -> (Child, String) {
    let program = built("examples/bridge");
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/dist");
    let mut command = Command::new(&program);
    command.arg("--station").arg(station).args(["--page", page]).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| {
        panic!("{}: {error}; build the workspace with --all-targets first", program.display())
    });
    let mut address = String::new();
    let out = child.stdout.take().expect("it is piped");
    let read = BufReader::new(out).read_line(&mut address);
    assert!(read.is_ok_and(|length| length > 0), "the bridge ended without an address");
    (child, address.trim().to_owned())
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
    let (width, height) = (FRAME.0 as u32, FRAME.1 as u32);
    let grey = GrayImage::from_raw(width, height, luma.to_vec()).expect("a frame of this size");
    let colour = RgbImage::from_fn(width, height, |x, y| image::Rgb([grey.get_pixel(x, y).0[0]; 3]));
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    encoder.write_image(&colour, width, height, ExtendedColorType::Rgb8).expect("a JPEG");
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
