//! The real window, driven as a person at the door would: sample passes before the demo camera,
//! an image, pasted text, a hardware scanner; then the log must prove exactly what was on the screen.
//!
//! Pictures of what was seen are left in `target/window`.

use base64::prelude::{BASE64_STANDARD, Engine};
use propusk_tests::webdriver::{ENTER, PATIENCE, Window, wait_until};
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

#[test]
fn valid_expired_and_tampered_pass_are_green_red_red_and_proven_in_the_log() {
    let door = Door::open();
    door.start_demo_camera();

    let valid = door.show("valid_vaccination", "accepted");
    assert_eq!((word(&valid, "tone"), word(&valid, "title")), ("accepted", "Accepted"));
    assert_eq!(hue(&valid), Hue::Green, "{valid}");
    assert!(!word(&valid, "name").is_empty(), "{valid}");
    door.picture("accepted");

    let expired = door.show("expired", "expired");
    assert_eq!((word(&expired, "tone"), word(&expired, "title")), ("refused", "Refused"));
    assert_eq!(hue(&expired), Hue::Red, "{expired}");
    assert!(word(&expired, "why").contains("Expired on"), "{expired}");
    door.picture("expired");

    let tampered = door.show("tampered", "bad_signature");
    assert_eq!((word(&tampered, "tone"), word(&tampered, "title")), ("refused", "Refused"));
    assert_eq!(hue(&tampered), Hue::Red, "{tampered}");
    assert_eq!(
        tampered["name"],
        Value::Null,
        "a claim without a good signature is on the screen: {tampered}"
    );
    door.picture("tampered");

    assert_eq!(door.close_and_prove(), ["accepted", "expired", "bad_signature"]);
}

#[test]
fn image_paste_and_hardware_scanner_give_verdicts_without_a_camera() {
    let door = Door::open();

    let input = door.window.find("[data-testid=image-file]").expect("the file input");
    door.window.write(&input, &door.sample("valid_recovery").display().to_string());
    assert_eq!(word(&door.verdict("accepted"), "tone"), "accepted");
    door.dismiss();

    door.window.click(&door.window.wait_for("[data-testid=paste]"));
    door.picture("paste");
    door.window.write(&door.window.wait_for("[data-testid=paste-text]"), &door.text_of("not_yet_valid"));
    door.window.click(&door.window.wait_for("[data-testid=paste-check]"));
    assert_eq!(hue(&door.verdict("not_yet_valid")), Hue::Red);
    door.dismiss();

    door.window.press(&format!("https://example.org/menu{ENTER}"));
    assert_eq!(word(&door.verdict("not_a_certificate"), "tone"), "refused");
    door.dismiss();

    let input = door.window.find("[data-testid=image-file]").expect("the file input");
    door.window.write(&input, concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    assert!(!door.window.text(&door.window.wait_for("[data-testid=problem]")).is_empty());

    assert_eq!(door.close_and_prove(), ["accepted", "not_yet_valid", "not_a_certificate"]);
}

#[test]
fn every_text_is_russian_after_the_switch_and_stays_so_after_a_restart() {
    let door = Door::open();
    assert_eq!(door.page_language(), "en");
    door.window.click(&door.window.wait_for("[data-testid=language]"));
    assert_eq!(door.page_language(), "ru");

    door.start_demo_camera();
    let valid = door.show("valid_test", "accepted");
    assert_eq!(word(&valid, "title"), "Принят");
    let unknown = door.show("unknown_issuer", "unknown_key");
    assert_eq!((word(&unknown, "tone"), word(&unknown, "title")), ("cannot_tell", "Здесь не проверить"));
    assert_eq!(hue(&unknown), Hue::Other, "never green, never silently red: {unknown}");
    for part in ["why", "next"] {
        assert!(is_cyrillic(word(&unknown, part)), "{part}: {unknown}");
    }
    door.picture("unknown-issuer-ru");

    let (folder, _logged) = door.close();
    let again = Door::at(folder);
    assert_eq!(again.page_language(), "ru");
    again.window.wait_for("[data-testid=counts-accepted]");
    assert!(again.shown_counts() >= 2, "today's counts are gone after a restart");
}

#[test]
fn nothing_sticks_out_of_a_small_phone() {
    let door = Door::open();
    door.window.resize(360, 640);
    let width = || door.number("return window.innerWidth");
    wait_until(PATIENCE, "a window 360 pixels wide", || (width() == 360).then_some(()));
    door.window.wait_for("[data-testid=counts-accepted]");
    door.assert_nothing_sticks_out("the scan screen");
    door.start_demo_camera();
    door.picture("phone");
    for (sample, reason) in [("valid_vaccination", "accepted"), ("tampered", "bad_signature")] {
        door.show(sample, reason);
        door.assert_nothing_sticks_out(sample);
        door.picture(&format!("phone-{sample}"));
    }
    door.close_and_prove();
}

/// A camera's JPEG goes to the page as it is; only the webview's own decoder shows whether that works.
#[test]
fn a_cameras_jpeg_is_shown_as_it_came() {
    let mut jpeg = Vec::new();
    let grey = image::GrayImage::from_fn(64, 48, |x, _| image::Luma([if x < 32 { 20 } else { 230 }]));
    grey.write_with_encoder(image::codecs::jpeg::JpegEncoder::new(&mut jpeg)).expect("a JPEG");
    let door = Door::open();
    let drawn = door.window.script(DRAW_JPEG, json!([BASE64_STANDARD.encode(&jpeg)]));
    let (dark, bright) = (drawn[0].as_i64().expect("luma"), drawn[1].as_i64().expect("luma"));
    assert!(dark < 40 && bright > 210, "{drawn}");
    door.close_and_prove();
}

/// Draws a JPEG the way the preview does, and gives the brightness of its left and of its right half.
const DRAW_JPEG: &str = "
    const bytes = Uint8Array.from(atob(arguments[0]), c => c.charCodeAt(0));
    return createImageBitmap(new Blob([bytes], { type: 'image/jpeg' })).then(picture => {
        const canvas = new OffscreenCanvas(picture.width, picture.height);
        const context = canvas.getContext('2d');
        context.drawImage(picture, 0, 0);
        const at = x => context.getImageData(x, 24, 1, 1).data[0];
        return [at(10), at(54)];
    });";

/// A demo station in a folder of its own, with the real window open on it.
struct Door {
    window: Window,
    folder: TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Door {
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        run(propusk().args(["demo", "--station"]).arg(folder.path().join("station")));
        Self::at(folder)
    }

    fn at(folder: TempDir) -> Self {
        let turn = SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
        let station = folder.path().join("station");
        let station = station.to_str().expect("a path in UTF-8");
        let window = Window::open(&built("propusk-app"), &["--station", station], folder.path());
        window.wait_for("[data-testid=counts-accepted]");
        Self { window, folder, _turn: turn }
    }

    fn station(&self) -> PathBuf {
        self.folder.path().join("station")
    }

    /// Through the offer where there is no camera, through the menu where there is one.
    fn start_demo_camera(&self) {
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
    fn show(&self, sample: &str, reason: &str) -> Value {
        let button = format!("[data-testid^=sample-][data-name={sample}]");
        wait_until(PATIENCE, &button, || {
            self.dismiss();
            let chosen = self.window.find(&button)?;
            self.window.try_click(&chosen).ok()
        });
        self.verdict(reason)
    }

    fn verdict(&self, reason: &str) -> Value {
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
    fn dismiss(&self) {
        if let Some(screen) = self.window.find("[data-testid=verdict]") {
            // It may have gone by itself meanwhile.
            let _ = self.window.try_click(&screen);
        }
    }

    fn page_language(&self) -> String {
        let language = self.window.script("return document.documentElement.lang", json!([]));
        word(&json!({ "language": language }), "language").to_owned()
    }

    fn shown_counts(&self) -> i64 {
        let count = |name| self.window.text(&self.window.wait_for(&format!("[data-testid=counts-{name}]")));
        let names = ["accepted", "refused", "cannot-tell"];
        names.iter().map(|name| count(name).parse::<i64>().expect("a number of checks")).sum()
    }

    fn number(&self, script: &str) -> i64 {
        self.window.script(script, json!([])).as_i64().expect("a number")
    }

    fn assert_nothing_sticks_out(&self, what: &str) {
        let over = self.number("return document.documentElement.scrollWidth - window.innerWidth");
        assert!(over <= 0, "{what} is {over} pixels too wide");
    }

    /// A sample pass's picture, such as `7-tampered.png`.
    fn sample(&self, name: &str) -> PathBuf {
        let folder = self.station().join("demo/passes");
        let ending = format!("-{}.png", name.replace('_', "-"));
        let mut files = fs::read_dir(&folder).expect("the sample passes").flatten().map(|entry| entry.path());
        let file = files.find(|path| path.to_string_lossy().ends_with(&ending));
        file.unwrap_or_else(|| panic!("no picture of {name} in {}", folder.display()))
    }

    fn text_of(&self, name: &str) -> String {
        let line = run(propusk().args(["scan", "--json"]).arg(self.sample(name)));
        let line: Value = serde_json::from_str(&line).expect("a line of JSON");
        line["symbols"][0]["text"].as_str().expect("a code in the picture").to_owned()
    }

    fn picture(&self, name: &str) {
        let folder = built("propusk").ancestors().nth(2).expect("the target folder").join("window");
        fs::create_dir_all(&folder).expect("a folder for pictures");
        self.window.picture(&folder.join(format!("{name}.png")));
    }

    /// Closes the window; the log must then hold, proven, as many entries as the screen counted.
    /// Gives the folder and the reasons, oldest first.
    fn close(self) -> (TempDir, Vec<String>) {
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

    fn close_and_prove(self) -> Vec<String> {
        self.close().1
    }

    fn stop_camera(&self) {
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

#[derive(Debug, PartialEq, Eq)]
enum Hue {
    Green,
    Red,
    Other,
}

/// What a person would call the verdict's background.
fn hue(verdict: &Value) -> Hue {
    let part = |index: usize| verdict["colour"][index].as_i64().expect("a colour of three parts");
    match (part(0), part(1), part(2)) {
        (red, green, blue) if green > red + 40 && green > blue + 20 => Hue::Green,
        (red, green, blue) if red > green + 80 && red > blue + 80 => Hue::Red,
        _ => Hue::Other,
    }
}

fn word<'a>(verdict: &'a Value, key: &str) -> &'a str {
    verdict[key].as_str().unwrap_or_default()
}

fn is_cyrillic(text: &str) -> bool {
    text.chars().filter(|letter| ('а'..='я').contains(letter)).count() * 2 > text.chars().count()
}

fn propusk() -> Command {
    Command::new(built("propusk"))
}

/// Runs a program to its good end and gives what it printed.
fn run(command: &mut Command) -> String {
    let output =
        command.output().unwrap_or_else(|error| panic!("{command:?}: {error}; build the workspace first"));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{printed}{complaint}", output.status);
    printed
}

/// A program of this workspace: it lies one folder above this test.
fn built(name: &str) -> PathBuf {
    let own = env::current_exe().expect("the path of this test");
    own.ancestors().nth(2).expect("the folder of built programs").join(name)
}
