//! `cargo xtask screenshots`: the pictures in the READMEs, taken anew of the real window and of the page on a phone.

use crate::{
    step::{Result, Steps, say},
    system::{Purpose, prepare},
    test,
    tree::{binaries, root},
};
use std::{fs, io::ErrorKind, path::PathBuf};

/// Where the READMEs have their pictures.
const FOLDER: &str = "ui/screenshots";

/// What the end-to-end tests leave in `target/window`, and which picture it is.
const PICTURES: &[(&str, &str)] = &[
    ("accepted", "accepted"),
    ("unknown-issuer-ru", "cannot-tell-ru"),
    ("phone", "phone-scan"),
    ("phone-valid_vaccination", "phone-accepted"),
    ("phone-tampered", "phone-refused"),
    ("seen-before", "seen-before"),
    ("pin", "pin"),
    ("journal", "journal"),
    ("statistics", "statistics"),
    ("proof", "proof"),
    ("admin-keys", "admin-keys"),
    ("admin-settings", "admin-settings"),
    ("phone-camera-accepted", "phone-camera-accepted"),
    ("dark", "dark"),
    ("ticket", "ticket"),
    ("ticket-used", "ticket-used"),
    ("photo", "photo"),
    ("card-part", "card-part"),
];

/// Sets the machine up, runs the end-to-end tests, and takes their pictures over.
///
/// # Errors
/// A test fails; a picture is missing.
pub fn screenshots() -> Result<()> {
    let mut steps = Steps::new(3);
    let needs = [Purpose::Build, Purpose::Window, Purpose::Page, Purpose::Driver, Purpose::Browser];
    steps.run("Debian packages", || prepare(&needs))?;
    steps.run("the window, driven end to end", || {
        clear()?;
        test::window()
    })?;
    steps.run("the pictures", take_over)
}

/// A picture that no test takes any more must not be taken over from an earlier run.
fn clear() -> Result<()> {
    let from = taken()?;
    match fs::remove_dir_all(&from) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(format!("{}: {error}", from.display())),
        _ => Ok(()),
    }
}

fn taken() -> Result<PathBuf> {
    Ok(binaries()?.with_file_name("window"))
}

fn take_over() -> Result<()> {
    let from = taken()?;
    for (taken, name) in PICTURES {
        let (taken, kept) =
            (from.join(format!("{taken}.png")), root().join(FOLDER).join(format!("{name}.png")));
        fs::copy(&taken, &kept).map_err(|error| format!("{}: {error}", taken.display()))?;
        say(&format!("      {FOLDER}/{name}.png"));
    }
    Ok(())
}
