//! The window's program; everything is in the library, which phones start too.

// No console window besides ours.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

fn main() {
    propusk_app::run();
}
