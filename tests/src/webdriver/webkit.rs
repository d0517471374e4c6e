//! A program's own window, through WebKitWebDriver.
//!
//! Three programs work together: Xvfb is the screen, WebKitWebDriver listens for commands, and starts the program
//! under test, which lets its webview be driven when it is asked to.

use serde_json::json;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use super::{
    Window,
    process::{Running, free_port, start},
};

/// The screen's width, height and depth.
const SCREEN: &str = "1440x1000x24";
const PACKAGES: &str = "xvfb and webkit2gtk-driver";

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
        let options = json!({ "binary": program, "args": arguments });
        Self::begin(driver, Some(screen), port, json!({ "webkitgtk:browserOptions": options }))
    }
}

/// Starts Xvfb on a display that it chooses, and gives the display's name.
fn screen() -> (Running, String) {
    let mut command = Command::new("Xvfb");
    command.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", SCREEN]);
    let mut screen = start(command.stdout(Stdio::piped()).stderr(Stdio::null()), PACKAGES);
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
    start(&mut command, PACKAGES)
}
