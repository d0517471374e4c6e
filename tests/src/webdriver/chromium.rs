//! A page in Chromium, at a phone's size.

use serde_json::{Value, json};
use std::{
    path::Path,
    process::{Command, Stdio},
};

use super::Window;
use crate::started::{free_port, start};

/// No sandbox, because tests may run as root; no network, because there is none.
const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
    "--use-fake-ui-for-media-stream",
];
const PACKAGES: &str = "chromium and chromium-driver";

/// The phone that Chromium pretends to be.
pub struct Phone<'a> {
    /// Width and height of its page, in CSS pixels.
    pub size: [u32; 2],
    /// What its camera shows, again and again: a file of MJPEG pictures or YUV4MPEG2; no camera without.
    pub video: Option<&'a Path>,
    /// The language of its system, such as `de-DE`.
    pub language: &'a str,
    /// How many times slower than this machine its page runs, by the browser's own brake.
    pub slower: u32,
    /// A script that runs in the page before any of its own.
    pub script: &'a str,
}

impl Window {
    /// Opens the page at `address` in Chromium; its profile goes into the folder `home`.
    ///
    /// # Panics
    /// Chromium or its driver is not installed, or does not come up.
    pub fn phone(address: &str, phone: &Phone<'_>, home: &Path) -> Self {
        let port = free_port();
        let mut driver = Command::new("chromedriver");
        driver.arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        driver.env("LANGUAGE", phone.language);
        let driver = start(&mut driver, PACKAGES);
        let window = Self::begin(driver, None, port, capabilities(phone, home));
        window.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": phone.script }));
        window.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": phone.slower }));
        window.post("/url", json!({ "url": address }));
        window
    }

    /// What the page and the browser said on the console since it was asked last.
    pub fn browser_log(&self) -> Vec<Value> {
        self.post("/se/log", json!({ "type": "browser" })).as_array().cloned().unwrap_or_default()
    }

    /// Sends a command of the Chrome DevTools Protocol.
    #[track_caller]
    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.post("/goog/cdp/execute", json!({ "cmd": command, "params": parameters }))
    }
}

fn capabilities(phone: &Phone<'_>, home: &Path) -> Value {
    let mut flags: Vec<String> = FLAGS.iter().map(|flag| (*flag).to_owned()).collect();
    flags.push(format!("--user-data-dir={}", home.join("chromium").display()));
    flags.push(format!("--lang={}", phone.language));
    match phone.video {
        Some(video) => {
            flags.push("--use-fake-device-for-media-stream".to_owned());
            flags.push(format!("--use-file-for-fake-video-capture={}", video.display()));
        }
        // Not the camera that this machine may have.
        None => flags.push("--use-fake-device-for-media-stream=device-count=0".to_owned()),
    }
    let [width, height] = phone.size;
    let metrics = json!({ "width": width, "height": height, "pixelRatio": 2, "touch": true, "mobile": true });
    json!({
        "browserName": "chrome",
        "pageLoadStrategy": "none",
        "goog:chromeOptions": {
            "args": flags,
            "mobileEmulation": { "deviceMetrics": metrics },
            "prefs": { "intl.accept_languages": phone.language },
        },
        "goog:loggingPrefs": { "browser": "ALL" },
    })
}
