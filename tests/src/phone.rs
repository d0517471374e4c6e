//! The page as a phone has it: in Chromium, reading codes with its own camera, before the app's real commands.

use crate::door::{
    READ_VERDICT, built, dismiss, make_demo, newer_keys, picture, propusk, proven, run, sample, turn, verdict,
};
use crate::film;
use crate::started::{Running, start};
use crate::webdriver::{PATIENCE, Phone as Device, Window};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::MutexGuard,
};
use tempfile::TempDir;

/// A common phone's page, in CSS pixels.
pub const SIZE: [u32; 2] = [360, 740];

/// Notes when the camera's picture first became another, and when the first verdict was there.
const WATCH: &str = "
    window.seen = { change: 0, verdict: 0 };
    const small = new OffscreenCanvas(32, 18).getContext('2d', { willReadFrequently: true });
    let first = null;
    const look = () => {
        const video = document.querySelector('[data-testid=video]');
        if (video?.readyState > 1 && !seen.change) {
            small.drawImage(video, 0, 0, 32, 18);
            const { data } = small.getImageData(0, 0, 32, 18);
            first ??= data;
            const difference = data.reduce((sum, value, at) => sum + Math.abs(value - first[at]), 0) / data.length;
            if (difference > 5) seen.change = performance.now();
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
    /// An empty desk, and from one frame to the next this sample pass, held still.
    Appearing(&'a str),
    /// Another screen, which shows newer keys as an animated QR code.
    NewerKeys,
    /// An inspector's device, which shows its cosignature as a QR code.
    Cosignature,
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
            View::Samples(names) => {
                let pictures: Vec<_> = names.iter().map(|name| sample(&station, name)).collect();
                Some(film::in_a_hand(&pictures, folder.path()))
            }
            View::NewerKeys => {
                let package = std::fs::read(newer_keys(&station)).expect("the package");
                Some(film::of_a_screen(&package, folder.path()))
            }
            View::Cosignature => Some(film::of_a_text(&cosignature(&station), folder.path())),
            View::Appearing(name) => Some(film::appearing(&sample(&station, name), folder.path())),
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

    /// Milliseconds from the first frame that was another ([`View::Appearing`]) to the first verdict on the screen.
    pub fn took(&self) -> f64 {
        let seen = self.window.script("return seen", json!([]));
        let at = |what: &str| {
            seen[what].as_f64().filter(|&at| at > 0.0).unwrap_or_else(|| panic!("{what}: {seen}"))
        };
        at("verdict") - at("change")
    }

    /// The reasons of all entries in the station's log, oldest first.
    pub fn logged(&self) -> Vec<String> {
        proven(&self.station()).1
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

/// The station's log, of one scan, cosigned by an inspector's device that is new to it.
fn cosignature(station: &Path) -> String {
    let (request, witness) = (station.join("request.txt"), station.join("witness"));
    run(propusk()
        .args(["verify", "--admit"])
        .arg(sample(station, "valid_test"))
        .arg("--station")
        .arg(station));
    run(propusk().args(["log", "checkpoint", "--station"]).arg(station).arg("--out").arg(&request));
    run(propusk().args(["witness", "new", "--name", "inspection.example/anna"]).arg(&witness));
    run(propusk().args(["witness", "cosign", "--new-log"]).arg(&witness).arg(&request))
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

/// How long anything may take at a phone's speed.
pub const SLOW: std::time::Duration = PATIENCE.saturating_mul(2);
