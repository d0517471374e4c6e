//! A station's window as a person at the door has it.

use crate::screen;
pub use crate::screen::Hue;
use crate::webdriver::{Drawing, PATIENCE, Window, wait_until};
use serde_json::{Value, json};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tempfile::TempDir;
use trust::publish::{self, Signers, Terms};
use trust::{KeySetDocument, Parts};

/// How long before giving up what is there is kept as a picture.
const LAST_LOOK: Duration = Duration::from_secs(1);

/// One window at a time: each draws in software, and a small machine has few cores.
static SCREEN: Mutex<()> = Mutex::new(());

/// What stands on the verdict screen, read in one go: it may be gone the next moment.
pub(crate) const READ_VERDICT: &str = "
    const screen = document.querySelector('[data-testid=verdict]');
    if (!screen) return null;
    const words = id => screen.querySelector(`[data-testid=${id}]`)?.textContent ?? null;
    return {
        tone: screen.dataset.tone, reason: screen.dataset.reason, title: screen.querySelector('h1').textContent,
        why: words('reason'), next: words('next'), name: words('name'), seen: words('seen-before'),
        sign: screen.querySelector('svg').getBoundingClientRect().width,
        colour: getComputedStyle(screen).backgroundColor.match(/\\d+/g).map(Number),
    };";

/// Asks the shell, and answers what it says whichever way.
const ASK: &str = "
    const [command, body, done] = arguments;
    window.__TAURI_INTERNALS__.invoke(command, body).then(value => done({ value }), refused => done({ refused }));";

/// Runs axe over the page for the rules of WCAG 2.0 to 2.2, levels A and AA; gives what it found in lines.
const AXE: &str = "
    const done = arguments[arguments.length - 1];
    const only = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] };
    axe.run(document, only).then(({ violations }) => done(violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target}: ${failureSummary}`))), error => done([String(error)]));";

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
        make_demo(&folder.path().join("station"));
        Self::at(folder)
    }

    /// The same, the program started with these arguments besides, and its page drawn as the program decides: for
    /// measuring, not for pictures.
    pub fn open_with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        make_demo(&folder.path().join("station"));
        Self::start(folder, arguments, Drawing::Own)
    }

    /// The window on the station that lies in a folder.
    pub fn at(folder: TempDir) -> Self {
        Self::start(folder, &[], Drawing::Composited)
    }

    fn start(folder: TempDir, arguments: &[&str], drawing: Drawing) -> Self {
        let turn = turn();
        let station = folder.path().join("station");
        let station = station.to_str().expect("a path in UTF-8");
        let window = Window::open(
            &built("propusk-app"),
            &[&["--station", station], arguments].concat(),
            folder.path(),
            drawing,
        );
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
        verdict(&self.window, reason)
    }

    /// Takes the verdict off the screen, as a tap does.
    pub fn dismiss(&self) {
        dismiss(&self.window);
    }

    /// Clicks what `css` selects, as soon as it is there, can be seen and nothing covers it.
    pub fn click(&self, css: &str) {
        wait_until(PATIENCE, &format!("a click on {css}"), || {
            let element = self.window.find(css)?;
            self.window.try_click(&element).ok()
        });
    }

    /// Types into what `css` selects.
    pub fn write(&self, css: &str, text: &str) {
        self.window.write(&self.window.wait_for(css), text);
    }

    /// Types in the place of what stands there.
    pub fn replace(&self, css: &str, text: &str) {
        self.window.clear(&self.window.wait_for(css));
        self.write(css, text);
    }

    /// The text of what `css` selects; empty where it is gone.
    pub fn text(&self, css: &str) -> String {
        let text = "return document.querySelector(arguments[0])?.innerText ?? ''";
        self.window.script(text, json!([css])).as_str().unwrap_or_default().trim().to_owned()
    }

    /// Waits until the text of what `css` selects holds `part`.
    pub fn wait_for_text(&self, css: &str, part: &str) {
        wait_until(PATIENCE, &format!("{part:?} in {css}"), || self.text(css).contains(part).then_some(()));
    }

    /// Presses Escape, which closes what is open in front.
    pub fn press_escape(&self) {
        self.window.press("\u{E00C}");
        self.window.wait_until_gone("dialog");
    }

    /// Asks a command as the page could: `{"value"}`, or `{"refused"}` with why it was not done.
    pub fn ask(&self, command: &str, body: Value) -> Value {
        self.window.script_async(ASK, json!([command, body]))
    }

    /// That nothing on the screen breaks a rule of WCAG 2.2, level AA, that a program can check.
    pub fn accessible(&self, what: &str) {
        accessible(&self.window, what);
    }

    /// Closes the window and opens it again on the same station.
    pub fn restart(self) -> Self {
        let Self { window, folder, _turn } = self;
        window.close();
        drop(_turn);
        Self::at(folder)
    }

    /// Closes the window; the log must then hold, whatever is in it.
    pub fn close_and_verify(self) {
        self.close_and_list();
    }

    /// The same; gives the reasons of all entries, oldest first.
    pub fn close_and_list(self) -> Vec<String> {
        let Self { window, folder, _turn } = self;
        window.close();
        proven(&folder.path().join("station")).1
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
        sample(&self.station(), name)
    }

    /// A sample pass's text.
    pub fn text_of(&self, name: &str) -> String {
        let line = run(propusk().args(["scan", "--json"]).arg(self.sample(name)));
        let line: Value = serde_json::from_str(&line).expect("a line of JSON");
        line["symbols"][0]["text"].as_str().expect("a code in the picture").to_owned()
    }

    /// Leaves a picture of the page in `target/window`.
    pub fn picture(&self, name: &str) {
        picture(&self.window, name);
    }

    /// Closes the window; the log must then hold, proven, as many entries as the screen counted.
    /// Gives the folder and the reasons, oldest first.
    pub fn close(self) -> (TempDir, Vec<String>) {
        // Without a camera nothing is added between the count and the end.
        self.stop_camera();
        let shown = self.shown_counts();
        let station = self.station();
        self.window.close();
        let (entries, reasons) = proven(&station);
        assert_eq!(entries, shown, "the screen counted other checks than the log holds");
        (self.folder, reasons)
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

/// How many entries a station's log has, and their reasons, oldest first.
///
/// # Panics
/// The log is not proven.
pub(crate) fn proven(station: &Path) -> (i64, Vec<String>) {
    let proof = run(propusk().args(["log", "verify", "--json", "--station"]).arg(station));
    let proof: Value = serde_json::from_str(&proof).expect("a line of JSON");
    assert_eq!(proof["proven"], json!(true), "{proof}");
    let entries = run(propusk().args(["log", "show", "--json", "--last", "1000", "--station"]).arg(station));
    let reason = |line: &str| serde_json::from_str::<Value>(line).expect("a line of JSON")["reason"].clone();
    let reasons = entries.lines().rev().map(|line| reason(line).as_str().expect("a reason").to_owned());
    (proof["entries"].as_i64().expect("a number of entries"), reasons.collect())
}

/// Waits until no other window of this test program is open.
pub(crate) fn turn() -> MutexGuard<'static, ()> {
    SCREEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes a demo station.
pub fn make_demo(station: &Path) {
    run(propusk().args(["demo", "--station"]).arg(station));
}

/// The demo authority publishes a set without its key; gives the package.
pub fn newer_keys(station: &Path) -> PathBuf {
    published(station, KeySetDocument::default())
}

/// The demo authority publishes this set; gives the package.
pub fn published(station: &Path, set: KeySetDocument) -> PathBuf {
    let (keys, roles) = (station.join("demo/keys"), station.join("demo/role-keys.json"));
    let signers = Signers::load(&roles).expect("the demo's role keys");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs() as i64;
    publish::update(&keys, &signers, set, Terms::default(), now).expect("published");
    let package = trust::package(&keys, Parts::All).expect("packed");
    let path = station.join("newer.zip");
    fs::write(&path, package).expect("room for the package");
    path
}

/// The verdict with this reason, as soon as it stands on a screen.
///
/// # Panics
/// It does not come; what stands there instead is left as `target/window/instead-of-REASON.png`.
pub fn verdict(window: &Window, reason: &str) -> Value {
    let started = Instant::now();
    wait_until(PATIENCE, &format!("a verdict: {reason}"), || {
        let seen = window.script(READ_VERDICT, json!([]));
        if started.elapsed() + LAST_LOOK > PATIENCE {
            picture(window, &format!("instead-of-{reason}"));
        }
        (word(&seen, "reason") == reason).then(|| {
            assert!(seen["sign"].as_f64() > Some(40.0), "no sign beside the words: {seen}");
            assert!(!word(&seen, "next").is_empty(), "not a word on what to do next: {seen}");
            seen
        })
    })
}

/// Takes the verdict off a screen, as a tap does.
pub fn dismiss(window: &Window) {
    if let Some(screen) = window.find("[data-testid=verdict]") {
        // It may have gone by itself meanwhile.
        let _ = window.try_click(&screen);
    }
}

/// A sample pass's picture, such as `7-tampered.png`.
pub fn sample(station: &Path, name: &str) -> PathBuf {
    let folder = station.join("demo/passes");
    let ending = format!("-{}.png", name.replace('_', "-"));
    let mut files = fs::read_dir(&folder).expect("the sample passes").flatten().map(|entry| entry.path());
    let file = files.find(|path| path.to_string_lossy().ends_with(&ending));
    file.unwrap_or_else(|| panic!("no picture of {name} in {}", folder.display()))
}

/// That nothing on the screen breaks a rule of WCAG 2.2, level AA, that a program can check.
pub fn accessible(window: &Window, what: &str) {
    let axe = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(axe).unwrap_or_else(|error| panic!("{axe}: {error}; run `npm ci` in ui"));
    window.settle();
    window.script(&axe, json!([]));
    let found = window.script_async(AXE, json!([]));
    assert_eq!(found, json!([]), "{what} is not accessible");
}

/// Leaves a picture of a page in `target/window`.
pub fn picture(window: &Window, name: &str) {
    let folder = built("propusk").ancestors().nth(2).expect("the target folder").join("window");
    fs::create_dir_all(&folder).expect("a folder for pictures");
    window.picture(&folder.join(format!("{name}.png")));
}

/// What a person would call the verdict's background.
pub fn hue(verdict: &Value) -> Hue {
    let part = |index: usize| verdict["colour"][index].as_i64().expect("a colour of three parts");
    screen::hue([part(0), part(1), part(2)])
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
