//! A desktop's start: the command line, the station that it names or the user's own, a display.

use std::env::{args_os, var_os};
use std::process::exit;

use tauri::{Builder, Manager, WindowEvent};

use crate::arguments::{self, Arguments, Request};
use crate::office;
use crate::shell::{Eyes, Shell};
use crate::webview;

/// Exit code for bad arguments, and for a station that cannot be opened.
const EXIT_UNUSABLE: i32 = 3;

pub(crate) fn run() {
    match arguments::parse(args_os().skip(1)) {
        Ok(Request::Open(arguments)) => open(&arguments).unwrap_or_else(|error| {
            complain(&error);
            show(&error);
            exit(EXIT_UNUSABLE)
        }),
        Ok(Request::Tell(text)) => tell(&text),
        Err(error) => {
            complain(&error);
            exit(EXIT_UNUSABLE)
        }
    }
}

fn open(arguments: &Arguments) -> Result<(), String> {
    if !has_display() {
        return Err(
            "no display: start it in a graphical session, or use `propusk` in the terminal".to_owned()
        );
    }
    let folder = arguments.folder(|name| var_os(name))?;
    // Only where none was named: a slip in a name must not become a station.
    let open = if arguments.name_a_station() { Shell::open } else { Shell::open_own };
    let mut shell = open(&folder, Eyes::Shell).map_err(|error| error.to_string())?;
    shell.begins_with_demo = arguments.demo_camera;
    let kiosk = shell.station().settings().kiosk;
    webview::revived(crate::commanded(Builder::default()))
        .manage(shell)
        .setup(move |app| {
            let Some(window) = app.get_webview_window("main") else { return Ok(()) };
            #[cfg(target_os = "linux")]
            webview::look_after(&window)?;
            if kiosk {
                office::fill_screen(&window, true);
            }
            Ok(())
        })
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event
                && window.state::<Shell>().stays_open()
            {
                api.prevent_close();
            }
        })
        .run(crate::context())
        .map_err(|error| format!("the window cannot be opened: {error}"))
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

/// Shows what went wrong where standard error is read by nobody: the program was started from a menu.
#[cfg(target_os = "linux")]
fn show(error: &str) {
    use std::io::{IsTerminal, stderr};

    use gtk::prelude::{DialogExt, GtkWindowExt};
    use gtk::{ButtonsType, DialogFlags, MessageDialog, MessageType, Window};
    if stderr().is_terminal() || !has_display() {
        return;
    }
    let flags = DialogFlags::empty();
    let dialog = MessageDialog::new(None::<&Window>, flags, MessageType::Error, ButtonsType::Close, error);
    dialog.set_title("Propusk");
    dialog.run();
}

/// Elsewhere there is no toolkit at hand.
#[cfg(not(target_os = "linux"))]
fn show(_error: &str) {}

#[allow(clippy::print_stdout)] // the answer to --help and --version
fn tell(text: &str) {
    println!("{text}");
}

fn complain(error: &str) {
    eprintln!("propusk-app: {error}");
}
