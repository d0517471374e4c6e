//! Any text at all.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use credential::Verdict;

use crate::{judged, seeds};

/// The passes of the good ones among the seeds. One content can be packed in several ways, so texts are not compared.
static GOOD: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let texts = seeds::texts().into_iter().filter_map(|seed| String::from_utf8(seed).ok());
    texts.filter_map(|text| accepted(&text)).collect()
});

/// Judges what the bytes are as text.
pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(pass) = accepted(&text) {
        assert!(GOOD.contains(&pass), "accepted: {text:?}");
    }
}

/// All of the pass, where it is accepted.
fn accepted(text: &str) -> Option<String> {
    match judged(text) {
        Verdict::Accepted(accepted) => Some(format!("{:?}", accepted.pass)),
        Verdict::Refused(_) | Verdict::CannotTell(_) => None,
    }
}
