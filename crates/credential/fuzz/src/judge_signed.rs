//! Any content under a good signature: the first byte says in which form, the rest is what is signed.

use crate::{judged, wrap};

/// Signs the content, and judges the text.
pub fn run(bytes: &[u8]) {
    judged(&text(bytes));
}

/// The text of a content.
pub fn text(bytes: &[u8]) -> String {
    let (form, content) = bytes.split_first().unwrap_or((&0, &[]));
    wrap::text(usize::from(*form) % wrap::FORMS, content)
}
