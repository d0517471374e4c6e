//! Puts the page, the capabilities and the icons into the program.

use std::path::Path;

use tauri_utils::build::update_android_manifest;

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
    "begin_shift",
    "person_left",
    "switch_mode",
    "unlock",
    "lock",
    "set_first_pin",
    "journal",
    "statistics",
    "proof",
    "anomalies",
    "witness_request",
    "witnessed",
    "witness_receive",
    "is_cosignature",
    "export",
    "export_proven",
    "reset_counters",
    "keys",
    "key_change",
    "change_settings",
    "set_pin",
    "keys_offer",
    "keys_offered",
    "keys_take",
    "keys_receive",
    "keys_frame",
    "keys_show",
];

/// What the page uses of a phone; `uses-feature`, so that phones without a camera are not shut out.
const ANDROID_PERMISSIONS: &str = r#"<uses-permission android:name="android.permission.CAMERA" />
<uses-permission android:name="android.permission.VIBRATE" />
<uses-feature android:name="android.hardware.camera.any" android:required="false" />"#;

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
    let built = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands));
    // Into the project that `cargo tauri android init` makes; without one it does nothing.
    let permit = || update_android_manifest("propusk", "manifest", ANDROID_PERMISSIONS.to_owned());
    println!("cargo::rerun-if-env-changed=TAURI_ANDROID_PROJECT_PATH");
    if let Err(error) = built.and_then(|()| permit()) {
        println!("cargo::error={}", format!("{error:#}").replace('\n', " "));
    }
}
