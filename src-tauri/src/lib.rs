//! The shell: a window, a camera, and commands of a few lines between the page and the station.
//!
//! Start at [`run`]. The page calls [`commands`]; they share one [`shell::Shell`]. A text's way from the camera is
//! `camera::Feed` → [`frames`] (the newest frame) → [`scan`] (a thread of its own) → `Station::submit` → [`page`].
//! Nothing here decides anything: that is the station's.

mod arguments;
mod commands;
mod demo;
mod frames;
mod page;
mod scan;
mod shell;

use std::process::exit;

use arguments::{Arguments, Request};
use tauri::{Builder, Context, Runtime};

pub use shell::{Eyes, Shell};

/// Exit code for bad arguments, and for a station that cannot be opened.
const EXIT_UNUSABLE: i32 = 3;

/// Opens the station and the window, and returns when the window is closed. Ends the process with one line on
/// standard error and exit code 3 where that cannot be done.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    match arguments::parse(std::env::args_os().skip(1)) {
        Ok(Request::Open(arguments)) => open(&arguments).unwrap_or_else(|error| give_up(&error)),
        Ok(Request::Tell(text)) => tell(&text),
        Err(error) => give_up(&error),
    }
}

fn open(arguments: &Arguments) -> Result<(), String> {
    let folder = arguments.folder(|name| std::env::var_os(name))?;
    let shell = Shell::open(&folder, Eyes::Shell).map_err(|error| error.to_string())?;
    if !has_display() {
        return Err(
            "no display: start it in a graphical session, or use `propusk` in the terminal".to_owned()
        );
    }
    window(shell).map_err(|error| format!("the window cannot be opened: {error}"))
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
    ])
}

/// The page, the window and what the page may call.
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

fn window(shell: Shell) -> tauri::Result<()> {
    commanded(Builder::default()).manage(shell).run(context())
}

/// Whether the display that the environment names answers.
#[cfg(target_os = "linux")]
fn has_display() -> bool {
    gtk::init().is_ok()
}

/// Other systems always have a display.
#[cfg(not(target_os = "linux"))]
fn has_display() -> bool {
    true
}

#[allow(clippy::print_stdout)] // the answer to --help and --version
fn tell(text: &str) {
    println!("{text}");
}

fn give_up(error: &str) -> ! {
    eprintln!("propusk-app: {error}");
    exit(EXIT_UNUSABLE)
}
