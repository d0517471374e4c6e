//! The shell: a window, a camera, and commands of a few lines between the page and the station.
//!
//! Start at [`run`]. The page calls [`commands`]; they share one [`shell::Shell`]. A text's way from the camera is
//! `camera::Feed` → [`frames`] (the newest frame) → [`scan`] (a thread of its own) → `Station::submit` → [`page`].
//! Nothing here decides anything: that is the station's.

#[cfg(desktop)]
mod arguments;
mod commands;
mod demo;
mod exports;
mod frames;
mod keys;
mod office;
mod page;
mod running;
mod scan;
mod shell;
#[cfg_attr(desktop, path = "desktop.rs")]
#[cfg_attr(mobile, path = "phone.rs")]
mod start;
mod webview;

use tauri::{Builder, Context, Runtime};

pub use shell::{Eyes, Shell};

/// Opens the station and the window, and returns when the window is closed. On a desktop, ends the process with one
/// line on standard error and exit code 3 where that cannot be done.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    start::run();
}

/// Gives an app the commands that the page calls. They ask the [`Shell`] that it manages.
pub fn commanded<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(tauri::generate_handler![
        commands::device,
        commands::listen,
        commands::status,
        commands::cameras,
        commands::camera_start,
        commands::camera_stop,
        commands::demo_start,
        commands::demo_show,
        commands::samples,
        commands::preview,
        commands::submit,
        commands::scan_image,
        commands::begin_shift,
        commands::person_left,
        commands::switch_mode,
        office::unlock,
        office::lock,
        office::set_first_pin,
        office::journal,
        office::statistics,
        office::proof,
        office::anomalies,
        office::witness_request,
        office::witnessed,
        office::witness_receive,
        office::is_cosignature,
        exports::export,
        exports::export_proven,
        office::reset_counters,
        office::keys,
        office::key_change,
        office::change_settings,
        office::set_pin,
        keys::keys_offer,
        keys::keys_offered,
        keys::keys_take,
        keys::keys_receive,
        keys::keys_frame,
        keys::keys_show,
    ])
}

/// The page, the window and what the page may call.
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}
