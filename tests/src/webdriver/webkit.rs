//! A program's own window, through WebKitWebDriver.
//!
//! Three programs work together: Xvfb is the screen, WebKitWebDriver listens for commands, and starts the program
//! under test, which lets its webview be driven when it is asked to.

use serde_json::json;
use std::{path::Path, process::Command};

use super::Window;
use crate::screen::Screen;
use crate::started::{Running, free_port, start};

const PACKAGES: &str = "webkit2gtk-driver";

/// How the window's page is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// As the program decides on this machine.
    Own,
    /// Composited, by a driver on the processor where there is no graphics card. Without compositing WebKitWebDriver
    /// 2.50 leaves some screenshots unanswered.
    Composited,
}

impl Window {
    /// Starts `program` with `arguments` on a fresh screen, waits for its page. What the program and
    /// its webview remember of their user goes into the folder `home`.
    ///
    /// # Panics
    /// Xvfb or WebKitWebDriver is not installed, or the program does not come up.
    pub fn open(program: &Path, arguments: &[&str], home: &Path, drawing: Drawing) -> Self {
        let screen = Screen::new(home);
        let port = free_port();
        let driver = driver(port, &screen, home, drawing);
        let options = json!({ "binary": program, "args": arguments });
        Self::begin(driver, Some(screen), port, json!({ "webkitgtk:browserOptions": options }))
    }
}

/// Starts WebKitWebDriver so that the program it starts lets itself be driven.
fn driver(port: u16, screen: &Screen, home: &Path, drawing: Drawing) -> Running {
    let mut command = Command::new("WebKitWebDriver");
    command.arg(format!("--port={port}")).arg("--host=127.0.0.1");
    // WEBKIT_DISABLE_DMABUF_RENDERER must not be set: with it the driver never answers for a screenshot.
    command.env_remove("WEBKIT_DISABLE_DMABUF_RENDERER").env_remove("LIBGL_ALWAYS_SOFTWARE");
    if drawing == Drawing::Composited {
        command.env("LIBGL_ALWAYS_SOFTWARE", "1");
    }
    command.env("TAURI_AUTOMATION", "true").env("TAURI_WEBVIEW_AUTOMATION", "true");
    start(screen.show(&mut command, home), PACKAGES)
}
