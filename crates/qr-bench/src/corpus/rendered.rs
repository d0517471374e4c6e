//! Camera-like frames of dense certificates, drawn from a seed.

use frames::{Condition, Frame};

use super::Entry;
use crate::picture::{Picture, Truth};

/// Frames of every condition.
pub fn entries(each: u32, seed: u64) -> Vec<Entry> {
    let indices =
        Condition::ALL.into_iter().flat_map(|condition| (0..each).map(move |index| (condition, index)));
    indices
        .map(|(condition, index)| {
            let corpus = format!("rendered/{}", condition.name());
            let load = Box::new(move || Ok(picture(frames::render(condition, index, seed))));
            Entry { id: format!("{corpus}/{index}"), corpus, stream: false, load }
        })
        .collect()
}

/// A frame as a picture with its truth.
pub fn picture(frame: Frame) -> Picture {
    let Frame { width, height, luma, text, .. } = frame;
    let truth = if text.is_empty() { Truth::Nothing } else { Truth::Text(text) };
    Picture { width, height, luma, truth }
}
