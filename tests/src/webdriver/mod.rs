//! A small W3C WebDriver client: one real window on a screen that exists in memory only.
//!
//! Three programs work together: Xvfb is the screen, WebKitWebDriver listens for commands, and
//! starts the program under test, which lets its webview be driven when it is asked to.
//! Each is ended by its own process id when the [`Window`] goes.
//!
//! This is test support: whatever goes wrong panics with what was asked and what was answered.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long anything on the page may take to come: software rendering on a busy machine is slow.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The Enter key (W3C WebDriver, section 17.4.2).
pub const ENTER: char = '\u{E007}';

/// How long the program may take from its start to its first page.
const START: Duration = Duration::from_secs(90);

/// The screen's width, height and depth.
const SCREEN: &str = "1440x1000x24";

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

/// A program's real window, driven from outside.
pub struct Window {
    agent: ureq::Agent,
    session: String,
    driver: Running,
    _screen: Running,
}

impl Window {
    /// Starts `program` with `arguments` on a fresh screen, waits for its page. What the program and
    /// its webview remember of their user goes into the folder `home`.
    ///
    /// # Panics
    /// Xvfb or WebKitWebDriver is not installed, or the program does not come up.
    pub fn open(program: &Path, arguments: &[&str], home: &Path) -> Self {
        let (screen, display) = screen();
        let port = free_port();
        let driver = driver(port, &display, home);
        let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None);
        let agent = config.timeout_global(Some(START)).build().new_agent();
        let base = format!("http://127.0.0.1:{port}");
        wait_until(START, "WebKitWebDriver to listen", || agent.get(format!("{base}/status")).call().ok());
        let options = json!({ "binary": program, "args": arguments });
        let wish = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": options } } });
        let mut window = Self { agent, session: format!("{base}/session"), driver, _screen: screen };
        let answer = window.post("", wish);
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

    /// An attribute's value; empty if there is no such attribute.
    #[track_caller]
    pub fn attribute(&self, element: &Element, name: &str) -> String {
        string(self.of(element, &format!("attribute/{name}")))
    }

    /// The computed value of a CSS property.
    #[track_caller]
    pub fn style(&self, element: &Element, property: &str) -> String {
        string(self.of(element, &format!("css/{property}")))
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

    /// Makes the window so large, in pixels, as far as it lets itself be.
    #[track_caller]
    pub fn resize(&self, width: u32, height: u32) {
        self.post("/window/rect", json!({ "width": width, "height": height }));
    }

    /// Writes a picture of the page to a PNG file, once what is there now has been painted.
    #[track_caller]
    pub fn picture(&self, file: &Path) {
        self.post("/execute/async", json!({ "script": AFTER_PAINT, "args": [] }));
        let encoded = string(self.get("/screenshot"));
        let png = BASE64_STANDARD.decode(encoded).unwrap_or_else(|error| panic!("screenshot: {error}"));
        fs::write(file, png).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    /// Closes the window as a user does, and waits for the program to be gone.
    #[track_caller]
    pub fn close(self) {
        let program = children(self.driver.0.id());
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

/// A program that ends with its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
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

/// Starts Xvfb on a display that it chooses, and gives the display's name.
fn screen() -> (Running, String) {
    let mut command = Command::new("Xvfb");
    command.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", SCREEN]);
    let mut screen = start(command.stdout(Stdio::piped()).stderr(Stdio::null()));
    let mut number = String::new();
    let out = screen.0.stdout.take().expect("it is piped");
    let read = BufReader::new(out).read_line(&mut number);
    assert!(read.is_ok_and(|length| length > 0), "Xvfb ended without a display");
    (screen, format!(":{}", number.trim()))
}

/// Starts WebKitWebDriver so that the program it starts lets itself be driven, and needs no graphics card.
fn driver(port: u16, display: &str, home: &Path) -> Running {
    let mut command = Command::new("WebKitWebDriver");
    command.arg(format!("--port={port}")).arg("--host=127.0.0.1");
    command.env("DISPLAY", display).env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11");
    // WEBKIT_DISABLE_DMABUF_RENDERER must not be set: with it the driver never answers for a screenshot.
    command.env("LIBGL_ALWAYS_SOFTWARE", "1").env_remove("WEBKIT_DISABLE_DMABUF_RENDERER");
    command
        .env("MESA_SHADER_CACHE_DISABLE", "true")
        .env("TAURI_AUTOMATION", "true")
        .env("TAURI_WEBVIEW_AUTOMATION", "true");
    for folder in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"] {
        command.env(folder, home);
    }
    start(&mut command)
}

fn start(command: &mut Command) -> Running {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.stdin(Stdio::null()).spawn() {
        Ok(child) => Running(child),
        Err(error) => panic!("{name} (Debian packages xvfb and webkit2gtk-driver): {error}"),
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port of this machine");
    listener.local_addr().expect("it is bound").port()
}

/// The processes that any thread of a process started and that still run.
fn children(parent: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{parent}/task")).expect("Linux's list of threads").flatten();
    let lists = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>())
        .collect()
}

fn string(value: Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
