//! A page whose process died, at a door: nobody there can be asked to start the program anew.
//!
//! No driver takes part, since one gives its window up with the process: what is on the screen is looked at instead.

use std::path::Path;
use std::process::Command;

use propusk_tests::door::{built, make_demo};
use propusk_tests::process::{end, name, tree};
use propusk_tests::screen::{Screen, hues};
use propusk_tests::started::start;
use propusk_tests::webdriver::{PATIENCE, wait_until};

/// The part of the screen that a verdict fills at least.
const VERDICT: f64 = 0.1;

#[test]
fn a_page_whose_process_dies_comes_back_by_itself_and_shows_verdicts() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let station = folder.path().join("station");
    make_demo(&station);
    let screen = Screen::new(folder.path());
    let mut command = Command::new(built("propusk-app"));
    command.arg("--station").arg(&station).arg("--demo-camera");
    let app = start(screen.show(&mut command, folder.path()), "none: build the workspace first");

    wait_until(PATIENCE, "a verdict on the screen", || shows_a_verdict(folder.path()).then_some(()));
    let page = page_process(app.id()).expect("the page has a process");
    end(page);
    wait_until(PATIENCE, "the screen to go blank", || (!shows_a_verdict(folder.path())).then_some(()));
    let next = || page_process(app.id()).filter(|process| *process != page);
    wait_until(PATIENCE, "another process for the page", next);
    wait_until(PATIENCE, "a verdict on the screen again", || shows_a_verdict(folder.path()).then_some(()));
}

fn shows_a_verdict(folder: &Path) -> bool {
    hues(folder).iter().any(|part| *part > VERDICT)
}

/// The process that an app's page runs in.
fn page_process(app: u32) -> Option<u32> {
    tree(app).into_iter().find(|process| name(*process).starts_with("WebKitWebProc"))
}
