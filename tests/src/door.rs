//! A station's window as a person at the door has it.

use crate::webdriver::{PATIENCE, Window, wait_until};
use serde_json::{Value, json};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tempfile::TempDir;

/// One window at a time: each draws in software, and a small machine has few cores.
static SCREEN: Mutex<()> = Mutex::new(());

/// What stands on the verdict screen, read in one go: it may be gone the next moment.
const READ_VERDICT: &str = "
    const screen = document.querySelector('[data-testid=verdict]');
    if (!screen) return null;
    const words = id => screen.querySelector(`[data-testid=${id}]`)?.textContent ?? null;
    return {
        tone: screen.dataset.tone, reason: screen.dataset.reason, title: screen.querySelector('h1').textContent,
        why: words('reason'), next: words('next'), name: words('name'),
        sign: screen.querySelector('svg').getBoundingClientRect().width,
        colour: getComputedStyle(screen).backgroundColor.match(/\\d+/g).map(Number),
    };";

/// A demo station in a folder of its own, with the real window open on it.
pub struct Door {
    /// The window.
    pub window: Window,
    /// Where the station lies, and what the window remembers of its user.
    folder: TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Door {
    /// A new demo station, and its window.
    pub fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        run(propusk().args(["demo", "--station"]).arg(folder.path().join("station")));
        Self::at(folder)
    }

    /// The window on the station that lies in a folder.
    pub fn at(folder: TempDir) -> Self {
        let turn = SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
        let station = folder.path().join("station");
        let station = station.to_str().expect("a path in UTF-8");
        let window = Window::open(&built("propusk-app"), &["--station", station], folder.path());
        window.wait_for("[data-testid=counts-accepted]");
        Self { window, folder, _turn: turn }
    }

    /// The station's folder.
    pub fn station(&self) -> PathBuf {
        self.folder.path().join("station")
    }

    /// Through the offer where there is no camera, through the menu where there is one.
    pub fn start_demo_camera(&self) {
        if Path::new("/dev/video0").exists() {
            self.window.click(&self.window.wait_for("[data-testid=camera]"));
            self.window.click(&self.window.wait_for("[data-testid=menu-demo-camera]"));
        } else {
            self.window.wait_for("[data-testid=camera-state][data-state=no_camera]");
            self.window.click(&self.window.wait_for("[data-testid=demo-camera]"));
        }
        self.window.wait_for("[data-testid=camera-state][data-state=running][data-demo=true]");
    }

    /// Holds one sample before the demo camera and gives the verdict with this reason.
    pub fn show(&self, sample: &str, reason: &str) -> Value {
        let button = format!("[data-testid^=sample-][data-name={sample}]");
        wait_until(PATIENCE, &button, || {
            self.dismiss();
            let chosen = self.window.find(&button)?;
            self.window.try_click(&chosen).ok()
        });
        self.verdict(reason)
    }

    /// The verdict with this reason, as soon as it stands on the screen.
    pub fn verdict(&self, reason: &str) -> Value {
        wait_until(PATIENCE, &format!("a verdict: {reason}"), || {
            let seen = self.window.script(READ_VERDICT, json!([]));
            (word(&seen, "reason") == reason).then(|| {
                assert!(seen["sign"].as_f64() > Some(40.0), "no sign beside the words: {seen}");
                assert!(!word(&seen, "next").is_empty(), "not a word on what to do next: {seen}");
                seen
            })
        })
    }

    /// Takes the verdict off the screen, as a tap does.
    pub fn dismiss(&self) {
        if let Some(screen) = self.window.find("[data-testid=verdict]") {
            // It may have gone by itself meanwhile.
            let _ = self.window.try_click(&screen);
        }
    }

    /// The page's language, as its root says.
    pub fn page_language(&self) -> String {
        let language = self.window.script("return document.documentElement.lang", json!([]));
        word(&json!({ "language": language }), "language").to_owned()
    }

    /// The sum of today's counts on the screen.
    pub fn shown_counts(&self) -> i64 {
        let count = |name| self.window.text(&self.window.wait_for(&format!("[data-testid=counts-{name}]")));
        let names = ["accepted", "refused", "cannot-tell"];
        names.iter().map(|name| count(name).parse::<i64>().expect("a number of checks")).sum()
    }

    /// What a script gives, a number.
    pub fn number(&self, script: &str) -> i64 {
        self.window.script(script, json!([])).as_i64().expect("a number")
    }

    /// That the page is no wider than the window.
    pub fn assert_nothing_sticks_out(&self, what: &str) {
        let over = self.number("return document.documentElement.scrollWidth - window.innerWidth");
        assert!(over <= 0, "{what} is {over} pixels too wide");
    }

    /// A sample pass's picture, such as `7-tampered.png`.
    pub fn sample(&self, name: &str) -> PathBuf {
        let folder = self.station().join("demo/passes");
        let ending = format!("-{}.png", name.replace('_', "-"));
        let mut files = fs::read_dir(&folder).expect("the sample passes").flatten().map(|entry| entry.path());
        let file = files.find(|path| path.to_string_lossy().ends_with(&ending));
        file.unwrap_or_else(|| panic!("no picture of {name} in {}", folder.display()))
    }

    /// A sample pass's text.
    pub fn text_of(&self, name: &str) -> String {
        let line = run(propusk().args(["scan", "--json"]).arg(self.sample(name)));
        let line: Value = serde_json::from_str(&line).expect("a line of JSON");
        line["symbols"][0]["text"].as_str().expect("a code in the picture").to_owned()
    }

    /// Leaves a picture of the page in `target/window`.
    pub fn picture(&self, name: &str) {
        let folder = built("propusk").ancestors().nth(2).expect("the target folder").join("window");
        fs::create_dir_all(&folder).expect("a folder for pictures");
        self.window.picture(&folder.join(format!("{name}.png")));
    }

    /// Closes the window; the log must then hold, proven, as many entries as the screen counted.
    /// Gives the folder and the reasons, oldest first.
    pub fn close(self) -> (TempDir, Vec<String>) {
        // Without a camera nothing is added between the count and the end.
        self.stop_camera();
        let shown = self.shown_counts();
        let station = self.station();
        self.window.close();
        let proof = run(propusk().args(["log", "verify", "--json", "--station"]).arg(&station));
        let proof: Value = serde_json::from_str(&proof).expect("a line of JSON");
        assert_eq!((&proof["proven"], &proof["entries"]), (&json!(true), &json!(shown)), "{proof}");
        let entries =
            run(propusk().args(["log", "show", "--json", "--last", "1000", "--station"]).arg(&station));
        let reason =
            |line: &str| serde_json::from_str::<Value>(line).expect("a line of JSON")["reason"].clone();
        let reasons = entries.lines().rev().map(|line| reason(line).as_str().expect("a reason").to_owned());
        (self.folder, reasons.collect())
    }

    /// As [`Door::close`]; the reasons alone.
    pub fn close_and_prove(self) -> Vec<String> {
        self.close().1
    }

    /// Turns the camera off and waits until the screen is free.
    pub fn stop_camera(&self) {
        let off = "[data-testid=camera-off]";
        wait_until(PATIENCE, off, || {
            self.dismiss();
            if self.window.find(off).is_none() {
                let menu = self.window.find("[data-testid=camera]")?;
                self.window.try_click(&menu).ok()?;
            }
            self.window.find(off).and_then(|button| self.window.try_click(&button).ok())
        });
        wait_until(PATIENCE, "the camera to be off and the screen to be free", || {
            self.dismiss();
            let off = self.window.find("[data-testid=camera-state][data-state=off]").is_some();
            (off && self.window.find("[data-testid=verdict]").is_none()).then_some(())
        });
    }
}

/// What a person would call a colour.
#[derive(Debug, PartialEq, Eq)]
pub enum Hue {
    /// More green than anything else.
    Green,
    /// More red than anything else.
    Red,
    /// Neither.
    Other,
}

/// What a person would call the verdict's background.
pub fn hue(verdict: &Value) -> Hue {
    let part = |index: usize| verdict["colour"][index].as_i64().expect("a colour of three parts");
    match (part(0), part(1), part(2)) {
        (red, green, blue) if green > red + 40 && green > blue + 20 => Hue::Green,
        (red, green, blue) if red > green + 80 && red > blue + 80 => Hue::Red,
        _ => Hue::Other,
    }
}

/// A word of a verdict; empty where there is none.
pub fn word<'a>(verdict: &'a Value, key: &str) -> &'a str {
    verdict[key].as_str().unwrap_or_default()
}

/// The command line.
pub fn propusk() -> Command {
    Command::new(built("propusk"))
}

/// Runs a program to its good end and gives what it printed.
pub fn run(command: &mut Command) -> String {
    let output =
        command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; build the workspace first"));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{printed}{complaint}", output.status);
    printed
}

/// A program of this workspace: it lies one folder above this test.
pub fn built(name: &str) -> PathBuf {
    let own = env::current_exe().expect("the path of this test");
    own.ancestors().nth(2).expect("the folder of built programs").join(name)
}
