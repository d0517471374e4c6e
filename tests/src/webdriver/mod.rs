//! A small W3C WebDriver client: a page in a real window, driven from outside.
//!
//! `webkit` opens a program's own window on a screen that exists in memory only, `chromium` a browser of a phone's
//! size. Every program that is started for it is ended by its own process id when the [`Window`] goes.
//!
//! This is test support: whatever goes wrong panics with what was asked and what was answered.

mod chromium;
mod webkit;

pub use chromium::Phone;
pub use webkit::Drawing;

use crate::process::children;
use crate::screen::Screen;
use crate::started::Running;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use std::{
    fs,
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

/// How long anything on the page may take to come: software rendering on a busy machine is slow.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The Enter key (W3C WebDriver, section 17.4.2).
pub const ENTER: char = '\u{E007}';

/// How long the program may take from its start to its first page.
const START: Duration = Duration::from_secs(90);

/// Ends when animations have ended and the result was painted.
const AFTER_PAINT: &str = "
    const done = arguments[0];
    const ends = document.getAnimations().filter(a => a.effect.getTiming().duration < 1000).map(a => a.finished);
    Promise.allSettled(ends).then(() => requestAnimationFrame(() => requestAnimationFrame(() => done())));";

/// How often the page is looked at while waiting.
const LOOK: Duration = Duration::from_millis(50);

/// The key under which an element's id is answered (W3C WebDriver, section 12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An element of the page, as long as the page keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element(String);

/// A page in a real window, driven from outside.
pub struct Window {
    agent: ureq::Agent,
    session: String,
    driver: Running,
    _screen: Option<Screen>,
}

impl Window {
    /// Begins a session with a driver that was just started on `port`, and waits for the window.
    #[track_caller]
    fn begin(driver: Running, screen: Option<Screen>, port: u16, capabilities: Value) -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
        let agent = config.timeout_global(Some(START)).build().new_agent();
        let base = format!("http://127.0.0.1:{port}");
        wait_until(START, "the driver to listen", || agent.get(format!("{base}/status")).call().ok());
        let mut window = Self { agent, session: format!("{base}/session"), driver, _screen: screen };
        let answer = window.post("", json!({ "capabilities": { "alwaysMatch": capabilities } }));
        let id = answer["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {answer}"));
        window.session = format!("{base}/session/{id}");
        window
    }

    /// The first element that `css` selects.
    #[track_caller]
    pub fn find(&self, css: &str) -> Option<Element> {
        let answer = self.ask("/element", json!({ "using": "css selector", "value": css }));
        answer.ok().and_then(|value| value[ELEMENT].as_str().map(|id| Element(id.to_owned())))
    }

    /// The first element that `css` selects, as soon as it is there and can be seen.
    #[track_caller]
    pub fn wait_for(&self, css: &str) -> Element {
        let seen = || self.find(css).filter(|element| self.is_displayed(element));
        wait_until(PATIENCE, css, seen)
    }

    /// Waits until nothing on the page is selected by `css`.
    #[track_caller]
    pub fn wait_until_gone(&self, css: &str) {
        wait_until(PATIENCE, &format!("no more {css}"), || self.find(css).is_none().then_some(()));
    }

    /// Whether a person could see the element.
    pub fn is_displayed(&self, element: &Element) -> bool {
        // An element that the page has just replaced cannot be seen either.
        self.look(&format!("/element/{}/displayed", element.0)) == Ok(Value::Bool(true))
    }

    /// The element's text as it is rendered.
    #[track_caller]
    pub fn text(&self, element: &Element) -> String {
        string(self.of(element, "text"))
    }

    /// Clicks into the middle of the element.
    #[track_caller]
    pub fn click(&self, element: &Element) {
        self.try_click(element).unwrap_or_else(|error| panic!("{element:?}: {error}"));
    }

    /// Clicks into the middle of the element, or gives the driver's reason if something covers it.
    ///
    /// # Errors
    /// The element is gone, covered or inert.
    pub fn try_click(&self, element: &Element) -> Result<(), Value> {
        self.ask(&format!("/element/{}/click", element.0), json!({})).map(drop)
    }

    /// Types into the element; for a file input this names the file.
    #[track_caller]
    pub fn write(&self, element: &Element, text: &str) {
        self.post(&format!("/element/{}/value", element.0), json!({ "text": text }));
    }

    /// Empties a field.
    #[track_caller]
    pub fn clear(&self, element: &Element) {
        self.post(&format!("/element/{}/clear", element.0), json!({}));
    }

    /// Presses and releases keys one after the other, wherever the focus is.
    #[track_caller]
    pub fn press(&self, keys: &str) {
        let stroke =
            |key: char| [json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key})];
        let strokes: Vec<Value> = keys.chars().flat_map(stroke).collect();
        self.post("/actions", json!({ "actions": [{ "type": "key", "id": "keys", "actions": strokes }] }));
    }

    /// Runs a script's body in the page, `arguments` being its arguments, and gives what it returns.
    #[track_caller]
    pub fn script(&self, body: &str, arguments: Value) -> Value {
        self.post("/execute/sync", json!({ "script": body, "args": arguments }))
    }

    /// Runs a script's body in the page, the last of its arguments being the function that takes its answer.
    #[track_caller]
    pub fn script_async(&self, body: &str, arguments: Value) -> Value {
        self.post("/execute/async", json!({ "script": body, "args": arguments }))
    }

    /// Loads the page anew.
    #[track_caller]
    pub fn reload(&self) {
        self.post("/refresh", json!({}));
    }

    /// Makes the window so large, in pixels, as far as it lets itself be.
    #[track_caller]
    pub fn resize(&self, width: u32, height: u32) {
        self.post("/window/rect", json!({ "width": width, "height": height }));
    }

    /// Waits until what is there now has been painted and has stopped moving.
    #[track_caller]
    pub fn settle(&self) {
        self.script_async(AFTER_PAINT, json!([]));
    }

    /// Writes a picture of the page to a PNG file, once what is there now has been painted.
    #[track_caller]
    pub fn picture(&self, file: &Path) {
        self.settle();
        let encoded = string(self.get("/screenshot"));
        let png = BASE64_STANDARD.decode(encoded).unwrap_or_else(|error| panic!("screenshot: {error}"));
        fs::write(file, png).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    /// The processes that the driver started: the program under test.
    pub fn programs(&self) -> Vec<u32> {
        children(self.driver.0.id())
    }

    /// Closes the window as a user does, and waits for the program to be gone.
    #[track_caller]
    pub fn close(self) {
        let program = self.programs();
        assert!(!program.is_empty(), "the program has ended before its window was closed");
        let closed = self.call(self.agent.delete(format!("{}/window", self.session)).call());
        closed.unwrap_or_else(|error| panic!("/window: {error}"));
        wait_until(PATIENCE, "the program to end", || {
            program.iter().all(|pid| !Path::new(&format!("/proc/{pid}/exe")).exists()).then_some(())
        });
    }

    fn of(&self, element: &Element, what: &str) -> Value {
        self.get(&format!("/element/{}/{what}", element.0))
    }

    fn get(&self, path: &str) -> Value {
        self.look(path).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn look(&self, path: &str) -> Result<Value, Value> {
        self.call(self.agent.get(format!("{}{path}", self.session)).call())
    }

    fn post(&self, path: &str, body: Value) -> Value {
        self.ask(path, body).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn ask(&self, path: &str, body: Value) -> Result<Value, Value> {
        self.call(self.agent.post(format!("{}{path}", self.session)).send_json(body))
    }

    /// The answer's value, or what it says went wrong.
    fn call(&self, response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value, Value> {
        let mut response = response.map_err(|error| json!(error.to_string()))?;
        let body: Value = response.body_mut().read_json().map_err(|error| json!(error.to_string()))?;
        if response.status().is_success() { Ok(body["value"].clone()) } else { Err(body["value"].clone()) }
    }
}

impl Drop for Window {
    /// Ends the program with its session, also when a test failed half-way.
    fn drop(&mut self) {
        let _ = self.agent.delete(&self.session).call();
    }
}

/// Looks again and again until something is there, and panics if it does not come.
///
/// # Panics
/// It did not come within `patience`.
#[track_caller]
pub fn wait_until<T>(patience: Duration, what: &str, look: impl Fn() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(started.elapsed() < patience, "waited {patience:?} in vain for {what}");
        sleep(LOOK);
    }
}

fn string(value: Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
