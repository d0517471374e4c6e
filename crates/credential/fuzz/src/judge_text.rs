//! Any text at all.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use credential::Outcome;

use crate::{judged, seeds};

/// The good ones among the seeds.
static GOOD: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let texts = seeds::texts().into_iter().filter_map(|seed| String::from_utf8(seed).ok());
    texts.map(|text| trimmed(&text).to_owned()).collect()
});

/// Judges what the bytes are as text.
pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let verdict = judged(&text);
    if verdict.outcome() == Outcome::Accepted {
        assert!(GOOD.contains(trimmed(&text)), "accepted: {text:?}");
    }
}

/// Line breaks around a text say nothing.
fn trimmed(text: &str) -> &str {
    text.trim_matches(['\r', '\n'])
}
