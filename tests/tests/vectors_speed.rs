//! How long a verdict takes. Not a test of a time: a table for people.
//!
//! `cargo test --release -p propusk-tests --test vectors_speed -- --ignored --nocapture`

use std::time::{Duration, Instant};

mod dcc_vectors;

const ROUNDS: u32 = 20;

#[test]
#[ignore = "a measurement, to be run in release on an idle machine"]
fn time_of_a_verdict_over_the_public_dcc_vectors() {
    let Some(vectors) = dcc_vectors::all() else { return };
    let mut times: Vec<(Duration, &str)> = vectors
        .iter()
        .map(|vector| {
            let start = Instant::now();
            for _ in 0..ROUNDS {
                std::hint::black_box(vector.judged());
            }
            (start.elapsed() / ROUNDS, vector.name.as_str())
        })
        .collect();
    times.sort();
    let total: Duration = times.iter().map(|(time, _)| *time).sum();
    let (slowest, name) = times[times.len() - 1];
    eprintln!("mean {:?}, median {:?}", total / times.len() as u32, times[times.len() / 2].0);
    eprintln!("slowest {slowest:?}, {name}");
}
