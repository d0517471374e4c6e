//! Puts the page, the capabilities and the icons into the program.

use std::path::Path;

/// What the page may call; `capabilities/main.json` allows each by name.
const COMMANDS: &[&str] = &[
    "device",
    "listen",
    "status",
    "cameras",
    "camera_start",
    "camera_stop",
    "demo_start",
    "demo_show",
    "samples",
    "preview",
    "submit",
    "scan_image",
];

fn main() {
    let page = Path::new("../ui/dist/index.html");
    println!("cargo::rerun-if-changed={}", page.display());
    if !page.exists() {
        println!(
            "cargo::error=the page is not built: run `npm ci && npm run build` in `ui`, or `cargo xtask run`"
        );
        return;
    }
    let commands = tauri_build::AppManifest::new().commands(COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands)) {
        println!("cargo::error={}", format!("{error:#}").replace('\n', " "));
    }
}
