//! How soon the window shows the camera's picture, and how much memory it takes; printed, held to nothing.
//!
//! `cargo test --release -p propusk-tests --features window --test figures -- --ignored --nocapture`, after
//! `cargo build --release --workspace`. `MINUTES` says for how long memory is watched: an hour where it is not set.

use propusk_tests::door::Door;
use propusk_tests::process::{pss_kilobytes, started_at, tree};
use propusk_tests::webdriver::{PATIENCE, wait_until};
use serde_json::json;
use std::{env, thread::sleep, time::Duration};

const STARTS: usize = 9;
const MINUTE: Duration = Duration::from_secs(60);

/// Milliseconds since 1970 at which the page began to load, and from there to its first picture; null before.
const DRAWN_AFTER: &str = "
    const [mark] = performance.getEntriesByName('preview');
    return mark ? [Math.round(performance.timeOrigin), Math.round(mark.startTime)] : null;";

#[test]
#[ignore = "a measurement"]
fn from_start_to_the_first_picture() {
    let mut took: Vec<[i64; 2]> = (0..STARTS).map(|_| start()).collect();
    took.sort_unstable_by_key(|parts| parts.iter().sum::<i64>());
    let middle: i64 = took[STARTS / 2].iter().sum();
    eprintln!(
        "start to live preview, milliseconds: median {middle}; to the page and to its picture {took:?}"
    );
}

/// Milliseconds from the program's start to its page, and from there to the first picture.
fn start() -> [i64; 2] {
    let door = Door::open_with(&["--demo-camera"]);
    let drawn = wait_until(PATIENCE, "the first picture", || {
        let parts = door.window.script(DRAWN_AFTER, json!([]));
        Some([parts[0].as_i64()?, parts[1].as_i64()?])
    });
    [drawn[0] - started_at(door.window.programs()[0]), drawn[1]]
}

#[test]
#[ignore = "a measurement of an hour"]
fn memory_over_an_hour_of_the_demo_camera() {
    let minutes = env::var("MINUTES").map_or(60, |minutes| minutes.parse().expect("a number of minutes"));
    let door = Door::open_with(&["--demo-camera"]);
    let program = door.window.programs()[0];
    for minute in 0..=minutes {
        let processes = tree(program);
        let kilobytes: u64 = processes.iter().map(|&process| pss_kilobytes(process)).sum();
        let entries =
            door.window.script("return document.querySelector('[data-testid=log]').innerText", json!([]));
        eprintln!(
            "{minute:>3} min  {:>7.1} MB  {} processes  {entries}",
            kilobytes as f64 / 1000.0,
            processes.len()
        );
        if minute < minutes {
            sleep(MINUTE);
        }
    }
}
